"""The indexer: takes the outbox into the full-text index, in order, and only once committed.

One process at a time holds the engine's writer lock; whoever has it empties the whole outbox.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace

import structlog

from eakte.domain.ids import new_id
from eakte.domain.rights import system_reader
from eakte.domain.search import IndexDocument
from eakte.errors import Busy, Unavailable
from eakte.language.analysis import document_terms
from eakte.ports import IndexWriter, SearchIndex
from eakte.repositories.database import Database, EakteSession
from eakte.repositories.documents import Documents
from eakte.repositories.index_facts import CLOSED, KEEPER, IndexFacts, keeper
from eakte.repositories.outbox import Outbox
from eakte.repositories.sources import Sources
from eakte.services.index_documents import IndexDocuments

log = structlog.get_logger(__name__)

INDEXER = system_reader("indexer")
BATCH = 200
LOCK_SECONDS = 10.0
_PATIENCE = 0.05


class _NotNeeded(Exception):
    """Another process has rebuilt the index meanwhile."""


@dataclass(frozen=True, slots=True)
class Indexer:
    """Makes index documents of rows, and keeps the index behind the database."""

    database: Database
    index: SearchIndex
    described: IndexDocuments

    def take_up_settings(self) -> None:
        """Mark what lies in SubFiles that the settings have closed or opened since they last ran.

        Called by whatever starts with the settings of today, before it answers anybody: what is
        marked is not counted until the index knows it anew.
        """
        closed = self._closed()
        with self.database.read() as session:
            if IndexFacts(session).told(INDEXER, CLOSED) == closed:
                return
        with self.database.write() as session:
            facts = IndexFacts(session)
            before = facts.told(INDEXER, CLOSED)
            if before is not None:
                changed = set(before.split()) ^ set(closed.split())
                Outbox(session).put_sub_files(sorted(changed), self.database.clock.now())
            facts.tell(CLOSED, closed)

    def drain(self) -> int:
        """Index all that waits; returns how many rows.

        Raises ``Unavailable`` while another process holds the writer, and in a process that runs on
        with settings of yesterday.
        """
        total = 0
        while self._waiting():
            if not self._is_ours():  # it would lead the outbox into nothing
                self.renew()
            self._must_know_the_settings()
            with self.index.writer() as writer:
                rows = self._waiting()  # another indexer may have been here before the lock
                self.put(writer, dict.fromkeys(document_id for _, document_id in rows))
            # Only now, with the engine's commit on disk, may the outbox forget.
            with self.database.write() as session:
                Outbox(session).done(row_id for row_id, _ in rows)
            total += len(rows)
        return total

    def rebuild(self) -> int:
        """Fill a new index beside the one that serves, then swap; returns how many documents.

        Rows that come in meanwhile stay in the outbox and follow.  An indexer that is at work
        holds the lock for moments: for those it is waited.  Raises ``Unavailable`` while another
        process rebuilds.
        """
        until = time.monotonic() + LOCK_SECONDS
        stamp = new_id()
        with ExitStack() as rebuilding:
            while True:
                try:
                    writer = rebuilding.enter_context(self.index.rebuild(stamp))
                    break
                except Unavailable:
                    if time.monotonic() > until:
                        raise
                    time.sleep(_PATIENCE)
            count = self.fill(writer)
            self._keep(stamp)
            return count

    def renew(self) -> bool:
        """Rebuild where the index can't be used or misses everything; whether that was needed.

        So it is after a new version, a damaged disk, a folder taken away, a restored database, and
        where another engine, or none, was told of the changes for a while.
        """
        if not self._wants_renewal():
            return False
        self._must_know_the_settings()
        if self.index.name == "none":
            self._keep(self.index.stamp)
            return False
        stamp = new_id()
        with suppress(_NotNeeded), self.index.rebuild(stamp) as writer:
            if not self._wants_renewal():  # another indexer may have been here before the lock
                raise _NotNeeded
            count = self.fill(writer)
            self._keep(stamp)
            log.warning("index.rebuilt", documents=count)
        return True

    def _wants_renewal(self) -> bool:
        if not self._is_ours():
            return True
        with self.database.read() as session:
            expected = Outbox(session).any_indexed(INDEXER)
        return self.index.name != "none" and expected and self.index.is_empty()

    def _is_ours(self) -> bool:
        """Whether the index can be used, and is the one that learned of all changes so far."""
        if self.index.outdated:
            return False
        ours = keeper(self.index.name, self.index.stamp)
        with self.database.read() as session:
            return IndexFacts(session).told(INDEXER, KEEPER) == ours

    def _keep(self, stamp: str) -> None:
        """Note whose index learns of changes from now on.

        Before that index serves: if this process dies in between, it is made once more.
        """
        with self.database.write() as session:
            IndexFacts(session).tell(KEEPER, keeper(self.index.name, stamp))

    def fill(self, writer: IndexWriter) -> int:
        """Put every document that belongs into the index; returns how many."""
        with self.database.read() as session:
            ids = list(Outbox(session).indexable(INDEXER))
        for start in range(0, len(ids), BATCH):
            self.put(writer, ids[start : start + BATCH])
        return len(ids)

    def put(self, writer: IndexWriter, document_ids: Iterable[str]) -> None:
        """Write the present state of the documents; those that are gone are removed."""
        ids = list(document_ids)
        with self.database.read() as session:
            made = {one.id: one for one in self._documents(session, ids)}
        for document_id in ids:
            if document_id in made:
                writer.put(made[document_id])
            else:
                writer.delete(document_id)

    def run(self, stop: threading.Event, every: float = 0.3) -> None:
        """Follow the outbox until told to stop; a held lock or a failing engine is waited out.

        At the start, and whenever the engine fails, it is looked whether the index must be made
        anew.
        """
        sound = False
        while not stop.wait(every):
            try:
                sound = sound or not self.renew()
                self.drain()
            except Unavailable as error:
                log.info("index.waiting", reason=str(error))
                sound = sound and isinstance(error, Busy)
                stop.wait(1.0)

    def _closed(self) -> str:
        return " ".join(sorted(self.described.closed_subfiles))

    def _must_know_the_settings(self) -> None:
        """Raises ``Unavailable`` where another process has taken up other settings meanwhile.

        What this one wrote would bring back rights that were taken away.
        """
        with self.database.read() as session:
            told = IndexFacts(session).told(INDEXER, CLOSED)
        if told is None:
            self.take_up_settings()
        elif told != self._closed():
            raise Unavailable(
                "Dieser Vorgang läuft mit anderen geschlossenen Teilakten, als gelten.",
                remedy="Nach einer Änderung in rechte.toml alle Dienste der E-Akte neu starten.",
            )

    def _waiting(self) -> Sequence[tuple[int, str]]:
        with self.database.read() as session:
            return [(row.id, row.document_id) for row in Outbox(session).waiting(INDEXER, BATCH)]

    def _documents(self, session: EakteSession, ids: list[str]) -> Iterator[IndexDocument]:
        pages = Documents(session).kept_page_ids(INDEXER, ids)
        texts = Sources(session).texts(
            INDEXER, [page for listed in pages.values() for page in listed]
        )
        for one in self.described.of(INDEXER, session, ids):
            terms = document_terms(texts[page] for page in pages[one.id])
            parts = tuple(dict.fromkeys((*one.parts, *terms.parts)))
            yield replace(one, body=terms.body, loose=terms.loose, parts=parts, rough=terms.rough)
