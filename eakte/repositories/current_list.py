"""Which rows of ``document_pages`` count: those of the version that their document names."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, select

from eakte.models import Document, DocumentPage, Page


def in_current_list() -> ColumnElement[bool]:
    """True where ``DocumentPage`` is in the present list of ``Document``; the ON of their join."""
    return and_(
        DocumentPage.document_id == Document.id,
        DocumentPage.version == Document.pages_version,
    )


def stands_in_a_document() -> ColumnElement[bool]:
    """True for a ``Page`` of the enclosing SELECT that is in the present list of some document."""
    return exists(
        select(DocumentPage.page_id)
        .join(Document, in_current_list())
        .where(DocumentPage.page_id == Page.id)
    )
