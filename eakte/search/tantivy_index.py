"""Tantivy: the default engine, an embedded index in a local folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

import tantivy
from tantivy import Query

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
from eakte.search.tantivy_query import TOO_OPEN, Translation

SCHEMA = "tantivy=2"
"""Raise the number whenever the fields below change."""

_WRITER_MEMORY = 50_000_000
"""Bytes that the writer fills before it writes a segment."""
_REBUILD_MEMORY = 150_000_000
"""The same for a whole index: fewer segments to merge, and to ask afterwards."""
_PAGE = 50_000
"""Ids read at once by :meth:`TantivyIndex.seals`."""
_GLANCE = 300
"""Values of one facet that a segment tells at first."""
_MOST_VALUES = 65_000
"""Values that it can tell at all; rarer ones may then be counted too low."""
# What the binding raises for a missing, damaged or locked index.
_FAILURES = (ValueError, OSError)
_T = TypeVar("_T")


@dataclass(slots=True)
class _Reader:
    """An open generation and the state of its ``meta.json`` when it was read."""

    generation: Path
    state: tuple[int, int, int]
    index: tantivy.Index
    searcher: tantivy.Searcher


class TantivyIndex:
    """The index in the folder ``path``.  Opening, locking and creating wait until asked for."""

    name = "tantivy"

    def __init__(self, path: Path) -> None:
        self._folder = IndexFolder(path, SCHEMA)
        self._schema = _schema()
        self._translation = Translation(self._schema)
        self._reader: _Reader | None = None
        self._reading = Lock()

    @property
    def outdated(self) -> bool:
        """Whether there is no index, one of another schema or analysis, or one that won't open."""
        if self._folder.outdated:
            return True
        try:
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
                with self._writing(self._folder.serving()) as writer:
                    yield writer

    @contextmanager
    def rebuild(self, stamp: str = "") -> Iterator[_Writer]:
        """Fill an index anew while the old one serves; it takes over at the end.

        Other writers wait meanwhile, so that no change is lost in between.
        """
        with self._folder.lock(), self._filling(stamp) as writer:
            yield writer

    def search(self, query: SearchQuery) -> SearchAnswer:
        """Documents that match every clause and that the query's access terms open."""
        searcher = self._searcher()
        if finds_nothing(query):
            return SearchAnswer((), 0)

        def ask(translated: Query) -> tantivy.SearchResult:
            return searcher.search(
                translated,
                limit=max(query.limit, 1),
                offset=query.offset,
                order_by_field="recency" if query.newest else None,
                weight_by_field=None if query.newest else "recency",
            )

        try:
            found = self._answered(query, ask)
            hits = tuple(
                SearchHit(searcher.doc(address)["id"][0], float(score))
                for score, address in found.hits[: query.limit]
            )
        except _FAILURES as error:
            raise unavailable(error) from error
        return SearchAnswer(hits, found.count)  # type: ignore[attr-defined] # missing in its stub

    def facets(self, query: SearchQuery, fields: Sequence[str], most: int) -> Facets:
        """Exact counts over everything that matches, whatever its limit and offset."""
        searcher = self._searcher()
        wanted = [name for name in fields if name in COUNTED]
        if finds_nothing(query) or not wanted or most < 1:
            return {name: {} for name in wanted}

        def count(translated: Query) -> Facets:
            glance = searcher.aggregate(
                translated, {name: _values(name, max(most, _GLANCE)) for name in wanted}
            )
            return {
                name: _exactly(searcher, translated, name, glance[name], most) for name in wanted
            }

        try:
            return self._answered(query, count)
        except _FAILURES as error:
            raise unavailable(error) from error

    def _answered(self, query: SearchQuery, ask: Callable[[Query], _T]) -> _T:
        """What ``ask`` says to ``query``; to a looser one where Tantivy finds it too open."""
        try:
            return ask(self._translation.query(query))
        except ValueError as error:
            if TOO_OPEN not in str(error):
                raise
            return ask(replace(self._translation, loosely=True).query(query))

    def is_empty(self) -> bool:
        """Whether it holds no document."""
        return bool(self._searcher().num_docs == 0)

    def seals(self) -> Iterator[tuple[str, str]]:
        """The id and the seal of every document."""
        searcher = self._searcher()
        try:
            for offset in range(0, searcher.num_docs, _PAGE):
                found = searcher.search(Query.all_query(), limit=_PAGE, offset=offset, count=False)
                for _, address in found.hits:
                    stored = searcher.doc(address)
                    yield stored["id"][0], stored["seal"][0].hex()
        except _FAILURES as error:
            raise unavailable(error) from error

    @contextmanager
    def _filling(self, stamp: str = "") -> Iterator[_Writer]:
        """A writer into a generation of its own, which serves once all went well."""
        generation = self._folder.new_generation(stamp)
        try:
            with self._writing(generation, _REBUILD_MEMORY) as writer:
                yield writer
        except BaseException:
            self._folder.discard(generation)
            raise
        self._folder.publish(generation)

    @contextmanager
    def _writing(self, generation: Path, memory: int = _WRITER_MEMORY) -> Iterator[_Writer]:
        try:
            index = tantivy.Index(self._schema, str(generation))
            writer = index.writer(heap_size=memory, num_threads=1)
        except _FAILURES as error:
            if "LockBusy" in str(error):
                raise busy() from error
            raise unavailable(error) from error
        try:
            yield _Writer(writer)
            try:
                writer.commit()
            except _FAILURES as error:
                raise unavailable(error) from error
        except BaseException:
            writer.rollback()
            raise
        finally:
            writer.wait_merging_threads()  # merges small segments, and frees the lock

    def _searcher(self) -> tantivy.Searcher:
        """A view of the last commit, whichever process made it."""
        try:
            try:
                return self._open()
            except _FAILURES:
                self._reader = None
                return self._open()  # a rebuild may have taken over between two looks
        except _FAILURES as error:
            raise unavailable(error) from error

    def _open(self) -> tantivy.Searcher:
        with self._reading:
            generation = self._folder.serving()
            stat = (generation / "meta.json").stat()
            state = (stat.st_ino, stat.st_mtime_ns, stat.st_size)
            reader = self._reader
            if reader is None or reader.generation != generation:
                index = tantivy.Index.open(str(generation))
                index.config_reader("manual")
                index.reload()
                self._reader = reader = _Reader(generation, state, index, index.searcher())
            elif reader.state != state:
                reader.index.reload()
                reader.state, reader.searcher = state, reader.index.searcher()
            return reader.searcher


class _Writer:
    """Changes within one commit."""

    def __init__(self, writer: tantivy.IndexWriter) -> None:
        self._writer = writer

    def put(self, document: IndexDocument) -> None:
        """Add the document, or replace it."""
        self._writer.delete_documents_by_term("id", document.id)
        made = tantivy.Document(
            id=[document.id],
            body=[" ".join(document.body)],
            head=[" ".join(document.head)],
            loose=[" ".join(document.loose)],
            parts=[" ".join(document.parts)],
            rough=[" ".join(document.rough)],
            exact=exact_terms(document),
            allow=sorted(document.allow),
            deny=sorted(document.deny),
            recency=[recency(document.received)],
            amount=list(dict.fromkeys(document.amounts)),
            seal=[bytes.fromhex(document.seal)],
            **{_facet(name): list(values) for name, values in facet_values(document).items()},
        )
        if document.received is not None:
            made.add_integer("received", days(document.received))
        self._writer.add_document(made)

    def delete(self, document_id: str) -> None:
        """Remove the document; unknown ids are no error."""
        self._writer.delete_documents_by_term("id", document_id)

    def clear(self) -> None:
        """Remove everything."""
        # delete_all_documents() leaves what this writer has put and not yet committed.
        self._writer.delete_documents_by_query(Query.all_query())


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, fast=True, tokenizer_name="raw", index_option="basic")
    for name, option in (("body", "position"), ("head", "position"), ("loose", "freq")):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option=option)
    for name in ("parts", "rough"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="basic")
    for name in ("exact", "allow", "deny"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in COUNTED:
        builder.add_text_field(_facet(name), fast=True, tokenizer_name="raw", index_option="basic")
    for name in ("received", "recency", "amount"):
        builder.add_integer_field(name, fast=True)
    builder.add_bytes_field("seal", stored=True)
    return builder.build()


def _exactly(
    searcher: tantivy.Searcher, query: Query, name: str, glance: dict[str, Any], most: int
) -> dict[str, int]:
    """The ``most`` frequent values of a facet, counted out where the first glance was not exact.

    Every segment tells its most frequent values alone; one that it left out may have occurred as
    often as the last it told.  The candidates are then counted by themselves, and if any other
    could be among the first, all values are.
    """
    buckets, unseen = glance["buckets"], glance["doc_count_error_upper_bound"]
    if unseen:
        last = buckets[-1]["doc_count"]
        if buckets[:most][-1]["doc_count"] > last:
            asked = _values(name, len(buckets), include=[bucket["key"] for bucket in buckets])
            buckets = searcher.aggregate(query, {name: asked})[name]["buckets"]
        if buckets[:most][-1]["doc_count"] < last + unseen:
            asked = _values(name, _MOST_VALUES)
            buckets = searcher.aggregate(query, {name: asked})[name]["buckets"]
    return {bucket["key"]: bucket["doc_count"] for bucket in buckets[:most]}


def _values(name: str, most: int, **more: list[str]) -> dict[str, Any]:
    """An aggregation over the values of a facet."""
    return {"terms": {"field": _facet(name), "size": most, "segment_size": most} | more}


def _facet(name: str) -> str:
    return f"facet_{name}"
