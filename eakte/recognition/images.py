"""Image files as sources, in every colour mode that scanners and cameras write."""

from __future__ import annotations

import contextlib
import math
import struct
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Self

from PIL import Image, TiffImagePlugin, UnidentifiedImageError

from eakte.errors import IntakeError
from eakte.recognition.limits import Limits, too_many_pages
from eakte.recognition.sources import MM_PER_INCH, EmbeddedText

if TYPE_CHECKING:
    from types import TracebackType

A4_INCHES = (210 / MM_PER_INCH, 297 / MM_PER_INCH)

EXIF_ORIENTATION = 0x0112
_NEW_SUBFILE_TYPE = 254
_REDUCED_COPY = 1
_CHAIN_BROKEN = "Corrupt EXIF data"
_DECODER_ERRORS = (
    UnidentifiedImageError,
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    IndexError,
    KeyError,
    TypeError,
    OverflowError,
    ArithmeticError,
    struct.error,
)
_SIXTEEN_BIT = ("I;16", "I;16B", "I;16L", "I;16N", "I", "F")
RANGE_BY_VALUES = ("I", "F")
"""Modes whose black and white are those of the values that occur."""
_BAND_ROWS = 512
_BAND_MARGIN = 32
"""Rows beyond a band that its reduction may look at, so that bands meet without a seam."""

_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What brings a picture of that EXIF orientation upright."""


class ImageSource:
    """An image file.  Every TIFF directory is a page, except reduced copies of one.

    Of moving pictures (GIF, WebP, PNG) the first frame is the page; ``animated`` says so.
    """

    def __init__(self, path: Path, limits: Limits) -> None:
        self._limits = limits
        self._path = path
        # Pillow's own bomb check stops at 179 million pixels and warns at 89: A0 has 139.
        # The limits of the settings are checked below, before a pixel is decoded.
        Image.MAX_IMAGE_PIXELS = None
        with _decoding():
            self._image = Image.open(path)
        try:
            with _decoding(pages_chained=self._image.format == "TIFF"):
                self._frames = _page_frames(self._image, limits.pages)
        except IntakeError:
            self._image.close()
            raise
        self.page_count = len(self._frames)
        self.size: tuple[int, int] = self._image.size
        moving = self._image.format not in ("TIFF", "MPO")
        self.animated = moving and bool(getattr(self._image, "is_animated", False))

    def page(self, number: int) -> ImagePage:
        """Page ``number`` from 1; one of more than ``work_pixels`` comes reduced to them.

        A0 in colour takes 560 MB as it is stored: it is reduced at once and then given up.
        """
        frame, most = self._frames[number - 1], self._limits.work_pixels
        with _decoding():
            self._image.seek(frame)
        if math.prod(self._image.size) <= most:
            return ImagePage(self._loaded(frame))
        check_pixels(self._image.size, self._limits)
        with _decoding(), Image.open(self._path) as whole:
            whole.seek(frame)
            whole.load()
            return ImagePage(whole, most)

    def raw_pages(self) -> Iterator[tuple[Image.Image, int]]:
        """Every page decoded and not converted, and the EXIF orientation that it was stored in.

        Pillow turns the pixels of a TIFF while it loads them, and then tells of it no more.
        """
        for frame in self._frames:
            with _decoding():
                self._image.seek(frame)
                check_pixels(self._image.size, self._limits)
                orientation = self._image.getexif().get(EXIF_ORIENTATION, 1)
            yield self._loaded(frame), orientation

    def _loaded(self, frame: int) -> Image.Image:
        with _decoding():
            self._image.seek(frame)
            check_pixels(self._image.size, self._limits)
            self._image.load()
        return self._image

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._image.close()


@contextlib.contextmanager
def _decoding(*, pages_chained: bool = False) -> Iterator[None]:
    """Whatever Pillow's decoders throw at a damaged file is ``IntakeError(reason="damaged")``.

    Odd metadata is no reason to stop, except (``pages_chained``) where Pillow only warns that a
    TIFF's chain of pages breaks off: sheets would be missing unnoticed.
    """
    try:
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            yield
    except _DECODER_ERRORS as error:
        raise damaged(error) from error
    for warning in warned:
        if pages_chained and str(warning.message).startswith(_CHAIN_BROKEN):
            raise damaged(OSError(str(warning.message)))


class ImagePage:
    """One decoded image; with ``most`` a copy of it of no more pixels, which needs it no longer."""

    def __init__(self, image: Image.Image, most: int | None = None) -> None:
        with _decoding():
            dpi_x, dpi_y = resolution(image)
            orientation = image.getexif().get(EXIF_ORIENTATION, 1)
            made = plain(image) if most is None else reduced(image, most)
            scale_x, scale_y = made.width / image.width, made.height / image.height
            if orientation in _UPRIGHT:
                made = made.transpose(_UPRIGHT[orientation])
            if exif_turn(image) % 180:
                dpi_x, dpi_y, scale_x, scale_y = dpi_y, dpi_x, scale_y, scale_x
        self._image = made
        self._own = made is not image
        self._dpi = (dpi_x * scale_x, dpi_y * scale_y)
        self.native_dpi = max(dpi_x, dpi_y)
        self.width_mm = made.width / self._dpi[0] * MM_PER_INCH
        self.height_mm = made.height / self._dpi[1] * MM_PER_INCH

    def embedded_text(self) -> EmbeddedText | None:
        """Images bring no text."""
        return None

    def render(self, dpi: int) -> Image.Image:
        """Scaled to ``dpi`` both ways (fax lines are 204 by 98), unless that is nearly so."""
        scale_x, scale_y = dpi / self._dpi[0], dpi / self._dpi[1]
        if abs(scale_x - 1) < 0.08 and abs(scale_y - 1) < 0.08:
            return self._image if self._own else self._image.copy()  # outlives the file
        size = (
            max(1, round(self._image.width * scale_x)),
            max(1, round(self._image.height * scale_y)),
        )
        return self._image.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)


def reduced(image: Image.Image, most: int) -> Image.Image:
    """``image`` as ``L`` or ``RGB`` of at most ``most`` pixels, made band by band.

    As a whole, CMYK or transparent A0 would be held twice or three times: 1.7 GB.
    """
    if image.mode in RANGE_BY_VALUES:
        image = plain(image)
    scale = min(1.0, math.sqrt(most / math.prod(image.size)))
    width, height = max(1, int(image.width * scale)), max(1, int(image.height * scale))
    step = image.height / height
    made: Image.Image | None = None
    for top in range(0, height, _BAND_ROWS):
        rows = min(_BAND_ROWS, height - top)
        first = max(0, math.floor(top * step) - _BAND_MARGIN)
        last = min(image.height, math.ceil((top + rows) * step) + _BAND_MARGIN)
        band = plain(image.crop((0, first, image.width, last)))
        box = (0, top * step - first, image.width, min((top + rows) * step - first, last - first))
        small = band.resize((width, rows), Image.Resampling.BICUBIC, box=box)
        made = made or Image.new(small.mode, (width, height))
        made.paste(small, (0, top))
    return made or plain(image)


def check_pixels(size: tuple[int, int], limits: Limits) -> None:
    """Raises ``IntakeError(reason="too_large")`` before anything that large is decoded."""
    width, height = size
    if width * height > limits.page_pixels:
        raise IntakeError(
            f"Ein Seitenbild ist mit {width} × {height} Bildpunkten zu groß.",
            remedy="Bitte mit höchstens 300 dpi scannen (größtes Blatt: A0).",
            reason="too_large",
        )


def damaged(error: Exception) -> IntakeError:
    """What an image that can't be decoded is called, with the decoder's words for the log."""
    return IntakeError(
        f"Die Bilddatei ist beschädigt oder unvollständig ({error}).",
        remedy="Bitte das Blatt erneut scannen.",
        reason="damaged",
    )


def resolution(image: Image.Image) -> tuple[float, float]:
    """Dots per inch across and down, as stored or, where that can't be, as if the sheet were A4.

    Cameras and phones write 72 dpi whatever they saw; a sheet of 84 cm would follow.
    """
    stored = image.info.get("dpi")
    if stored and all(20 <= float(value) <= 2400 for value in stored):
        dpi_x, dpi_y = float(stored[0]), float(stored[1])
        longest = max(image.width / dpi_x, image.height / dpi_y)
        limit = 17.0 if max(dpi_x, dpi_y) <= 100 else 70.0  # A3, else beyond A0 (inches)
        if longest <= limit and dpi_x / dpi_y < 4 and dpi_y / dpi_x < 4:
            return dpi_x, dpi_y
    short, long = sorted((image.width, image.height))
    guess = max(short / A4_INCHES[0], long / A4_INCHES[1], 72.0)
    return guess, guess


def exif_turn(image: Image.Image) -> int:
    """Clockwise degrees that the EXIF orientation asks for; mirrored kinds count as their turn."""
    return turn_of(image.getexif().get(EXIF_ORIENTATION, 1))


def turn_of(orientation: int) -> int:
    """The same for an EXIF orientation."""
    return {3: 180, 4: 180, 5: 270, 6: 90, 7: 90, 8: 270}.get(orientation, 0)


def plain(image: Image.Image) -> Image.Image:
    """``image`` as ``L`` or ``RGB`` on white paper, whatever mode it came in."""
    if image.mode in ("L", "RGB"):
        return image
    if image.mode == "1":
        return image.convert("L")
    if image.mode in _SIXTEEN_BIT:
        return _eight_bit(image)
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        layer = image.convert("RGBA")
        paper = Image.new("RGBA", layer.size, "white")
        paper.alpha_composite(layer)
        return paper.convert("RGB")
    if image.mode == "P":
        return _from_palette(image)
    return image.convert("RGB")


def _from_palette(image: Image.Image) -> Image.Image:
    colours = image.convert("RGB")
    palette = image.getpalette() or []
    grey = all(palette[i] == palette[i + 1] == palette[i + 2] for i in range(0, len(palette), 3))
    return colours.convert("L") if grey else colours


def _eight_bit(image: Image.Image) -> Image.Image:
    """16-bit grey to 8 bits: by the range of the format, or of the values where it has none."""
    wide = image.convert("F")
    top = 65535.0
    if image.mode in RANGE_BY_VALUES:
        extrema = wide.getextrema()
        top = max(float(extrema[1]), 1.0) if isinstance(extrema[1], float) else 255.0
        top = 65535.0 if 255 < top <= 65535 else top
    return wide.point(lambda value: value * (255.0 / top)).convert("L")


def _page_frames(image: Image.Image, most: int) -> list[int]:
    count = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1
    if count > most:
        raise too_many_pages(most)
    frames = [frame for frame in range(count) if not _is_reduced_copy(image, frame, count)]
    return frames or list(range(count))


def _is_reduced_copy(image: Image.Image, frame: int, count: int) -> bool:
    """Some scanners add a thumbnail of a page as a directory of its own (TIFF 6.0, tag 254)."""
    if count == 1 or not isinstance(image, TiffImagePlugin.TiffImageFile):
        return False
    image.seek(frame)
    return bool(int(image.tag_v2.get(_NEW_SUBFILE_TYPE, 0)) & _REDUCED_COPY)
