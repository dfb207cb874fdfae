"""Fronts first, then the turned stack's backs: the order of a one-sided scanner's two runs.

Put in order only where numbers printed on the pages prove it; otherwise the order stays.
"""

from __future__ import annotations

from collections.abc import Sequence

Numbered = Sequence[tuple[int, int | None]]
"""Pages of a source in their order: (number in the source, number printed on the page)."""

_PROOFS = 3
"""Pages with a printed number that a new order must explain, on both halves together."""


def reading_order(pages: Numbered) -> tuple[int, ...] | None:
    """The order of ``pages`` by their printed numbers; None where they lie right or prove nothing.

    The run must be fronts 1, 3, 5, ... and then backs, last sheet first: ..., 6, 4, 2 (a missing
    number proves nothing and contradicts nothing; a number that does not fit contradicts).
    """
    if len(pages) < 4 or len(pages) % 2:
        return None
    half = len(pages) // 2
    fronts, backs = list(pages[:half]), list(pages[half:])[::-1]
    order = [one for pair in zip(fronts, backs, strict=True) for one in pair]
    printed = [(place, number) for place, (_, number) in enumerate(order, 1) if number is not None]
    fits = all(place == number for place, number in printed)
    on_backs = sum(1 for place, _ in printed if place % 2 == 0)
    on_fronts = len(printed) - on_backs
    if not fits or len(printed) < _PROOFS or not on_backs or not on_fronts:
        return None
    numbers = tuple(number for number, _ in order)
    return None if numbers == tuple(number for number, _ in pages) else numbers
