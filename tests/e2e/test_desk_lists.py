"""Wiedervorlagen, notes and the move of a file, by keyboard alone."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import Locator, Page, expect
from sqlalchemy import func, select

from eakte.models import FileMove, Source
from tests.e2e.conftest import Sit
from tests.e2e.test_accessibility import problems
from tests.web.stage import FILE, Stage
from web.presenters.case_files import path_of

MOST_TABS = 60


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the element has the focus, as somebody without a mouse does."""
    expect(target).to_be_visible()
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if target.evaluate("one => one === document.activeElement"):
            return
    raise AssertionError(f"no Tab leads to {target}")


def test_a_reminder_is_put_off_and_another_settled(sit: Sit, stage: Stage, axe_source: str) -> None:
    reader, today = stage.services.accounts.reader("m.petersen"), stage.clock.today()
    for schlagwort, note in (("kontoauszug", "Antwort da?"), ("mieterhoehung", "Nachrechnen")):
        letter = stage.deliver(schlagwort=schlagwort).document_id
        stage.services.wiedervorlagen.make(reader, letter, today, note)
    page = sit("m.petersen", "/wiedervorlagen")
    first = page.get_by_role("row").filter(has_text="Antwort da?")
    second = page.get_by_role("row").filter(has_text="Nachrechnen")
    expect(second).to_be_visible()
    assert problems(page, axe_source) == []

    tab_to(page, first.locator("summary").filter(has_text="Verschieben"))
    page.keyboard.press("Enter")
    later = today + timedelta(days=7)
    day = first.get_by_label("Wieder vorlegen am")
    tab_to(page, day)
    day.fill(later.isoformat())  # in which order its parts are typed is the browser's language
    page.keyboard.press("Enter")
    expect(page.locator("#meldungen")).to_contain_text("verschoben")
    expect(first).to_contain_text(later.strftime("%d.%m.%Y"))

    tab_to(page, second.get_by_role("button", name="Wiedervorlage erledigt"))
    page.keyboard.press("Enter")
    expect(page.locator("#meldungen")).to_contain_text("erledigt")
    expect(second).to_have_count(0)
    expect(first).to_be_visible()


def test_a_note_is_written_for_a_file(sit: Sit, stage: Stage, axe_source: str) -> None:
    page = sit("m.petersen", f"/notizen/neu?vorlage=vermerk&akte={FILE}")
    expect(page.get_by_role("heading", name="Aktenvermerk")).to_be_visible()
    assert problems(page, axe_source) == []
    with stage.database.read() as session:
        before = session.scalar(select(func.count()).select_from(Source))
    tab_to(page, page.get_by_label("Betreff"))
    page.keyboard.type("Miete")
    tab_to(page, page.locator("#feld-vermerk"))
    page.keyboard.type("Frau Müller reicht die Bescheinigung nach.")
    tab_to(page, page.get_by_role("button", name="Zu den Akten"))
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/akten/{path_of(FILE)}*")
    expect(page.get_by_role("heading", name=f"Akte {FILE}")).to_be_visible()
    with stage.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Source)) == (before or 0) + 1


def test_a_move_is_planned_and_taken_back(sit: Sit, stage: Stage, axe_source: str) -> None:
    page = sit("t.lead", f"/zustaendigkeiten/umzug?aktenzeichen={FILE}")
    site = page.get_by_label("Neuer Standort")
    expect(site).to_be_visible()
    assert problems(page, axe_source) == []
    tab_to(page, site)
    page.keyboard.type("Sozialzentrum N")
    later = stage.clock.today() + timedelta(days=7)
    day = page.get_by_label("Ab", exact=True)
    tab_to(page, day)
    day.fill(later.isoformat())
    tab_to(page, page.get_by_role("button", name="Akte abgeben"))
    page.keyboard.press("Enter")
    expect(page.locator("#meldungen")).to_contain_text("vorgemerkt")
    expect(page.get_by_text(f"{later:%d.%m.%Y} nach Sozialzentrum Niebüll")).to_be_visible()
    tab_to(page, page.get_by_role("button", name="Zurücknehmen"))
    page.keyboard.press("Enter")
    expect(page.locator("#meldungen")).to_contain_text("zurückgenommen")
    expect(site).to_be_visible()
    with stage.database.read() as session:
        assert session.scalar(select(func.count()).select_from(FileMove)) == 0
