"""Absences, responsibilities and „Wer bekäme das?“ in the browser."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Sit
from tests.e2e.test_accessibility import problems, problems_in_the_dark
from tests.web.stage import FILE, Stage

Check = Callable[[Page, str], None]


def look(page: Page, name: str) -> None:
    """Keep a picture where somebody wants to look at the screens (EAKTE_PICTURES)."""
    folder = os.environ.get("EAKTE_PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png")


@pytest.fixture
def checked(axe_source: str) -> Check:
    """Axe finds nothing on the screen, in light and in dark."""

    def check(page: Page, name: str) -> None:
        look(page, name)
        assert problems(page, axe_source) == []
        assert problems_in_the_dark(page) == []
        page.emulate_media(color_scheme="light")

    return check


def test_away_with_two_clicks_and_back_with_the_post(
    sit: Sit, stage: Stage, checked: Check
) -> None:
    waiting = stage.deliver(schlagwort="mietschulden", postbox="m.petersen")
    page = sit("m.petersen")
    page.locator("header [data-menu] summary").click()
    page.get_by_role("link", name="Abwesenheit und Vertretung").click()
    expect(page.get_by_text("Heute würde Jörn Hansen vertreten")).to_be_visible()
    checked(page, "abwesenheit-leer")
    page.get_by_role("button", name="Bis auf Weiteres").click()
    expect(page.locator(".meldung--erfolg")).to_contain_text("eingetragen")
    expect(page.get_by_text("Sie sind heute abwesend, bis auf Weiteres")).to_be_visible()
    frame = page.get_by_role("complementary", name="Eigene Abwesenheit")
    expect(frame).to_be_visible()
    checked(page, "abwesenheit")

    fresh = stage.deliver(schlagwort="kontoauszug")
    assert fresh.postbox == "j.hansen"
    deputy = sit("j.hansen")
    note = deputy.get_by_role("complementary", name="Vertretung")
    expect(note).to_contain_text("In Vertretung für Maike Petersen: 1 offen")
    expect(note).to_contain_text("1 eilig")
    checked(deputy, "vertretung")
    note.get_by_role("link", name="Maike Petersen").click()
    expect(deputy.locator(f"[data-entry='{waiting.document_id}']")).to_be_visible()

    page.get_by_role("button", name="Ich bin wieder da").click()
    expect(page.locator(".meldung--erfolg")).to_contain_text("beendet")
    expect(frame).to_have_count(0)
    page.goto("/postkorb/m.petersen")
    expect(page.locator(f"[data-entry='{fresh.document_id}']")).to_be_visible()


def test_the_lead_sees_the_weeks_and_says_who_stands_in(
    sit: Sit, stage: Stage, checked: Check
) -> None:
    page = sit("t.lead")
    page.get_by_role("link", name="Team", exact=True).first.click()
    expect(page.get_by_text("Alle sind da.").first).to_be_visible()
    page.get_by_role("link", name="Jörn Hansen").click()
    page.get_by_label("Von").fill("2026-12-14")
    page.get_by_label("Bis einschließlich").fill("2026-12-18")
    page.get_by_role("button", name="Eintragen").click()
    expect(page.locator(".meldung--erfolg")).to_contain_text("eingetragen")
    page.get_by_text("Vertretung ändern").click()
    page.get_by_label("1.").select_option("t.lead")
    page.get_by_role("button", name="Vertretung übernehmen").click()
    expect(page.locator(".vertretungen")).to_contain_text("Telse Lorenzen")
    checked(page, "abwesenheit-fuer-andere")
    page.get_by_role("link", name="Team", exact=True).first.click()
    week = page.locator("tbody", has_text="Woche 51")
    expect(week).to_contain_text("Jörn Hansen")
    expect(week).to_contain_text("ganze Woche")
    expect(week).to_contain_text("Telse Lorenzen")
    checked(page, "abwesenheit-team")


def test_a_change_of_surnames_is_tried_before_it_counts(
    sit: Sit, stage: Stage, checked: Check
) -> None:
    page = sit("t.lead", "/zustaendigkeiten")
    page.get_by_role("link", name="Maike Petersen").click()
    page.get_by_role("textbox", name="Bereiche").fill("A–Kz, St-Sz")
    checked(page, "zustaendigkeit-person")
    page.get_by_role("button", name="Prüfen, was das bewirkt").first.click()
    expect(page.get_by_role("heading", name="Was das bewirkt")).to_be_visible()
    expect(page.get_by_text("Danach hat niemand: L–Ss, T–Zz")).to_be_visible()
    checked(page, "zustaendigkeit-wirkung")
    page.get_by_role("button", name="Jetzt ändern").click()
    expect(page.locator(".meldung--erfolg")).to_contain_text("gilt sofort")
    expect(page.locator(".meldung--warnung")).to_contain_text("L–Ss, T–Zz: niemand")
    checked(page, "zustaendigkeiten")

    page.get_by_label("Von").select_option("m.petersen")
    page.get_by_label("An", exact=True).select_option("j.hansen")
    page.get_by_role("button", name="Prüfen, was das bewirkt").click()
    expect(page.get_by_text("2 Akten: bisher Maike Petersen, dann Jörn Hansen")).to_be_visible()
    look(page, "uebergabe-wirkung")
    page.get_by_role("link", name="Abbrechen").click()
    page.get_by_label("Aktenzeichen").fill(FILE)
    page.get_by_role("button", name="Zeigen").click()
    expect(page.get_by_role("heading", name=FILE)).to_be_visible()
    checked(page, "zustaendigkeit-akte")


def test_the_probe_explains_who_would_get_it(sit: Sit, stage: Stage, checked: Check) -> None:
    page = sit("m.petersen", f"/wer-bekaeme-das?schlagwort=widerspruch&aktenzeichen={FILE}")
    expect(page.get_by_role("heading", name="Aufgabe (Recht): Rechtsstelle")).to_be_visible()
    expect(page.get_by_role("heading", name="Zur Kenntnis (Leistung)")).to_be_visible()
    expect(page.locator(".trifft").first).to_contain_text("Der Postkorb des Teams Rechtsstelle")
    checked(page, "probe")
    admin = sit(
        "a.admin", "/wer-bekaeme-das?schlagwort=kontoauszug&standort=niebuell&nachname=Jansen"
    )
    expect(admin.get_by_role("heading", name="Aufgabe (Leistung): Leistung N.")).to_be_visible()
    expect(admin.get_by_label("Aktenzeichen")).to_have_count(0)


def test_the_administration_makes_a_team(sit: Sit, checked: Check) -> None:
    page = sit("a.admin", "/zustaendigkeiten")
    page.get_by_label("Name", exact=True).last.fill("BuT Husum")
    page.get_by_label("Kennung").fill("husum-but")
    page.locator("#team-funktion").fill("but")
    page.get_by_label("Standort").select_option("husum")
    checked(page, "zustaendigkeiten-verwaltung")
    page.get_by_role("button", name="Team anlegen").click()
    expect(page.locator(".meldung--erfolg")).to_contain_text("gespeichert")
    expect(page.get_by_role("heading", name="BuT Husum")).to_be_visible()
