"""Rules that touch their text taken out of the image that recognition sees.

Tesseract takes text that stands right on a line (the sender above an address field, a filled-in
form) for part of a drawing and drops it.  The rules of a table keep their distance from the text
and help to tell its cells apart: they stay.  The picture that people see keeps all its lines.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image

_SHORTEST_MM = 9.0
"""No stroke of a letter is that long; shorter rules do no harm."""

_THICKEST_MM = 0.9
_TOUCHING_MM = 0.4
_TOUCHED_SHARE = 0.12
_DARK_BELOW_PAPER = 60
_TOLERATED_GAPS = 0.06


def without_rules(image: Image.Image, dpi: int) -> Image.Image:
    """``image`` (``L``) with its horizontal rules painted over, strokes across them kept."""
    pixels = np.asarray(image)
    paper = int(np.median(pixels[::8, ::8]))
    dark = pixels < paper - _DARK_BELOW_PAPER
    length = round(_SHORTEST_MM / 25.4 * dpi)
    thick = max(3, round(_THICKEST_MM / 25.4 * dpi))
    rule = long_runs(dark, length)
    if not rule.any():
        return image
    rule &= ~_thicker_than(rule, thick)
    rule &= _under_text(dark, rule, length, max(2, round(_TOUCHING_MM / 25.4 * dpi)))
    if not rule.any():
        return image
    soft = rule.copy()  # the grey edge of a rule goes with it, the foot of a letter does not
    soft[1:] |= rule[:-1] & ~dark[1:]
    soft[:-1] |= rule[1:] & ~dark[:-1]
    soft &= ~_crossed(dark, rule, thick)
    cleaned = pixels.copy()
    cleaned[soft] = paper
    return Image.fromarray(cleaned)


def without_grid(image: Image.Image, dpi: int) -> Image.Image:
    """``image`` (``L``) with every thin rule painted over, across and down; itself without any.

    For tables in a full grid, of which Tesseract at times reads nothing at all.
    """
    pixels = np.asarray(image)
    paper = int(np.median(pixels[::8, ::8]))
    dark = pixels < paper - _DARK_BELOW_PAPER
    length = round(_SHORTEST_MM / 25.4 * dpi)
    thick = max(3, round(_THICKEST_MM / 25.4 * dpi))
    across, down = long_runs(dark, length), long_runs(dark.T, length)
    grid = (across & ~_thicker_than(across, thick)) | (down & ~_thicker_than(down, thick)).T
    if not grid.any():
        return image
    soft = grid.copy()
    soft[1:] |= grid[:-1]
    soft[:-1] |= grid[1:]
    soft[:, 1:] |= grid[:, :-1]
    soft[:, :-1] |= grid[:, 1:]
    cleaned = pixels.copy()
    cleaned[soft] = paper
    return Image.fromarray(cleaned)


def long_runs(dark: npt.NDArray[np.bool_], length: int) -> npt.NDArray[np.bool_]:
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


def _thicker_than(rule: npt.NDArray[np.bool_], most: int) -> npt.NDArray[np.bool_]:
    """Pixels of ``rule`` that belong to a dark area higher than ``most`` pixels."""
    core = rule.copy()
    for step in range(1, most + 1):
        core[step:] &= rule[:-step]
        core[:step] = False
    area = core.copy()
    for step in range(1, most + 1):
        area[:-step] |= core[step:]
    return area


def _under_text(
    dark: npt.NDArray[np.bool_], rule: npt.NDArray[np.bool_], length: int, reach: int
) -> npt.NDArray[np.bool_]:
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


def _crossed(
    dark: npt.NDArray[np.bool_], rule: npt.NDArray[np.bool_], reach: int
) -> npt.NDArray[np.bool_]:
    """Pixels of rules with ink of something else right above and right below."""
    ink = dark & ~rule
    above, below = np.zeros_like(ink), np.zeros_like(ink)
    for step in range(1, reach):
        above[step:] |= ink[:-step]
        below[:-step] |= ink[step:]
    return above & below
