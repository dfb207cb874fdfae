"""The index outbox and the heartbeats of worker processes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from eakte.domain.rights import Reader
from eakte.models import Document, DocumentPerson, Filing, IndexOutbox, WorkerHeartbeat
from eakte.repositories import once

INDEXED = ("delivered", "clearing", "filed")
"""States of the documents that belong into the index: all that were delivered."""


class Outbox:
    """Documents whose index entry is stale. Written by everyone, emptied by the indexer."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def put(self, document_ids: Iterable[str], now: datetime) -> None:
        """Mark documents for (re)indexing, in the transaction that changed them."""
        document_ids = list(document_ids)
        for document_id in document_ids:
            once.tell(self.session, ("outbox", document_id), True)
        self.session.add_all(
            IndexOutbox(document_id=document_id, changed_at=now) for document_id in document_ids
        )

    def put_case_files(
        self, case_file_ids: Iterable[str], person_ids: Iterable[str], now: datetime
    ) -> None:
        """Mark every document in these case files or about these people.

        Their rights, their file's number or their people's names changed.
        """
        in_files = select(Filing.document_id).where(Filing.case_file_id.in_(list(case_file_ids)))
        about = select(DocumentPerson.document_id).where(
            DocumentPerson.person_id.in_(list(person_ids))
        )
        self.put(sorted(set(self.session.scalars(in_files.union(about)))), now)

    def put_sub_files(self, kinds: Iterable[str], now: datetime) -> None:
        """Mark every document that lies in such a SubFile: another set of readers may open it."""
        inside = select(Filing.document_id).where(Filing.sub_file.in_(list(kinds)))
        self.put(sorted(set(self.session.scalars(inside))), now)

    def waiting(self, reader: Reader, limit: int) -> Sequence[IndexOutbox]:
        """The oldest rows (the indexer's; a system reader)."""
        if not reader.is_system:
            return []
        return self.session.scalars(select(IndexOutbox).order_by(IndexOutbox.id).limit(limit)).all()

    def is_waiting(self, reader: Reader, document_id: str) -> bool:
        """Whether the index still has to learn of the document."""
        return reader.is_system and once.once(
            self.session, ("outbox", document_id), lambda: self._is_waiting(document_id)
        )

    def _is_waiting(self, document_id: str) -> bool:
        return (
            self.session.scalar(
                select(IndexOutbox.id).where(IndexOutbox.document_id == document_id).limit(1)
            )
            is not None
        )

    def done(self, row_ids: Iterable[int]) -> None:
        """Forget rows that are committed in the index."""
        self.session.execute(delete(IndexOutbox).where(IndexOutbox.id.in_(list(row_ids))))

    def waiting_ids(self, reader: Reader) -> set[str]:
        """Ids of all documents that wait (``eakte check`` does not call these missing)."""
        if not reader.is_system:
            return set()
        return set(self.session.scalars(select(IndexOutbox.document_id)))

    def few_waiting(self, reader: Reader, most: int) -> frozenset[str] | None:
        """Ids of the documents that wait, where they are no more than ``most``; else None.

        What the index says of these may be over.
        """
        if not reader.is_system:
            return frozenset()
        ids = self.session.scalars(select(IndexOutbox.document_id).distinct().limit(most + 1)).all()
        return None if len(ids) > most else frozenset(ids)

    def indexable(self, reader: Reader) -> Sequence[str]:
        """Ids of the documents that belong into the index."""
        if not reader.is_system:
            return []
        return self.session.scalars(select(Document.id).where(Document.state.in_(INDEXED))).all()

    def any_indexed(self, reader: Reader) -> bool:
        """Whether a document should be in the index already: one that does not wait."""
        if not reader.is_system:
            return False
        waits = exists(select(IndexOutbox.id).where(IndexOutbox.document_id == Document.id))
        known = select(Document.id).where(Document.state.in_(INDEXED), ~waits)
        return self.session.scalar(known.limit(1)) is not None


class Heartbeats:
    """Which worker processes live."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def beat(self, executor_id: str, now: datetime) -> None:
        """This process lives."""
        row = self.session.get(WorkerHeartbeat, executor_id)
        if row is None:
            self.session.add(WorkerHeartbeat(executor_id=executor_id, seen_at=now))
        else:
            row.seen_at = now

    def living(self, since: datetime) -> set[str]:
        """Executors seen since then."""
        return set(
            self.session.scalars(
                select(WorkerHeartbeat.executor_id).where(WorkerHeartbeat.seen_at >= since)
            )
        )

    def forget_before(self, since: datetime) -> None:
        """Remove executors not seen since then."""
        self.session.execute(delete(WorkerHeartbeat).where(WorkerHeartbeat.seen_at < since))

    def forget(self, executor_id: str) -> None:
        """Remove an executor whose work was rescued or that ended properly."""
        self.session.execute(
            delete(WorkerHeartbeat).where(WorkerHeartbeat.executor_id == executor_id)
        )

    def alive(self, since: datetime) -> bool:
        """Whether any worker was seen since then."""
        return bool(
            self.session.scalar(
                select(
                    exists(
                        select(WorkerHeartbeat.executor_id).where(WorkerHeartbeat.seen_at >= since)
                    )
                )
            )
        )
