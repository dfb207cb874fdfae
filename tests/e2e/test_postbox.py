"""The postbox by the keyboard: from the door to an empty list, several at once, and back again."""

from __future__ import annotations

from playwright.sync_api import Page, expect
from sqlalchemy import select

from eakte.models import Source
from tests.e2e.conftest import Sit
from tests.e2e.test_accessibility import problems
from tests.web.stage import ELSEWHERE, FILE, PASSWORD, Delivered, Stage
from web.presenters.case_files import path_of

VIEWER = ".viewer[data-viewer=ready]"


def ticked(page: Page):
    return page.locator("[data-choose]:checked")


def letters(stage: Stage, count: int, login: str, **more: object) -> list[Delivered]:
    return [
        stage.deliver(schlagwort="kontoauszug", postbox=login, **more)  # type: ignore[arg-type]
        for _ in range(count)
    ]


def test_from_the_door_to_an_emptied_postbox_of_ten_by_the_keyboard_alone(
    stage: Stage, sit: Sit, axe_source: str
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
    page.wait_for_selector(".koerbe")
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
    assert problems(page, axe_source) == []
    keys.press("w")
    expect(page.get_by_role("combobox", name="An")).to_be_focused()
    keys.type("husum")  # what one chooses from came with the first tick
    expect(page.locator("#alle-ziel-liste [role=option]").first).to_contain_text("Husum")
    page.get_by_role("combobox", name="An").fill("")
    keys.press("Escape")
    keys.press("Escape")
    keys.press("a")
    keys.press("Tab")
    keys.press("Enter")
    expect(page.locator("[data-entry]")).to_have_count(3)
    keys.press("z")
    expect(page.locator("[data-entry]")).to_have_count(5)

    page.locator("[data-entry]").first.focus()
    for count in range(1, 6):
        keys.press("x")
        expect(ticked(page)).to_have_count(count)
        with page.expect_response("**dokument=*"):  # its click would close an open panel
            keys.press("ArrowDown")
        page.wait_for_selector(VIEWER)
    keys.press("a")
    keys.press("Tab")
    keys.press("Enter")
    expect(page.locator("[data-entry]")).to_have_count(0)
    expect(page.get_by_text("Hier liegt nichts.")).to_be_visible()


def test_what_somebody_writes_outlives_the_session_but_not_the_sign_out(
    stage: Stage, sit: Sit
) -> None:
    (letter,) = letters(stage, 1, "j.hansen")
    page = sit("j.hansen", f"/postkorb/j.hansen?dokument={letter.document_id}")
    page.wait_for_selector(VIEWER)
    page.keyboard.press("w")
    page.get_by_label("Vermerk").fill("Lange überlegt")
    cookies = page.context.cookies()
    stage.services.accounts.sign_out(next(c["value"] for c in cookies if c["name"] == "eakte"))
    page.reload()
    page.get_by_label("Anmeldename").fill("j.hansen")
    page.get_by_label("Kennwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").click()
    expect(page.get_by_label("Vermerk")).to_have_value("Lange überlegt")
    expect(page.locator("#ansage")).to_contain_text("angefangener Text")

    page.keyboard.press("Escape")
    page.locator(".wer > summary").click()
    page.get_by_role("button", name="Abmelden").click()
    expect(page.get_by_label("Anmeldename")).to_be_visible()
    assert page.evaluate("Object.keys(sessionStorage)") == []


def test_a_note_that_was_left_half_written_waits_for_its_own_file_alone(sit: Sit) -> None:
    page = sit("m.petersen")
    begun = f"/notizen/neu?vorlage=vermerk&akte={FILE}"
    page.goto(begun)
    text = page.locator("form[data-draft] textarea")
    text.fill("Frau Müller rief an")
    page.goto(f"/notizen/neu?vorlage=vermerk&akte={ELSEWHERE}")
    expect(page.get_by_label("Aktenzeichen")).to_have_value(ELSEWHERE)
    expect(text).to_have_value("")
    page.goto(begun)
    expect(text).to_have_value("Frau Müller rief an")


def test_a_file_dropped_on_a_case_file_is_taken_for_it(stage: Stage, sit: Sit) -> None:
    page = sit("m.petersen", f"/akten/{path_of(FILE)}")
    page.evaluate(
        """() => {
            const files = new DataTransfer();
            files.items.add(new File(["Betreff: Frage"], "frage.eml", {type: "message/rfc822"}));
            const told = {bubbles: true, cancelable: true, dataTransfer: files};
            document.querySelector("main").dispatchEvent(new DragEvent("drop", told));
        }"""
    )
    line = page.get_by_role("row").filter(has_text="frage.eml")
    expect(line).to_be_visible()
    expect(line).not_to_contain_text("Nicht angenommen")
    expect(line.locator("progress")).to_have_count(0)
    with stage.database.read() as session:
        row = session.scalars(select(Source).where(Source.name == "frage.eml")).one()
    assert row.given["aktenzeichen"] == FILE
