"""The last actions of people at their desks, so that they can be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from eakte.domain.rights import Reader
from eakte.models import DeskDeed


class DeskDeeds:
    """The reader's own alone."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def add(self, reader: Reader, deed: DeskDeed, forget_before: datetime) -> None:
        """Keep an action of ``reader``; their older ones are forgotten."""
        self.session.execute(
            delete(DeskDeed).where(DeskDeed.login == reader.login, DeskDeed.at < forget_before)
        )
        self.session.add(deed)
        self.session.flush()

    def last_round(self, reader: Reader, since: datetime) -> Sequence[DeskDeed]:
        """The actions of the reader's last round that was not taken back, if it is that young."""
        last = self.session.scalar(
            select(DeskDeed.round_id)
            .where(
                DeskDeed.login == reader.login, DeskDeed.at >= since, DeskDeed.undone_at.is_(None)
            )
            .order_by(DeskDeed.at.desc(), DeskDeed.id.desc())
            .limit(1)
        )
        if last is None:
            return []
        return self.session.scalars(
            select(DeskDeed)
            .where(
                DeskDeed.login == reader.login,
                DeskDeed.round_id == last,
                DeskDeed.undone_at.is_(None),
            )
            .order_by(DeskDeed.at, DeskDeed.id)
        ).all()
