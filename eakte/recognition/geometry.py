"""Turning boxes and words together with their page."""

from __future__ import annotations

from dataclasses import replace

from eakte.domain.pages import Box, Word


def turned_box(box: Box, turn: int) -> Box:
    """``box`` after its page was turned clockwise by ``turn`` (0, 90, 180 or 270 degrees)."""
    match turn % 360:
        case 0:
            return box
        case 90:
            return Box(1 - box.y1, box.x0, 1 - box.y0, box.x1)
        case 180:
            return Box(1 - box.x1, 1 - box.y1, 1 - box.x0, 1 - box.y0)
        case 270:
            return Box(box.y0, 1 - box.x1, box.y1, 1 - box.x0)
        case _:
            raise ValueError(f"not a quarter turn: {turn}")


def turned_words(words: tuple[Word, ...], turn: int) -> tuple[Word, ...]:
    """Every word with its box turned; order, lines and blocks stay."""
    if turn % 360 == 0:
        return words
    return tuple(replace(word, box=turned_box(word.box, turn)) for word in words)


def turned_size(width: float, height: float, turn: int) -> tuple[float, float]:
    """Width and height of a page after a quarter turn."""
    return (height, width) if turn % 180 else (width, height)


def clipped(x0: float, y0: float, x1: float, y1: float) -> Box:
    """A box cut off at the page's edges."""
    return Box(
        min(max(x0, 0.0), 1.0),
        min(max(y0, 0.0), 1.0),
        min(max(x1, 0.0), 1.0),
        min(max(y1, 0.0), 1.0),
    )


def inside_share(inner: Box, outer: Box) -> float:
    """Which share of ``inner``'s area lies in ``outer`` (0..1)."""
    width = min(inner.x1, outer.x1) - max(inner.x0, outer.x0)
    height = min(inner.y1, outer.y1) - max(inner.y0, outer.y0)
    area = (inner.x1 - inner.x0) * (inner.y1 - inner.y0)
    if width <= 0 or height <= 0 or area <= 0:
        return 0.0
    return width * height / area
