"""What a picture says about the paper: real sheets, straight, askew and upside down."""

from __future__ import annotations

import importlib.util
import io
from pathlib import Path
from types import ModuleType

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from eakte.domain.pages import Box, SheetKind, Word
from scanner_inbox.covers import CoverSheet, cover_sheets, separator_sheets
from scanner_inbox.paper import examine
from scanner_inbox.payloads import cover_key, signed_cover
from tests.letters import letter

ROOT = Path(__file__).parents[3]
COVER = signed_cover("12345//0001234", "weiterbewilligung", cover_key(b"secret"))
ANGLES = (0, 1.5, -3, 90, 180, 177, 270)


@pytest.fixture(scope="module")
def backs() -> ModuleType:
    """The generator of worn backs, which the benchmark uses too."""
    return drawing("backs")


@pytest.fixture(scope="module")
def sheets() -> ModuleType:
    """The generator of worn separators and covers, with and without notes."""
    return drawing("sheets")


def drawing(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / f"benchmarks/paper/{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def front(backs: ModuleType) -> Image.Image:
    """A page of text that may shine through."""
    page = Image.new("L", backs.A4, 255)
    for line in range(30):
        backs._text(page, "Sehr geehrte Damen und Herren, " * 2, (25, 60 + 6 * line), 11, 20)
    backs._text(page, "Jobcenter", (25, 20), 26, 0)
    return page


def picture(pdf: bytes) -> Image.Image:
    document = pypdfium2.PdfDocument(pdf)
    image: Image.Image = document[0].render(scale=200 / 72).to_pil().convert("L")
    document.close()
    return image


def at_200_dpi(scan: Image.Image) -> Image.Image:
    grey = scan.convert("L")
    return grey.resize((grey.width * 2 // 3, grey.height * 2 // 3), Image.Resampling.BOX)


@pytest.mark.parametrize("angle", ANGLES)
def test_a_separator_is_known_however_it_lies(angle: float):
    sheet = picture(separator_sheets(1)).rotate(angle, expand=True, fillcolor=255)
    assert examine(sheet, 200, ()).kind is SheetKind.SEPARATOR


@pytest.mark.parametrize("angle", ANGLES)
def test_a_cover_is_known_however_it_lies(angle: float):
    sheet = picture(cover_sheets([CoverSheet(cover=COVER, title="Weiterbewilligung")]))
    seen = examine(sheet.rotate(angle, expand=True, fillcolor=255), 200, ())
    assert seen.kind is SheetKind.COVER
    assert [code.text for code in seen.codes] == [COVER.text]
    assert seen.remarks == ()


def test_the_code_128_of_a_separator_is_enough():
    sheet = picture(separator_sheets(1))
    sheet.paste(255, (0, 0, sheet.width, sheet.height // 2))
    assert examine(sheet, 200, ()).kind is SheetKind.SEPARATOR


def written_on(*lines: str) -> bytes:
    """A separator sheet that went through the printer once more."""
    sheet = pikepdf.open(io.BytesIO(separator_sheets(1)))
    with pikepdf.open(io.BytesIO(letter(*lines))) as text:
        sheet.pages[0].add_overlay(text.pages[0])
        made = io.BytesIO()
        sheet.save(made)
    return made.getvalue()


LETTER = ("Anna Schmidt", "Markt 3, 25813 Husum", "", *["die Miete ist falsch berechnet."] * 9)


@pytest.mark.parametrize("angle", ANGLES)
def test_a_letter_on_a_separator_sheet_is_a_page_with_a_remark(angle: float):
    sheet = picture(written_on(*LETTER)).rotate(angle, expand=True, fillcolor=255)
    seen = examine(sheet, 200, ())
    assert seen.kind is SheetKind.PAGE
    assert [one.code for one in seen.remarks] == ["written_separator"]


@pytest.mark.parametrize("angle", [0, 177])
@pytest.mark.parametrize("kind", ["separator", "cover"])
def test_a_short_note_on_one_of_our_sheets_is_seen(kind: str, angle: float):
    bare = separator_sheets(1)
    if kind == "cover":
        bare = cover_sheets([CoverSheet(cover=COVER, title="Weiterbewilligung")])
    sheet = picture(bare)
    font = ImageFont.truetype("LiberationSans-Regular.ttf", 28)  # 10 pt
    ImageDraw.Draw(sheet).text((500, 1700), "eilt, Fr. Meyer", fill=60, font=font)
    seen = examine(sheet.rotate(angle, expand=True, fillcolor=255), 200, ())
    assert [one.code for one in seen.remarks] == [f"written_{kind}"]
    assert seen.kind is (SheetKind.COVER if kind == "cover" else SheetKind.PAGE)


def test_a_slip_over_one_of_the_codes_is_seen():
    sheet = picture(separator_sheets(1))
    sheet.paste(255, (620, 680, 1040, 1100))
    font = ImageFont.truetype("LiberationSans-Regular.ttf", 60)
    ImageDraw.Draw(sheet).text((660, 800), "bitte heute!", fill=20, font=font)
    assert [one.code for one in examine(sheet, 200, ()).remarks] == ["written_separator"]


@pytest.mark.parametrize(
    ("kind", "seed", "note"), [("cover", 10, ""), ("separator", 102, "pencil")]
)
def test_a_worn_copy_of_our_sheet_is_known_and_a_note_on_it_seen(
    sheets: ModuleType, front: Image.Image, kind: str, seed: int, note: str
):
    scan, wear = sheets.worn(sheets.printed(kind), seed, note, front)
    seen = sheets.seen(scan)
    assert [one.code for one in seen.remarks] == [f"written_{kind}"] * bool(note), wear


def test_a_separator_in_thick_toner_stays_one():
    sheet = picture(separator_sheets(1)).filter(ImageFilter.MinFilter(3))
    assert examine(sheet, 200, ()).kind is SheetKind.SEPARATOR


def test_a_hundred_separators_are_a_hundred_pages():
    document = pypdfium2.PdfDocument(separator_sheets(100))
    assert len(document) == 100
    document.close()


@pytest.mark.parametrize("seed", range(12))
def test_worn_backs_with_nothing_on_them_are_blank(
    backs: ModuleType, front: Image.Image, seed: int
):
    scan, wear = backs.blank_back(seed, front)
    assert examine(at_200_dpi(scan), 200, ()).kind is SheetKind.BLANK, wear


@pytest.mark.parametrize("seed", range(21))
def test_a_back_with_the_least_thing_on_it_is_kept(
    backs: ModuleType, front: Image.Image, seed: int
):
    ImageFont.truetype(backs.SANS, 10)  # installed by script/setup
    scan, what = backs.sparse_back(seed, front)
    assert examine(at_200_dpi(scan), 200, ()).kind is SheetKind.PAGE, what


@pytest.mark.parametrize("seed", [0, 1, 2, 3, 4, 5166, 5249])
def test_writing_on_a_fold_is_no_fold(backs: ModuleType, front: Image.Image, seed: int):
    scan, what = backs.written_on_fold(seed, front)
    assert examine(at_200_dpi(scan), 200, ()).kind is SheetKind.PAGE, what


def test_a_yellow_marker_is_seen_on_white():
    page = Image.new("RGB", (1654, 2339), "white")
    page.paste((255, 250, 90), (400, 500, 700, 540))
    assert examine(page, 200, ()).kind is SheetKind.PAGE


def test_a_born_digital_page_with_words_is_never_blank():
    word = Word(text="Hallo", box=Box(0.1, 0.1, 0.2, 0.2))
    assert examine(Image.new("L", (1400, 1980), 255), 170, (word,)).kind is SheetKind.PAGE
