"""Is there anything on this side?  What paper, punches and scanners leave behind is nothing.

Decided on a grey picture at about 100 dpi (a quarter of a millimetre a pixel).  Ink is dark against
its surroundings *and* sharp: what shines through from the other side has gone through the paper
and is blurred.  Of the rest, forms that no pen makes are set aside: punched holes, staples, folds,
streaks and edges, specks of dust.  Whatever then remains is content, however little: a page number,
a comma, a pencil note.  Where in doubt the side is kept (ADR 0075).
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from scanner_inbox.marks import Mark, marks_of, without_folds

if TYPE_CHECKING:
    Pixels = npt.NDArray[np.int16]
    Mask = npt.NDArray[np.bool_]

MM = 100 / 25.4
"""Pixels in a millimetre."""

_MANY = 12_000
"""Sharp dark pixels (3 of 4 lines of text) from which on there is no need to look closer."""

_PLAINLY = 0.04
"""Share of dark pixels from which on nothing is asked: edges and holes never make so many."""

_DARK = 22
"""Grey levels that ink is darker than its surroundings."""

_INK = 27
"""A mark that is weaker than this shines through; faint pencil comes out at 39 and more."""

_STEEP = 10
"""Grey levels from one pixel to the next; what shines through a sheet stays below 8."""

_PAPER_EDGE = 36
"""Pieces of the paper's edge against the glass are weaker than this, and pencil is darker."""

_BORDER_MM = 4.0
_MOST_SPECKS = 600
_FOLD = 75
"""A fold's shadow is weaker than this; a ruled or printed line is darker."""


def ink_share(small: Image.Image) -> tuple[float, bool]:
    """The share of the page that is written on, and whether the side is blank.

    ``small`` is a picture of about 100 dpi in mode ``L``.
    """
    share, left = content(small)
    return share, left is not None and not left


def content(small: Image.Image) -> tuple[float, list[Mark] | None]:
    """The share that is written on, and the marks that paper and machines do not make.

    None where there is so much that nobody needs to look at it mark by mark.
    """
    pixels = np.asarray(small)
    plain = int(np.count_nonzero(pixels < float(np.median(pixels[::4, ::4])) - 60))
    if plain > _PLAINLY * pixels.size:
        return plain / pixels.size, None
    dark, sharp = _ink(small)
    count = int(np.count_nonzero(sharp))
    share = count / sharp.size
    if count == 0:
        return 0.0, []
    if count > _MANY:
        return share, None
    left = _content(dark, sharp)
    if not left or not _may_be_fold(left):
        return share, left
    unfolded, kept = without_folds(dark, sharp, faint=_FOLD)
    return share, left if kept is sharp else _content(unfolded, kept)


def _ink(small: Image.Image) -> tuple[Pixels, Mask]:
    """How much darker every pixel is than around it, and where there is sharp ink."""
    pixels = np.asarray(small, dtype=np.int16)
    around = np.asarray(small.filter(ImageFilter.BoxBlur(15)), dtype=np.int16)
    # The surroundings of a dark spot are darkened by it: paper is what most of the page is.
    dark: Pixels = around - pixels
    grain = _grain(pixels)
    steep = np.zeros(pixels.shape, dtype=np.int16)
    across = np.abs(np.diff(pixels, axis=1))
    down = np.abs(np.diff(pixels, axis=0))
    steep[:, 1:] = across
    np.maximum(steep[:, :-1], across, out=steep[:, :-1])
    np.maximum(steep[1:], down, out=steep[1:])
    np.maximum(steep[:-1], down, out=steep[:-1])
    sharp: Mask = (dark > max(_DARK, 5 * grain)) & (steep > max(_STEEP, 4.5 * grain))
    edge = round(_BORDER_MM * MM)
    inner = np.zeros_like(sharp)
    inner[edge:-edge, edge:-edge] = True
    return np.where(inner, dark, np.int16(0)), sharp & inner


def _grain(pixels: Pixels) -> float:
    """Standard deviation of the scanner's noise, from neighbours, whatever is written."""
    difference = np.abs(pixels[::3, 1::3] - pixels[::3, ::3][:, : pixels[::3, 1::3].shape[1]])
    return float(np.median(difference)) * 1.48 / 1.41


def _content(dark: Pixels, sharp: Mask) -> list[Mark]:
    """The marks that are more than what paper and machines leave."""
    height, width = sharp.shape
    marks = [mark for mark in marks_of(dark, _DARK, sharp) if mark.depth >= _INK]
    specks = [mark for mark in marks if _is_speck(mark)]
    if _dotted(specks):
        return marks
    rest = [mark for mark in marks if not _is_speck(mark)]
    return [
        mark
        for mark in rest
        if not _is_hole(mark, rest, width, height)
        and not _is_staple(mark, width, height)
        and not _is_line(mark, width, height)
    ]


def _may_be_fold(marks: list[Mark]) -> bool:
    """Whether they may be pieces of folds: none of them high, and most of them long.

    Writing on a fold has letters higher than a fold is wide, even a page number in 8 pt.
    """
    flat = sum(mark.width for mark in marks) >= sum(mark.height for mark in marks)
    slope = 0.06  # as far as a sheet goes askew
    high = max(
        mark.height - slope * mark.width if flat else mark.width - slope * mark.height
        for mark in marks
    )
    long = sum(mark.count for mark in marks if mark.longest >= 2.5 * mark.thickness)
    return high <= 1.75 * MM and long >= 0.5 * sum(mark.count for mark in marks)


def _is_speck(mark: Mark) -> bool:
    """Dust; a comma in 10 pt has 14 pixels."""
    return mark.count <= 6 and mark.longest <= 1.3 * MM


def _dotted(specks: list[Mark]) -> bool:
    """Specks that lie together as dust does not: a faint line that came out in pieces."""
    cells = Counter((int(mark.x / (12 * MM)), int(mark.y / (12 * MM))) for mark in specks)
    return len(specks) > _MOST_SPECKS or max(cells.values(), default=0) >= 12


def _is_hole(mark: Mark, others: list[Mark], width: int, height: int) -> bool:
    """A disc of 3.5 to 8.5 mm near an edge, or a pair 80 mm apart; twice punched ones overlap."""
    wide, high = mark.width / MM, mark.height / MM
    if not (min(wide, high) >= 3.0 and max(wide, high) <= 13 and mark.fill > 0.5):
        return False
    if not _near_edge(mark, width, height, 24.0):
        return False
    if max(wide, high) <= 8.5 and 0.75 <= wide / high <= 1.34 and mark.fill > 0.8:
        return True
    return any(_partners(mark, one) for one in others if one is not mark)


def _partners(one: Mark, other: Mark) -> bool:
    """Whether the two lie as the pins of a punch do."""
    across, down = abs(one.x - other.x) / MM, abs(one.y - other.y) / MM
    return (abs(across - 80) < 3 and down < 6) or (abs(down - 80) < 3 and across < 6)


def _is_staple(mark: Mark, width: int, height: int) -> bool:
    """A straight stroke of 7 to 15 mm, or the two pricks of one, in a corner of 30 mm."""
    corner = min(mark.x, width - mark.x) < 30 * MM and min(mark.y, height - mark.y) < 30 * MM
    if not corner:
        return False
    straight = 6 * MM <= mark.longest <= 16 * MM and mark.thickness <= 1.3 * MM
    prick = mark.longest <= 1.8 * MM and mark.thickness <= 1.6 * MM and mark.fill > 0.6
    return straight or prick


def _is_line(mark: Mark, width: int, height: int) -> bool:
    """A straight line by itself: a fold, the edge of the paper, a streak over the whole page.

    Of the paper's edge there may be pieces only: weak, within 8 mm of an edge and along it.
    """
    askew = min(mark.width, mark.height) / max(mark.width, mark.height)
    along = width - mark.x if mark.height > mark.width else height - mark.y
    across = mark.x if mark.height > mark.width else mark.y
    if mark.depth < _PAPER_EDGE and min(along, across) < 8 * MM:
        return mark.thickness <= 2.4 * MM
    if mark.thickness > max(1.8 * MM, 0.016 * mark.longest) or mark.longest < 25 * MM:
        return False
    if askew > 0.08:
        return False
    written_on = mark.strays >= 5 or mark.peak > 1.7 * mark.depth + 10
    whole = mark.longest > 0.85 * (width if mark.width > mark.height else height)
    at_edge = _near_edge(mark, width, height, 16.0)
    return (mark.depth < _FOLD or whole or at_edge) and not written_on


def _near_edge(mark: Mark, width: int, height: int, mm: float) -> bool:
    return min(mark.x, width - mark.x, mark.y, height - mark.y) < mm * MM
