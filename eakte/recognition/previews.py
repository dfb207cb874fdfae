"""Pictures of a page for the viewer, made once on arrival (ADR 0023).

Scans and pages in colour: JPEG, as legible as WebP of three quarters of its bytes, for a tenth of
the time.  Grey pages that a program drew: PNG with sixteen greys, as small and without a fault.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image

PREVIEW_WIDTH = 1400
"""Pixels across an upright sheet: legible up to 150 % zoom, 170 dpi on A4."""

THUMBNAIL_WIDTH = 200
MEDIA_TYPE = "image/jpeg"
DRAWN_MEDIA_TYPE = "image/png"

_LONGEST = 3200
_COLOURFUL = 24
_LOOKED_AT = 96
_NEAR_ENOUGH = 0.02
_GREYS = 16
_STEP = 255 / (_GREYS - 1)
_TO_GREY = [round(level / _STEP) for level in range(256)]
_PALETTE = [round(grey * _STEP) for grey in range(_GREYS) for _ in range(3)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictures:
    """A page for reading and for lists, both of ``media_type``."""

    preview: bytes
    thumbnail: bytes
    media_type: str


def without_needless_colour(image: Image.Image) -> Image.Image:
    """Grey pages as ``L``: a third of the work for everything that follows."""
    if image.mode == "L":
        return image
    parts = (max(1, image.width // _LOOKED_AT), max(1, image.height // _LOOKED_AT))
    colours = image if image.mode == "RGB" else image.convert("RGB")
    pixels = np.asarray(colours.reduce(parts), dtype=np.int16)
    spread = int((pixels.max(axis=2) - pixels.min(axis=2)).max())
    return image if spread > _COLOURFUL else image.convert("L")


def pictures(image: Image.Image, *, drawn: bool) -> Pictures:
    """Both pictures of the upright page; ``drawn``: by a program, nothing of it was scanned."""
    page = _scaled(image, PREVIEW_WIDTH, _LONGEST)
    parts = max(1, page.width // THUMBNAIL_WIDTH)
    small = _scaled(page.reduce(parts), THUMBNAIL_WIDTH, 2 * THUMBNAIL_WIDTH)
    if drawn and page.mode == "L":
        return Pictures(preview=_png(page), thumbnail=_png(small), media_type=DRAWN_MEDIA_TYPE)
    return Pictures(
        preview=_jpeg(page, quality=35),
        thumbnail=_jpeg(small, quality=50),
        media_type=MEDIA_TYPE,
    )


def _scaled(image: Image.Image, width: int, longest: int) -> Image.Image:
    scale = min(width / image.width, longest / image.height, 1.5)
    if abs(scale - 1) < _NEAR_ENOUGH:
        return image
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)


def _jpeg(image: Image.Image, *, quality: int) -> bytes:
    out = io.BytesIO()
    # Pillow would copy the comment of the file that came in, and refuse one of over 64 KB.
    image.save(out, "JPEG", quality=quality, optimize=True, comment=b"")
    return out.getvalue()


def _png(image: Image.Image) -> bytes:
    greys = Image.frombytes("P", image.size, image.point(_TO_GREY).tobytes())
    greys.putpalette(_PALETTE)
    out = io.BytesIO()
    greys.save(out, "PNG", bits=4, compress_level=2)
    return out.getvalue()
