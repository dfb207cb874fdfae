"""recognise: a reading copy where needed, every page read and saved, then the archive copy.

Works for minutes outside any transaction; what is read is saved as it comes, so that a restart goes
on where it stopped.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from concurrent.futures import as_completed
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from eakte.domain.findings import Evidence
from eakte.domain.pages import PageText, RecognisedPage
from eakte.domain.proof import TransferNote
from eakte.errors import IntakeError
from eakte.intake.quarantine import quarantine
from eakte.intake.saving import Saving, add_remarks
from eakte.intake.tools import STEP, PagePool, Tools, the
from eakte.intake.unopened import close_source, envelope_mark, look_closed
from eakte.repositories.audit import AuditLog
from eakte.repositories.database import EakteSession
from eakte.repositories.sheets import sheet_of
from eakte.repositories.sources import Sources
from eakte.services.transfer_notes import first_note, keep_first


def recognise(tools: Tools, source_id: str) -> bool:
    """Read the source; False where it makes no documents (quarantine, post not opened)."""
    begun = _begun(tools, source_id)
    if begun.state != "received":
        return begun.state not in ("quarantined", "unopened", "unfolded")
    try:
        with tools.open_pool() as pool:
            saving = Saving(tools, source_id)
            reading, count = _reading(tools, pool, begun, saving)
            with tools.store.local_path(reading) as path:
                _read_pages(pool, path, set(range(1, count + 1)) - begun.done, saving)
                read = _what_was_read(tools, source_id)
                if read.mark is not None:
                    close_source(tools, source_id, read.mark)
                    return False
                archive = pool.archive_copy(path, read.pages)
    except IntakeError as error:
        quarantine(tools.database, source_id, error.reason, str(error))
        return False
    note = None if read.note is None else read.note.adding(archive.remarks)
    data = archive.data if note is None else tools.stamp(archive.data, note)
    archive_sha256 = tools.store.put(data)
    with tools.database.write() as session:
        source = the(Sources(session).get(STEP, source_id), "source")
        source.archive_sha256 = archive_sha256
        add_remarks(source, archive.remarks)
        source.state, source.changed_at = "recognised", tools.database.clock.now()
        AuditLog(session).note(
            STEP, "source.recognise", "source", source_id, details={"pages": source.page_count}
        )
        if note is not None:
            keep_first(session, STEP, source_id, note, tools.database.clock.now())
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class _Begun:
    """How far an earlier try came: ``count`` is None before the pages were counted."""

    state: str
    sha256: str
    reading_sha256: str | None
    count: int | None
    done: frozenset[int]


def _begun(tools: Tools, source_id: str) -> _Begun:
    with tools.database.read() as session:
        sources = Sources(session)
        source = the(sources.get(STEP, source_id), "source")
        return _Begun(
            state=source.state,
            sha256=source.sha256,
            reading_sha256=source.reading_sha256,
            count=source.page_count,
            done=frozenset(page.number for page in sources.pages(STEP, source_id)),
        )


def _reading(tools: Tools, pool: PagePool, begun: _Begun, saving: Saving) -> tuple[str, int]:
    """The hash of what is read (the source, or its reading copy, made once), and its pages."""
    if begun.count is not None:
        return begun.reading_sha256 or begun.sha256, begun.count
    with (
        tools.store.local_path(begun.sha256) as path,
        TemporaryDirectory(prefix="eakte-") as folder,
    ):
        prepared = pool.prepare(path, Path(folder))
        reading = tools.store.put_file(prepared.reading) if prepared.reading else None
    saving.prepared(prepared, reading)
    return reading or begun.sha256, prepared.page_count


def _read_pages(pool: PagePool, path: Path, numbers: Collection[int], saving: Saving) -> None:
    waiting = [pool.read_page(path, number) for number in sorted(numbers)]
    try:
        for future in as_completed(waiting):
            saving.add(future.result())
    finally:
        for future in waiting:
            future.cancel()
        saving.save()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """What the pages say: ``mark`` of an envelope, words for the text layer, the first note."""

    mark: Evidence | None
    pages: list[RecognisedPage]
    note: TransferNote | None


def _what_was_read(tools: Tools, source_id: str) -> _Read:
    with tools.database.read() as session:
        source = the(Sources(session).get(STEP, source_id), "source")
        texts = _texts(session, source_id)
        mark = envelope_mark(tools, source, texts.values())
        if mark is not None:
            return _Read(mark=mark, pages=[], note=None)
        closed = look_closed(tools, source, texts.items())
        return _Read(
            mark=None,
            pages=_pages(session, source_id, texts, closed),
            note=first_note(session, source, tools.surroundings),
        )


def recognised_pages(tools: Tools, source_id: str) -> list[RecognisedPage]:
    """The pages as they were saved, without their pictures: all that the text layer needs."""
    with tools.database.read() as session:
        return _pages(session, source_id, _texts(session, source_id))


def _texts(session: EakteSession, source_id: str) -> dict[str, PageText]:
    """By the id of the page, in the order of the source."""
    sources = Sources(session)
    ids = [page.id for page in sources.pages(STEP, source_id)]
    texts = sources.texts(STEP, ids)
    return {page_id: texts[page_id] for page_id in ids}


def _pages(
    session: EakteSession,
    source_id: str,
    texts: Mapping[str, PageText],
    without_words: Collection[str] = (),
) -> list[RecognisedPage]:
    """Of those in ``without_words`` (ids) nothing is told that was read on them."""
    return [
        RecognisedPage(
            number=page.number,
            text=replace(texts[page.id], words=()) if page.id in without_words else texts[page.id],
            dpi=page.dpi,
            turn=page.turn,
            preview=b"",
            thumbnail=b"",
            media_type=page.media_type,
            sheet=sheet_of(page),
        )
        for page in Sources(session).pages(STEP, source_id)
    ]
