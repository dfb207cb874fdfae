"""Receipts for papers handed in at the counter: their sheet leads the scan to the file by itself.

Two facts have to agree before a sheet is printed, the file's number and the surname of somebody
in it: a slip of the finger would lead strangers' papers into a file.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime

from eakte.domain.ids import new_id
from eakte.domain.live_settings import Live, LiveValues
from eakte.domain.rights import Reader, system_reader
from eakte.errors import Conflict, NotFound, NotPermitted, Unusable
from eakte.language.aktenzeichen import AktenzeichenPattern
from eakte.models import CaseFile, CounterReceipt, Document
from eakte.repositories.audit import AuditLog
from eakte.repositories.case_files import CaseFiles
from eakte.repositories.counter import CounterRows
from eakte.repositories.database import Database, EakteSession
from eakte.repositories.organisation import Organisation
from eakte.services.by_number import by_number
from eakte.services.lookup import check_counter
from eakte.services.names_agree import is_called
from scanner_inbox.covers import CounterSheet, counter_sheets
from scanner_inbox.payloads import cover_key, signed_cover

PLACE = system_reader("counter")
MOST = 200
LONGEST = 400
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""No 0, O, 1, I, L: the number is also read aloud."""
_GONE = "Diesen Beleg gibt es nicht."


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptLine:
    """A receipt whose scan has not come yet; ``what`` only for who wrote it.

    ``late``: after so many ``days`` it is worth asking about.
    """

    id: str
    number: str
    aktenzeichen: str
    what: str
    sheets: int | None
    made_at: datetime
    made_by: str
    days: int
    late: bool
    version: int


@dataclass(frozen=True, slots=True)
class CounterReceipts:
    """Takes papers in, prints, and knows what did not arrive."""

    database: Database
    pattern: AktenzeichenPattern
    live: Live = LiveValues

    def make(
        self,
        reader: Reader,
        aktenzeichen: str,
        last_name: str,
        what: str,
        sheets: int | None = None,
    ) -> str:
        """A receipt for papers of that file; returns its id.

        Raises ``NotPermitted`` without the grant ``counter``; ``Unusable`` where number and surname
        do not belong together, or where it is not said what was handed in.
        """
        check_counter(reader)
        said = " ".join(what.split())
        if not said or len(said) > LONGEST:
            raise Unusable("Es fehlt, was abgegeben wurde.", remedy="Die Unterlagen kurz nennen.")
        with self.database.write() as session:
            cover = self._agreeing(session, reader, aktenzeichen, last_name)
            receipt = None
            if cover is not None:
                receipt = CounterReceipt(
                    id=new_id(),
                    number=_free_number(CounterRows(session)),
                    case_file_id=cover.id,
                    what=said,
                    sheets=sheets,
                    day=self.database.clock.today(),
                    made_at=self.database.clock.now(),
                    made_by=reader.login,
                )
                CounterRows(session).add(receipt)
                AuditLog(session).note(
                    reader,
                    "counter.receipt",
                    "case_file",
                    cover.id,
                    details={"receipt": receipt.id},
                )
        if receipt is None:
            raise Unusable(
                "Aktenzeichen und Nachname passen nicht zusammen.",
                remedy="Beides prüfen, oder die Papiere ohne Beleg in den Posteingang geben.",
            )
        return receipt.id

    def sheet(self, reader: Reader, receipt_id: str) -> bytes:
        """The receipt as PDF: the sheet that goes on top of the papers, and the client's page.

        Raises ``NotPermitted``, ``NotFound``.
        """
        check_counter(reader)
        with self.database.write() as session:
            receipt = _known(CounterRows(session).receipt(reader, receipt_id))
            cover = CaseFiles(session).get(PLACE, receipt.case_file_id)
            if cover is None:
                raise NotFound(_GONE)
            AuditLog(session).note(reader, "counter.print", "receipt", receipt.id)
            number = self.pattern.key(cover.aktenzeichen)
            sheet = CounterSheet(
                cover=signed_cover(number, "", cover_key(session.trail.key), receipt.number),
                written=cover.aktenzeichen,
                what=receipt.what,
                sheets=receipt.sheets,
                day=receipt.day,
                taken_by=Organisation(session).names([receipt.made_by])[receipt.made_by],
            )
        return counter_sheets(sheet)

    def waiting(self, reader: Reader) -> tuple[ReceiptLine, ...]:
        """Receipts whose scan has not come yet, the oldest first.

        For telephone and counter, and for the scan centre. Raises ``NotPermitted``.
        """
        _check_list(reader)
        today, late_from = self.database.clock.today(), self.live().counter_receipt_days
        with self.database.read() as session:
            rows = CounterRows(session).waiting(reader, MOST)
            names = Organisation(session).names(row.made_by for row, _ in rows)
            return tuple(
                ReceiptLine(
                    id=row.id,
                    number=row.number,
                    aktenzeichen=number,
                    what=row.what if row.made_by == reader.login else "",
                    sheets=row.sheets,
                    made_at=row.made_at,
                    made_by=names[row.made_by],
                    days=(today - row.day).days,
                    late=(today - row.day).days >= late_from,
                    version=row.version,
                )
                for row, number in rows
            )

    def close(self, reader: Reader, receipt_id: str, version: int, why: str) -> None:
        """No scan will come: a slip, or the papers went back. Raises ``NotFound``, ``Conflict``."""
        _check_list(reader)
        if not why.strip():
            raise Unusable("Es fehlt der Grund.", remedy="Bitte angeben, warum kein Scan kommt.")
        with self.database.write() as session:
            receipt = _known(CounterRows(session).receipt(reader, receipt_id))
            if receipt.found_at or receipt.closed_at or receipt.version != version:
                raise Conflict("Der Beleg ist schon erledigt.", remedy="Die Seite neu laden.")
            receipt.closed_at = self.database.clock.now()
            receipt.closed_by, receipt.closed_why = reader.login, why.strip()[:LONGEST]
            AuditLog(session).note(reader, "counter.close", "receipt", receipt.id)

    def _agreeing(
        self, session: EakteSession, reader: Reader, aktenzeichen: str, last_name: str
    ) -> CaseFile | None:
        cover = by_number(session, PLACE, self.pattern, aktenzeichen)
        if cover is None or CaseFiles(session).excludes(reader, cover.id):
            AuditLog(session).note(
                reader, "counter.refused", "case_file", cover.id if cover else "unknown"
            )
            return None
        members = CaseFiles(session).people(PLACE, [cover.id])[cover.id]
        if any(is_called(person, last_name) for person, _ in members):
            return cover
        AuditLog(session).note(reader, "counter.refused", "case_file", cover.id)
        return None


def scan_came(
    session: EakteSession, reader: Reader, number: str, document: Document, now: datetime
) -> None:
    """The scan under a receipt's sheet was cut into ``document``; it came in on that day.

    Within the caller's transaction. The day on the receipt is a person's word and goes before
    that of the scan; a copy of the sheet changes nothing any more.
    """
    receipt = CounterRows(session).by_number(PLACE, number)
    if receipt is None or receipt.closed_at is not None:
        return
    if receipt.found_at is None:
        receipt.document_id, receipt.found_at = document.id, now
    elif receipt.document_id != document.id:
        return
    before: date = document.received_here
    if receipt.day < before:
        document.received_here = receipt.day
        AuditLog(session).note(
            reader,
            "document.receipt",
            "document",
            document.id,
            details={
                "where": "here",
                "before": before.isoformat(),
                "after": receipt.day.isoformat(),
                "receipt": receipt.id,
            },
        )
    session.flush()


def _free_number(rows: CounterRows) -> str:
    while True:
        drawn = "".join(secrets.choice(_LETTERS) for _ in range(6))
        number = f"{drawn[:3]}-{drawn[3:]}"
        if not rows.taken([number]):
            return number


def _known(receipt: CounterReceipt | None) -> CounterReceipt:
    if receipt is None:
        raise NotFound(_GONE)
    return receipt


def _check_list(reader: Reader) -> None:
    if not (reader.counter or reader.at_clearing_desk):
        raise NotPermitted("Die Belege sind für Ihre Rolle nicht offen.")
