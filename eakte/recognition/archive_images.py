"""Image bytes on their way into an archive copy: kept as they are wherever that is lossless.

JPEG goes in byte for byte, also out of a TIFF; black and white becomes CCITT G4; what is without
loss stays so up to 4 MB.
JBIG2 coded by symbols leaves as G4, for it may swap similar characters (BSI TR-03138 forbids it).
"""

from __future__ import annotations

import io
import math
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import img2pdf
import pypdfium2
import pypdfium2.raw as pdfium
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream
from PIL import Image, ImageOps, TiffImagePlugin

from eakte.errors import IntakeError
from eakte.recognition.geometry import turned_size
from eakte.recognition.images import (
    EXIF_ORIENTATION,
    RANGE_BY_VALUES,
    ImageSource,
    exif_turn,
    plain,
    resolution,
    turn_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eakte.recognition.limits import Limits

_LOSSLESS_BYTES = 4_000_000
_JPEG_QUALITIES = (88, 80, 72, 65)
_TOLERANCE = 1.15
_STRIP_ROWS = 100
_OPAQUE_COLOURS = (0, 2, 3)  # grey, RGB, palette (PNG, 11.2.2)
_PNG_KEPT = (b"IHDR", b"PLTE", b"IDAT", b"IEND", b"pHYs")
_COMPRESSION, _PHOTOMETRIC, _STRIP_OFFSETS, _STRIP_COUNTS, _JPEG_TABLES = 259, 262, 273, 279, 347
_TILE_COUNTS = 325
_NEW_JPEG, _RGB = 7, 2
_SOI = b"\xff\xd8"
_UNTRANSFORMED = b"\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00\x00"
_PLAIN_PIXELS = {36, 38, 39, 48, 49, 50, 51, 52}
"""JBIG2 segments: generic regions, page and stripe marks."""

_POINTS = 72
_BAND_ROWS = 1024
"""A multiple of 16, the rows of a JPEG's blocks."""

_MIRRORED = (2, 4, 5, 7)


def images_to_pdf(path: Path, limits: Limits) -> Pdf:
    """Every page of an image file on a page of its own size; ``/Rotate`` as EXIF asks for."""
    pdf = Pdf.new()
    with ImageSource(path, limits) as source:
        for image, orientation in source.raw_pages():
            stored = _as_stored(image, path, orientation)
            too_large = math.prod(image.size) > limits.work_pixels
            if stored is None and too_large and not _needs_little(image):
                _add_in_bands(pdf, image, _own_bytes(image, path))
                continue
            if stored is not None:
                data, turn = stored, turn_of(orientation)
            else:
                data, turn = _page_bytes(image, _own_bytes(image, path))
            layout = img2pdf.get_fixed_dpi_layout_fun(resolution(image))
            made = img2pdf.convert(
                data, layout_fun=layout, rotation=img2pdf.Rotation.none, nodate=True
            )
            with Pdf.open(io.BytesIO(made)) as single:
                pdf.pages.append(single.pages[0])
            if turn:
                pdf.pages[-1].obj[Name.Rotate] = turn
    return pdf


def _needs_little(image: Image.Image) -> bool:
    """Whether coding it needs no second picture of its size, or cannot be done in bands."""
    return image.mode == "1" or image.getexif().get(EXIF_ORIENTATION, 1) in _MIRRORED


def _add_in_bands(pdf: Pdf, image: Image.Image, budget: int) -> None:
    """A page of a picture so large that it is coded anew in bands, each a JPEG, one below another.

    As a whole, A0 in CMYK took 2.1 GB.  Each band but the last holds one row of the next, so that
    no viewer shows a seam.
    """
    dpi_x, dpi_y = resolution(image)
    turn = exif_turn(image)
    if image.mode in RANGE_BY_VALUES:
        image = plain(image)  # black and white are those of the sheet, not of each band
    width, height = image.width / dpi_x * _POINTS, image.height / dpi_y * _POINTS
    pictures, operators = Dictionary(), []
    for top in range(0, image.height, _BAND_ROWS):
        below = min(image.height, top + _BAND_ROWS + 1)
        band = plain(image.crop((0, top, image.width, below)))
        name = f"/Im{top // _BAND_ROWS}"
        pictures[name] = jpeg_image(pdf, band, budget * band.height // image.height)
        high, y = band.height / dpi_y * _POINTS, height - below / dpi_y * _POINTS
        operators.append(b"q %.4f 0 0 %.4f 0 %.4f cm %s Do Q" % (width, high, y, name.encode()))
    page = pdf.add_blank_page(page_size=(width, height))
    page.obj[Name.Resources] = Dictionary(XObject=pictures)
    page.obj[Name.Contents] = pdf.make_stream(b"\n".join(operators))
    if turn:
        page.obj[Name.Rotate] = turn


def jpeg_image(pdf: Pdf, image: Image.Image, budget: int | None = None) -> Stream:
    """``image`` (``L`` or ``RGB``) as a picture of ``pdf``, coded as :func:`jpeg_bytes` does."""
    return pdf.make_stream(
        jpeg_bytes(image, budget),
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=image.width,
        Height=image.height,
        ColorSpace=Name.DeviceGray if image.mode == "L" else Name.DeviceRGB,
        BitsPerComponent=8,
        Filter=Name.DCTDecode,
    )


def _page_bytes(image: Image.Image, budget: int) -> tuple[bytes, int]:
    """An image file that img2pdf takes without loss, and the quarter turn still to be made."""
    if image.getexif().get(EXIF_ORIENTATION, 1) in _MIRRORED:
        return jpeg_bytes(plain(ImageOps.exif_transpose(image)), budget), 0
    return _coded_anew(image, budget), exif_turn(image)


def _as_stored(image: Image.Image, path: Path, orientation: int) -> bytes | None:
    """What can go into a PDF as it is, None where it can't; ``orientation`` is the stored one."""
    if orientation in _MIRRORED:
        return None
    if image.format in ("JPEG", "MPO") and image.mode in ("L", "RGB"):
        return path.read_bytes()
    if image.format == "TIFF":
        return jpeg_in_tiff(image, path, turn_of(orientation))
    if image.format == "PNG":
        return bare_png(path.read_bytes())
    return None


def _coded_anew(image: Image.Image, budget: int) -> bytes:
    """Without loss where that does not take much more than the original did, else as JPEG."""
    if image.mode == "1":
        return _smaller(_g4_tiff(image), image)
    palette = image.mode == "P" and "transparency" not in image.info
    simple = image if palette and plain(image).mode != "L" else plain(image)
    most = min(_LOSSLESS_BYTES, round(_TOLERANCE * budget))
    if image.format in ("JPEG", "MPO", "WEBP") or _packs_to(simple) >= 1.5 * most:
        return jpeg_bytes(plain(image), budget)
    lossless = _png_bytes(simple)
    if len(lossless) <= most:
        return lossless
    return min(lossless, jpeg_bytes(plain(image), budget), key=len)


def _own_bytes(image: Image.Image, path: Path) -> int:
    """How many bytes of the file this page takes."""
    if isinstance(image, TiffImagePlugin.TiffImageFile):
        counts = image.tag_v2.get(_STRIP_COUNTS) or image.tag_v2.get(_TILE_COUNTS) or ()
        if counts:
            return sum(counts)
    return path.stat().st_size


def _packs_to(image: Image.Image) -> int:
    """About how many bytes the image takes without loss, by three strips of it: noise packs badly.

    Packing all of a noisy page only to find out takes ten seconds.
    """
    rows = max(1, min(_STRIP_ROWS, image.height))
    tops = {0, (image.height - rows) // 2, image.height - rows}
    strips = [image.crop((0, top, image.width, top + rows)) for top in tops]
    packed = sum(len(zlib.compress(strip.tobytes(), 1)) for strip in strips)
    return packed * image.height // (rows * len(strips))


def _smaller(coded: bytes, image: Image.Image) -> bytes:
    """G4, unless the picture is one of fine dots, for which it is made badly."""
    width, height = image.size
    if len(coded) < width * height / 32:  # less than a quarter of the plain bits
        return coded
    return min(coded, _png_bytes(image), key=len)


def bare_png(data: bytes) -> bytes | None:
    """A PNG reduced to its pixels and resolution, None for one that a PDF can't hold as it is.

    That is: transparent, interlaced or of 16 bits.  Colour profiles go, for a broken one would make
    the copy invalid.
    """
    kept, position = [data[:8]], 8
    while position + 12 <= len(data):
        length = int.from_bytes(data[position : position + 4])
        kind = data[position + 4 : position + 8]
        chunk = data[position : position + 12 + length]
        if kind == b"IHDR":
            depth, colour, interlaced = chunk[16], chunk[17], chunk[20]
            if depth > 8 or colour not in _OPAQUE_COLOURS or interlaced:
                return None
        if kind in (b"tRNS", b"acTL"):
            return None
        if kind in _PNG_KEPT:
            kept.append(chunk)
        position += 12 + length
    return b"".join(kept)


def jpeg_in_tiff(image: Image.Image, path: Path, turn: int) -> bytes | None:
    """The JPEG of a TIFF page that holds one whole (TIFF Technical Note 2), None otherwise.

    ``turn`` is by how much Pillow turned ``image`` when it loaded it.
    """
    if not isinstance(image, TiffImagePlugin.TiffImageFile):
        return None
    tags = image.tag_v2
    if tags.get(_COMPRESSION) != _NEW_JPEG or image.mode not in ("L", "RGB"):
        return None
    offsets, counts = tags.get(_STRIP_OFFSETS, ()), tags.get(_STRIP_COUNTS, ())
    if len(offsets) != 1 or len(counts) != 1:
        return None
    with path.open("rb") as file:
        file.seek(offsets[0])
        data = file.read(counts[0])
    tables = bytes(tags.get(_JPEG_TABLES, b""))
    if not data.startswith(_SOI):
        return None
    # tables are a JPEG of their own: its start and end marks go, the rest leads
    lead = tables[2:-2] if tables.startswith(_SOI) else b""
    # that colours were not transformed stands in the TIFF, in a JPEG only in Adobe's segment
    mark = _UNTRANSFORMED if tags.get(_PHOTOMETRIC) == _RGB else b""
    whole = _SOI + mark + lead + data[2:]
    with Image.open(io.BytesIO(whole)) as read:
        same = (turned_size(*read.size, turn), read.mode) == (image.size, image.mode)
    return whole if same else None


def _png_bytes(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def jpeg_bytes(image: Image.Image, budget: int | None = None) -> bytes:
    """``image`` (``L`` or ``RGB``) as a JPEG fit for reading and printing.

    Where it would take more than ``budget`` bytes (the original's own), quality goes down in steps,
    never below what small print needs.
    """
    made = b""
    for quality in _JPEG_QUALITIES:
        out = io.BytesIO()
        image.save(out, "JPEG", quality=quality, optimize=True, comment=b"")
        made = out.getvalue()
        if budget is None or len(made) <= budget:
            break
    return made


def g4_image(pdf: Pdf, image: Image.Image) -> Stream:
    """A black-and-white image as an image object of ``pdf`` in CCITT G4."""
    return pdf.make_stream(
        _g4_strip(image),
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=image.width,
        Height=image.height,
        ColorSpace=Name.DeviceGray,
        BitsPerComponent=1,
        Filter=Name.CCITTFaxDecode,
        DecodeParms=_g4_parameters(image.width, image.height),
    )


def _g4_parameters(width: int, height: int) -> Dictionary:
    # Pillow writes TIFFs in which 0 is black, which the coding calls a white run.
    return Dictionary(K=-1, Columns=width, Rows=height, BlackIs1=True)


def _g4_tiff(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "TIFF", compression="group4", strip_size=2**31 - 1)
    return out.getvalue()


def _g4_strip(image: Image.Image) -> bytes:
    data = _g4_tiff(image)
    with TiffImagePlugin.TiffImageFile(io.BytesIO(data)) as written:
        offsets, counts = written.tag_v2[273], written.tag_v2[279]
    if len(offsets) != 1:
        raise IntakeError("Ein Seitenbild ist zu groß.", reason="too_large")
    return data[offsets[0] : offsets[0] + counts[0]]


def replace_jbig2(pdf: Pdf) -> int:
    """Every JBIG2 image of ``pdf`` that is coded by symbols, as CCITT G4; returns how many.

    What is coded by its pixels loses nothing and stays (BSI TR-03138 forbids the symbols).
    """
    count = 0
    for stream in _image_streams(pdf):
        if "/JBIG2Decode" not in _filters(stream) or not _has_symbols(stream):
            continue
        width, height = int(stream.Width), int(stream.Height)
        data = _g4_strip(_decoded(stream, width, height))
        parameters = _g4_parameters(width, height)
        stream.write(data, filter=Name.CCITTFaxDecode, decode_parms=parameters)
        count += 1
    return count


def _has_symbols(stream: Stream) -> bool:
    """Are there shared symbols, or segments of another kind than plain pixels?"""
    parameters = stream.get(Name.DecodeParms)
    alone = parameters is None or (
        isinstance(parameters, Dictionary) and "/JBIG2Globals" not in parameters
    )
    only = len(_filters(stream)) == 1
    return not (alone and only and jbig2_kinds(stream.read_raw_bytes()) <= _PLAIN_PIXELS)


def jbig2_kinds(data: bytes) -> set[int]:
    """The kinds of the segments of an embedded JBIG2 stream (ITU-T T.88, 7.2).

    Ends with -1 where the stream can't be followed, so that nobody takes it for harmless.
    """
    kinds: set[int] = set()
    position = 0
    while position < len(data):
        head = data[position : position + 6]
        if len(head) < 6:
            return kinds | {-1}
        number, flags, referred = int.from_bytes(head[:4]), head[4], head[5]
        kinds.add(flags & 0x3F)
        if referred >> 5 > 4:  # the long form, which only references to symbols need
            return kinds | {-1}
        width = 1 if number <= 256 else 2 if number <= 65_536 else 4
        position += 6 + (referred >> 5) * width + (4 if flags & 0x40 else 1)
        length = data[position : position + 4]
        if len(length) < 4 or length == b"\xff\xff\xff\xff":
            return kinds | {-1}
        position += 4 + int.from_bytes(length)
    return kinds


def _image_streams(pdf: Pdf) -> Iterator[Stream]:
    for item in pdf.objects:
        if isinstance(item, Stream) and item.get(Name.Subtype) == Name.Image:
            yield item


def _filters(stream: Stream) -> list[str]:
    found: Object | None = stream.get(Name.Filter)
    if found is None:
        return []
    return [str(name) for name in found] if isinstance(found, Array) else [str(found)]


def _decoded(stream: Stream, width: int, height: int) -> Image.Image:
    """The pixels of a black-and-white image stream, decoded by pdfium (pikepdf has no JBIG2)."""
    with Pdf.new() as single:
        page = single.add_blank_page(page_size=(width, height))
        image = single.copy_foreign(stream)
        for key in ("/Decode", "/ImageMask", "/Mask", "/SMask"):
            if key in image:
                del image[key]
        image[Name.ColorSpace] = Name.DeviceGray
        image[Name.BitsPerComponent] = 1
        page.obj[Name.Resources] = Dictionary(XObject=Dictionary(Im=image))
        page.obj[Name.Contents] = single.make_stream(b"%d 0 0 %d 0 0 cm /Im Do" % (width, height))
        out = io.BytesIO()
        single.save(out)
    rendering = pypdfium2.PdfDocument(out.getvalue())
    try:
        found = next(iter(rendering[0].get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE])))
        picture: Image.Image = found.get_bitmap(render=False).to_pil()
        if picture.size != (width, height):
            raise IntakeError("Ein Seitenbild ist beschädigt.", reason="damaged")
        return picture.convert("L").point(lambda value: 255 if value > 127 else 0).convert("1")
    finally:
        rendering.close()
