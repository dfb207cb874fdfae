"""Who has which document before them, at the clearing desk and in shared postboxes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from eakte.domain.rights import CLEARING, Reader
from eakte.models import DeskLook, PostboxEntry
from eakte.repositories.rights import document_visible, postbox_open


class DeskLooks:
    """One look a login; it tells colleagues at the desk, nobody else."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def put(self, reader: Reader, document_id: str, now: datetime) -> None:
        """``reader`` has the document before them now, and no other one."""
        row = self.session.get(DeskLook, reader.login)
        if row is None:
            self.session.add(
                DeskLook(login=reader.login, document_id=document_id, opened_at=now, seen_at=now)
            )
            return
        if row.document_id != document_id:
            row.document_id, row.opened_at = document_id, now
        row.seen_at = now

    def of_others(self, reader: Reader, since: datetime) -> list[DeskLook]:
        """What others at the desk have before them, as far as it still waits; earliest first."""
        if not reader.at_clearing_desk:
            return []
        return list(
            self.session.scalars(
                select(DeskLook)
                .join(PostboxEntry, PostboxEntry.document_id == DeskLook.document_id)
                .where(
                    DeskLook.login != reader.login,
                    DeskLook.seen_at >= since,
                    PostboxEntry.postbox == CLEARING,
                    PostboxEntry.done_at.is_(None),
                    document_visible(reader, DeskLook.document_id),
                )
                .order_by(DeskLook.opened_at, DeskLook.login)
            )
        )

    def in_postboxes(self, reader: Reader, since: datetime) -> list[DeskLook]:
        """What others have before them of that which lies in the reader's postboxes."""
        lies_there = exists(
            select(PostboxEntry.id).where(
                PostboxEntry.document_id == DeskLook.document_id,
                PostboxEntry.done_at.is_(None),
                postbox_open(reader),
            )
        )
        return list(
            self.session.scalars(
                select(DeskLook)
                .where(
                    DeskLook.login != reader.login,
                    DeskLook.seen_at >= since,
                    lies_there,
                    document_visible(reader, DeskLook.document_id),
                )
                .order_by(DeskLook.opened_at, DeskLook.login)
            )
        )
