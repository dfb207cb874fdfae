"""Months, years and working days: where a period ends, and why there (§ 64 SGG, § 26 SGB X).

The holidays are those of the Land, with their German names.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

WEEKDAYS = (
    *("Montag", "Dienstag", "Mittwoch", "Donnerstag"),
    *("Freitag", "Samstag", "Sonntag"),
)
_SATURDAY = 5
_NEW_POST = date(2025, 1, 1)
"""Letters posted from this day on count as notified on the fourth day (§ 37(2) SGB X n. F.)."""


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Working days of a Land (``SH``, ``NI``, ...; empty: only the holidays of all Länder)."""

    land: str = ""

    def free(self, day: date) -> str:
        """Why nobody works on ``day`` (``Samstag``, ``Karfreitag``); empty for a working day."""
        holiday = _holidays(self.land, day.year).get(day, "")
        if day.weekday() >= _SATURDAY:
            return WEEKDAYS[day.weekday()]
        return holiday

    def next_working_day(self, day: date) -> date:
        """``day`` itself, or the first working day after it (§ 64(3) SGG, § 26(3) SGB X)."""
        while self.free(day):
            day += timedelta(days=1)
        return day

    def working_day_before(self, day: date) -> date:
        """``day`` itself, or the last working day before it: when a reminder is of use."""
        while self.free(day):
            day -= timedelta(days=1)
        return day


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoning:
    """How an authority reckons: its Land's working days, and how far ahead it wants a reminder."""

    calendar: WorkingCalendar = field(default_factory=WorkingCalendar)
    lead_days: int = 7


@cache
def _holidays(land: str, year: int) -> Mapping[date, str]:
    # The library takes a tenth of a second to load; most commands reckon no period.
    import holidays  # noqa: PLC0415

    found = holidays.country_holidays("DE", subdiv=land or None, years=year, language="de")
    return dict(found.items())


def add_months(day: date, months: int) -> date:
    """The day ``months`` later with the same number, or the last of a shorter month.

    § 64(2) SGG and § 188(3) BGB: 31 August and three months end on 30 November.
    """
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def counts_as_notified(posted: date) -> date:
    """The day on which a letter posted within Germany counts as notified, § 37(2) SGB X.

    The fourth day after posting, the third for what was posted before 2025.  That day itself does
    not shift when it falls on a weekend or holiday (BSG, B 14 AS 12/09 R).
    """
    return posted + timedelta(days=3 if posted < _NEW_POST else 4)
