"""From the letter that arrives to the letter that is found again, at the screen."""

from __future__ import annotations

from playwright.sync_api import Page, expect
from sqlalchemy import select

from eakte.models import AuditRow
from tests.e2e.conftest import Sit, type_and_hear
from tests.web.stage import FILE, PASSWORD, Delivered, Stage

VIEWER = ".viewer[data-viewer=ready]"


def live(page: Page) -> None:
    """Wait until the page hears of changes."""
    page.wait_for_selector("body[data-live-state=on]")


def row(page: Page, letter: Delivered):
    return page.locator(f'[data-entry="{letter.document_id}"]')


def test_a_letter_arrives_is_opened_filed_and_found_again_by_the_keyboard(
    stage: Stage, sit: Sit
) -> None:
    page = sit("m.petersen")
    live(page)
    expect(page.locator("[data-entry]")).to_have_count(0)

    letter = stage.deliver(schlagwort="mieterhoehung")
    expect(row(page, letter)).to_be_visible()
    expect(page.locator('[data-count="mine"]')).to_have_text("1")
    expect(page.locator("#ansage")).to_have_text("Ein neuer Eingang")

    page.keyboard.press("ArrowDown")
    page.wait_for_selector(VIEWER)
    expect(page.locator(".page img").first).to_have_js_property("complete", value=True)

    page.keyboard.press("a")
    page.keyboard.type("nebenk")
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox", name="Schlagwort")).to_have_value(
        "Neben-/Heizkostenabrechnung"
    )
    page.keyboard.press("Enter")
    expect(page.get_by_text("Zu den Akten genommen.")).to_be_visible()
    expect(page.locator("[data-entry]")).to_have_count(0)

    stage.index_all()
    page.keyboard.press("/")
    page.keyboard.type("heizkosten")
    page.keyboard.press("Enter")
    expect(page.locator(".treffer mark").first).to_have_text("Heizkosten")
    page.locator(".treffer a").first.click()
    page.wait_for_selector(VIEWER)
    expect(page.locator(".mark--hit")).to_have_count(1)

    page.keyboard.press("x")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Akte {FILE}")
    expect(page.get_by_role("link", name="Neben-/Heizkostenabrechnung")).to_be_visible()


def test_new_post_does_not_disturb_what_one_is_writing(stage: Stage, sit: Sit) -> None:
    first = stage.deliver(schlagwort="kontoauszug", postbox="j.hansen")
    page = sit("j.hansen")
    live(page)
    row(page, first).click()
    page.wait_for_selector(VIEWER)
    page.keyboard.press("w")
    note = page.get_by_label("Vermerk")
    note.fill("Bitte mit der Abrechnung vom")

    second = stage.deliver(schlagwort="lohnabrechnung", postbox="j.hansen")
    expect(row(page, second)).to_be_visible()
    expect(note).to_have_value("Bitte mit der Abrechnung vom")
    expect(note).to_be_focused()
    expect(row(page, first)).to_have_attribute("aria-current", "true")


def test_who_comes_second_keeps_what_was_typed_and_learns_who_was_first(
    stage: Stage, sit: Sit
) -> None:
    letter = stage.deliver(schlagwort="kontoauszug", postbox="j.hansen")
    page = sit("j.hansen", f"/postkorb/j.hansen?dokument={letter.document_id}")
    page.wait_for_selector(VIEWER)
    page.keyboard.press("w")
    page.get_by_label("Vermerk").fill("Das hier bleibt stehen")
    page.get_by_role("combobox", name="An").fill("Maike")
    page.keyboard.press("Enter")
    reader = stage.services.accounts.reader("j.hansen")
    entry = stage.services.documents.open(reader, letter.document_id).entries[0]
    stage.services.postboxes.file(reader, entry.id, entry.version, "kontoauszug")

    page.locator("details[open]").get_by_role("button", name="Weiterleiten").click()
    expect(page.get_by_role("alert")).to_contain_text(
        "Jörn Hansen hat das Dokument schon bearbeitet"
    )
    expect(page.get_by_label("Vermerk")).to_have_value("Das hier bleibt stehen")


def test_a_session_that_ends_while_one_writes_does_not_cost_the_note(
    stage: Stage, sit: Sit
) -> None:
    letter = stage.deliver(schlagwort="kontoauszug", postbox="j.hansen")
    page = sit("j.hansen", f"/postkorb/j.hansen?dokument={letter.document_id}")
    page.wait_for_selector(VIEWER)
    page.keyboard.press("w")
    page.get_by_label("Vermerk").fill("Lange überlegt")
    page.get_by_role("combobox", name="An").fill("Maike")
    page.keyboard.press("Enter")
    cookies = page.context.cookies()
    stage.services.accounts.sign_out(next(c["value"] for c in cookies if c["name"] == "eakte"))
    send = page.locator("details[open]").get_by_role("button", name="Weiterleiten")
    send.click()
    expect(page.get_by_role("alert")).to_contain_text("Ihre Anmeldung ist abgelaufen.")
    expect(page.get_by_label("Vermerk")).to_have_value("Lange überlegt")

    with page.expect_popup() as opened:
        page.get_by_role("link", name="in einem neuen Tab anmelden").click()
    again = opened.value
    again.get_by_label("Anmeldename").fill("j.hansen")
    again.get_by_label("Kennwort").fill(PASSWORD)
    again.get_by_role("button", name="Anmelden").click()
    again.wait_for_selector(".kopf")
    again.close()
    page.bring_to_front()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.get_by_role("alert")).to_contain_text("Sie sind wieder angemeldet.")
    send.click()
    expect(page.get_by_text("Kontoauszug: weitergeleitet")).to_be_visible()
    reader = stage.services.accounts.reader("m.petersen")
    entries = stage.services.postboxes.entries(reader, "m.petersen")
    assert "Lange überlegt" in [entry.note for entry in entries]


def test_others_neither_find_nor_open_it_and_the_attempt_is_on_record(
    stage: Stage, sit: Sit
) -> None:
    letter = stage.deliver(schlagwort="mieterhoehung")
    stage.index_all()
    logins = ["n.jessen", "k.thomsen", "a.admin", "s.scan"]
    for login in logins:
        page = sit(login, "/suche?q=Stadtwerke")
        expect(page.locator(".treffer mark")).to_have_count(0)
        answer = page.goto(f"/dokumente/{letter.document_id}")
        assert answer is not None
        assert answer.status == 404
        expect(page.get_by_role("heading", level=1)).to_have_text("Nicht gefunden")
    with stage.database.read() as session:
        refused = session.scalars(
            select(AuditRow.actor).where(
                AuditRow.action == "document.refused", AuditRow.subject_id == letter.document_id
            )
        ).all()
    assert sorted(refused) == sorted(logins)


def test_the_clearing_desk_assigns_and_the_next_one_follows(stage: Stage, sit: Sit) -> None:
    first = stage.deliver(postbox="clearing", file=None, candidates=(FILE,))
    second = stage.deliver(postbox="clearing", file=None, schlagwort="sonstiges")
    page = sit("s.scan")
    page.wait_for_selector(VIEWER)
    shown = page.locator("[data-shown-entry]")
    expect(shown).to_have_attribute("data-shown-entry", first.document_id)
    page.locator('input[name="akte"]').first.check()
    page.get_by_role("button", name="Zuordnen").click()
    expect(page.get_by_text("Zugeordnet: Widerspruch an Rechtsstelle.")).to_be_visible()
    expect(shown).to_have_attribute("data-shown-entry", second.document_id)

    page.keyboard.press("n")
    type_and_hear(page, "petersen-ahl")
    page.locator("#vorschlaege input").check()
    page.get_by_role("button", name="Zuordnen").click()
    expect(page.get_by_text("Nichts zu klären.").first).to_be_visible()


def test_the_scan_centre_watches_files_arrive(stage: Stage, sit: Sit) -> None:
    page = sit("s.scan", "/eingang")
    live(page)
    stage.receive("stapel-77.pdf", pages=3)
    expect(page.get_by_role("row", name="stapel-77.pdf")).to_contain_text("wird gelesen")


def test_forms_work_without_javascript(stage: Stage, sit: Sit) -> None:
    letter = stage.deliver(schlagwort="kontoauszug", postbox="k.thomsen")
    page = sit("k.thomsen", java_script_enabled=False)
    row(page, letter).click()
    page.locator("summary", has_text="Zu den Akten").click()
    letter_form = page.get_by_role("region", name="Vorschau")
    letter_form.get_by_label("Schlagwort", exact=True).select_option("kontoauszug")
    page.locator("details[open]").get_by_role("button", name="Zu den Akten").click()
    expect(page.get_by_text("Zu den Akten genommen.")).to_be_visible()
