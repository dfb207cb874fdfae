"""How far a sheet went askew through the feeder, and back.

Only recognition sees the straightened image; the words' boxes are put back on the page as it is.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from PIL import Image

from eakte.domain.pages import Word
from eakte.recognition.geometry import clipped

MOST_DEGREES = 8.0
WORTH_TURNING = 0.35
"""Below this Tesseract follows the lines by itself."""

SHEARED_DEGREES = 3.0
"""Up to here lines are levelled by shifting columns; a full turn is needed beyond."""

_WIDTH = 700
_STEP = 0.2


def skew_degrees(image: Image.Image) -> float:
    """How far lines of text fall to the right (positive) or rise, in degrees; 0 where unsure.

    Projection profile: at the right angle, the rows of dark pixels differ most from each other.
    """
    scale = min(1.0, _WIDTH / max(image.width, 1))
    small = image.convert("L").resize(
        (max(1, round(image.width * scale)), max(1, round(image.height * scale))),
        Image.Resampling.BOX,
    )
    pixels = np.asarray(small, dtype=np.float32)
    threshold = min(float(pixels.mean()) - 20.0, 200.0)
    rows, columns = np.nonzero(pixels < threshold)
    if not 200 <= rows.size <= pixels.size * 0.4:
        return 0.0
    if rows.size > 60_000:
        keep = np.random.default_rng(0).choice(rows.size, 60_000, replace=False)
        rows, columns = rows[keep], columns[keep]
    coarse = _best(rows, columns, np.arange(-MOST_DEGREES, MOST_DEGREES + 0.1, 0.8))
    fine = _best(rows, columns, np.arange(coarse - 0.8, coarse + 0.81, _STEP))
    level = _sharpness(rows, columns, 0.0)
    if abs(fine) < WORTH_TURNING or _sharpness(rows, columns, fine) < 1.05 * level:
        return 0.0
    return fine


def _best(
    rows: npt.NDArray[np.intp], columns: npt.NDArray[np.intp], degrees: npt.NDArray[np.float64]
) -> float:
    return float(max(degrees, key=lambda angle: _sharpness(rows, columns, float(angle))))


def _sharpness(rows: npt.NDArray[np.intp], columns: npt.NDArray[np.intp], degrees: float) -> float:
    """Sum of squared differences between neighbouring rows after undoing ``degrees``."""
    sheared = rows - columns * math.tan(math.radians(degrees))
    profile = np.bincount((sheared - sheared.min()).astype(np.intp)).astype(np.float64)
    return float(np.square(np.diff(profile)).sum())


def straightened(image: Image.Image, degrees: float) -> Image.Image:
    """``image`` with its lines level, same size, white at the edges.

    Up to ``SHEARED_DEGREES`` columns are shifted by whole pixels, a twentieth of the work of a
    rotation: letters then lean a little, which no reader minds.
    """
    white = 255 if image.mode == "L" else (255,) * len(image.getbands())
    if abs(degrees) > SHEARED_DEGREES:
        return image.rotate(degrees, Image.Resampling.BILINEAR, fillcolor=white)
    pixels = np.asarray(image)
    level = np.full_like(pixels, 255)
    for left, right, down in _shifts(image.width, degrees):
        if down >= 0:
            level[: image.height - down, left:right] = pixels[down:, left:right]
        else:
            level[-down:, left:right] = pixels[:down, left:right]
    return Image.fromarray(level)


def _shifts(width: int, degrees: float) -> Iterator[tuple[int, int, int]]:
    """Columns from, to, and by how many pixels their ink lies too low."""
    slope = math.tan(math.radians(degrees))
    down = np.rint((np.arange(width) - width / 2) * slope).astype(np.intp)
    edges = np.flatnonzero(np.diff(down)) + 1
    for columns in np.split(np.arange(width), edges):
        yield int(columns[0]), int(columns[-1]) + 1, int(down[columns[0]])


def back_on_page(
    words: tuple[Word, ...], degrees: float, width: int, height: int
) -> tuple[Word, ...]:
    """Boxes found on the straightened image, as upright boxes on the page of that pixel size."""
    sine, cosine = math.sin(math.radians(degrees)), math.cos(math.radians(degrees))
    if abs(degrees) <= SHEARED_DEGREES:
        return _sheared_back(words, math.tan(math.radians(degrees)) * width / height)
    put_back: list[Word] = []
    for word in words:
        box = word.box
        corners = [
            (
                0.5 + ((x - 0.5) * width * cosine - (y - 0.5) * height * sine) / width,
                0.5 + ((x - 0.5) * width * sine + (y - 0.5) * height * cosine) / height,
            )
            for x in (box.x0, box.x1)
            for y in (box.y0, box.y1)
        ]
        across, down = zip(*corners, strict=True)
        put_back.append(replace(word, box=clipped(min(across), min(down), max(across), max(down))))
    return tuple(put_back)


def _sheared_back(words: tuple[Word, ...], slope: float) -> tuple[Word, ...]:
    """``slope``: page heights that a line falls over the page's width."""
    put_back: list[Word] = []
    for word in words:
        box = word.box
        ends = [(x - 0.5) * slope for x in (box.x0, box.x1)]
        put_back.append(
            replace(word, box=clipped(box.x0, box.y0 + min(ends), box.x1, box.y1 + max(ends)))
        )
    return tuple(put_back)
