"""What it takes to read a known number as the signs that a scanner made of it.

The other way round than finding numbers: here the number is known (a case file's, a birth date, a
house number) and the question is whether the signs on the page can be it.  Signs that look alike
cost half of one that was mistaken for a similar digit; a sign too many or too few costs most.  A
digit that does not look like the one meant is another number.
"""

from __future__ import annotations

from functools import lru_cache

from rapidfuzz.distance import Levenshtein

SLIGHT, ALIKE, WRONG, MISSING = 0.3, 0.5, 1.0, 1.2
"""Prices: a stroke or point read as another; a letter for a digit; a digit; one too few or many."""

_NEVER = 99.0
_FURTHER = 3
"""Lengths that differ by more signs are not compared."""
_LETTERS = {
    "0": "OoQDC°",
    "1": "lIi|!/\\J[]",
    "2": "Zz",
    "4": "A",
    "5": "Ss§$",
    "6": "Gb",
    "7": "/T?",
    "8": "B&$§",
    "9": "gq",
}
_DIGITS = {
    "0": "689",
    "1": "74",
    "2": "7",
    "3": "8",
    "4": "19",
    "5": "6",
    "6": "058",
    "7": "1",
    "8": "0369",
    "9": "048",
}
_STROKES = frozenset("/\\|lIi1!7JT[]")
_POINTS = frozenset(".,:;'-·")


def reading_cost(written: str, read: str, most: float) -> float | None:
    """What it costs to read ``written`` as ``read``, both without blanks; None above ``most``.

    0 for the same.  ``written`` consists of digits, strokes and points; the order of signs counts.
    """
    if abs(len(written) - len(read)) > _FURTHER:
        return None
    signs = 2 + int(most / SLIGHT / 2)  # hardly more than half of what is wrong is slight
    if Levenshtein.distance(written, read, score_cutoff=signs) > signs:
        return None  # cheaply told, for nearly everything
    return _reading_cost(written, read, most)


@lru_cache(maxsize=50_000)
def _reading_cost(written: str, read: str, most: float) -> float | None:
    above = [0.0]
    for sign in read:
        above.append(above[-1] + _added(sign, ""))
    for place, meant in enumerate(written):
        lost = _lost(meant)
        row = [above[0] + lost]
        beside = "/" if "/" in written[max(place - 1, 0) : place + 2] else meant
        for at, sign in enumerate(read):
            row.append(
                min(
                    above[at] + _taken_for(meant, sign),
                    above[at + 1] + lost,
                    row[at] + _added(sign, beside),
                )
            )
        if min(row) > most:
            return None
        above = row
    return above[-1] if above[-1] <= most else None


def _taken_for(meant: str, sign: str) -> float:
    if meant == sign:
        return 0.0
    if meant == "/":
        return SLIGHT if sign in _STROKES else _NEVER
    if meant in _POINTS:
        return SLIGHT if sign in _POINTS else _NEVER
    if sign in _LETTERS.get(meant, ""):
        return ALIKE
    if sign in _DIGITS.get(meant, "") or not sign.isalnum():
        return WRONG
    return _NEVER


def _lost(meant: str) -> float:
    return ALIKE if meant == "/" or meant in _POINTS else MISSING


def _added(sign: str, beside: str) -> float:
    """``beside``: the sign of the number after which this one was read too many."""
    if sign in _STROKES and beside == "/":
        return SLIGHT
    if sign in _POINTS:
        return ALIKE
    return MISSING if sign.isdigit() else WRONG
