"""Surname ranges as they are written, and which surnames several of them leave out or cover twice.

A range is what :func:`eakte.language.names.covers` makes of it; here it becomes an interval of
sorting keys, closed below and open above: ``G``–``Kz`` is [g, l).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from eakte.language.names import surname_key

FIRST, BEYOND = "a", "{"
"""The first key of the alphabet, and the first string behind its last."""
_BETWEEN = re.compile(r"\s*(?:[-–—]|\bbis\b)\s*")
_LONGEST = 100

Range = tuple[str, str]
"""From and to, as written."""


class NoRange(ValueError):
    """A part of the text is no range; the message is the part."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Keys from ``low`` up to, not including, ``high``."""

    low: str
    high: str

    def holds(self, surname: str) -> bool:
        """Whether the surname lies in it."""
        key = surname_key(surname)
        return bool(key) and self.low <= key < self.high

    @property
    def written(self) -> str:
        """As a person would write it: ``Mb–Mz``."""
        return f"{self.low.capitalize()}–{_last_before(self.high)}"


@dataclass(frozen=True, slots=True)
class Shared:
    """Surnames that several ranges cover; the first of ``owners`` gets them."""

    interval: Interval
    owners: tuple[str, ...]


def parsed(text: str) -> list[Range]:
    """``A–Kz, St-Sz, X`` as pairs; a single part stands for all names that begin so.

    Raises ``NoRange`` with the part that is none: no letters, or the end before the beginning.
    """
    answer: list[Range] = []
    for part in re.split(r"[,;\n]", text):
        written = part.strip()
        if not written:
            continue
        ends = _BETWEEN.split(written)
        low, high = ends[0], ends[-1]
        if len(ends) > 2 or max(len(low), len(high)) > _LONGEST or not _is_range(low, high):
            raise NoRange(written)
        answer.append((low, high))
    return answer


def written(ranges: Iterable[Range]) -> str:
    """The reverse of :func:`parsed`."""
    return ", ".join(low if low == high else f"{low}–{high}" for low, high in ranges)


def interval(range_: Range) -> Interval:
    """The keys that a range covers."""
    low, high = range_
    return Interval(surname_key(low), _beyond(surname_key(high)))


def gaps(ranges: Iterable[Range]) -> list[Interval]:
    """What no range covers, in order; all of the alphabet where there are none."""
    answer: list[Interval] = []
    reached = FIRST
    for one in sorted((interval(one) for one in ranges), key=lambda one: one.low):
        if one.low > reached:
            answer.append(Interval(reached, one.low))
        reached = max(reached, one.high)
    if reached < BEYOND:
        answer.append(Interval(reached, BEYOND))
    return answer


def shared(ranges: Sequence[tuple[str, Range]]) -> list[Shared]:
    """What several owners' ranges cover, in order; ``ranges`` in the order in which they count."""
    intervals = [(owner, interval(one)) for owner, one in ranges]
    bounds = sorted({bound for _, one in intervals for bound in (one.low, one.high)})
    answer: list[Shared] = []
    for low, high in pairwise(bounds):
        owners = tuple(
            dict.fromkeys(owner for owner, one in intervals if one.low <= low and high <= one.high)
        )
        if len(owners) < 2:
            continue
        last = answer[-1] if answer else None
        if last is not None and last.owners == owners and last.interval.high == low:
            answer[-1] = Shared(Interval(last.interval.low, high), owners)
        else:
            answer.append(Shared(Interval(low, high), owners))
    return answer


def _is_range(low: str, high: str) -> bool:
    first, last = surname_key(low), surname_key(high)
    return bool(first) and bool(last) and first[: len(last)] <= last


def _beyond(key: str) -> str:
    """The first key behind all that begin with ``key``: ``kz`` → ``l``, ``ka`` → ``kb``."""
    rest = key.rstrip("z")
    return rest[:-1] + chr(ord(rest[-1]) + 1) if rest else BEYOND


def _last_before(high: str) -> str:
    """The last name before a bound, roughly: ``l`` → ``Kz``, ``kb`` → ``Ka``."""
    rest = high.rstrip("a")
    if not rest:
        return FIRST.upper()
    before = rest[:-1] + chr(ord(rest[-1]) - 1)
    return (before + "z" if len(before) == 1 else before).capitalize()
