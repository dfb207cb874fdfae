"""A document's archive copy: its pages out of the copy of its source, with the newest note."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from eakte.domain.proof import TransferNote
from eakte.domain.rights import Reader
from eakte.domain.schlagworte import Schlagwort
from eakte.errors import NotFound
from eakte.models import Source
from eakte.ports import BlobStore
from eakte.repositories.audit import AuditLog
from eakte.repositories.database import Database, EakteSession
from eakte.repositories.documents import Documents
from eakte.repositories.proof import Proof
from eakte.services.refusals import attempts_noted, open_document

PickedPages = Sequence[tuple[int, int]]
"""Pages of the source's copy: number from 1, degrees clockwise to turn."""

Excerpt = Callable[[Path, PickedPages | None, TransferNote | None], bytes]


@dataclass(frozen=True, slots=True)
class ArchiveCopies:
    """Hands out archive copies within rights; ``excerpt`` makes a PDF/A of some pages of one."""

    database: Database
    store: BlobStore
    schlagworte: Mapping[str, Schlagwort]
    excerpt: Excerpt

    def of_document(self, reader: Reader, document_id: str) -> tuple[bytes, str]:
        """The PDF/A of the document's kept pages and a file name for it; audited as a download.

        Other pages of the same scan stay out: they may belong into files that are closed to the
        reader.  Raises ``NotFound`` where the document is unknown, not open, or has no copy yet.
        """
        with attempts_noted(self.database, reader), self.database.write() as session:
            rows = Documents(session)
            document = open_document(session, reader, document_id)
            source = rows.source(reader, document_id)
            pages = kept_pages(session, reader, document_id)
            if source is None or source.archive_sha256 is None or not pages:
                raise NotFound("Von diesem Dokument gibt es noch keine Archivfassung.")
            title = self.schlagworte.get(document.schlagwort or "")
            name = f"{document.received_here.isoformat()}_{title.id if title else 'dokument'}.pdf"
            sha256, whole = source.archive_sha256, _is_whole(pages, source)
            notes = Proof(session).notes(reader, source.id)
            AuditLog(session).note(reader, "document.download", "document", document_id)
        if whole and len(notes) <= 1:  # as it was made, with the first note
            return self.store.read(sha256), name
        newest = TransferNote.from_json(notes[-1].note) if notes else None
        with self.store.local_path(sha256) as archive:  # may be a run of a thousand pages
            return self.excerpt(archive, None if whole else pages, newest), name


def kept_pages(session: EakteSession, reader: Reader, document_id: str) -> list[tuple[int, int]]:
    """The document's kept pages as pages of its source: number and turn, in order."""
    return [
        (page.number, listed.turn)
        for listed, page in Documents(session).pages(reader, document_id)
        if not listed.removed
    ]


def _is_whole(pages: list[tuple[int, int]], source: Source) -> bool:
    """Whether the pages are the source's, all of them, in order and unturned."""
    return pages == [(number, 0) for number in range(1, (source.page_count or 0) + 1)]
