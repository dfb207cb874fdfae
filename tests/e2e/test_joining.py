"""A provisional file is joined with the register's, in the browser; split letters are read live."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from eakte.bootstrap.intake import intake_tools
from eakte.domain.rights import system_reader
from eakte.intake.pick_up import PickUp
from eakte.intake.pipeline import process_document
from eakte.services.register_file import parse_register
from tests.e2e.conftest import Sit, type_and_hear
from tests.e2e.test_accessibility import problems
from tests.newcomer import REAL, SENDER, in_register
from tests.plain_intake import PlainSteps, PoolInThisProcess
from tests.web.stage import FILE, OTHER, Stage


def provisional_file(stage: Stage) -> str:
    """A first application of somebody new was assigned at the clearing desk; the file's number."""
    letter = stage.deliver(schlagwort="erstantrag", file=None, postbox="clearing")
    desk = stage.services.accounts.reader("s.scan")
    stage.services.clearing.open_provisional(
        desk,
        letter.document_id,
        stage.services.documents.open(desk, letter.document_id).version,
        schlagwort="erstantrag",
        sender=SENDER,
    )
    (waiting,) = stage.services.joining.waiting(desk)
    return waiting.side.ref.aktenzeichen


def register_brings_her(stage: Stage) -> None:
    stage.services.register.run(system_reader("test"), parse_register(in_register()))


def test_from_the_provisional_file_to_the_real_one_by_the_keyboard(
    stage: Stage, sit: Sit, axe_source: str
) -> None:
    number = provisional_file(stage)
    register_brings_her(stage)
    page = sit("m.petersen", f"/akten/{number}")
    page.keyboard.press("m")
    expect(page.get_by_role("heading", level=1)).to_contain_text(number)
    page.get_by_role("link", name=f"{REAL} Albers, Nele").click()
    expect(page.get_by_role("heading", name=f"{number} und {REAL}")).to_be_visible()
    expect(page.locator("table .marke-klein--erfolg")).to_have_count(6)
    assert problems(page, axe_source) == []
    page.keyboard.press("z")
    expect(page.get_by_text("Zusammengeführt: 1 Dokument steht")).to_be_visible()
    page.goto(f"/akten/{number}")
    expect(page.get_by_role("heading", level=1)).to_contain_text(REAL)
    expect(page.get_by_text(f"früher {number}")).to_be_visible()


def test_the_list_stands_at_the_clearing_desk_and_another_file_is_found_while_typing(
    stage: Stage, sit: Sit, axe_source: str
) -> None:
    number = provisional_file(stage)
    page = sit("s.scan", "/klaerung")
    page.keyboard.press("V")
    expect(page.get_by_role("link", name=number)).to_be_visible()
    assert problems(page, axe_source) == []
    page.get_by_role("link", name=number).click()
    page.keyboard.press("n")
    type_and_hear(page, "ahlmann")
    page.get_by_role("radio", name=OTHER).check()
    page.get_by_role("button", name="Vergleichen").click()
    expect(page.locator(".marke-klein--warnung").first).to_be_visible()
    expect(page.get_by_role("checkbox")).not_to_be_checked()  # nothing says that it is she
    assert problems(page, axe_source) == []


def shown(page: Page) -> str:
    return page.locator("[data-shown-entry]").get_attribute("data-shown-entry") or ""


def test_what_is_split_says_that_it_is_read_and_then_shows_its_suggestions(
    stage: Stage, sit: Sit
) -> None:
    letter = stage.deliver(file=None, postbox="clearing", pages=2, candidates=(FILE,))
    page = sit("s.scan", f"/klaerung?dokument={letter.document_id}")
    page.wait_for_selector(".viewer[data-viewer=ready]")
    page.locator("[data-desk-page-choice]").select_option("2")
    page.keyboard.press("t")
    expect(page.get_by_text("Wird gelesen")).to_be_visible()
    expect(page.locator("button[data-key=z]")).to_be_disabled()
    assert shown(page) == letter.document_id
    steps = PlainSteps(intake_tools(stage.product, PoolInThisProcess()))
    PickUp(stage.database, lambda _source: None, lambda one: process_document(steps, one)).look()
    expect(page.get_by_text("Nach dem Trennen neu gelesen")).to_be_visible()
    expect(page.locator("button[data-key=z]")).to_be_enabled()
    expect(page.get_by_role("radio", name=FILE)).to_be_visible()
