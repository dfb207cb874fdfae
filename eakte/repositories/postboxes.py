"""Postbox entries: what lies on whose desk."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session

from eakte.domain.rights import CLEARING, Reader
from eakte.models import Document, PostboxEntry
from eakte.repositories.deadlines import pressing_end
from eakte.repositories.rights import document_visible, postbox_open

LATELY = timedelta(days=1)
URGENT_TASK = and_(PostboxEntry.urgent, ~PostboxEntry.copy)


class Postboxes:
    """Open and done entries within a reader's postboxes."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def counts(self, reader: Reader) -> dict[str, tuple[int, int, int]]:
        """By postbox: open tasks, open copies, open urgent tasks."""
        rows = self.session.execute(
            select(
                PostboxEntry.postbox,
                func.sum(case((PostboxEntry.copy, 0), else_=1)),
                func.sum(case((PostboxEntry.copy, 1), else_=0)),
                func.sum(case((URGENT_TASK, 1), else_=0)),
            )
            .where(
                PostboxEntry.done_at.is_(None),
                postbox_open(reader),
                document_visible(reader, PostboxEntry.document_id),
            )
            .group_by(PostboxEntry.postbox)
        )
        return {box: (int(tasks), int(copies), int(urgent)) for box, tasks, copies, urgent in rows}

    def open_in(
        self,
        reader: Reader,
        postbox: str,
        limit: int,
        offset: int = 0,
        *,
        pressing: date | None = None,
        only: Collection[ColumnElement[bool]] = (),
    ) -> Sequence[tuple[PostboxEntry, Document]]:
        """Open entries of one postbox: urgent first, tasks before copies, oldest receipt first.

        Among the urgent and among the others those go first by whose end up to ``pressing`` the
        authority has to act, the nearest end on top. ``only`` are the conditions of a filter.
        """
        nearest = () if pressing is None else (pressing_end(pressing),)
        rows = self.session.execute(
            select(PostboxEntry, Document)
            .join(Document, Document.id == PostboxEntry.document_id)
            .where(*_lying_in(reader, postbox), *only)
            .order_by(
                URGENT_TASK.desc(),
                PostboxEntry.copy,
                *nearest,
                Document.received_here,
                PostboxEntry.arrived_at,
                PostboxEntry.id,
            )
            .limit(limit)
            .offset(offset)
        )
        return [(entry, document) for entry, document in rows]

    def counts_in(
        self, reader: Reader, postbox: str, only: Collection[ColumnElement[bool]]
    ) -> tuple[int, int]:
        """How many open entries of one postbox a filter shows, and how many urgent tasks it has."""
        shown, urgent = self.session.execute(
            select(
                func.count(),
                func.sum(case((URGENT_TASK, 1), else_=0)),
            )
            .select_from(PostboxEntry)
            .join(Document, Document.id == PostboxEntry.document_id)
            .where(*_lying_in(reader, postbox), *only)
        ).one()
        return int(shown), int(urgent or 0)

    def some(
        self, reader: Reader, entry_ids: Collection[str]
    ) -> Sequence[tuple[PostboxEntry, Document]]:
        """Those of these entries, done or open, that lie in the reader's postboxes."""
        rows = self.session.execute(
            select(PostboxEntry, Document)
            .join(Document, Document.id == PostboxEntry.document_id)
            .where(PostboxEntry.id.in_(entry_ids), postbox_open(reader), document_visible(reader))
        )
        return [(entry, document) for entry, document in rows]

    def get(self, reader: Reader, entry_id: str) -> PostboxEntry | None:
        """An entry in one of the reader's postboxes, done or open; locked for the transaction."""
        return self.session.scalar(
            select(PostboxEntry)
            .where(
                PostboxEntry.id == entry_id,
                postbox_open(reader),
                document_visible(reader, PostboxEntry.document_id),
            )
            .with_for_update(of=PostboxEntry)
            .execution_options(populate_existing=True)
        )

    def open_for_document(self, reader: Reader, document_id: str) -> Sequence[PostboxEntry]:
        """Open entries of a document that lie in the reader's postboxes."""
        return self.session.scalars(
            select(PostboxEntry)
            .where(
                PostboxEntry.document_id == document_id,
                PostboxEntry.done_at.is_(None),
                postbox_open(reader),
                document_visible(reader, PostboxEntry.document_id),
            )
            .order_by(PostboxEntry.copy, PostboxEntry.arrived_at)
        ).all()

    def places(self, reader: Reader, document_ids: Sequence[str]) -> dict[str, list[str]]:
        """In whose postboxes the documents still lie; for those who may open the document."""
        answer: dict[str, list[str]] = {}
        rows = self.session.execute(
            select(PostboxEntry.document_id, PostboxEntry.postbox)
            .where(
                PostboxEntry.document_id.in_(document_ids),
                PostboxEntry.done_at.is_(None),
                document_visible(reader, PostboxEntry.document_id),
            )
            .order_by(PostboxEntry.copy, PostboxEntry.arrived_at)
        )
        for document_id, postbox in rows:
            answer.setdefault(document_id, []).append(postbox)
        return answer

    def first_places(self, reader: Reader, document_ids: Sequence[str]) -> dict[str, PostboxEntry]:
        """Where the task of each document was delivered last (scan centre, command line)."""
        answer: dict[str, PostboxEntry] = {}
        if not reader.at_clearing_desk:
            return answer
        for entry in self.session.scalars(
            select(PostboxEntry)
            .where(PostboxEntry.document_id.in_(document_ids), ~PostboxEntry.copy)
            .order_by(PostboxEntry.arrived_at, PostboxEntry.id)
        ):
            answer[entry.document_id] = entry
        return answer

    def copies_of(self, reader: Reader, document_id: str) -> Sequence[str]:
        """The postboxes that got the document zur Kenntnis."""
        if not reader.is_system:
            return []
        return self.session.scalars(
            select(PostboxEntry.postbox)
            .where(PostboxEntry.document_id == document_id, PostboxEntry.copy)
            .order_by(PostboxEntry.arrived_at, PostboxEntry.id)
        ).all()

    def all_open_of(self, reader: Reader, document_id: str) -> Sequence[PostboxEntry]:
        """Every open entry of a document the reader may open, whosever postbox it lies in."""
        return self.session.scalars(
            select(PostboxEntry).where(
                PostboxEntry.document_id == document_id,
                PostboxEntry.done_at.is_(None),
                document_visible(reader, PostboxEntry.document_id),
            )
        ).all()

    def cleared_by(self, reader: Reader, document_id: str) -> str | None:
        """Who assigned the document at the clearing desk, if it lay there and no longer does.

        None as well where something else took it from there: pages joined, a split taken back.
        """
        if not reader.is_system:
            return None
        at_desk = self.session.scalars(
            select(PostboxEntry).where(
                PostboxEntry.document_id == document_id, PostboxEntry.postbox == CLEARING
            )
        ).all()
        done = [(one.done_at, one) for one in at_desk if one.done_at is not None]
        if not done or len(done) < len(at_desk):
            return None
        _, last = max(done, key=lambda pair: pair[0])
        return last.done_by if last.done_how == "assigned" else None

    def last_change(self, reader: Reader) -> str:
        """A token that changes whenever an open postbox of the reader changes.

        Every open page asks this every second: what was done more than a day ago is not looked at.
        """
        arrived, count = self.session.execute(
            select(func.max(PostboxEntry.arrived_at), func.count()).where(
                PostboxEntry.done_at.is_(None), postbox_open(reader)
            )
        ).one()
        now = self.session.trail.clock.now()  # type: ignore[attr-defined]
        done = self.session.scalar(
            select(func.max(PostboxEntry.done_at)).where(
                PostboxEntry.done_at > now - LATELY, postbox_open(reader)
            )
        )
        return f"{_stamp(arrived)}-{_stamp(done)}-{count}"

    def add(self, entry: PostboxEntry) -> None:
        """Put an entry into a postbox; the same id again changes nothing."""
        if self.session.get(PostboxEntry, entry.id) is None:
            self.session.add(entry)
            self.session.flush()


def _lying_in(reader: Reader, postbox: str) -> tuple[ColumnElement[bool], ...]:
    """Open entries of one postbox that the reader may see, of a query that joins Document."""
    return (
        PostboxEntry.postbox == postbox,
        PostboxEntry.done_at.is_(None),
        postbox_open(reader),
        document_visible(reader),
    )


def _stamp(at: datetime | None) -> str:
    return "0" if at is None else f"{at.timestamp():.6f}"
