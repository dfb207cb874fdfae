"""The page desk by mouse and keyboard, its undo, and five hundred pages."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from eakte.models import CutProposal, Document, Source
from tests.e2e.conftest import Sit, expect_picture
from tests.e2e.test_accessibility import problems, problems_in_the_dark
from tests.web.stage import Delivered, Stage

READY = "[data-page-desk=ready]"
REMOVED = re.compile("tisch-seite--entfernt")
KEPT = re.compile("^(?!.*tisch-seite--entfernt)")


@pytest.fixture
def letter(stage: Stage) -> Delivered:
    return stage.deliver(schlagwort="mieterhoehung", pages=6)


def at_desk(sit: Sit, letter: Delivered, login: str = "m.petersen") -> Page:
    page = sit(login, f"/dokumente/{letter.document_id}/seiten")
    page.wait_for_selector(READY)
    return page


def expect_rows(page: Page, *wanted: str) -> None:
    """The desk shows these sheets, removed ones in brackets; waits for it."""
    rows = page.locator("[data-page-desk=ready] [data-desk-row]")
    expect(rows).to_have_count(len(wanted))
    for row, sheets in enumerate(wanted):
        cells = rows.nth(row).locator("[data-desk-page]")
        expect(cells.locator(".tisch-nummer .leise")).to_have_text(
            [f"Blatt {sheet.strip('()')}" for sheet in sheets.split()]
        )
        expect(cells).to_have_class(
            [REMOVED if sheet.startswith("(") else KEPT for sheet in sheets.split()]
        )


def cell(page: Page, sheet: int) -> Locator:
    return page.locator("[data-desk-page]").filter(has_text=f"Blatt {sheet}").first


def focus(page: Page, sheet: int) -> None:
    cell(page, sheet).locator("input").focus()


def test_the_keyboard_alone_splits_merges_turns_removes_and_takes_back(
    sit: Sit, letter: Delivered
) -> None:
    page = at_desk(sit, letter)
    focus(page, 1)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("t")
    expect_rows(page, "1 2", "3 4 5 6")
    expect(page.locator(".tisch-toast")).to_contain_text("Das Dokument ist geteilt.")
    page.keyboard.press("z")
    expect_rows(page, "1 2 3 4 5 6")
    page.keyboard.press("Control+z")
    expect_rows(page, "1 2", "3 4 5 6")
    page.keyboard.press("Control+y")
    expect_rows(page, "1 2 3 4 5 6")

    page.keyboard.press("r")
    page.wait_for_selector("[data-desk-page] [data-turn='90']")
    expect(cell(page, 3)).to_contain_text("wird neu gelesen")
    page.keyboard.press("Shift+R")
    page.wait_for_selector("[data-desk-page]:nth-child(3) [data-turn='0']")
    expect(cell(page, 3)).not_to_contain_text("wird neu gelesen")

    page.keyboard.press("Delete")
    expect(page.get_by_role("button", name="Leer")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect_rows(page, "1 2 4 5 6 (3)")
    expect(cell(page, 3)).to_contain_text("doppelt")
    focus(page, 3)
    page.keyboard.press("w")
    expect_rows(page, "1 2 3 4 5 6")


def test_alt_and_arrows_move_what_is_chosen(sit: Sit, letter: Delivered) -> None:
    page = at_desk(sit, letter)
    focus(page, 2)
    page.keyboard.press("Space")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Alt+ArrowRight")
    expect_rows(page, "1 4 2 3 5 6")
    expect(page.locator("[data-desk-page] input:checked")).to_have_count(2)
    page.keyboard.press("Alt+ArrowLeft")
    expect_rows(page, "1 2 3 4 5 6")
    page.keyboard.press("Escape")
    focus(page, 5)
    page.keyboard.press("t")
    expect_rows(page, "1 2 3 4", "5 6")
    page.keyboard.press("Alt+ArrowUp")
    expect_rows(page, "1 2 3 4 5", "6")
    page.keyboard.press("Escape")
    focus(page, 1)
    page.keyboard.press("Alt+ArrowDown")
    expect_rows(page, "2 3 4 5", "1 6")


def test_the_mouse_chooses_a_range_and_drags_it(sit: Sit, letter: Delivered) -> None:
    page = at_desk(sit, letter)
    cell(page, 2).locator("label").click()
    cell(page, 3).locator("label").click(modifiers=["Shift"])
    expect(page.locator("[data-desk-page] input:checked")).to_have_count(2)
    box = cell(page, 5).bounding_box()
    assert box is not None
    cell(page, 2).drag_to(cell(page, 5), target_position={"x": box["width"] - 8, "y": 60})
    expect_rows(page, "1 4 5 2 3 6")
    page.get_by_role("button", name="Rückgängig machen").click()
    expect_rows(page, "1 2 3 4 5 6")


def test_a_page_is_dragged_into_another_document(sit: Sit, letter: Delivered) -> None:
    page = at_desk(sit, letter)
    focus(page, 4)
    page.keyboard.press("t")
    expect_rows(page, "1 2 3", "4 5 6")
    cell(page, 2).drag_to(cell(page, 5), target_position={"x": 8, "y": 60})
    expect_rows(page, "1 3", "4 2 5 6")


def test_enter_shows_the_page_large_and_arrows_go_on(sit: Sit, letter: Delivered) -> None:
    page = at_desk(sit, letter)
    focus(page, 2)
    page.keyboard.press("Enter")
    dialog = page.locator("dialog[open]")
    expect(dialog).to_contain_text("Seite 2 Blatt 2")
    page.keyboard.press("ArrowRight")
    expect(dialog).to_contain_text("Seite 3 Blatt 3")
    expect_picture(page.locator("[data-desk-picture]"))
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_the_help_tells_the_keys_of_the_desk(sit: Sit, letter: Delivered) -> None:
    page = at_desk(sit, letter)
    focus(page, 1)
    page.keyboard.press("?")
    for words in ("Vor den gewählten Seiten teilen", "Entfernen, mit Grund", "Nach rechts drehen"):
        expect(page.locator("dialog[open]")).to_contain_text(words)


def test_two_people_at_one_desk_are_told_of_each_other(sit: Sit, letter: Delivered) -> None:
    mine, hers = at_desk(sit, letter), at_desk(sit, letter, "t.lead")
    focus(hers, 1)
    hers.keyboard.press("r")
    hers.wait_for_selector("[data-desk-page] [data-turn='90']")
    focus(mine, 1)
    mine.keyboard.press("t")
    expect(mine.locator("#meldungen")).to_contain_text("Telse Lorenzen")


def test_without_scripts_every_action_is_a_button(sit: Sit, letter: Delivered) -> None:
    page = sit("m.petersen", f"/dokumente/{letter.document_id}/seiten", java_script_enabled=False)
    cell(page, 3).locator("input").check()
    page.get_by_role("button", name="Teilen").click()
    expect(page.locator("[data-desk-row]")).to_have_count(2)
    page.locator("summary", has_text="Verschieben").click()
    page.get_by_label("Ans Ende von").select_option(index=1)
    cell(page, 1).locator("input").check()
    page.get_by_role("button", name="Verschieben").click()
    expect(page.locator("[data-desk-row]").first.locator("li")).to_have_count(1)
    page.locator("[data-desk-rueckgaengig]").click()
    expect(page.locator("[data-desk-row]").first.locator("li")).to_have_count(2)


def test_a_turned_page_stands_upright_in_the_viewer_with_its_words(
    sit: Sit, letter: Delivered
) -> None:
    page = at_desk(sit, letter)
    focus(page, 1)
    page.keyboard.press("r")
    page.wait_for_selector("[data-desk-page] [data-turn='90']")
    page.goto(f"/dokumente/{letter.document_id}")
    page.wait_for_selector('[data-page="1"][data-words]')
    sheet = page.locator('[data-page="1"]').bounding_box()
    image = page.locator('[data-page="1"] img').bounding_box()
    word = page.locator('[data-page="1"] .words span', has_text="Heizkosten").bounding_box()
    assert sheet is not None
    assert image is not None
    assert word is not None
    assert sheet["width"] > sheet["height"]
    assert image["width"] == pytest.approx(sheet["width"], abs=2)
    assert word["height"] > word["width"]  # it runs downwards, as the turned page does
    other = page.locator('[data-page="2"]').bounding_box()
    assert other is not None
    assert other["height"] > other["width"]


def test_removed_pages_are_shown_in_the_viewer_by_a_switch(sit: Sit, letter: Delivered) -> None:
    page = at_desk(sit, letter)
    focus(page, 2)
    page.keyboard.press("Delete")
    page.keyboard.press("Enter")
    expect_rows(page, "1 3 4 5 6 (2)")
    page.goto(f"/dokumente/{letter.document_id}")
    page.wait_for_selector(".viewer[data-viewer=ready]")
    expect(page.locator(".page--removed")).to_have_count(0)
    page.keyboard.press("e")
    expect(page.locator(".page--removed")).to_contain_text("Blatt 2: entfernt (leer)")
    expect(page.locator("[data-page]")).to_have_count(5)


def test_axe_finds_nothing(sit: Sit, letter: Delivered, axe_source: str) -> None:
    page = sit("m.petersen", f"/dokumente/{letter.document_id}/seiten", color_scheme="light")
    page.wait_for_selector(READY)
    focus(page, 3)
    page.keyboard.press("t")
    expect_rows(page, "1 2", "3 4 5 6")
    focus(page, 3)
    page.keyboard.press("Delete")
    expect(page.locator("details.aktion[open]")).to_be_visible()
    page.keyboard.press("Enter")
    expect_rows(page, "1 2", "4 5 6 (3)")
    assert problems(page, axe_source) == []
    focus(page, 4)
    page.keyboard.press("Delete")
    assert problems(page, axe_source) == []
    assert problems_in_the_dark(page) == []


def milliseconds_of_keys(page: Page, key: str, times: int) -> float:
    """How long the page itself is busy with a key: the driver's way there says nothing of it."""
    return page.evaluate(
        """([key, times]) => {
          const began = performance.now();
          for (let count = 0; count < times; count += 1) {
            const press = new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true});
            document.activeElement.dispatchEvent(press);
          }
          return performance.now() - began; }""",
        [key, times],
    )


def test_five_hundred_pages_stay_quick(stage: Stage, sit: Sit) -> None:
    many = stage.deliver(schlagwort="kontoauszug", pages=500)
    page = sit("m.petersen")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"/dokumente/{many.document_id}/seiten")
    page.wait_for_selector(READY)
    page.wait_for_load_state("networkidle")
    assert len([url for url in asked if url.endswith("/miniatur")]) <= 150
    focus(page, 1)
    assert milliseconds_of_keys(page, "ArrowRight", 20) < 5_000
    page.keyboard.press("t")
    page.wait_for_selector("#zeile-2")
    page.wait_for_selector(READY)
    expect(page.locator("[data-desk-row]").nth(1).locator("li")).to_have_count(480)


@pytest.fixture
def stack(stage: Stage) -> str:
    """A letter of five pages that waits to be cut, with two proposals."""
    letter = stage.deliver(pages=5, postbox="clearing", file=None)
    with stage.database.write() as session:
        source = session.get_one(Document, letter.document_id).source_id
        session.get_one(Source, source).state = "waiting"
        session.add_all(
            CutProposal(
                source_id=source,
                before=before,
                score=score,
                reasons=[{"code": "salutation", "words": "Anrede nach Grußformel"}],
                state="proposed",
            )
            for before, score in ((3, 0.71), (5, 0.55))
        )
    return source


def test_j_and_n_answer_one_proposal_after_the_other(sit: Sit, stack: str, axe_source: str) -> None:
    page = sit("s.scan", f"/klaerung/stapel/{stack}")
    page.wait_for_selector("[data-stack-desk=ready]")
    expect(page.locator("[data-stack-open]")).to_have_text("2 offen")
    page.keyboard.press("j")
    expect(page.locator("[name=schnitt-3][value=ja]")).to_be_checked()
    page.keyboard.press("n")
    expect(page.locator("[name=schnitt-5][value=nein]")).to_be_checked()
    expect(page.locator("[data-stack-open]")).to_have_text("alles beantwortet")
    assert problems(page, axe_source) == []
