"""A page that can't be read: reported by who needs it, scanned again by the scan centre.

The scan centre sees the reported page while the report is open, for that purpose only; the look
is audited, and whoever reported it sees on the document what became of it.
"""

from __future__ import annotations

from dataclasses import dataclass

from eakte.domain.ids import new_id
from eakte.domain.proof import QualityRules
from eakte.domain.rights import Reader, system_reader
from eakte.errors import Conflict, EakteError, NotFound, NotPermitted
from eakte.models import BadScan, Page, Source
from eakte.ports import BlobStore
from eakte.repositories.audit import AuditLog
from eakte.repositories.database import Database, EakteSession
from eakte.repositories.documents import Documents
from eakte.repositories.organisation import Organisation
from eakte.repositories.proof import CHECKED, Proof
from eakte.repositories.sources import Sources
from eakte.services.batch_views import may_check
from eakte.services.proof_views import BadScanView
from eakte.services.refusals import attempts_noted, kept_page, open_document
from eakte.services.release import SETTLED
from eakte.services.transfer_notes import is_scan, note_again
from eakte.services.views import Choice, ImageView
from eakte.services.withdrawals import withdraw

PLACE = system_reader("proof")
WITHDRAWN = "Eine Seite wurde als schlecht lesbar gemeldet."
GONE = "Diese Meldung gibt es nicht."
RECENT = 30
"""So many of the newest files are offered as the rescan."""


@dataclass(frozen=True, slots=True)
class BadScans:
    """Reports of bad scans and their outcome."""

    database: Database
    store: BlobStore
    rules: QualityRules

    # -- at the desk of who needs the page ------------------------------------------------------

    def report(self, reader: Reader, document_id: str, number: int, reason: str) -> None:
        """Report kept page ``number`` (from 1) of a document that ``reader`` may open.

        Raises ``NotFound``, ``Conflict`` while a report about the page is open, ``EakteError``
        without a reason.
        """
        reason = reason.strip()
        if not reason:
            raise EakteError("Bitte sagen, was an der Seite nicht zu lesen ist.")
        with attempts_noted(self.database, reader), self.database.write() as session:
            document = open_document(session, reader, document_id, lock=True)
            proof, page_id = Proof(session), kept_page(session, reader, document_id, number)
            if any(
                one.page_id == page_id and one.closed_at is None
                for one in proof.bad_scans_of(reader, document_id)
            ):
                raise Conflict("Diese Seite ist schon gemeldet.")
            report = BadScan(
                id=new_id(),
                document_id=document_id,
                page_id=page_id,
                reported_at=self.database.clock.now(),
                reported_by=reader.login,
                reason=reason,
            )
            proof.add(report)
            withdraw(session, reader, document, WITHDRAWN, self.database.clock)
            AuditLog(session).note(
                reader,
                "document.bad_scan",
                "document",
                document_id,
                details={"report": report.id, "page": page_id},
            )

    def of_document(self, reader: Reader, document_id: str) -> tuple[BadScanView, ...]:
        """The reports about a document with their outcome, newest first."""
        with attempts_noted(self.database, reader), self.database.read() as session:
            open_document(session, reader, document_id)
            return tuple(
                self._view(session, reader, report, *_paper(session, report), shut=False)
                for report in Proof(session).bad_scans_of(reader, document_id)
            )

    # -- at the scan centre ---------------------------------------------------------------------

    def waiting(self, reader: Reader) -> tuple[BadScanView, ...]:
        """What is to be scanned again, oldest first."""
        self._at_desk(reader)
        with self.database.read() as session:
            return tuple(
                self._view(session, reader, report, page, source, shut=shut)
                for report, page, source, shut in Proof(session).open_bad_scans(reader)
            )

    def image(self, reader: Reader, report_id: str) -> ImageView:
        """The reported page, while the report is open; every look is audited."""
        self._at_desk(reader)
        with self.database.write() as session:
            page = Proof(session).bad_scan_page(reader, report_id)
            if page is None:
                raise NotFound(GONE)
            AuditLog(session).note(
                reader, "quality.look", "page", page.id, details={"report": report_id}
            )
            sha256, media_type = page.preview_sha256, page.media_type
        return ImageView(data=self.store.read(sha256), media_type=media_type, etag=sha256)

    def rescans(self, reader: Reader) -> tuple[Choice, ...]:
        """The newest scans, to say which of them is the rescan."""
        self._at_desk(reader)
        with self.database.read() as session:
            return tuple(
                Choice(id=row.id, title=row.name, detail=row.arrived_at.isoformat())
                for row in Sources(session).recent(reader, RECENT)
                if row.state == "cut" and is_scan(row)
            )

    def close(
        self, reader: Reader, report_id: str, *, outcome: str, rescan_id: str | None = None
    ) -> None:
        """Say what became of a report: scanned again (as which file), or why not.

        Raises ``NotFound``, ``Conflict`` where it is closed already, ``EakteError`` without an
        outcome or with a rescan that is no delivered scan of paper made after the report, and
        ``NotPermitted`` for who scanned the page, where the check by eye found it bad.
        """
        self._at_desk(reader)
        outcome = outcome.strip()
        if not outcome and rescan_id is None:
            raise EakteError(
                "Bitte das neue Scan-Ergebnis wählen oder sagen, warum es keines gibt."
            )
        with self.database.write() as session:
            proof = Proof(session)
            report = proof.bad_scan(reader, report_id, lock=True)
            if report is None:
                raise NotFound(GONE)
            if report.closed_at is not None:
                raise Conflict("Diese Meldung ist schon erledigt.", remedy="Die Liste neu laden.")
            _, source = _paper(session, report)
            self._not_own(session, reader, report, source)
            if rescan_id is not None:
                _rescan(session, report, rescan_id)
            report.closed_at, report.closed_by = self.database.clock.now(), reader.login
            report.outcome = outcome or "Neu gescannt."
            report.rescan_id = rescan_id
            session.flush()
            AuditLog(session).note(
                reader,
                "document.bad_scan_closed",
                "document",
                report.document_id,
                details={"report": report_id, "rescan": rescan_id},
            )
            event = "eine schlecht lesbare Seite wurde " + (
                "neu gescannt" if rescan_id else "geprüft und belassen"
            )
            note_again(session, reader, [source.id], event, self.database.clock.now())

    @staticmethod
    def _at_desk(reader: Reader) -> None:
        if not reader.at_clearing_desk:
            raise NotPermitted("Das Nachscannen ist nur für die Scanstelle offen.")

    def _not_own(
        self, session: EakteSession, reader: Reader, report: BadScan, source: Source
    ) -> None:
        batch = Proof(session).batch(reader, source.batch_id)
        if (
            report.reason.startswith(CHECKED)
            and batch is not None
            and not may_check(session, reader, batch, self.rules)
        ):
            raise NotPermitted(
                "Was die Sichtprüfung an Ihrem Stapel beanstandet, schließt jemand anderes ab.",
                remedy="Eine Kollegin oder einen Kollegen der Scanstelle bitten.",
            )

    @staticmethod
    def _view(
        session: EakteSession,
        reader: Reader,
        report: BadScan,
        page: Page | None,
        source: Source,
        *,
        shut: bool,
    ) -> BadScanView:
        names = Organisation(session).names([report.reported_by, report.closed_by or ""])
        batch = Proof(session).batch(PLACE, source.batch_id)
        made = Documents(session).of_source(reader, report.rescan_id) if report.rescan_id else []
        return BadScanView(
            id=report.id,
            document_id=report.document_id,
            page_id=report.page_id,
            file=source.name,
            source_page=page.number if page else None,
            batch_name=batch.name if batch else "",
            reported_at=report.reported_at,
            reported_by=names[report.reported_by],
            reason=report.reason,
            closed_at=report.closed_at,
            closed_by=names[report.closed_by] if report.closed_by else "",
            outcome=report.outcome or "",
            rescan_id=report.rescan_id,
            rescan_document_id=made[0].id if made else None,
            shut=shut,
        )


def _paper(session: EakteSession, report: BadScan) -> tuple[Page | None, Source]:
    """The reported page, and the file in which its paper came."""
    found = Proof(session).paper_of(PLACE, report)
    if found is None:
        raise NotFound(GONE)
    return found


def _rescan(session: EakteSession, report: BadScan, rescan_id: str) -> None:
    source = Sources(session).get(PLACE, rescan_id)
    _, bad = _paper(session, report)
    if (
        source is None
        or not is_scan(source)
        or source.state != "cut"
        or source.arrived_at < report.reported_at
        or source.arrived_at <= bad.arrived_at
        or not any(one.state in SETTLED for one in Documents(session).of_source(PLACE, rescan_id))
    ):
        raise EakteError(
            "Das ist kein neuer Scan dieser Seite.",
            remedy="Eine zugestellte Datei wählen, die nach der Meldung gescannt wurde.",
        )
