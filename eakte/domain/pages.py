"""What is on a page: words with their boxes, in reading order."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle as fractions (0..1) of the upright page, from its top left corner."""

    x0: float
    y0: float
    x1: float
    y1: float

    def union(self, other: Box) -> Box:
        """The smallest box around both."""
        return Box(
            min(self.x0, other.x0),
            min(self.y0, other.y0),
            max(self.x1, other.x1),
            max(self.y1, other.y1),
        )

    def turned(self, degrees: int) -> Box:
        """The box after its page was turned clockwise by ``degrees``, a multiple of 90."""
        match degrees % 360:
            case 0:
                return self
            case 90:
                return Box(1 - self.y1, self.x0, 1 - self.y0, self.x1)
            case 180:
                return Box(1 - self.x1, 1 - self.y1, 1 - self.x0, 1 - self.y0)
            case 270:
                return Box(self.y0, 1 - self.x1, self.y1, 1 - self.x0)
            case _:
                raise ValueError(f"not a quarter turn: {degrees}")

    def as_list(self) -> list[float]:
        """``[x0, y0, x1, y1]`` rounded to a ten-thousandth (0.02 mm on A4)."""
        return [round(v, 4) for v in (self.x0, self.y0, self.x1, self.y1)]


@dataclass(frozen=True, slots=True)
class Word:
    """One recognised word.

    ``line`` counts the page's lines from 0 in reading order; ``block`` its paragraphs or columns.
    ``confidence`` is 0..1; text that came with a born-digital PDF has 1.0.
    """

    text: str
    box: Box
    line: int = 0
    block: int = 0
    confidence: float = 1.0


class TextSource(enum.StrEnum):
    """How a page's text was obtained."""

    EMBEDDED = "embedded"
    OCR = "ocr"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class PageText:
    """The words of one upright page in reading order, and the page's size in millimetres.

    ``turn`` is how far beyond that the page was turned (clockwise, by the page desk) when it was
    read: its lines run upright once it is turned by as much.
    """

    words: tuple[Word, ...]
    width_mm: float = 210.0
    height_mm: float = 297.0
    source: TextSource = TextSource.OCR
    turn: int = 0

    def lines(self) -> Iterator[tuple[Word, ...]]:
        """The words line by line."""
        for _, words in groupby(self.words, key=lambda word: word.line):
            yield tuple(words)

    def turned(self, degrees: int) -> PageText:
        """The page turned clockwise by ``degrees``, a multiple of 90, with all that is on it."""
        if degrees % 360 == 0:
            return self
        sideways = degrees % 180 != 0
        return PageText(
            words=tuple(replace(word, box=word.box.turned(degrees)) for word in self.words),
            width_mm=self.height_mm if sideways else self.width_mm,
            height_mm=self.width_mm if sideways else self.height_mm,
            source=self.source,
            turn=(self.turn - degrees) % 360,
        )

    @property
    def text(self) -> str:
        """Words joined by blanks, lines by newlines."""
        return "\n".join(" ".join(word.text for word in line) for line in self.lines())

    @property
    def confidence(self) -> float:
        """Mean confidence of the words, 0 for a page without words."""
        if not self.words:
            return 0.0
        return sum(word.confidence for word in self.words) / len(self.words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """Something out of the ordinary that the transfer note tells (TR-03138).

    ``code`` is for programs, ``message`` for people; ``page`` counts the source's pages from 1,
    None: the whole source.
    """

    code: str
    message: str
    page: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageCode:
    """A QR or bar code on a page; ``symbology`` is ``qr``, ``code128`` or ``datamatrix``."""

    symbology: str
    text: str
    box: Box


class SheetKind(enum.StrEnum):
    """What a scanned page is before anybody reads it."""

    PAGE = "page"
    BLANK = "blank"
    SEPARATOR = "separator"
    COVER = "cover"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What the picture of a page says about the paper.

    ``skew`` is how far the page lay askew (degrees, clockwise positive), ``ink`` the share of its
    area that is written on (0..1; None: never measured, as on born-digital pages).
    """

    kind: SheetKind = SheetKind.PAGE
    skew: float = 0.0
    ink: float | None = None
    codes: tuple[PageCode, ...] = ()
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class RecognisedPage:
    """What recognition hands on for one page of a source.

    ``turn`` is how far the page as it came in was turned clockwise (0, 90, 180, 270 degrees) to
    stand upright; ``preview`` and ``thumbnail`` are encoded images of the upright page.
    """

    number: int
    text: PageText
    dpi: int
    turn: int
    preview: bytes
    thumbnail: bytes
    media_type: str = "image/jpeg"
    sheet: Sheet = field(default_factory=Sheet)


def line_boxes(words: tuple[Word, ...]) -> tuple[Box, ...]:
    """One box for every line that ``words`` touch, in their order (evidence, search hits)."""
    boxes: list[Box] = []
    for _, run in groupby(words, key=lambda word: word.line):
        first, *rest = run
        box = first.box
        for word in rest:
            box = box.union(word.box)
        boxes.append(box)
    return tuple(boxes)
