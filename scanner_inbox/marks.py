"""Dark marks on a nearly empty page, one by one, and long straight lines.

Plain numpy and a walk over a few thousand pixels: pages with more on them never come here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.int16]
Mask = npt.NDArray[np.bool_]

_STRAY = 3.5
_REACH = 1
"""Pixels (a quarter of a millimetre) over which a broken stroke still is one."""

_SHEARS = np.arange(-0.06, 0.0601, 0.004)
"""Slopes of lines that lie within three and a half degrees of an edge."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Pixels that hang together; all measures in pixels.

    ``x`` and ``y`` are its middle, ``longest`` its extent along its main axis, ``thickness`` across
    it, ``fill`` the share of its ellipse that is dark, ``depth`` how dark it is (grey levels
    against its surroundings, 90th percentile), ``peak`` that of its eighth darkest pixel,
    ``strays`` the pixels that lie further than 0.9 mm from its axis.
    """

    count: int
    x: float
    y: float
    width: int
    height: int
    longest: float
    thickness: float
    fill: float
    depth: float
    peak: float
    strays: int


def marks_of(dark: Pixels, least: int, seeds: Mask) -> list[Mark]:
    """Every mark that has one of ``seeds`` and follows pixels darker than ``least`` from there."""
    rows, columns = np.nonzero((dark > least) | seeds)
    members = set(zip(rows.tolist(), columns.tolist(), strict=True))
    return [
        _measured(_walk(seed, members), dark)
        for seed in zip(*(one.tolist() for one in np.nonzero(seeds)), strict=True)
        if seed in members
    ]


def _walk(seed: tuple[int, int], members: set[tuple[int, int]]) -> npt.NDArray[np.float64]:
    """The pixels that hang together with ``seed``; they are taken out of ``members``."""
    members.discard(seed)
    found, waiting = [seed], [seed]
    while waiting:
        row, column = waiting.pop()
        for y in range(row - _REACH, row + _REACH + 1):
            for x in range(column - _REACH, column + _REACH + 1):
                if (y, x) in members:
                    members.discard((y, x))
                    found.append((y, x))
                    waiting.append((y, x))
    return np.array(found, dtype=np.float64)


def _measured(pixels: npt.NDArray[np.float64], dark: Pixels) -> Mark:
    places = pixels.astype(np.intp)
    low, high = pixels.min(axis=0), pixels.max(axis=0)
    middle = pixels.mean(axis=0)
    longest = thickness = 1.0
    strays = 0
    if len(pixels) > 1:
        _, _, axes = np.linalg.svd(pixels - middle, full_matrices=False)
        along = (pixels - middle) @ axes.T
        extent = along.max(axis=0) - along.min(axis=0) + 1.0
        longest = float(extent[0])
        thickness = float(extent[1])
        strays = int(np.count_nonzero(np.abs(along[:, 1] - np.median(along[:, 1])) > _STRAY))
    height, width = (int(one) for one in high - low + 1)
    darkness = np.sort(dark[places[:, 0], places[:, 1]])
    return Mark(
        count=len(pixels),
        x=float((low[1] + high[1]) / 2),
        y=float((low[0] + high[0]) / 2),
        width=width,
        height=height,
        longest=longest,
        thickness=thickness,
        fill=len(pixels) / (np.pi / 4 * width * height),
        depth=float(np.percentile(darkness, 90)),
        peak=float(darkness[-min(8, len(darkness))]),
        strays=strays,
    )


def without_folds(dark: Pixels, sharp: Mask, *, faint: int) -> tuple[Pixels, Mask]:
    """``dark`` and ``sharp`` without the weak lines that run across the whole page.

    For folds that came out in pieces.  A line as dark as ``faint`` is none, and ruled paper has
    more lines than a sheet has folds: it stays as it is.
    """
    kept, left = sharp.copy(), dark.copy()
    removed = 0
    for turned in (False, True):
        view, depth = (kept.T, left.T) if turned else (kept, left)
        while (line := _fold(depth, faint)) is not None:
            if removed == _MOST_LINES:
                return dark, sharp
            _wipe(line, view, depth)
            removed += 1
    return left, kept


_MOST_LINES = 6
_WIPED = 6
_STRIP = 14
_FOLD_LEAST = 6.0
_FOLD_COVERS = 0.72
"""Share of the width over which a fold is seen; of a full line of text three rows cover half."""


@dataclass(frozen=True, slots=True)
class _Line:
    """Row ``level + slope * (column - middle)``; what is darker than ``most`` is no part of it."""

    level: int
    slope: float
    most: float


def _fold(dark: Pixels, faint: int) -> _Line | None:
    """A weak line that most of the page's width agrees on."""
    height, width = dark.shape
    strips = width // _STRIP
    means = dark[:, : strips * _STRIP].reshape(height, strips, _STRIP).mean(axis=2)
    means[1:-1] = np.maximum(np.maximum(means[:-2], means[2:]), means[1:-1])
    places = (np.arange(strips) + 0.5) * _STRIP - width / 2
    best = (0.0, 0, 0.0)
    rows = np.arange(height)[:, None]
    for slope in _SHEARS:
        shifted = np.clip(rows + np.round(places * slope).astype(np.intp), 0, height - 1)
        agreed = np.median(means[shifted, np.arange(strips)], axis=1)
        beside = np.maximum(_beside(agreed, -_WIPED - 2), _beside(agreed, _WIPED + 2))
        agreed[2:-2] -= 0.6 * beside[2:-2]
        level = int(agreed[2:-2].argmax()) + 2
        if agreed[level] > best[0]:
            best = (float(agreed[level]), level, float(slope))
    strength, level, slope = best
    if strength < _FOLD_LEAST:
        return None
    course = np.clip(level + np.round(places * slope).astype(np.intp), 0, height - 1)
    depth = float(np.percentile(means[course, np.arange(strips)], 80))
    line = _Line(level=level, slope=slope, most=max(2.0 * depth, 40.0))
    return line if depth < faint and _covered(line, dark) >= _FOLD_COVERS else None


def _covered(line: _Line, dark: Pixels) -> float:
    """The share of columns that are darker than their surroundings within three rows of it."""
    height, width = dark.shape
    every = np.arange(width)
    middle = np.round(line.level + (every - width / 2) * line.slope).astype(np.intp)
    rows = np.clip(middle[None, :] + np.array([[-1], [0], [1]]), 0, height - 1)
    return float(np.mean(dark[rows, every].max(axis=0) > 8))


def _beside(profile: npt.NDArray[np.float64], rows: int) -> npt.NDArray[np.float64]:
    """The profile ``rows`` further down, nothing beyond the page."""
    moved = np.zeros_like(profile)
    if rows > 0:
        moved[:-rows] = profile[rows:]
    else:
        moved[-rows:] = profile[:rows]
    return np.maximum(moved, 0.0)


def _wipe(line: _Line, sharp: Mask, dark: Pixels) -> None:
    """Take the line out of both pictures."""
    height, width = sharp.shape
    every = np.arange(width)
    middle = np.round(line.level + (every - width / 2) * line.slope).astype(np.intp)
    reach = np.arange(-_WIPED, _WIPED + 1)[:, None]
    rows = (middle[None, :] + reach).ravel()
    columns = np.tile(every, reach.size)
    inside = (rows >= 0) & (rows < height)
    rows, columns = rows[inside], columns[inside]
    weak = dark[rows, columns] < line.most
    sharp[rows[weak], columns[weak]] = False
    dark[rows[weak], columns[weak]] = 0
