"""Refused attempts: unknown and forbidden look the same from outside, and both are in the trail."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from eakte.domain.rights import Reader, system_reader
from eakte.errors import Conflict, NotFound
from eakte.models import Document
from eakte.repositories.audit import AuditLog
from eakte.repositories.database import Database, EakteSession
from eakte.repositories.documents import Documents

DOCUMENT_GONE = "Dieses Dokument gibt es nicht."
DOCUMENT_CHANGED = "Das Dokument hat sich inzwischen geändert."
PAGE_GONE = "Diese Seite gibt es nicht."
_TRAIL = system_reader("audit")


class Refused(Exception):
    """The document is unknown or not open to the reader."""

    def __init__(self, document_id: str, message: str = DOCUMENT_GONE, *, remedy: str = "") -> None:
        super().__init__(message)
        self.document_id = document_id
        self.message = message
        self.remedy = remedy


@contextmanager
def attempts_noted(database: Database, reader: Reader) -> Iterator[None]:
    """Turn ``Refused`` into ``NotFound``, and note the attempt once its transaction is over.

    The trail names the document that was asked for, never what somebody typed.
    """
    try:
        yield
    except Refused as refused:
        with database.write() as session:
            known = Documents(session).get(_TRAIL, refused.document_id)
            AuditLog(session).note(
                reader, "document.refused", "document", known.id if known else "unknown"
            )
        raise NotFound(refused.message, remedy=refused.remedy) from refused


def open_document(
    session: EakteSession,
    reader: Reader,
    document_id: str,
    *,
    lock: bool = False,
    gone: str = DOCUMENT_GONE,
    remedy: str = "",
) -> Document:
    """The document; raises ``Refused`` where it is unknown or not open to ``reader``."""
    document = Documents(session).get(reader, document_id, lock=lock)
    if document is None:
        raise Refused(document_id, gone, remedy=remedy)
    return document


def require_version(document: Document, version: int) -> None:
    """Raises ``Conflict`` where somebody changed the document since it was shown."""
    if document.version != version:
        raise Conflict(DOCUMENT_CHANGED, remedy="Die Seite neu laden.")


def kept_page(session: EakteSession, reader: Reader, document_id: str, number: int) -> str:
    """The id of the kept page ``number`` (from 1) of a document; raises ``NotFound``."""
    ids = Documents(session).kept_page_ids(reader, [document_id])[document_id]
    if not 1 <= number <= len(ids):
        raise NotFound(PAGE_GONE)
    return ids[number - 1]
