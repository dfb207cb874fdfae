"""What a page picture says about the paper: blank, separator, cover, or a page to be read.

Called in the OCR process before anything is recognised, so that a blank back or a separator sheet
costs no OCR.  A side that carries anything at all stays a page; a separator sheet too, once
somebody has written or printed anything on it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PIL import Image, ImageChops

from eakte.domain.pages import Remark, Sheet, SheetKind
from scanner_inbox.blanks import ink_share
from scanner_inbox.codes import WORKING_DPI, find_codes
from scanner_inbox.imprint import is_written_on
from scanner_inbox.payloads import WRITTEN_COVER, WRITTEN_SEPARATOR, kind_of

if TYPE_CHECKING:
    from eakte.domain.pages import Word

_SHEET_WORDS = ("trennblatt", "deckblatt")
"""A born-digital page is looked at for codes only where its text names one of our sheets."""

_WRITTEN = {
    SheetKind.SEPARATOR: Remark(
        code=WRITTEN_SEPARATOR,
        message="Auf dem Trennblatt steht etwas; es trennt und bleibt als Seite sichtbar.",
    ),
    SheetKind.COVER: Remark(
        code=WRITTEN_COVER,
        message="Auf dem Deckblatt steht etwas; es bleibt als Seite sichtbar.",
    ),
}


def examine(image: Image.Image, dpi: int, words: tuple[Word, ...]) -> Sheet:
    """Look at a page picture of ``dpi`` (any mode), lying any way up.

    ``words`` are those that came with the page (born-digital pages): such a page is never blank.
    Boxes of codes are fractions of ``image`` as it is given.
    """
    if words and not _may_be_ours(words):
        return Sheet()
    small = _small(image, dpi)
    found = find_codes(small)
    codes = tuple(one.code for one in found)
    kind = kind_of(codes)
    if kind in _WRITTEN and is_written_on(small, found, kind):
        # A separator with a note is read like a page; a cover is read anyway.
        kind_now = SheetKind.PAGE if kind is SheetKind.SEPARATOR else kind
        return Sheet(kind=kind_now, codes=codes, remarks=(_WRITTEN[kind],))
    if kind is not SheetKind.PAGE or codes or words:
        return Sheet(kind=kind, codes=codes)
    share, blank = ink_share(small)
    return Sheet(kind=SheetKind.BLANK if blank else SheetKind.PAGE, ink=round(share, 6))


def _may_be_ours(words: tuple[Word, ...]) -> bool:
    """Words that a picture on the page was read for are less than sure: there may be a code."""
    return any(word.confidence < 1 or word.text.casefold() in _SHEET_WORDS for word in words)


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
