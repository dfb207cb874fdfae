"""The lead's figures as they are shown: days, postboxes and teams; no client data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFigures:
    """One day of all that the reader sees. ``machine`` and ``cleared`` came from outside."""

    day: date
    arrived: int = 0
    finished: int = 0
    machine: int = 0
    cleared: int = 0

    @property
    def untouched(self) -> float | None:
        """Share of what came from outside that nobody had to touch; None where nothing came."""
        outside = self.machine + self.cleared
        return self.machine / outside if outside else None


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxFigures:
    """A postbox of a team, its members together, or one person where that is allowed."""

    title: str
    fresh: int = 0
    older: int = 0
    old: int = 0
    oldest: datetime | None = None

    @property
    def tasks(self) -> int:
        """All open tasks."""
        return self.fresh + self.older + self.old


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamFigures:
    """A team: its postboxes now, and its days together. ``small``: its members are left out."""

    id: str
    title: str
    site: str
    boxes: tuple[BoxFigures, ...]
    days: tuple[DayFigures, ...]
    small: bool

    @property
    def tasks(self) -> int:
        """Open tasks in all its postboxes."""
        return sum(one.tasks for one in self.boxes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Who decided that people may be counted, as it was entered, and when that was."""

    decided_by: str
    at: datetime

    @property
    def day(self) -> date:
        """The day it was entered, in Berlin."""
        return self.at.astimezone(BERLIN).date()

    def covers(self, day: date) -> bool:
        """Whether ``day`` began after it."""
        return day > self.day


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadingView:
    """The screen: today with the days before it, and the teams.

    ``old_days``: post that lies longer is called old. ``decision``: on what ground people are
    shown; None where they are not, or where the file alone says so.
    """

    today: date
    first: date
    days: tuple[DayFigures, ...]
    teams: tuple[TeamFigures, ...]
    per_person: bool
    old_days: int
    decision: Decision | None = None
