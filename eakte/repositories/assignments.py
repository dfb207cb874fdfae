"""What an assignment at the clearing desk changed, so that it can be taken back."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from eakte.domain.rights import CLEARING, Reader
from eakte.models import Document, DocumentSchlagwort, PostboxEntry, Wiedervorlage


class Assignments:
    """Within the caller's transaction; the system's alone."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def entry_at_desk(self, reader: Reader, document_id: str) -> PostboxEntry | None:
        """The entry at the clearing desk that the last assignment closed."""
        if not reader.is_system:
            return None
        return self.session.scalars(
            select(PostboxEntry)
            .where(
                PostboxEntry.document_id == document_id,
                PostboxEntry.postbox == CLEARING,
                PostboxEntry.done_how == "assigned",
            )
            .order_by(PostboxEntry.done_at.desc())
        ).first()

    def remove(self, entry: PostboxEntry) -> None:
        """Take away an entry that nobody has seen: a done one would go on opening the document."""
        self.session.delete(entry)
        self.session.flush()

    def forget_plans(self, document: Document) -> None:
        """Remove the Wiedervorlagen that the system planned for whoever was to have it."""
        self.session.execute(
            delete(Wiedervorlage).where(
                Wiedervorlage.document_id == document.id,
                Wiedervorlage.made_by.startswith("system:"),
                Wiedervorlage.done_at.is_(None),
            )
        )

    def put_labels(self, document: Document, labels: list[dict[str, Any]]) -> None:
        """Replace the Schlagworte by ``{"id", "on" (pages), "by"}``, the primary one first."""
        self.session.execute(
            delete(DocumentSchlagwort).where(DocumentSchlagwort.document_id == document.id)
        )
        self.session.add_all(
            DocumentSchlagwort(
                document_id=document.id,
                schlagwort=label["id"],
                position=position,
                pages=label["on"],
                given_by=label["by"],
            )
            for position, label in enumerate(labels)
        )
        self.session.flush()
