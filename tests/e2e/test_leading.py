"""Misfiled documents, telephone and counter, scan centre and figures in the browser."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Sit
from tests.e2e.test_accessibility import problems, problems_in_the_dark
from tests.web.stage import FILE, Stage


@pytest.fixture
def checked(axe_source: str):
    """Axe finds nothing on the screen, in light and in dark; a picture is kept where asked for."""

    def check(page: Page, name: str) -> None:
        if os.environ.get("EAKTE_PICTURES"):
            page.screenshot(path=Path(os.environ["EAKTE_PICTURES"]) / f"{name}.png")
        assert problems(page, axe_source) == []
        assert problems_in_the_dark(page) == []
        page.emulate_media(color_scheme="light")

    return check


def test_a_misfiled_letter_is_taken_out_and_the_notice_is_there(
    sit: Sit, stage: Stage, checked
) -> None:
    letter = stage.deliver(schlagwort="kontoauszug").document_id
    page = sit("m.petersen", f"/dokumente/{letter}")
    page.get_by_role("link", name="Falsche Akte").click()
    reason = page.get_by_label("Woran haben Sie es erkannt?")
    expect(reason).to_be_visible()
    checked(page, "fehlablage-formular")
    reason.fill("Im Brief steht eine andere Nummer.")
    page.get_by_role("button", name="Aus der Akte nehmen").click()
    expect(page.get_by_text("Meldefrist nach Art. 33 DSGVO")).to_be_visible()
    expect(page.get_by_role("cell", name="Maike Petersen")).to_be_visible()
    checked(page, "fehlablage-meldung")
    page.get_by_role("link", name="Fehlablagen").first.click()
    expect(page.get_by_role("cell", name=FILE)).to_be_visible()
    checked(page, "fehlablagen")


def test_a_caller_is_answered_and_papers_get_a_receipt(sit: Sit, stage: Stage, checked) -> None:
    stage.deliver(schlagwort="widerspruch")
    page = sit("m.petersen")
    page.get_by_role("link", name="Auskunft").click()
    page.get_by_label("Aktenzeichen").fill(FILE)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Das dürfen Sie sagen")).to_be_visible()
    expect(page.get_by_text("bei Recht.")).to_be_visible()
    assert FILE not in page.url
    checked(page, "auskunft")
    page.get_by_role("link", name="Belege der Annahme").click()
    page.get_by_label("Aktenzeichen").fill(FILE)
    page.get_by_label("Nachname").fill("Mueller")
    page.get_by_label("Was wurde abgegeben?").fill("Kontoauszüge Oktober")
    page.get_by_label("Blätter").fill("3")
    page.get_by_role("button", name="Beleg anlegen").click()
    expect(page.locator(".meldung--erfolg")).to_contain_text("ist angelegt")
    expect(page.get_by_role("cell", name="Kontoauszüge Oktober, 3 Blätter")).to_be_visible()
    checked(page, "belege")


def test_the_scan_centre_sees_what_waits_and_is_one_click_away(
    sit: Sit, stage: Stage, checked
) -> None:
    stage.receive("stapel-1.pdf", pages=12)
    stage.receive("kaputt.pdf", reason="Die Datei ist beschädigt.")
    page = sit("s.scan", "/eingang")
    page.get_by_role("link", name="Übersicht").click()
    line = page.get_by_role("row", name="Quarantäne")
    expect(line).to_contain_text("1")
    page.wait_for_selector("body[data-live-state=on]")
    checked(page, "scanstelle")
    stage.receive("kaputt-2.pdf", reason="Die Datei ist beschädigt.")
    expect(line).to_contain_text("2")
    line.get_by_role("link").click()
    expect(page.get_by_text("kaputt-2.pdf")).to_be_visible()


def test_a_lead_sees_what_lies_open_and_takes_the_table_away(
    sit: Sit, stage: Stage, checked
) -> None:
    for _ in range(3):
        stage.deliver(schlagwort="kontoauszug")
    page = sit("t.lead")
    page.get_by_role("link", name="Team", exact=True).click()
    page.get_by_role("link", name="Zahlen").click()
    expect(page.get_by_role("img", name="Offen ")).to_be_visible()
    expect(page.get_by_role("row", name="Leistung Husum").last).to_contain_text(
        "Sozialzentrum Husum"
    )
    checked(page, "zahlen")
    page.get_by_text("Als Tabelle, je Postkorb").click()
    expect(page.get_by_role("cell", name="Mitglieder zusammen")).to_be_visible()
    page.get_by_role("link", name="3 Monate").click()
    with page.expect_download() as file:
        page.get_by_role("link", name="Tage je Team als CSV").click()
    assert file.value.suggested_filename == "tage.csv"
