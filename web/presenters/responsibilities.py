"""Teams, surname ranges and handovers in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from eakte.services.responsibility_views import Effect, HandoverView, MemberView, Shift, TeamView
from web.presenters import german

HERE = "/zustaendigkeiten"


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberLine:
    """Somebody in a team."""

    name: str
    url: str
    ranges: str
    files: int
    tasks: int
    away: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamBlock:
    """A team with its members and what its surname ranges leave out."""

    id: str
    title: str
    where: str
    members: tuple[MemberLine, ...]
    gaps: str
    shared: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverLine:
    """A handover to come, or one that is done."""

    id: str
    text: str
    state: str
    waiting: bool
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectLines:
    """What a change would do, in sentences."""

    files: tuple[str, ...]
    tasks: tuple[str, ...]
    file_count: int
    task_count: int
    remarks: tuple[str, ...]


def url_of(login: str) -> str:
    """The screen of one person."""
    return f"{HERE}/personen/{quote(login)}"


def team_blocks(teams: Iterable[TeamView]) -> tuple[TeamBlock, ...]:
    """The teams, in the order of the register."""
    return tuple(
        TeamBlock(
            id=team.id,
            title=team.name,
            where=f"{team.function_title}, {team.site_name}",
            members=tuple(_member(one) for one in team.members),
            gaps=f"{', '.join(team.gaps)}: niemand" if team.gaps else "",
            shared=team.shared,
            note="" if team.has_ranges else "Ohne Nachnamensbereiche: Post geht an das Team.",
        )
        for team in teams
    )


def _member(one: MemberView) -> MemberLine:
    return MemberLine(
        name=one.name,
        url=url_of(one.login),
        ranges=one.ranges,
        files=one.files,
        tasks=one.tasks,
        away=one.away,
    )


def effect_lines(effect: Effect) -> EffectLines:
    """What it would do before it counts."""
    remarks = []
    if effect.protected:
        number = german.plural(effect.protected, "geschützte Akte", "geschützte Akten")
        remarks.append(f"Darunter {number}; sie gehen nur mit, wenn es ausdrücklich gewählt ist.")
    if effect.left_out:
        number = german.plural(effect.left_out, "Akte bleibt", "Akten bleiben")
        remarks.append(f"{number}, weil die Person für sie nicht in Betracht kommt.")
    if effect.gaps:
        remarks.append(f"Danach hat niemand: {', '.join(effect.gaps)}. Solche Post geht ans Team.")
    remarks += [f"Danach doppelt: {line}." for line in effect.shared]
    return EffectLines(
        files=tuple(_shift(one, "Akte", "Akten") for one in effect.files),
        tasks=tuple(_shift(one, "wartender Eingang", "wartende Eingänge") for one in effect.tasks),
        file_count=effect.file_count,
        task_count=effect.task_count,
        remarks=tuple(remarks),
    )


def _shift(one: Shift, single: str, many: str) -> str:
    return f"{german.plural(one.count, single, many)}: bisher {one.before}, dann {one.after}"


def handover_lines(rows: Iterable[HandoverView]) -> tuple[HandoverLine, ...]:
    """Those to come first."""
    lines = [_handover(row) for row in rows]
    return tuple(sorted(lines, key=lambda line: not line.waiting))


def _handover(row: HandoverView) -> HandoverLine:
    what = f"alle Akten ({row.function_title})" if row.function_title else "alle Akten"
    if row.files is None:
        state = f"ab {german.day(row.effective)}" + (", mit der Post" if row.with_post else "")
    else:
        files = german.plural(row.files, "Akte", "Akten")
        entries = german.plural(row.entries or 0, "Eingang", "Eingänge")
        state = f"erledigt am {german.day(row.effective)}: {files}, {entries}"
    return HandoverLine(
        id=row.id,
        text=f"{row.from_name} → {row.to_name}: {what}",
        state=state,
        waiting=row.files is None,
        version=row.version,
    )
