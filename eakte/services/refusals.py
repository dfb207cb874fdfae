"""Refused attempts: unknown and forbidden look the same from outside, and both are in the trail."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from eakte.domain.rights import Reader, system_reader
from eakte.errors import NotFound
from eakte.repositories.audit import AuditLog
from eakte.repositories.database import Database
from eakte.repositories.documents import Documents

DOCUMENT_GONE = "Dieses Dokument gibt es nicht."
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
