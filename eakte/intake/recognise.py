"""recognise: a reading copy where needed, every page read and saved, then the archive copy.

Works for minutes outside any transaction; each page commits by itself, so that a restart goes on
where it stopped.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from concurrent.futures import Future, as_completed
from pathlib import Path
from tempfile import TemporaryDirectory

from eakte.domain.pages import PageText, RecognisedPage, Remark, TextSource
from eakte.domain.proof import TransferNote
from eakte.errors import IntakeError
from eakte.intake.quarantine import quarantine
from eakte.intake.tools import STEP, PagePool, Tools, the
from eakte.intake.unopened import look_closed, stays_closed
from eakte.models import Source
from eakte.repositories.audit import AuditLog
from eakte.repositories.sheets import remarks_to_json, sheet_of
from eakte.repositories.sources import Sources
from eakte.services.transfer_notes import first_note, keep_first


def recognise(tools: Tools, source_id: str) -> bool:
    """Read the source; False where it makes no documents (quarantine, post not opened)."""
    with tools.database.read() as session:
        source = the(Sources(session).get(STEP, source_id), "source")
        if source.state != "received":
            return source.state not in ("quarantined", "unopened", "unfolded")
    try:
        with tools.open_pool() as pool:
            reading = _reading(tools, pool, source_id)
            with tools.store.local_path(reading) as path:
                _read_pages(tools, pool, path, source_id)
                if stays_closed(tools, source_id):
                    return False
                closed = _look_closed(tools, source_id)
                archive = pool.archive_copy(path, recognised_pages(tools, source_id, closed))
    except IntakeError as error:
        quarantine(tools.database, source_id, error.reason, str(error))
        return False
    note = _note(tools, source_id, archive.remarks)
    data = archive.data if note is None else tools.stamp(archive.data, note)
    archive_sha256 = tools.store.put(data)
    with tools.database.write() as session:
        source = the(Sources(session).get(STEP, source_id), "source")
        source.archive_sha256 = archive_sha256
        _add_remarks(source, archive.remarks)
        source.state, source.changed_at = "recognised", tools.database.clock.now()
        AuditLog(session).note(
            STEP, "source.recognise", "source", source_id, details={"pages": source.page_count}
        )
        if note is not None:
            keep_first(session, STEP, source_id, note, tools.database.clock.now())
    return True


def _reading(tools: Tools, pool: PagePool, source_id: str) -> str:
    """The hash of what is read: the source itself, or its reading copy, made once and kept."""
    with tools.database.read() as session:
        source = the(Sources(session).get(STEP, source_id), "source")
        sha256 = source.sha256
        if source.page_count is not None:
            return source.reading_sha256 or sha256
    with (
        tools.store.local_path(sha256) as path,
        TemporaryDirectory(prefix="eakte-") as folder,
    ):
        prepared = pool.prepare(path, Path(folder))
        reading = tools.store.put_file(prepared.reading) if prepared.reading else None
    with tools.database.write() as session:
        source = the(Sources(session).get(STEP, source_id), "source")
        source.page_count, source.reading_sha256 = prepared.page_count, reading
        source.parts = [part.to_json() for part in prepared.parts]
        _add_remarks(source, prepared.remarks)
        source.changed_at = tools.database.clock.now()
    return reading or sha256


def _add_remarks(source: Source, remarks: Iterable[Remark]) -> None:
    """Each once, however often the step runs."""
    more = [one for one in remarks_to_json(remarks) if one not in source.remarks]
    source.remarks = [*source.remarks, *more]


def _note(tools: Tools, source_id: str, remarks: Iterable[Remark]) -> TransferNote | None:
    """The transfer note of a scan (TR-03138); the same at every try."""
    with tools.database.read() as session:
        source = the(Sources(session).get(STEP, source_id), "source")
        note = first_note(session, source, tools.surroundings)
    return None if note is None else note.adding(remarks)


def _read_pages(tools: Tools, pool: PagePool, path: Path, source_id: str) -> None:
    with tools.database.read() as session:
        sources = Sources(session)
        source = the(sources.get(STEP, source_id), "source")
        done = {page.number for page in sources.pages(STEP, source_id)}
        missing = [n for n in range(1, (source.page_count or 0) + 1) if n not in done]
    waiting = [pool.read_page(path, number) for number in missing]
    try:
        for future in as_completed(waiting):
            _save(tools, source_id, future.result())
    finally:
        _cancel(waiting)


def _cancel(futures: Iterable[Future[RecognisedPage]]) -> None:
    for future in futures:
        future.cancel()


def _save(tools: Tools, source_id: str, page: RecognisedPage) -> None:
    preview, thumbnail = tools.store.put(page.preview), tools.store.put(page.thumbnail)
    with tools.database.write() as session:
        sources = Sources(session)
        sources.add_page(STEP, source_id, page, preview, thumbnail)
        the(sources.get(STEP, source_id), "source").changed_at = tools.database.clock.now()


def _look_closed(tools: Tools, source_id: str) -> frozenset[str]:
    with tools.database.read() as session:
        sources = Sources(session)
        source = the(sources.get(STEP, source_id), "source")
        pages = sources.pages(STEP, source_id)
        texts = sources.texts(STEP, [page.id for page in pages])
        return look_closed(tools, source, [(page, texts[page.id]) for page in pages])


def recognised_pages(
    tools: Tools, source_id: str, without_words: Collection[str] = ()
) -> list[RecognisedPage]:
    """The pages as they were saved, without their pictures: all that the text layer needs.

    Of those in ``without_words`` (ids) nothing is told that was read on them.
    """
    with tools.database.read() as session:
        sources = Sources(session)
        return [
            RecognisedPage(
                number=page.number,
                text=PageText(
                    words=() if page.id in without_words else sources.words(STEP, page.id) or (),
                    width_mm=page.width_mm,
                    height_mm=page.height_mm,
                    source=TextSource(page.text_source),
                ),
                dpi=page.dpi,
                turn=page.turn,
                preview=b"",
                thumbnail=b"",
                media_type=page.media_type,
                sheet=sheet_of(page),
            )
            for page in sources.pages(STEP, source_id)
        ]
