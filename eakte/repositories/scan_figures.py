"""Counts for the scan centre: what is on its way and what waits, never what is in it.

Every question is bounded by what is on its way or by the day, or stops counting at ``MOST``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from eakte.domain.rights import CLEARING, Reader
from eakte.models import BadScan, Batch, CounterReceipt, Document, Page, PostboxEntry, Source
from eakte.repositories.rights import UNDELIVERED

MOST = 1000
"""More is not counted: it is too much in any case."""
_ON_THE_WAY = ("received", "recognised")


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """How many wait, and since when the oldest does (None: nothing waits)."""

    count: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchOnTheWay:
    """A batch of which something is not through yet."""

    batch_id: str
    name: str
    channel: str
    site_id: str | None
    files: int
    pages: int
    read: int
    first: datetime


class ScanFigures:
    """For those at the clearing desk alone; everybody else gets nothing."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def batches(self, reader: Reader, limit: int) -> Sequence[BatchOnTheWay]:
        """Batches with files that are being read or cut, the one that began first on top."""
        if not reader.at_clearing_desk:
            return []
        read = (
            select(Page.source_id, func.count().label("pages"))
            .join(Source, Source.id == Page.source_id)
            .where(Source.state.in_(_ON_THE_WAY))
            .group_by(Page.source_id)
            .subquery()
        )
        rows = self.session.execute(
            select(
                Batch,
                func.count(),
                func.coalesce(func.sum(Source.page_count), 0),
                func.coalesce(func.sum(read.c.pages), 0),
                func.min(Source.arrived_at),
            )
            .join(Source, Source.batch_id == Batch.id)
            .outerjoin(read, read.c.source_id == Source.id)
            .where(Source.state.in_(_ON_THE_WAY))
            .group_by(Batch.id)
            .order_by(func.min(Source.arrived_at), Batch.id)
            .limit(limit)
        )
        return [
            BatchOnTheWay(
                batch_id=batch.id,
                name=batch.name,
                channel=batch.channel,
                site_id=batch.site_id,
                files=int(files),
                pages=int(pages),
                read=int(done),
                first=first,
            )
            for batch, files, pages, done, first in rows
        ]

    def arrived_since(self, reader: Reader, since: datetime) -> tuple[int, int]:
        """How many files arrived since then, and how many pages they have as far as is known."""
        if not reader.at_clearing_desk:
            return 0, 0
        files, pages = self.session.execute(
            select(func.count(), func.coalesce(func.sum(Source.page_count), 0)).where(
                Source.arrived_at >= since
            )
        ).one()
        return files, int(pages or 0)

    def sources(self, reader: Reader, state: str) -> Waiting:
        """Files in that state."""
        return self._waiting(reader, select(Source.arrived_at).where(Source.state == state))

    def undelivered(self, reader: Reader) -> Waiting:
        """Documents between the cut and a postbox."""
        states = Document.state.in_(UNDELIVERED)
        return self._waiting(reader, select(Document.created_at).where(states))

    def clearing(self, reader: Reader) -> Waiting:
        """What lies at the clearing desk."""
        lies = (PostboxEntry.postbox == CLEARING, PostboxEntry.done_at.is_(None))
        return self._waiting(reader, select(PostboxEntry.arrived_at).where(*lies))

    def unchecked(self, reader: Reader) -> Waiting:
        """Scanned batches that nobody has counted and checked yet."""
        open_ = (Batch.state == "open", Batch.channel == "scanner")
        return self._waiting(reader, select(Batch.opened_at).where(*open_))

    def bad_scans(self, reader: Reader) -> Waiting:
        """Pages that were reported as bad and wait to be scanned again."""
        return self._waiting(reader, select(BadScan.reported_at).where(BadScan.closed_at.is_(None)))

    def receipts(self, reader: Reader) -> Waiting:
        """Receipts of the counter whose scan has not come."""
        open_ = (CounterReceipt.found_at.is_(None), CounterReceipt.closed_at.is_(None))
        return self._waiting(reader, select(CounterReceipt.made_at).where(*open_))

    def _waiting(self, reader: Reader, instants: Select[datetime]) -> Waiting:
        if not reader.at_clearing_desk:
            return Waiting(count=0, oldest=None)
        (column,) = instants.selected_columns
        some = instants.order_by(column).limit(MOST).subquery()
        count, oldest = self.session.execute(
            select(func.count(), func.min(some.c[0])).select_from(some)
        ).one()
        return Waiting(count=int(count), oldest=oldest)
