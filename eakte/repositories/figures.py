"""Counts of postboxes: of now, from the open entries, and of days, from what was kept of them.

All for the system alone: the service knows whose figures a reader may see.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from eakte.domain.rights import CLEARING, Reader
from eakte.models import DailyFigure, PostboxEntry

MOVED = ("returned", "rerouted", "superseded", "merged", "taken_over")
"""How an entry may end without anybody having finished it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPost:
    """Open tasks of a postbox by age, and since when the oldest lies there."""

    postbox: str
    login: str | None
    team_id: str | None
    fresh: int
    older: int
    old: int
    oldest: datetime

    @property
    def tasks(self) -> int:
        """All of them."""
        return self.fresh + self.older + self.old


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOfBox:
    """What one span of time brought to a postbox and took out of it."""

    postbox: str
    login: str | None
    team_id: str | None
    arrived: int = 0
    finished: int = 0
    machine: int = 0
    cleared: int = 0


class Figures:
    """Counts; no client data."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def open_post(
        self,
        reader: Reader,
        young: datetime,
        old: datetime,
        *,
        teams: Collection[str] | None = None,
        logins: Collection[str] = (),
    ) -> Sequence[OpenPost]:
        """Open tasks by postbox, never the clearing desk's: after ``young`` and before ``old``.

        Of these teams and logins; ``teams`` None: of all.  Bounded by what is open.
        """
        if not reader.is_system:
            return []
        at = PostboxEntry.arrived_at
        wanted = (
            []
            if teams is None
            else [or_(PostboxEntry.team_id.in_(teams), PostboxEntry.login.in_(logins))]
        )
        rows = self.session.execute(
            select(
                PostboxEntry.postbox,
                func.max(PostboxEntry.login),
                func.max(PostboxEntry.team_id),
                func.sum(case((at >= young, 1), else_=0)),
                func.sum(case((and_(at < young, at >= old), 1), else_=0)),
                func.sum(case((at < old, 1), else_=0)),
                func.min(at),
            )
            .where(
                PostboxEntry.done_at.is_(None),
                ~PostboxEntry.copy,
                PostboxEntry.postbox != CLEARING,
                *wanted,
            )
            .group_by(PostboxEntry.postbox)
        )
        return [
            OpenPost(
                postbox=box,
                login=login,
                team_id=team,
                fresh=int(fresh),
                older=int(older),
                old=int(stale),
                oldest=oldest,
            )
            for box, login, team, fresh, older, stale, oldest in rows
        ]

    def between(self, reader: Reader, start: datetime, end: datetime) -> list[DayOfBox]:
        """What arrived in and left every postbox from ``start`` to before ``end``."""
        if not reader.is_system:
            return []
        before = aliased(PostboxEntry)
        from_desk = exists(
            select(before.id).where(
                before.document_id == PostboxEntry.document_id,
                before.postbox == CLEARING,
                before.done_how == "assigned",
                before.done_by == PostboxEntry.sent_by,
            )
        )
        task = (~PostboxEntry.copy, PostboxEntry.postbox != CLEARING)
        who = (
            PostboxEntry.postbox,
            func.max(PostboxEntry.login),
            func.max(PostboxEntry.team_id),
        )
        came = self.session.execute(
            select(
                *who,
                func.count(),
                func.sum(case((PostboxEntry.sent_by.startswith("system:"), 1), else_=0)),
                func.sum(case((from_desk, 1), else_=0)),
            )
            .where(*task, PostboxEntry.arrived_at >= start, PostboxEntry.arrived_at < end)
            .group_by(PostboxEntry.postbox)
        )
        answer = [
            DayOfBox(
                postbox=box,
                login=login,
                team_id=team,
                arrived=int(count),
                machine=int(machine),
                cleared=int(cleared),
            )
            for box, login, team, count, machine, cleared in came
        ]
        left = self.session.execute(
            select(*who, func.count())
            .where(
                *task,
                PostboxEntry.done_at >= start,
                PostboxEntry.done_at < end,
                PostboxEntry.done_how.not_in(MOVED),
            )
            .group_by(PostboxEntry.postbox)
        )
        answer += [
            DayOfBox(postbox=box, login=login, team_id=team, finished=int(count))
            for box, login, team, count in left
        ]
        return answer

    def last_day(self, reader: Reader) -> date | None:
        """The last day that was counted."""
        if not reader.is_system:
            return None
        return self.session.scalar(
            select(func.max(DailyFigure.day)).where(
                DailyFigure.team_id == "", DailyFigure.postbox == ""
            )
        )

    def first_arrival(self, reader: Reader) -> datetime | None:
        """When the first entry of all arrived."""
        if not reader.is_system:
            return None
        return self.session.scalar(select(func.min(PostboxEntry.arrived_at)))

    def days(
        self, reader: Reader, first: date, teams: Iterable[str] | None
    ) -> Sequence[DailyFigure]:
        """The rows from ``first`` on, of these teams; None: of all."""
        if not reader.is_system:
            return []
        wanted = [] if teams is None else [DailyFigure.team_id.in_(list(teams))]
        return self.session.scalars(
            select(DailyFigure)
            .where(DailyFigure.day >= first, DailyFigure.team_id != "", *wanted)
            .order_by(DailyFigure.day, DailyFigure.team_id, DailyFigure.postbox)
        ).all()

    def of_people(self, reader: Reader, limit: int | None = None) -> Sequence[DailyFigure]:
        """Rows about single people, kept while that was allowed; the system's alone.

        ``limit`` None: all of them.
        """
        if not reader.is_system:
            return []
        return self.session.scalars(
            select(DailyFigure)
            .where(DailyFigure.postbox != "", DailyFigure.postbox != DailyFigure.team_id)
            .order_by(DailyFigure.day, DailyFigure.team_id, DailyFigure.postbox)
            .limit(limit)
        ).all()

    def fold(self, row: DailyFigure, team_id: str) -> None:
        """Put a person's row into that of the members of ``team_id`` together."""
        place = (row.day, team_id, "")
        together = self.session.get(DailyFigure, place)
        if together is None:
            site = row.site_id if team_id else ""
            together = DailyFigure(
                day=row.day, team_id=team_id, postbox="", site_id=site,
                arrived=0, finished=0, machine=0, cleared=0,
            )  # fmt: skip
            self.session.add(together)
        together.arrived += row.arrived
        together.finished += row.finished
        together.machine += row.machine
        together.cleared += row.cleared
        self.session.delete(row)
        self.session.flush()

    def keep(self, rows: Iterable[DailyFigure]) -> None:
        """Keep the rows of a day."""
        self.session.add_all(rows)
        self.session.flush()
