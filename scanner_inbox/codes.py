"""QR codes, Code 128 and DataMatrix on a page picture, at whatever angle the sheet lay.

Read on a copy at about 100 dpi: our own sheets carry codes with modules of a millimetre, and a
page costs 10 ms instead of 75 (ADR 0076).  Must not decide what a code means.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import zxingcpp

from eakte.domain.pages import Box, PageCode

if TYPE_CHECKING:
    from PIL.Image import Image

WORKING_DPI = 100

_SYMBOLOGIES = {
    zxingcpp.BarcodeFormat.QRCode: "qr",
    zxingcpp.BarcodeFormat.Code128: "code128",
    zxingcpp.BarcodeFormat.DataMatrix: "datamatrix",
}
_FORMATS = zxingcpp.BarcodeFormats(list(_SYMBOLOGIES))
_LONGEST = 200
"""Letters of a code that are kept; postage marks and tickets can hold kilobytes."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A code and its corners in pixels (x, y), from its own top left clockwise."""

    code: PageCode
    corners: tuple[tuple[float, float], ...]


def find_codes(small: Image) -> tuple[Placed, ...]:
    """The codes on a grey picture of about ``WORKING_DPI``, boxes as fractions of it."""
    codes = []
    for found in zxingcpp.read_barcodes(
        small, formats=_FORMATS, try_invert=False, try_downscale=False
    ):
        corners = (
            found.position.top_left,
            found.position.top_right,
            found.position.bottom_right,
            found.position.bottom_left,
        )
        across = [min(max(corner.x / small.width, 0.0), 1.0) for corner in corners]
        down = [min(max(corner.y / small.height, 0.0), 1.0) for corner in corners]
        code = PageCode(
            symbology=_SYMBOLOGIES.get(found.format, "qr"),
            text=found.text[:_LONGEST],
            box=Box(min(across), min(down), max(across), max(down)),
        )
        codes.append(Placed(code, tuple((corner.x, corner.y) for corner in corners)))
    return tuple(codes)
