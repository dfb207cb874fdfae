"""Writes the register into the database: an upsert by key; nothing absent from it is deleted.

A list that is given replaces that list.  Works within the caller's transaction, so that a file is
taken whole or not at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Protocol

from sqlalchemy import delete, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from eakte.domain.ids import new_id
from eakte.domain.rights import Reader
from eakte.errors import RegisterError
from eakte.models import (
    Absence,
    Caseworker,
    CaseworkerRole,
    Deputy,
    Site,
    SitePostcode,
    SurnameRange,
    Team,
    TeamMember,
)

REMEDY = "Die Registerdatei berichtigen und noch einmal einlesen; nichts wurde geändert."


class _Range(Protocol):
    @property
    def function(self) -> str: ...
    @property
    def from_name(self) -> str: ...
    @property
    def to_name(self) -> str: ...


class OrganisationUpsert:
    """Sites, teams, caseworkers and absences."""

    def __init__(self, session: Session, reader: Reader, now: datetime) -> None:
        if not reader.is_system:
            raise RegisterError("Das Register liest nur das System ein.")
        self.session = session
        self.now = now

    def site(self, site_id: str, name: str, postcodes: Sequence[str] | None) -> None:
        """Make or change a site."""
        row = self.session.get(Site, site_id)
        if row is None:
            self.session.add(Site(id=site_id, name=name))
            self.session.flush()
        else:
            row.name = name
        if postcodes is not None:
            self.session.execute(delete(SitePostcode).where(SitePostcode.site_id == site_id))
            self.session.add_all(
                SitePostcode(postcode=postcode, site_id=site_id)
                for postcode in dict.fromkeys(postcodes)
            )

    def team(self, team_id: str, site: str | None, function: str, name: str) -> None:
        """Make or change a team."""
        if site is not None and self.session.get(Site, site) is None:
            raise RegisterError(
                f"Das Team „{team_id}“ nennt den unbekannten Standort „{site}“.", remedy=REMEDY
            )
        row = self.session.get(Team, team_id)
        if row is None:
            self.session.add(
                Team(
                    id=team_id,
                    site_id=site,
                    function=function,
                    name=name,
                    position=self._next(Team.position),
                )
            )
            self.session.flush()
        else:
            row.site_id, row.function, row.name = site, function, name

    def caseworker(self, login: str, name: str) -> None:
        """Make or change a caseworker; what refers to others follows in ``membership``."""
        row = self.session.get(Caseworker, login)
        if row is None:
            self.session.add(
                Caseworker(login=login, name=name, position=self._next(Caseworker.position))
            )
            self.session.flush()
        else:
            row.name = name

    def membership(
        self,
        login: str,
        roles: Iterable[str],
        teams: Sequence[str],
        deputies: Sequence[str] | None,
        ranges: Sequence[_Range] | None,
    ) -> None:
        """Roles, teams, deputies and surname ranges of a caseworker."""
        self.session.execute(delete(CaseworkerRole).where(CaseworkerRole.login == login))
        self.session.add_all(CaseworkerRole(login=login, role=str(role)) for role in set(roles))
        for team in teams:
            self._known(Team, team, f"„{login}“ nennt das unbekannte Team „{team}“.")
        self.session.execute(delete(TeamMember).where(TeamMember.login == login))
        self.session.add_all(
            TeamMember(login=login, team_id=team, position=position)
            for position, team in enumerate(dict.fromkeys(teams))
        )
        if deputies is not None:
            self._deputies(login, deputies)
        if ranges is not None:
            self.session.execute(delete(SurnameRange).where(SurnameRange.login == login))
            self.session.add_all(
                SurnameRange(
                    id=new_id(),
                    login=login,
                    function=entry.function,
                    from_name=entry.from_name,
                    to_name=entry.to_name,
                    position=position,
                )
                for position, entry in enumerate(ranges)
            )

    def _deputies(self, login: str, deputies: Sequence[str]) -> None:
        for deputy in deputies:
            self._known(
                Caseworker, deputy, f"„{login}“ nennt die unbekannte Vertretung „{deputy}“."
            )
            if deputy == login:
                raise RegisterError(f"„{login}“ kann sich nicht selbst vertreten.", remedy=REMEDY)
        self.session.execute(delete(Deputy).where(Deputy.login == login))
        self.session.add_all(
            Deputy(login=login, deputy_login=deputy, position=position)
            for position, deputy in enumerate(dict.fromkeys(deputies))
        )

    def absence(self, login: str, starts: date, ends: date | None) -> None:
        """Make or change an absence (key: login and first day)."""
        self._known(Caseworker, login, f"Eine Abwesenheit nennt den unbekannten Login „{login}“.")
        row = self.session.scalar(
            select(Absence).where(Absence.login == login, Absence.starts == starts)
        )
        if row is None:
            self.session.add(Absence(id=new_id(), login=login, starts=starts, ends=ends))
        else:
            row.ends = ends

    def _known(self, model: type[Team | Caseworker], key: str, problem: str) -> None:
        if self.session.get(model, key) is None:
            raise RegisterError(problem, remedy=REMEDY)

    def _next(self, position: InstrumentedAttribute[int]) -> int:
        return (self.session.scalar(select(func.max(position))) or 0) + 1
