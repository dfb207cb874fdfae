"""Absences as spans of days, and who stands in on which of them.

Both ends of a span are inclusive; no end: until further notice.  Days are those of the desk
(Europe/Berlin).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

DAY = timedelta(days=1)
SATURDAY = 5
WEEK = 7


@dataclass(frozen=True, slots=True)
class Span:
    """From ``starts`` to ``ends``."""

    starts: date
    ends: date | None

    def covers(self, day: date) -> bool:
        """Whether ``day`` lies in it."""
        return self.starts <= day and (self.ends is None or day <= self.ends)

    def meets(self, starts: date, ends: date | None) -> bool:
        """Whether the two share a day."""
        return (ends is None or self.starts <= ends) and (self.ends is None or starts <= self.ends)


def joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same days in as few spans as there are, in order: what overlaps or touches is one."""
    answer: list[Span] = []
    for span in sorted(spans, key=lambda one: one.starts):
        last = answer[-1] if answer else None
        if last is None or (last.ends is not None and span.starts - last.ends > DAY):
            answer.append(span)
        elif last.ends is not None and (span.ends is None or span.ends > last.ends):
            answer[-1] = replace(last, ends=span.ends)
    return tuple(answer)


@dataclass(frozen=True, slots=True)
class Cover:
    """Days on which the same deputy stands in; ``deputy`` None: nobody does."""

    starts: date
    ends: date
    deputy: str | None
    also_away: tuple[str, ...]
    """Deputies who would come before and are away themselves."""

    @property
    def counts(self) -> bool:
        """Whether one of its days is a working day; on a Sunday nobody misses a deputy."""
        return any(day.weekday() < SATURDAY for day in days(self.starts, self.ends))


def days(starts: date, ends: date) -> Iterator[date]:
    """Every day from one to the other, both included."""
    day = starts
    while day <= ends:
        yield day
        day += DAY


def covered_by(
    span: Span,
    first: date,
    last: date,
    deputies: Sequence[str],
    is_away: Callable[[str, date], bool],
) -> tuple[Cover, ...]:
    """Who stands in on the days of ``span`` from ``first`` to ``last``, day after day.

    The first of the listed ``deputies`` who is present; deputies do not chain.
    """
    answer: list[Cover] = []
    ends = last if span.ends is None else min(last, span.ends)
    for day in days(max(first, span.starts), ends):
        also_away: list[str] = []
        deputy = None
        for one in deputies:
            if not is_away(one, day):
                deputy = one
                break
            also_away.append(one)
        before = answer[-1] if answer else None
        if before and (before.deputy, before.also_away) == (deputy, tuple(also_away)):
            answer[-1] = replace(before, ends=day)
        else:
            answer.append(Cover(day, day, deputy, tuple(also_away)))
    return tuple(answer)


def monday_of(day: date) -> date:
    """The first day of its week."""
    return day - timedelta(days=day.weekday())
