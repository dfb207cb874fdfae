"""Sichtprüfung: are all sheets there, can they be read, and may the paper go (TR-03138, A.SC.9).

A batch is counted, its drawn pages are looked at by somebody who did not scan it, and then its
paper is released with a list that is signed off.  What the check is about is drawn by lot.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm.attributes import flag_modified

from eakte.domain.ids import new_id
from eakte.domain.live_settings import Live, LiveValues
from eakte.domain.proof import QualityRules
from eakte.domain.rights import Reader
from eakte.errors import Conflict, EakteError, NotFound, NotPermitted
from eakte.models import BadScan, Batch, BatchDecision, Page, QualityCheck
from eakte.ports import BlobStore
from eakte.repositories.audit import AuditLog
from eakte.repositories.database import Database, EakteSession
from eakte.repositories.organisation import Organisation
from eakte.repositories.proof import CHECKED, Proof
from eakte.services import batch_views, release
from eakte.services.daily_trace import leave_trace
from eakte.services.drawing import draw
from eakte.services.proof_views import BatchRow, BatchView, PageToCheck, ReleaseView
from eakte.services.transfer_notes import note_again
from eakte.services.views import ImageView

GONE = "Diesen Stapel gibt es nicht."
NOT_DRAWN = "Diese Seite ist nicht zu prüfen."
NO_REMARK = "Bitte sagen, was an der Seite nicht stimmt."


@dataclass(frozen=True, slots=True)
class Quality:
    """Count, check, reject and release; for the scan centre."""

    database: Database
    store: BlobStore
    rules: QualityRules
    live: Live = LiveValues

    # -- looking ------------------------------------------------------------------------------

    def batches(self, reader: Reader, limit: int = 100) -> tuple[BatchRow, ...]:
        """The newest batches of paper; raises ``NotPermitted`` away from the scan centre."""
        self._at_desk(reader)
        with self.database.read() as session:
            proof = Proof(session)
            rows = proof.batches(reader, limit)
            pages = proof.page_counts(reader, [row.id for row in rows])
            return tuple(
                batch_views.batch_row(
                    row, pages.get(row.id, 0), [one[0] for one in proof.checks(reader, row.id)]
                )
                for row in rows
            )

    def batch(self, reader: Reader, batch_id: str) -> BatchView:
        """One batch with all that its release hangs on."""
        self._at_desk(reader)
        with self.database.read() as session:
            proof = Proof(session)
            batch = _the(proof.batch(reader, batch_id))
            return batch_views.batch_view(session, reader, batch, self.rules)

    def page(self, reader: Reader, batch_id: str, page_id: str) -> PageToCheck:
        """A drawn page to look at; audited, as reading leaves a trace."""
        self._at_desk(reader)
        with self.database.write() as session:
            proof = Proof(session)
            batch = _the(proof.batch(reader, batch_id))
            self._not_own(session, reader, batch)
            found = proof.checks(reader, batch_id)
            place = next((at for at, row in enumerate(found) if row[1].id == page_id), None)
            if place is None or proof.check_page(reader, page_id) is None:
                raise NotFound(NOT_DRAWN)
            AuditLog(session).note(
                reader, "quality.look", "page", page_id, details={"batch": batch_id}
            )
            return batch_views.to_check(batch, found, place)

    def image(self, reader: Reader, batch_id: str, page_id: str) -> ImageView:
        """The picture of a drawn page, while its batch is in check; a trace once a day."""
        self._at_desk(reader)
        with self.database.read() as session:
            proof = Proof(session)
            # First, as on the page: who scanned it must not learn what was drawn.
            self._not_own(session, reader, _the(proof.batch(reader, batch_id)))
            page = proof.check_page(reader, page_id)
            check = proof.check(reader, page_id)
            if page is None or check is None or check.batch_id != batch_id:
                raise NotFound(NOT_DRAWN)
            sha256, media_type = page.preview_sha256, page.media_type
        seen_in = {"batch": batch_id}
        leave_trace(self.database, reader, "quality.look", "page", page_id, seen_in)
        return ImageView(data=self.store.read(sha256), media_type=media_type, etag=sha256)

    # -- counting and checking ----------------------------------------------------------------

    def count(
        self,
        reader: Reader,
        batch_id: str,
        version: int,
        *,
        sheets: int | None = None,
        explanation: str = "",
    ) -> None:
        """Confirm the count of the sheets, and draw the pages to check.

        ``sheets`` is a count by hand, needed where the scanner gave none. A difference must be
        explained. Raises ``Conflict`` while files are on their way, somebody was quicker, or it is
        decided about the batch already, and ``NotPermitted`` for who scanned it.
        """
        self._at_desk(reader)
        with self.database.write() as session:
            proof = Proof(session)
            batch = _fresh(proof.batch(reader, batch_id, lock=True), version)
            self._not_own(session, reader, batch)
            _countable(session, reader, batch)
            if proof.unsettled(reader, batch_id):
                raise Conflict(
                    "Der Stapel ist noch nicht ganz verarbeitet.",
                    remedy="Warten, bis alles zugestellt ist, dann zählen.",
                )
            pages = proof.page_counts(reader, [batch_id]).get(batch_id, 0)
            sheets = batch.sheets_reported if sheets is None else sheets
            if sheets is None:
                raise EakteError(
                    "Der Scanner nannte keine Blattzahl.",
                    remedy="Die Blätter zählen und die Zahl eintragen.",
                )
            details = self._count_details(batch, pages, sheets, explanation.strip())
            batch.state = "open"
            flag_modified(batch, "state")  # a new version, though it was open before
            self._decide(session, reader, batch, "counted", details)
            now, percent = self.database.clock.now(), self.live().quality_sample_percent
            draw(session, reader, batch, self.rules, now, percent=percent)
            self._settle(session, reader, batch)

    def _count_details(
        self, batch: Batch, pages: int, sheets: int, explanation: str
    ) -> dict[str, object]:
        expected = self.rules.expected_pages(sheets)
        reported = batch.sheets_reported
        matches = pages == expected and reported in (None, sheets)
        if not matches and not explanation:
            raise EakteError(
                f"Zu {sheets} Blatt gehören {expected} Seiten, der Stapel hat {pages}.",
                remedy="Nachzählen und den Unterschied erklären.",
            )
        return {
            "pages": pages,
            "sheets": sheets,
            "reported": reported,
            "expected": expected,
            "matches": matches,
            "explanation": explanation,
        }

    def mark(
        self, reader: Reader, batch_id: str, page_id: str, *, good: bool, remark: str = ""
    ) -> str | None:
        """The outcome for one page; a bad one is reported for a rescan at once.

        Returns the id of the next page that waits, None for the last.
        Raises ``NotPermitted`` for who scanned the batch, ``NotFound`` for a page that was not
        drawn or is shut to the reader, ``EakteError`` for a bad page without a reason.
        """
        self._at_desk(reader)
        with self.database.write() as session:
            proof = Proof(session)
            batch = _the(proof.batch(reader, batch_id, lock=True))
            self._not_own(session, reader, batch)
            page = proof.check_page(reader, page_id)
            check = proof.check(reader, page_id)
            if page is None or check is None or check.batch_id != batch_id:
                raise NotFound(NOT_DRAWN)
            if not good and not remark.strip():
                raise EakteError(NO_REMARK)
            check.result, check.remark = "good" if good else "bad", remark.strip() or None
            check.checked_by, check.checked_at = reader.login, self.database.clock.now()
            session.flush()
            AuditLog(session).note(
                reader,
                "quality.mark",
                "page",
                page_id,
                details={"batch": batch_id, "result": check.result},
            )
            self._report(session, reader, page, check)
            self._settle(session, reader, batch)
            found = proof.checks(reader, batch_id)
            place = next(at for at, row in enumerate(found) if row[1].id == page_id)
            return batch_views.to_check(batch, found, place).next_waiting

    def _report(
        self, session: EakteSession, reader: Reader, page: Page, check: QualityCheck
    ) -> None:
        """A bad page waits for its rescan; one marked good after all waits no longer."""
        proof = Proof(session)
        for report in proof.reports_of_check(reader, page.id):
            report.closed_at, report.closed_by = self.database.clock.now(), reader.login
            report.outcome = "Bei der Sichtprüfung doch für gut befunden."
        document_id = proof.document_of_page(reader, page.id)
        if check.result == "bad" and document_id is not None:
            proof.add(
                BadScan(
                    id=new_id(),
                    document_id=document_id,
                    page_id=page.id,
                    reported_at=self.database.clock.now(),
                    reported_by=reader.login,
                    reason=f"{CHECKED}{check.remark}",
                )
            )
        session.flush()

    def reject(self, reader: Reader, batch_id: str, version: int, reason: str) -> None:
        """Send the whole batch back to be scanned again; its paper is never released."""
        self._at_desk(reader)
        if not reason.strip():
            raise EakteError("Bitte sagen, warum der Stapel zurückgewiesen wird.")
        with self.database.write() as session:
            proof = Proof(session)
            batch = _fresh(proof.batch(reader, batch_id, lock=True), version)
            self._not_own(session, reader, batch)
            if batch.state in ("released", "rejected"):
                raise Conflict("Über diesen Stapel ist schon entschieden.")
            batch.state = "rejected"
            self._decide(session, reader, batch, "rejected", {"reason": reason.strip()})
            self._notes(session, reader, batch, "der Stapel wurde zurückgewiesen")

    # -- release ------------------------------------------------------------------------------

    def release(self, reader: Reader, batch_id: str, version: int) -> str:
        """Sign off the list of paper that may be destroyed; the decision's id.

        Raises ``Conflict`` with the first thing that stands against it. Pages of documents that
        became certificates or health data meanwhile are drawn then, and must be checked first.
        """
        self._at_desk(reader)
        with self.database.write() as session:
            batch = _fresh(Proof(session).batch(reader, batch_id, lock=True), version)
            self._not_own(session, reader, batch)
            more = batch.state == "checked" and draw(
                session, reader, batch, self.rules, self.database.clock.now()
            )
            if more:
                batch.state = "open"
        if more:
            raise Conflict(
                "Es sind Unterlagen dazugekommen, die ganz zu prüfen sind.",
                remedy="Die neu gezogenen Seiten prüfen, dann freigeben.",
            )
        with self.database.write() as session:
            batch = _fresh(Proof(session).batch(reader, batch_id, lock=True), version)
            against = batch_views.batch_view(session, reader, batch, self.rules).obstacles
            if against:
                raise Conflict(against[0], remedy="Erst das Genannte erledigen.")
            rows = release.rows(session, reader, batch_id, self.rules)
            release.sign(session, reader, rows)
            batch.state = "released"
            decision = self._decide(
                session,
                reader,
                batch,
                "released",
                release.details(
                    batch, rows, batch_views.paper_until(batch, self.rules), self.rules
                ),
            )
            self._notes(session, reader, batch, "das Papier wurde zur Vernichtung freigegeben")
            return decision.id

    def release_list(self, reader: Reader, batch_id: str, decision_id: str) -> ReleaseView:
        """A signed-off list as it was signed."""
        self._at_desk(reader)
        with self.database.read() as session:
            proof = Proof(session)
            batch, decision = proof.batch(reader, batch_id), proof.decision(reader, decision_id)
            if (
                batch is None
                or decision is None
                or decision.batch_id != batch_id
                or decision.kind != "released"
            ):
                raise NotFound("Diese Freigabe gibt es nicht.")
            names = Organisation(session).names([decision.decided_by])
            return release.view(
                batch, decision, names[decision.decided_by], proof.decisions(reader, batch_id)
            )

    # -- the pieces -----------------------------------------------------------------------------

    @staticmethod
    def _at_desk(reader: Reader) -> None:
        if not reader.at_clearing_desk:
            raise NotPermitted("Die Sichtprüfung ist nur für die Scanstelle offen.")

    def _not_own(self, session: EakteSession, reader: Reader, batch: Batch) -> None:
        if not batch_views.may_check(session, reader, batch, self.rules):
            raise NotPermitted(
                "Den eigenen Stapel prüft jemand anderes.",
                remedy="Eine Kollegin oder einen Kollegen der Scanstelle bitten.",
            )

    def _settle(self, session: EakteSession, reader: Reader, batch: Batch) -> None:
        """The check is over once every drawn page has its outcome."""
        checks = [check for check, *_ in Proof(session).checks(reader, batch.id)]
        if batch.state != "open" or any(check.result is None for check in checks):
            return
        batch.state = "checked"
        good = sum(check.result == "good" for check in checks)
        details: dict[str, object] = {"good": good, "bad": len(checks) - good}
        self._decide(session, reader, batch, "checked", details)
        self._notes(session, reader, batch, "die Sichtprüfung wurde abgeschlossen")

    def _decide(
        self,
        session: EakteSession,
        reader: Reader,
        batch: Batch,
        kind: str,
        details: dict[str, object],
    ) -> BatchDecision:
        decision = BatchDecision(
            id=new_id(),
            batch_id=batch.id,
            kind=kind,
            decided_at=self.database.clock.now(),
            decided_by=reader.login,
            details=details,
        )
        Proof(session).add(decision)
        AuditLog(session).note(
            reader, f"batch.{kind}", "batch", batch.id, details={"decision": decision.id}
        )
        return decision

    def _notes(self, session: EakteSession, reader: Reader, batch: Batch, event: str) -> None:
        sources = Proof(session).sources(reader, batch.id)
        note_again(session, reader, [one.id for one in sources], event, self.database.clock.now())


def _the(batch: Batch | None) -> Batch:
    if batch is None:
        raise NotFound(GONE)
    return batch


def _countable(session: EakteSession, reader: Reader, batch: Batch) -> None:
    """A count never opens a rejected batch, a released one only for pages that came later."""
    if batch.state == "rejected":
        raise Conflict(
            "Der Stapel ist zurückgewiesen; er wird neu gescannt.",
            remedy="Den neuen Stapel zählen.",
        )
    if batch.state == "released" and batch_views.is_counted(session, reader, batch):
        raise Conflict("Der Stapel ist schon freigegeben, und es kam nichts dazu.")


def _fresh(batch: Batch | None, version: int) -> Batch:
    batch = _the(batch)
    if batch.version != version:
        raise Conflict(
            "Der Stapel wurde inzwischen von jemand anderem bearbeitet.",
            remedy="Die Seite neu laden.",
        )
    return batch
