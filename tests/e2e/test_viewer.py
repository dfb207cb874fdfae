"""The viewer: moving, sizing, words, marks; two pages and five hundred."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Sit, expect_picture
from tests.web.stage import Delivered, Stage

VIEWER = ".viewer[data-viewer=ready]"


@pytest.fixture(scope="module")
def letter(stage: Stage) -> Delivered:
    return stage.deliver(schlagwort="mieterhoehung", pages=4)


def opened(sit: Sit, letter: Delivered, query: str = "") -> Page:
    page = sit("m.petersen", f"/dokumente/{letter.document_id}{query}")
    page.wait_for_selector(VIEWER)
    return page


def width(page: Page) -> float:
    return page.evaluate("document.querySelector('.page').getBoundingClientRect().width")


def test_keys_turn_the_pages_and_the_field_says_where_one_is(sit: Sit, letter: Delivered) -> None:
    page = opened(sit, letter)
    field = page.locator("[data-viewer-page]")
    page.keyboard.press("ArrowRight")
    expect(field).to_have_value("2")
    page.keyboard.press("g")
    page.keyboard.type("4")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(field).to_have_value("4")
    expect(page.locator('[data-viewer-thumb="4"]')).to_have_attribute("aria-current", "page")
    page.keyboard.press("ArrowLeft")
    expect(field).to_have_value("3")


def test_the_size_changes_by_keys_and_is_remembered(sit: Sit, letter: Delivered) -> None:
    page = opened(sit, letter)
    before = width(page)
    page.keyboard.press("+")
    assert width(page) > before
    page.keyboard.press("9")
    fits = page.evaluate(
        "document.querySelector('.page').offsetHeight <= "
        "document.querySelector('.viewer-scroll').clientHeight"
    )
    assert fits
    page.reload()
    page.wait_for_selector(VIEWER)
    expect(page.locator("[data-viewer-action=fit-page]")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("0")
    assert width(page) == pytest.approx(before, abs=1)


def test_turning_the_view_lays_the_page_on_its_side(sit: Sit, letter: Delivered) -> None:
    page = opened(sit, letter)
    page.keyboard.press("d")
    box = page.locator(".page").first.bounding_box()
    assert box is not None
    assert box["width"] > box["height"]
    image = page.locator(".page img").first.bounding_box()
    assert image is not None
    assert image["width"] == pytest.approx(box["width"], abs=2)
    assert image["height"] == pytest.approx(box["height"], abs=2)


def test_words_lie_over_their_picture_and_can_be_copied(sit: Sit, letter: Delivered) -> None:
    page = opened(sit, letter)
    page.wait_for_selector('[data-page="1"][data-words]')
    span = page.locator('[data-page="1"] .words span', has_text="Heizkosten")
    word = span.bounding_box()
    sheet = page.locator('[data-page="1"]').bounding_box()
    assert word is not None
    assert sheet is not None
    reader = stage_words(page, "Heizkosten")
    assert (word["x"] - sheet["x"]) / sheet["width"] == pytest.approx(reader[0], abs=0.005)
    assert (word["width"]) / sheet["width"] == pytest.approx(reader[1], abs=0.02)
    copied = page.evaluate(
        """() => {
          const spans = [...document.querySelectorAll('[data-page="1"] .words span')];
          const at = spans.findIndex(s => s.textContent.startsWith('hiermit'));
          const range = document.createRange();
          range.setStartBefore(spans[at]);
          range.setEndAfter(spans[at + 4]);
          getSelection().removeAllRanges();
          getSelection().addRange(range);
          return getSelection().toString();
        }"""
    )
    assert copied.split() == ["hiermit", "lege", "ich", "Widerspruch", "ein"]


def stage_words(page: Page, text: str) -> tuple[float, float]:
    """Left edge and width of a word as the server has them."""
    url = page.locator(VIEWER).get_attribute("data-words-url")
    assert url is not None
    words = page.request.get(url.replace("{page}", "1")).json()["words"]
    _, x0, _, x1, _, _ = next(word for word in words if word[0] == text)
    return x0, x1 - x0


def test_a_piece_of_evidence_leads_to_its_words(sit: Sit, letter: Delivered) -> None:
    page = opened(sit, letter, "?seite=4")
    expect(page.locator("[data-viewer-page]")).to_have_value("4")
    page.get_by_role("button", name="lege ich Widerspruch ein").first.click()
    expect(page.locator("[data-viewer-page]")).to_have_value("1")
    expect(page.locator(".mark--now")).to_be_visible()
    page.keyboard.press("m")
    expect(page.locator(".mark--now")).to_be_hidden()


def test_hits_of_the_search_are_marked_on_every_page(sit: Sit, letter: Delivered) -> None:
    page = opened(sit, letter, "?suche=heizkosten&seite=2")
    expect(page.locator('[data-page="2"] .mark--hit')).to_have_count(1)


def test_five_hundred_pages_load_no_more_than_one_can_see(stage: Stage, sit: Sit) -> None:
    many = stage.deliver(schlagwort="kontoauszug", pages=500)
    page = sit("m.petersen")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"/dokumente/{many.document_id}")
    page.wait_for_selector(f"{VIEWER} [data-page='1'][data-words]")
    page.wait_for_load_state("networkidle")
    assert len([url for url in asked if url.endswith("/seite")]) <= 6
    assert len([url for url in asked if url.endswith("/miniatur")]) <= 60

    page.keyboard.press("g")
    page.keyboard.type("437")
    page.keyboard.press("Enter")
    shown = page.locator('[data-page="437"]')
    expect(shown).to_be_in_viewport()
    page.wait_for_selector('[data-page="437"][data-words]')
    expect_picture(page.locator('[data-page="437"] img'))
    page.wait_for_load_state("networkidle")
    assert len([url for url in asked if url.endswith("/seite")]) <= 14
    assert page.locator(".words").count() <= 25
