"""Which way up a page lies, before it is read: what its lines of text look like from afar.

A few milliseconds of arithmetic that cost no recognition.  They only say where to look first; what
is read in the end decides (``reading.py``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from eakte.recognition.rules import long_runs

_LOOK_DPI = 100
_STRIP_MM = 12.0
"""Wide enough for a few letters, so narrow that three degrees of skew keep lines apart."""

_RULE_MM = 9.0
_BAND_MM = (25.0, 11.0)
_BAND_INK = 2_500
"""Dark pixels at 100 dpi of some four lines in 11 point."""

_DARK_BELOW_PAPER = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """What the lines look like.

    ``across`` is how much sharper lines stand out across the page than down it (1: alike; below:
    the page lies on its side).  ``upright`` is positive where lines end more sharply below, at the
    base line, than above, where capitals and ascenders stand out: Latin print the right way up;
    negative where it stands on its head, about 0 for figures (-1..1).  ``ink`` counts dark pixels
    at 100 dpi that belong to no rule or picture.
    """

    across: float
    upright: float
    ink: int


def look_at_lines(image: Image.Image, dpi: int) -> Lines:
    """The lines of text on ``image`` (``L``), the rules and pictures left out."""
    dark = _text_pixels(image.reduce(max(1, round(dpi / _LOOK_DPI))))
    strip = round(_STRIP_MM / 25.4 * _LOOK_DPI)
    lying, lying_slope = _edges(dark, strip)
    standing, standing_slope = _edges(dark.T, strip)
    across = (lying + 1) / (standing + 1)
    return Lines(
        across=across,
        upright=lying_slope if across >= 1 else standing_slope,
        ink=int(np.count_nonzero(dark)),
    )


def _text_pixels(small: Image.Image) -> npt.NDArray[np.bool_]:
    """Dark pixels that belong to no rule and no picture."""
    pixels = np.asarray(small)
    dark = pixels < int(np.median(pixels[::4, ::4])) - _DARK_BELOW_PAPER
    length = round(_RULE_MM / 25.4 * _LOOK_DPI)
    kept: npt.NDArray[np.bool_] = dark & ~(long_runs(dark, length) | long_runs(dark.T, length).T)
    return kept


def _edges(dark: npt.NDArray[np.bool_], strip: int) -> tuple[float, float]:
    """How sharply lines begin and end in strips of that width; how much sharper below."""
    starts = np.arange(0, max(1, dark.shape[1] - strip // 2), strip)
    profile = np.add.reduceat(dark, starts, axis=1, dtype=np.int32)
    steps = (profile[2:] - profile[:-2]).astype(np.float64)
    cubes = steps**3
    weight = float(np.abs(cubes).sum())
    return float((steps**2).sum()), -float(cubes.sum()) / weight if weight else 0.0


def densest_band(image: Image.Image, dpi: int) -> Image.Image:
    """The band across ``image`` (``L``) with the most lines of text: 25 mm, less in small print."""
    small = image.reduce(max(1, round(dpi / _LOOK_DPI)))
    rows = _text_pixels(small).sum(axis=1, dtype=np.int32)
    steps = np.abs(np.diff(rows, prepend=0))
    most, least = (round(mm / 25.4 * _LOOK_DPI) for mm in _BAND_MM)
    window = min(len(rows), most)
    top = int(np.convolve(steps, np.ones(window, dtype=np.int32), mode="valid").argmax())
    enough = int(np.searchsorted(np.cumsum(rows[top : top + window]), _BAND_INK))
    bottom = top + min(window, max(enough, least))
    scale = image.height / small.height
    return image.crop((0, round(top * scale), image.width, round(bottom * scale)))
