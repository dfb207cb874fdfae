"""The indexer: takes the outbox into the full-text index, in order, and only once committed.

One process at a time holds the engine's writer lock; whoever has it empties the whole outbox.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import structlog

from eakte.domain.rights import system_reader
from eakte.domain.schlagworte import Schlagwort
from eakte.domain.search import IndexDocument
from eakte.errors import Unavailable
from eakte.language.analysis import document_terms, head_terms
from eakte.language.fact_terms import exact_facts, said_in_words
from eakte.models import CaseFile, Filing, PersonRow
from eakte.ports import IndexWriter, SearchIndex
from eakte.repositories.database import Database, EakteSession
from eakte.repositories.documents import Documents
from eakte.repositories.facts import Facts
from eakte.repositories.outbox import Outbox
from eakte.repositories.rights import AccessFacts
from eakte.repositories.sources import Sources

log = structlog.get_logger(__name__)

INDEXER = system_reader("indexer")
BATCH = 200


@dataclass(frozen=True, slots=True)
class Indexer:
    """Makes index documents of rows, and keeps the index behind the database."""

    database: Database
    index: SearchIndex
    schlagworte: Mapping[str, Schlagwort]
    closed_subfiles: frozenset[str]

    def drain(self) -> int:
        """Index all that waits; returns how many rows.

        Raises ``Unavailable`` while another process holds the writer.
        """
        total = 0
        while self._waiting():
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

        Rows that come in meanwhile stay in the outbox and follow.
        """
        with self.database.read() as session:
            ids = list(Outbox(session).indexable(INDEXER))
        with self.index.rebuild() as writer:
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
        """Follow the outbox until told to stop; a held lock or a failing engine is waited out."""
        while not stop.wait(every):
            try:
                self.drain()
            except Unavailable as error:
                log.info("index.waiting", reason=str(error))
                stop.wait(1.0)

    def _waiting(self) -> Sequence[tuple[int, str]]:
        with self.database.read() as session:
            return [(row.id, row.document_id) for row in Outbox(session).waiting(INDEXER, BATCH)]

    def _documents(self, session: EakteSession, ids: list[str]) -> Iterable[IndexDocument]:
        documents, sources = Documents(session), Sources(session)
        rows = documents.many(INDEXER, ids)
        pages = documents.kept_page_ids(INDEXER, ids)
        texts = sources.texts(INDEXER, [page for listed in pages.values() for page in listed])
        people = documents.people(INDEXER, ids)
        filings = documents.filings(INDEXER, ids)
        facts = Facts(session).of_documents(INDEXER, ids)
        access = AccessFacts(session, self.closed_subfiles).terms(INDEXER, ids)
        for document_id, document in rows.items():
            if document.state not in ("delivered", "clearing", "filed"):
                continue
            terms = document_terms(texts[page] for page in pages[document_id])
            yield IndexDocument(
                id=document_id,
                body=terms.body,
                loose=terms.loose,
                head=(
                    *self._head(document.schlagwort, people[document_id], filings[document_id]),
                    *head_terms(said_in_words(facts[document_id])),
                ),
                allow=frozenset(access[document_id].allow),
                deny=frozenset(access[document_id].deny),
                received=document.received_here,
                fields=self._fields(document.schlagwort, filings[document_id])
                | exact_facts(facts[document_id]),
            )

    def _head(
        self,
        schlagwort: str | None,
        people: Iterable[PersonRow],
        filings: Iterable[tuple[Filing, CaseFile]],
    ) -> tuple[str, ...]:
        known = self.schlagworte.get(schlagwort or "")
        return head_terms(
            [
                *([known.title] if known else []),
                *(f"{one.first_name} {one.last_name}" for one in people),
                *(cover.aktenzeichen for _, cover in filings),
            ]
        )

    def _fields(
        self, schlagwort: str | None, filings: Sequence[tuple[Filing, CaseFile]]
    ) -> dict[str, tuple[str, ...]]:
        known = self.schlagworte.get(schlagwort or "")
        return {
            "schlagwort": (known.id, known.title) if known else (),
            "akte": tuple(cover.aktenzeichen for _, cover in filings),
            "site": tuple(cover.site_id for _, cover in filings),
            "subfile": tuple(filing.sub_file for filing, _ in filings),
        }
