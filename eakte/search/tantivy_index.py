"""Tantivy: the default engine, an embedded index in a local folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from re import escape
from threading import Lock

import tantivy
from tantivy import FieldType, Occur, Order, Query

from eakte.domain.search import Clause, IndexDocument, SearchAnswer, SearchHit, SearchQuery
from eakte.search.folder import IndexFolder, busy, unavailable
from eakte.search.plan import (
    Match,
    days,
    exact_terms,
    finds_nothing,
    matches,
    recency,
    scores,
)

SCHEMA = "tantivy=1"
"""Raise the number whenever the fields below change."""

_WRITER_MEMORY = 50_000_000
"""Bytes that the writer fills before it writes a segment."""
_PAGE = 50_000
"""Ids read at once by :meth:`TantivyIndex.ids`."""
# What the binding raises for a missing, damaged or locked index.
_FAILURES = (ValueError, OSError)


@dataclass(slots=True)
class _Reader:
    """An open generation and the state of its ``meta.json`` when it was read."""

    generation: Path
    state: tuple[int, int, int]
    index: tantivy.Index


class TantivyIndex:
    """The index in the folder ``path``.  Opening, locking and creating wait until asked for."""

    name = "tantivy"

    def __init__(self, path: Path) -> None:
        self._folder = IndexFolder(path, SCHEMA)
        self._schema = _schema()
        self._reader: _Reader | None = None
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
                with self._writing(self._folder.serving()) as writer:
                    yield writer

    @contextmanager
    def rebuild(self) -> Iterator[_Writer]:
        """Fill an index anew while the old one serves; it takes over at the end.

        Other writers wait meanwhile, so that no change is lost in between.
        """
        with self._folder.lock(), self._filling() as writer:
            yield writer

    def search(self, query: SearchQuery) -> SearchAnswer:
        """Documents that match every clause and that the query's access terms open."""
        searcher = self._searcher()
        if finds_nothing(query):
            return SearchAnswer((), 0)
        try:
            found = searcher.search(
                self._translate(query),
                limit=max(query.limit, 1),
                offset=query.offset,
                weight_by_field="recency",
            )
            hits = tuple(
                SearchHit(searcher.doc(address)["id"][0], float(score))
                for score, address in found.hits[: query.limit]
            )
        except _FAILURES as error:
            raise unavailable(error) from error
        return SearchAnswer(hits, found.count)  # type: ignore[attr-defined] # missing in its stub

    def ids(self) -> Iterator[str]:
        """The id of every document, in order."""
        searcher = self._searcher()
        for offset in range(0, searcher.num_docs, _PAGE):
            found = searcher.search(
                Query.all_query(),
                limit=_PAGE,
                offset=offset,
                count=False,
                order_by_field="id",
                order=Order.Asc,
            )
            for document_id, _ in found.hits:
                yield document_id

    @contextmanager
    def _filling(self) -> Iterator[_Writer]:
        """A writer into a generation of its own, which serves once all went well."""
        generation = self._folder.new_generation()
        try:
            with self._writing(generation) as writer:
                yield writer
        except BaseException:
            self._folder.discard(generation)
            raise
        self._folder.publish(generation)

    @contextmanager
    def _writing(self, generation: Path) -> Iterator[_Writer]:
        try:
            index = tantivy.Index(self._schema, str(generation))
            writer = index.writer(heap_size=_WRITER_MEMORY, num_threads=1)
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
                self._reader = reader = _Reader(generation, state, index)
            elif reader.state != state:
                reader.index.reload()
                reader.state = state
            return reader.index.searcher()

    def _translate(self, query: SearchQuery) -> Query:
        ranked = any(scores(clause) for clause in query.clauses)
        allowed = Query.term_set_query(self._schema, "allow", sorted(query.allow))
        denied = Query.term_set_query(self._schema, "deny", sorted(query.allow | query.deny))
        parts: list[tuple[Occur, Query]] = [
            # Where nothing else scores, all are equal and recency decides.
            (Occur.Must, Query.const_score_query(allowed, 0.0 if ranked else 1.0)),
            (Occur.MustNot, denied),
        ]
        if query.received_from or query.received_to:
            parts.append((Occur.Must, _silent(self._received(query))))
        for clause in query.clauses:
            translated = self._clause(clause)
            if clause.excluded:
                parts.append((Occur.MustNot, translated))
            else:
                parts.append((Occur.Must, translated if scores(clause) else _silent(translated)))
        return Query.boolean_query(parts)

    def _received(self, query: SearchQuery) -> Query:
        return Query.range_query(
            self._schema,
            "received",
            FieldType.Integer,
            lower_bound=days(query.received_from) if query.received_from else None,
            upper_bound=days(query.received_to) if query.received_to else None,
        )

    def _clause(self, clause: Clause) -> Query:
        return Query.boolean_query(
            [(Occur.Should, self._match(match)) for match in matches(clause)]
        )

    def _match(self, match: Match) -> Query:
        *before, last = match.terms
        if match.open_end and before:
            words: list[str | tuple[int, str]] = [*map(escape, before), f"{escape(last)}.*"]
            query = Query.regex_phrase_query(self._schema, match.field, words)
        elif match.open_end:
            query = Query.fuzzy_term_query(self._schema, match.field, last, distance=0, prefix=True)
        elif before:
            query = Query.phrase_query(self._schema, match.field, list(match.terms))
        else:
            query = Query.term_query(self._schema, match.field, last)
        return Query.boost_query(query, match.weight)


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
            exact=exact_terms(document),
            allow=sorted(document.allow),
            deny=sorted(document.deny),
            recency=[recency(document.received)],
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
    for name in ("exact", "allow", "deny"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("received", indexed=True, fast=True)
    builder.add_integer_field("recency", fast=True)
    return builder.build()


def _silent(query: Query) -> Query:
    """``query`` as a filter: it chooses and does not score."""
    return Query.const_score_query(query, 0.0)
