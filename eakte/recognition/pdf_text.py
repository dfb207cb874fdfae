"""Text that came with a PDF page: is it there, is it visible, can it be trusted, where does it sit?

Not trusted are hidden text (somebody else's OCR under a scan, or words nobody sees on the sheet)
and text whose characters a broken font table scrambled; such pages are read from their picture.
"""

from __future__ import annotations

import ctypes
import statistics
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pypdfium2
import pypdfium2.raw as pdfium

from eakte.domain.pages import Box
from eakte.recognition.geometry import clipped
from eakte.recognition.lines import RawWord, in_lines
from eakte.recognition.sources import EmbeddedText

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

WHOLE_PAGE = 0.7
"""Images of at least this share of the page make it a scan."""

PICTURE = 0.04
"""A smaller image (0.04 of A4: 5 by 5 cm) is a logo or a signature and not read for text."""

_ODD_SHARE = 0.03
_VOWELS = frozenset("aeiouyäöüáàâéèêíîóôúû")
_INVISIBLE = (pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP)
_LINE_END_HYPHEN = "\x02"
_HYPHENS = frozenset((0, 2, 0x2D, 0xAD, 0x2010, 0x2011, 0xFFFE))
"""Codes under which pdfium may keep a hyphen at the end of a line."""

_NOWHERE = Box(0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class _Char:
    text: str
    box: Box
    angle: int


@dataclass(frozen=True, slots=True)
class _Piece:
    """A text object: is it painted, and how far do its lines run from left to right (degrees)."""

    seen: bool
    angle: int


def embedded_text(page: pypdfium2.PdfPage, pictures: Sequence[float]) -> EmbeddedText | None:
    """The page's own text with boxes, None where it has to be read from its picture.

    ``pictures`` are the shares (0..1) of the page that its images cover.
    """
    chars = _all_visible_chars(page)
    words = _words(chars)
    if not words or not sound([word.text for word in words]):
        return None
    if sum(pictures) >= WHOLE_PAGE and not _outweighs_scan(words):
        return None
    turn = _turn(chars)
    return EmbeddedText(
        words=in_lines([RawWord(word.text, word.box.turned(turn)) for word in words]),
        turn=turn,
        pictures=any(share >= PICTURE for share in pictures) or sum(pictures) >= 3 * PICTURE,
    )


def visible_words(page: pypdfium2.PdfPage) -> tuple[str, ...]:
    """What the page's own painted text says, sound or not."""
    return tuple(word.text for word in _words(_all_visible_chars(page)))


def _all_visible_chars(page: pypdfium2.PdfPage) -> tuple[_Char, ...]:
    textpage = page.get_textpage()
    try:
        return tuple(_visible_chars(page, textpage))
    finally:
        textpage.close()


def sound(words: Sequence[str]) -> bool:
    """Does this look like language?  No replacement or private characters, letters with vowels."""
    text = "".join(words)
    odd = sum(1 for char in text if _odd(char))
    if odd > _ODD_SHARE * len(text):
        return False
    letters = [char for char in text.lower() if char.isalpha()]
    if len(letters) >= 60:
        vowels = sum(1 for char in letters if char in _VOWELS) / len(letters)
        if not 0.22 <= vowels <= 0.62:
            return False
    return statistics.fmean(len(word) for word in words) < 30


def _odd(char: str) -> bool:
    return char == "\ufffd" or unicodedata.category(char) in ("Cc", "Co", "Cn", "Cs")


def _outweighs_scan(words: Sequence[RawWord]) -> bool:
    """Real text over a letterhead that is one large image, not a stamp put on a scan."""
    return len(words) >= 40


def _visible_chars(page: pypdfium2.PdfPage, textpage: pypdfium2.PdfTextPage) -> Iterator[_Char]:
    """Some thousand characters a page: what pdfium is asked is asked once a piece of text."""
    left, bottom, right, top = page.get_bbox()
    width, height = max(right - left, 1.0), max(top - bottom, 1.0)
    rotation = page.get_rotation()
    raw, rect = textpage.raw, pdfium.FS_RECTF()
    reference = ctypes.byref(rect)
    pieces: dict[int, _Piece] = {}
    for index in range(textpage.count_chars()):
        text = _char(raw, index)
        if text.isspace() and pdfium.FPDFText_IsGenerated(raw, index) == 1:
            yield _Char(text, _NOWHERE, 0)
            continue
        piece = _piece(raw, index, pieces)
        if not piece.seen or not pdfium.FPDFText_GetLooseCharBox(raw, index, reference):
            continue
        x0, x1 = (rect.left - left) / width, (rect.right - left) / width
        y0, y1 = (top - rect.top) / height, (top - rect.bottom) / height
        if x1 <= 0 or x0 >= 1 or y1 <= 0 or y0 >= 1:
            continue  # outside of what is shown
        yield _Char(text, clipped(x0, y0, x1, y1).turned(rotation), (piece.angle + rotation) % 360)


def _char(raw: object, index: int) -> str:
    code = pdfium.FPDFText_GetUnicode(raw, index)
    if code in _HYPHENS and pdfium.FPDFText_IsHyphen(raw, index) == 1:
        return "-"
    if code == 0 or pdfium.FPDFText_HasUnicodeMapError(raw, index) == 1:
        return "\ufffd"
    char = chr(code) if code <= 0x10FFFF else "\ufffd"
    return "-" if char == _LINE_END_HYPHEN else char


def _piece(raw: object, index: int, known: dict[int, _Piece]) -> _Piece:
    """The text object that the character stands in; its characters are painted alike.

    Render mode 3 and full transparency are not painted at all.
    """
    handle = pdfium.FPDFText_GetTextObject(raw, index)
    address = ctypes.cast(handle, ctypes.c_void_p).value or 0
    piece = known.get(address)
    if piece is None:
        mode = pdfium.FPDFTextObj_GetTextRenderMode(handle) if address else 0
        angle = pdfium.FPDFText_GetCharAngle(raw, index) * 57.29578
        piece = _Piece(
            seen=mode not in _INVISIBLE and _alpha(raw, index) > 8,
            angle=round(angle / 90) % 4 * 90,
        )
        known[address] = piece
    return piece


def _alpha(raw: object, index: int) -> int:
    channels = [ctypes.c_uint(255) for _ in range(4)]
    pdfium.FPDFText_GetFillColor(raw, index, *(ctypes.byref(c) for c in channels))
    return channels[3].value


def _words(chars: Sequence[_Char]) -> list[RawWord]:
    """Characters between blanks, or between jumps, as words."""
    words: list[RawWord] = []
    run: list[_Char] = []
    for char in (*chars, _Char(" ", _NOWHERE, 0)):
        if char.text.isspace() or (run and _jumps(run[-1].box, char.box)):
            if run:
                box = run[0].box
                for other in run[1:]:
                    box = box.union(other.box)
                text = unicodedata.normalize("NFC", "".join(c.text for c in run))
                words.append(RawWord(text, box))
            run = []
        if not char.text.isspace():
            run.append(char)
    return words


def _jumps(last: Box, box: Box) -> bool:
    """Is the next character somewhere else (another table cell, another text box)?"""
    size = max(last.y1 - last.y0, last.x1 - last.x0, box.y1 - box.y0, box.x1 - box.x0)
    across = max(box.x0 - last.x1, last.x0 - box.x1)
    down = max(box.y0 - last.y1, last.y0 - box.y1)
    return across > 1.5 * size or down > 1.5 * size


def _turn(chars: Sequence[_Char]) -> int:
    """Text on a page that lies on its side says so itself; pdfium's angles run clockwise."""
    angles = Counter(char.angle for char in chars if char.text.isalnum())
    if not angles:
        return 0
    angle, count = angles.most_common(1)[0]
    return (360 - angle) % 360 if count > 0.6 * angles.total() else 0
