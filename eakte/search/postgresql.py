"""PostgreSQL: an index in tables beside the product's own, for several web hosts.

Every host sees it at once, and nothing but the database has to be kept running.  The tables are
made here and not by a migration: they hold nothing that the database could not tell again, and a
rebuild lays them out anew.

================== ============================================================
``search_state``   version of schema and analysis, stamp of the rebuild; one row
``search_word``    terms of head and body, for words with one sign wrong
``search_document`` a row a document (``postgresql_rows.py`` fills them)
================== ============================================================

Whoever needs several of them begins with the first, so that no two wait for each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from time import sleep
from typing import Any

import psycopg
from psycopg import errors
from rapidfuzz.distance import OSA
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError, ProgrammingError, SQLAlchemyError

from eakte.domain.search import (
    COUNTED,
    Facets,
    SearchAnswer,
    SearchHit,
    SearchQuery,
)
from eakte.errors import Unavailable
from eakte.language.analysis import ANALYSIS_VERSION
from eakte.search.folder import REINDEX, busy, unavailable
from eakte.search.plan import MOST_EXPANSIONS, finds_nothing, swapped_neighbours
from eakte.search.postgresql_query import Neighbours, condition, near_terms, score
from eakte.search.postgresql_rows import COLUMNS, RowWriter

SCHEMA = "postgresql=2"
"""Raise the number whenever the tables below change."""

_VERSION = f"{SCHEMA} analysis={ANALYSIS_VERSION}"
_TABLES = ("search_state", "search_word", "search_document")
_LOCK = 0x45_41_4B_54_45  # "EAKTE": the one writer's advisory lock
_PATIENCE = "500ms"
"""A writer that was killed frees its lock once the server has noticed."""
_SWAP_PATIENCE = "200ms"
"""A rebuild waits so long for a reader to end: every search behind it waits as long."""
_SWAP_TRIES = 120
_SWAP_PAUSE = 0.5
"""Seconds between two tries, in which the searches that waited are answered."""
_LONGEST = "20s"
"""A search that takes longer is given up."""
_PAGE = 10_000
"""Rows read at once by :meth:`PostgresIndex.seals`."""
RANKED = 1_000
"""So many of the newest that match are ranked; what is older follows them by day."""
_LAST_SIGN = "\U0010ffff"
_LAYOUT = """
CREATE TABLE search_state{s} (version text NOT NULL, stamp text NOT NULL);
CREATE TABLE search_word{s} (term text COLLATE "C" PRIMARY KEY);
CREATE TABLE search_document{s} (
    id text COLLATE "C" PRIMARY KEY,
    seal text NOT NULL,
    words tsvector NOT NULL,
    head text NOT NULL,
    body text NOT NULL,
    length integer NOT NULL,
    deny text[] NOT NULL,
    day integer,
    recency integer NOT NULL,
    amounts bigint[] NOT NULL,
    facets jsonb NOT NULL
) WITH (toast_tuple_target = 128);
ALTER TABLE search_document{s} ALTER COLUMN facets SET STORAGE MAIN,
    ALTER COLUMN words SET STORAGE EXTERNAL
"""
"""The long columns lie apart, so that what is looked at in every match fits into few pages; vectors
as they are, because each is read whole to rank its row."""
_INDEXES = """
CREATE INDEX ON search_word{s} ((reverse(term) COLLATE "C"));
CREATE INDEX ON search_document{s} USING gin (words);
CREATE INDEX ON search_document{s} (recency DESC, id);
ANALYZE search_word{s};
ANALYZE search_document{s}
"""


_FOUND = "WITH found AS MATERIALIZED (SELECT id, recency FROM search_document WHERE {held})"
_BY_DAY = """, best AS (
    SELECT id, recency, recency::float8 AS score FROM found
    ORDER BY recency DESC, id LIMIT %s OFFSET %s
)"""
_BY_WORTH = """, newest AS MATERIALIZED (
    SELECT id FROM found ORDER BY recency DESC, id LIMIT %s
), ranked AS MATERIALIZED (
    SELECT id, {worth} AS score
    FROM newest JOIN search_document USING (id),
    -- Unpacked once a row, not once for everything that is asked of it.
    LATERAL (SELECT words || ''::tsvector AS unpacked OFFSET 0) AS its
), best AS (
    SELECT id, recency, coalesce(score, 0) AS score FROM found LEFT JOIN ranked USING (id)
    ORDER BY score DESC, recency DESC, id LIMIT %s OFFSET %s
)"""
_ANSWER = """
SELECT counted.total, best.id, best.score
FROM (SELECT count(*) AS total FROM found) AS counted LEFT JOIN best ON true
ORDER BY best.score DESC, best.recency DESC, best.id
"""


class PostgresIndex:
    """The index in the database of ``engine``.  Connecting and creating wait until asked for."""

    name = "postgresql"

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @property
    def outdated(self) -> bool:
        """Whether there is no index, one of another schema or analysis, or one that lacks a table.

        Raises ``Unavailable`` where the database can't be asked.
        """
        with self._connected() as connection:
            if len(_tables(connection)) < len(_TABLES) or _version(connection) != _VERSION:
                return True
            try:
                _run(connection, f"SELECT {COLUMNS} FROM search_document LIMIT 0")  # noqa: S608
                _run(connection, "SELECT term FROM search_word LIMIT 0")
            except ProgrammingError:
                return True
            return False

    @property
    def stamp(self) -> str:
        """What the last rebuild was given; raises ``Unavailable`` like :attr:`outdated`."""
        with self._connected() as connection:
            try:
                return str(_run(connection, "SELECT stamp FROM search_state").scalar() or "")
            except ProgrammingError:  # no index, or one of an older schema
                return ""

    def ensure(self) -> None:
        """Lay out an empty index where there is none."""
        with self._connected() as connection:
            there = bool(_tables(connection))
        if not there:
            with self.writer():
                pass

    @contextmanager
    def writer(self) -> Iterator[RowWriter]:
        """The single writer, in one transaction of the database."""
        with self._writing() as connection:
            with _as_sentences():
                if not _tables(connection):
                    _lay_out(connection, "")
                    _run(connection, _INDEXES.format(s=""))
                _must_serve(connection)
            rows = RowWriter(connection, "", _as_sentences)
            yield rows
            rows.flush()

    @contextmanager
    def rebuild(self, stamp: str = "") -> Iterator[RowWriter]:
        """Fill tables beside those that serve; they take their names at the end.

        All of it is one transaction: whatever ends it early leaves no trace.
        """
        with self._writing() as connection:
            with _as_sentences():
                _lay_out(connection, "_new", stamp)
            rows = RowWriter(connection, "_new", _as_sentences)
            yield rows
            rows.flush()
            with _as_sentences():
                _run(connection, _INDEXES.format(s="_new"))
                _lock_tables(connection)
                for table in _TABLES:
                    _run(connection, f"DROP TABLE IF EXISTS {table}")
                    _run(connection, f"ALTER TABLE {table}_new RENAME TO {table}")

    def search(self, query: SearchQuery) -> SearchAnswer:
        """Documents that match every clause and that one of the query's access groups opens."""
        with self._reading() as connection:
            if finds_nothing(query):
                return SearchAnswer((), 0)
            neighbours = _neighbours(connection, query)
            held, worth = condition(query, neighbours), score(query, neighbours)
            best, values = _BY_DAY, held.values
            if worth.text:
                best, values = _BY_WORTH, (*values, RANKED, *worth.values)
            statement = f"{_FOUND}{best}{_ANSWER}".format(held=held.text, worth=worth.text)
            rows = _run(connection, statement, *values, query.limit, query.offset).all()
        hits = tuple(SearchHit(row.id, float(row.score)) for row in rows if row.id is not None)
        return SearchAnswer(hits, rows[0].total)

    def facets(self, query: SearchQuery, fields: Sequence[str], most: int) -> Facets:
        """Exact counts over everything that matches."""
        wanted = list(dict.fromkeys(name for name in fields if name in COUNTED))
        counted: dict[str, dict[str, int]] = {name: {} for name in wanted}
        with self._reading() as connection:
            if finds_nothing(query) or not wanted:
                return counted
            held = condition(query, _neighbours(connection, query))
            each = " UNION ALL ".join(
                "(SELECT %s AS field, value, count(*) AS documents"
                " FROM found, jsonb_array_elements_text(found.facets -> %s) AS value"
                " GROUP BY value ORDER BY count(*) DESC, value LIMIT %s)"
                for _ in wanted
            )
            rows = _run(
                connection,
                "WITH found AS MATERIALIZED"  # noqa: S608
                f" (SELECT facets FROM search_document WHERE {held.text}) {each}",
                *held.values,
                *(value for name in wanted for value in (name, name, max(most, 0))),
            ).all()
        for row in sorted(rows, key=lambda row: (-row.documents, row.value)):
            counted[row.field][row.value] = row.documents
        return counted

    def is_empty(self) -> bool:
        """Whether it holds no document."""
        with self._reading() as connection:
            return _run(connection, "SELECT 1 FROM search_document LIMIT 1").first() is None

    def seals(self) -> Iterator[tuple[str, str]]:
        """The id and the seal of every document, in order."""
        last = ""
        while True:
            with self._reading() as connection:
                rows = _run(
                    connection,
                    "SELECT id, seal FROM search_document WHERE id > %s ORDER BY id LIMIT %s",
                    last,
                    _PAGE,
                ).all()
            for row in rows:
                yield row.id, row.seal
            if len(rows) < _PAGE:
                return
            last = rows[-1].id

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        """A connection for questions of our own alone: whatever fails, the index is away."""
        with _as_sentences(), self._engine.connect() as connection:
            _run(connection, f"SET LOCAL statement_timeout = '{_LONGEST}'")
            yield connection

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._connected() as connection:
            # What a vector costs to unpack is not in the planner's books: it would read them all.
            settings = f"SET LOCAL statement_timeout = '{_LONGEST}'; SET LOCAL enable_seqscan = off"
            _run(connection, settings)
            _must_serve(connection)
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """A transaction that holds the writer's lock; what its user raises undoes it."""
        with _as_sentences():
            connection = self._engine.connect()
        try:
            with _as_sentences():
                _run(connection, f"SET LOCAL lock_timeout = '{_PATIENCE}'")
                _run(connection, "SELECT pg_advisory_xact_lock(%s)", _LOCK)
                _run(connection, "SET LOCAL lock_timeout = 0")
            yield connection
            with _as_sentences():
                connection.commit()
        finally:
            connection.close()


def _run(connection: Connection, statement: str, *values: Any) -> Any:  # noqa: ANN401
    return connection.exec_driver_sql(statement, values or None)


def _lay_out(connection: Connection, suffix: str, stamp: str = "") -> None:
    _run(connection, _LAYOUT.format(s=suffix))
    state = f"INSERT INTO search_state{suffix} VALUES (%s, %s)"  # noqa: S608
    _run(connection, state, _VERSION, stamp)


def _lock_tables(connection: Connection) -> None:
    """Lock the tables that serve against everybody, without a long queue behind a long reader.

    Raises what the database says where some reader never ends.
    """
    tables = ", ".join(_tables(connection))  # in order: readers begin with the first
    if not tables:
        return
    _run(connection, f"SET LOCAL lock_timeout = '{_SWAP_PATIENCE}'")
    for left in reversed(range(_SWAP_TRIES)):
        try:
            with connection.begin_nested():
                _run(connection, f"LOCK TABLE {tables} IN ACCESS EXCLUSIVE MODE")
        except OperationalError as error:
            if not left or not isinstance(error.orig, errors.LockNotAvailable):
                raise
            sleep(_SWAP_PAUSE)
        else:
            return


def _tables(connection: Connection) -> list[str]:
    """Those of the index's tables that are there, in the order in which they are locked."""
    found = _run(
        connection,
        "SELECT name FROM unnest(%s::text[]) AS name WHERE to_regclass(name) IS NOT NULL",
        list(_TABLES),
    ).scalars()
    return sorted(found, key=_TABLES.index)


def discard(engine: Engine) -> None:
    """Take the index out of the database of ``engine``, if there is one."""
    with engine.begin() as connection:
        for table in _tables(connection):
            _run(connection, f"DROP TABLE {table}")


def _version(connection: Connection) -> str:
    """Schema and analysis of the index."""
    return str(_run(connection, "SELECT version FROM search_state").scalar() or "")


def _must_serve(connection: Connection) -> None:
    """Raises ``Unavailable`` where there is no index that this version can read."""
    try:
        version = _version(connection)
    except ProgrammingError as error:
        if isinstance(error.orig, errors.UndefinedTable):
            raise Unavailable("Der Suchindex ist noch nicht angelegt.", remedy=REINDEX) from error
        raise
    if version.rpartition(" ")[0] != SCHEMA:
        raise Unavailable("Der Suchindex passt nicht zu dieser Version.", remedy=REINDEX)


def _neighbours(connection: Connection, query: SearchQuery) -> Neighbours:
    """The terms of the index at one edit from those that are asked for so.

    One edit leaves the first or the second half of a term as it is, except where the two signs in
    the middle are swapped.
    """
    near = {}
    for term in sorted(near_terms(query)):
        half = len(term) // 2
        start, end = term[:half], term[half:][::-1]
        found = _run(
            connection,
            "SELECT term FROM search_word WHERE length(term) BETWEEN %s AND %s"
            " AND ((term >= %s AND term < %s)"
            ' OR (reverse(term) COLLATE "C" >= %s AND reverse(term) COLLATE "C" < %s))'
            " UNION SELECT term FROM search_word WHERE term = ANY(%s)",
            len(term) - 1,
            len(term) + 1,
            start,
            start + _LAST_SIGN,
            end,
            end + _LAST_SIGN,
            swapped_neighbours(term),
        ).scalars()
        alike = (one for one in found if OSA.distance(term, one, score_cutoff=1) <= 1)
        near[term] = sorted(alike)[:MOST_EXPANSIONS]
    return near


@contextmanager
def _as_sentences() -> Iterator[None]:
    """What the database says as the sentence that the desk reads; never a value of a document."""
    try:
        yield
    except (SQLAlchemyError, psycopg.Error) as error:
        cause = getattr(error, "orig", None) or error
        if isinstance(cause, errors.LockNotAvailable):
            raise busy() from error
        raise unavailable(type(cause).__name__) from error
