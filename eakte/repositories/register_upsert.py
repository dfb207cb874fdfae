"""Sites, teams, caseworkers and absences of the register: an upsert by key.

A list that is given replaces that list; nothing absent from the file is deleted.  What a person
changed here stands while the register only repeats what it had said before.  Works within the
caller's transaction, so that a file is taken whole or not at all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from eakte.domain.ids import new_id
from eakte.domain.rights import Reader
from eakte.errors import RegisterError
from eakte.models import (
    Absence,
    Base,
    Caseworker,
    CaseworkerRole,
    Deputy,
    LocalChange,
    Site,
    SitePostcode,
    SurnameRange,
    Team,
    TeamMember,
)
from eakte.repositories.bulk import Changes, Row
from eakte.repositories.local_changes import (
    ABSENCE,
    DEPUTIES,
    PERSON,
    RANGES,
    ROLES,
    TEAM,
    TEAMS,
    LocalChanges,
    Said,
    absence_key,
)
from eakte.repositories.register_facts import (
    AbsenceFacts,
    CaseworkerFacts,
    OrganisationGiven,
    SiteFacts,
    TeamFacts,
)

REMEDY = "Die Registerdatei berichtigen und noch einmal einlesen; nichts wurde geändert."

ORDER = (
    Site,
    SitePostcode,
    Team,
    Caseworker,
    CaseworkerRole,
    TeamMember,
    Deputy,
    SurnameRange,
    Absence,
    LocalChange,
)
LISTS = {
    CaseworkerRole: ROLES,
    TeamMember: TEAMS,
    Deputy: DEPUTIES,
    SurnameRange: RANGES,
}
"""Lists of a caseworker that can be changed here, and how such a change is called."""


class OrganisationUpsert:
    """Compares the authority with what is there and writes the differences."""

    def __init__(self, session: Session, reader: Reader) -> None:
        if not reader.is_system:
            raise RegisterError("Das Register liest nur das System ein.")
        self.session = session
        self.changes = Changes(ORDER)
        self.sites = {site.id: site for site in session.scalars(select(Site))}
        self.teams = {team.id: team for team in session.scalars(select(Team))}
        self.workers = {one.login: one for one in session.scalars(select(Caseworker))}
        local = LocalChanges(session)
        self.taken_on: set[str] = set()
        """Who was made here and is the register's from now on."""
        self.overruled = 0
        """How many changes made here the register put aside, because it said something new."""
        self.local = {kind: local.of(kind) for kind in (ABSENCE, TEAM, PERSON, *LISTS.values())}

    def put(self, given: OrganisationGiven) -> None:
        """Make or change everything given.

        Raises ``RegisterError`` for a reference to something unknown, and for a name that is both
        a team's and a login.
        """
        self._check(given)
        for site in given.sites:
            self._site(site)
        self._put_postcodes(given.sites)
        places = _places(
            {key: team.position for key, team in self.teams.items()},
            [one.id for one in given.teams],
        )
        for team in given.teams:
            self._team(team, places[team.id])
        places = _places(
            {key: worker.position for key, worker in self.workers.items()},
            [one.login for one in given.caseworkers],
        )
        for worker in given.caseworkers:
            self._caseworker(worker, places[worker.login])
        self._lists_of(given.caseworkers)
        self._put_absences(given.absences)
        self.changes.write(self.session)
        self.session.expire_all()

    # -- what is refused --------------------------------------------------------------------

    def _check(self, given: OrganisationGiven) -> None:
        sites = self.sites.keys() | {site.id for site in given.sites}
        teams = self.teams.keys() | {team.id for team in given.teams}
        logins = self.workers.keys() | {worker.login for worker in given.caseworkers}
        for both in sorted(teams & logins):
            _refuse(f"„{both}“ ist zugleich Team und Login; Postkörbe brauchen eindeutige Namen.")
        for team in given.teams:
            if team.site is not None and team.site not in sites:
                _refuse(f"Das Team „{team.id}“ nennt den unbekannten Standort „{team.site}“.")
        for worker in given.caseworkers:
            for name in worker.teams:
                if name not in teams:
                    _refuse(f"„{worker.login}“ nennt das unbekannte Team „{name}“.")
            for deputy in worker.deputies or ():
                if deputy not in logins:
                    _refuse(f"„{worker.login}“ nennt die unbekannte Vertretung „{deputy}“.")
                if deputy == worker.login:
                    _refuse(f"„{deputy}“ kann sich nicht selbst vertreten.")
        for absence in given.absences:
            if absence.login not in logins:
                _refuse(f"Eine Abwesenheit nennt den unbekannten Login „{absence.login}“.")

    # -- rows of their own ------------------------------------------------------------------

    def _site(self, site: SiteFacts) -> None:
        before = self.sites.get(site.id)
        if before is None:
            self.changes.insert(Site, {"id": site.id, "name": site.name})
        elif before.name != site.name:
            self.changes.update(Site, {"id": site.id}, {"name": site.name})

    def _team(self, team: TeamFacts, position: int) -> None:
        wanted = {
            "site_id": team.site,
            "function": team.function,
            "name": team.name,
            "position": position,
        }
        if self._repeats(TEAM, team.id, [team.site, team.function, team.name]):
            wanted = {"position": position}
        self._put(Team, {"id": team.id}, wanted, self.teams.get(team.id))

    def _caseworker(self, worker: CaseworkerFacts, position: int) -> None:
        wanted = {"name": worker.name, "position": position}
        self._take_on(worker.login)
        self._put(Caseworker, {"login": worker.login}, wanted, self.workers.get(worker.login))

    def _take_on(self, login: str) -> None:
        """Somebody who was made here: all that was said of them here gives way to the register.

        What it does not say of them is empty: nothing else could tell whose word it was.
        """
        if login not in self.local[PERSON]:
            return
        for kind in (PERSON, *LISTS.values()):
            if self.local[kind].pop(login, None) is not None:
                self.changes.delete(LocalChange, {"kind": kind, "key": login})
        self.taken_on.add(login)
        self.overruled += 1

    def _put(self, model: type[Base], key: Row, wanted: Row, before: Base | None) -> None:
        if before is None:
            self.changes.insert(model, {**key, **wanted})
        elif any(getattr(before, name) != value for name, value in wanted.items()):
            self.changes.update(model, key, wanted)

    def _put_absences(self, absences: Iterable[AbsenceFacts]) -> None:
        before: dict[tuple[str, date], Absence] = {
            (row.login, row.starts): row
            for row in self.session.scalars(select(Absence).where(Absence.origin == "register"))
        }
        for absence in absences:
            said: Said = [absence.ends.isoformat() if absence.ends else None]
            if self._repeats(ABSENCE, absence_key(absence.login, absence.starts), said):
                continue
            known = before.get((absence.login, absence.starts))
            if known is None:
                self.changes.insert(
                    Absence,
                    {
                        "id": new_id(),
                        "login": absence.login,
                        "starts": absence.starts,
                        "ends": absence.ends,
                    },
                )
            elif known.ends != absence.ends:
                self.changes.update(Absence, {"id": known.id}, {"ends": absence.ends})

    # -- lists that are replaced where they are given -----------------------------------------

    def _put_postcodes(self, sites: Iterable[SiteFacts]) -> None:
        before: dict[str, set[str]] = defaultdict(set)
        for row in self.session.scalars(select(SitePostcode)):
            before[row.site_id].add(row.postcode)
        for site in sites:
            if site.postcodes is None or set(site.postcodes) == before[site.id]:
                continue
            self._replace(
                SitePostcode,
                {"site_id": site.id},
                [{"postcode": postcode} for postcode in dict.fromkeys(site.postcodes)],
            )

    def _lists_of(self, workers: Sequence[CaseworkerFacts]) -> None:
        roles = self._by_login(CaseworkerRole, ("role",))
        teams = self._by_login(TeamMember, ("position", "team_id"))
        deputies = self._by_login(Deputy, ("position", "deputy_login"))
        ranges = self._by_login(SurnameRange, ("position", "function", "from_name", "to_name"))
        for worker in workers:
            wanted_roles: list[Row] = [{"role": str(role)} for role in sorted(set(worker.roles))]
            self._replace_of(CaseworkerRole, worker.login, wanted_roles, roles)
            self._replace_of(TeamMember, worker.login, _numbered("team_id", worker.teams), teams)
            unsaid = () if worker.login in self.taken_on else None
            given_deputies = unsaid if worker.deputies is None else worker.deputies
            if given_deputies is not None:
                wanted = _numbered("deputy_login", given_deputies)
                self._replace_of(Deputy, worker.login, wanted, deputies)
            given_ranges = unsaid if worker.ranges is None else worker.ranges
            if given_ranges is not None:
                wanted_ranges: list[Row] = [
                    {
                        "position": position,
                        "function": one.function,
                        "from_name": one.from_name,
                        "to_name": one.to_name,
                    }
                    for position, one in enumerate(given_ranges)
                ]
                self._replace_of(SurnameRange, worker.login, wanted_ranges, ranges)

    def _by_login(self, model: type[Base], columns: Sequence[str]) -> Mapping[str, list[Row]]:
        """The rows of a list by login, in their order."""
        answer: dict[str, list[Row]] = defaultdict(list)
        table = model.__table__
        for login, *values in self.session.execute(
            select(table.c.login, *(table.c[name] for name in columns)).order_by(
                table.c.login, table.c[columns[0]]
            )
        ):
            answer[login].append(dict(zip(columns, values, strict=True)))
        return answer

    def _replace_of(
        self,
        model: type[Base],
        login: str,
        wanted: list[Row],
        before: Mapping[str, list[Row]],
    ) -> None:
        kind = LISTS.get(model)
        if kind is not None and self._repeats(kind, login, [dict(row) for row in wanted]):
            return
        if before.get(login, []) != wanted:
            self._replace(model, {"login": login}, wanted)

    def _repeats(self, kind: str, key: str, said: Said) -> bool:
        """Whether the register says what it had said before somebody changed it here.

        Where it says something new, it counts again, and the change is forgotten.
        """
        before = self.local[kind].get(key)
        if before is None or before == said:
            return before is not None
        self.changes.delete(LocalChange, {"kind": kind, "key": key})
        self.overruled += 1
        return False

    def _replace(self, model: type[Base], key: Row, rows: Iterable[Row]) -> None:
        self.changes.delete(model, key)
        for row in rows:
            own_key = {"id": new_id()} if model is SurnameRange else {}
            self.changes.insert(model, {**own_key, **key, **row})


def _refuse(problem: str) -> None:
    raise RegisterError(problem, remedy=REMEDY)


def _numbered(name: str, values: Iterable[str]) -> list[Row]:
    return [
        {"position": position, name: value} for position, value in enumerate(dict.fromkeys(values))
    ]


def _places(known: Mapping[str, int], listed: Sequence[str]) -> dict[str, int]:
    """Positions in the order of the register, in which the routing rule looks.

    Those listed take each other's places in their new order, new ones come behind all others;
    what the file leaves out keeps its place.
    """
    taken = sorted(known[name] for name in listed if name in known)
    behind = max(known.values(), default=0) + 1
    fresh = range(behind, behind + len(listed) - len(taken))
    return dict(zip(listed, [*taken, *fresh], strict=True))
