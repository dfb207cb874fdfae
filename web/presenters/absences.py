"""Absences in words: days, who stands in, what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import quote

from eakte.domain.absences import Cover
from eakte.services.absence_views import PersonView, SpanView, TeamView, WeekRow
from web.presenters import german

HERE = "/abwesenheit"
NOBODY = "niemand"
WEEK = timedelta(days=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverLine:
    """Who stands in on some days; ``gap`` where nobody does on a working day.

    ``whole``: on all days of the absence, so that they need not be named.
    """

    days: str
    who: str
    remark: str
    gap: bool
    whole: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanLine:
    """One absence in the list; ``yesterday`` is the last day of somebody who is back today."""

    begins: str
    starts: str
    ends: str
    last: str
    origin: str
    current: bool
    covers: tuple[CoverLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonScreen:
    """Everything on the screen of one person."""

    login: str
    name: str
    own: bool
    url: str
    stand: str
    today: str
    yesterday: str
    away: bool
    state: str
    warning: bool
    spans: tuple[SpanLine, ...]
    deputies: tuple[tuple[str, str, bool], ...]
    may_set_deputies: bool
    held: tuple[HeldLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldLine:
    """Post that somebody began in another's place."""

    postbox: str
    login: str
    text: str
    button: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekLine:
    """A week: who is away on which days, and who stands in."""

    title: str
    dates: str
    current: bool
    rows: tuple[WeekRowLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekRowLine:
    """Somebody who is away in the week."""

    name: str
    url: str
    days: str
    covers: tuple[CoverLine, ...]


def url_of(login: str) -> str:
    """The screen of one person."""
    return f"{HERE}/personen/{quote(login)}"


def person_screen(view: PersonView) -> PersonScreen:
    """One's own absences, or those of somebody whom one cares for."""
    current = next((span for span in view.spans if span.current), None)
    return PersonScreen(
        login=view.login,
        name=view.name,
        own=view.own,
        url=url_of(view.login),
        stand=view.stand,
        today=view.today.isoformat(),
        yesterday=(view.today - timedelta(days=1)).isoformat(),
        away=view.away,
        state=_state(view, current),
        warning=view.stands_in is None,
        spans=tuple(_span(span, view.names) for span in view.spans),
        deputies=tuple((one.login, one.name, one.away) for one in view.deputies),
        may_set_deputies=view.may_set_deputies,
        held=tuple(
            HeldLine(
                postbox=one.postbox,
                login=one.login,
                text=_held(view, one.title, one.name, one.login, one.entries),
                button=("Zurückholen" if one.login == view.login else f"An {one.name} zurückgeben"),
            )
            for one in view.held
        ),
    )


def _held(view: PersonView, title: str, name: str, login: str, entries: int) -> str:
    count = german.plural(entries, "Eingang", "Eingänge")
    if login == view.login:
        return f"Bei {title} liegen noch {count}, die in Ihrer Vertretung angefangen wurden."
    place = "Bei Ihnen" if title == view.name else f"Im Postkorb {title}"
    lie = "liegt" if entries == 1 else "liegen"
    return f"{place} {lie} noch {count} aus der Vertretung für {name}."


def _state(view: PersonView, current: SpanView | None) -> str:
    who = "Sie sind" if view.own else f"{view.name} ist"
    whom = "Sie" if view.own else view.name
    stands_in = view.stands_in
    if current is not None:
        until = f"bis {german.weekday(current.ends)}" if current.ends else "bis auf Weiteres"
        said = f"{who} heute abwesend, {until}."
        if stands_in is None:
            return f"{said} Es vertritt {NOBODY}; neue Post geht an das Team."
        return f"{said} Es vertritt {stands_in.name}."
    if not view.deputies:
        return f"Für {whom} ist keine Vertretung festgelegt; bei Abwesenheit geht Post an das Team."
    if stands_in is None:
        return f"{who} heute da. Von der Vertretung ist heute niemand da."
    return f"{who} heute da. Heute würde {stands_in.name} vertreten."


def _span(span: SpanView, names: Mapping[str, str]) -> SpanLine:
    return SpanLine(
        begins=span.starts.isoformat(),
        starts=german.weekday(span.starts),
        ends=german.weekday(span.ends) if span.ends else "bis auf Weiteres",
        last=span.ends.isoformat() if span.ends else "",
        origin="aus dem Register" if span.from_register else "",
        current=span.current,
        covers=cover_lines(span.covers, names),
    )


def cover_lines(covers: Iterable[Cover], names: Mapping[str, str]) -> tuple[CoverLine, ...]:
    """Who stands in, days of one deputy together; a weekend without one is not worth a line."""
    listed = [one for one in covers if one.deputy is not None or one.counts]
    return tuple(
        CoverLine(
            days=_days(one.starts, one.ends),
            who=names[one.deputy] if one.deputy else NOBODY,
            remark=_also_away([names[login] for login in one.also_away]),
            gap=one.deputy is None,
            whole=len(listed) == 1,
        )
        for one in listed
    )


def _also_away(names: list[str]) -> str:
    if not names:
        return ""
    return f"{' und '.join(names)} {'ist' if len(names) == 1 else 'sind'} selbst abwesend"


def _days(starts: date, ends: date) -> str:
    if starts == ends:
        return f"{german.WEEKDAYS[starts.weekday()]} {starts:%d.%m.}"
    first, last = german.WEEKDAYS[starts.weekday()], german.WEEKDAYS[ends.weekday()]
    return f"{first} {starts:%d.%m.} – {last} {ends:%d.%m.}"


def week_lines(view: TeamView, today: date) -> tuple[WeekLine, ...]:
    """The weeks of a team."""
    return tuple(
        WeekLine(
            title=f"Woche {week.monday.isocalendar().week}",
            dates=f"{week.monday:%d.%m.} – {german.day(week.monday + WEEK)}",
            current=week.monday <= today <= week.monday + WEEK,
            rows=tuple(_week_row(row, week.monday, view.names) for row in week.rows),
        )
        for week in view.weeks
    )


def _week_row(row: WeekRow, monday: date, names: Mapping[str, str]) -> WeekRowLine:
    whole = row.starts == monday and row.ends >= monday + timedelta(days=4)
    return WeekRowLine(
        name=row.name,
        url=url_of(row.login),
        days="ganze Woche" if whole else _days(row.starts, row.ends),
        covers=cover_lines(row.covers, names),
    )
