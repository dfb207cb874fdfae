"""Whoosh: an engine in pure Python, for sites where no compiled extension may run.

About a hundred times slower than Tantivy: for tens of thousands of documents, not for millions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from math import log2
from pathlib import Path
from pickle import UnpicklingError
from threading import Lock
from typing import Any

from whoosh import fields, scoring
from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.index import EmptyIndexError, FileIndex, LockError
from whoosh.index import IndexError as WhooshIndexError
from whoosh.searching import Searcher
from whoosh.writing import CLEAR

from eakte.domain.search import (
    COUNTED,
    Facets,
    IndexDocument,
    SearchAnswer,
    SearchHit,
    SearchQuery,
)
from eakte.errors import Unavailable
from eakte.search.folder import IndexFolder, busy, unavailable
from eakte.search.plan import (
    days,
    exact_terms,
    facet_values,
    finds_nothing,
    recency,
)
from eakte.search.whoosh_query import found
from eakte.search.whoosh_storage import DurableStorage, NamingCodec

SCHEMA = "whoosh=2"
"""Raise the number whenever the fields below change."""

_WRITER_MEMORY = 128
"""Megabytes of postings that the writer holds before it sorts them to disk."""
_TRIES = 5
_FAILURES = (
    WhooshIndexError,
    EmptyIndexError,
    OSError,
    EOFError,
    ValueError,
    KeyError,
    UnpicklingError,
)


class WhooshIndex:
    """The index in the folder ``path``.  Opening, locking and creating wait until asked for."""

    name = "whoosh"

    def __init__(self, path: Path) -> None:
        self._folder = IndexFolder(path, SCHEMA)
        self._generation: Path | None = None
        self._open_searcher: Searcher | None = None
        self._reading = Lock()

    @property
    def outdated(self) -> bool:
        """Whether there is no index, one of another schema or analysis, or one that won't open."""
        if self._folder.outdated:
            return True
        try:
            with self._reading:
                self._searcher()
        except Unavailable:
            return True
        return False

    @property
    def stamp(self) -> str:
        """What the last rebuild was given."""
        return self._folder.stamp

    def ensure(self) -> None:
        """Lay out an empty index where there is none."""
        if self._folder.current() is None:
            with self.writer():
                pass

    @contextmanager
    def writer(self) -> Iterator[_Writer]:
        """The single writer; one commit at its end, nothing if it fails."""
        with self._folder.lock():
            if self._folder.current() is None:
                with self._filling() as writer:
                    yield writer
            else:
                writer = _Writer()
                yield writer
                with DurableStorage(self._folder.serving()).closing_on_failure() as storage:
                    self._apply(writer, storage.open_index)

    @contextmanager
    def rebuild(self, stamp: str = "") -> Iterator[_Writer]:
        """Fill an index anew while the old one serves; it takes over at the end.

        Other writers wait meanwhile, so that no change is lost in between.
        """
        with self._folder.lock(), self._filling(stamp) as writer:
            yield writer

    def search(self, query: SearchQuery) -> SearchAnswer:
        """Documents that match every clause and that one of the query's access groups opens."""
        with self._reading:
            searcher = self._searcher()
            if finds_nothing(query):
                return SearchAnswer((), 0)
            try:
                best = found(query, searcher)
                window = best[query.offset : query.offset + query.limit]
                hits = tuple(
                    SearchHit(searcher.stored_fields(number)["id"], score)
                    for score, number in window
                )
            except _FAILURES as error:
                raise unavailable(error) from error
        return SearchAnswer(hits, len(best))

    def facets(self, query: SearchQuery, fields: Sequence[str], most: int) -> Facets:
        """Exact counts; reads what is stored with every document that matches."""
        wanted = [name for name in fields if name in COUNTED]
        counted: dict[str, Counter[str]] = {name: Counter() for name in wanted}
        with self._reading:
            searcher = self._searcher()
            if finds_nothing(query):
                return counted
            try:
                for _, number in found(query, searcher):
                    stored = searcher.stored_fields(number)["facets"]
                    for name in wanted:
                        counted[name].update(stored[name])
            except _FAILURES as error:
                raise unavailable(error) from error
        return {name: dict(values.most_common(most)) for name, values in counted.items()}

    def is_empty(self) -> bool:
        """Whether it holds no document."""
        with self._reading:
            return bool(self._searcher().reader().doc_count() == 0)

    def seals(self) -> Iterator[tuple[str, str]]:
        """The id and the seal of every document."""
        with self._reading:
            searcher = self._searcher()
            try:
                stored = searcher.reader().all_stored_fields()
                told = [(values["id"], values["seal"]) for values in stored]
            except _FAILURES as error:
                raise unavailable(error) from error
        yield from told

    @contextmanager
    def _filling(self, stamp: str = "") -> Iterator[_Writer]:
        generation = self._folder.new_generation(stamp)
        writer = _Writer()
        try:
            yield writer
            self._apply(writer, lambda: DurableStorage(generation).create_index(_schema()))
        except BaseException:
            self._folder.discard(generation)
            raise
        self._folder.publish(generation)

    def _apply(self, changes: _Writer, open_index: Callable[[], FileIndex]) -> None:
        """Commit ``changes``."""
        try:
            writer = open_index().writer(limitmb=_WRITER_MEMORY, codec=NamingCodec())
        except LockError as error:
            raise busy() from error
        except _FAILURES as error:
            raise unavailable(error) from error
        try:
            for document_id, document in changes.documents.items():
                if not changes.cleared:
                    writer.delete_by_term("id", document_id)
                if document is not None:
                    writer.add_document(**_values(document))
            writer.commit(mergetype=CLEAR if changes.cleared else None)
        except BaseException as error:
            writer.cancel()
            if isinstance(error, _FAILURES):
                raise unavailable(error) from error
            raise

    def _searcher(self) -> Searcher:
        """A view of the last commit, whichever process made it."""
        for _ in range(_TRIES):
            try:
                return self._current_searcher()
            except _FAILURES as error:
                self._close()  # a commit may have removed files between two looks
                failure = error
        raise unavailable(failure) from failure

    def _current_searcher(self) -> Searcher:
        generation = self._folder.serving()
        searcher = self._open_searcher
        # Searcher.refresh() fails on an emptied index and counts merged documents twice.
        if searcher is None or self._generation != generation or not searcher.up_to_date():
            self._close()
            with DurableStorage(generation).closing_on_failure() as storage:
                searcher = storage.open_index().searcher(weighting=_RecentFirst())
            self._open_searcher, self._generation = searcher, generation
        return searcher

    def _close(self) -> None:
        searcher, self._open_searcher = self._open_searcher, None
        if searcher is not None:
            searcher.close()


class _Writer:
    """Changes within one commit: the last one of each document counts."""

    def __init__(self) -> None:
        self.documents: dict[str, IndexDocument | None] = {}
        self.cleared = False

    def put(self, document: IndexDocument) -> None:
        """Add the document, or replace it."""
        self.documents[document.id] = document

    def delete(self, document_id: str) -> None:
        """Remove the document; unknown ids are no error."""
        self.documents[document_id] = None

    def clear(self) -> None:
        """Remove everything."""
        self.documents.clear()
        self.cleared = True


class _RecentFirst(scoring.BM25F):  # type: ignore[misc] # whoosh has no types
    """BM25, weighted by the day of receipt as :func:`eakte.search.plan.recency` says."""

    use_final = True

    def final(self, searcher: Searcher, docnum: int, score: float) -> float:
        """``score`` times the weight of the document's day."""
        column = searcher.reader().column_reader("recency")
        return score * log2(2 + int(column[docnum]))


def _schema() -> fields.Schema:
    terms = SpaceSeparatedTokenizer()
    return fields.Schema(
        id=fields.ID(stored=True, unique=True),
        body=fields.TEXT(analyzer=terms, phrase=True),
        head=fields.TEXT(analyzer=terms, phrase=True),
        loose=fields.TEXT(analyzer=terms, phrase=False),
        parts=fields.KEYWORD(),
        rough=fields.KEYWORD(),
        exact=fields.KEYWORD(),
        allow=fields.KEYWORD(),
        deny=fields.KEYWORD(),
        received=fields.NUMERIC(int, bits=32, signed=True),
        recency=fields.NUMERIC(int, bits=32, signed=True, sortable=True),
        amount=fields.NUMERIC(int, bits=64, signed=True),
        facets=fields.STORED(),
        seal=fields.STORED(),
    )


def _values(document: IndexDocument) -> dict[str, Any]:
    """Finished terms go in as lists, which Whoosh takes as they are."""
    values: dict[str, Any] = {
        "id": document.id,
        "body": list(document.body),
        "head": list(document.head),
        "loose": list(document.loose),
        "parts": list(document.parts),
        "rough": list(document.rough),
        "exact": exact_terms(document),
        "allow": sorted(document.allow),
        "deny": sorted(document.deny),
        "recency": recency(document.received),
        "facets": facet_values(document),
        "seal": document.seal,
    }
    if document.amounts:
        values["amount"] = sorted(set(document.amounts))
    if document.received is not None:
        values["received"] = days(document.received)
    return values
