"""What the screen „Abwesenheit“ is answered with: frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from eakte.domain.absences import Cover


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanView:
    """Days away in one piece; ``covers`` says who stands in, ``current`` whether it lasts today.

    ``from_register``: at least a part of it is the register's word.
    """

    starts: date
    ends: date | None
    current: bool
    from_register: bool
    covers: tuple[Cover, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeputyView:
    """A deputy in the listed order."""

    login: str
    name: str
    away: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldView:
    """Post that somebody began in another's place: how much, with whom, for whom."""

    postbox: str
    title: str
    login: str
    name: str
    entries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonView:
    """One person's absences. ``stand`` goes back with every change (stale ones are refused)."""

    login: str
    name: str
    stand: str
    today: date
    spans: tuple[SpanView, ...]
    deputies: tuple[DeputyView, ...]
    away: bool
    stands_in: DeputyView | None
    own: bool
    may_set_deputies: bool
    held: tuple[HeldView, ...]
    names: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekRow:
    """Somebody who is away in a week, with those who stand in on its days."""

    login: str
    name: str
    starts: date
    ends: date
    covers: tuple[Cover, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekView:
    """A week of a team."""

    monday: date
    rows: tuple[WeekRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamView:
    """The weeks of all whom the reader cares for."""

    first: date
    weeks: tuple[WeekView, ...]
    people: tuple[DeputyView, ...]
    names: dict[str, str]
