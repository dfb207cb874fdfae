"""Who receives a document: the rule of ``docs/routing.md``, answered with its reason.

First match wins: the one responsible; the surname range in a team of the function at the site,
then in a central one; the team's postbox; the same with function ``leistung``; the clearing desk.
An absent receiver is replaced by the first deputy present; deputies do not chain.

Every step is noted in a trace, so that the probe (``eakte/services/probe.py``) explains the very
answer that a delivery gets, and not that of a second rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from eakte.domain.rights import CLEARING, Reader
from eakte.domain.routing import CLEARING_DESK, Case, Receiver, Staff, TeamOf, Tried, Why
from eakte.language.names import covers
from eakte.models import CaseFile
from eakte.repositories.case_files import CaseFiles

__all__ = ["CLEARING_DESK", "FALLBACK", "WITHOUT_FALLBACK", "Case", "Receiver", "Router"]

FALLBACK = "leistung"
WITHOUT_FALLBACK = frozenset({"leitung", "datenschutz", "scan"})


class Router:
    """Answers who receives what, on one day, within the caller's transaction."""

    def __init__(
        self, organisation: Staff, case_files: CaseFiles, protected_postbox: str, today: date
    ) -> None:
        self.organisation = organisation
        self.case_files = case_files
        self.protected_postbox = protected_postbox
        self.today = today

    def route(
        self,
        reader: Reader,
        cover: CaseFile,
        person_ids: Iterable[str],
        function: str,
        copy_functions: Iterable[str],
    ) -> tuple[Receiver, tuple[Receiver, ...]]:
        """The receiver of the task, and those who get it zur Kenntnis (never a second task)."""
        return self.route_case(self.case(reader, cover, person_ids), function, copy_functions)

    def route_case(
        self, case: Case, function: str, copy_functions: Iterable[str]
    ) -> tuple[Receiver, tuple[Receiver, ...]]:
        """The same for what is known of the case already."""
        known: dict[str, Receiver | None] = {}  # copies often end where the task did: at leistung
        main = _Way(self, case, [], known).receiver(function)
        copies: dict[str, Receiver] = {}
        for copy_function in copy_functions:
            receiver = _Way(self, case, [], known).receiver(copy_function)
            if receiver.postbox not in (main.postbox, CLEARING):
                copies.setdefault(receiver.postbox, receiver)
        return main, tuple(copies.values())

    def case(self, reader: Reader, cover: CaseFile, person_ids: Iterable[str]) -> Case:
        """What the rule needs to know; two people concerned are as good as none."""
        concerned = list(person_ids)
        people = self.case_files.people(reader, [cover.id])[cover.id]
        applicant = next((person for person, member in people if member.applicant), None)
        person_id = concerned[0] if len(concerned) == 1 else None
        return Case(
            site=cover.site_id,
            surname=applicant.last_name if applicant else "",
            person_id=person_id or (applicant.id if applicant else None),
            protected=cover.protected,
            responsible={
                (row.person_id, row.function): row.login
                for row in self.case_files.responsible(reader, cover.id)
            },
            excluded=self.case_files.excluded(reader, cover.id),
        )

    def receiver(self, case: Case, function: str, trace: list[Tried] | None = None) -> Receiver:
        """Who answers for ``function``; each step that was taken is added to ``trace``."""
        return _Way(self, case, [] if trace is None else trace, {}).receiver(function)


class _Way:
    """One walk through the rule; ``known`` are the answers of rounds 1 to 3 by function."""

    def __init__(
        self,
        router: Router,
        case: Case,
        trace: list[Tried],
        known: dict[str, Receiver | None],
    ) -> None:
        self.staff = router.organisation
        self.protected_postbox = router.protected_postbox
        self.today = router.today
        self.case = case
        self.trace = trace
        self.known = known
        self.function = ""
        self.before = ""
        """What stands before the numbers of the rules: ``4.`` on the second round."""

    def receiver(self, function: str) -> Receiver:
        chosen = self._round(function)
        if chosen is None and function != FALLBACK:
            if function in WITHOUT_FALLBACK:
                self._tried("4", Why.NEVER_LEISTUNG)
            else:
                self._tried("4", Why.INSTEAD_LEISTUNG)
                self.before = "4."
                chosen = self._round(FALLBACK)
        if chosen is not None:
            return chosen
        self.before = ""
        if self.case.protected and self.protected_postbox not in self.case.excluded:
            self._tried("schutz", Why.PROTECTED_POSTBOX, login=self.protected_postbox)
            return self._postbox(self.protected_postbox, "schutz")
        self._tried("5", Why.DESK)
        return CLEARING_DESK

    def _round(self, function: str) -> Receiver | None:
        self.function = function
        if function not in self.known:
            present = (self._present(receiver) for receiver in self._by_function(function))
            self.known[function] = next((one for one in present if one is not None), None)
        chosen = self.known[function]
        return chosen and replace(chosen, rule=f"{self.before}{chosen.rule}")

    def _tried(
        self,
        rule: str,
        why: Why,
        *,
        login: str | None = None,
        team: str | None = None,
        site: str | None = None,
        person: bool = False,
        written: str = "",
        count: int = 0,
    ) -> None:
        self.trace.append(
            Tried(
                rule=f"{self.before}{rule}",
                why=why,
                function=self.function,
                login=login,
                team=team,
                site=site,
                person=person,
                range=written,
                count=count,
            )
        )

    # -- rules 1 to 3 -----------------------------------------------------------------------

    def _by_function(self, function: str) -> Iterator[Receiver]:
        yield from self._named(function)
        if self.case.protected:
            self._tried("2", Why.ONLY_NAMED)
            return
        teams: list[tuple[str | None, TeamOf]] = []
        for site in (self.case.site, None):
            for team in self._teams_at(function, site):
                teams.append((site, team))
                yield from self._by_surname(site, team, function)
        for site, team in teams:
            self._tried("3", Why.TEAM, team=team.id, site=site)
            yield self._postbox(team.id, "3")

    def _named(self, function: str) -> Iterator[Receiver]:
        for person_id in dict.fromkeys((self.case.person_id, None)):
            login = self.case.responsible.get((person_id, function))
            about_person = person_id is not None
            if login is None:
                self._tried("1", Why.NOBODY_NAMED, person=about_person)
            elif login in self.case.excluded:
                self._tried("1", Why.OUT_OF_THE_QUESTION, person=about_person)
            else:
                self._tried("1", Why.NAMED, login=login, person=about_person)
                yield Receiver(postbox=login, login=login, rule="1")

    def _teams_at(self, function: str, site: str | None) -> Sequence[TeamOf]:
        teams = self.staff.teams_for(function, site)
        if not teams:
            self._tried("2", Why.NO_TEAM, site=site)
        return teams

    def _by_surname(self, site: str | None, team: TeamOf, function: str) -> Iterator[Receiver]:
        ranges = self.staff.ranges_in(team.id, function)
        for row in ranges:
            if not covers(row.from_name, row.to_name, self.case.surname):
                continue
            written = f"{row.from_name}–{row.to_name}"
            if row.login in self.case.excluded:
                self._tried("2", Why.OUT_OF_THE_QUESTION, written=written, team=team.id, site=site)
                continue
            self._tried("2", Why.COVERED, login=row.login, written=written, team=team.id, site=site)
            yield Receiver(postbox=row.login, login=row.login, rule="2", chosen_by_team=team.id)
            return
        why = Why.NOT_COVERED if ranges else Why.NO_RANGE
        self._tried("2", why, count=len(ranges), team=team.id, site=site)

    # -- absences ---------------------------------------------------------------------------

    def _present(self, receiver: Receiver) -> Receiver | None:
        """The receiver, or who stands in today; None where a protected file may go to neither."""
        absent = receiver.login
        if absent is None or not self.staff.is_away(absent, self.today):
            return receiver
        self._tried(receiver.rule, Why.AWAY, login=absent)
        deputy = self._deputy(receiver.rule, absent)
        if deputy is not None:
            self._tried(receiver.rule, Why.DEPUTY, login=deputy)
            return replace(receiver, postbox=deputy, login=deputy, deputy_for=absent)
        self._tried(receiver.rule, Why.NOBODY_STANDS_IN, login=absent)
        if self.case.protected:
            return None
        team = receiver.chosen_by_team
        if team is None:
            own = self.staff.teams_of(absent)
            team = own[0].id if own else None
        if team is None:
            return None
        self._tried(receiver.rule, Why.TEAM_INSTEAD, team=team, login=absent)
        return replace(self._postbox(team, receiver.rule), deputy_for=absent)

    def _deputy(self, rule: str, absent: str) -> str | None:
        named = set(self.case.responsible.values())
        for deputy in self.staff.deputies_of(absent):
            if deputy in self.case.excluded:
                self._tried(rule, Why.OUT_OF_THE_QUESTION)
            elif self.staff.is_away(deputy, self.today):
                self._tried(rule, Why.DEPUTY_AWAY, login=deputy)
            elif self.case.protected and deputy not in named:
                self._tried(rule, Why.DEPUTY_NOT_NAMED, login=deputy)
            else:
                return deputy
        return None

    def _postbox(self, postbox: str, rule: str) -> Receiver:
        if postbox == CLEARING:
            return Receiver(postbox=CLEARING, rule=rule)
        if self.staff.knows_team(postbox):
            return Receiver(postbox=postbox, team=postbox, rule=rule)
        if self.staff.knows_login(postbox):
            return Receiver(postbox=postbox, login=postbox, rule=rule)
        return Receiver(postbox=CLEARING, rule=rule)
