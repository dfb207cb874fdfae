"""Days, months, years and spans of them, as typed behind ``datum:``."""

from __future__ import annotations

import calendar
import re
from datetime import date

from eakte.language import numbers

_YEAR = re.compile(r"((?:19|20)[0-9]{2})")
_YEAR_MONTH = re.compile(r"((?:19|20)[0-9]{2})-([0-9]{1,2})")
_MONTH_YEAR = re.compile(r"([0-9]{1,2})[./]((?:19|20)[0-9]{2})")
_SPAN = re.compile(r"\s*(?:\.{2,}|…|bis)\s*")

Period = tuple[date | None, date | None]


def period(text: str) -> Period | None:
    """First and last day of ``text``, None for an open end; None where it is no period.

    ``2026``, ``2026-03``, ``03.2026``, ``2026-03-01``, ``1.3.2026``, ``2026-03..2026-05``,
    ``..2026-05``, ``2026-03..``.  Ends the wrong way round are turned.
    """
    first, *rest = _SPAN.split(text.strip(), maxsplit=1)
    if not rest:
        return _single(first)
    last = rest[0]
    if not (first or last):
        return None
    lower = _single(first) if first else (None, None)
    upper = _single(last) if last else (None, None)
    if lower is None or upper is None:
        return None
    if lower[0] and upper[1] and lower[0] > upper[1]:
        lower, upper = upper, lower
    return lower[0], upper[1]


def _single(text: str) -> tuple[date, date] | None:
    if match := _YEAR.fullmatch(text):
        return date(int(match[1]), 1, 1), date(int(match[1]), 12, 31)
    if match := _YEAR_MONTH.fullmatch(text):
        return _month(int(match[1]), int(match[2]))
    if match := _MONTH_YEAR.fullmatch(text):
        return _month(int(match[2]), int(match[1]))
    for day in numbers.dates(text):
        if (day.start, day.end) == (0, len(text)):
            return day.value, day.value
    return None


def _month(year: int, month: int) -> tuple[date, date] | None:
    if not 1 <= month <= 12:
        return None
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
