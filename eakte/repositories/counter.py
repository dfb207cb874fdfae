"""What telephone and counter ask: letters of a file without their contents, and receipts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from eakte.domain.rights import Reader
from eakte.models import (
    CaseFile,
    CounterReceipt,
    Document,
    ExcludedLogin,
    Filing,
    Membership,
    PersonRow,
    PostboxEntry,
)
from eakte.repositories.rights import case_file_visible


class CounterRows:
    """For readers who may look up for others; files that are protected or shut stay unknown."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def born_on(
        self, reader: Reader, day: date
    ) -> Sequence[tuple[PersonRow, CaseFile, Membership]]:
        """Everybody born on that day with their files; never files that exclude the reader."""
        if not _may(reader):
            return []
        rows = self.session.execute(
            select(PersonRow, CaseFile, Membership)
            .join(Membership, Membership.person_id == PersonRow.id)
            .join(CaseFile, CaseFile.id == Membership.case_file_id)
            .where(PersonRow.birth_date == day, CaseFile.joined_into.is_(None))
            .order_by(CaseFile.aktenzeichen)
        )
        return [(person, cover, member) for person, cover, member in rows]

    def letters(
        self, reader: Reader, case_file_id: str, since: date, limit: int
    ) -> Sequence[tuple[Document, Filing]]:
        """What was received for the file since then, newest first; for the one look-up."""
        if not _may(reader):
            return []
        rows = self.session.execute(
            select(Document, Filing)
            .join(Filing, Filing.document_id == Document.id)
            .join(CaseFile, CaseFile.id == Filing.case_file_id)
            .where(
                Filing.case_file_id == case_file_id,
                ~CaseFile.protected,
                Document.received_here >= since,
                Document.state.in_(("delivered", "filed", "clearing")),
            )
            .order_by(Document.received_here.desc(), Document.created_at.desc())
            .limit(limit)
        )
        return [(document, filing) for document, filing in rows]

    def lying(self, reader: Reader, ids: Iterable[str]) -> dict[str, PostboxEntry]:
        """By document: the open task, wherever it lies."""
        if not _may(reader):
            return {}
        rows = self.session.scalars(
            select(PostboxEntry).where(
                PostboxEntry.document_id.in_(list(ids)),
                PostboxEntry.done_at.is_(None),
                ~PostboxEntry.copy,
            )
        )
        return {row.document_id: row for row in rows}

    # -- receipts ---------------------------------------------------------------------------

    def receipt(self, reader: Reader, receipt_id: str) -> CounterReceipt | None:
        """A receipt; locked for the transaction."""
        if not (_may(reader) or reader.at_clearing_desk):
            return None
        return self.session.scalar(
            select(CounterReceipt)
            .join(CaseFile, CaseFile.id == CounterReceipt.case_file_id)
            .where(CounterReceipt.id == receipt_id, *_told_of(reader))
            .with_for_update(of=CounterReceipt)
        )

    def by_number(self, reader: Reader, number: str) -> CounterReceipt | None:
        """The receipt of that number; the system's alone."""
        if not reader.is_system:
            return None
        return self.session.scalar(select(CounterReceipt).where(CounterReceipt.number == number))

    def waiting(self, reader: Reader, limit: int) -> Sequence[tuple[CounterReceipt, str]]:
        """Receipts without a scan, the oldest first, with the file's number."""
        if not (_may(reader) or reader.at_clearing_desk):
            return []
        rows = self.session.execute(
            select(CounterReceipt, CaseFile.aktenzeichen)
            .join(CaseFile, CaseFile.id == CounterReceipt.case_file_id)
            .where(
                CounterReceipt.found_at.is_(None),
                CounterReceipt.closed_at.is_(None),
                *_told_of(reader),
            )
            .order_by(CounterReceipt.made_at, CounterReceipt.id)
            .limit(limit)
        )
        return [(receipt, number) for receipt, number in rows]

    def taken(self, numbers: Collection[str]) -> frozenset[str]:
        """Those of ``numbers`` that stand on a receipt already."""
        return frozenset(
            self.session.scalars(
                select(CounterReceipt.number).where(CounterReceipt.number.in_(list(numbers)))
            )
        )

    def add(self, receipt: CounterReceipt) -> None:
        """Keep a receipt."""
        self.session.add(receipt)
        self.session.flush()


def _told_of(reader: Reader) -> list[ColumnElement[bool]]:
    """Conditions on a receipt joined with its file: it names the file, and where papers came.

    Of a protected file it is told to who wrote it, to who may open the file, and to the desk where
    its scan will lie; to nobody whom the file excludes.
    """
    shut = exists(
        select(ExcludedLogin.login).where(
            ExcludedLogin.case_file_id == CaseFile.id, ExcludedLogin.login == reader.login
        )
    )
    if reader.is_system or reader.at_clearing_desk:
        return [~shut]
    own = CounterReceipt.made_by == reader.login
    return [~shut, or_(~CaseFile.protected, own, case_file_visible(reader))]


def _may(reader: Reader) -> bool:
    return reader.is_system or reader.counter
