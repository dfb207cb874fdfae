"""The backfile: old files, each one document, into their case files without touching postboxes.

Where a file belongs was decided by whoever made the map; the pages are read all the same, and what
speaks against it is told to a person, never acted on.  A file is known by its bytes and number, so
that the same call again goes on where the last one stopped.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from eakte.domain.arrivals import Arrival, Given
from eakte.errors import EakteError, IntakeError, Unavailable
from eakte.intake.backfile_map import Row
from eakte.intake.by_command import store_file
from eakte.intake.durable import Durable
from eakte.intake.eye import KIND, ForTheEye, look_over, looked_over
from eakte.intake.foreground import GIVEN_UP
from eakte.intake.indexer import Indexer
from eakte.intake.receive import receive
from eakte.intake.tools import STEP, Tools, the
from eakte.models import Document, Source
from eakte.repositories.documents import Documents
from eakte.repositories.rights import UNDELIVERED
from eakte.repositories.sources import Sources

CHANNEL = "backfile"
BY = "operator"
"""Who decides: the person whose map it is, run by the operator."""

NO_DOCUMENT = "Aus der Datei wurde kein Dokument."

_LOOK_SECONDS = 0.2
_ATTEMPTS = 3

__all__ = ["CHANNEL", "KIND", "Backfile", "Done"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """One file of the map: ``filed``, ``quarantined``, ``failed`` (goes on by the same call)."""

    row: Row
    status: str
    pages: int = 0
    document_id: str | None = None
    remarks: tuple[ForTheEye, ...] = ()
    before: bool = False
    """It was through already when this call came to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backfile:
    """Takes one file after the other, all pages of one at once; hears ``stop`` between looks."""

    tools: Tools
    durable: Durable
    indexer: Indexer
    batch: str
    stop: threading.Event
    on_page: Callable[[Row, int, int], None] = lambda _row, _done, _of: None

    def run(self, rows: Iterable[Row]) -> Iterator[Done]:
        """What became of each, in order; ends early when told to stop."""
        for row in rows:
            if self.stop.is_set():
                return
            done = self._one(row)
            if done is None:
                return
            with suppress(Unavailable):  # whoever has the writer follows by itself
                self.indexer.drain()
            yield done

    def _one(self, row: Row) -> Done | None:
        """None: told to stop in the middle of it."""
        try:
            source_id = self._take(row)
        except IntakeError as error:
            return Done(row=row, status="failed", remarks=(_whole(error.reason, str(error)),))
        before = not self._unfinished(source_id)
        for _ in range(_ATTEMPTS):
            unfinished = self._unfinished(source_id)
            if not unfinished:
                break
            for kind, subject_id in unfinished:
                if self.durable.has_ended(kind, subject_id):
                    self.durable.take_up(kind, subject_id)
            if not self._wait(row, source_id):
                return None
        return self._told(row, source_id, before=before)

    def _take(self, row: Row) -> str:
        sha256, size = store_file(row.path, self.tools.store)
        given = Given(
            aktenzeichen=row.number,
            schlagwort=row.schlagwort,
            sub_file=row.sub_file,
            by=BY,
            filed=True,
            one_letter=True,
        )
        key = hashlib.sha256(f"{CHANNEL}\x1f{sha256}\x1f{row.number}".encode()).hexdigest()
        arrival = Arrival(
            key=key,
            channel=CHANNEL,
            batch=self.batch,
            name=row.name,
            sha256=sha256,
            size=size,
            received=row.received or self.tools.database.clock.today(),
            given={**given.to_json(), "title": row.title},
        )
        return receive(self.tools.database, arrival).source_id

    def _source(self, source_id: str) -> Source:
        with self.tools.database.read() as session:
            return the(Sources(session).get(STEP, source_id), "source")

    def _documents(self, source_id: str) -> list[Document]:
        with self.tools.database.read() as session:
            return list(Documents(session).of_source(STEP, source_id))

    def _unfinished(self, source_id: str) -> list[tuple[str, str]]:
        """What still has to run, as (``source`` or ``document``, id)."""
        if self._source(source_id).state in ("received", "recognised"):
            return [("source", source_id)]
        documents = self._documents(source_id)
        return [("document", one.id) for one in documents if one.state in UNDELIVERED]

    def _wait(self, row: Row, source_id: str) -> bool:
        """Until nothing of it runs any more; False when told to stop before that."""
        while True:
            if self.durable.has_ended("source", source_id) and all(
                self.durable.has_ended("document", one.id) for one in self._documents(source_id)
            ):
                return True
            with self.tools.database.read() as session:
                done = Sources(session).pages_done(STEP, [source_id]).get(source_id, 0)
            self.on_page(row, done, self._source(source_id).page_count or 0)
            if self.stop.wait(_LOOK_SECONDS):
                return False

    def _told(self, row: Row, source_id: str, *, before: bool) -> Done:
        source = self._source(source_id)
        if source.state == "quarantined":
            said = _whole(source.reason_code or "quarantined", source.reason or "")
            return Done(row=row, status="quarantined", remarks=(said,), before=before)
        unfinished = self._unfinished(source_id)
        if unfinished:
            error = self.durable.why_given_up(*unfinished[0])
            code = error.code if isinstance(error, EakteError) else "failed"
            said = _whole(code, GIVEN_UP.format(error=error or "abgebrochen"))
            return Done(row=row, status="failed", remarks=(said,))
        documents = self._documents(source_id)
        if not documents:
            said = _whole("no_document", source.reason or NO_DOCUMENT)
            return Done(row=row, status="failed", remarks=(said,), before=before)
        remarks = [one for document in documents for one in self._eye(document, row)]
        return Done(
            row=row,
            status="filed" if all(one.state == "filed" for one in documents) else "elsewhere",
            pages=source.page_count or 0,
            document_id=documents[0].id,
            remarks=tuple(remarks),
            before=before,
        )

    def _eye(self, document: Document, row: Row) -> tuple[ForTheEye, ...]:
        """What a person should look at: found once, kept with the document."""
        with self.tools.database.read() as session:
            known = looked_over(session, document.id)
        if known is not None:
            return known
        with self.tools.database.write() as session:
            return look_over(session, self.tools, document.id, row.number)


def _whole(code: str, message: str) -> ForTheEye:
    return ForTheEye(code=code, message=message)
