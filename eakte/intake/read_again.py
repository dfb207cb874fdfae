"""read_again: pages of a document that are to be read after all, or once more.

A closed document was opened by the desk, or a page was turned there: then it is read that way round
and no other. Works outside any transaction as ``recognise`` does; what is asked stands in the rows,
so that it is done after a crash too, and once more where the desk asked for something else
meanwhile. The archive copy is made anew, so that it can be searched and marked like any other.
Boxes and pictures stay those of the page as it first came to lie: lists and evidence refer to it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from eakte.domain.pages import RecognisedPage
from eakte.domain.proof import TransferNote
from eakte.intake.recognise import recognised_pages, store_archive_copy
from eakte.intake.tools import STEP, Tools, the
from eakte.intake.unopened import is_asked
from eakte.repositories.audit import AuditLog
from eakte.repositories.database import EakteSession
from eakte.repositories.documents import Documents
from eakte.repositories.outbox import Outbox
from eakte.repositories.page_lists import PageLists
from eakte.repositories.proof import Proof
from eakte.repositories.sources import Sources
from eakte.services.arrivals import UNOPENED


def read_again(tools: Tools, document_id: str) -> bool:
    """Read what is asked for; False where the document is closed."""
    while True:
        with tools.database.read() as session:
            asked = _asked(session, document_id)
        if asked is None:
            return False
        if not asked.pages or _keep(tools, asked, *_read(tools, asked)):
            return True


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What is to be read, and of what: pages as (id, number, own turn, turn asked for)."""

    document_id: str
    source_id: str
    sha256: str
    archive_sha256: str | None
    note: TransferNote | None
    pages: tuple[tuple[str, int, int, int | None], ...]


def _asked(session: EakteSession, document_id: str) -> _Asked | None:
    document = the(Documents(session).get(STEP, document_id), "document")
    if document.state == UNOPENED:
        return None
    source = the(Sources(session).get(STEP, document.source_id), "source")
    notes = Proof(session).notes(STEP, source.id)
    return _Asked(
        document_id=document_id,
        source_id=source.id,
        sha256=source.reading_sha256 or source.sha256,
        archive_sha256=source.archive_sha256,
        note=TransferNote.from_json(notes[0].note) if notes else None,
        pages=tuple(
            (page.id, page.number, page.turn, page.asked_turn)
            for _, page in Documents(session).pages(STEP, document_id)
            if is_asked(page)
        ),
    )


def _read(tools: Tools, asked: _Asked) -> tuple[dict[str, RecognisedPage], str]:
    """The pages by id, and the archive copy with their words."""
    with tools.open_pool() as pool, tools.store.local_path(asked.sha256) as path:
        waiting = [
            (
                page_id,
                own,
                pool.read_page(path, number, None if turn is None else (own + turn) % 360),
            )
            for page_id, number, own, turn in asked.pages
        ]
        read = {page_id: _laid_back(future.result(), own) for page_id, own, future in waiting}
        now = {page.number: page for page in read.values()}
        pages = (now.get(one.number, one) for one in recognised_pages(tools, asked.source_id))
        archive, _ = store_archive_copy(tools, pool, path, pages, asked.note)
    return read, archive


def _laid_back(page: RecognisedPage, own: int) -> RecognisedPage:
    """What was read, on the page turned by no more than its ``own`` turn; without its pictures."""
    back = own - page.turn
    codes = tuple(replace(code, box=code.box.turned(back)) for code in page.sheet.codes)
    return replace(
        page,
        text=page.text.turned(back),
        turn=own,
        preview=b"",
        thumbnail=b"",
        sheet=replace(page.sheet, codes=codes),
    )


def _keep(tools: Tools, asked: _Asked, read: dict[str, RecognisedPage], archive: str) -> bool:
    """Save it; False where something else is asked by now, or the archive copy is another one."""
    with tools.database.write() as session:
        # As the page desk does: what is read and what is turned come one after the other.
        PageLists(session).of_source(STEP, asked.source_id, lock=True)
        if _asked(session, asked.document_id) != asked:
            return False
        now = tools.database.clock.now()
        for page_id, page in read.items():
            Sources(session).read_after_all(STEP, page_id, page)
        source = the(Sources(session).get(STEP, asked.source_id), "source")
        source.archive_sha256, source.changed_at = archive, now
        Outbox(session).put([asked.document_id], now)
        AuditLog(session).note(
            STEP,
            "document.read",
            "document",
            asked.document_id,
            details={
                "pages": len(read),
                "turned": sum(turn is not None for *_, turn in asked.pages),
            },
        )
    return True
