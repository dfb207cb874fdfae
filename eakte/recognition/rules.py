"""Rules that touch their text, and the grids of tables, taken out of what recognition sees.

Tesseract takes text that stands right on a line (the sender above an address field, a filled-in
form) for part of a drawing and drops it.  The rules of a small table keep their distance from the
text and help to tell its cells apart: they stay.  In a full grid Tesseract takes lines for letters
or reads nothing at all: there they all go.  The picture that people see keeps all its lines.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from PIL import Image

from eakte.domain.pages import Box

_Mask = npt.NDArray[np.bool_]

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
    """``image`` (``L``) without what hinders reading: a full grid, else rules under text."""
    lines = _lines_of(image, dpi)
    crossings = 0
    if _starts(lines.across) >= _GRID_RULES:
        down = _down(lines)
        crossings = _crossings(lines.across, down, dpi)
        if crossings >= _FULL_GRID:
            return _without_grid(lines, down)
    cleaned = _without_rules(image, lines, dpi)
    return replace(cleaned, gridded=crossings >= _SOME_GRID)


def without_grid(image: Image.Image, dpi: int) -> Cleaned:
    """``image`` (``L``) with every thin rule painted over, across and down; itself without any."""
    lines = _lines_of(image, dpi)
    down = _down(lines)
    if not (lines.across.any() or down.any()):
        return Cleaned(image)
    return _without_grid(lines, down)


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
    if not lines.across.any():
        return Cleaned(image)
    reach = max(2, round(_TOUCHING_MM / 25.4 * dpi))
    dark = lines.dark
    rule = lines.across & _under_text(dark, lines.across, lines.length, reach)
    if not rule.any():
        return Cleaned(image)
    soft = rule.copy()  # the grey edge of a rule goes with it, the foot of a letter does not
    soft[1:] |= rule[:-1] & ~dark[1:]
    soft[:-1] |= rule[1:] & ~dark[:-1]
    soft &= ~_crossed(dark, rule, lines.thick)
    return Cleaned(_painted(lines, soft))


def _without_grid(lines: _Lines, down: _Mask) -> Cleaned:
    """Edges and all: what stays of a rule is read as letters, which costs more than a serif."""
    grid = lines.across | down
    soft = grid.copy()
    soft[1:] |= grid[:-1]
    soft[:-1] |= grid[1:]
    soft[:, 1:] |= grid[:, :-1]
    soft[:, :-1] |= grid[:, 1:]
    return Cleaned(_painted(lines, soft), tuple(_tables(down)))


def _painted(lines: _Lines, over: _Mask) -> Image.Image:
    cleaned = lines.pixels.copy()
    cleaned[over] = lines.paper
    return Image.fromarray(cleaned)


def _starts(across: _Mask) -> int:
    """How many rules lie one below the other."""
    occupied = np.count_nonzero(across, axis=1) > 0
    return int(occupied[:1].sum()) + int(np.count_nonzero(occupied[1:] & ~occupied[:-1]))


def _crossings(across: _Mask, down: _Mask, dpi: int) -> int:
    """In how many squares of three millimetres a rule across meets one that runs down."""
    near = across.copy()  # rules may end a pixel or two before they meet
    near[2:] |= across[:-2]
    near[:-2] |= across[2:]
    side = max(1, round(_CROSSING_MM / 25.4 * dpi))
    rows, columns = np.nonzero(near & down)
    return int(np.unique(rows // side * down.shape[1] + columns // side).size)


def _tables(down: _Mask) -> list[Box]:
    """Where rules run down the page: from the first to the last of each group of them."""
    height, width = down.shape
    rows = np.flatnonzero(down.any(axis=1))
    if rows.size == 0:
        return []
    ends = np.flatnonzero(np.diff(rows) > 2)
    bounds = [0, *(ends + 1).tolist(), rows.size]
    tables = []
    for first, end in pairwise(bounds):
        top, bottom = int(rows[first]), int(rows[end - 1]) + 1
        columns = np.flatnonzero(down[top:bottom].any(axis=0))
        left, right = int(columns[0]), int(columns[-1]) + 1
        tables.append(Box(left / width, top / height, right / width, bottom / height))
    return tables


def long_runs(dark: _Mask, length: int) -> _Mask:
    """Pixels in horizontal runs of at least ``length``, small gaps allowed."""
    found = np.zeros_like(dark)
    enough = round(length * (1 - _TOLERATED_GAPS))
    rows = np.flatnonzero(np.count_nonzero(dark, axis=1) >= enough)
    if rows.size == 0 or dark.shape[1] <= length:
        return found
    sums = np.cumsum(dark[rows], axis=1, dtype=np.int32)
    full = sums[:, length:] - sums[:, :-length] >= enough
    edges = np.zeros((rows.size, dark.shape[1] + 1), dtype=np.int32)
    edges[:, 1 : full.shape[1] + 1] += full
    edges[:, length + 1 : length + 1 + full.shape[1]] -= full
    found[rows] = (np.cumsum(edges, axis=1)[:, :-1] > 0) & dark[rows]
    return found


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
