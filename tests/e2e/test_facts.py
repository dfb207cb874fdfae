"""What a letter says of itself: seen on the page, put right in the head, and the period follows."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.conftest import Sit
from tests.web.stage import Stage

VIEWER = ".viewer[data-viewer=ready]"


def test_a_fact_is_shown_on_the_page_and_put_right(sit: Sit, stage: Stage) -> None:
    letter = stage.deliver(schlagwort="mieterhoehung")
    page = sit("m.petersen", f"/dokumente/{letter.document_id}")
    page.wait_for_selector(VIEWER)
    facts = page.get_by_role("region", name="Im Schreiben")
    expect(facts).to_contain_text("412,60 €")
    quiet = page.locator(".mark--quiet:visible")
    expect(quiet).to_have_count(0)
    facts.get_by_role("button", name="04.12.2026").click()
    expect(page.locator(".mark--now:visible")).to_have_count(1)

    facts.get_by_text("Angabe berichtigen").click()
    facts.get_by_label("Angabe").select_option(label="Gesetzt: 04.12.2026")
    facts.get_by_label("Richtig ist").fill("11.12.2026")
    facts.get_by_role("button", name="Übernehmen").click()
    page.wait_for_selector(VIEWER)
    expect(facts).to_contain_text("berichtigt")
    expect(page.get_by_text("voraussichtlich Fr., 11.12.2026")).to_be_visible()


def test_the_facts_are_read_to_those_who_cannot_see(
    sit: Sit, stage: Stage, axe_source: str
) -> None:
    letter = stage.deliver(schlagwort="klage", postbox="m.petersen")
    page = sit("m.petersen", f"/dokumente/{letter.document_id}")
    page.wait_for_selector(VIEWER)
    page.get_by_text("Angabe berichtigen").click()
    page.get_by_text("Vorgang ändern").click()
    page.evaluate(axe_source)
    found = page.evaluate("axe.run('.angaben').then(done => done.violations)")
    assert [one["id"] for one in found] == []
