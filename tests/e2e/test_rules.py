"""A new user's path: write a rule, try it on the post that is there, let it count, see it work."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from eakte.bootstrap.intake import trial_runner
from tests.e2e.conftest import Sit
from tests.e2e.test_accessibility import problems
from tests.letters import letter
from tests.plain_intake import take_in
from tests.web.stage import FILE, Stage


def dog_letter(word: str) -> bytes:
    return letter(
        "Jörg Müller-Lüdenscheidt, geboren am 07.03.1984",
        "Süderstraße 12, 25813 Husum",
        f"BG-Nummer {FILE}",
        "",
        "Hundesteuerbescheid",
        "",
        "die angeforderte Unterlage reiche ich hiermit nach:",
        f"den Hundesteuerbescheid der Stadt, {word}.",
    )


@pytest.fixture(autouse=True)
def worker(stage: Stage) -> Iterator[None]:
    """What the worker process does with trials."""
    stop = threading.Event()
    runner = trial_runner(stage.product, "worker")
    thread = threading.Thread(target=runner.run, args=(stop, 0.2))
    thread.start()
    yield
    stop.set()
    thread.join()


def test_a_new_schlagwort_is_written_tried_and_takes_the_next_letter(
    stage: Stage, sit: Sit, axe_source: str
) -> None:
    take_in(stage.product, {"gestern.pdf": dog_letter("von gestern")})
    page = sit("a.admin")
    page.get_by_role("link", name="Regeln").click()
    page.get_by_role("link", name="Neues Schlagwort").click()
    page.get_by_label("Name am Bildschirm").fill("Hundesteuer")
    page.get_by_label("Kennung").fill("hundesteuer")
    first = page.get_by_role("group", name="1. Auslöser")
    first.get_by_label("Wendungen").fill("hundesteuer* ..")
    first.get_by_label("Gewicht").fill("7")
    page.get_by_role("button", name="Prüfen und als Entwurf speichern").click()
    expect(page.get_by_role("alert")).to_contain_text("hundesteuer* ..")
    first.get_by_label("Wendungen").fill("hundesteuer*")
    page.get_by_role("button", name="Prüfen und als Entwurf speichern").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Entwurf")

    page.get_by_role("button", name="Ausprobieren").click()
    moved = page.get_by_role("row").filter(has_text="Hundesteuer").first
    expect(moved).to_contain_text("eigene.hundesteuer.1: „hundesteuer*“ (1)")
    assert "gestern" not in page.content(), "the administration read a letter"
    assert problems(page, axe_source) == []

    page.get_by_role("link", name="Weiter zum Vorschlag").click()
    page.get_by_label("Grund").fill("Bescheide der Stadt sollen auffallen")
    page.get_by_role("button", name="In Kraft setzen").click()
    expect(page.get_by_role("status").filter(has_text="gilt ab sofort")).to_be_visible()
    assert problems(page, axe_source) == []

    take_in(stage.product, {"heute.pdf": dog_letter("von heute")})
    desk = sit("m.petersen")
    expect(desk.get_by_role("listbox").or_(desk.locator("#liste"))).to_contain_text("Hundesteuer")

    lead = sit("t.lead", page.url)
    lead.get_by_role("link", name="Probe vom").first.click()
    expect(lead.get_by_text("Hundesteuerbescheid").first).to_be_visible()


def test_a_mistake_in_a_rule_file_is_shown_in_its_line_and_undone(
    stage: Stage, sit: Sit, axe_source: str
) -> None:
    page = sit("a.admin", "/regeln/dateien/wohnen.toml")
    text = page.get_by_label("Text der Regeldatei")
    before = text.input_value()
    text.fill(before.replace("weight =", "gewicht =", 1))
    page.get_by_role("button", name="Prüfen und als Entwurf speichern").click()
    line = before[: before.index("weight =")].count("\n") + 1
    expect(page.get_by_role("alert")).to_contain_text(f"(Zeile {line})")
    expect(page.locator("[data-rule-line]")).to_have_text(f"Zeile {line}")
    assert problems(page, axe_source) == []

    text.fill(before + "# auch Bußgelder\n")
    page.get_by_role("button", name="Prüfen und als Entwurf speichern").click()
    expect(page.locator(".diff-neu").last).to_contain_text("# auch Bußgelder")
    page.get_by_label("Grund").fill("nur eine Bemerkung")
    page.get_by_label("Ohne Probe in Kraft setzen").check()
    page.get_by_role("button", name="In Kraft setzen").click()
    expect(page.get_by_role("status").filter(has_text="gilt ab sofort")).to_be_visible()
    page.get_by_role("link", name="Fassung 1", exact=True).click()
    page.get_by_label("Grund").fill("doch nicht")
    page.get_by_role("button", name="Fassung 1 wieder in Kraft setzen").click()
    expect(page.get_by_text("Es gilt Fassung 1")).to_be_visible()
