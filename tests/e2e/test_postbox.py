"""The postbox by the keyboard: from the door to an empty list, several at once, and back again."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Sit
from tests.e2e.test_accessibility import problems
from tests.web.stage import ELSEWHERE, PASSWORD, Delivered, Stage

VIEWER = ".viewer[data-viewer=ready]"


def ticked(page: Page):
    return page.locator("[data-choose]:checked")


def letters(stage: Stage, count: int, login: str, **more: object) -> list[Delivered]:
    return [
        stage.deliver(schlagwort="kontoauszug", postbox=login, **more)  # type: ignore[arg-type]
        for _ in range(count)
    ]


def test_from_the_door_to_an_emptied_postbox_of_ten_by_the_keyboard_alone(
    stage: Stage, sit: Sit
) -> None:
    letters(stage, 10, "n.jessen", file=ELSEWHERE)
    page = sit()
    page.goto("/")
    keys = page.keyboard
    page.get_by_label("Anmeldename").focus()
    keys.type("n.jessen")
    keys.press("Tab")
    keys.type(PASSWORD)
    keys.press("Enter")
    expect(page.locator("[data-entry]")).to_have_count(10)

    keys.press("ArrowDown")
    page.wait_for_selector(VIEWER)
    for left in range(9, 4, -1):  # one by one: the next letter follows by itself
        expect(page.locator("[data-entry][aria-current]")).to_be_focused()
        keys.press("a")
        expect(page.get_by_role("combobox", name="Schlagwort")).to_be_focused()
        keys.press("Enter")
        expect(page.locator("[data-entry]")).to_have_count(left)
        page.wait_for_selector(VIEWER)

    keys.press("x")  # two together
    expect(ticked(page)).to_have_count(1)
    keys.press("ArrowDown")
    page.wait_for_selector(VIEWER)
    keys.press("x")
    expect(page.get_by_text("2 ausgewählt")).to_be_visible()
    assert problems(page) == []
    keys.press("a")
    keys.press("Tab")
    keys.press("Enter")
    expect(page.locator("[data-entry]")).to_have_count(3)
    keys.press("z")
    expect(page.locator("[data-entry]")).to_have_count(5)

    page.locator("[data-entry]").first.focus()
    for _ in range(5):
        keys.press("x")
        keys.press("ArrowDown")
    expect(ticked(page)).to_have_count(5)
    keys.press("a")
    keys.press("Tab")
    keys.press("Enter")
    expect(page.locator("[data-entry]")).to_have_count(0)
    expect(page.get_by_text("Hier liegt nichts.")).to_be_visible()
