"""Whoosh: an engine in pure Python, for sites where no compiled extension may run.

About a hundred times slower than Tantivy: for tens of thousands of documents, not for millions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import log2
from pathlib import Path
from threading import Lock
from typing import Any, Self
from uuid import uuid4
from weakref import WeakSet

from whoosh import fields, query, scoring
from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.codec.whoosh3 import W3Codec, W3Segment
from whoosh.filedb.filestore import FileStorage
from whoosh.index import EmptyIndexError, FileIndex, LockError
from whoosh.index import IndexError as WhooshIndexError
from whoosh.searching import Searcher
from whoosh.writing import CLEAR

from eakte.domain.search import Clause, IndexDocument, SearchAnswer, SearchHit, SearchQuery
from eakte.search.folder import IndexFolder, busy, fsync, unavailable
from eakte.search.plan import (
    MOST_EXPANSIONS,
    Match,
    days,
    exact_terms,
    finds_nothing,
    matches,
    recency,
    scores,
)

SCHEMA = "whoosh=1"
"""Raise the number whenever the fields below change."""

_WRITER_MEMORY = 128
"""Megabytes of postings that the writer holds before it sorts them to disk."""
_TRIES = 5
_FAILURES = (WhooshIndexError, EmptyIndexError, OSError, EOFError, ValueError, KeyError)


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
        """Whether the index was made by another schema or analysis and should be rebuilt."""
        return self._folder.outdated

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
                with _Storage(self._folder.serving()).closing_on_failure() as storage:
                    self._apply(writer, storage.open_index)

    @contextmanager
    def rebuild(self) -> Iterator[_Writer]:
        """Fill an index anew while the old one serves; it takes over at the end.

        Other writers wait meanwhile, so that no change is lost in between.
        """
        with self._folder.lock(), self._filling() as writer:
            yield writer

    def search(self, query: SearchQuery) -> SearchAnswer:
        """Documents that match every clause and that the query's access terms open."""
        with self._reading:
            searcher = self._searcher()
            if finds_nothing(query):
                return SearchAnswer((), 0)
            try:
                found = searcher.search(limit=None, **_translate(query, searcher)).top_n
                window = found[query.offset : query.offset + query.limit]
                hits = tuple(
                    SearchHit(searcher.stored_fields(number)["id"], float(score))
                    for score, number in window
                )
            except _FAILURES as error:
                raise unavailable(error) from error
        return SearchAnswer(hits, len(found))

    def ids(self) -> Iterator[str]:
        """The id of every document."""
        with self._reading:
            stored = self._searcher().reader().all_stored_fields()
            found = [values["id"] for values in stored]
        yield from found

    @contextmanager
    def _filling(self) -> Iterator[_Writer]:
        generation = self._folder.new_generation()
        writer = _Writer()
        try:
            yield writer
            self._apply(writer, lambda: _Storage(generation).create_index(_schema()))
        except BaseException:
            self._folder.discard(generation)
            raise
        self._folder.publish(generation)

    def _apply(self, changes: _Writer, open_index: Callable[[], FileIndex]) -> None:
        """Commit ``changes``."""
        try:
            writer = open_index().writer(limitmb=_WRITER_MEMORY, codec=_Codec())
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
            with _Storage(generation).closing_on_failure() as storage:
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


class _Storage(FileStorage):  # type: ignore[misc] # whoosh has no types
    """A folder that commits durably: what a new table of contents names is on disk before it."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self._written: set[str] = set()
        self._open: WeakSet[Any] = WeakSet()

    @contextmanager
    def closing_on_failure(self) -> Iterator[Self]:
        """Close what was opened if it turns out to be damaged; Whoosh leaves it open."""
        try:
            yield self
        except BaseException:
            for file in tuple(self._open):
                if not file.is_closed:
                    file.close()
            raise

    def open_file(self, name: str, **kwargs: Any) -> Any:  # noqa: ANN401
        """Remember the file, so that it can be closed."""
        file = super().open_file(name, **kwargs)
        self._open.add(file)
        return file

    def create_file(self, name: str, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        """Remember ``name`` as not yet on disk."""
        self._written.add(name)
        return super().create_file(name, *args, **kwargs)

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        """Rename once everything written so far is on disk."""
        folder = Path(self.folder)
        for name in self._written:
            if (folder / name).exists():
                fsync(folder / name)
        self._written.clear()
        super().rename_file(oldname, newname, safe)
        fsync(folder)


class _Codec(W3Codec):  # type: ignore[misc] # whoosh has no types
    """Names segments so that no two writers ever choose the same name.

    Whoosh asks ``random``, whose state forked processes share.
    """

    def new_segment(self, storage: FileStorage, indexname: str) -> W3Segment:  # noqa: ARG002
        """An empty segment."""
        return W3Segment(self, indexname, segid=uuid4().hex[:16])


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
        exact=fields.KEYWORD(),
        allow=fields.KEYWORD(),
        deny=fields.KEYWORD(),
        received=fields.NUMERIC(int, bits=32, signed=True),
        recency=fields.NUMERIC(int, bits=32, signed=True, sortable=True),
    )


def _values(document: IndexDocument) -> dict[str, Any]:
    """Finished terms go in as lists, which Whoosh takes as they are."""
    values: dict[str, Any] = {
        "id": document.id,
        "body": list(document.body),
        "head": list(document.head),
        "loose": list(document.loose),
        "exact": exact_terms(document),
        "allow": sorted(document.allow),
        "deny": sorted(document.deny),
        "recency": recency(document.received),
    }
    if document.received is not None:
        values["received"] = days(document.received)
    return values


def _translate(asked: SearchQuery, searcher: Searcher) -> dict[str, query.Query]:
    """``q`` scores, ``filter`` and ``mask`` only choose."""
    ranked = [_clause(clause, searcher) for clause in asked.clauses if scores(clause)]
    chosen = [query.Or([query.Term("allow", term) for term in sorted(asked.allow)])]
    chosen += [
        _clause(clause, searcher)
        for clause in asked.clauses
        if not clause.excluded and not scores(clause)
    ]
    if asked.received_from or asked.received_to:
        start, end = (
            days(day) if day else None for day in (asked.received_from, asked.received_to)
        )
        chosen.append(query.NumericRange("received", start, end))
    hidden = [query.Term("deny", term) for term in sorted(asked.allow | asked.deny)]
    hidden += [_clause(clause, searcher) for clause in asked.clauses if clause.excluded]
    return {
        "q": query.And(ranked) if ranked else query.Every(),
        "filter": query.And(chosen),
        "mask": query.Or(hidden),
    }


def _clause(clause: Clause, searcher: Searcher) -> query.Query:
    return query.Or([part for match in matches(clause) for part in _match(match, searcher)])


def _match(match: Match, searcher: Searcher) -> Iterator[query.Query]:
    *before, last = match.terms
    if match.open_end and before:
        goes_on = searcher.reader().expand_prefix(match.field, last)
        for term, _ in zip(goes_on, range(MOST_EXPANSIONS), strict=False):
            words = [*before, term.decode("utf-8")]
            yield query.Phrase(match.field, words, boost=match.weight)
    elif match.open_end:
        yield query.Prefix(match.field, last, boost=match.weight)
    elif before:
        yield query.Phrase(match.field, list(match.terms), boost=match.weight)
    else:
        yield query.Term(match.field, last, boost=match.weight)
