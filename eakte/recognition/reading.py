"""Reading a page image: at which resolution, turned how far, straightened, and how well it went.

Most sheets come upright, straight and in 11 point, and cost one pass at 200 dpi.  Everything else
is tried only where that pass came back poor: the orientation, a table without its lines, 300 dpi.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from eakte.domain.pages import Remark, Sheet, SheetKind
from eakte.recognition.corrections import corrected
from eakte.recognition.orientation import densest_band, look_at_lines
from eakte.recognition.previews import without_needless_colour
from eakte.recognition.rules import without_grid, without_lines
from eakte.recognition.skew import WORTH_TURNING, back_on_page, skew_degrees, straightened
from eakte.recognition.tables import in_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from eakte.domain.pages import Word
    from eakte.ports import OcrEngine
    from eakte.recognition.limits import Limits
    from eakte.recognition.orientation import Lines
    from eakte.recognition.rules import Cleaned
    from eakte.recognition.sources import SourcePage

    Examine = Callable[[Image.Image, int, tuple[Word, ...]], Sheet]
    """What a picture, its resolution and the words that came with it say about the paper."""

    Erase = Callable[[Image.Image, int], Cleaned]
    """Takes lines out of a straightened picture (``L``) of so many dots an inch."""

USUAL_DPI = 200
FINE_DPI = 300


def unexamined(_image: Image.Image, _dpi: int, _words: tuple[Word, ...]) -> Sheet:
    """Take every page for a page (where nobody asks about the paper)."""
    return Sheet()


GOOD = 0.8
"""Mean confidence (weighted by letters) from which a page needs no second look."""

SURELY_UPRIGHT = 0.6
"""A page lying on its side or upside down has never come back this sure."""

HALF_SURE = 0.5
"""Below, a page may stand on its head; a table of figures came back with 0.2, the right way 0.9."""

_ON_ITS_SIDE = 0.8
_ON_ITS_HEAD = -0.04
"""What :class:`~eakte.recognition.orientation.Lines` says of pages that are worth a look."""

_LITTLE_INK = 8_000
"""Dark pixels at 100 dpi up to which every turn is tried: some fifteen lines (cheap to read)."""

_SOME_INK = 2_500
"""Dark pixels of about four lines."""

_ENOUGH_LETTERS = 8
"""Sure letters from which a page's turn is believed."""

_UNSURE = Sheet(
    remarks=(
        Remark(
            code="unsure_turn",
            message="Zu wenig Text, um zu sehen, wie herum das Blatt gehört; es liegt, wie es kam.",
        ),
    )
)

_SMALL_PRINT_MM = 1.4
"""Height of a word's box in 5 pt.  From 6 pt on, 300 dpi reads no better than 200 (ADR 0021)."""

_TURNS = {
    90: Image.Transpose.ROTATE_270,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Words of an image page and how they were found; ``image`` is the upright page.

    ``skew`` is how far its lines fall to the right, in degrees; the image itself is never turned
    by it (ADR 0079).  ``sheet`` is what the picture says about the paper; ``gridded``: it was read
    between the lines of a table.
    """

    words: tuple[Word, ...]
    turn: int
    dpi: int
    image: Image.Image
    skew: float = 0.0
    sheet: Sheet = field(default_factory=Sheet)
    gridded: bool = False

    @property
    def quality(self) -> float:
        """Mean confidence by letters (0..1); 0 without words."""
        return quality(self.words)


def quality(words: tuple[Word, ...]) -> float:
    """Mean confidence weighted by letters and digits; punctuation from specks counts against."""
    weight = sum(_weight(word) for word in words)
    if weight == 0:
        return 0.0
    return sum(word.confidence * _letters(word) for word in words) / weight


def _letters(word: Word) -> int:
    return sum(1 for char in word.text if char.isalnum())


def _weight(word: Word) -> int:
    return max(_letters(word), 1)


def turned_image(image: Image.Image, turn: int) -> Image.Image:
    """``image`` turned clockwise by a quarter turn."""
    return image.transpose(_TURNS[turn]) if turn % 360 else image


def working_dpi(page: SourcePage, wanted: int, limits: Limits) -> int:
    """``wanted``, or less on sheets so large that the image would not fit the limit."""
    square_inches = page.width_mm * page.height_mm / 25.4**2
    fitting = math.floor(math.sqrt(limits.work_pixels / square_inches))
    return max(limits.lowest_dpi, min(wanted, fitting))


def read_image(
    page: SourcePage,
    engine: Callable[[], OcrEngine],
    limits: Limits,
    examine: Examine,
    *,
    turn: int | None = None,
) -> Reading:
    """The best reading of an image page; blank sides and separator sheets cost no OCR.

    ``turn`` is how far a person turned it clockwise: then no other way round is tried.
    """
    dpi = working_dpi(page, USUAL_DPI, limits)
    image = without_needless_colour(page.render(dpi))
    sheet = examine(image, dpi, ())
    if sheet.kind in {SheetKind.BLANK, SheetKind.SEPARATOR} or is_blank(image):
        best = Reading(words=(), turn=turn or 0, dpi=dpi, image=turned_image(image, turn or 0))
    else:
        best = _best_reading(page, image, engine(), limits, dpi=dpi, turn=turn)
    codes = tuple(replace(code, box=code.box.turned(best.turn)) for code in sheet.codes)
    remarks = (*sheet.remarks, *best.sheet.remarks)
    return replace(best, sheet=replace(sheet, codes=codes, remarks=remarks))


def _best_reading(
    page: SourcePage,
    image: Image.Image,
    engine: OcrEngine,
    limits: Limits,
    *,
    dpi: int,
    turn: int | None,
) -> Reading:
    best = _upright_reading(image, dpi, engine, turn)
    if best.gridded and best.quality < GOOD:
        # 300 dpi cost twice as much and do not help against lines
        bare = _read(best.image, best.turn, dpi, engine, without_grid)
        known = _sure_letters(bare) >= _ENOUGH_LETTERS
        bare = bare if known else replace(bare, sheet=best.sheet)
        best = max(best, bare, key=_score)
    fine = working_dpi(page, FINE_DPI, limits)
    if fine > dpi * 1.2 and _needs_fine(best, page):
        finer = turned_image(without_needless_colour(page.render(fine)), best.turn)
        other = _read(finer, best.turn, fine, engine)
        if _score(other) > _score(best):
            # the picture for the viewer is made of the smaller image all the same
            best = replace(best, words=other.words, dpi=fine, skew=other.skew)
    return best


def _upright_reading(image: Image.Image, dpi: int, engine: OcrEngine, turn: int | None) -> Reading:
    """The reading in the turn that makes most sense (as it came where none does), or in ``turn``.

    A grid may keep everything in it from being read: then once more without its rules.
    """
    grey = image if image.mode == "L" else image.convert("L")
    lines = look_at_lines(grey, dpi)
    first = _likely_turn(grey, dpi, engine, lines) if turn is None else turn

    def read(erased: Erase) -> Reading:
        if turn is None:
            return _best_of_turns(image, dpi, engine, lines, first, erased)
        return _read(turned_image(image, turn), turn, dpi, engine, erased)

    best = read(without_lines)
    if not _may_lie_wrong(best) or lines.ink < _SOME_INK:
        return best
    other = read(without_grid)
    return max(replace(best, gridded=False), other, key=_score)


def _best_of_turns(  # noqa: PLR0917  the page, what reads it, what is known of its turn
    image: Image.Image, dpi: int, engine: OcrEngine, lines: Lines, first: int, erased: Erase
) -> Reading:
    best = _read(turned_image(image, first), first, dpi, engine, erased)
    if not _may_lie_wrong(best):
        return best
    readings = {first: best}

    def consider(turn: int) -> None:
        if turn not in readings:
            readings[turn] = _read(turned_image(image, turn), turn, dpi, engine, erased)

    seen = engine.orientation(image if image.mode == "L" else image.convert("L"))
    consider((first + 180) % 360 if seen == first and _has_letters(best) else seen)
    best = max(readings.values(), key=_score)
    if _may_lie_wrong(best) and lines.ink < _LITTLE_INK:
        for turn in (0, 90, 180, 270):
            consider(turn)
        best = max(readings.values(), key=_score)
    if _sure_letters(best) >= _ENOUGH_LETTERS or (best.turn == seen and _has_letters(best)):
        return best
    consider(0)
    return replace(readings[0], sheet=_UNSURE)


def _likely_turn(grey: Image.Image, dpi: int, engine: OcrEngine, lines: Lines) -> int:
    """How the page should be turned before it is read: 0 unless its lines look otherwise.

    Lines that run down the page are looked at from both sides, lines that seem to stand on their
    head too: the band with the most lines is read both ways.
    """
    if lines.across < _ON_ITS_SIDE:
        turns = (90, 270)
    elif lines.across > 1 and lines.upright < _ON_ITS_HEAD:
        turns = (0, 180)
    else:
        return 0
    bands = [
        _read(densest_band(turned_image(grey, turn), dpi), turn, dpi, engine) for turn in turns
    ]
    other, likely = sorted(bands, key=_score)
    plain = _score(likely) > 2 * _score(other) and _sure_letters(likely) >= _ENOUGH_LETTERS
    return likely.turn if plain else 0


def _read(
    image: Image.Image, turn: int, dpi: int, engine: OcrEngine, erased: Erase = without_lines
) -> Reading:
    """One pass over an image that is taken to be upright."""
    grey = image if image.mode == "L" else image.convert("L")
    degrees = skew_degrees(grey)
    askew = abs(degrees) >= WORTH_TURNING
    cleaned = erased(straightened(grey, degrees) if askew else grey, dpi)
    words = in_rows(engine.recognise(cleaned.image, dpi), cleaned.tables)
    if askew:
        words = back_on_page(words, degrees, grey.width, grey.height)
    words = _without_specks(corrected(words))
    gridded = cleaned.gridded
    return Reading(words=words, turn=turn, dpi=dpi, image=image, skew=degrees, gridded=gridded)


def _score(reading: Reading) -> float:
    """Sure letters in words that lie as words do.

    An upside-down page yields few letters or unsure ones.  A page on its side may be read as well
    as an upright one, but its words stand on end and its lines come in the wrong order.
    """
    return sum(
        _letters(word) * max(0.0, word.confidence - 0.3)
        for word in reading.words
        if not _stands_on_end(word, reading.image)
    )


def _may_lie_wrong(reading: Reading) -> bool:
    if not reading.words:
        return True
    tall = sum(_letters(w) for w in reading.words if _stands_on_end(w, reading.image))
    letters = sum(_letters(w) for w in reading.words)
    return reading.quality < SURELY_UPRIGHT or letters < 12 or tall > 0.3 * letters


def _has_letters(reading: Reading) -> bool:
    """Letters that may mean something the other way up, though the engine sees no other turn.

    Tables of figures have too few letters for its look.
    """
    return reading.quality < HALF_SURE and sum(_letters(w) for w in reading.words) >= 12


def _sure_letters(reading: Reading) -> int:
    return sum(
        _letters(word)
        for word in reading.words
        if word.confidence >= SURELY_UPRIGHT and not _stands_on_end(word, reading.image)
    )


def _stands_on_end(word: Word, image: Image.Image) -> bool:
    """Tesseract reads lines that run up or down, with boxes higher than wide."""
    wide = (word.box.x1 - word.box.x0) * image.width
    high = (word.box.y1 - word.box.y0) * image.height
    return len(word.text) >= 4 and high > 1.5 * wide


def _needs_fine(reading: Reading, page: SourcePage) -> bool:
    if page.native_dpi and page.native_dpi < 1.2 * reading.dpi:
        return False  # there is no more to see
    letters = sum(_letters(w) for w in reading.words)
    if letters < 3:
        return False
    if reading.quality < GOOD:
        return True
    small = sum(_letters(w) for w in reading.words if _is_small(w, page, reading.turn))
    return small > 0.25 * letters


def _is_small(word: Word, page: SourcePage, turn: int) -> bool:
    height_mm = page.width_mm if turn % 180 else page.height_mm
    return (word.box.y1 - word.box.y0) * height_mm < _SMALL_PRINT_MM


def is_blank(image: Image.Image) -> bool:
    """Is there no ink at all?  Paper grain and single specks do not count; a comma does."""
    grey = image if image.mode == "L" else image.convert("L")
    small = grey.resize((max(1, grey.width // 3), max(1, grey.height // 3)), Image.Resampling.BOX)
    pixels = np.asarray(small, dtype=np.int16)
    paper = int(np.median(pixels))
    return int(np.count_nonzero(pixels < paper - 60)) < 6


def _without_specks(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """Dirt comes back as single signs of low confidence; they would pollute text and search."""
    return tuple(w for w in words if _letters(w) > 0 or w.confidence >= 0.3 or len(w.text) > 2)
