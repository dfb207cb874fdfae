"""Notes, highlights and stamps on the pages of documents."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from eakte.domain.rights import Reader
from eakte.models import Annotation, Document, DocumentPage
from eakte.repositories.current_list import in_current_list
from eakte.repositories.rights import document_visible


class Annotations:
    """What people put on pages; whoever may open a document sees what is on its pages."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def of_document(self, reader: Reader, document_id: str) -> Sequence[Annotation]:
        """What stands on its present pages, in the order of the pages, earliest first."""
        return self.session.scalars(
            select(Annotation)
            .join(DocumentPage, DocumentPage.page_id == Annotation.page_id)
            .join(Document, in_current_list())
            .where(
                Document.id == document_id,
                Annotation.removed_at.is_(None),
                document_visible(reader),
            )
            .order_by(DocumentPage.position, Annotation.made_at, Annotation.id)
        ).all()

    def get(self, reader: Reader, document_id: str, annotation_id: str) -> Annotation | None:
        """One of them, also one that was removed."""
        return self.session.scalar(
            select(Annotation)
            .join(DocumentPage, DocumentPage.page_id == Annotation.page_id)
            .join(Document, in_current_list())
            .where(
                Annotation.id == annotation_id,
                Document.id == document_id,
                document_visible(reader),
            )
        )

    def add(self, row: Annotation) -> None:
        """Keep a new one."""
        self.session.add(row)
        self.session.flush()
