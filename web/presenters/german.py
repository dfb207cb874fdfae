"""How dates, numbers and names stand on the screen in German."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")
WEEKDAYS = ("Mo.", "Di.", "Mi.", "Do.", "Fr.", "Sa.", "So.")


def day(value: date | None) -> str:
    """``20.11.2026``; an empty string for None."""
    return value.strftime("%d.%m.%Y") if value else ""


def date_of(text: str) -> date | None:
    """The day of a date field (ISO); None for anything else."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def weekday(value: date | None) -> str:
    """``Fr., 20.11.2026``; an empty string for None."""
    return f"{WEEKDAYS[value.weekday()]}, {day(value)}" if value else ""


def moment(value: datetime | None) -> str:
    """An instant at the desk: ``20.11.2026, 14:03 Uhr`` in Berlin time."""
    return value.astimezone(BERLIN).strftime("%d.%m.%Y, %H:%M Uhr") if value else ""


def short_moment(value: datetime, now: datetime) -> str:
    """``14:03`` for today, ``gestern, 14:03`` for yesterday, else the day."""
    local = value.astimezone(BERLIN)
    today = now.astimezone(BERLIN).date()
    if local.date() == today:
        return local.strftime("%H:%M")
    if local.date() == today - timedelta(days=1):
        return local.strftime("gestern, %H:%M")
    return day(local.date())


def plural(count: int, one: str, many: str) -> str:
    """``1 Seite``, ``2 Seiten``, ``1.200 Seiten``."""
    number = f"{count:,}".replace(",", ".")
    return f"{number} {one if count == 1 else many}"


def percent(share: float) -> str:
    """0.974 as ``97 %``; never 100 % for what is not certain."""
    whole = round(share * 100)
    return f"{99 if whole == 100 and share < 1 else whole} %"


def joined(parts: Iterable[str | None], separator: str = ", ") -> str:
    """The parts that say something."""
    return separator.join(part for part in parts if part)


def page_numbers(pages: Iterable[int]) -> str:
    """``S. 1``, ``S. 4–9``, ``S. 1, 4–9``; an empty string for no pages."""
    runs: list[list[int]] = []
    for page in sorted(set(pages)):
        if runs and page == runs[-1][-1] + 1:
            runs[-1].append(page)
        else:
            runs.append([page])
    if not runs:
        return ""
    return "S. " + ", ".join(
        str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs
    )
