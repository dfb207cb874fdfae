"""Fehlablage: a document stood in the wrong case file.  One action takes it out everywhere.

Its place, its people, its Vorgang, its entries in every postbox (done ones too: they would go on
opening it), its Wiedervorlagen, the periods reckoned with that file, the references learnt from it,
what was put on its pages there and its terms in the index go in one transaction; what the machine
thought of that file is overruled.  It goes to the clearing desk, or straight into
the right file where two facts agree.  A report keeps who could see it, for the notices under
Art. 33 and 34 GDPR and § 83a SGB X.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm.attributes import flag_modified

from eakte.domain.ids import new_id
from eakte.domain.rights import AccessPolicy, Reader, system_reader
from eakte.domain.schlagworte import Schlagwort
from eakte.errors import Conflict, NotFound, NotPermitted, Unusable
from eakte.language.aktenzeichen import AktenzeichenPattern
from eakte.models import AuditRow, CaseFile, Document, Filing, Misfiling, PersonRow
from eakte.repositories.audit import AuditLog
from eakte.repositories.case_files import CaseFiles
from eakte.repositories.database import Database, EakteSession
from eakte.repositories.documents import Documents
from eakte.repositories.misfilings import Misfilings
from eakte.repositories.organisation import Organisation
from eakte.repositories.outbox import Outbox
from eakte.services.by_number import by_number
from eakte.services.clearing import team_or_login_title
from eakte.services.delivery import Delivery
from eakte.services.describing import titles
from eakte.services.examples import Corrections, Keeping
from eakte.services.misfiled_views import (
    MisfiledForm,
    MisfiledLine,
    MisfiledReport,
    RightFile,
    SeenBy,
)
from eakte.services.names_agree import is_called
from eakte.services.refusals import attempts_noted, open_document, require_version
from eakte.services.routing import CLEARING_DESK

PLACE = system_reader("misfiled")
REPORT_WITHIN = timedelta(hours=72)
"""Art. 33(1) GDPR, from the moment in which somebody noticed."""
MOST = 200
SHORTEST_REASON = 10
_FOUND_THERE = frozenset({"likeness", "unassigned", "route"})
"""Kinds of findings that only say something about where the document stood."""
_NOT_THERE = "Das Dokument steht in keiner Akte."
_RELOAD = "Die Seite neu laden."
_NO_MATCH = "Nummer und Name oder Geburtsdatum passen zu keiner Akte."


@dataclass(frozen=True, slots=True)
class Misfiled:
    """Takes documents out of wrong files, and reports of it."""

    database: Database
    schlagworte: Mapping[str, Schlagwort]
    policy: AccessPolicy
    pattern: AktenzeichenPattern
    keeping: Keeping = field(default_factory=Keeping)

    # -- before -----------------------------------------------------------------------------

    def form(self, reader: Reader, document_id: str) -> MisfiledForm:
        """What would be taken out of where.

        Raises ``NotFound``; ``NotPermitted`` for whoever only looks; ``Conflict`` for a document
        that stands in no file.
        """
        with attempts_noted(self.database, reader), self.database.read() as session:
            document, _filing, cover = self._standing(session, reader, document_id)
            title = titles(session, reader, self.schlagworte, [document])[document.id]
            return MisfiledForm(
                document_id=document.id,
                version=document.version,
                title=title,
                aktenzeichen=cover.aktenzeichen,
                received=document.received_here,
                pages=Documents(session).page_counts(PLACE, [document.id]).get(document.id, 0),
            )

    # -- the action -------------------------------------------------------------------------

    def take_out(
        self,
        reader: Reader,
        document_id: str,
        version: int,
        *,
        reason: str,
        right: RightFile | None = None,
    ) -> str:
        """Out of the file it stands in, everywhere; returns the id of the report.

        ``right`` None: to the clearing desk. Raises what ``form`` does, ``Conflict`` for a stale
        version, ``Unusable`` without a reason, for the same file, or where the facts of ``right``
        do not agree.
        """
        if len(reason.strip()) < SHORTEST_REASON:
            raise Unusable(
                "Es fehlt, woran Sie die Fehlablage erkannt haben.",
                remedy="Bitte in einem Satz angeben.",
            )
        now = self.database.clock.now()
        with attempts_noted(self.database, reader), self.database.write() as session:
            document, filing, wrong = self._standing(session, reader, document_id, lock=True)
            require_version(document, version)
            place = None if right is None else self._right_place(session, reader, wrong, right)
            report = self._report(session, reader, document, filing, reason.strip(), now)
            report.right_file_id = place[0].id if place else None
            undone = self._undo(session, document, wrong, report)
            AuditLog(session).note(
                reader,
                "document.misfiled",
                "document",
                document.id,
                details={
                    "case_file": wrong.id,
                    "right": report.right_file_id,
                    "misfiling": report.id,
                    **undone,
                },
            )
            self._put_where_it_belongs(session, reader, document, place)
            Misfilings(session).add(report)
            Outbox(session).put([document.id], now)
            return report.id

    # -- afterwards -------------------------------------------------------------------------

    def report(self, reader: Reader, misfiling_id: str) -> MisfiledReport:
        """One report; every look is audited. Raises ``NotFound``."""
        with self.database.write() as session:
            row = Misfilings(session).get(reader, misfiling_id)
            known = row or Misfilings(session).get(PLACE, misfiling_id)
            action = "misfiling.refused" if row is None else "misfiling.open"
            AuditLog(session).note(reader, action, "misfiling", known.id if known else "unknown")
            view = None if row is None else self._view(session, row)
        if view is not None:
            return view
        raise NotFound("Diese Meldung gibt es nicht.")

    def reports(self, reader: Reader) -> tuple[MisfiledLine, ...]:
        """The last reports that the reader may see: own ones, the team's, all."""
        with self.database.read() as session:
            rows, now = Misfilings(session).newest(reader, MOST), self.database.clock.now()
            covers = {row.case_file_id for row in rows}
            numbers = Misfilings(session).numbers(PLACE, covers)
            names = Organisation(session).names(row.reported_by for row in rows)
            return tuple(
                MisfiledLine(
                    id=row.id,
                    title=self._title(row),
                    aktenzeichen=numbers.get(row.case_file_id, ""),
                    found_at=row.found_at,
                    report_until=row.found_at + REPORT_WITHIN,
                    left=row.found_at + REPORT_WITHIN - now,
                    reported_by=names[row.reported_by],
                    seen_by=len(row.seen),
                )
                for row in rows
            )

    # -- the pieces -------------------------------------------------------------------------

    @staticmethod
    def _standing(
        session: EakteSession, reader: Reader, document_id: str, *, lock: bool = False
    ) -> tuple[Document, Filing, CaseFile]:
        """The document and where it stands; raises what ``form`` does."""
        documents = Documents(session)
        document = open_document(session, reader, document_id, lock=lock)
        if not may_take_out(reader):
            raise NotPermitted(
                "Eine Fehlablage meldet, wer mit Akten arbeitet.",
                remedy="Der Sachbearbeitung oder der Teamleitung Bescheid geben.",
            )
        filings = documents.filings(PLACE, [document_id])[document_id]
        if not filings:
            raise Conflict(_NOT_THERE, remedy=_RELOAD)
        return document, *filings[0]

    def _right_place(
        self, session: EakteSession, reader: Reader, wrong: CaseFile, right: RightFile
    ) -> tuple[CaseFile, str]:
        """The file and the person that both facts lead to (invariant 3).

        One that excludes the reader is as if it were not there: nobody writes in their own file.
        """
        if not right.last_name.strip() and right.birth_date is None:
            raise Unusable(
                "Für die richtige Akte fehlt die zweite Angabe.",
                remedy="Nachname oder Geburtsdatum angeben, sonst in die Klärung geben.",
            )
        cover = by_number(session, PLACE, self.pattern, right.aktenzeichen)
        if cover and CaseFiles(session).excludes(reader, cover.id):
            cover = None
        members = CaseFiles(session).people(PLACE, [cover.id])[cover.id] if cover else []
        fits = [one for one, _ in members if _agrees(one, right)]
        if cover is None or not fits:
            raise Unusable(
                _NO_MATCH, remedy="Die Angaben prüfen oder das Dokument in die Klärung geben."
            )
        if cover.id == wrong.id:
            raise Unusable(
                "Das ist die Akte, in der das Dokument steht.", remedy="Die andere Akte angeben."
            )
        return cover, fits[0].id

    def _report(  # noqa: PLR0917  what it tells, in its order
        self,
        session: EakteSession,
        reader: Reader,
        document: Document,
        filing: Filing,
        reason: str,
        now: datetime,
    ) -> Misfiling:
        rows = Misfilings(session)
        since = rows.first_delivery(PLACE, document.id) or document.created_at
        came = rows.came_into(PLACE, document.id, filing.case_file_id)
        since = max(since, came or since)
        return Misfiling(
            id=new_id(),
            document_id=document.id,
            case_file_id=filing.case_file_id,
            sub_file=filing.sub_file,
            schlagwort=document.schlagwort,
            pages=Documents(session).page_counts(PLACE, [document.id]).get(document.id, 0),
            since=since,
            found_at=now,
            reported_by=reader.login,
            reason=reason,
            seen=seen_by(rows.looks(PLACE, document.id, since)),
        )

    def _undo(
        self, session: EakteSession, document: Document, wrong: CaseFile, report: Misfiling
    ) -> dict[str, Any]:
        """Everything that hangs on the wrong place; what the trail is to say of it beside."""
        rows = Misfilings(session)
        lay_with = rows.drop_entries(document)
        put_on = rows.drop_annotations(document, report)
        undone = {
            "postboxes": len(lay_with),
            "wiedervorlagen": rows.drop_wiedervorlagen(document),
            "deadlines": len(Documents(session).deadlines(PLACE, document.id)),
            "annotations": len(put_on),
        }
        report.lay_with, report.undone = lay_with, undone
        rows.drop_findings(document, wrong.id, _FOUND_THERE)
        overruled = rows.overrule(document, wrong.id)
        self._delivery(session).file_into(PLACE, document, None, ())
        corrections = Corrections(session, self.keeping, self.policy.closed_subfiles)
        corrections.forget(PLACE, document.id, "misfiled")
        document.filed_at = document.filed_by = None
        flag_modified(document, "filed_at")  # a new version, for whoever has it before them
        session.flush()
        return {"annotations": put_on, "overruled": overruled}

    def _put_where_it_belongs(
        self,
        session: EakteSession,
        reader: Reader,
        document: Document,
        place: tuple[CaseFile, str] | None,
    ) -> None:
        delivery = self._delivery(session)
        if place is None:
            document.clearing_reason = "Fehlablage: Das Dokument stand in einer falschen Akte."
            delivery.deliver(reader, document, CLEARING_DESK, (), round_key=new_id())
        else:
            cover, person_id = place
            document.clearing_reason = None
            delivery.file_into(PLACE, document, cover, [person_id])
            main, copies = delivery.receivers(PLACE, document, cover, [person_id])
            corrections = Corrections(session, self.keeping, self.policy.closed_subfiles)
            corrections.case_file(reader, document, cover.id)
            delivery.deliver(reader, document, main, copies, round_key=new_id())

    def _delivery(self, session: EakteSession) -> Delivery:
        return Delivery.at(session, self.schlagworte, self.policy, self.database.clock)

    def _title(self, row: Misfiling) -> str:
        known = self.schlagworte.get(row.schlagwort or "")
        return known.title if known else "Ohne Schlagwort"

    def _view(self, session: EakteSession, row: Misfiling) -> MisfiledReport:
        numbers = Misfilings(session).numbers(
            PLACE, [one for one in (row.case_file_id, row.right_file_id) if one]
        )
        logins = [row.reported_by, *(one[key] or "" for one in row.seen for key in _WHO)]
        names = Organisation(session).names(logins)
        return MisfiledReport(
            id=row.id,
            document_id=row.document_id,
            title=self._title(row),
            sub_file=row.sub_file,
            closed=row.sub_file in self.policy.closed_subfiles,
            pages=row.pages,
            aktenzeichen=numbers[row.case_file_id],
            right_number=numbers.get(row.right_file_id or "", ""),
            since=row.since,
            found_at=row.found_at,
            report_until=row.found_at + REPORT_WITHIN,
            left=row.found_at + REPORT_WITHIN - self.database.clock.now(),
            reported_by=names[row.reported_by],
            reason=row.reason,
            seen=tuple(_seen_view(one, names) for one in row.seen),
            lay_with=tuple(team_or_login_title(session, one) for one in row.lay_with),
            undone=row.undone,
        )


_WHO = ("login", "for")


def may_take_out(reader: Reader) -> bool:
    """Whether the reader works on files, be it in the place of somebody absent."""
    return any(point.scopes or point.all_files for point in reader.standpoints)


def seen_by(rows: Sequence[AuditRow]) -> list[dict[str, Any]]:
    """Openings by login and in whose place, in the order of the first: as a report keeps them."""
    found: dict[tuple[str, str | None], dict[str, Any]] = {}
    for row in rows:
        at = row.at.isoformat()
        one = found.setdefault(
            (row.actor, row.on_behalf_of),
            {
                "login": row.actor,
                "for": row.on_behalf_of,
                "first": at,
                "last": at,
                "times": 0,
                "downloads": 0,
            },
        )
        one["last"] = at
        one["downloads" if row.action == "document.download" else "times"] += 1
    return list(found.values())


def _seen_view(one: Mapping[str, Any], names: Mapping[str, str]) -> SeenBy:
    return SeenBy(
        login=one["login"],
        name=names.get(one["login"]) or one["login"],
        first=datetime.fromisoformat(one["first"]),
        last=datetime.fromisoformat(one["last"]),
        times=one["times"],
        downloads=one["downloads"],
        on_behalf_of=names[one["for"]] if one["for"] else "",
    )


def _agrees(person: PersonRow, right: RightFile) -> bool:
    """Whether everything that was said of somebody fits this one; only what was said counts."""
    named = not right.last_name.strip() or is_called(person, right.last_name)
    return named and (right.birth_date is None or person.birth_date == right.birth_date)
