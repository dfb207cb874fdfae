"""Ends of periods by document, and the Wiedervorlagen that were planned ahead of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from eakte.domain.rights import Reader
from eakte.models import Document, FindingRow, PostboxEntry, Wiedervorlage
from eakte.repositories.rights import document_visible

NEVER = "9999-12-31"


class Deadlines:
    """Reads within a reader's rights."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def next_ends(self, reader: Reader, ids: Iterable[str]) -> Mapping[str, date]:
        """By document: the first day by whose end the authority has to act."""
        rows = self.session.execute(
            select(FindingRow.document_id, func.min(FindingRow.value))
            .join(Document, Document.id == FindingRow.document_id)
            .where(Document.id.in_(list(ids)), is_an_end(), document_visible(reader))
            .group_by(FindingRow.document_id)
        )
        return {document_id: date.fromisoformat(value) for document_id, value in rows}

    def planned(self, reader: Reader, document_id: str, made_by: str) -> Sequence[Wiedervorlage]:
        """Open Wiedervorlagen of a document that ``made_by`` planned (for reckoning)."""
        if not reader.is_system:
            return []
        return self.session.scalars(
            select(Wiedervorlage)
            .where(
                Wiedervorlage.document_id == document_id,
                Wiedervorlage.made_by == made_by,
                Wiedervorlage.done_at.is_(None),
            )
            .order_by(Wiedervorlage.due)
        ).all()


def pressing_end(until: date) -> ColumnElement[str]:
    """To sort postbox entries by: the first end up to ``until``, a day that never comes without."""
    ends = (
        select(func.min(FindingRow.value))
        .where(
            FindingRow.document_id == PostboxEntry.document_id,
            is_an_end(),
            FindingRow.value <= until.isoformat(),
        )
        .correlate(PostboxEntry)
        .scalar_subquery()
    )
    return func.coalesce(ends, NEVER)


def is_an_end() -> ColumnElement[bool]:
    """A deadline whose value is its end (see ``codec.kept_deadline``)."""
    return (FindingRow.kind == "deadline") & FindingRow.value.like("2___-__-__")
