"""Text or picture, page by page."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pdfplumber
import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo

from eakte.domain.pages import Box, RecognisedPage, TextSource, Word
from eakte.recognition.pdf_text import sound
from eakte.recognition.previews import PREVIEW_WIDTH
from eakte.recognition.reader import Reader, with_words_of_pictures
from tests.unit.recognition.sheets import LETTER, pdf, picture, scan

NoEngine = Callable[[], Any]


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def changed(document: bytes, change: Callable[[pikepdf.Pdf], None]) -> bytes:
    with pikepdf.open(io.BytesIO(document)) as opened:
        change(opened)
        out = io.BytesIO()
        opened.save(out)
    return out.getvalue()


def hide(opened: pikepdf.Pdf) -> None:
    """Make the text of the first page invisible (render mode 3)."""
    content = opened.pages[0].obj.Contents.read_bytes()
    opened.pages[0].obj.Contents = opened.make_stream(content.replace(b"0 Tr", b"3 Tr"))


def image_object(made: pikepdf.Pdf, image: Image.Image) -> pikepdf.Object:
    out = io.BytesIO()
    image.save(out, "JPEG")
    return made.make_stream(
        out.getvalue(),
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=image.width,
        Height=image.height,
        ColorSpace=pikepdf.Name.DeviceGray,
        BitsPerComponent=8,
        Filter=pikepdf.Name.DCTDecode,
    )


def with_picture(document: bytes, image: Image.Image, place: str) -> bytes:
    """The document with ``image`` on its first page, ``place`` being the six numbers of ``cm``."""

    def add(opened: pikepdf.Pdf) -> None:
        page = opened.pages[0]
        page.add_resource(image_object(opened, image), pikepdf.Name.XObject, pikepdf.Name.Bild)
        page.contents_add(f"q {place} cm /Bild Do Q".encode())

    return changed(document, add)


def test_text_of_a_born_digital_page_is_taken_as_it_is(tmp_path: Path, no_engine: NoEngine):
    page = Reader(no_engine).read_page(write(tmp_path / "brief.pdf", pdf()), 1)
    assert page.text.text.splitlines() == list(LETTER)
    assert page.text.source is TextSource.EMBEDDED
    assert page.text.confidence == 1
    assert (page.text.width_mm, page.text.height_mm) == pytest.approx((210, 297), abs=0.1)
    assert page.turn == 0


@pytest.mark.parametrize("font", ["Libertinus Serif", "DejaVu Sans Mono"])
def test_boxes_of_embedded_words_agree_with_those_of_pdfplumber(
    tmp_path: Path, no_engine: NoEngine, font: str
):
    path = write(tmp_path / "brief.pdf", pdf(font=font))
    own = Reader(no_engine).read_page(path, 1).text.words
    with pdfplumber.open(path) as opened:
        theirs = opened.pages[0].extract_words(x_tolerance_ratio=0.15)
        size = float(opened.pages[0].width), float(opened.pages[0].height)
    assert [word.text for word in own] == [word["text"] for word in theirs]
    for mine, other in zip(own, theirs, strict=True):
        assert mine.box.x0 * size[0] == pytest.approx(other["x0"], abs=1.5)
        assert mine.box.x1 * size[0] == pytest.approx(other["x1"], abs=1.5)
        middle = (other["top"] + other["bottom"]) / 2
        assert mine.box.y0 * size[1] < middle < mine.box.y1 * size[1]


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_boxes_follow_the_rotation_of_the_page(tmp_path: Path, no_engine: NoEngine, rotate: int):
    """The page is shown turned by /Rotate; its text says how to turn it upright again."""

    def turn(opened: pikepdf.Pdf) -> None:
        opened.pages[0].obj.Rotate = rotate

    page = Reader(no_engine).read_page(write(tmp_path / "a.pdf", changed(pdf(), turn)), 1)
    straight = Reader(no_engine).read_page(write(tmp_path / "b.pdf", pdf()), 1)
    assert page.turn == (360 - rotate) % 360
    assert page.text.text == straight.text.text
    for one, other in zip(page.text.words, straight.text.words, strict=True):
        assert one.box.as_list() == pytest.approx(other.box.as_list(), abs=0.002)
    assert page.text.width_mm == pytest.approx(210, abs=0.1)


def test_boxes_count_from_the_corner_that_is_shown(tmp_path: Path, no_engine: NoEngine):
    def crop(opened: pikepdf.Pdf) -> None:
        opened.pages[0].mediabox = [-50, -50, 700, 900]
        opened.pages[0].cropbox = [0, 421, 595.276, 841.89]

    page = Reader(no_engine).read_page(write(tmp_path / "a.pdf", changed(pdf(), crop)), 1)
    whole = Reader(no_engine).read_page(write(tmp_path / "b.pdf", pdf()), 1)
    assert page.text.height_mm == pytest.approx(148.5, abs=0.5)
    first, same = page.text.words[0].box, whole.text.words[0].box
    assert first.y0 == pytest.approx(same.y0 * 2, abs=0.01)
    assert first.x0 == pytest.approx(same.x0, abs=0.002)


def test_values_typed_into_a_form_are_part_of_its_text(tmp_path: Path, no_engine: NoEngine):
    def fill(opened: pikepdf.Pdf) -> None:
        font = opened.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Font,
                Subtype=pikepdf.Name.Type1,
                BaseFont=pikepdf.Name.Helvetica,
                Encoding=pikepdf.Name.WinAnsiEncoding,
            )
        )
        look = opened.make_stream(
            b"/Tx BMC q BT /Helv 10 Tf 2 3 Td (Maike Petersen) Tj ET Q EMC",
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Form,
            BBox=[0, 0, 200, 14],
            Resources=pikepdf.Dictionary(Font=pikepdf.Dictionary(Helv=font)),
        )
        field = opened.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot,
                Subtype=pikepdf.Name.Widget,
                FT=pikepdf.Name.Tx,
                T="name",
                V="Maike Petersen",
                DA=b"/Helv 10 Tf 0 g",
                Rect=[110, 762, 310, 776],
                F=4,
                AP=pikepdf.Dictionary(N=look),
            )
        )
        opened.pages[0].obj.Annots = pikepdf.Array([field])
        opened.Root.AcroForm = pikepdf.Dictionary(
            Fields=pikepdf.Array([field]),
            DR=pikepdf.Dictionary(Font=pikepdf.Dictionary(Helv=font)),
        )

    form = changed(pdf(("Name:", "Anschrift:", "Datum:", "Unterschrift:")), fill)
    page = Reader(no_engine).read_page(write(tmp_path / "antrag.pdf", form), 1)
    assert "Name: Maike Petersen" in page.text.text.splitlines()


def test_a_scan_with_somebody_elses_hidden_words_is_read_anew(tmp_path: Path, reader: Reader):
    sheet = scan("Bescheid nach § 22 SGB II", dpi=200)

    hidden = changed(pdf(("Bescheid nach 8 22 SGB Il",) * 3), hide)
    path = write(tmp_path / "scan.pdf", with_picture(hidden, sheet, "595.3 0 0 841.9 0 0"))
    page = reader.read_page(path, 1)
    assert page.text.source is TextSource.OCR
    assert page.text.text == "Bescheid nach § 22 SGB II"


def test_words_that_nobody_sees_are_not_read(tmp_path: Path, reader: Reader):
    page = reader.read_page(write(tmp_path / "leer.pdf", changed(pdf(), hide)), 1)
    assert page.text.words == ()
    assert page.text.source is TextSource.NONE


def test_a_page_whose_characters_mean_nothing_is_read_from_its_picture(
    tmp_path: Path, reader: Reader
):
    def scramble(opened: pikepdf.Pdf) -> None:
        for item in opened.objects:
            if isinstance(item, pikepdf.Dictionary) and "/ToUnicode" in item:
                item.ToUnicode = opened.make_stream(
                    b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap "
                    b"1 begincodespacerange <0000> <FFFF> endcodespacerange "
                    b"1 beginbfrange <0000> <FFFF> <E000> endbfrange endcmap end end"
                )

    page = reader.read_page(write(tmp_path / "kaputt.pdf", changed(pdf(), scramble)), 1)
    assert page.text.source is TextSource.OCR
    assert "12345//0001234" in page.text.text


def test_a_picture_on_a_born_digital_page_is_read_too(tmp_path: Path, reader: Reader):
    stamp = scan("Eingegangen", "20. November 2026", dpi=300, width=80, height=50, margin=10)
    path = write(tmp_path / "stempel.pdf", with_picture(pdf(), stamp, "226 0 0 142 300 60"))
    text = reader.read_page(path, 1).text
    assert text.source is TextSource.EMBEDDED
    assert text.text.splitlines()[: len(LETTER)] == list(LETTER)
    assert "20. November 2026" in text.text
    assert {word.confidence == 1 for word in text.words} == {True, False}


def test_a_small_picture_is_not_worth_ocr(tmp_path: Path, no_engine: NoEngine):
    logo = scan("Logo", dpi=150, width=30, height=30, margin=5)
    path = write(tmp_path / "logo.pdf", with_picture(pdf(), logo, "56 0 0 56 450 750"))
    assert Reader(no_engine).read_page(path, 1).text.source is TextSource.EMBEDDED


def test_pages_are_decided_one_by_one(tmp_path: Path, reader: Reader):
    def scan_second(opened: pikepdf.Pdf) -> None:
        page = opened.pages[1]
        page.obj.Resources = pikepdf.Dictionary(
            XObject=pikepdf.Dictionary(Bild=image_object(opened, scan("Anlage 1: Mietvertrag")))
        )
        page.obj.Contents = opened.make_stream(b"595.3 0 0 841.9 0 0 cm /Bild Do")

    path = write(tmp_path / "gemischt.pdf", changed(pdf(LETTER, LETTER), scan_second))
    pages = [reader.read_page(path, number) for number in (1, 2)]
    assert [page.text.source for page in pages] == [TextSource.EMBEDDED, TextSource.OCR]
    assert pages[1].text.text == "Anlage 1: Mietvertrag"


def test_an_empty_sheet_has_no_words_and_a_preview(tmp_path: Path):
    blank = Image.new("L", (1654, 2339), 240)
    path = tmp_path / "leer.png"
    blank.save(path, dpi=(200, 200))
    page = Reader(QuietEngine).read_page(path, 1)
    assert page.text.words == ()
    assert page.text.source is TextSource.NONE
    assert page.preview


def test_a_sender_that_stands_on_a_rule_is_read(tmp_path: Path, reader: Reader):
    sender = "Klinik am Außendeich, Speicherweg 41, 43741 Okenbüll"
    sheet = scan(sender, "Jobcenter Friesenkoog", "Am Kornmarkt 11", size=8)
    box = sheet.point(lambda value: 255 if value > 128 else 0).crop((0, 0, 1654, 230))
    baseline = Image.eval(box, lambda value: 255 - value).getbbox()[3] - 3
    ImageDraw.Draw(sheet).line((195, baseline, 900, baseline), fill=0, width=2)
    path = tmp_path / "anschrift.png"
    sheet.save(path, dpi=(200, 200))
    words = {word.text for word in reader.read_page(path, 1).text.words}
    assert {"Klinik", "Speicherweg", "43741", "Jobcenter", "Kornmarkt"} <= words


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_sheet_costs_a_band_read_both_ways(
    tmp_path: Path, reader: Reader, engine: Any, turn: int
):
    path = tmp_path / "quer.png"
    scan(*LETTER * 2).rotate(turn, expand=True).save(path, dpi=(200, 200))
    page = reader.read_page(path, 1)
    assert page.turn == turn
    assert page.text.text.splitlines()[: len(LETTER)] == list(LETTER)
    assert (engine.read, engine.oriented) == (3, 0)  # two bands, then the page once
    preview = Image.open(io.BytesIO(page.preview))
    assert preview.height > preview.width


def test_a_table_of_figures_on_its_head_is_turned(tmp_path: Path, reader: Reader, engine: Any):
    rows = [
        f"01.01.20{year} - 31.12.20{year}   Pflichtbeitragszeit   {17 * year * year},8{year % 10}"
        for year in range(11, 26)
    ]
    path = tmp_path / "versicherungsverlauf.png"
    scan(*rows, size=10).rotate(180).save(path, dpi=(200, 200))
    engine.orientation = lambda _image: 0  # as it says of tables with few letters
    page = reader.read_page(path, 1)
    assert page.turn == 180
    assert "Pflichtbeitragszeit" in page.text.text
    assert engine.read <= 4


def test_an_upright_sheet_costs_one_reading(tmp_path: Path, reader: Reader, engine: Any):
    path = tmp_path / "blatt.png"
    scan().save(path, dpi=(200, 200))
    reader.read_page(path, 1)
    assert (engine.read, engine.oriented) == (1, 0)


def test_tiny_print_is_read_at_300_dpi(tmp_path: Path, reader: Reader, engine: Any):
    path = tmp_path / "agb.png"
    lines = ["Die Bewilligung erfolgt nach § 22 Abs. 1 SGB II unter Vorbehalt."] * 12
    scan(*lines, dpi=300, size=4.6).save(path, dpi=(300, 300))
    page = reader.read_page(path, 1)
    assert engine.read == 2
    assert page.dpi == 300


def assert_legible_and_light(page: RecognisedPage, kind: str) -> None:
    with Image.open(io.BytesIO(page.preview)) as preview:
        assert preview.format == kind
        assert preview.width == pytest.approx(PREVIEW_WIDTH, rel=0.02)
        assert preview.height == pytest.approx(preview.width * 2**0.5, abs=2)
    with Image.open(io.BytesIO(page.thumbnail)) as small:
        assert small.format == kind
        assert small.width == pytest.approx(200, rel=0.02)
    assert len(page.preview) < 150_000
    assert len(page.thumbnail) < 8_000
    assert page.media_type == f"image/{kind.lower()}"


def test_previews_of_scans_are_legible_and_light(tmp_path: Path):
    path = tmp_path / "a.png"
    scan(*LETTER * 3).save(path, dpi=(200, 200))
    assert_legible_and_light(Reader(QuietEngine).read_page(path, 1), "JPEG")


def test_what_a_picture_says_of_itself_goes_into_no_preview(tmp_path: Path):
    notes = PngInfo()
    notes.add_text("comment", "geheim " * 10_000)
    path = tmp_path / "a.png"
    scan(*LETTER).save(path, dpi=(200, 200), pnginfo=notes)
    assert b"geheim" not in Reader(QuietEngine).read_page(path, 1).preview


def test_previews_of_drawn_pages_are_sharp_and_light(tmp_path: Path, no_engine: NoEngine):
    page = Reader(no_engine).read_page(write(tmp_path / "a.pdf", pdf(LETTER * 3)), 1)
    assert_legible_and_light(page, "PNG")
    with Image.open(io.BytesIO(page.preview)) as preview:
        assert preview.convert("L").getextrema() == (0, 255)


def test_colour_is_kept_where_there_is_some(tmp_path: Path):
    grey = picture(pdf()).convert("RGB")
    red = grey.copy()
    ImageDraw.Draw(red).ellipse((1000, 300, 1300, 600), outline=(200, 0, 0), width=20)
    for name, image, colours in (("grau", grey, False), ("rot", red, True)):
        path = write(tmp_path / f"{name}.pdf", b"")
        image.save(path, "PDF", resolution=200)
        page = Reader(QuietEngine).read_page(path, 1)
        with Image.open(io.BytesIO(page.preview)) as preview:
            spread = preview.convert("HSV").getchannel("S").getextrema()[1]
        assert (spread > 100) is colours


class QuietEngine:
    """Reads nothing."""

    name = "quiet"

    def recognise(self, _image: Image.Image, _dpi: int) -> tuple[Word, ...]:
        return ()

    def orientation(self, _image: Image.Image) -> int:
        return 0


GERMAN = st.lists(
    st.sampled_from([*" ".join(LETTER).split(), "Straße", "geb.", "§", "1.234,56", "GmbH"]),
    min_size=1,
    max_size=80,
)


@given(GERMAN)
def test_german_is_sound(words: list[str]):
    assert sound(words)


@given(GERMAN, st.integers(0xE000, 0xF000))
def test_private_characters_are_not(words: list[str], base: int):
    assert not sound(["".join(chr(base + ord(char) % 256) for char in word) for word in words])


def test_shifted_letters_are_not_sound():
    shifted = ["".join(chr(ord(char) + 3) for char in word) for word in " ".join(LETTER).split()]
    assert not sound(shifted)


def test_words_from_pictures_follow_and_never_repeat_the_pages_own():
    own = (Word("Bescheid", Box(0.1, 0.1, 0.3, 0.12), 0, 0),)
    seen = (
        Word("Bescheld", Box(0.1, 0.1, 0.3, 0.12), 0, 0, 0.8),
        Word("Stempel", Box(0.6, 0.8, 0.7, 0.82), 1, 1, 0.9),
        Word("~~", Box(0.8, 0.8, 0.82, 0.82), 1, 1, 0.1),
    )
    words = with_words_of_pictures(own, seen)
    assert [(word.text, word.line, word.block) for word in words] == [
        ("Bescheid", 0, 0),
        ("Stempel", 2, 2),
    ]
