"""Every engine behind the port ``OcrEngine`` keeps these promises."""

from __future__ import annotations

import functools
from pathlib import Path

import pytest
from PIL import Image

from eakte.domain.pages import Word
from eakte.errors import ServiceMissing
from eakte.ports import OcrEngine
from eakte.recognition.engines import ENGINES, open_engine
from eakte.recognition.probe import find_model
from tests.unit.recognition.sheets import LETTER, scan

DPI = 200


@functools.cache
def loaded(name: str) -> OcrEngine:
    return open_engine(name)


@functools.cache
def words_of_letter(name: str) -> tuple[Word, ...]:
    return loaded(name).recognise(scan(dpi=DPI), DPI)


@pytest.fixture(params=ENGINES, name="name")
def name_(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(name="engine")
def engine_(name: str) -> OcrEngine:
    return loaded(name)


def texts(words: tuple[Word, ...]) -> list[str]:
    return [word.text for word in words]


def in_order(wanted: str, words: tuple[Word, ...]) -> bool:
    found, parts = texts(words), wanted.split()
    return any(found[i : i + len(parts)] == parts for i in range(len(found)))


@pytest.mark.parametrize(
    "wanted",
    [
        "§ 22 Abs. 1 SGB II",
        "12345//0001234",
        "Müller-Lüdenscheidt,",
        "Höhe von 512,40 Euro",
        "Die Größe der Wohnung in der Süderstraße 12",
        "(§§ 22, 22a SGB II).",
        "Mit freundlichen Grüßen",
    ],
)
def test_what_matters_in_this_field_is_read(name: str, wanted: str):
    assert in_order(wanted, words_of_letter(name))


def test_every_line_of_the_letter_is_a_line(name: str):
    words = words_of_letter(name)
    lines: dict[int, list[str]] = {}
    for word in words:
        lines.setdefault(word.line, []).append(word.text)
    assert [" ".join(line) for line in lines.values()] == list(LETTER)
    assert list(lines) == list(range(len(LETTER)))


def test_boxes_sit_on_the_words(name: str):
    """Outside of all boxes the sheet is white; inside of each there is ink."""
    sheet = scan(dpi=DPI)
    for word in words_of_letter(name):
        box = word.box
        assert 0 <= box.x0 < box.x1 <= 1
        assert 0 <= box.y0 < box.y1 <= 1
        pixels = (
            int(box.x0 * sheet.width),
            int(box.y0 * sheet.height),
            int(box.x1 * sheet.width) + 1,
            int(box.y1 * sheet.height) + 1,
        )
        assert sheet.crop(pixels).getextrema()[0] < 100, word.text
        sheet.paste(255, tuple(p + d for p, d in zip(pixels, (-3, -3, 3, 3), strict=True)))
    assert sheet.getextrema()[0] > 150


def test_confidence_is_a_share_and_never_that_of_embedded_text(name: str):
    assert all(0.5 < word.confidence < 1 for word in words_of_letter(name))


def test_an_empty_page_has_no_words(engine: OcrEngine):
    assert engine.recognise(Image.new("L", (1654, 2339), 255), DPI) == ()


def test_colour_and_grey_pages_read_alike(engine: OcrEngine, name: str):
    sheet = scan(dpi=DPI).convert("RGB")
    assert texts(engine.recognise(sheet, DPI)) == texts(words_of_letter(name))


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_orientation_says_how_to_turn_a_sheet_upright(engine: OcrEngine, turn: int):
    lying = scan(*LETTER * 3, dpi=DPI).rotate(turn, expand=True)  # counter-clockwise
    assert engine.orientation(lying) == turn


def test_the_orientation_of_an_empty_page_is_left_alone(engine: OcrEngine):
    assert engine.orientation(Image.new("L", (800, 1000), 255)) == 0


def test_a_page_does_not_depend_on_the_page_before(engine: OcrEngine, name: str):
    engine.recognise(scan("VOLLMACHT", "Ich bevollmächtige Herrn Petersen.", dpi=DPI), DPI)
    assert engine.recognise(scan(dpi=DPI), DPI) == words_of_letter(name)


def test_a_missing_model_is_named_with_the_package_to_install(name: str, tmp_path: Path):
    with pytest.raises(ServiceMissing, match="Latin") as raised:
        open_engine(name, tmp_path)
    assert "tesseract-ocr-script-latn" in raised.value.remedy


def test_a_model_in_the_folder_script_is_found(name: str, tmp_path: Path):
    model = find_model("Latin")
    (tmp_path / "script").mkdir()
    (tmp_path / "script" / "Latin.traineddata").symlink_to(
        model.folder / f"{model.name}.traineddata"
    )
    words = open_engine(name, tmp_path).recognise(scan("Bescheid nach § 22 SGB II", dpi=DPI), DPI)
    assert texts(words) == ["Bescheid", "nach", "§", "22", "SGB", "II"]


def test_an_unknown_engine_is_refused_with_the_known_ones():
    with pytest.raises(ServiceMissing, match="abbyy") as raised:
        open_engine("abbyy")
    assert all(name in raised.value.remedy for name in ENGINES)
