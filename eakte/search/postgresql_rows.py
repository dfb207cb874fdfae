"""Documents as rows of the PostgreSQL index."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from typing import Any

from sqlalchemy import Connection

from eakte.domain.search import IndexDocument
from eakte.search.plan import days, exact_terms, facet_values, recency
from eakte.search.postgresql_query import LABELS, SIGNS, quoted

_AT_ONCE = 250
"""Documents that are sent together."""
_KNOWN = 300_000
"""Terms that a writer remembers to have sent already."""
_MOST_PLACES = 24
"""Occurrences of a term that count; the hundredth says no more than the twentieth."""
_LONGEST_LEXEME = 2_046
_LONGEST_VECTOR = 1_000_000
"""Bytes; PostgreSQL takes 1,048,575, and counts a little more for each term than its own."""
_PER_LEXEME = 4
COLUMNS = "id, seal, words, head, body, length, deny, day, recency, amounts, facets"


class RowWriter:
    """Changes within one transaction: the last one of each document counts."""

    def __init__(
        self,
        connection: Connection,
        suffix: str,
        as_sentences: Callable[[], AbstractContextManager[None]],
    ) -> None:
        self._connection = connection
        self._suffix = suffix
        self._as_sentences = as_sentences
        self._changes: dict[str, IndexDocument | None] = {}
        self._known: set[str] = set()

    def put(self, document: IndexDocument) -> None:
        """Add the document, or replace it."""
        self._change(document.id, document)

    def delete(self, document_id: str) -> None:
        """Remove the document; unknown ids are no error."""
        self._change(document_id, None)

    def clear(self) -> None:
        """Remove everything."""
        self._changes.clear()
        with self._as_sentences():
            for table in ("search_document", "search_word"):
                self._connection.exec_driver_sql(f"DELETE FROM {table}{self._suffix}")  # noqa: S608
        self._known.clear()

    def flush(self) -> None:
        """Send what was gathered."""
        changes, self._changes = self._changes, {}
        if not changes:
            return
        documents = [document for document in changes.values() if document is not None]
        with self._as_sentences():
            erased = self._terms_of([one for one, document in changes.items() if document is None])
            self._connection.exec_driver_sql(
                f"DELETE FROM search_document{self._suffix} WHERE id = ANY(%s)",  # noqa: S608
                (list(changes),),
            )
            self._learn(term for one in documents for term in (*one.head, *one.body))
            driver: Any = self._connection.connection.driver_connection
            with (
                driver.cursor() as cursor,
                cursor.copy(f"COPY search_document{self._suffix} ({COLUMNS}) FROM STDIN") as copy,
            ):
                for document in documents:
                    copy.write_row(_row(document))
            self._forget(erased)

    def _change(self, document_id: str, document: IndexDocument | None) -> None:
        self._changes[document_id] = document
        if len(self._changes) >= _AT_ONCE:
            self.flush()

    def _terms_of(self, document_ids: list[str]) -> list[str]:
        """The terms of head and body that these documents hold in the index."""
        if not document_ids:
            return []
        found = self._connection.exec_driver_sql(
            "SELECT DISTINCT lexeme"  # noqa: S608
            f" FROM search_document{self._suffix}, unnest(tsvector_to_array(words)) AS lexeme"
            " WHERE id = ANY(%s)",
            (document_ids,),
        )
        signs = tuple(filter(None, SIGNS.values()))
        return [term for term in found.scalars() if not term.startswith(signs)]

    def _forget(self, terms: list[str]) -> None:
        """Drop those of ``terms`` that no document holds any more."""
        if terms:
            self._connection.exec_driver_sql(
                f"DELETE FROM search_word{self._suffix} AS word"  # noqa: S608
                " USING unnest(%s::text[], %s::text[]) AS old (term, asked)"
                " WHERE word.term = old.term AND NOT EXISTS"
                f" (SELECT FROM search_document{self._suffix} WHERE words @@ old.asked::tsquery)",
                (terms, [quoted(term) for term in terms]),
            )
            self._known.difference_update(terms)

    def _learn(self, terms: Iterable[str]) -> None:
        """Keep the terms that words with one sign wrong are sought among."""
        new = set(terms) - self._known
        if len(self._known) > _KNOWN:
            self._known.clear()
        self._known |= new
        if new:
            self._connection.exec_driver_sql(
                f"INSERT INTO search_word{self._suffix} SELECT unnest(%s::text[])"
                " ON CONFLICT DO NOTHING",
                (sorted(new),),
            )


def _row(document: IndexDocument) -> tuple[object, ...]:
    return (
        document.id,
        document.seal,
        vector(document),
        f" {' '.join(document.head)} ",
        f" {' '.join(document.body)} ",
        len(document.head) + len(document.body),
        sorted(document.deny),
        None if document.received is None else days(document.received),
        recency(document.received),
        sorted(set(document.amounts)),
        json.dumps(facet_values(document)),
    )


def vector(document: IndexDocument) -> str:
    """The document's terms as a tsvector.

    A place says no more than how often a term occurs, and where it weighs how much.  What exceeds
    the longest vector is left out: first how often, then what makes weaker ways, then the last
    words of a document with more than a hundred thousand different ones.
    """
    must = [SIGNS["allow"] + term for term in sorted(document.allow)]
    must += [SIGNS["exact"] + term for term in exact_terms(document)]
    places: dict[str, list[str]] = defaultdict(list)
    for field in ("head", "body", "loose", "parts", "rough"):
        sign, label = SIGNS[field], LABELS[field]
        for term in getattr(document, field):
            places[sign + term].append(label)
    lexemes = dict.fromkeys(must, "") | {
        lexeme: ",".join(f"{at}{label}" for at, label in enumerate(labels[:_MOST_PLACES], 1))
        for lexeme, labels in places.items()
    }
    if _size(lexemes) > _LONGEST_VECTOR:
        lexemes = dict(_fitting(dict.fromkeys(lexemes, "")))
    return " ".join(
        quoted(lexeme) + (f":{listed}" if listed else "")
        for lexeme, listed in lexemes.items()
        if len(lexeme.encode()) <= _LONGEST_LEXEME
    )


def _size(lexemes: dict[str, str]) -> int:
    return sum(
        len(lexeme.encode()) + _PER_LEXEME + 2 * (listed.count(",") + 1 if listed else 0)
        for lexeme, listed in lexemes.items()
    )


def _fitting(lexemes: dict[str, str]) -> Iterator[tuple[str, str]]:
    room = _LONGEST_VECTOR
    for lexeme, listed in lexemes.items():
        room -= len(lexeme.encode()) + _PER_LEXEME
        if room < 0:
            return
        yield lexeme, listed
