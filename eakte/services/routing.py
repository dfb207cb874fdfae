"""Who receives a document: the rule of ``docs/routing.md``, answered with its reason.

First match wins: the one responsible; the surname range in a team of the function at the site,
then in a central one; the team's postbox; the same with function ``leistung``; the clearing desk.
An absent receiver is replaced by the first deputy present; deputies do not chain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from eakte.domain.rights import CLEARING, Reader
from eakte.language.names import covers
from eakte.models import CaseFile, Team
from eakte.repositories.case_files import CaseFiles
from eakte.repositories.organisation import Organisation

FALLBACK = "leistung"
WITHOUT_FALLBACK = frozenset({"leitung", "datenschutz", "scan"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """A postbox (login, team id or ``clearing``) and why it is this one.

    ``rule`` is the number in the routing rule (``1`` responsible ... ``5`` clearing, ``schutz``);
    ``deputy_for`` the absent login in whose place it is delivered.
    """

    postbox: str
    rule: str
    login: str | None = None
    team: str | None = None
    deputy_for: str | None = None
    chosen_by_team: str | None = None


CLEARING_DESK = Receiver(postbox=CLEARING, rule="5")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """What the rule needs to know of a case file."""

    cover: CaseFile
    person_id: str | None
    surname: str
    responsible: dict[tuple[str | None, str], str]
    excluded: frozenset[str]


class Router:
    """Answers who receives what, on one day, within the caller's transaction."""

    def __init__(
        self,
        organisation: Organisation,
        case_files: CaseFiles,
        protected_postbox: str,
        today: date,
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
        case = self._case(reader, cover, list(person_ids))
        main = self._receiver(case, function)
        copies: dict[str, Receiver] = {}
        for copy_function in copy_functions:
            receiver = self._receiver(case, copy_function)
            if receiver.postbox not in (main.postbox, CLEARING):
                copies.setdefault(receiver.postbox, receiver)
        return main, tuple(copies.values())

    def _case(self, reader: Reader, cover: CaseFile, person_ids: list[str]) -> _Case:
        people = self.case_files.people(reader, [cover.id])[cover.id]
        applicant = next((person for person, member in people if member.applicant), None)
        person_id = person_ids[0] if len(person_ids) == 1 else None
        return _Case(
            cover=cover,
            person_id=person_id or (applicant.id if applicant else None),
            surname=applicant.last_name if applicant else "",
            responsible={
                (row.person_id, row.function): row.login
                for row in self.case_files.responsible(reader, cover.id)
            },
            excluded=self.case_files.excluded(reader, cover.id),
        )

    def _receiver(self, case: _Case, function: str) -> Receiver:
        functions = [function]
        if function not in WITHOUT_FALLBACK and function != FALLBACK:
            functions.append(FALLBACK)
        for number, name in enumerate(functions):
            for receiver in self._by_function(case, name):
                chosen = self._present(case, receiver)
                if chosen is not None:
                    return replace(chosen, rule=f"4.{chosen.rule}") if number else chosen
        if case.cover.protected and self.protected_postbox not in case.excluded:
            return self._postbox(self.protected_postbox, "schutz")
        return CLEARING_DESK

    def _by_function(self, case: _Case, function: str) -> Iterator[Receiver]:
        for person in (case.person_id, None):
            login = case.responsible.get((person, function))
            if login is not None and login not in case.excluded:
                yield Receiver(postbox=login, login=login, rule="1")
        if case.cover.protected:
            return  # only those named in it
        teams = [
            *self.organisation.teams_for(function, case.cover.site_id),
            *self.organisation.teams_for(function, None),
        ]
        for team in teams:
            login = self._by_surname(case, team, function)
            if login is not None:
                yield Receiver(postbox=login, login=login, rule="2", chosen_by_team=team.id)
        for team in teams:
            yield self._postbox(team.id, "3")

    def _by_surname(self, case: _Case, team: Team, function: str) -> str | None:
        for row in self.organisation.ranges_in(team.id, function):
            if row.login not in case.excluded and covers(row.from_name, row.to_name, case.surname):
                return row.login
        return None

    def _present(self, case: _Case, receiver: Receiver) -> Receiver | None:
        """The receiver, or who stands in today; None where a protected file may go to neither."""
        absent = receiver.login
        if absent is None or not self.organisation.is_away(absent, self.today):
            return receiver
        named = set(case.responsible.values())
        for deputy in self.organisation.deputies_of(absent):
            if deputy in case.excluded or self.organisation.is_away(deputy, self.today):
                continue
            if case.cover.protected and deputy not in named:
                continue
            return replace(receiver, postbox=deputy, login=deputy, deputy_for=absent)
        if case.cover.protected:
            return None
        team = receiver.chosen_by_team
        if team is None:
            own = self.organisation.teams_of(absent)
            team = own[0].id if own else None
        if team is None:
            return None
        return replace(self._postbox(team, receiver.rule), deputy_for=absent)

    def _postbox(self, postbox: str, rule: str) -> Receiver:
        if postbox == CLEARING:
            return Receiver(postbox=CLEARING, rule=rule)
        if self.organisation.knows_team(postbox):
            return Receiver(postbox=postbox, team=postbox, rule=rule)
        if self.organisation.knows_login(postbox):
            return Receiver(postbox=postbox, login=postbox, rule=rule)
        return Receiver(postbox=CLEARING, rule=rule)
