"""What a page picture says about the paper: blank, separator, cover, or a page to be read.

Called in the OCR process before anything is recognised, so that a blank back or a separator sheet
costs no OCR.  A side that carries anything at all stays a page; a separator sheet too, once
somebody has written or printed a letter on it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageChops

from eakte.domain.pages import Remark, Sheet, SheetKind
from scanner_inbox.blanks import ink_share
from scanner_inbox.codes import WORKING_DPI, read_codes
from scanner_inbox.payloads import SEPARATOR, kind_of

if TYPE_CHECKING:
    from eakte.domain.pages import PageCode, Word

_SHEET_WORDS = ("trennblatt", "deckblatt")
"""A born-digital page is looked at for codes only where its text names one of our sheets."""

_MOST_WORDS = 40
"""The separator sheet bears 25 words."""

_MOST_INK = {1: 45_000, 2: 26_000}
"""Dark pixels of a separator beside so many of its two codes.

Both read: printed plainly 17,700, in thick toner 21,900, with a letter of ten lines 27,200.  One
read: 34,900 to 36,700, with a letter over the other code 46,600; thick toner comes as near,
and the sheet is then a page that can be seen.
"""
_CODE_EDGE = 0.012
_PAPER_EDGE = 20
_WRITTEN = Remark(
    code="written_separator",
    message="Auf dem Trennblatt steht ein Schreiben; es wird als Seite behandelt.",
)


def examine(image: Image.Image, dpi: int, words: tuple[Word, ...]) -> Sheet:
    """Look at a page picture of ``dpi`` (any mode), lying any way up.

    ``words`` are those that came with the page (born-digital pages): such a page is never blank.
    Boxes of codes are fractions of ``image`` as it is given.
    """
    if words and not _may_be_ours(words):
        return Sheet()
    small = _small(image, dpi)
    codes = read_codes(small)
    kind = kind_of(codes)
    if kind is SheetKind.SEPARATOR and _is_written_on(small, codes, words):
        return Sheet(codes=codes, remarks=(_WRITTEN,))
    if kind is not SheetKind.PAGE or codes or words:
        return Sheet(kind=kind, codes=codes)
    share, blank = ink_share(small)
    return Sheet(kind=SheetKind.BLANK if blank else SheetKind.PAGE, ink=round(share, 6))


def _may_be_ours(words: tuple[Word, ...]) -> bool:
    """Words that a picture on the page was read for are less than sure: there may be a code."""
    return any(word.confidence < 1 or word.text.casefold() in _SHEET_WORDS for word in words)


def _is_written_on(
    small: Image.Image, codes: tuple[PageCode, ...], words: tuple[Word, ...]
) -> bool:
    """Whether a separator bears plainly more than what is printed on it."""
    if len(words) > _MOST_WORDS:
        return True
    pixels = np.asarray(small)
    ink = pixels < float(np.median(pixels[::4, ::4])) - 60
    height, width = ink.shape
    ours = [code for code in codes if code.text == SEPARATOR]
    for code in ours:
        top, bottom = max(0.0, code.box.y0 - _CODE_EDGE), code.box.y1 + _CODE_EDGE
        left, right = max(0.0, code.box.x0 - _CODE_EDGE), code.box.x1 + _CODE_EDGE
        ink[
            int(top * height) : int(bottom * height) + 1, int(left * width) : int(right * width)
        ] = 0
    inner = ink[_PAPER_EDGE:-_PAPER_EDGE, _PAPER_EDGE:-_PAPER_EDGE]
    return int(np.count_nonzero(inner)) > _MOST_INK[min(len(ours), 2)]


def _small(image: Image.Image, dpi: int) -> Image.Image:
    """A grey copy of about ``WORKING_DPI``; a yellow marker is as dark on it as in its blue."""
    if dpi >= 2 * WORKING_DPI and dpi % WORKING_DPI == 0:
        small = (image if image.mode in {"L", "RGB"} else image.convert("L")).reduce(
            dpi // WORKING_DPI
        )
    else:
        scale = WORKING_DPI / dpi
        size = (max(60, round(image.width * scale)), max(60, round(image.height * scale)))
        plain = image if image.mode in {"L", "RGB"} else image.convert("L")
        small = plain.resize(size, Image.Resampling.BOX)
    if small.mode == "L":
        return small
    red, green, blue = small.split()
    return ImageChops.darker(ImageChops.darker(red, green), blue)
