"""Who answers for a single file: seen and changed by leads and the administration.

A lead sees files that are open to them, with names; the administration any, without a name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from eakte.domain.rights import AccessPolicy, Reader, system_reader
from eakte.errors import Conflict, NotFound, NotPermitted
from eakte.language.aktenzeichen import AktenzeichenPattern
from eakte.models import CaseFile, Responsibility
from eakte.repositories.absences import in_whose_place, led_by
from eakte.repositories.audit import AuditLog
from eakte.repositories.case_files import CaseFiles
from eakte.repositories.database import Database, EakteSession
from eakte.repositories.organisation import Organisation
from eakte.repositories.responsibilities import Responsibilities as Rows
from eakte.repositories.staff_picture import StaffPicture
from eakte.services.by_number import FILE_GONE, by_number
from eakte.services.explaining import function_title
from eakte.services.forwarding import Forwarding
from eakte.services.leading import (
    is_administrator,
    led_functions,
    opened_by_lead,
    require_another,
    require_function,
    require_lead,
    require_led,
    seen_by,
)
from eakte.services.responsibility_views import CaseView, ResponsibleLine
from eakte.services.who_did_what import who_was_quicker

SYSTEM = system_reader("responsibilities")
CHANGED = "case_file.put_responsible"


@dataclass(frozen=True, slots=True)
class FileResponsibles:
    """One file at a time; each change is one transaction with its audit row."""

    database: Database
    policy: AccessPolicy
    pattern: AktenzeichenPattern

    def case(self, reader: Reader, aktenzeichen: str) -> CaseView:
        """Who answers for one file. Raises ``NotFound``; the refused attempt is audited.

        A lead sees files that are open to them, with names; the administration any, without.
        """
        with opened_by_lead(self.database, reader, self.pattern, aktenzeichen) as (session, cover):
            return self._case_view(session, reader, cover)

    def put_one(
        self,
        reader: Reader,
        aktenzeichen: str,
        place: tuple[str | None, str],
        before: str,
        login: str,
    ) -> None:
        """``login`` ("": nobody) answers for the file, or one person in it, in a function.

        ``before`` is who answered when the form was shown. Raises ``NotFound``, ``NotPermitted``,
        ``Conflict``.
        """
        require_lead(reader)
        person_id, function = place
        with self.database.write() as session:
            cover = by_number(session, seen_by(reader), self.pattern, aktenzeichen)
            if cover is None:
                raise NotFound(FILE_GONE)
            case_files = CaseFiles(session)
            members = {one.id for one, _ in case_files.people(SYSTEM, [cover.id])[cover.id]}
            if person_id is not None and person_id not in members:
                raise NotFound("Diese Person gehört nicht zu der Akte.")
            rows = case_files.responsible(SYSTEM, cover.id)
            row = next((one for one in rows if (one.person_id, one.function) == place), None)
            there = row.login if row is not None else ""
            if there != before:
                raise _quicker(session, cover, there)
            self._check_one(session, reader, cover, function, there, login)
            if there == login:
                return
            require_another(session, reader, login)
            now = self.database.clock.now()
            whole = (cover.id, person_id, function)
            Rows(session).put_one(reader, whole, row, login or None, now)
            AuditLog(session).note(
                reader,
                CHANGED,
                "case_file",
                cover.id,
                on_behalf_of=in_whose_place(reader, login) if login else None,
                details={"function": function, "person": person_id, "before": there, "now": login},
            )

    # -- the pieces -------------------------------------------------------------------------

    def _case_view(self, session: EakteSession, reader: Reader, cover: CaseFile) -> CaseView:
        case_files, organisation = CaseFiles(session), Organisation(session)
        rows = list(case_files.responsible(SYSTEM, cover.id))
        names = organisation.names(row.login for row in rows)
        people = {
            person.id: f"{person.first_name} {person.last_name}"
            for person, _ in case_files.people(SYSTEM, [cover.id])[cover.id]
        }
        hidden = is_administrator(reader)
        picture = StaffPicture.load(session)
        mine = led_functions(reader, picture)
        functions = {team.function for team in picture.teams} if mine is None else mine
        places: dict[tuple[str | None, str], Responsibility | None] = {
            (None, function): None for function in sorted(functions)
        }
        places |= {(row.person_id, row.function): row for row in rows}
        return CaseView(
            aktenzeichen=cover.aktenzeichen,
            site_name=organisation.site_name(cover.site_id),
            protected=cover.protected,
            lines=tuple(
                ResponsibleLine(
                    person_id=person_id or "",
                    whom=_whom(list(people), people, person_id, hidden=hidden),
                    function=function,
                    title=function_title(function),
                    login=row.login if row else "",
                    name=names[row.login] if row else "",
                    may_change=(mine is None or function in mine)
                    and (row is None or hidden or row.login in led_by(reader)),
                )
                for (person_id, function), row in places.items()
            ),
        )

    def _check_one(  # noqa: PLR0917  the change as it is
        self,
        session: EakteSession,
        reader: Reader,
        cover: CaseFile,
        function: str,
        there: str,
        login: str,
    ) -> None:
        picture = StaffPicture.load(session)
        known = frozenset(team.function for team in picture.teams) | {"leistung"}
        mine = led_functions(reader, picture)
        require_function(known if mine is None else mine & known, function)
        if there and mine is not None and there not in led_by(reader):
            raise NotPermitted("Wer bisher zuständig ist, gehört zu keinem Ihrer Teams.")
        if not login:
            return
        require_led(reader, login, picture)
        today = self.database.clock.today()
        Forwarding(session, self.policy, today).require_able(login, cover.id)


def _whom(
    order: list[str], names: Mapping[str, str], person_id: str | None, *, hidden: bool
) -> str:
    if person_id is None or person_id not in names:
        return ""
    return f"{order.index(person_id) + 1}. Person" if hidden else names[person_id]


def _quicker(session: EakteSession, cover: CaseFile, there: str) -> Conflict:
    who, _ = who_was_quicker(session, "case_file", cover.id, [CHANGED])
    now = Organisation(session).names([there])[there] if there else "niemand"
    return Conflict(
        f"{who} hat die Zuständigkeit inzwischen geändert; zuständig ist jetzt {now}.",
        remedy="Die Seite neu laden und prüfen.",
    )
