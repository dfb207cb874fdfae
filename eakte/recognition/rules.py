"""Rules that touch their text, and the grids of tables, taken out of what recognition sees.

Tesseract takes text that stands right on a line (the sender above an address field, a filled-in
form) for part of a drawing and drops it.  The rules of a small table keep their distance from the
text and help to tell its cells apart: they stay.  In a full grid Tesseract takes lines for letters
or reads nothing at all: there they all go.  The picture that people see keeps all its lines.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from PIL import Image

from eakte.domain.pages import Box

_Mask = npt.NDArray[np.bool_]
_Columns = npt.NDArray[np.intp]

_SHORTEST_MM = 9.0
"""No stroke of a letter is that long; shorter rules do no harm."""

_THICKEST_MM = 0.9
_TOUCHING_MM = 0.4
_TOUCHED_SHARE = 0.12
_DARK_BELOW_PAPER = 60
_TOLERATED_GAPS = 0.06

_GRID_RULES = 5
"""Rules across from which on a grid is looked for: a letter has one or two."""

_FULL_GRID = 80
"""Crossings of rules from which on a table is read without its lines at once."""

_SOME_GRID = 8

_CROSSING_MM = 3.0
_CROSSED_BY = 3
"""Rules across that one down must meet to be a table's: a frame or a streak meets one or two."""

_STEPS = 6
"""Rows that a rule may rise or fall between two that run down."""

_BAND_ROWS = 512


@dataclass(frozen=True, slots=True)
class Cleaned:
    """An image (``L``) freed of lines, and where tables stood (fractions of the image).

    ``gridded``: the lines of a table are still there.
    """

    image: Image.Image
    tables: tuple[Box, ...] = ()
    gridded: bool = False


@dataclass(frozen=True, slots=True)
class _Lines:
    """What is dark on an image, and the thin rules across it; lengths in pixels."""

    pixels: npt.NDArray[np.uint8]
    paper: int
    dark: _Mask
    across: _Mask
    length: int
    thick: int


def without_lines(image: Image.Image, dpi: int) -> Cleaned:
    """``image`` (``L``) without what hinders reading: a full grid, and rules under text."""
    lines = _lines_of(image, dpi)
    crossings = 0
    if _starts(lines.across) >= _GRID_RULES:
        down = _down(lines)
        columns = _crossings(lines.across, down, dpi)
        crossings = columns.size
        if crossings >= _FULL_GRID:
            return _without_tables(lines, down, columns, dpi)
    cleaned = _without_rules(image, lines, dpi)
    return replace(cleaned, gridded=crossings >= _SOME_GRID)


def without_grid(image: Image.Image, dpi: int) -> Cleaned:
    """``image`` (``L``) with every thin rule painted over, across and down; itself without any."""
    lines = _lines_of(image, dpi)
    down = _down(lines)
    if not (lines.across.any() or down.any()):
        return Cleaned(image)
    columns = _crossings(lines.across, down, dpi)
    tables = tuple(_tables(lines.across, _often_crossed(down, columns, dpi), dpi))
    return Cleaned(_painted(lines, _with_edges(lines.across | down)), tables)


def _lines_of(image: Image.Image, dpi: int) -> _Lines:
    pixels = np.asarray(image)
    paper = int(np.median(pixels[::8, ::8]))
    dark = pixels < paper - _DARK_BELOW_PAPER
    length = round(_SHORTEST_MM / 25.4 * dpi)
    thick = max(3, round(_THICKEST_MM / 25.4 * dpi))
    across = _thin(long_runs(dark, length), thick)
    return _Lines(pixels, paper, dark, across, length, thick)


def _down(lines: _Lines) -> _Mask:
    """The thin rules that run down."""
    turned = np.ascontiguousarray(lines.dark.T)
    return np.ascontiguousarray(_thin(long_runs(turned, lines.length), lines.thick).T)


def _thin(rule: _Mask, thick: int) -> _Mask:
    return rule & ~_thicker_than(rule, thick) if rule.any() else rule


def _without_rules(image: Image.Image, lines: _Lines, dpi: int) -> Cleaned:
    """Rules under text painted over, strokes across them kept."""
    over = _rules_under_text(lines, dpi)
    return Cleaned(image if over is None else _painted(lines, over))


def _rules_under_text(lines: _Lines, dpi: int) -> _Mask | None:
    if not lines.across.any():
        return None
    reach = max(2, round(_TOUCHING_MM / 25.4 * dpi))
    dark = lines.dark
    rule = lines.across & _under_text(dark, lines.across, lines.length, reach)
    if not rule.any():
        return None
    soft = rule.copy()  # the grey edge of a rule goes with it, the foot of a letter does not
    soft[1:] |= rule[:-1] & ~dark[1:]
    soft[:-1] |= rule[1:] & ~dark[:-1]
    soft &= ~_crossed(dark, rule, lines.thick)
    return soft


def _without_tables(lines: _Lines, down: _Mask, columns: _Columns, dpi: int) -> Cleaned:
    """Rules that meet others gone, and rules under text.

    What looks like a single rule may be the heads of a large heading's letters.
    """
    over = _with_edges(down | _meeting(lines.across, down))
    under_text = _rules_under_text(lines, dpi)
    if under_text is not None:
        over |= under_text
    tables = tuple(_tables(lines.across, _often_crossed(down, columns, dpi), dpi))
    return Cleaned(_painted(lines, over), tables)


def _meeting(across: _Mask, down: _Mask) -> _Mask:
    """The rules across that meet one that runs down."""
    found = np.zeros_like(across)
    near = down.copy()  # rules may end a pixel or two before they meet
    near[:, 2:] |= down[:, :-2]
    near[:, :-2] |= down[:, 2:]
    for top in range(0, across.shape[0], _BAND_ROWS):
        here = np.s_[top : top + _BAND_ROWS]
        found[here] = _touched(across[here], near[here])
    return found


def _touched(across: _Mask, near: _Mask) -> _Mask:
    """The runs of ``across`` that meet ``near``, and those that go on a row above or below."""
    begins = across.copy()
    begins[:, 1:] &= ~across[:, :-1]
    numbers = np.cumsum(begins, dtype=np.int32).reshape(across.shape)
    met = np.zeros(int(numbers[-1, -1]) + 1, dtype=np.bool_)
    touched = across & near
    for _ in range(_STEPS):
        met[numbers[touched]] = True
        reached: _Mask = met[numbers] & across
        touched = reached.copy()
        touched[:, 2:] |= reached[:, :-2]
        touched[:, :-2] |= reached[:, 2:]
        touched[1:] |= reached[:-1]
        touched[:-1] |= reached[1:]
        touched &= across
    return reached


def _with_edges(grid: _Mask) -> _Mask:
    """Edges and all: what stays of a rule is read as letters, which costs more than a serif."""
    soft = grid.copy()
    soft[1:] |= grid[:-1]
    soft[:-1] |= grid[1:]
    soft[:, 1:] |= grid[:, :-1]
    soft[:, :-1] |= grid[:, 1:]
    return soft


def _painted(lines: _Lines, over: _Mask) -> Image.Image:
    cleaned = lines.pixels.copy()
    cleaned[over] = lines.paper
    return Image.fromarray(cleaned)


def _starts(across: _Mask) -> int:
    """How many rules lie one below the other."""
    occupied = _any(across, 1)
    return int(occupied[:1].sum()) + int(np.count_nonzero(occupied[1:] & ~occupied[:-1]))


def _crossings(across: _Mask, down: _Mask, dpi: int) -> _Columns:
    """The columns of the squares of three millimetres in which rules across and down meet."""
    near = across.copy()  # rules may end a pixel or two before they meet
    near[2:] |= across[:-2]
    near[:-2] |= across[2:]
    side = _square(dpi)
    rows, columns = np.nonzero(near & down)
    each = down.shape[1] // side + 1
    met: _Columns = np.unique(rows // side * each + columns // side) % each
    return met


def _square(dpi: int) -> int:
    return max(1, round(_CROSSING_MM / 25.4 * dpi))


def _tables(across: _Mask, kept: _Mask, dpi: int) -> list[Box]:
    """Where several rules down meet several across, with what the rules across enclose.

    ``kept`` are the rules down that are often crossed.
    """
    height, width = kept.shape
    tables = []
    for top, bottom in _stretches(_any(kept, 1), 2):
        here = _any(kept[top:bottom], 0)
        for left, right in _stretches(here | _any(across[top:bottom], 0), _square(dpi)):
            columns = np.flatnonzero(here[left:right])
            if columns.size and columns[-1] - columns[0] > _square(dpi):
                tables.append(Box(left / width, top / height, right / width, bottom / height))
    return tables


def _often_crossed(down: _Mask, columns: _Columns, dpi: int) -> _Mask:
    """A frame around the page, a scanner's streak and its black edge meet too few rules across."""
    side = _square(dpi)
    counts = np.bincount(columns, minlength=down.shape[1] // side + 1)
    enough = counts >= _CROSSED_BY
    enough[1:] |= enough[:-1].copy()  # one that is still a little askew runs into the next square
    enough[:-1] |= enough[1:].copy()
    return down & np.repeat(enough, side)[: down.shape[1]]


def _any(mask: _Mask, axis: int) -> _Mask:
    occupied: _Mask = np.count_nonzero(mask, axis=axis) > 0
    return occupied


def _stretches(occupied: _Mask, gap: int) -> list[tuple[int, int]]:
    """Runs of True as (first, end), those closer than ``gap`` joined."""
    places = np.flatnonzero(occupied)
    if places.size == 0:
        return []
    breaks = np.flatnonzero(np.diff(places) > gap)
    firsts = [int(places[0]), *(int(places[n + 1]) for n in breaks)]
    ends = [*(int(places[n]) + 1 for n in breaks), int(places[-1]) + 1]
    return list(zip(firsts, ends, strict=True))


def long_runs(dark: _Mask, length: int) -> _Mask:
    """Pixels in horizontal runs of at least ``length``, small gaps allowed.

    Some rows at a time: sums of a whole plan would take 400 MB.
    """
    found = np.zeros_like(dark)
    if dark.shape[1] <= length:
        return found
    enough = round(length * (1 - _TOLERATED_GAPS))
    for top in range(0, dark.shape[0], _BAND_ROWS):
        band = dark[top : top + _BAND_ROWS]
        rows = np.flatnonzero(np.count_nonzero(band, axis=1) >= enough)
        if rows.size:
            found[top + rows] = _runs(band[rows], length, enough)
    return found


def _runs(dark: _Mask, length: int, enough: int) -> _Mask:
    sums = np.cumsum(dark, axis=1, dtype=np.int32)
    full = sums[:, length:] - sums[:, :-length] >= enough
    edges = np.zeros((dark.shape[0], dark.shape[1] + 1), dtype=np.int32)
    edges[:, 1 : full.shape[1] + 1] += full
    edges[:, length + 1 : length + 1 + full.shape[1]] -= full
    covered: _Mask = np.cumsum(edges, axis=1)[:, :-1] > 0
    return covered & dark


def _thicker_than(rule: _Mask, most: int) -> _Mask:
    """Pixels of ``rule`` that belong to a dark area higher than ``most`` pixels."""
    core = rule.copy()
    for step in range(1, most + 1):
        core[step:] &= rule[:-step]
        core[:step] = False
    area = core.copy()
    for step in range(1, most + 1):
        area[:-step] |= core[step:]
    return area


def _under_text(dark: _Mask, rule: _Mask, length: int, reach: int) -> _Mask:
    """Where, over a stretch of ``length``, ink stands close above the rule."""
    ink = dark & ~rule
    near = np.zeros_like(ink)
    for step in range(1, reach + 2):  # a rule of two pixels has its upper one between
        near[step:] |= ink[:-step]
    near &= rule
    rows = np.flatnonzero(rule.any(axis=1))
    padded = np.pad(near[rows], ((0, 0), (length // 2 + 1, length // 2)))
    sums = np.cumsum(padded, axis=1, dtype=np.int32)
    share = (sums[:, 2 * (length // 2) + 1 :] - sums[:, : -(2 * (length // 2) + 1)]) / length
    found = np.zeros_like(rule)
    found[rows] = share >= _TOUCHED_SHARE
    return found


def _crossed(dark: _Mask, rule: _Mask, reach: int) -> _Mask:
    """Pixels of rules with ink of something else right above and right below."""
    ink = dark & ~rule
    above, below = np.zeros_like(ink), np.zeros_like(ink)
    for step in range(1, reach):
        above[step:] |= ink[:-step]
        below[:-step] |= ink[step:]
    return above & below
