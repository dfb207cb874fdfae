"""Sizes and boxes on a page."""

from __future__ import annotations

from eakte.domain.pages import Box


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
