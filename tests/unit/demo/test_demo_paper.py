"""Scans look used, stay readable, and appear whole."""

import json
import re
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random

import pypdfium2
import pytesseract
import pytest
from PIL import Image, ImageChops, ImageSequence

from eakte.demo.__main__ import main
from eakte.demo.authority import demo_register
from eakte.demo.delivery import drop
from eakte.demo.letters import DemoLetter, generate
from eakte.demo.paper import Medium, ScanPlan, plan_scan, render, write_scan
from eakte.demo.spoiling import Spoil, spoil

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def letters() -> list[DemoLetter]:
    return list(generate(demo_register(today=TODAY), count=60, today=TODAY))


@pytest.fixture(scope="module")
def page(letters: list[DemoLetter]) -> Image.Image:
    return next(render(letters[0], dpi=100))


def plan_for(letter: DemoLetter, medium: Medium, *damage: Spoil) -> ScanPlan:
    return ScanPlan(
        medium=medium, colour=False, pages=tuple(frozenset(damage) for _ in range(letter.pages))
    )


@pytest.mark.parametrize("kind", list(Spoil))
def test_each_damage_changes_the_page_and_is_repeatable(page: Image.Image, kind: Spoil):
    once = spoil(page, Random(5), {kind}, dpi=100, stamp=TODAY)
    twice = spoil(page, Random(5), {kind}, dpi=100, stamp=TODAY)
    assert once.tobytes() == twice.tobytes()
    assert once.tobytes() != page.tobytes()


def test_colour_pages_stay_in_colour(letters: list[DemoLetter]):
    clean = next(render(letters[0], colour=True, dpi=60))
    spoiled = spoil(clean, Random(1), set(Spoil) - {Spoil.FAX, Spoil.BILEVEL}, stamp=TODAY)
    red, _, blue = spoiled.split()
    assert spoiled.mode == "RGB"
    assert ImageChops.difference(red, blue).getbbox() is not None


def test_a_turned_sheet_turned_back_is_the_sheet(page: Image.Image):
    turned = spoil(page, Random(1), {Spoil.TURN_90})
    assert turned.size == (page.height, page.width)
    assert turned.rotate(90, expand=True).tobytes() == page.tobytes()


@pytest.mark.parametrize(
    ("medium", "suffix"),
    [
        (Medium.PDF_JPEG, ".pdf"),
        (Medium.TIFF_G4, ".tif"),
        (Medium.FAX, ".tif"),
        (Medium.JPEG, ".jpg"),
        (Medium.PNG, ".png"),
        (Medium.BORN_DIGITAL, ".pdf"),
    ],
)
def test_each_medium_can_be_read_and_has_every_page(
    letters: list[DemoLetter], tmp_path: Path, medium: Medium, suffix: str
):
    several = medium in {Medium.PDF_JPEG, Medium.TIFF_G4, Medium.FAX, Medium.BORN_DIGITAL}
    letter = next(letter for letter in letters if (letter.pages > 1) is several)
    path = write_scan(letter, tmp_path, Random(1), plan_for(letter, medium, Spoil.NOISE))
    assert path.suffix == suffix
    if suffix == ".pdf":
        document = pypdfium2.PdfDocument(path)
        size = document[0].get_size()
        assert len(document) == letter.pages
        assert size == pytest.approx((595.3, 841.9), abs=1)
        document.close()
    else:
        with Image.open(path) as image:
            assert sum(1 for _ in ImageSequence.Iterator(image)) == letter.pages
            dpi = 200 if medium is Medium.FAX else 300
            assert image.info["dpi"][0] == pytest.approx(dpi, abs=0.1)


def test_scans_are_repeatable_byte_by_byte(letters: list[DemoLetter], tmp_path: Path):
    folders = [tmp_path / "a", tmp_path / "b"]
    for folder in folders:
        folder.mkdir()
        for letter in letters[:3]:
            write_scan(letter, folder, Random(letter.name))
    first, second = ([path.read_bytes() for path in sorted(f.iterdir())] for f in folders)
    assert first == second


def test_a_stamp_is_on_the_scan_exactly_when_the_truth_has_one(letters: list[DemoLetter]):
    plans = [(letter, plan_scan(letter, Random(letter.name))) for letter in letters]
    assert all((Spoil.STAMP in plan.pages[0]) == bool(lt.truth.stamp) for lt, plan in plans)


def test_letters_come_in_every_medium_and_some_lie_turned(letters: list[DemoLetter]):
    plans = [
        plan_scan(letter, Random(f"{letter.name}:{n}")) for letter in letters for n in range(5)
    ]
    assert {plan.medium for plan in plans} == set(Medium)
    assert {turn for plan in plans for turn in plan.turns} == {0, 90, 180, 270}


def test_letters_of_several_pages_never_come_as_one_picture(letters: list[DemoLetter]):
    for letter in letters:
        for seed in range(20):
            medium = plan_scan(letter, Random(seed)).medium
            assert letter.pages == 1 or medium not in {Medium.JPEG, Medium.PNG}


def test_the_inbox_never_shows_half_a_file(letters: list[DemoLetter], tmp_path: Path):
    names_seen: set[str] = set()
    broken: list[str] = []
    done = threading.Event()

    def watch() -> None:
        while not done.is_set():
            for path in tmp_path.iterdir():
                if path.name.startswith(".") or path.name in names_seen:
                    continue
                names_seen.add(path.name)
                if path.read_bytes() != path.read_bytes() or not path.stat().st_size:
                    broken.append(path.name)
                pypdfium2.PdfDocument(path).close()

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        for letter in letters[:8]:
            plan = plan_for(letter, Medium.BORN_DIGITAL)
            write_scan(letter, tmp_path, Random(1), plan)
    finally:
        done.set()
        watcher.join()
    assert not broken
    assert all(path.name.startswith("post-") for path in tmp_path.iterdir())


def test_drop_delivers_every_letter_into_a_folder_it_makes(
    letters: list[DemoLetter], tmp_path: Path
):
    inbox = tmp_path / "inbox"
    assert drop(letters[:3], inbox, every=0, stop=threading.Event()) == 3
    assert {path.stem for path in inbox.iterdir()} == {letter.name for letter in letters[:3]}


def test_drop_stops_when_told(letters: list[DemoLetter], tmp_path: Path):
    stop = threading.Event()

    def stopping_after_two() -> Iterator[DemoLetter]:
        for number, letter in enumerate(letters):
            if number == 2:
                stop.set()
            yield letter

    assert drop(stopping_after_two(), tmp_path, every=0, stop=stop) == 2


def test_the_labelled_set_lists_every_scan_with_its_truth(tmp_path: Path):
    assert main([str(tmp_path), "--count", "3", "--seed", "8"]) == 0
    rows = [json.loads(line) for line in (tmp_path / "truth.jsonl").read_text().splitlines()]
    files = {path.name for path in (tmp_path / "scans").iterdir()}
    register = json.loads((tmp_path / "register.json").read_text())
    numbers = {case["aktenzeichen"] for case in register["case_files"]} | {None}
    assert {row["file"] for row in rows} == files
    assert len(rows) == 3
    assert {row["aktenzeichen"] for row in rows} <= numbers
    for row in rows:
        stem = Path(row["file"]).stem
        words = json.loads((tmp_path / "words" / row["schlagwort"] / f"{stem}.json").read_text())
        assert len(words["pages"]) == len(row["lines"])
        boxes = [word[1:5] for page in words["pages"] for word in page["words"]]
        assert all(0 <= x0 <= x1 <= 1 and 0 <= y0 <= y1 <= 1 for x0, y0, x1, y1 in boxes)


def test_a_spoiled_page_is_still_readable(
    letters: list[DemoLetter], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("OMP_THREAD_LIMIT", "1")
    model = next((m for m in ("Latin", "script/Latin", "eng") if m in languages()), None)
    assert model is not None, "Tesseract has no language model; script/test installs one."
    letter = next(lt for lt in letters if lt.truth.kind == "widerspruch_privat")
    damage = {Spoil.SKEW, Spoil.NOISE, Spoil.YELLOW, Spoil.FOLD, Spoil.HOLES, Spoil.STAMP}
    image = spoil(next(render(letter)), Random(3), damage, stamp=TODAY)
    read = Counter(re.findall(r"\w+", pytesseract.image_to_string(image, lang=model)))
    wanted = Counter(re.findall(r"\w+", " ".join(letter.truth.lines[0])))
    assert (read & wanted).total() / wanted.total() > 0.8


def languages() -> list[str]:
    found: list[str] = pytesseract.get_languages()
    return found
