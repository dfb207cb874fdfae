"""The case file on screen, the look-up by number or name, and the emergency opening."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from eakte.domain.file_filters import FileFilter
from eakte.domain.ids import new_id
from eakte.domain.rights import Reader, system_reader
from eakte.domain.schlagworte import Schlagwort
from eakte.errors import NotFound, NotPermitted
from eakte.language.aktenzeichen import AktenzeichenPattern
from eakte.models import CaseFile, EmergencyAccess
from eakte.repositories.audit import AuditLog
from eakte.repositories.case_files import CaseFiles as CaseFileRows
from eakte.repositories.database import Database, EakteSession
from eakte.repositories.organisation import Organisation
from eakte.repositories.windows import Visits
from eakte.services.by_number import FILE_GONE, by_number, noted_by_number
from eakte.services.clearing import check_at_desk
from eakte.services.documents import person_view, ref_of
from eakte.services.file_contents import contents
from eakte.services.views import (
    CaseFileRef,
    CaseFileView,
    EmergencyView,
    ResponsibleView,
)

REPORT_DAYS = 90
VISIT = timedelta(minutes=30)
"""Who was away from a file for so long visits it anew."""
EVERYTHING = FileFilter()
CLEARING_DESK = system_reader("clearing")


@dataclass(frozen=True, slots=True)
class CaseFiles:
    """Case files within rights; unknown and forbidden answer alike."""

    database: Database
    schlagworte: Mapping[str, Schlagwort]
    pattern: AktenzeichenPattern

    def open(
        self,
        reader: Reader,
        aktenzeichen: str,
        wanted: FileFilter = EVERYTHING,
        *,
        after: str = "",
        again: bool = False,
    ) -> CaseFileView:
        """The case file of that number, in any spelling; writes one audit row.

        Its documents are those that ``wanted`` asks for, a page behind the document ``after``.
        ``again``: a list that is open already is narrowed or goes on, which is no other opening.
        Raises ``NotFound``; the refused attempt is audited.
        """
        with self.database.write() as session:
            cover = self._opened(session, reader, aktenzeichen, again=again)
            since = None
            if cover is not None:
                now = self.database.clock.now()
                since = Visits(session).note(reader, cover.id, now, now - VISIT)
        # The lists are read without the lock that writers wait for, as the rights stand then.
        view = None
        if cover is not None:
            with self.database.read() as session:
                cover = CaseFileRows(session).get(reader, cover.id)
                if cover is not None:
                    view = self._view(session, reader, cover, wanted, after, since)
        if view is None:
            raise NotFound(FILE_GONE)
        return view

    def _opened(
        self, session: EakteSession, reader: Reader, aktenzeichen: str, *, again: bool
    ) -> CaseFile | None:
        if again:
            cover = by_number(session, reader, self.pattern, aktenzeichen)
            since = self.database.clock.now() - VISIT
            if cover is not None and AuditLog(session).opened_since(
                reader, cover.id, since, subject_type="case_file", action="case_file.open"
            ):
                return cover
        return noted_by_number(session, reader, self.pattern, aktenzeichen, "case_file.open")

    def suggest(self, reader: Reader, text: str, limit: int = 8) -> tuple[CaseFileRef, ...]:
        """Case files open to the reader, by number or surname, while typing."""
        return self._suggest(reader, text, limit)

    def suggest_for_clearing(
        self, reader: Reader, text: str, limit: int = 8
    ) -> tuple[CaseFileRef, ...]:
        """Every case file that a waiting document may belong to, for the clearing desk alone.

        Protected files only by their whole number; never files that exclude the reader.
        """
        check_at_desk(reader)
        asked = {number.value for number in self.pattern.find(text)}
        found = self._suggest(CLEARING_DESK, text, limit)
        with self.database.read() as session:
            rows = CaseFileRows(session)
            return tuple(
                ref
                for ref in found
                if not rows.excludes(reader, ref.id)
                and (not ref.protected or self.pattern.normalise(ref.aktenzeichen) in asked)
            )

    def _suggest(self, reader: Reader, text: str, limit: int) -> tuple[CaseFileRef, ...]:
        if len(text.strip()) < 2:
            return ()
        keys = [number.value for number in self.pattern.find(text)]
        with self.database.read() as session:
            rows = CaseFileRows(session)
            covers = rows.find(reader, text, keys, limit)
            people = rows.people(reader, [cover.id for cover in covers]) if covers else {}
            return tuple(ref_of(cover, people[cover.id]) for cover in covers)

    def open_in_emergency(self, reader: Reader, aktenzeichen: str, reason: str) -> str:
        """Notzugriff: open another file of the authority for today; returns its number.

        Logged and reported. Raises ``NotPermitted`` without a reason or for other roles than
        case workers and their leads, ``NotFound`` for unknown, protected and excluded files.
        """
        if not reader.has_role("caseworker", "team_lead"):
            raise NotPermitted("Den Notzugriff gibt es nur für die Sachbearbeitung.")
        if len(reason.strip()) < 10:
            raise NotPermitted(
                "Der Notzugriff braucht einen Grund.", remedy="Den Anlass in einem Satz nennen."
            )
        with self.database.write() as session:
            cover = by_number(session, system_reader("emergency"), self.pattern, aktenzeichen)
            audit, rows = AuditLog(session), CaseFileRows(session)
            if cover is None or cover.protected or rows.excludes(reader, cover.id):
                subject = "unknown" if cover is None else cover.id
                audit.note(reader, "emergency.refused", "case_file", subject)
                number = None
            else:
                session.add(
                    EmergencyAccess(
                        id=new_id(),
                        login=reader.login,
                        case_file_id=cover.id,
                        day=self.database.clock.today(),
                        reason=reason.strip(),
                        opened_at=self.database.clock.now(),
                    )
                )
                audit.note(reader, "emergency.open", "case_file", cover.id)
                number = cover.aktenzeichen
        if number is None:
            raise NotFound(FILE_GONE)
        return number

    def emergencies(self, reader: Reader) -> tuple[EmergencyView, ...]:
        """The report of every Notzugriff of the last 90 days, for leads and administrators."""
        since = self.database.clock.today() - timedelta(days=REPORT_DAYS)
        with self.database.read() as session:
            rows = CaseFileRows(session).emergencies(reader, since)
            names = Organisation(session).names(access.login for access, _ in rows)
            return tuple(
                EmergencyView(
                    login=access.login,
                    name=names[access.login],
                    aktenzeichen=number,
                    reason=access.reason,
                    opened_at=access.opened_at,
                )
                for access, number in rows
            )

    # -- the pieces -------------------------------------------------------------------------

    def _view(  # noqa: PLR0917  whose look at which part of what
        self,
        session: EakteSession,
        reader: Reader,
        cover: CaseFile,
        wanted: FileFilter,
        after: str,
        since: datetime | None,
    ) -> CaseFileView:
        rows, organisation = CaseFileRows(session), Organisation(session)
        people = rows.people(reader, [cover.id])[cover.id]
        held = contents(session, reader, self.schlagworte, cover.id, wanted, after, since)
        return CaseFileView(
            id=cover.id,
            aktenzeichen=cover.aktenzeichen,
            former_numbers=tuple(
                row.written for row in rows.numbers(reader, cover.id) if row.former
            ),
            provisional=cover.provisional,
            protected_reason=cover.protected_reason if cover.protected else None,
            closed=cover.closed,
            site=organisation.site_name(cover.site_id),
            street=cover.street,
            postcode=cover.postcode,
            city=cover.city,
            people=tuple(
                person_view(person, applicant=member.applicant) for person, member in people
            ),
            responsible=self._responsible(session, reader, cover.id),
            sub_files=held.sub_files,
            documents=held.documents,
            following=held.following,
            total=held.total,
            fresh=held.fresh,
            last_visit=since,
            schlagworte=held.schlagworte,
            vorgaenge=held.vorgaenge,
        )

    def _responsible(
        self, session: EakteSession, reader: Reader, case_file_id: str
    ) -> tuple[ResponsibleView, ...]:
        rows, organisation = CaseFileRows(session), Organisation(session)
        found = rows.responsible(reader, case_file_id)
        names = organisation.names(row.login for row in found)
        people = {
            person.id: f"{person.first_name} {person.last_name}"
            for person, _ in rows.people(reader, [case_file_id])[case_file_id]
        }
        today = self.database.clock.today()
        return tuple(
            ResponsibleView(
                function=row.function,
                login=row.login,
                name=names[row.login],
                person=people.get(row.person_id) if row.person_id else None,
                away=organisation.is_away(row.login, today),
            )
            for row in found
        )
