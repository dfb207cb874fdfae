"""The authority in memory: what the routing rule asks, without a question to the database each.

For „what would this change do“ the rule is asked about tens of thousands of files, once as things
are and once as they would be; a changed picture is another value.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from eakte.models import Caseworker, SurnameRange, Team, TeamMember
from eakte.repositories.local_changes import RANGES, TEAMS


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamValue:
    """A team; ``site`` None: central."""

    id: str
    site: str | None
    function: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeValue:
    """A surname range as it is written."""

    login: str
    function: str
    from_name: str
    to_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffPicture:
    """Teams and people in the order of the register; nobody is away in it.

    ``members`` teams by login, the first one first; ``ranges`` by login.
    """

    teams: tuple[TeamValue, ...]
    people: Mapping[str, str]
    members: Mapping[str, Sequence[str]]
    ranges: Mapping[str, Sequence[RangeValue]]
    _ranges_in: dict[tuple[str, str], list[RangeValue]] = field(default_factory=dict, repr=False)

    @classmethod
    def load(cls, session: Session) -> StaffPicture:
        """The authority as it is; ids, logins and names of staff, no client data."""
        members: dict[str, list[str]] = defaultdict(list)
        rows = session.execute(
            select(TeamMember.login, TeamMember.team_id).order_by(TeamMember.position)
        )
        for login, team in rows:
            members[login].append(team)
        ranges: dict[str, list[RangeValue]] = defaultdict(list)
        for row in session.scalars(select(SurnameRange).order_by(SurnameRange.position)):
            ranges[row.login].append(
                RangeValue(
                    login=row.login,
                    function=row.function,
                    from_name=row.from_name,
                    to_name=row.to_name,
                )
            )
        workers = select(Caseworker.login, Caseworker.name).order_by(Caseworker.position)
        return cls(
            teams=tuple(
                TeamValue(id=row.id, site=row.site_id, function=row.function, name=row.name)
                for row in session.scalars(select(Team).order_by(Team.position))
            ),
            people=dict(session.execute(workers).all()),
            members=dict(members),
            ranges=dict(ranges),
        )

    def changed(self, kind: str, login: str, rows: Sequence[Mapping[str, Any]]) -> StaffPicture:
        """The picture in which that list of ``login`` (``ranges`` or ``teams``) is another."""
        if kind == TEAMS:
            teams = [str(row["team_id"]) for row in rows]
            return replace(self, members={**self.members, login: teams}, _ranges_in={})
        if kind != RANGES:
            raise ValueError(kind)
        ranges = [
            RangeValue(
                login=login,
                function=row["function"],
                from_name=row["from_name"],
                to_name=row["to_name"],
            )
            for row in rows
        ]
        return replace(self, ranges={**self.ranges, login: ranges}, _ranges_in={})

    # -- what the routing rule asks ---------------------------------------------------------

    def teams_of(self, login: str) -> Sequence[TeamValue]:
        """The caseworker's teams, the first one first."""
        known = {team.id: team for team in self.teams}
        return [known[one] for one in self.members.get(login, ())]

    def teams_for(self, function: str, site: str | None) -> Sequence[TeamValue]:
        """Teams of the function at the site (None: central ones)."""
        return [team for team in self.teams if team.function == function and team.site == site]

    def members_of(self, team_id: str) -> list[str]:
        """The team's members, in the order of the register."""
        return [login for login in self.people if team_id in self.members.get(login, ())]

    def ranges_in(self, team_id: str, function: str) -> Sequence[RangeValue]:
        """Surname ranges of the team's members, in the order of the register."""
        key = (team_id, function)
        if key not in self._ranges_in:
            self._ranges_in[key] = [
                one
                for login in self.members_of(team_id)
                for one in self.ranges.get(login, ())
                if one.function == function
            ]
        return self._ranges_in[key]

    def is_away(self, login: str, day: date) -> bool:
        """Nobody: the picture tells whose files they are, not who stands in."""
        del login, day
        return False

    def deputies_of(self, login: str) -> Sequence[str]:
        """Nobody is asked for."""
        del login
        return ()

    def knows_team(self, team_id: str) -> bool:
        """Whether a team of that id exists."""
        return any(team.id == team_id for team in self.teams)

    def knows_login(self, login: str) -> bool:
        """Whether a caseworker of that login exists."""
        return login in self.people
