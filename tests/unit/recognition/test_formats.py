"""What is opened, what is refused, and whether pages come out as they were meant to be seen."""

from __future__ import annotations

import contextlib
import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from eakte.errors import IntakeError
from eakte.recognition.formats import SourceFormat, detect
from eakte.recognition.images import ImageSource, plain
from eakte.recognition.limits import Limits
from eakte.recognition.reader import Reader, open_source
from eakte.recognition.sources import SourcePage
from tests.unit.recognition.sheets import pdf, saved, scan

MODES = ("1", "L", "P", "RGB", "RGBA", "LA", "CMYK", "I;16")
_KINDS = {
    "1": (".tif", ".png", ".bmp"),
    "L": (".tif", ".png", ".jpg", ".bmp", ".gif"),
    "P": (".tif", ".png", ".bmp", ".gif"),
    "RGB": (".tif", ".png", ".jpg", ".bmp", ".webp"),
    "RGBA": (".tif", ".png", ".webp"),
    "LA": (".tif", ".png"),
    "CMYK": (".tif", ".jpg"),
    "I;16": (".tif", ".png"),
}


def in_mode(image: Image.Image, mode: str) -> Image.Image:
    """A grey image in another mode, looking the same on white paper."""
    if mode == "I;16":
        return Image.fromarray(np.asarray(image).astype(np.uint16) * 257)
    if mode in ("LA", "RGBA"):  # black ink, as transparent as it was light
        ink = Image.new("L", image.size, 0)
        cover = image.point(lambda value: 255 - value)
        return Image.merge(mode, (ink,) * (len(mode) - 1) + (cover,))
    if mode == "P":
        return image.convert("P", palette=Image.Palette.ADAPTIVE)
    return image.convert("RGB").convert(mode) if mode == "CMYK" else image.convert(mode)


@pytest.fixture(scope="module", name="sheet")
def sheet_() -> Image.Image:
    return scan(dpi=100)


def refusal(path: Path, limits: Limits | None = None) -> IntakeError:
    with pytest.raises(IntakeError) as raised, open_source(path, limits) as source:
        source.page(1).render(100)
    return raised.value


def read_all(path: Path) -> None:
    with open_source(path) as source:
        for number in range(1, source.page_count + 1):
            source.page(number)


@pytest.mark.parametrize(
    ("mode", "suffix"), [(mode, suffix) for mode in MODES for suffix in _KINDS[mode]]
)
def test_every_colour_mode_shows_the_same_sheet(
    tmp_path: Path, sheet: Image.Image, mode: str, suffix: str
):
    options = {"lossless": True} if suffix == ".webp" else {}
    path = saved(in_mode(sheet, mode), tmp_path / f"blatt{suffix}", dpi=100, **options)
    with open_source(path) as source:
        shown = source.page(1).render(100)
    assert shown.mode in ("L", "RGB")
    difference = np.abs(np.asarray(shown.convert("L"), dtype=int) - np.asarray(sheet, dtype=int))
    assert difference.mean() < (6 if mode == "1" else 2)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_photographs_are_turned_as_their_camera_says(
    tmp_path: Path, sheet: Image.Image, orientation: int
):
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = sheet.transpose(undo[orientation]) if orientation > 1 else sheet
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = saved(stored, tmp_path / "foto.jpg", dpi=100, exif=exif, quality=95)
    with open_source(path) as source:
        page = source.page(1)
        shown = page.render(100)
    assert shown.size == sheet.size
    assert (page.width_mm, page.height_mm) == pytest.approx((210, 297), abs=1)
    difference = np.abs(np.asarray(shown, dtype=int) - np.asarray(sheet, dtype=int))
    assert difference.mean() < 3


def test_damaged_camera_data_do_not_matter(tmp_path: Path, sheet: Image.Image):
    path = saved(sheet, tmp_path / "foto.jpg", exif=b"Exif\0\0MM\0*\0\0\0\x08\0\x05\x01")
    with open_source(path) as source:
        assert source.page(1).render(200).size[0] == sheet.size[0]


def test_fax_lines_are_stretched_to_square_pixels(tmp_path: Path, sheet: Image.Image):
    fax = sheet.resize((sheet.width * 2, sheet.height)).convert("1")
    path = tmp_path / "fax.tif"
    fax.save(path, dpi=(200, 100), compression="group4")
    with open_source(path) as source:
        page = source.page(1)
        assert page.width_mm == pytest.approx(210, abs=1)
        assert page.height_mm == pytest.approx(297, abs=1)
        assert page.render(200).size == pytest.approx((1654, 2339), abs=4)


@pytest.mark.parametrize("claimed", [None, 1, 72, 96])
def test_a_photograph_without_a_true_resolution_is_taken_for_a4(
    tmp_path: Path, claimed: int | None
):
    photo = Image.new("L", (2480, 3508), 255)
    path = tmp_path / "foto.jpg"
    photo.save(path, **({"dpi": (claimed, claimed)} if claimed else {}))
    with open_source(path) as source:
        assert source.page(1).height_mm == pytest.approx(297, abs=1)


def test_thumbnails_inside_a_tiff_are_no_pages(tmp_path: Path, sheet: Image.Image):
    path = tmp_path / "stapel.tif"
    small = sheet.copy()
    small.thumbnail((60, 80))
    small.encoderinfo = {"tiffinfo": {254: 1}}
    sheet.save(path, save_all=True, append_images=[small, sheet])
    with open_source(path) as source:
        assert source.page_count == 2
        assert source.page(2).render(100).size == sheet.size


def test_the_name_of_a_file_is_only_a_claim(tmp_path: Path, sheet: Image.Image):
    path = tmp_path / "brief.pdf"
    sheet.save(path, "PNG")
    assert detect(path) is SourceFormat.PNG
    (tmp_path / "scan.jpg").write_bytes(b"\n\n" + pdf())
    assert detect(tmp_path / "scan.jpg") is SourceFormat.PDF


@pytest.mark.parametrize(
    ("content", "reason", "said"),
    [
        (b"", "empty", "leer"),
        (b"\x00\x01\x02\x03" * 50, "unknown_format", "kein Dokument"),
        (b"<?xml version='1.0'?><rechnung/>", "unknown_format", "XML"),
        (b"Rar!\x1a\x07\x00", "unknown_format", "RAR"),
        (b"MZ\x90\x00\x03", "unknown_format", "Programm"),
        (b"   \n ", "unknown_format", "kein Dokument"),
        (b"GIF89a....", "damaged", "besch"),
        (b"RIFF\x10\x00\x00\x00WEBPkaputt", "damaged", "besch"),
        (b"%PDF-1.7\nnur der Anfang", "damaged", "Ende"),
        (b"%PDF-1.7\n" + b"x" * 500 + b"\nstartxref\n0\n%%EOF", "damaged", "besch"),
        (b"\x89PNG\r\n\x1a\n" + b"kaputt", "damaged", "besch"),
        (b"\xff\xd8\xff\xe0" + b"kaputt", "damaged", "besch"),
        (b"II*\x00" + b"\xff" * 20, "damaged", "besch"),
    ],
)
def test_what_is_no_document_is_refused_with_its_reason(
    tmp_path: Path, content: bytes, reason: str, said: str
):
    path = tmp_path / "post.pdf"
    path.write_bytes(content)
    error = refusal(path)
    assert error.reason == reason
    assert said in error.message
    assert error.remedy


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"Lieber Herr Petersen,\r\ndanke.", SourceFormat.TXT),
        ("Größe: § 22".encode("cp1252"), SourceFormat.TXT),
        ("Größe".encode("utf-16"), SourceFormat.TXT),
        (b"An: Herrn Petersen\nVon: mir\nText", SourceFormat.TXT),
        (b"Date: 1.1.\nSubject: Notiz\nText", SourceFormat.TXT),
        (b"\xef\xbb\xbf<!doctype HTML>\n<p>Hallo", SourceFormat.HTML),
        (b"<!-- x -->\n<html lang='de'>", SourceFormat.HTML),
        (b"<?xml version='1.0'?>\n<html xmlns='x'>", SourceFormat.HTML),
        (b"Received: from x\r\n by y\r\nFrom: a@b.de\r\n\r\n%PDF-1.4", SourceFormat.EML),
        (b"From a@b.de Mon Nov  2\nFrom: a@b.de\nTo: c\nSubject: d\n\n", SourceFormat.EML),
        (b"{\\rtf1 Hallo}", SourceFormat.RTF),
        (b"PK\x03\x04....", SourceFormat.ZIP),
    ],
)
def test_what_has_no_pages_is_known_by_its_content(
    tmp_path: Path, content: bytes, kind: SourceFormat
):
    path = tmp_path / "post.pdf"
    path.write_bytes(content)
    assert detect(path) is kind


def test_a_pdf_under_a_password_is_encrypted(tmp_path: Path):
    path = tmp_path / "geheim.pdf"
    with pikepdf.open(io.BytesIO(pdf())) as opened:
        opened.save(path, encryption=pikepdf.Encryption(user="geheim", owner="geheim"))
    assert refusal(path).reason == "encrypted"


def test_a_pdf_that_only_forbids_printing_is_read(tmp_path: Path, no_engine: Callable[[], object]):
    path = tmp_path / "gesperrt.pdf"
    with pikepdf.open(io.BytesIO(pdf())) as opened:
        opened.save(path, encryption=pikepdf.Encryption(user="", owner="geheim"))
    page = Reader(no_engine).read_page(path, 1)  # type: ignore[arg-type]
    assert "12345//0001234" in page.text.text


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
@pytest.mark.parametrize("suffix", [".pdf", ".jpg", ".png", ".tif"])
def test_half_a_file_is_refused_rather_than_read_in_part(
    tmp_path: Path, sheet: Image.Image, suffix: str, share: float
):
    whole = tmp_path / f"ganz{suffix}"
    if suffix == ".pdf":
        whole.write_bytes(pdf(("Blatt 1",), ("Blatt 2",)))
    else:
        saved(sheet, whole)
    half = tmp_path / f"halb{suffix}"
    half.write_bytes(whole.read_bytes()[: int(whole.stat().st_size * share)])
    assert refusal(half).reason == "damaged"


@pytest.mark.parametrize("share", [0.4, 0.7, 0.97])
def test_a_stack_that_breaks_off_is_refused_rather_than_counted_short(
    tmp_path: Path, sheet: Image.Image, share: float
):
    whole = tmp_path / "stapel.tif"
    page = sheet.convert("1")
    page.save(whole, save_all=True, append_images=[page, page], compression="group4")
    half = tmp_path / "halb.tif"
    half.write_bytes(whole.read_bytes()[: int(whole.stat().st_size * share)])
    with pytest.raises(IntakeError, match="unvollständig"):
        read_all(half)


def bomb(path: Path, side: int) -> Path:
    """A PNG of a few hundred bytes that claims ``side`` times ``side`` pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )
    return path


def test_a_picture_that_would_fill_the_memory_is_refused_before_it_is_decoded(tmp_path: Path):
    error = refusal(bomb(tmp_path / "bombe.png", 60_000))
    assert error.reason == "too_large"
    assert "60000" in error.message


def test_a_pdf_with_such_a_picture_is_refused_too(tmp_path: Path):
    path = tmp_path / "bombe.pdf"
    with pikepdf.new() as made:
        page = made.add_blank_page()
        image = made.make_stream(
            zlib.compress(b"\0" * 1000),
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=60_000,
            Height=60_000,
            ColorSpace=pikepdf.Name.DeviceGray,
            BitsPerComponent=8,
            Filter=pikepdf.Name.FlateDecode,
        )
        page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im=image))
        page.obj.Contents = made.make_stream(b"100 0 0 100 0 0 cm /Im Do")
        made.save(path)
    assert refusal(path).reason == "too_large"


def test_a_sheet_of_a0_at_300_dpi_is_fine_but_too_many_pages_are_not(tmp_path: Path):
    limits = Limits(pages=2)
    assert limits.page_pixels > 9933 * 14043
    many = tmp_path / "viele.pdf"
    many.write_bytes(pdf(*(["Blatt"] for _ in range(3))))
    assert refusal(many, limits).reason == "too_large"
    stack = tmp_path / "viele.tif"
    blank = Image.new("1", (100, 100), 1)
    blank.save(stack, save_all=True, append_images=[blank, blank])
    assert refusal(stack, limits).reason == "too_large"
    assert refusal(many, Limits(source_bytes=100)).reason == "too_large"


def test_a_page_that_is_not_there_is_said_so(tmp_path: Path, reader: Reader):
    path = tmp_path / "eins.pdf"
    path.write_bytes(pdf())
    with pytest.raises(IntakeError, match="keine Seite 2"):
        reader.read_page(path, 2)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damaged_files_are_refused_and_never_surprise(tmp_path: Path, data: st.DataObject):
    """One stretch of a good file is overwritten: pages or an IntakeError, nothing else."""
    kind = data.draw(st.sampled_from((".pdf", ".png", ".tif", ".jpg")))
    path = tmp_path / f"post{kind}"
    if kind == ".pdf":
        path.write_bytes(pdf(("Ein Blatt",)))
    else:
        saved(Image.radial_gradient("L"), path)
    content = bytearray(path.read_bytes())
    start = data.draw(st.integers(0, len(content) - 1))
    junk = data.draw(st.binary(min_size=1, max_size=40))
    content[start : start + len(junk)] = junk
    path.write_bytes(content)
    with contextlib.suppress(IntakeError), open_source(path) as source:
        shown: SourcePage = source.page(1)
        assert shown.render(30).width > 0
        shown.embedded_text()


def test_raw_pages_are_as_they_were_stored(tmp_path: Path, sheet: Image.Image):
    path = saved(sheet.convert("1"), tmp_path / "a.tif")
    with ImageSource(path, Limits()) as source:
        ((raw, _),) = source.raw_pages()
        assert raw.mode == "1"
        assert plain(raw).mode == "L"
