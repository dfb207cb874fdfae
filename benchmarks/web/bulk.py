"""Rows in bulk into an empty schema, past the mappings: SQLite by many at once, PostgreSQL by COPY.

Values are written as both databases read them: ids as 32 hexadecimal digits, instants and days as
ISO text (UTC), JSON as text, truth as 0 and 1.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

import psycopg
from sqlalchemy import Table, make_url

from eakte.models import Base

Row = Sequence[Any]


class Bulk(Protocol):
    """Takes the rows of one table after the other."""

    def put(self, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
        """Write these rows."""

    def close(self) -> None:
        """Put back what was set aside, and commit."""


def open_bulk(url: str) -> Bulk:
    """The way in for the database at ``url``."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _Sqlite(str(parsed.database))
    return _Postgres(parsed.set(drivername="postgresql").render_as_string(hide_password=False))


def check(table: Table, columns: Sequence[str]) -> None:
    """Raise where the table wants a value that would not be given."""
    wanted = {
        column.name
        for column in table.columns
        if not column.nullable and column.server_default is None
    }
    missing = wanted - set(columns)
    if missing:
        raise ValueError(f"{table.name}: no value for {', '.join(sorted(missing))}")


class _Sqlite:
    """Indexes are dropped first and made again at the end, which is many times as fast."""

    def __init__(self, path: str) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None)
        for pragma in (
            "journal_mode=OFF",
            "synchronous=OFF",
            "foreign_keys=OFF",
            "cache_size=-1500000",
            "temp_store=MEMORY",
        ):
            self.connection.execute(f"PRAGMA {pragma}")
        self.indexes: list[str] = []
        self.emptied: set[str] = set()
        self.connection.execute("BEGIN")

    def put(self, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
        self._set_indexes_aside(table, columns)
        marks = ", ".join("?" * len(columns))
        names = ", ".join(f'"{column}"' for column in columns)
        self.connection.executemany(
            f'INSERT INTO "{table}" ({names}) VALUES ({marks})',  # noqa: S608  our own names
            rows,
        )

    def _set_indexes_aside(self, table: str, columns: Sequence[str]) -> None:
        if table in self.emptied:
            return
        check(Base.metadata.tables[table], columns)
        self.emptied.add(table)
        found = self.connection.execute(
            "SELECT name, sql FROM sqlite_master "
            "WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL",
            (table,),
        ).fetchall()
        for name, sql in found:
            self.connection.execute(f'DROP INDEX "{name}"')
            self.indexes.append(sql)

    def close(self) -> None:
        for sql in self.indexes:
            self.connection.execute(sql)
        self.connection.execute("COMMIT")
        self.connection.execute("PRAGMA journal_mode=WAL")
        self.connection.close()


class _Postgres:
    """COPY, with foreign keys unchecked (the role must be the cluster's own superuser)."""

    def __init__(self, address: str) -> None:
        self.connection = psycopg.connect(address)
        self.connection.execute("SET session_replication_role = replica")
        self.connection.execute("SET TIME ZONE 'UTC'")
        self.checked: set[str] = set()

    def put(self, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
        if table not in self.checked:
            check(Base.metadata.tables[table], columns)
            self.checked.add(table)
        names = ", ".join(f'"{column}"' for column in columns)
        with (
            self.connection.cursor() as cursor,
            cursor.copy(f'COPY "{table}" ({names}) FROM STDIN'.encode()) as copy,
        ):
            for row in rows:
                copy.write_row(row)

    def close(self) -> None:
        self.connection.commit()
        self.connection.autocommit = True
        self.connection.execute("ANALYZE")
        self.connection.close()
