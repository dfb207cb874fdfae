"""read_again: the pages of a closed document are read, because the desk opened it after all.

Works outside any transaction as ``recognise`` does; the archive copy is made anew, so that it can
be searched and marked like any other.
"""

from __future__ import annotations

from eakte.domain.proof import TransferNote
from eakte.intake.recognise import recognised_pages
from eakte.intake.tools import STEP, Tools, the
from eakte.intake.unopened import NOT_READ
from eakte.repositories.audit import AuditLog
from eakte.repositories.documents import Documents
from eakte.repositories.proof import Proof
from eakte.repositories.sources import Sources


def read_again(tools: Tools, document_id: str) -> bool:
    """Read what was not read; False where the document is closed, or past being asked about."""
    with tools.database.read() as session:
        document = the(Documents(session).get(STEP, document_id), "document")
        if document.state != "cut":
            return False
        source = the(Sources(session).get(STEP, document.source_id), "source")
        unread = [
            page
            for _, page in Documents(session).pages(STEP, document_id)
            if any(one["code"] == NOT_READ.code for one in page.remarks)
        ]
        notes = Proof(session).notes(STEP, source.id)
        first = TransferNote.from_json(notes[0].note) if notes else None
    if not unread:
        return True
    with (
        tools.open_pool() as pool,
        tools.store.local_path(source.reading_sha256 or source.sha256) as path,
    ):
        waiting = [(page.id, pool.read_page(path, page.number)) for page in unread]
        read = [(page_id, future.result()) for page_id, future in waiting]
        texts = {page.number: page for _, page in read}
        pages = [texts.get(page.number, page) for page in recognised_pages(tools, source.id)]
        copy = pool.archive_copy(path, pages).data
    archive = tools.store.put(copy if first is None else tools.stamp(copy, first))
    with tools.database.write() as session:
        for page_id, page in read:
            Sources(session).read_after_all(STEP, page_id, page, NOT_READ)
        row = the(Sources(session).get(STEP, source.id), "source")
        row.archive_sha256, row.changed_at = archive, tools.database.clock.now()
        AuditLog(session).note(
            STEP, "document.read", "document", document_id, details={"pages": len(read)}
        )
    return True
