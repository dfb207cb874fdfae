"""The team lead's figures: what lies open and how long, what days brought, who may see which.

Per person only where a setting says that the staff council agreed; otherwise nothing about a
person is counted, kept or shown (ADR 150).
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from eakte.domain.live_settings import Live, LiveValues
from eakte.domain.rights import Reader, system_reader
from eakte.models import DailyFigure
from eakte.repositories.audit import AuditLog
from eakte.repositories.database import Database, EakteSession
from eakte.repositories.figures import DayOfBox, Figures, OpenPost
from eakte.repositories.live_settings import SettingChanges
from eakte.repositories.organisation import Organisation
from eakte.repositories.staff_picture import StaffPicture
from eakte.services.effective_days import require_worker
from eakte.services.leading import is_administrator, led_teams, require_lead
from eakte.services.statistics_views import (
    BERLIN,
    BoxFigures,
    DayFigures,
    Decision,
    LeadingView,
    TeamFigures,
)

SYSTEM = system_reader("statistics")
DAY = timedelta(days=1)
YOUNG = timedelta(days=2)
"""Open post that lies no longer is called fresh; a setting says which is called old."""
LONGEST = 366
CATCH_UP = 92
"""So many days back a first count begins."""
PER_PERSON = "statistics.per_person"
SMALLEST = 3
"""The sum of fewer people is nearly a person's own."""


@dataclass(slots=True)
class _Sum:
    arrived: int = 0
    finished: int = 0
    machine: int = 0
    cleared: int = 0

    def add(self, other: DayOfBox | DailyFigure | DayFigures) -> None:
        self.arrived += other.arrived
        self.finished += other.finished
        self.machine += other.machine
        self.cleared += other.cleared

    def on(self, day: date) -> DayFigures:
        return DayFigures(
            day=day,
            arrived=self.arrived,
            finished=self.finished,
            machine=self.machine,
            cleared=self.cleared,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Places:
    """Under which team and postbox things may be counted; ``sizes`` of the teams."""

    picture: StaffPicture
    sizes: Mapping[str, int]
    per_person: bool

    @classmethod
    def of(cls, picture: StaffPicture, *, per_person: bool) -> _Places:
        """The places in this authority."""
        return cls(picture=picture, sizes=_sizes(picture), per_person=per_person)

    def place(self, box: DayOfBox | OpenPost) -> tuple[str, str]:
        """Team and postbox; both empty where the sum would be nearly a person's own."""
        if box.team_id is not None:
            return box.team_id, box.team_id
        team = _team_of(self.picture, box.login)
        if self.per_person:
            return team, box.login or ""
        return ("", "") if self.sizes.get(team, 0) < SMALLEST else (team, "")

    def sums(self, boxes: Iterable[DayOfBox]) -> dict[tuple[str, str], _Sum]:
        """What the boxes come to, by place."""
        sums: dict[tuple[str, str], _Sum] = defaultdict(_Sum)
        for box in boxes:
            sums[self.place(box)].add(box)
        return dict(sums)


@dataclass(frozen=True, slots=True)
class Statistics:
    """Counts for leads and the administration, and keeps the days."""

    database: Database
    live: Live = LiveValues
    _together: threading.Event = field(
        default_factory=threading.Event, init=False, compare=False, repr=False
    )
    """That this process has put together what was kept of people."""

    def view(self, reader: Reader, days: int | None = None) -> LeadingView:
        """The teams that the reader leads, over the last ``days`` (None: as set) and today.

        Raises ``NotPermitted`` for everybody who leads nobody.
        """
        require_lead(reader)
        values, today = self.live(), self.database.clock.today()
        span = values.statistics_span_days if days is None else days
        first = today - timedelta(days=min(max(span, 1), LONGEST) - 1)
        with self.database.read() as session:
            return self._view(session, reader, values, first, today)

    def export(self, reader: Reader, days: int | None = None) -> LeadingView:
        """The same to be taken away as a file, which is audited."""
        found = self.view(reader, days)
        with self.database.write() as session:
            AuditLog(session).note(
                reader,
                "figures.export",
                "figures",
                "teams",
                details={"first": found.first.isoformat(), "last": found.today.isoformat()},
            )
        return found

    def keep_days(self, reader: Reader) -> int:
        """The worker's part at the day's change: count the days that are over; how many.

        People are counted on days that begin after that was decided, never on those before. Where
        figures per person are allowed no more, those that were kept are put together.
        """
        require_worker(reader)
        yesterday = self.database.clock.today() - DAY
        with self.database.read() as session:
            day = self._next_day(session, yesterday)
            picture = StaffPicture.load(session) if day <= yesterday else None
        per_person = self.live().statistics_per_person  # once: it may change meanwhile
        if per_person:
            self._together.clear()
        elif day <= yesterday or not self._together.is_set():
            self._put_people_together()
            self._together.set()
        counted = 0
        while picture is not None and day <= yesterday:
            with self.database.write() as session:
                if self._next_day(session, yesterday) == day:  # no other worker was quicker
                    people = per_person and _counts_people(_decision(session), day)
                    self._keep(session, _Places.of(picture, per_person=people), day)
                    counted += 1
            day += DAY
        return counted

    # -- the pieces -------------------------------------------------------------------------

    def _next_day(self, session: EakteSession, yesterday: date) -> date:
        rows = Figures(session)
        last = rows.last_day(SYSTEM)
        if last is not None:
            return last + DAY
        arrived = rows.first_arrival(SYSTEM)
        if arrived is None:
            return yesterday + DAY
        return max(arrived.astimezone(BERLIN).date(), yesterday - timedelta(days=CATCH_UP))

    @staticmethod
    def _keep(session: EakteSession, places: _Places, day: date) -> None:
        sums = places.sums(_on(session, day))
        sums.setdefault(("", ""), _Sum())
        sites = {team.id: team.site or "" for team in places.picture.teams}
        Figures(session).keep(
            DailyFigure(
                day=day,
                team_id=team,
                postbox=box,
                site_id=sites.get(team, ""),
                arrived=one.arrived,
                finished=one.finished,
                machine=one.machine,
                cleared=one.cleared,
            )
            for (team, box), one in sums.items()
        )

    def _put_people_together(self) -> None:
        with self.database.read() as session:
            if not Figures(session).of_people(SYSTEM):
                return
        with self.database.write() as session:
            sizes = _sizes(StaffPicture.load(session))
            rows = Figures(session)
            for one in rows.of_people(SYSTEM):
                rows.fold(one, one.team_id if sizes.get(one.team_id, 0) >= SMALLEST else "")

    def _view(
        self, session: EakteSession, reader: Reader, values: LiveValues, first: date, today: date
    ) -> LeadingView:
        picture = StaffPicture.load(session)
        places = _Places.of(picture, per_person=values.statistics_per_person)
        teams = led_teams(reader, picture)
        wanted = None if is_administrator(reader) else [team.id for team in teams]
        sizes, span = places.sizes, _span(first, today)
        by_team: dict[str, dict[date, _Sum]] = defaultdict(lambda: defaultdict(_Sum))
        for row in Figures(session).days(SYSTEM, first, wanted):
            about_one = row.postbox not in {"", row.team_id}
            if places.per_person or not about_one or sizes.get(row.team_id, 0) >= SMALLEST:
                by_team[row.team_id][row.day].add(row)
        decision = _decision(session) if places.per_person else None
        people = places.per_person and _counts_people(decision, today)
        now = replace(places, per_person=people)
        for (team, _), one in now.sums(_on(session, today)).items():
            by_team[team][today].add(one.on(today))
        boxes = self._open(session, places, values.statistics_old_days, wanted)
        sites = {team.site for team in teams if team.site}
        site_names = {one: Organisation(session).site_name(one) for one in sites}
        shown = tuple(
            TeamFigures(
                id=team.id,
                title=team.name,
                site=site_names.get(team.site or "", ""),
                boxes=tuple(boxes.get(team.id, ())),
                days=tuple(by_team[team.id][day].on(day) for day in span),
                small=not places.per_person and 0 < sizes.get(team.id, 0) < SMALLEST,
            )
            for team in teams
        )
        return LeadingView(
            today=today,
            first=first,
            days=_together(shown, span),
            teams=shown,
            per_person=places.per_person,
            old_days=values.statistics_old_days,
            decision=decision,
        )

    def _open(
        self, session: EakteSession, places: _Places, old_days: int, teams: list[str] | None
    ) -> dict[str, list[BoxFigures]]:
        """By team: its open postboxes, the team's own first, then the fullest; None: of all."""
        picture, now = places.picture, self.database.clock.now()
        old = now - timedelta(days=old_days)
        found: dict[tuple[str, str], list[OpenPost]] = defaultdict(list)
        logins = [one for one in picture.members if _team_of(picture, one) in (teams or ())]
        lying = Figures(session).open_post(SYSTEM, now - YOUNG, old, teams=teams, logins=logins)
        for one in lying:
            found[places.place(one)].append(one)
        answer: dict[str, list[BoxFigures]] = defaultdict(list)
        for (team, box), posts in found.items():
            answer[team].append(
                BoxFigures(
                    title=_title(picture, team, box),
                    fresh=sum(one.fresh for one in posts),
                    older=sum(one.older for one in posts),
                    old=sum(one.old for one in posts),
                    oldest=min(one.oldest for one in posts),
                )
            )
        for rows in answer.values():
            rows.sort(key=lambda one: (one.title != TEAM_BOX, -one.tasks, one.title))
        return answer


TEAM_BOX = "Teampostkorb"
MEMBERS = "Mitglieder zusammen"


def _title(picture: StaffPicture, team: str, box: str) -> str:
    if box == team:
        return TEAM_BOX
    return picture.people.get(box, box) if box else MEMBERS


def _decision(session: EakteSession) -> Decision | None:
    """Whose word figures of people stand on; None where nobody's was entered."""
    change = SettingChanges(session).last_of(SYSTEM, PER_PERSON)
    if change is None or change.from_file:
        return None
    return Decision(decided_by=change.decided_by, at=change.at)


def _counts_people(decision: Decision | None, day: date) -> bool:
    """Whether a day may be counted by person; by the file's word alone all days may."""
    return decision is None or decision.covers(day)


def _on(session: EakteSession, day: date) -> list[DayOfBox]:
    start = datetime.combine(day, time(), BERLIN)
    end = datetime.combine(day + DAY, time(), BERLIN)
    return Figures(session).between(SYSTEM, start, end)


def _team_of(picture: StaffPicture, login: str | None) -> str:
    """Somebody's first team; empty without one."""
    return next(iter(picture.members.get(login or "", ())), "")


def _sizes(picture: StaffPicture) -> dict[str, int]:
    """How many people have this team as their first."""
    sizes: dict[str, int] = defaultdict(int)
    for login in picture.members:
        sizes[_team_of(picture, login)] += 1
    return dict(sizes)


def _span(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _together(teams: Iterable[TeamFigures], span: Iterable[date]) -> tuple[DayFigures, ...]:
    sums: dict[date, _Sum] = {day: _Sum() for day in span}
    for team in teams:
        for one in team.days:
            sums[one.day].add(one)
    return tuple(one.on(day) for day, one in sums.items())
