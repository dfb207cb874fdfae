"""The picture is looked at before it is read: what needs no OCR gets none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from eakte.domain.pages import Box, PageCode, Sheet, SheetKind, TextSource, Word
from eakte.recognition.reader import Reader
from tests.plain_intake import UnaskedEngine


class UpsideDownEngine:
    """Reads words only on the sheet that was turned by 180 degrees."""

    name = "upside-down"

    def recognise(self, image: Image.Image, _dpi: int) -> tuple[Word, ...]:
        dark = np.argwhere(np.asarray(image) < 100)
        upright = dark.size > 0 and dark[:, 0].mean() < image.height / 2
        text = "Sozialzentrum" if upright else "x"
        return (Word(text=text, box=Box(0.1, 0.1, 0.5, 0.12), confidence=0.9 if upright else 0.2),)

    def orientation(self, _image: Image.Image) -> int:
        return 180


def scan(folder: Path, *, bar_at: float = 0.9) -> Path:
    image = Image.new("L", (1654, 2339), 255)
    ImageDraw.Draw(image).rectangle((200, bar_at * 2339, 900, bar_at * 2339 + 60), fill=0)
    image.save(folder / "blatt.png", dpi=(200, 200))
    return folder / "blatt.png"


def test_blank_sides_and_separators_cost_no_ocr(tmp_path: Path):
    for kind in (SheetKind.BLANK, SheetKind.SEPARATOR):
        reader = Reader(UnaskedEngine, examine=lambda *_, kind=kind: Sheet(kind=kind, ink=0.001))
        page = reader.read_page(scan(tmp_path), 1)
        assert page.sheet.kind is kind
        assert page.text.source is TextSource.NONE
        assert page.preview  # it can still be seen


def test_codes_are_placed_on_the_upright_page(tmp_path: Path):
    code = PageCode(symbology="qr", text="EAKTE1", box=Box(0.1, 0.2, 0.3, 0.4))
    cover = Sheet(kind=SheetKind.COVER, codes=(code,))
    page = Reader(UpsideDownEngine, examine=lambda *_: cover).read_page(scan(tmp_path), 1)
    assert page.turn == 180
    (turned,) = page.sheet.codes
    assert turned.box.as_list() == [0.7, 0.6, 0.9, 0.8]


def test_the_look_knows_resolution_and_words_that_came_with_the_page(tmp_path: Path):
    seen: list[tuple[int, tuple[Word, ...]]] = []

    def examine(image: Image.Image, dpi: int, words: tuple[Word, ...]) -> Sheet:
        seen.append((dpi, words))
        return Sheet()

    Reader(UpsideDownEngine, examine=examine).read_page(scan(tmp_path), 1)
    assert seen == [(200, ())]


def test_a_sheet_that_lay_far_askew_is_remarked(tmp_path: Path):
    image = Image.new("L", (1654, 2339), 255)
    draw = ImageDraw.Draw(image)
    for line in range(25):
        for word in range(9):
            left, top = 200 + 140 * word, 300 + 60 * line
            draw.rectangle((left, top, left + 110, top + 18), fill=0)
    image.rotate(-4, fillcolor=255).save(tmp_path / "schief.png", dpi=(200, 200))
    sheet = Reader(UpsideDownEngine).read_page(tmp_path / "schief.png", 1).sheet
    assert 3.6 <= sheet.skew <= 4.4
    assert [remark.code for remark in sheet.remarks] == ["askew"]
    assert "Grad schief" in sheet.remarks[0].message
