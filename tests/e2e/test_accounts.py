"""Accounts kept in the browser, and the first sign-in of somebody new."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from eakte.services.account_views import NewAccount
from tests.e2e.conftest import Sit
from tests.e2e.test_accessibility import problems, problems_in_the_dark
from tests.web.stage import PASSWORD, Stage


def look(page: Page, axe_source: str) -> None:
    """Axe finds nothing on the screen, in light and in dark."""
    assert problems(page, axe_source) == []
    assert problems_in_the_dark(page) == []
    page.emulate_media(color_scheme="light")


def second_administrator(stage: Stage) -> str:
    """Somebody else who keeps accounts, let in by the operator."""
    admin = stage.services.accounts.reader("a.admin")
    new = NewAccount(login="z.weite", name="Zita Weiß", roles=["administrator"])
    stage.services.account_list.create(admin, new)
    stage.services.accounts.set_password(new.login, PASSWORD)
    return new.login


def test_a_new_account_is_made_confirmed_signs_in_and_is_locked(
    stage: Stage, sit: Sit, axe_source: str
) -> None:
    page = sit("a.admin")
    page.get_by_role("link", name="Verwaltung").click()
    expect(page.get_by_role("cell", name="Maike Petersen")).to_be_visible()
    look(page, axe_source)
    page.keyboard.press("n")
    page.get_by_label("Name", exact=True).fill("Neele Neumann")
    page.get_by_label("Anmeldename").fill("n.neumann")
    page.get_by_label("Sachbearbeitung").check()
    page.get_by_label("Leistung Husum").check()
    look(page, axe_source)
    page.get_by_role("button", name="Konto anlegen").click()
    password = page.get_by_label("Kennwort").input_value()
    expect(page.get_by_text("bis eine zweite Person der Administration")).to_be_visible()
    look(page, axe_source)
    page.get_by_role("link", name="Weiter zum Konto").click()
    expect(page.get_by_text("wartet auf eine zweite Person")).to_be_visible()
    expect(page.get_by_role("button", name="Entsperren")).to_have_count(0)
    look(page, axe_source)
    other = sit(second_administrator(stage), "/verwaltung/konten/n.neumann")
    expect(other.get_by_text("wenn Sie wissen, wem es gehört")).to_be_visible()
    other.get_by_role("button", name="Entsperren").click()
    expect(other.get_by_text("Das Konto ist entsperrt.")).to_be_visible()

    newcomer = sit(at="/anmelden")
    newcomer.get_by_label("Anmeldename").fill("n.neumann")
    newcomer.get_by_label("Kennwort").fill(password)
    newcomer.keyboard.press("Enter")
    expect(newcomer.get_by_text("Wählen Sie ein eigenes")).to_be_visible()
    newcomer.goto("/postkorb")
    expect(newcomer).to_have_url("/kennwort")
    newcomer.get_by_label("Bisheriges Kennwort").fill(password)
    for label in ("Neues Kennwort", "Neues Kennwort noch einmal"):
        newcomer.get_by_label(label, exact=True).fill("ein Satz, den nur ich kenne")
    newcomer.keyboard.press("Enter")
    expect(newcomer.get_by_text("Das Kennwort ist geändert.")).to_be_visible()
    newcomer.goto("/")
    expect(newcomer).to_have_url("/postkorb/n.neumann")

    page.reload()
    expect(page.get_by_text("Hier angelegt")).to_be_visible()
    look(page, axe_source)
    page.get_by_role("button", name="Sperren", exact=True).click()
    expect(page.get_by_text("Das Konto ist gesperrt")).to_be_visible()
    newcomer.goto("/")
    expect(newcomer).to_have_url("/anmelden")


def test_files_are_opened_to_an_administrator_by_another_one(sit: Sit) -> None:
    page = sit("a.admin", "/verwaltung/konten/a.admin")
    expect(page.get_by_label("Rechtsstelle")).to_be_disabled()
    expect(page.get_by_text("gibt Ihnen nur eine zweite Person")).to_be_visible()
    expect(page.get_by_role("button", name="Sperren", exact=True)).to_have_count(0)
