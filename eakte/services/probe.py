"""„Wer bekäme das?“: the routing rule asked about a letter that did not come.

It is the very rule that delivers (``eakte/services/routing.py``), with its trace in words. Nothing
is delivered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from eakte.domain.rights import CLEARING, AccessPolicy, Reader, system_reader
from eakte.domain.routing import Case, Receiver, Tried
from eakte.domain.schlagworte import Schlagwort
from eakte.errors import NotFound
from eakte.language.aktenzeichen import AktenzeichenPattern
from eakte.models import CaseFile
from eakte.repositories.case_files import CaseFiles
from eakte.repositories.database import Database, EakteSession
from eakte.repositories.organisation import Organisation
from eakte.services.by_number import file_opened
from eakte.services.explaining import Explained, Names, explained, function_title, receiver_title
from eakte.services.routing import Router
from eakte.services.views import Choice

PLACE = system_reader("probe")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbePart:
    """The answer for one function: the task's, or that of a copy.

    ``receiver`` None: a copy that nobody gets, because ``remark``.
    """

    function: str
    function_title: str
    copy: bool
    receiver: Receiver | None
    title: str
    deputy_for: str
    remark: str
    steps: tuple[Explained, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeAnswer:
    """Who would get it; the task first. ``about`` names the file, or site and surname."""

    about: str
    aktenzeichen: str | None
    schlagwort: str
    schlagwort_title: str
    day: date
    people: tuple[Choice, ...]
    person_id: str
    parts: tuple[ProbePart, ...]

    @property
    def main(self) -> ProbePart:
        """Whose task it would be."""
        return self.parts[0]


@dataclass(frozen=True, slots=True)
class Probe:
    """Asks the routing rule; looks, and changes nothing but the audit log."""

    database: Database
    schlagworte: Mapping[str, Schlagwort]
    policy: AccessPolicy
    pattern: AktenzeichenPattern

    def by_file(
        self, reader: Reader, aktenzeichen: str, schlagwort: str, day: date, person_id: str = ""
    ) -> ProbeAnswer:
        """For a letter about this case file, and this one of its people where given.

        Raises ``NotFound`` for a file that is unknown or not open to ``reader``; the attempt is
        in the audit log.
        """
        word = self._word(schlagwort)
        with file_opened(self.database, reader, self.pattern, aktenzeichen, "case_file.probe") as (
            session,
            cover,
        ):
            return self._of_file(session, cover, word, day, person_id)

    def by_surname(
        self, reader: Reader, site: str, surname: str, schlagwort: str, day: date
    ) -> ProbeAnswer:
        """For an unprotected file that has nobody named, at a site, of somebody of that name.

        Tells of the authority alone and is open to all staff. Raises ``NotFound``.
        """
        word = self._word(schlagwort)
        del reader
        with self.database.read() as session:
            organisation = Organisation(session)
            if not organisation.knows_site(site):
                raise NotFound(f"Den Standort „{site}“ gibt es nicht.")
            case = Case(site=site, surname=surname.strip())
            about = f"{surname.strip()}, {organisation.site_name(site)}"
            return ProbeAnswer(
                about=about,
                aktenzeichen=None,
                schlagwort=word.id,
                schlagwort_title=word.title,
                day=day,
                people=(),
                person_id="",
                parts=self._parts(session, self._router(session, day), case, word),
            )

    def sites(self, reader: Reader) -> tuple[Choice, ...]:
        """The sites to choose from; open to all staff."""
        del reader
        with self.database.read() as session:
            return tuple(
                Choice(id=site.id, title=site.name) for site in Organisation(session).all_sites()
            )

    # -- the pieces -------------------------------------------------------------------------

    def _word(self, schlagwort: str) -> Schlagwort:
        word = self.schlagworte.get(schlagwort)
        if word is None:
            raise NotFound(f"Das Schlagwort „{schlagwort}“ gibt es nicht.")
        return word

    def _router(self, session: EakteSession, day: date) -> Router:
        return Router(Organisation(session), CaseFiles(session), self.policy.protected_postbox, day)

    def _of_file(
        self, session: EakteSession, cover: CaseFile, word: Schlagwort, day: date, person_id: str
    ) -> ProbeAnswer:
        members = CaseFiles(session).people(PLACE, [cover.id])[cover.id]
        people = tuple(
            Choice(
                id=person.id,
                title=f"{person.first_name} {person.last_name}",
                detail="Antragsteller:in" if member.applicant else "",
            )
            for person, member in members
        )
        chosen = [one.id for one in people if one.id == person_id]
        router = self._router(session, day)
        case = router.case(PLACE, cover, chosen)
        return ProbeAnswer(
            about=f"Akte {cover.aktenzeichen}",
            aktenzeichen=cover.aktenzeichen,
            schlagwort=word.id,
            schlagwort_title=word.title,
            day=day,
            people=people,
            person_id=chosen[0] if chosen else "",
            parts=self._parts(session, router, case, word),
        )

    def _parts(
        self, session: EakteSession, router: Router, case: Case, word: Schlagwort
    ) -> tuple[ProbePart, ...]:
        main, kept = router.route_case(case, word.function, word.copies)
        traces: list[list[Tried]] = []
        asked: list[Receiver] = []
        for function in (word.function, *word.copies):
            trace: list[Tried] = []
            asked.append(router.receiver(case, function, trace))
            traces.append(trace)
        names = _names(session, asked, traces)
        parts, given = [], {main.postbox}
        for number, (function, receiver, trace) in enumerate(
            zip((word.function, *word.copies), asked, traces, strict=True)
        ):
            is_kept = not number or (receiver in kept and receiver.postbox not in given)
            parts.append(
                ProbePart(
                    function=function,
                    function_title=function_title(function),
                    copy=number > 0,
                    receiver=receiver if is_kept else None,
                    title=receiver_title(receiver, names),
                    deputy_for=names.person(receiver.deputy_for) if receiver.deputy_for else "",
                    remark="" if is_kept else _why_not(receiver, main, names),
                    steps=explained(trace, names, case.surname),
                )
            )
            given.add(receiver.postbox)
        return tuple(parts)


def _why_not(receiver: Receiver, main: Receiver, names: Names) -> str:
    if receiver.postbox == CLEARING:
        return "Zur Kenntnis geht nichts an die Klärung."
    title = receiver_title(receiver, names)
    if receiver.postbox == main.postbox:
        return f"{title} hat schon die Aufgabe."
    return f"{title} bekommt es schon zur Kenntnis."


def _names(
    session: EakteSession, receivers: Iterable[Receiver], traces: Iterable[Iterable[Tried]]
) -> Names:
    organisation = Organisation(session)
    steps = [step for trace in traces for step in trace]
    found = list(receivers)
    logins = {step.login for step in steps}
    logins |= {login for one in found for login in (one.login, one.deputy_for)}
    teams = {step.team for step in steps} | {one.team for one in found}
    sites = {step.site for step in steps if step.site}
    return Names(
        people=organisation.names(filter(None, logins)),
        teams=organisation.team_names(filter(None, teams)),
        sites={site: organisation.site_name(site) for site in sites},
    )
