"""Hochladen: several files, one after the other, each with its own result."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Sit
from tests.web.stage import FILE, Stage
from web.presenters.case_files import path_of


def files(folder: Path, *names: str) -> list[str]:
    for name in names:
        (folder / name).write_bytes(f"%PDF-1.7 {name}".encode())
    return [str(folder / name) for name in names]


def results(page: Page):
    return page.locator("[data-upload-results] tbody tr")


def test_several_files_are_taken_one_by_one_and_each_says_how_far_it_is(
    sit: Sit, stage: Stage, tmp_path: Path
):
    page = sit("s.scan", "/eingang")
    page.get_by_role("link", name="Hochladen").click()
    page.get_by_label("Dateien wählen").set_input_files(files(tmp_path, "eins.pdf", "zwei.pdf"))
    page.get_by_role("button", name="Hochladen").click()
    expect(results(page)).to_have_count(2)
    expect(results(page).nth(0)).to_contain_text("eins.pdf")
    for row in results(page).all():
        expect(row).to_contain_text("angenommen, wird gelesen")
    page.goto("/eingang")
    expect(page.locator("#liste")).to_contain_text("zwei.pdf")


def test_a_file_that_is_refused_says_why_and_the_next_one_is_taken(sit: Sit, tmp_path: Path):
    page = sit("m.petersen", "/eingang/hochladen")
    (tmp_path / "leer.pdf").write_bytes(b"")
    page.get_by_label("Dateien wählen").set_input_files(
        [str(tmp_path / "leer.pdf"), *files(tmp_path, "voll.pdf")]
    )
    page.get_by_role("button", name="Hochladen").click()
    expect(results(page).nth(0)).to_contain_text("ist leer")
    expect(results(page).nth(1)).to_contain_text("angenommen")


def test_from_a_case_file_its_number_is_already_there_and_dropping_works(sit: Sit, tmp_path: Path):
    page = sit("m.petersen", f"/akten/{path_of(FILE)}")
    page.keyboard.press("h")
    expect(page.get_by_label("Aktenzeichen (wenn bekannt)")).to_have_value(FILE)
    page.evaluate(
        """() => {
          const moved = new DataTransfer();
          moved.items.add(new File(["%PDF-1.7 gezogen"], "gezogen.pdf"));
          document.querySelector("[data-upload-drop]").dispatchEvent(
            new DragEvent("drop", {dataTransfer: moved, bubbles: true, cancelable: true}));
        }"""
    )
    page.get_by_role("button", name="Hochladen").click()
    expect(results(page).nth(0)).to_contain_text("gezogen.pdf")
    expect(results(page).nth(0)).to_contain_text("angenommen")


def test_an_unknown_number_is_refused_by_name(sit: Sit, tmp_path: Path):
    page = sit("m.petersen", "/eingang/hochladen")
    page.get_by_label("Aktenzeichen (wenn bekannt)").fill("99999//9999999")
    page.get_by_label("Dateien wählen").set_input_files(files(tmp_path, "brief.pdf"))
    page.get_by_role("button", name="Hochladen").click()
    expect(results(page).nth(0)).to_contain_text("Eine Akte „99999//9999999“ gibt es nicht.")


def test_without_javascript_the_form_does_the_same(sit: Sit, tmp_path: Path):
    page = sit("m.petersen", "/eingang/hochladen", java_script_enabled=False)
    page.get_by_label("Dateien wählen").set_input_files(files(tmp_path, "a.pdf", "b.pdf"))
    page.get_by_role("button", name="Hochladen").click()
    expect(results(page)).to_have_count(2)
    expect(results(page).nth(1)).to_contain_text("angenommen")


def test_administrators_have_no_post_to_upload(sit: Sit):
    page = sit("a.admin")
    answer = page.goto("/eingang/hochladen")
    assert answer is not None
    assert answer.status == 403
