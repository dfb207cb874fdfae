"""Sites, teams, caseworkers, absences; and who a Reader is today."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from eakte.domain.rights import AccessPolicy, Reader, Standpoint
from eakte.models import (
    Absence,
    Caseworker,
    CaseworkerRole,
    Deputy,
    EmergencyAccess,
    Site,
    SitePostcode,
    SurnameRange,
    Team,
    TeamMember,
)

if TYPE_CHECKING:
    from collections.abc import Sequence


def away_on(day: date) -> ColumnElement[bool]:
    """True for absences that cover ``day``; both days are inclusive."""
    return and_(Absence.starts <= day, or_(Absence.ends.is_(None), Absence.ends >= day))


_TEAMS = select(Team).where(Team.function == bindparam("function")).order_by(Team.position)
_TEAMS_AT = _TEAMS.where(Team.site_id == bindparam("site"))
_CENTRAL_TEAMS = _TEAMS.where(Team.site_id.is_(None))
_RANGES = (
    select(SurnameRange)
    .join(TeamMember, TeamMember.login == SurnameRange.login)
    .join(Caseworker, Caseworker.login == SurnameRange.login)
    .where(TeamMember.team_id == bindparam("team"), SurnameRange.function == bindparam("function"))
    .order_by(Caseworker.position, SurnameRange.position)
)
_AWAY = (
    select(Absence.id)
    .where(
        Absence.login == bindparam("login"),
        Absence.starts <= bindparam("day"),
        or_(Absence.ends.is_(None), Absence.ends >= bindparam("day")),
    )
    .limit(1)
)
"""Routing asks these for every letter; making them anew took longer than asking."""


class Organisation:
    """Look-ups in the authority's structure; it holds no client data and is open to all staff."""

    def __init__(self, session: Session) -> None:
        self.session = session

    # -- who reads --------------------------------------------------------------------------

    def reader(self, login: str, today: date, policy: AccessPolicy) -> Reader | None:
        """The Reader that ``login`` is on ``today``; None for an unknown login.

        An absence opens the absent one's standpoint to the deputies named for them, on the days
        of the absence only.
        """
        person = self.session.get(Caseworker, login)
        if person is None:
            return None
        roles = self._roles(login)
        away = self._stands_in_for(login, today)
        names = self.names(away)
        emergency = self.session.scalars(
            select(EmergencyAccess.case_file_id).where(
                EmergencyAccess.login == login, EmergencyAccess.day == today
            )
        )
        held = [policy.roles[role] for role in roles if role in policy.roles]
        points = [self._standpoint(login, roles, policy)]
        points += [self._standpoint(other, self._roles(other), policy) for other in away]
        return Reader(
            login=login,
            name=person.name,
            roles=roles,
            standpoints=tuple(point for point in points if point is not None),
            standing_in_for=tuple((other, names[other]) for other in away),
            emergency_files=frozenset(emergency),
            closed_subfiles=policy.closed_subfiles,
            settings=any(role.settings for role in held),
            trials=any(role.trials for role in held),
            counter=any(role.counter for role in held),
            breaches=any(role.breaches for role in held),
            away=self.is_away(login, today),
        )

    def _roles(self, login: str) -> frozenset[str]:
        return frozenset(
            self.session.scalars(select(CaseworkerRole.role).where(CaseworkerRole.login == login))
        )

    def _stands_in_for(self, login: str, today: date) -> list[str]:
        return list(
            self.session.scalars(
                select(Deputy.login)
                .join(Absence, and_(Absence.login == Deputy.login, away_on(today)))
                .where(Deputy.deputy_login == login)
                .distinct()
                .order_by(Deputy.login)
            )
        )

    def _standpoint(
        self, login: str, roles: frozenset[str], policy: AccessPolicy
    ) -> Standpoint | None:
        held = [policy.roles[role] for role in sorted(roles) if role in policy.roles]
        if not any(role.opens_contents for role in held):
            return None  # settings only: no contents at all
        teams = self.teams_of(login)
        scopes = frozenset((team.site_id, team.function) for team in teams)
        named = {
            kind
            for kind in policy.closed_subfiles
            if login in policy.named_logins.get(kind, frozenset())
            or not policy.named_teams.get(kind, frozenset()).isdisjoint(t.id for t in teams)
        }
        for role in held:
            named |= role.closed_subfiles
        leads = any(role.team_members for role in held)
        return Standpoint(
            login=login,
            scopes=scopes if any(role.team_scopes for role in held) else frozenset(),
            teams=frozenset(team.id for team in teams),
            colleagues=self.members_of(team.id for team in teams) if leads else frozenset(),
            all_files=any(role.all_files for role in held),
            clearing=any(role.clearing for role in held),
            open_subfiles=frozenset(named),
        )

    def members_of(self, team_ids: Iterable[str]) -> frozenset[str]:
        """The logins of everybody in one of these teams."""
        return frozenset(
            self.session.scalars(
                select(TeamMember.login).where(TeamMember.team_id.in_(list(team_ids)))
            )
        )

    # -- structure --------------------------------------------------------------------------

    def teams_of(self, login: str) -> Sequence[Team]:
        """The caseworker's teams, the first one first."""
        return self.session.scalars(
            select(Team)
            .join(TeamMember, TeamMember.team_id == Team.id)
            .where(TeamMember.login == login)
            .order_by(TeamMember.position)
        ).all()

    def teams_for(self, function: str, site: str | None) -> Sequence[Team]:
        """Teams of ``function`` at ``site`` (None: central ones) in the order of the register."""
        asked = _CENTRAL_TEAMS if site is None else _TEAMS_AT
        return self.session.scalars(asked, {"function": function, "site": site}).all()

    def ranges_in(self, team_id: str, function: str) -> Sequence[SurnameRange]:
        """Surname ranges for ``function`` of the team's members, in the order of the register."""
        return self.session.scalars(_RANGES, {"team": team_id, "function": function}).all()

    def is_away(self, login: str, day: date) -> bool:
        """Whether ``login`` is absent on ``day``."""
        return self.session.scalar(_AWAY, {"login": login, "day": day}) is not None

    def deputies_of(self, login: str) -> Sequence[str]:
        """The deputies in the listed order."""
        return self.session.scalars(
            select(Deputy.deputy_login).where(Deputy.login == login).order_by(Deputy.position)
        ).all()

    def deputies_of_all(self, logins: Iterable[str]) -> dict[str, list[str]]:
        """The same for several people at once."""
        answer: dict[str, list[str]] = {}
        rows = self.session.execute(
            select(Deputy.login, Deputy.deputy_login)
            .where(Deputy.login.in_(list(logins)))
            .order_by(Deputy.login, Deputy.position)
        )
        for login, deputy in rows:
            answer.setdefault(login, []).append(deputy)
        return answer

    def site_of_postcode(self, postcode: str, taken_at: str | None = None) -> str | None:
        """The one site that answers for ``postcode``; None where none or several do.

        There ``taken_at`` decides, the site of the channel: if several do, it must be one of them.
        """
        sites = self.session.scalars(
            select(SitePostcode.site_id).where(SitePostcode.postcode == postcode)
        ).all()
        if len(sites) == 1:
            return sites[0]
        return taken_at if not sites or taken_at in sites else None

    def site_name(self, site_id: str) -> str:
        """The site's name on screen."""
        site = self.session.get(Site, site_id)
        return site.name if site is not None else site_id

    def names(self, logins: Iterable[str]) -> dict[str, str]:
        """Names by login; logins of steps and unknown ones stand for themselves."""
        wanted = set(logins)
        of_people = {login for login in wanted if login and not login.startswith("system:")}
        found: dict[str, str] = {}
        if of_people:
            rows = select(Caseworker.login, Caseworker.name).where(Caseworker.login.in_(of_people))
            found = dict(self.session.execute(rows).all())
        return {login: found.get(login, login) for login in wanted}

    def team_names(self, team_ids: Iterable[str]) -> dict[str, str]:
        """Names of teams by id."""
        wanted = set(team_ids)
        found: dict[str, str] = {}
        if wanted:
            rows = select(Team.id, Team.name).where(Team.id.in_(wanted))
            found = dict(self.session.execute(rows).all())
        return {team: found.get(team, team) for team in wanted}

    def knows_login(self, login: str) -> bool:
        """Whether a caseworker of that login exists."""
        return self.session.get(Caseworker, login) is not None

    def knows_site(self, site_id: str) -> bool:
        """Whether a site of that id exists."""
        return self.session.get(Site, site_id) is not None

    def knows_team(self, team_id: str) -> bool:
        """Whether a team of that id exists."""
        return self.session.get(Team, team_id) is not None

    def logins_with(self, roles: Iterable[str]) -> frozenset[str]:
        """Everyone who holds one of ``roles``."""
        return frozenset(
            self.session.scalars(
                select(CaseworkerRole.login).where(CaseworkerRole.role.in_(list(roles)))
            )
        )

    def all_caseworkers(self) -> Sequence[Caseworker]:
        """Everyone with a login, in the order of the register."""
        return self.session.scalars(select(Caseworker).order_by(Caseworker.position)).all()

    def all_sites(self) -> Sequence[Site]:
        """Every site, by its name."""
        return self.session.scalars(select(Site).order_by(Site.name)).all()

    def all_teams(self) -> Sequence[Team]:
        """Every team, in the order of the register."""
        return self.session.scalars(select(Team).order_by(Team.position)).all()
