"""recognise: a reading copy where needed, every page read and saved, then the archive copy.

Works for minutes outside any transaction; what is read is saved as it comes, so that a restart goes
on where it stopped.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, wait
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from eakte.domain.findings import Evidence
from eakte.domain.pages import RecognisedPage, Remark
from eakte.domain.proof import TransferNote
from eakte.errors import IntakeError
from eakte.intake.quarantine import quarantine
from eakte.intake.saving import Saving, add_remarks
from eakte.intake.tools import STEP, PagePool, Tools, the
from eakte.intake.unopened import MOST_OF_AN_ENVELOPE, close_source, envelope_mark, looks_closed
from eakte.repositories.audit import AuditLog
from eakte.repositories.sheets import sheet_of
from eakte.repositories.sources import Sources
from eakte.services.transfer_notes import first_note, keep_first

PAGES_AHEAD = 16


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
                pages = recognised_pages(tools, source_id)
                archive, remarks = store_archive_copy(tools, pool, path, pages, read.note)
    except IntakeError as error:
        quarantine(tools.database, source_id, error.reason, str(error))
        return False
    with tools.database.write() as session:
        source = the(Sources(session).get(STEP, source_id), "source")
        source.archive_sha256 = archive
        add_remarks(source, remarks)
        source.state, source.changed_at = "recognised", tools.database.clock.now()
        AuditLog(session).note(
            STEP, "source.recognise", "source", source_id, details={"pages": source.page_count}
        )
        if read.note is not None:
            note = read.note.adding(remarks)
            keep_first(session, STEP, source_id, note, tools.database.clock.now())
    return True


def store_archive_copy(
    tools: Tools,
    pool: PagePool,
    path: Path,
    pages: Iterable[RecognisedPage],
    note: TransferNote | None,
) -> tuple[str, tuple[Remark, ...]]:
    """The hash of the archive copy of ``path`` in the store, and what was changed for it."""
    with TemporaryDirectory(prefix="eakte-") as folder:
        into = Path(folder) / "copy.pdf"
        remarks = pool.archive_copy(path, pages, into, note)
        return tools.store.put_file(into), remarks


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
    """A few pages ahead, so that what was read of a long run is not in memory all at once."""
    coming = iter(sorted(numbers))
    waiting = {pool.read_page(path, number) for number in islice(coming, PAGES_AHEAD)}
    try:
        while waiting:
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            waiting |= {pool.read_page(path, number) for number in islice(coming, len(done))}
            for future in done:
                saving.add(future.result())
    finally:
        for future in waiting:
            future.cancel()
        saving.save()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """What the pages say: ``mark`` of an envelope, and the first note."""

    mark: Evidence | None
    note: TransferNote | None


def _what_was_read(tools: Tools, source_id: str) -> _Read:
    with tools.database.read() as session:
        sources = Sources(session)
        source = the(sources.get(STEP, source_id), "source")
        ids = [page.id for page in sources.pages(STEP, source_id)]
        mark: Evidence | None = None
        if len(ids) <= MOST_OF_AN_ENVELOPE:
            texts = sources.texts(STEP, ids)
            mark = envelope_mark(tools, source, (texts[page_id] for page_id in ids))
        return _Read(mark=mark, note=first_note(session, source, tools.surroundings))


def recognised_pages(tools: Tools, source_id: str) -> Iterator[RecognisedPage]:
    """The pages as they were saved, without their pictures: all that the text layer needs.

    Of those that look like an envelope that stays closed nothing is told that was read on them, as
    long as the source is not cut: then it is known what they are, and closed ones have no words.
    """
    with tools.database.read() as session:
        sources = Sources(session)
        source = the(sources.get(STEP, source_id), "source")
        pages = {page.id: page for page in sources.pages(STEP, source_id)}
        for page_id, text in sources.each_text(STEP, list(pages)):
            page = pages[page_id]
            hidden = source.state == "received" and looks_closed(tools, source, text)
            yield RecognisedPage(
                number=page.number,
                text=replace(text, words=()) if hidden else text,
                dpi=page.dpi,
                turn=page.turn,
                preview=b"",
                thumbnail=b"",
                media_type=page.media_type,
                sheet=sheet_of(page),
            )
