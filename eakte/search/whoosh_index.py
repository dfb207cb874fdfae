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

from eakte.domain.search import (
    COUNTED,
    AccessGroup,
    Clause,
    Facets,
    IndexDocument,
    SearchAnswer,
    SearchHit,
    SearchQuery,
)
from eakte.errors import Unavailable
from eakte.search.folder import IndexFolder, busy, fsync, unavailable
from eakte.search.plan import (
    MOST_EXPANSIONS,
    Match,
    Together,
    Way,
    days,
    exact_terms,
    facet_values,
    finds_nothing,
    opening,
    recency,
    scores,
    swapped_neighbours,
    ways,
)

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
        """Documents that match every clause and that one of the query's access groups opens."""
        with self._reading:
            searcher = self._searcher()
            if finds_nothing(query):
                return SearchAnswer((), 0)
            try:
                found = _found(query, searcher)
                window = found[query.offset : query.offset + query.limit]
                hits = tuple(
                    SearchHit(searcher.stored_fields(number)["id"], score)
                    for score, number in window
                )
            except _FAILURES as error:
                raise unavailable(error) from error
        return SearchAnswer(hits, len(found))

    def facets(self, query: SearchQuery, fields: Sequence[str], most: int) -> Facets:
        """Exact counts; reads what is stored with every document that matches."""
        wanted = [name for name in fields if name in COUNTED]
        counted: dict[str, Counter[str]] = {name: Counter() for name in wanted}
        with self._reading:
            searcher = self._searcher()
            if finds_nothing(query):
                return counted
            try:
                for _, number in _found(query, searcher):
                    stored = searcher.stored_fields(number)["facets"]
                    for name in wanted:
                        counted[name].update(stored[name])
            except _FAILURES as error:
                raise unavailable(error) from error
        return {name: dict(values.most_common(most)) for name, values in counted.items()}

    def seals(self) -> Iterator[tuple[str, str]]:
        """The id and the seal of every document."""
        with self._reading:
            searcher = self._searcher()
            try:
                stored = searcher.reader().all_stored_fields()
                found = [(values["id"], values["seal"]) for values in stored]
            except _FAILURES as error:
                raise unavailable(error) from error
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


def _found(asked: SearchQuery, searcher: Searcher) -> list[tuple[float, int]]:
    """Score and number of every document that matches, best first (or newest)."""
    found = searcher.search(limit=None, **_translate(asked, searcher)).top_n
    if not (asked.newest and found):
        return [(float(score), number) for score, number in found]
    day = searcher.reader().column_reader("recency")
    return sorted(((float(day[number]), number) for _, number in found), key=lambda hit: -hit[0])


def _translate(asked: SearchQuery, searcher: Searcher) -> dict[str, query.Query]:
    """``q`` scores, ``filter`` and ``mask`` only choose."""
    ranked = [_clause(clause, searcher) for clause in asked.clauses if scores(clause)]
    chosen = [query.Or([_group(group) for group in opening(asked)])]
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
    if asked.amount_from is not None or asked.amount_to is not None:
        chosen.append(query.NumericRange("amount", asked.amount_from, asked.amount_to))
    hidden = [query.Term("id", document_id) for document_id in sorted(asked.without)]
    hidden += [_clause(clause, searcher) for clause in asked.clauses if clause.excluded]
    return {
        "q": query.And(ranked) if ranked else query.Every(),
        "filter": query.And(chosen),
        "mask": query.Or(hidden) if hidden else None,
    }


def _group(group: AccessGroup) -> query.Query:
    opened = query.Or([query.Term("allow", term) for term in sorted(group.allow)])
    if not group.deny:
        return opened
    closed = query.Or([query.Term("deny", term) for term in sorted(group.deny)])
    return query.AndNot(opened, closed)


def _clause(clause: Clause, searcher: Searcher) -> query.Query:
    return query.Or([part for way in ways(clause) for part in _way(way, searcher)])


def _way(way: Way, searcher: Searcher) -> Iterator[query.Query]:
    if isinstance(way, Together):
        each = ([part for one in word for part in _way(one, searcher)] for word in way.each)
        yield query.And([query.Or(parts) for parts in each])
    elif way.near:
        yield query.FuzzyTerm(way.field, way.terms[0], boost=way.weight, prefixlength=0)
        for swapped in swapped_neighbours(way.terms[0]):
            yield query.Term(way.field, swapped, boost=way.weight)
    else:
        yield from _match(way, searcher)


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
