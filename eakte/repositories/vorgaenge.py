"""Vorgänge of a case file: their numbers, and the documents that belong to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, or_, select, update
from sqlalchemy.orm import Session

from eakte.domain.ids import derived_id
from eakte.domain.rights import Reader
from eakte.models import (
    Document,
    FactCorrection,
    FindingRow,
    Vorgang,
    VorgangDocument,
    VorgangNumber,
)
from eakte.repositories.rights import document_visible


class Vorgaenge:
    """Reads within a reader's rights; writing is for services."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def of_document(
        self, reader: Reader, document_id: str
    ) -> tuple[Vorgang, VorgangDocument] | None:
        """The Vorgang that the document belongs to, with why; None where it belongs to none."""
        row = self.session.execute(
            select(Vorgang, VorgangDocument)
            .join(VorgangDocument, VorgangDocument.vorgang_id == Vorgang.id)
            .join(Document, Document.id == VorgangDocument.document_id)
            .where(Document.id == document_id, document_visible(reader))
        ).one_or_none()
        return None if row is None else (row[0], row[1])

    def link(self, reader: Reader, document_id: str) -> VorgangDocument | None:
        """What was decided about the document, also that it belongs to none."""
        return self.session.scalar(
            select(VorgangDocument)
            .join(Document, Document.id == VorgangDocument.document_id)
            .where(Document.id == document_id, document_visible(reader))
        )

    def of_case_file(self, reader: Reader, case_file_id: str) -> Sequence[Vorgang]:
        """The Vorgänge of a case file, oldest first, that hold a document open to ``reader``."""
        return self.session.scalars(
            select(Vorgang)
            .where(Vorgang.case_file_id == case_file_id, _holds_open_document(reader))
            .order_by(Vorgang.opened_at, Vorgang.id)
        ).all()

    def numbers(self, reader: Reader, ids: Iterable[str]) -> Mapping[str, list[VorgangNumber]]:
        """The numbers of Vorgänge that hold a document open to ``reader``, by Vorgang."""
        answer: dict[str, list[VorgangNumber]] = defaultdict(list)
        for row in self.session.scalars(
            select(VorgangNumber)
            .join(Vorgang, Vorgang.id == VorgangNumber.vorgang_id)
            .where(VorgangNumber.vorgang_id.in_(list(ids)), _holds_open_document(reader))
            .order_by(VorgangNumber.written)
        ):
            answer[row.vorgang_id].append(row)
        return answer

    def by_numbers(
        self, reader: Reader, case_file_id: str, keys: Iterable[str]
    ) -> Mapping[str, Vorgang]:
        """The Vorgänge of a case file that have one of these numbers, by number (a service's)."""
        wanted = list(keys)
        if not wanted or not reader.is_system:
            return {}
        rows = self.session.execute(
            select(VorgangNumber.number_key, Vorgang)
            .join(Vorgang, Vorgang.id == VorgangNumber.vorgang_id)
            .where(Vorgang.case_file_id == case_file_id, VorgangNumber.number_key.in_(wanted))
            .order_by(Vorgang.opened_at.desc())
        )
        return dict(rows.all())

    def naming(
        self, reader: Reader, case_file_id: str, kind: str, value: str
    ) -> Sequence[tuple[Vorgang, str]]:
        """Vorgänge of that kind with ids of their documents that may name ``value`` (a service's).

        Read or corrected; what counts, the facts of those documents say.
        """
        if not reader.is_system:
            return []
        read = select(FindingRow.document_id).where(
            FindingRow.kind == "fact", FindingRow.value == value
        )
        corrected = select(FactCorrection.document_id).where(FactCorrection.value == value)
        rows = self.session.execute(
            select(Vorgang, VorgangDocument.document_id)
            .join(VorgangDocument, VorgangDocument.vorgang_id == Vorgang.id)
            .where(
                Vorgang.case_file_id == case_file_id,
                Vorgang.kind == kind,
                or_(
                    VorgangDocument.document_id.in_(read),
                    VorgangDocument.document_id.in_(corrected),
                ),
            )
            .order_by(Vorgang.opened_at, VorgangDocument.document_id)
        )
        return [(vorgang, document_id) for vorgang, document_id in rows]

    def documents(self, reader: Reader, vorgang_id: str) -> Sequence[Document]:
        """The documents of a Vorgang that ``reader`` may open, oldest receipt first."""
        return self.session.scalars(
            select(Document)
            .join(VorgangDocument, VorgangDocument.document_id == Document.id)
            .where(VorgangDocument.vorgang_id == vorgang_id, document_visible(reader))
            .order_by(Document.received_here, Document.id)
        ).all()

    # -- writing ----------------------------------------------------------------------------

    def open(
        self, case_file_id: str, kind: str, document_id: str, by: str, now: datetime
    ) -> Vorgang:
        """The Vorgang that this document opens; the same call again finds the same one."""
        vorgang_id = derived_id("vorgang", case_file_id, document_id)
        found = self.session.get(Vorgang, vorgang_id)
        if found is None:
            found = Vorgang(
                id=vorgang_id,
                case_file_id=case_file_id,
                kind=kind,
                opened_at=now,
                opened_by=by,
                opened_with=document_id,
            )
            self.session.add(found)
            self.session.flush()
        return found

    def add_numbers(self, vorgang_id: str, numbers: Mapping[str, str]) -> None:
        """Learn further numbers (key, as written)."""
        for key, written in numbers.items():
            if self.session.get(VorgangNumber, (vorgang_id, key)) is None:
                self.session.add(
                    VorgangNumber(vorgang_id=vorgang_id, number_key=key, written=written)
                )
        self.session.flush()

    def attach(
        self,
        document_id: str,
        vorgang_id: str | None,
        by: str,
        payload: dict[str, Any],
        now: datetime,
    ) -> None:
        """The document belongs to this Vorgang, or by a person's word to none."""
        row = self.session.get(VorgangDocument, document_id)
        if row is None:
            row = VorgangDocument(document_id=document_id)
            self.session.add(row)
        row.vorgang_id, row.attached_by, row.attached_at = vorgang_id, by, now
        row.payload = payload
        self.session.flush()

    def forget(self, document_id: str) -> None:
        """The document's link goes, as if nothing had been decided (it left the case file)."""
        self.session.execute(
            delete(VorgangDocument).where(VorgangDocument.document_id == document_id)
        )
        self.session.flush()

    def merge(self, reader: Reader, vorgang_id: str, into: str) -> None:
        """All that belongs to one Vorgang belongs to the other; the first goes (the system's)."""
        if not reader.is_system:
            return
        held = self.session.scalars(
            select(VorgangNumber).where(VorgangNumber.vorgang_id == vorgang_id)
        )
        self.add_numbers(into, {one.number_key: one.written for one in held})
        self.session.execute(
            update(VorgangDocument)
            .where(VorgangDocument.vorgang_id == vorgang_id)
            .values(vorgang_id=into)
        )
        self.close_if_empty(vorgang_id)

    def close_if_empty(self, vorgang_id: str) -> bool:
        """Remove a Vorgang that no document belongs to any more; whether it went."""
        left = self.session.scalar(
            select(VorgangDocument.document_id)
            .where(VorgangDocument.vorgang_id == vorgang_id)
            .limit(1)
        )
        if left is not None:
            return False
        self.session.execute(delete(VorgangNumber).where(VorgangNumber.vorgang_id == vorgang_id))
        self.session.execute(delete(Vorgang).where(Vorgang.id == vorgang_id))
        self.session.flush()
        return True


def _holds_open_document(reader: Reader) -> ColumnElement[bool]:
    """A Vorgang is known to those who may open a document of it: its numbers stand in there."""
    return exists(
        select(VorgangDocument.document_id)
        .join(Document, Document.id == VorgangDocument.document_id)
        .where(VorgangDocument.vorgang_id == Vorgang.id, document_visible(reader))
    )
