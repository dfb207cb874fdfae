"""The check by eye with the keyboard alone, and the report of a bad page from the viewer."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from eakte.models import Batch
from eakte.services.register_file import parse_register
from tests.e2e.conftest import Sit, expect_picture
from tests.e2e.test_accessibility import problems
from tests.web.stage import PASSWORD, STEP, Stage


def look(page: Page, name: str) -> None:
    """Keep a picture where somebody wants to look at the screens (EAKTE_PICTURES)."""
    folder = os.environ.get("EAKTE_PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png")


@pytest.fixture(scope="module")
def batch(stage: Stage) -> str:
    worker = {"login": "t.scan", "name": "Tade Ipsen", "roles": ["scan"], "teams": ["scan"]}
    stage.services.register.run(STEP, parse_register({"caseworkers": [worker]}))
    stage.services.accounts.set_passwords(["t.scan"], PASSWORD)
    for schlagwort in ("attest", "attest", "kontoauszug", "vollmacht_betreuung"):
        stage.deliver(schlagwort=schlagwort, phrase="Widerspruch")
    with stage.database.write() as session:
        (row,) = session.query(Batch).all()
        row.operator, row.device, row.sheets_reported = "s.scan", "fi-7600", 2
        return row.id


def test_a_batch_is_checked_with_two_keys(
    sit: Sit, stage: Stage, batch: str, axe_source: str
) -> None:
    page = sit("s.scan")
    page.keyboard.press("4")
    expect(page.get_by_role("heading", name="Sichtprüfung")).to_be_visible()
    assert problems(page, axe_source) == []
    look(page, "stapel-liste")
    page.get_by_role("link", name="stapel", exact=True).click()
    expect(page.get_by_text("muss ihn jemand anderes")).to_be_visible()
    assert problems(page, axe_source) == []
    look(page, "stapel-offen")

    page = sit("t.scan", f"/sichtpruefung/{batch}")
    page.keyboard.press("z")
    expect(page.locator(".meldung--erfolg")).to_contain_text("gezogen")
    look(page, "stapel-gezaehlt")
    page.keyboard.press("p")
    expect_picture(page.locator(".pruef-bild img"))
    assert problems(page, axe_source) == []
    look(page, "seite")
    picture = page.locator(".pruef-bild img")
    expect(picture).to_be_in_viewport(ratio=0.99)  # the whole page at a glance
    page.keyboard.press("b")
    expect(picture).not_to_be_in_viewport(ratio=0.99)  # its whole width to read
    first = page.url
    page.keyboard.press("ArrowRight")
    page.wait_for_url(lambda url: url != first)
    page.keyboard.press("ArrowLeft")
    page.wait_for_url(first)
    page.keyboard.press("s")
    page.keyboard.type("Rand fehlt")
    look(page, "seite-schlecht")
    assert problems(page, axe_source) == []
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url != first)
    while "/seiten/" in page.url:
        here = page.url
        page.keyboard.press("g")
        page.wait_for_url(lambda url, here=here: url != here)
    expect(page.locator(".pruef-hindernisse")).to_contain_text("schlechter Scans")
    look(page, "stapel-geprueft")

    page.goto("/sichtpruefung/nachscannen")
    assert problems(page, axe_source) == []
    look(page, "nachscannen")
    page.get_by_label("Nachricht an die Meldenden").fill("Der Rand fehlt schon auf dem Papier.")
    page.get_by_role("button", name="Erledigt").click()
    expect(page.get_by_text("Nichts nachzuscannen")).to_be_visible()

    page.goto(f"/sichtpruefung/{batch}")
    page.keyboard.press("f")
    expect(page.get_by_role("heading", name="Freigabe zur Vernichtung")).to_be_visible()
    assert problems(page, axe_source) == []
    look(page, "freigabe")
    with page.expect_download() as download:
        page.keyboard.press("d")
    assert download.value.suggested_filename.endswith(".csv")
    rows = download.value.path().read_text("utf-8-sig").splitlines()
    assert len(rows) == 2 + 2  # neither the power of attorney nor what was marked bad


def test_a_page_is_reported_where_it_is_read(
    sit: Sit, stage: Stage, batch: str, axe_source: str
) -> None:
    letter = stage.deliver(schlagwort="mieterhoehung", pages=3, phrase="Widerspruch").document_id
    page = sit("m.petersen", f"/dokumente/{letter}")
    page.wait_for_selector(".viewer[data-viewer=ready]")
    for number in ("2", "3"):
        page.keyboard.press("ArrowRight")
        expect(page.locator("[data-viewer-page]")).to_have_value(number)
    page.keyboard.press("r")
    expect(page.get_by_label("Seite", exact=True).last).to_have_value("3")
    page.keyboard.type("Stempel verdeckt das Datum")
    look(page, "dokument-melden")
    assert problems(page, axe_source) == []
    page.get_by_role("button", name="Der Scanstelle melden").click()
    expect(page.get_by_text("wartet auf die Scanstelle")).to_be_visible()
    assert problems(page, axe_source) == []
    page.get_by_role("region", name="Papier").scroll_into_view_if_needed()
    page.get_by_text("Ändern", exact=True).click()
    look(page, "dokument-papier")
    page.get_by_label("aufbewahren").check()
    page.get_by_label("Wo, oder wohin").fill("Ordner 3")
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_text("aufbewahren: Ordner 3")).to_be_visible()


def test_the_reason_for_opening_an_envelope_is_asked_where_one_looks(
    sit: Sit, stage: Stage, axe_source: str
) -> None:
    stage.unopened()
    page = sit("s.scan", "/eingang")
    page.locator("summary", has_text="Doch öffnen").focus()
    page.keyboard.press("Enter")
    field = page.get_by_label("Warum darf es geöffnet werden?")
    expect(field).to_be_in_viewport(ratio=1)
    page.keyboard.press("Tab")
    expect(field).to_be_focused()
    assert problems(page, axe_source) == []
