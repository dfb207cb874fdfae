"""Moves of single case files: what is planned, what hangs on the file, what stays behind."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from eakte.domain.rights import Reader
from eakte.models import (
    Document,
    FileMove,
    Filing,
    KeptVorgang,
    PostboxEntry,
    VorgangDocument,
    Wiedervorlage,
)


class FileMoves:
    """The system's alone: the service knows whose files a reader may move."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def get(self, reader: Reader, move_id: str) -> FileMove | None:
        """A move, locked for the transaction."""
        if not reader.is_system:
            return None
        return self.session.scalar(select(FileMove).where(FileMove.id == move_id).with_for_update())

    def of_file(self, reader: Reader, case_file_id: str) -> Sequence[FileMove]:
        """Those of a file that wait for their day."""
        if not reader.is_system:
            return []
        return self.session.scalars(
            select(FileMove)
            .where(FileMove.case_file_id == case_file_id, FileMove.done_at.is_(None))
            .order_by(FileMove.effective, FileMove.made_at)
        ).all()

    def due(self, reader: Reader, today: date, *, lock: bool = False) -> Sequence[FileMove]:
        """Those whose day has come."""
        if not reader.is_system:
            return []
        query = (
            select(FileMove)
            .where(FileMove.done_at.is_(None), FileMove.effective <= today)
            .order_by(FileMove.effective, FileMove.made_at)
        )
        return self.session.scalars(query.with_for_update() if lock else query).all()

    def open_entries(
        self, reader: Reader, case_file_id: str
    ) -> Sequence[tuple[PostboxEntry, Document]]:
        """Open entries about the file, tasks first."""
        if not reader.is_system:
            return []
        rows = self.session.execute(
            select(PostboxEntry, Document)
            .join(Document, Document.id == PostboxEntry.document_id)
            .join(Filing, Filing.document_id == Document.id)
            .where(Filing.case_file_id == case_file_id, PostboxEntry.done_at.is_(None))
            .order_by(PostboxEntry.copy, PostboxEntry.arrived_at, PostboxEntry.id)
        )
        return [(entry, document) for entry, document in rows]

    def open_reminders(
        self, reader: Reader, case_file_id: str
    ) -> Sequence[tuple[Wiedervorlage, Document]]:
        """Open Wiedervorlagen about the file."""
        if not reader.is_system:
            return []
        rows = self.session.execute(
            select(Wiedervorlage, Document)
            .join(Document, Document.id == Wiedervorlage.document_id)
            .join(Filing, Filing.document_id == Document.id)
            .where(Filing.case_file_id == case_file_id, Wiedervorlage.done_at.is_(None))
            .order_by(Wiedervorlage.due, Wiedervorlage.id)
        )
        return [(row, document) for row, document in rows]

    def reminders_of(self, reader: Reader, login: str) -> Sequence[tuple[Wiedervorlage, str]]:
        """Open Wiedervorlagen of somebody, with the file that each is about."""
        if not reader.is_system:
            return []
        rows = self.session.execute(
            select(Wiedervorlage, Filing.case_file_id)
            .join(Filing, Filing.document_id == Wiedervorlage.document_id)
            .where(Wiedervorlage.login == login, Wiedervorlage.done_at.is_(None))
            .order_by(Wiedervorlage.due, Wiedervorlage.id)
        )
        return [(row, case_file_id) for row, case_file_id in rows]

    def documents_of(self, reader: Reader, vorgaenge: Collection[str]) -> Sequence[str]:
        """The documents of these Vorgänge."""
        if not reader.is_system:
            return []
        return self.session.scalars(
            select(VorgangDocument.document_id)
            .where(VorgangDocument.vorgang_id.in_(list(vorgaenge)))
            .order_by(VorgangDocument.document_id)
        ).all()

    def keeper(self, reader: Reader, document_id: str) -> str | None:
        """The team that keeps the document's Vorgang, wherever its file is."""
        if not reader.is_system:
            return None
        return self.session.scalar(
            select(KeptVorgang.team_id)
            .join(VorgangDocument, VorgangDocument.vorgang_id == KeptVorgang.vorgang_id)
            .where(VorgangDocument.document_id == document_id)
        )

    def keep(self, kept: Iterable[KeptVorgang]) -> None:
        """A team keeps Vorgänge; what was kept before by another is theirs now."""
        for one in kept:
            self.session.merge(one)
        self.session.flush()

    def add(self, move: FileMove) -> None:
        """Plan a move."""
        self.session.add(move)
        self.session.flush()

    def remove(self, move: FileMove) -> None:
        """Give a move up."""
        self.session.delete(move)
        self.session.flush()
