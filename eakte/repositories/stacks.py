"""Stacks that wait to be cut: sources in state ``waiting``, their pages and the proposed cuts.

For those at the clearing desk, and only while the source waits.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, false, func, select
from sqlalchemy.orm import Session

from eakte.domain.rights import Reader
from eakte.models import CutProposal, Page, Source
from eakte.repositories.cuts import RULES

WAITING = "waiting"


class Stacks:
    """Reads what waits; ``eakte/services/cutting.py`` decides it."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def waiting(self, reader: Reader) -> Sequence[tuple[Source, int]]:
        """Sources that wait, oldest first, each with its number of open proposals."""
        # Counted for each of them: grouped, it would go through all sources there ever were.
        proposed = (
            select(func.count())
            .where(CutProposal.source_id == Source.id, CutProposal.state == "proposed")
            .scalar_subquery()
        )
        rows = self.session.execute(
            select(Source, proposed)
            .where(self._open(reader))
            .order_by(Source.arrived_at, Source.id)
        )
        return [(source, count) for source, count in rows]

    def get(self, reader: Reader, source_id: str, *, lock: bool = False) -> Source | None:
        """A source that waits; None where it does not, or the desk is closed to the reader."""
        query = select(Source).where(Source.id == source_id, self._open(reader))
        if lock:
            query = query.with_for_update(of=Source).execution_options(populate_existing=True)
        return self.session.scalar(query)

    def pages(self, reader: Reader, source_id: str) -> Sequence[Page]:
        """Its pages in their order."""
        return self.session.scalars(
            select(Page)
            .join(Source, Source.id == Page.source_id)
            .where(Source.id == source_id, self._open(reader))
            .order_by(Page.number)
        ).all()

    def page(self, reader: Reader, source_id: str, page_id: str) -> Page | None:
        """One page of it."""
        return self.session.scalar(
            select(Page)
            .join(Source, Source.id == Page.source_id)
            .where(Page.id == page_id, Source.id == source_id, self._open(reader))
        )

    def proposals(self, reader: Reader, source_id: str) -> Sequence[CutProposal]:
        """The cuts that were proposed or made, in the order of the pages."""
        return self.session.scalars(
            select(CutProposal)
            .join(Source, Source.id == CutProposal.source_id)
            .where(Source.id == source_id, self._open(reader))
            .order_by(CutProposal.before)
        ).all()

    def decided_by(self, reader: Reader, source_id: str) -> str | None:
        """Who cut the stack, where a person at the desk did."""
        if not reader.at_clearing_desk:
            return None
        return self.session.scalar(
            select(CutProposal.decided_by)
            .where(
                CutProposal.source_id == source_id,
                CutProposal.decided_by.is_not(None),
                CutProposal.decided_by != RULES,
            )
            .order_by(CutProposal.decided_at.desc())
            .limit(1)
        )

    @staticmethod
    def _open(reader: Reader) -> ColumnElement[bool]:
        return Source.state == WAITING if reader.at_clearing_desk else false()
