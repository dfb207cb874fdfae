"""Which way up a page lies: what its lines say before it is read; too few of them are told."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from eakte.domain.pages import Box, Word
from eakte.recognition.orientation import densest_band, look_at_lines
from eakte.recognition.reader import Reader
from eakte.recognition.rules import without_grid
from tests.unit.recognition.sheets import scan


@pytest.fixture(scope="module")
def upright() -> Image.Image:
    return scan()


def test_lines_of_print_tell_side_and_head(upright: Image.Image):
    seen = {
        turn: look_at_lines(upright.rotate(-turn, expand=True), 200) for turn in range(0, 360, 90)
    }
    assert seen[0].across > 1.2
    assert seen[180].across > 1.2
    assert max(seen[90].across, seen[270].across) < 0.8
    assert seen[0].upright > 0.04
    assert seen[180].upright < -0.04
    assert max(one.ink for one in seen.values()) < 1.02 * min(one.ink for one in seen.values())


def test_rules_and_pictures_are_no_lines_of_print(upright: Image.Image):
    drawn = upright.copy()
    drawn.paste(40, (200, 1500, 900, 2100))
    for x in range(200, 1500, 100):
        drawn.paste(0, (x, 1400, x + 3, 2200))
    plain, ruled = look_at_lines(upright, 200), look_at_lines(drawn, 200)
    assert ruled.ink == pytest.approx(plain.ink, rel=0.05)
    assert ruled.across == pytest.approx(plain.across, rel=0.1)


def test_the_band_with_the_most_lines_lies_over_the_text(upright: Image.Image):
    lower = Image.new("L", upright.size, 255)
    lower.paste(upright.crop((0, 0, upright.width, upright.height // 2)), (0, upright.height // 2))
    band = densest_band(lower, 200)
    assert band.width == lower.width
    assert 85 <= band.height <= 200  # 11 to 25 mm
    assert min(band.tobytes()) < 50
    assert densest_band(Image.new("L", (9, 9), 255), 200).size == (9, 9)


class SparingEngine:
    """Reads one sure word of so many letters whichever way the sheet lies."""

    name = "sparing"

    def __init__(self, letters: int) -> None:
        self.letters = letters

    def recognise(self, _image: Image.Image, _dpi: int) -> tuple[Word, ...]:
        return (Word(text="a" * self.letters, box=Box(0.1, 0.1, 0.5, 0.12), confidence=0.9),)

    def orientation(self, _image: Image.Image) -> int:
        return 180


@pytest.mark.parametrize(("letters", "remarks"), [(5, ["unsure_turn"]), (20, [])])
def test_too_little_text_leaves_the_sheet_as_it_came_and_says_so(
    tmp_path: Path, letters: int, remarks: list[str]
):
    image = Image.new("L", (1654, 2339), 255)
    image.paste(0, (300, 300, 600, 330))
    image.save(tmp_path / "zettel.png", dpi=(200, 200))
    page = Reader(lambda: SparingEngine(letters)).read_page(tmp_path / "zettel.png", 1)
    assert page.turn == 0
    assert [one.code for one in page.sheet.remarks] == remarks


class GridBlindEngine(SparingEngine):
    """Reads nothing where a rule runs down the sheet, as Tesseract does with some tables."""

    def recognise(self, image: Image.Image, dpi: int) -> tuple[Word, ...]:
        darkest_column = image.reduce((1, image.height)).getextrema()[0]
        return () if darkest_column < 200 else super().recognise(image, dpi)


def test_a_table_in_a_grid_is_read_without_its_rules(tmp_path: Path):
    image = Image.new("L", (1654, 2339), 255)
    for x in range(200, 1500, 200):
        image.paste(0, (x, 100, x + 3, 2200))
    for y in range(120, 2200, 60):
        image.paste(0, (240, y, 280, y + 20))
    image.save(tmp_path / "tabelle.png", dpi=(200, 200))
    page = Reader(lambda: GridBlindEngine(20)).read_page(tmp_path / "tabelle.png", 1)
    assert page.text.text == "a" * 20
    assert page.sheet.remarks == ()


def test_without_a_grid_only_thin_rules_are_gone():
    image = Image.new("L", (800, 800), 255)
    image.paste(0, (100, 50, 103, 750))
    image.paste(0, (50, 100, 750, 103))
    image.paste(0, (300, 300, 320, 330))
    image.paste(60, (500, 500, 700, 700))
    cleaned = without_grid(image, 200)
    bare = cleaned.image
    assert bare.getpixel((101, 600)) == bare.getpixel((600, 101)) == 255
    assert bare.getpixel((310, 315)) == 0
    assert bare.getpixel((600, 600)) == 60
    assert without_grid(bare, 200).image is bare
    assert cleaned.tables == ()  # one crossing makes no table
