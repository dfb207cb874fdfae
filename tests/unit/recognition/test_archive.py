"""Archive copies are valid PDF/A-2b, look the same, and say what was read where it stands."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import page as page_validation
import pikepdf
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageDraw

from eakte.domain.pages import Box, PageText, RecognisedPage, TextSource, Word
from eakte.errors import IntakeError
from eakte.recognition.archive import archive_copy, archived
from eakte.recognition.archive_images import g4_image, jbig2_kinds
from eakte.recognition.geometry import turned_size
from eakte.recognition.limits import Limits
from tests.unit.recognition.sheets import LETTER, pdf, saved, scan

WORDS = (
    Word("§", Box(0.1, 0.1, 0.12, 0.115), 0, 0, 0.9),
    Word("22", Box(0.13, 0.1, 0.16, 0.115), 0, 0, 0.9),
    Word("Größe:", Box(0.2, 0.1, 0.3, 0.115), 0, 0, 0.9),
    Word("12345//0001234", Box(0.6, 0.5, 0.85, 0.52), 1, 1, 0.9),
    Word("„Ende“", Box(0.1, 0.95, 0.2, 0.97), 2, 2, 0.9),
)


def recognised(
    number: int = 1,
    *,
    words: tuple[Word, ...] = WORDS,
    source: TextSource = TextSource.OCR,
    turn: int = 0,
) -> RecognisedPage:
    return RecognisedPage(
        number=number,
        text=PageText(words=words, source=source),
        dpi=200,
        turn=turn,
        preview=b"",
        thumbnail=b"",
    )


def opened(copy: bytes) -> pypdfium2.PdfDocument:
    report = page_validation.validate_pdf_bytes(copy, profile="2b")
    assert [failure.message for failure in report.failures] == []
    return pypdfium2.PdfDocument(copy)


def text_of(copy: bytes, number: int = 1) -> str:
    document = opened(copy)
    try:
        return str(document[number - 1].get_textpage().get_text_range())
    finally:
        document.close()


def look_of(document: bytes, number: int = 1) -> np.ndarray[Any, Any]:
    read = pypdfium2.PdfDocument(document)
    try:
        return np.asarray(read[number - 1].render(scale=0.5).to_pil().convert("L"), dtype=int)
    finally:
        read.close()


def with_change(document: bytes, change: Callable[[pikepdf.Pdf], None]) -> bytes:
    with pikepdf.open(io.BytesIO(document)) as original:
        change(original)
        out = io.BytesIO()
        original.save(out)
    return out.getvalue()


IMAGES: dict[str, tuple[str, Callable[[Image.Image], Image.Image]]] = {
    "black and white TIFF": (".tif", lambda sheet: sheet.convert("1")),
    "grey TIFF": (".tif", lambda sheet: sheet),
    "colour TIFF": (".tif", lambda sheet: sheet.convert("RGB")),
    "black and white PNG": (".png", lambda sheet: sheet.convert("1")),
    "palette PNG": (".png", lambda sheet: sheet.convert("P")),
    "transparent PNG": (".png", lambda sheet: sheet.convert("RGBA")),
    "16-bit PNG": (
        ".png",
        lambda sheet: Image.fromarray(np.asarray(sheet).astype(np.uint16) * 257),
    ),
    "grey JPEG": (".jpg", lambda sheet: sheet),
    "colour JPEG": (".jpg", lambda sheet: sheet.convert("RGB")),
    "WebP": (".webp", lambda sheet: sheet.convert("RGB")),
    "GIF": (".gif", lambda sheet: sheet),
    "palette GIF": (".gif", lambda sheet: sheet.convert("RGB").quantize(16)),
    "BMP": (".bmp", lambda sheet: sheet.convert("RGB")),
    "CMYK JPEG": (".jpg", lambda sheet: sheet.convert("RGB").convert("CMYK")),
}


@pytest.mark.parametrize("kind", IMAGES)
def test_every_kind_of_image_becomes_a_valid_copy_that_looks_the_same(tmp_path: Path, kind: str):
    suffix, change = IMAGES[kind]
    sheet = scan()
    copy = archive_copy(saved(change(sheet), tmp_path / f"a{suffix}"), [recognised()])
    assert "12345//0001234" in text_of(copy)
    small = sheet.resize((298, 421), Image.Resampling.BOX)
    assert np.abs(look_of(copy)[:420, :297] - np.asarray(small)[:420, :297]).mean() < 4


def test_a_jpeg_goes_in_byte_for_byte(tmp_path: Path):
    path = saved(scan().convert("RGB"), tmp_path / "a.jpg")
    with pikepdf.open(io.BytesIO(archive_copy(path, [recognised()]))) as copy:
        (image,) = copy.pages[0].get_images().values()
        assert image.read_raw_bytes() == path.read_bytes()


@pytest.mark.parametrize("mode", ["L", "RGB", "YCbCr"])
def test_a_jpeg_within_a_tiff_goes_in_as_it_is(tmp_path: Path, mode: str):
    path = tmp_path / "a.tif"
    sheet = scan(dpi=100).convert(mode)
    sheet.save(
        path, compression="jpeg", quality=80, dpi=(100, 100), strip_size=10_000_000, tiffinfo={}
    )
    copy = archive_copy(path, [recognised()])
    opened(copy).close()
    with pikepdf.open(io.BytesIO(copy)) as read, Image.open(path) as original:
        (image,) = read.pages[0].get_images().values()
        assert str(image.Filter) in ("/DCTDecode", '[pikepdf.Name("/DCTDecode")]')
        scanned = image.read_raw_bytes()
        whole = path.read_bytes()
        strip = whole[original.tag_v2[273][0] :][: original.tag_v2[279][0]]  # type: ignore[attr-defined]
        assert scanned.endswith(strip[2:])
        shown = np.asarray(pikepdf.PdfImage(image).as_pil_image().convert("RGB"), dtype=int)
        assert np.abs(shown - np.asarray(original.convert("RGB"), dtype=int)).max() < 6


def noisy(sheet: Image.Image) -> Image.Image:
    grain = np.random.default_rng(1).normal(0, 4, (sheet.height, sheet.width))
    grey = np.asarray(sheet, dtype=float) * 0.9 + 15 + grain
    return Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8))


SIZES: dict[str, tuple[str, Callable[[Image.Image], Image.Image], dict[str, Any]]] = {
    "JPEG": (".jpg", lambda sheet: sheet, {"quality": 75}),
    "colour JPEG": (".jpg", lambda sheet: sheet.convert("RGB"), {"quality": 75}),
    "progressive JPEG": (".jpg", lambda sheet: sheet, {"quality": 75, "progressive": True}),
    "CMYK JPEG": (".jpg", lambda sheet: sheet.convert("RGB").convert("CMYK"), {"quality": 75}),
    "G4": (".tif", lambda sheet: sheet.point(above_140).convert("1"), {"compression": "group4"}),
    "G3": (".tif", lambda sheet: sheet.point(above_140).convert("1"), {"compression": "group3"}),
    "dots in G4": (".tif", lambda sheet: sheet.convert("1"), {"compression": "group4"}),
    "LZW": (".tif", lambda sheet: sheet, {"compression": "tiff_lzw"}),
    "JPEG in TIFF": (".tif", lambda sheet: sheet, {"compression": "jpeg"}),
    "plain TIFF": (".tif", lambda sheet: sheet.convert("RGB"), {}),
    "PNG": (".png", lambda sheet: sheet, {}),
    "dots in PNG": (".png", lambda sheet: sheet.convert("1"), {}),
    "palette PNG": (".png", lambda sheet: sheet.convert("RGB").quantize(16), {}),
    "GIF": (".gif", lambda sheet: sheet, {}),
    "BMP": (".bmp", lambda sheet: sheet, {}),
}


def above_140(value: int) -> int:
    return 255 if value > 140 else 0


@pytest.mark.parametrize("kind", SIZES)
def test_a_copy_takes_hardly_more_bytes_than_the_original(tmp_path: Path, kind: str):
    suffix, change, options = SIZES[kind]
    path = tmp_path / f"a{suffix}"
    change(noisy(scan(*LETTER * 4))).save(path, dpi=(200, 200), **options)
    size, copy = path.stat().st_size, archive_copy(path, [recognised()])
    opened(copy).close()
    assert len(copy) <= (1.05 * size if suffix == ".jpg" else 1.15 * size + 12_000)


@pytest.mark.parametrize("kind", ["CMYK JPEG", "transparent PNG", "colour TIFF"])
def test_a_sheet_that_is_too_large_to_code_as_a_whole_looks_the_same(tmp_path: Path, kind: str):
    suffix, change = IMAGES[kind]
    sheet = scan()
    path = saved(change(sheet), tmp_path / f"a{suffix}")
    copy = archive_copy(path, [recognised()], Limits(work_pixels=1_000_000))
    assert "12345//0001234" in text_of(copy)
    with pikepdf.open(io.BytesIO(copy)) as pdf:
        bands = list(pdf.pages[0].Resources.XObject.values())
        assert sum(int(band.Height) for band in bands) == sheet.height + len(bands) - 1
        assert len(bands) == 3
    whole = look_of(archive_copy(path, [recognised()]))
    assert np.abs(look_of(copy) - whole).mean() < 1


def test_a_short_jpeg_grows_by_two_kilobytes_and_its_words(tmp_path: Path):
    path = saved(Image.new("L", (800, 1130), 240), tmp_path / "a.jpg")
    size = path.stat().st_size
    assert len(archive_copy(path, [recognised(words=())])) <= size + 2_100
    line = ["Kosten", "der", "Unterkunft", "(§", "22):", "512,40", "€", "Größe"]
    many = tuple(
        Word(text, Box(x / 12, y / 55, (x + 0.9) / 12, (y + 0.7) / 55), y, 0, 0.9)
        for y in range(5, 45)
        for x, text in enumerate(line, start=1)
    )
    copy = archive_copy(path, [recognised(words=many)])
    assert "(§ 22): 512,40 € Größe" in text_of(copy).replace("\r\n", " ")
    assert len(copy) <= size + 3_400 + 10 * len(many)


def test_jbig2_is_told_apart_by_its_segments():
    page = bytes.fromhex("0000000030000100000013000009f600000ce400000000000000000000 00")
    assert 48 in jbig2_kinds(page)
    symbols = bytes.fromhex("00000000 00 00 01 00000002 ffff")
    assert jbig2_kinds(symbols) == {0}
    assert -1 in jbig2_kinds(symbols[:-4])
    assert -1 in jbig2_kinds(bytes.fromhex("00000000 26 00 01 ffffffff"))


@given(st.binary(max_size=200))
def test_following_segments_always_ends(data: bytes):
    assert isinstance(jbig2_kinds(data), set)


def test_black_and_white_loses_no_pixel(tmp_path: Path):
    sheet = scan().convert("1")
    copy = archive_copy(saved(sheet, tmp_path / "a.tif"), [recognised()])
    with pikepdf.open(io.BytesIO(copy)) as read:
        (image,) = read.pages[0].get_images().values()
        assert "/CCITTFaxDecode" in pikepdf.PdfImage(image).filters
        stored = pikepdf.PdfImage(image).as_pil_image()
    assert np.array_equal(np.asarray(stored.convert("1")), np.asarray(sheet))
    assert len(copy) < 60_000


def test_ccitt_strips_have_the_polarity_that_pdf_expects():
    square = Image.new("1", (64, 64), 1)
    ImageDraw.Draw(square).rectangle((0, 0, 31, 63), fill=0)
    with pikepdf.new() as made:
        page = made.add_blank_page(page_size=(64, 64))
        image = g4_image(made, square)
        page.obj.Resources = Dictionary(XObject=Dictionary(Im=image))
        page.obj.Contents = made.make_stream(b"64 0 0 64 0 0 cm /Im Do")
        out = io.BytesIO()
        made.save(out)
    shown = look_of(out.getvalue())
    assert shown[:, :14].max() < 50
    assert shown[:, 18:].min() > 200


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("cropped", [False, True])
def test_words_stand_exactly_where_they_were_seen(
    tmp_path: Path, rotate: int, turn: int, cropped: bool
):
    """Boxes are on the upright page: after the page's own rotation and the turn."""

    def prepare(made: pikepdf.Pdf) -> None:
        made.pages[0].obj.Rotate = rotate
        if cropped:
            made.pages[0].mediabox = [-20, -30, 700, 900]
            made.pages[0].cropbox = [30, 40, 530, 740]

    path = tmp_path / "a.pdf"
    path.write_bytes(with_change(pdf(("",)), prepare))
    size = (500.0, 700.0) if cropped else (595.276, 841.89)
    wide, high = turned_size(*size, rotate + turn)
    document = opened(archive_copy(path, [recognised(turn=turn)]))
    page = document[0]
    assert page.get_size() == pytest.approx((wide, high), abs=0.1)
    assert page.get_rotation() == (rotate + turn) % 360
    textpage = page.get_textpage()
    left, bottom, right, top = page.get_bbox()
    for word in WORDS:
        found = textpage.search(word.text, match_case=True).get_next()
        assert found is not None, word.text
        index, count = found
        boxes = [textpage.get_charbox(number, loose=True) for number in range(index, index + count)]
        unturned = Box(
            (min(b[0] for b in boxes) - left) / (right - left),
            (top - max(b[3] for b in boxes)) / (top - bottom),
            (max(b[2] for b in boxes) - left) / (right - left),
            (top - min(b[1] for b in boxes)) / (top - bottom),
        )
        seen = unturned.turned((rotate + turn) % 360)
        assert seen.as_list() == pytest.approx(word.box.as_list(), abs=0.004), word.text
    document.close()


def test_a_turned_sheet_stands_upright_in_its_copy(tmp_path: Path):
    lying = scan(*LETTER * 2).rotate(90, expand=True)
    copy = archive_copy(saved(lying, tmp_path / "a.png"), [recognised(turn=90)])
    upright = look_of(archive_copy(saved(scan(*LETTER * 2), tmp_path / "b.png"), [recognised()]))
    assert np.abs(look_of(copy)[:420, :297] - upright[:420, :297]).mean() < 3


@pytest.mark.parametrize("orientation", [3, 6, 8, 2, 5])
def test_photographs_stand_as_their_camera_says(tmp_path: Path, orientation: int):
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        8: Image.Transpose.ROTATE_270,
    }
    exif = Image.Exif()
    exif[0x0112] = orientation
    sheet = scan(dpi=100)
    path = saved(sheet.transpose(undo[orientation]), tmp_path / "a.jpg", dpi=100, exif=exif)
    copy = archive_copy(path, [recognised()])
    assert "12345//0001234" in text_of(copy)
    small = sheet.resize((298, 421), Image.Resampling.BOX)
    assert np.abs(look_of(copy)[:420, :297] - np.asarray(small)[:420, :297]).mean() < 6


def test_a_born_digital_page_keeps_its_own_text_and_nothing_is_said_twice(tmp_path: Path):
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf())
    own = tuple(Word(text, Box(0.1, 0.1, 0.2, 0.2)) for text in " ".join(LETTER).split())
    copy = archive_copy(path, [recognised(words=own, source=TextSource.EMBEDDED)])
    assert text_of(copy).split() == " ".join(LETTER).split()
    assert len(copy) < 60_000


def test_words_that_only_pictures_gave_are_added_to_a_born_digital_page(tmp_path: Path):
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf())
    stamp = Word("Eingegangen", Box(0.6, 0.8, 0.8, 0.82), 9, 9, 0.9)
    copy = archive_copy(path, [recognised(words=(stamp,), source=TextSource.EMBEDDED)])
    assert text_of(copy).split() == [*" ".join(LETTER).split(), "Eingegangen"] or set(
        text_of(copy).split()
    ) == {*" ".join(LETTER).split(), "Eingegangen"}


def helvetica(made: pikepdf.Pdf) -> None:
    """A page set in a font that is not embedded."""
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    page = made.pages[0]
    page.obj.Resources = Dictionary(Font=Dictionary(F1=font))
    page.obj.Contents = made.make_stream(b"BT /F1 24 Tf 72 700 Td (Widerspruch) Tj ET")


def cmyk(made: pikepdf.Pdf) -> None:
    made.pages[0].obj.Contents = made.make_stream(b"0 1 1 0 k 100 100 300 300 re f")


def script(made: pikepdf.Pdf) -> None:
    action = Dictionary(S=Name.JavaScript, JS="app.alert('hallo')")
    made.Root.OpenAction = action
    made.pages[0].obj.AA = Dictionary(O=action)


def attachment(made: pikepdf.Pdf) -> None:
    made.attachments["liste.xlsx"] = b"PK\x03\x04"


def note(made: pikepdf.Pdf) -> None:
    made.pages[0].obj.Annots = Array(
        [
            made.make_indirect(
                Dictionary(
                    Type=Name.Annot, Subtype=Name.Text, Rect=[100, 100, 120, 120], Contents="Notiz"
                )
            )
        ]
    )


def film(made: pikepdf.Pdf) -> None:
    made.pages[0].obj.Annots = Array(
        [
            made.make_indirect(
                Dictionary(Type=Name.Annot, Subtype=Name.Movie, Rect=[100, 100, 120, 120])
            )
        ]
    )


@pytest.mark.parametrize("fault", [helvetica, cmyk, script, attachment, note, film])
def test_what_pdf_a_does_not_allow_is_left_out_or_redrawn(
    tmp_path: Path, fault: Callable[[pikepdf.Pdf], None]
):
    path = tmp_path / "a.pdf"
    path.write_bytes(with_change(pdf(("Erste Seite",), ("Zweite Seite",)), fault))
    first = recognised(words=WORDS, source=TextSource.EMBEDDED)
    second = recognised(2, words=(), source=TextSource.EMBEDDED)
    copy = archive_copy(path, [first, second])
    document = opened(copy)
    assert len(document) == 2
    document.close()
    before, after = look_of(path.read_bytes()), look_of(copy)
    assert np.abs(before[:420, :297] - after[:420, :297]).mean() < 3
    assert "Zweite Seite" in text_of(copy, 2)


def test_only_the_page_that_needs_it_is_redrawn_and_that_is_said(tmp_path: Path):
    path = tmp_path / "a.pdf"
    path.write_bytes(with_change(pdf(("Erste",), ("Zweite Seite",)), helvetica))
    words = (Word("Widerspruch", Box(0.12, 0.14, 0.35, 0.17)),)
    into = tmp_path / "copy.pdf"
    remarks = archived(
        path,
        [
            recognised(words=words, source=TextSource.EMBEDDED),
            recognised(2, words=(), source=TextSource.EMBEDDED),
        ],
        into,
    )
    assert [(remark.code, remark.page) for remark in remarks] == [("redrawn", 1)]
    copy = into.read_bytes()
    with pikepdf.open(io.BytesIO(copy)) as read:
        assert [len(page.get_images()) for page in read.pages] == [1, 0]
    assert text_of(copy).strip() == "Widerspruch"
    assert text_of(copy, 2).strip() == "Zweite Seite"


def test_garbled_text_does_not_survive_beside_the_recognised_words(tmp_path: Path):
    def scramble(made: pikepdf.Pdf) -> None:
        for item in made.objects:
            if isinstance(item, Dictionary) and "/ToUnicode" in item:
                item.ToUnicode = made.make_stream(
                    b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap "
                    b"1 begincodespacerange <0000> <FFFF> endcodespacerange "
                    b"1 beginbfrange <0000> <FFFF> <E000> endbfrange endcmap end end"
                )

    path = tmp_path / "a.pdf"
    path.write_bytes(with_change(pdf(), scramble))
    text = text_of(archive_copy(path, [recognised()]))
    assert text.split() == [word.text for word in WORDS]


def test_pages_that_were_not_read_keep_their_picture(tmp_path: Path):
    sheet = scan(dpi=100)
    path = tmp_path / "a.tif"
    sheet.save(path, save_all=True, append_images=[sheet, sheet], dpi=(100, 100))
    copy = archive_copy(path, [recognised(2)])
    document = opened(copy)
    assert [bool(p.get_textpage().count_chars()) for p in document] == [False, True, False]
    document.close()


def test_the_same_input_gives_the_same_bytes(tmp_path: Path):
    paths = [saved(scan(), tmp_path / "a.jpg"), tmp_path / "b.pdf"]
    paths[1].write_bytes(with_change(pdf(), helvetica))
    for path in paths:
        assert archive_copy(path, [recognised()]) == archive_copy(path, [recognised()])


def test_an_owners_lock_is_taken_off_and_a_readers_password_refused(tmp_path: Path):
    path = tmp_path / "a.pdf"
    with pikepdf.open(io.BytesIO(pdf())) as made:
        made.save(path, encryption=pikepdf.Encryption(user="", owner="geheim"))
    assert text_of(archive_copy(path, []))
    with pikepdf.open(io.BytesIO(pdf())) as made:
        made.save(path, encryption=pikepdf.Encryption(user="geheim", owner="geheim"))
    with pytest.raises(IntakeError) as raised:
        archive_copy(path, [])
    assert raised.value.reason == "encrypted"
