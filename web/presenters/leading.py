"""The lead's figures as tables, files and charts.

A chart is made of numbers alone: bars and labels with their places, in the units of the drawing.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from eakte.services.statistics import YOUNG
from eakte.services.statistics_views import DayFigures, LeadingView, TeamFigures
from web.presenters import german

HERE = "/leitung"
WIDTH, HEIGHT, LEFT, BOTTOM = 960, 220, 40, 24
_ROW, _NAME = 30, 240


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A rectangle; ``kind`` is the class that colours it, ``title`` what it says of itself."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A word in the drawing; ``anchor``: start, middle, end."""

    x: float
    y: float
    text: str
    anchor: str = "middle"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A drawing with what it shows in one sentence; ``lines`` are heights of the grid."""

    width: int
    height: int
    summary: str
    bars: tuple[Bar, ...]
    labels: tuple[Label, ...]
    lines: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRow:
    """A day in the table."""

    day: str
    arrived: int
    finished: int
    untouched: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxRow:
    """A postbox in the table of what lies open."""

    team: str
    title: str
    tasks: int
    fresh: int
    older: int
    old: int
    oldest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamRow:
    """A team over the whole span; ``note`` says what is left out."""

    title: str
    site: str
    tasks: int
    arrived: int
    finished: int
    untouched: str
    note: str


def values(view: LeadingView) -> dict[str, Any]:
    """What the template prints."""
    return {
        "days": [_day(one) for one in reversed(view.days)],
        "teams": [_team(one) for one in view.teams],
        "boxes": _boxes(view),
        "per_day": per_day(view.days),
        "share": share(view.days),
        "by_age": by_age(view.teams, view.old_days),
        "ages": ages(view.old_days),
        "span": len(view.days),
        "people": _people(view),
        "first": german.day(view.first),
        "today": german.day(view.today),
    }


def _people(view: LeadingView) -> str:
    """On what ground figures of people are shown, or that they are not."""
    if not view.per_person:
        return (
            "Einzelne Personen werden nicht ausgewertet; ihre Post zählt nur zusammen mit der "
            "des Teams."
        )
    if view.decision is None:
        return "Zahlen einzelner Personen werden gezeigt, laut Einstellungsdatei."
    return (
        "Zahlen einzelner Personen werden gezeigt. Entschieden von: "
        f"{view.decision.decided_by}; eingetragen am {german.day(view.decision.day)}."
    )


# -- charts --------------------------------------------------------------------------------------


def per_day(days: Sequence[DayFigures]) -> Chart:
    """Two bars a day: what arrived, what was finished."""
    most = max([1, *(max(one.arrived, one.finished) for one in days)])
    step = (WIDTH - LEFT) / max(len(days), 1)
    bars = []
    for number, one in enumerate(days):
        for offset, kind, count, word in (
            (0.1, "ankommend", one.arrived, "angekommen"),
            (0.5, "erledigt", one.finished, "erledigt"),
        ):
            high = _high(count / most)
            bars.append(
                Bar(
                    x=round(LEFT + (number + offset) * step, 1),
                    y=round(HEIGHT - BOTTOM - high, 1),
                    width=round(step * 0.38, 1),
                    height=high,
                    kind=kind,
                    title=f"{german.weekday(one.day)}: {count} {word}",
                )
            )
    arrived, finished = sum(one.arrived for one in days), sum(one.finished for one in days)
    return Chart(
        width=WIDTH,
        height=HEIGHT,
        summary=f"In {len(days)} Tagen angekommen {arrived}, erledigt {finished}.",
        bars=tuple(bars),
        labels=(*_day_labels([one.day for one in days], step), *_scale(str(most), "0")),
        lines=_GRID,
    )


def share(days: Sequence[DayFigures]) -> Chart:
    """One bar a day: how much came through untouched."""
    step = (WIDTH - LEFT) / max(len(days), 1)
    known = [(number, one.untouched) for number, one in enumerate(days)]
    bars = tuple(
        Bar(
            x=round(LEFT + (number + 0.15) * step, 1),
            y=round(HEIGHT - BOTTOM - _high(part), 1),
            width=round(step * 0.7, 1),
            height=_high(part),
            kind="unberuehrt",
            title=f"{german.weekday(days[number].day)}: {german.percent(part)} unberührt",
        )
        for number, part in known
        if part is not None
    )
    return Chart(
        width=WIDTH,
        height=HEIGHT,
        summary=f"Unberührt zugestellt im ganzen Zeitraum: {_share(days)}.",
        bars=bars,
        labels=(*_day_labels([one.day for one in days], step), *_scale("100 %", "0 %")),
        lines=_GRID,
    )


def ages(old_days: int) -> tuple[str, str, str]:
    """What fresh, older and old post is called."""
    between = "3 Tage" if old_days == YOUNG.days + 1 else f"3 bis {old_days} Tage"
    return "bis 2 Tage", between, "älter"


def by_age(teams: Sequence[TeamFigures], old_days: int) -> Chart:
    """A row a team: open tasks up to two days, up to ``old_days``, and older."""
    fresh, older, oldest = ages(old_days)
    most = max([1, *(team.tasks for team in teams)])
    room = WIDTH - _NAME - 60
    bars, labels = [], []
    for number, team in enumerate(teams):
        y, x = number * _ROW + 5, float(_NAME)
        labels.append(Label(x=_NAME - 8, y=y + 15, text=team.title, anchor="end"))
        for kind, count, word in (
            ("frisch", sum(one.fresh for one in team.boxes), fresh),
            ("aelter", sum(one.older for one in team.boxes), older),
            ("alt", sum(one.old for one in team.boxes), oldest),
        ):
            wide = round(count / most * room, 1)
            if count:
                said = f"{team.title}: {count} {word}"
                bars.append(Bar(x=x, y=y, width=wide, height=20, kind=kind, title=said))
            x = round(x + wide, 1)
        labels.append(Label(x=x + 8, y=y + 15, text=str(team.tasks), anchor="start"))
    open_now = sum(team.tasks for team in teams)
    old = sum(one.old for team in teams for one in team.boxes)
    return Chart(
        width=WIDTH,
        height=max(len(teams), 1) * _ROW + 5,
        summary=f"Offen {open_now}, davon {old} älter als {old_days} Tage.",
        bars=tuple(bars),
        labels=tuple(labels),
    )


_GRID = tuple(round(8 + (HEIGHT - BOTTOM - 8) * part / 4, 1) for part in range(5))


def _high(part: float) -> float:
    return round(part * (HEIGHT - BOTTOM - 8), 1)


def _scale(top: str, bottom: str) -> tuple[Label, Label]:
    return (
        Label(x=LEFT - 6, y=14, text=top, anchor="end"),
        Label(x=LEFT - 6, y=HEIGHT - BOTTOM, text=bottom, anchor="end"),
    )


def _day_labels(days: Sequence[date], step: float) -> Iterable[Label]:
    every = max(1, len(days) // 14 + (len(days) % 14 > 0))
    for number in range(0, len(days), every):
        yield Label(
            x=round(LEFT + (number + 0.5) * step, 1),
            y=HEIGHT - 6,
            text=f"{days[number].day}.{days[number].month}.",
        )


# -- tables and files ----------------------------------------------------------------------------


def days_csv(view: LeadingView) -> str:
    """One line a day and team."""
    lines: list[list[object]] = [
        ["tag", "standort", "team", "angekommen", "erledigt", "unberuehrt", "ueber_klaerung"]
    ]
    lines += [
        [one.day.isoformat(), team.site, team.title, *_counts(one)]
        for team in view.teams
        for one in team.days
    ]
    return _csv(lines)


def open_csv(view: LeadingView) -> str:
    """One line a postbox with what lies open."""
    between = f"bis_{view.old_days}_tage"
    lines: list[list[object]] = [
        ["standort", "team", "postkorb", "offen", "bis_2_tage", between, "aelter", "aeltestes"]
    ]
    lines += [
        [
            team.site,
            team.title,
            one.title,
            one.tasks,
            one.fresh,
            one.older,
            one.old,
            one.oldest.isoformat(timespec="seconds") if one.oldest else "",
        ]
        for team in view.teams
        for one in team.boxes
    ]
    return _csv(lines)


def _csv(lines: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    out.write("\ufeff")  # so that spreadsheets read umlauts
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerows(
        [_harmless(cell) for cell in line] for line in lines
    )
    return out.getvalue()


def _harmless(cell: object) -> object:
    """A name that begins like a formula is text."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in {"=", "+", "-", "@"} else cell


def _counts(one: DayFigures) -> tuple[int, int, int, int]:
    return one.arrived, one.finished, one.machine, one.cleared


def _share(days: Iterable[DayFigures]) -> str:
    machine, outside = 0, 0
    for one in days:
        machine += one.machine
        outside += one.machine + one.cleared
    return german.percent(machine / outside) if outside else "–"


def _day(one: DayFigures) -> DayRow:
    part = one.untouched
    return DayRow(
        day=german.weekday(one.day),
        arrived=one.arrived,
        finished=one.finished,
        untouched="–" if part is None else german.percent(part),
    )


def _team(team: TeamFigures) -> TeamRow:
    return TeamRow(
        title=team.title,
        site=team.site,
        tasks=team.tasks,
        arrived=sum(one.arrived for one in team.days),
        finished=sum(one.finished for one in team.days),
        untouched=_share(team.days),
        note="nur der Teampostkorb: weniger als drei Personen" if team.small else "",
    )


def _boxes(view: LeadingView) -> list[BoxRow]:
    return [
        BoxRow(
            team=team.title,
            title=one.title,
            tasks=one.tasks,
            fresh=one.fresh,
            older=one.older,
            old=one.old,
            oldest=german.moment(one.oldest),
        )
        for team in view.teams
        for one in team.boxes
    ]
