"""From typing to the marked word on the page, by keyboard; filters by click; no axe findings."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Sit, type_and_hear
from tests.e2e.test_accessibility import problems
from tests.web.stage import FILE, OTHER, Stage

BROKEN = """Frauke Petersen-Ahlmann
25813 Husum

Die Therme ist seit gestern ausgefallen,
bitte übernehmen Sie die Reparatur."""
WIDE = {"width": 1920, "height": 1080}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    made = Stage(tmp_path_factory.mktemp("stage"))
    for number in (FILE, OTHER):
        made.deliver(file=number, postbox="m.petersen")
    made.deliver(
        BROKEN, schlagwort="sonstiges", file=OTHER, postbox="m.petersen", phrase="Therme", pages=2
    )
    made.index_all()
    yield made
    made.close()


def test_from_typing_to_the_marked_word_on_the_page(sit: Sit) -> None:
    page = sit("m.petersen", "/postkorb/m.petersen")
    page.keyboard.press("/")
    page.keyboard.type("Heizung kaputt")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="zu „Heizung kaputt“")).to_be_visible()
    expect(page.get_by_text("gefunden als: Therme, ausgefallen")).to_be_visible()
    expect(page.locator("#filter").get_by_role("link", name="Sozialzentrum Husum")).to_be_visible()
    page.locator("#inhalt").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-hits] [data-hit]").first).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/dokumente/**")
    expect(page.locator(".viewer .mark--hit").first).to_be_visible()


def test_arrows_show_the_letter_beside_the_list(sit: Sit, axe_source: str) -> None:
    page = sit("m.petersen", "/suche?q=Heizkosten", viewport=WIDE)
    page.locator("#inhalt").focus()
    page.keyboard.press("ArrowDown")
    shown = page.locator("#vorschau [data-shown-hit]")
    expect(shown).to_be_visible()
    expect(shown.locator(".mark--hit").first).to_be_visible()
    first = shown.get_attribute("data-shown-hit")
    page.keyboard.press("ArrowDown")
    expect(
        page.locator(f'#vorschau [data-shown-hit]:not([data-shown-hit="{first}"])')
    ).to_be_visible()
    assert problems(page, axe_source) == []


def test_a_suggestion_is_taken_with_the_keyboard(sit: Sit, axe_source: str) -> None:
    page = sit("m.petersen", "/suche")
    page.keyboard.press("/")
    type_and_hear(page, "wid")
    options = page.get_by_role("option")
    expect(options.filter(has_text="Widerspruch").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    assert problems(page, axe_source) == []
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/suche\?q=schlagwort"))
    expect(page.get_by_role("status").filter(has_text="2 Dokumente")).to_be_visible()


def test_a_filter_is_clicked_and_a_search_is_kept(sit: Sit, axe_source: str) -> None:
    page = sit("m.petersen", "/suche?q=Husum")
    page.locator("#filter").get_by_role("link", name="Widerspruch").click()
    chip = page.get_by_role("list", name="Gewählte Filter").get_by_role("link")
    expect(chip).to_contain_text("Widerspruch")
    page.keyboard.press("a")
    expect(page.get_by_role("list", name="Akten mit Treffern")).to_be_visible()
    assert problems(page, axe_source) == []
    page.keyboard.press("Shift+S")
    page.get_by_label("Name der Suche").fill("Widersprüche Husum")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Widersprüche Husum")).to_be_visible()
    page.get_by_role("button", name="Widersprüche Husum löschen").click()
    expect(page.get_by_role("link", name="Widersprüche Husum")).to_have_count(0)
