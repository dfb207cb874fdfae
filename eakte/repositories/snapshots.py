"""Every table at one moment as one SQLite file, and back into an empty database.

The file is the same whether the database is SQLite or PostgreSQL, so a backup of one can be put
back into the other.  System reader only: what is copied here is everything.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from psycopg import sql
from psycopg.types.json import Jsonb
from sqlalchemy import (
    JSON,
    CompoundSelect,
    Connection,
    Engine,
    Table,
    create_engine,
    event,
    func,
    inspect,
    literal,
    select,
    text,
    union,
)
from sqlalchemy.pool import NullPool

from eakte.domain.rights import Reader
from eakte.errors import NotPermitted
from eakte.models import AuditHead, AuditRow, Base
from eakte.repositories.audit import GENESIS
from eakte.repositories.database import Database

AT_ONCE = 1000
VERSION_TABLE = "alembic_version"
_STAND = text("SELECT version_num FROM alembic_version")
NO_BLOB = frozenset({"token_sha256"})
"""Columns that are called after a hash and name no blob."""


def take(
    database: Database, reader: Reader, target: Path, lay_out: Callable[[Engine], None]
) -> None:
    """Write everything, as one transaction sees it, into a new SQLite file at ``target``.

    Nobody has to wait for it: both databases read from a snapshot while others write.  ``lay_out``
    makes the schema in an empty file.  Raises ``sqlite3.Error`` or SQLAlchemy's errors where the
    file can't be written or the database goes away.
    """
    if not reader.is_system:
        raise NotPermitted("Sicherungen macht nur der Betrieb.")
    if database.engine.dialect.name == "sqlite":
        _vacuum_into(database.engine, target)
    else:
        _copy_rows(database.engine, target, lay_out)


def _vacuum_into(engine: Engine, target: Path) -> None:
    """SQLite's own copy: one read transaction, no remains of what was deleted."""
    with closing(engine.raw_connection()) as connection:
        raw = connection.driver_connection
        assert isinstance(raw, sqlite3.Connection)  # noqa: S101  the dialect's name says so
        raw.execute("VACUUM INTO ?", (str(target),))
    # The durable engine's checkpoints mean nothing beside its own state, which is not copied.
    with closing(sqlite3.connect(target, isolation_level=None)) as copy:
        ours = {*Base.metadata.tables, VERSION_TABLE}
        names = copy.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        )
        for (name,) in names.fetchall():
            if name not in ours:
                copy.execute(f'DROP TABLE "{name}"')


def _copy_rows(engine: Engine, target: Path, lay_out: Callable[[Engine], None]) -> None:
    copy = _writable(target)
    try:
        lay_out(copy)
        reading = engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        with reading.connect() as source, copy.begin() as sink:
            for table in Base.metadata.sorted_tables:
                for rows in _rows(source, table):
                    sink.execute(table.insert(), [dict(row) for row in rows])
    finally:
        copy.dispose()


def _rows(source: Connection, table: Table) -> Iterator[list[Any]]:
    """All rows of ``table``, some at once, as mappings."""
    result = source.execution_options(yield_per=AT_ONCE).execute(select(table))
    for part in result.mappings().partitions():
        yield list(part)


def _writable(path: Path) -> Engine:
    """A file that nobody else sees yet: it is fsynced when it is done, not at every step."""
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool)

    def prepare(raw: sqlite3.Connection, _record: object) -> None:
        raw.execute("PRAGMA journal_mode=OFF")
        raw.execute("PRAGMA synchronous=OFF")
        raw.execute("PRAGMA foreign_keys=OFF")

    event.listen(engine, "connect", prepare)
    return engine


@contextmanager
def opened(path: Path) -> Iterator[Connection]:
    """A finished copy to be read; nothing is written beside it, whatever disk it lies on."""
    engine = create_engine(f"sqlite:///file:{path}?immutable=1&uri=true", poolclass=NullPool)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def counts(connection: Connection) -> dict[str, int]:
    """How many rows each table has; tables of a later version of the schema are left out."""
    present = set(inspect(connection).get_table_names())
    return {
        table.name: connection.scalar(select(func.count()).select_from(table)) or 0
        for table in Base.metadata.sorted_tables
        if table.name in present
    }


def revision(connection: Connection) -> str:
    """Which migration the schema stands at."""
    return str(connection.scalar(_STAND))


def audit_head(connection: Connection) -> tuple[int, str]:
    """Number and MAC of the chain's last row."""
    head = connection.execute(select(AuditHead.seq, AuditHead.mac)).first()
    return (head.seq, head.mac) if head is not None else (0, GENESIS)


def origin(connection: Connection) -> str:
    """The MAC of the chain's first row, which no two installations share; empty for no chain."""
    return connection.scalar(select(AuditRow.mac).where(AuditRow.seq == 1)) or ""


def referred_count(connection: Connection) -> int:
    """How many hashes :func:`referred` answers."""
    return connection.scalar(select(func.count()).select_from(_referred().subquery())) or 0


def referred(connection: Connection) -> Iterator[str]:
    """Every hash that a row refers to in a column of its own, once, ascending."""
    ordered = _referred().order_by("sha256")
    yield from connection.execution_options(yield_per=AT_ONCE).scalars(ordered)


def _referred() -> CompoundSelect[str]:
    columns = [
        column
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.name.endswith("sha256") and column.name not in NO_BLOB
    ]
    return union(*(select(one.label("sha256")).where(one.is_not(None)) for one in columns))


def is_empty(engine: Engine) -> bool:
    """Whether none of our tables holds a row (or there is none)."""
    with engine.connect() as connection:
        present = set(inspect(connection).get_table_names())
        return not any(
            connection.execute(select(literal(1)).select_from(table).limit(1)).first()
            for table in Base.metadata.sorted_tables
            if table.name in present
        )


def fill(engine: Engine, path: Path) -> None:
    """Put the rows of the copy at ``path`` into an empty PostgreSQL database, all or none.

    Both must stand at the schema that this version of the product expects.
    """
    with opened(path) as source, engine.begin() as sink:
        raw = sink.connection.driver_connection
        assert raw is not None  # noqa: S101  a connection that is in use has a driver
        for table in Base.metadata.sorted_tables:
            _copy_in(source, raw, table)
        _set_sequences(source, sink)


def _copy_in(source: Connection, raw: Any, table: Table) -> None:  # noqa: ANN401  psycopg's own
    columns = list(table.columns)
    as_json = [isinstance(one.type, JSON) for one in columns]
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table.name), sql.SQL(", ").join(sql.Identifier(one.name) for one in columns)
    )
    with raw.cursor() as cursor, cursor.copy(statement) as copy:
        for rows in _rows(source, table):
            for row in rows:
                values = zip(row.values(), as_json, strict=True)
                copy.write_row([Jsonb(value) if wrap else value for value, wrap in values])


def _set_sequences(source: Connection, sink: Connection) -> None:
    """Ids that the database gives go on behind the last one ever given."""
    for name, last in source.exec_driver_sql("SELECT name, seq FROM sqlite_sequence"):
        if last:
            sink.execute(select(func.setval(func.pg_get_serial_sequence(name, "id"), last)))
