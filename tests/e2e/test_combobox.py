"""The field one types a Schlagwort in: what it shows is what the form sends."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from eakte.models import Document
from tests.e2e.conftest import Sit
from tests.web.stage import Stage

VIEWER = ".viewer[data-viewer=ready]"
DONE = "Zu den Akten genommen."


@pytest.fixture
def letter(stage: Stage) -> str:
    """A letter for which the rules suggested ``mieterhoehung``."""
    return stage.deliver(schlagwort="mieterhoehung").document_id


@pytest.fixture
def page(letter: str, sit: Sit) -> Page:
    page = sit("m.petersen", f"/postkorb/m.petersen?dokument={letter}")
    page.wait_for_selector(VIEWER)
    page.keyboard.press("a")
    return page


@pytest.fixture
def box(page: Page) -> Locator:
    box = page.get_by_role("combobox", name="Schlagwort")
    expect(box).to_be_focused()
    expect(box).to_have_value("Mieterhöhung")
    return box


def filed_under(stage: Stage, letter: str) -> str | None:
    with stage.database.read() as session:
        return session.scalar(select(Document.schlagwort).where(Document.id == letter))


def is_valid(box: Locator) -> bool:
    return bool(box.evaluate("field => field.validity.valid"))


def test_leaving_the_field_by_tab_takes_the_highlighted_option(
    stage: Stage, letter: str, page: Page, box: Locator
) -> None:
    page.keyboard.type("nebenk")
    page.keyboard.press("Tab")
    expect(box).to_have_value("Neben-/Heizkostenabrechnung")
    page.keyboard.press("Enter")
    expect(page.get_by_text(DONE)).to_be_visible()
    assert filed_under(stage, letter) == "nebenkosten"


def test_text_without_a_match_blocks_the_form_and_stays(
    stage: Stage, letter: str, page: Page, box: Locator
) -> None:
    page.keyboard.type("gibtesnicht")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(box).to_be_focused()
    expect(box).to_have_value("gibtesnicht")
    assert not is_valid(box)
    assert box.evaluate("field => field.validationMessage") == "Bitte aus der Liste wählen."
    page.keyboard.press("Enter")
    expect(page.get_by_text(DONE)).to_have_count(0)
    with stage.database.read() as session:
        assert session.get_one(Document, letter).state == "delivered"


def test_opening_the_list_and_leaving_it_changes_nothing(page: Page, box: Locator) -> None:
    box.click()
    expect(page.get_by_role("listbox", name="Schlagwort")).to_be_visible()
    page.keyboard.press("Tab")
    expect(box).to_have_value("Mieterhöhung")
    assert is_valid(box)


def test_the_option_chosen_with_the_arrows_is_taken_on_leaving(page: Page, box: Locator) -> None:
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    wanted = page.locator('[role="option"][aria-selected="true"]').first
    value = wanted.get_attribute("data-value")
    page.keyboard.press("Tab")
    expect(box).not_to_have_value("Mieterhöhung")
    field = page.locator("#vorschau [data-combobox-select]").first
    assert field.evaluate("field => field.value") == value


def test_an_emptied_field_does_not_send_what_stood_there_before(page: Page, box: Locator) -> None:
    page.keyboard.press("Delete")
    page.keyboard.press("Tab")
    expect(box).to_have_value("")
    assert not is_valid(box)
