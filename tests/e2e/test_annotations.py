"""Notes, highlights and stamps on a page; the address of a page; two documents side by side."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import Sit
from tests.web.stage import FILE, OTHER, Delivered, Stage
from web.presenters.case_files import path_of

VIEWER = ".viewer[data-viewer=ready]"


@pytest.fixture(scope="module")
def letters(stage: Stage) -> tuple[Delivered, Delivered]:
    return (
        stage.deliver(schlagwort="mieterhoehung", pages=3),
        stage.deliver(schlagwort="lohnabrechnung"),
    )


def opened(sit: Sit, letter: Delivered, query: str = "") -> Page:
    page = sit("m.petersen", f"/dokumente/{letter.document_id}{query}")
    page.wait_for_selector(VIEWER)
    return page


def place(page: Page, selector: str) -> tuple[float, float]:
    """The middle of an annotation as shares of its page on the screen."""
    box, sheet = page.locator(selector).bounding_box(), page.locator(".page").first.bounding_box()
    assert box
    assert sheet
    return (
        (box["x"] + box["width"] / 2 - sheet["x"]) / sheet["width"],
        (box["y"] + box["height"] / 2 - sheet["y"]) / sheet["height"],
    )


def test_a_note_is_made_by_keys_alone_and_taken_away_again(
    sit: Sit, letters: tuple[Delivered, Delivered]
) -> None:
    page = opened(sit, letters[0], "?seite=2")
    page.keyboard.press("y")
    page.keyboard.press("Tab")
    page.keyboard.type("Bitte die Nebenkosten prüfen")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    note = page.locator('[data-page="2"] .annotation--note')
    expect(note).to_contain_text("Bitte die Nebenkosten prüfen")
    expect(note).to_contain_text("Maike Petersen")
    expect(page.locator("[data-viewer-page]")).to_have_value("2")
    page.keyboard.press("l")
    expect(note).to_be_hidden()
    colleague = opened(sit, letters[0])
    expect(colleague.locator(".annotation--note")).to_have_count(1)
    page.get_by_role("button", name="Entfernen: Notiz auf Seite 2").click()
    expect(page.locator(".annotation--note")).to_have_count(0)


def test_a_box_drawn_on_a_turned_page_lies_where_it_was_drawn(
    sit: Sit, letters: tuple[Delivered, Delivered]
) -> None:
    page = opened(sit, letters[0])
    page.get_by_text("Anmerkung machen").click()
    page.get_by_label("Art").select_option("stamp")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Ansicht drehen").click()
    page.get_by_text("Anmerkung machen").click()
    sheet = page.locator(".page").first.bounding_box()
    assert sheet
    page.mouse.move(sheet["x"] + sheet["width"] * 0.2, sheet["y"] + sheet["height"] * 0.3)
    page.mouse.down()
    page.mouse.move(sheet["x"] + sheet["width"] * 0.4, sheet["y"] + sheet["height"] * 0.5)
    page.mouse.up()
    expect(page.get_by_label("Platz")).to_have_value("0.30000 0.60000 0.50000 0.80000")
    page.get_by_role("button", name="Auf die Seite setzen").click()
    stamp = page.locator(".annotation--stamp")
    expect(stamp).to_contain_text("geprüft")
    assert place(page, ".annotation--stamp") == pytest.approx((0.4, 0.7), abs=0.01)
    page.get_by_role("button", name="Ansicht drehen").click()
    assert place(page, ".annotation--stamp") == pytest.approx((0.3, 0.4), abs=0.01)


def test_selected_words_are_highlighted_line_by_line(
    sit: Sit, letters: tuple[Delivered, Delivered]
) -> None:
    page = opened(sit, letters[1])
    page.wait_for_selector('[data-page="1"][data-words]')
    page.evaluate(
        """() => {
          const spans = [...document.querySelectorAll('[data-page="1"] .words span')];
          const at = spans.findIndex(s => s.textContent.startsWith('hiermit'));
          const range = document.createRange();
          range.setStartBefore(spans[at]);
          range.setEndAfter(spans[at + 11]);
          getSelection().removeAllRanges();
          getSelection().addRange(range);
        }"""
    )
    # The browser tells of a selection a moment later; the key is for the button that then appears.
    expect(page.locator("[data-annotate-selection]")).to_be_visible()
    page.keyboard.press("h")
    expect(page.locator(".annotation--highlight")).to_have_count(2)
    expect(page.locator(".anmerkungen")).to_contain_text("hiermit lege ich Widerspruch ein")


def test_the_address_of_a_page_is_copied_and_leads_back_to_it(
    sit: Sit, letters: tuple[Delivered, Delivered]
) -> None:
    page = sit(
        "m.petersen",
        f"/dokumente/{letters[0].document_id}?seite=3",
        permissions=["clipboard-read", "clipboard-write"],
    )
    page.wait_for_selector(VIEWER)
    page.keyboard.press("c")
    expect(page.locator("#ansage")).to_have_text("Adresse von Blatt 3 kopiert")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert ", Blatt 3: http" in copied
    page.goto(copied.rpartition(": ")[2])
    page.wait_for_url("**/dokumente/*?seite=3")


def test_a_second_document_of_the_file_stands_beside_the_first(
    sit: Sit, letters: tuple[Delivered, Delivered]
) -> None:
    page = opened(sit, letters[0])
    page.keyboard.press("j")
    page.get_by_role("link", name="Lohnabrechnung").first.click()
    page.wait_for_selector(f".daneben {VIEWER}")
    expect(page.locator(VIEWER)).to_have_count(2)
    expect(page.locator(".daneben [data-key]")).to_have_count(1)
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-viewer-page]").first).to_have_value("2")
    page.keyboard.press("j")
    expect(page.locator(".daneben")).to_have_count(0)


def test_the_filters_of_a_file_stay_and_its_pages_are_searched(
    stage: Stage, sit: Sit, letters: tuple[Delivered, Delivered]
) -> None:
    stage.index_all()
    page = sit("m.petersen", f"/akten/{path_of(FILE)}")
    rows = page.locator("tr[data-document]")
    page.keyboard.press("f")
    page.keyboard.type("lohn")
    expect(rows).to_have_count(1)
    page.get_by_label("Eingang").or_(page.locator("#filter-von")).first.fill("2026-01-01")
    page.wait_for_url("**von=2026-01-01**")
    assert "text=lohn" in page.url
    rows.get_by_role("link").first.click()
    page.wait_for_selector(VIEWER)
    page.keyboard.press("x")
    page.wait_for_selector("tr[data-document]")
    expect(rows).to_have_count(1)
    page.goto(f"/akten/{path_of(OTHER)}?suche=Heizkosten")
    expect(page.get_by_text("In dieser Akte nicht gefunden")).to_be_visible()
    page.goto(f"/akten/{path_of(FILE)}")
    page.keyboard.press("s")
    page.keyboard.type("Heizkosten")
    page.keyboard.press("Enter")
    page.locator(".treffer a").first.click()
    page.wait_for_selector(".mark--hit")


def test_what_is_typed_before_the_scripts_run_filters_the_list_all_the_same(
    sit: Sit, letters: tuple[Delivered, Delivered]
) -> None:
    page = sit("m.petersen")
    held: list[Route] = []
    page.route("**/htmx.min.js", lambda route: held.append(route))  # noqa: PLW0108  not a builtin
    with page.expect_request("**/htmx.min.js"):
        page.goto(f"/akten/{path_of(FILE)}", wait_until="commit")
    page.locator("#filter-text").press_sequentially("lohn")
    held[0].continue_()
    page.wait_for_url("**text=lohn**")
    expect(page.locator("tr[data-document]")).to_have_count(1)
