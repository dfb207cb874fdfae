"""Engines, sessions and transactions for SQLite (WAL) and PostgreSQL.

One request or one step is one transaction.  Audit rows gathered in it are chained and written as
its last statements, so that the chain's lock is held as briefly as can be.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

from classifiers.deadlines_calendar import Reckoning
from eakte.errors import Unavailable
from eakte.ports import Clock
from eakte.repositories.audit import AuditTrail, PendingAudit
from eakte.repositories.schema_stand import lacks_something, missing_piece, stand_of

BUSY_SECONDS = 30
STATEMENTS = 512
"""Prepared ones that a SQLite connection keeps: rights make statements long, and many."""
RENEWED_SECONDS = 3600
"""A connection plans with what was known of the tables when it was opened (``planner.py``)."""
MAPPED_BYTES = 2**31 - 2**16
"""So much of a SQLite file is read without asking the system for each page: all it allows."""


class EakteSession(Session):
    """A session that gathers audit rows; they are written when it commits.

    ``reckoning`` is how periods end here now: whatever changes in it, deadlines follow.
    """

    def __init__(
        self,
        *,
        trail: AuditTrail,
        reckoning: Callable[[], Reckoning] = Reckoning,
        **options: Any,  # noqa: ANN401  Session's own
    ) -> None:
        super().__init__(**options)
        self.trail = trail
        self.reckoning = reckoning()
        self.pending: list[PendingAudit] = []


def make_engine(url: str | URL) -> Engine:
    """An engine for ``url``; on SQLite with WAL, full fsync and foreign keys.

    Errors name the statement, not its values: they end up in the log, where no names stand.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(
            parsed, pool_pre_ping=True, pool_size=10, max_overflow=30, hide_parameters=True
        )
    engine = _sqlite_engine(parsed)
    event.listen(engine, "begin", _begin_to_write)
    return engine


def _sqlite_engine(url: URL) -> Engine:
    engine = create_engine(
        url,
        hide_parameters=True,
        connect_args={
            "timeout": BUSY_SECONDS,
            "check_same_thread": False,
            "cached_statements": STATEMENTS,
        },
        pool_size=10,
        max_overflow=30,
        pool_recycle=RENEWED_SECONDS,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _reading(engine: Engine) -> Engine:
    """The same database for those who only read: one snapshot for all their statements.

    On SQLite with connections of their own.  Forbidding a connection to write, or allowing it
    again, makes it forget every statement that it prepared: done for each transaction, half of a
    screen's time in the database went into preparing them anew.
    """
    if engine.dialect.name != "sqlite":
        return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    reading = _sqlite_engine(engine.url)
    event.listen(reading, "connect", _prepare_to_read)
    event.listen(reading, "begin", _begin_to_read)
    event.listen(engine, "engine_disposed", lambda _: reading.dispose())
    return reading


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:  # noqa: ANN401
    # The driver must not open transactions by itself: it would begin them deferred, and two
    # readers that both turn into writers can only fail ("database is locked").
    connection.isolation_level = None
    # SQLite's own lower() knows ASCII alone: Öztürk would not be found by "ö".
    connection.create_function("lower", 1, _lower, deterministic=True)
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    # What was read on post that stays closed must be gone from the file, too.
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
    cursor.close()


def _lower(text: str | None) -> str | None:
    return None if text is None else text.lower()


def _prepare_to_read(connection: sqlite3.Connection, _record: Any) -> None:  # noqa: ANN401
    connection.execute("PRAGMA query_only=ON")
    # Whatever others wrote empties a connection's own cache; the system's is always true.
    connection.execute(f"PRAGMA mmap_size={MAPPED_BYTES}")


def _begin_to_write(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_to_read(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


class Database:
    """The database with its clock and audit trail; hands out transactions.

    ``reckoning`` is asked for every transaction. ``schema`` is the revision that this program
    wants, to name it where the database lacks something.
    """

    def __init__(
        self,
        engine: Engine,
        trail: AuditTrail,
        clock: Clock,
        reckoning: Callable[[], Reckoning] = Reckoning,
        *,
        schema: str = "",
    ) -> None:
        self.engine = engine
        self.schema = schema
        self.trail = trail
        self.clock = clock
        self.session_maker = sessionmaker(
            class_=EakteSession, expire_on_commit=False, trail=trail, reckoning=reckoning
        )
        self.reading = _reading(engine)

    @property
    def engines(self) -> tuple[Engine, ...]:
        """Those that have statements of their own: who counts them listens to all."""
        apart = self.engine.dialect.name == "sqlite"
        return (self.engine, self.reading) if apart else (self.engine,)

    @contextmanager
    def write(self) -> Iterator[EakteSession]:
        """One transaction: commits at the end, or leaves nothing behind."""
        with self._translated(), self.session_maker(bind=self.engine) as session, session.begin():
            yield session

    @contextmanager
    def read(self) -> Iterator[EakteSession]:
        """A consistent view that can't write."""
        with self._translated(), self.session_maker(bind=self.reading) as session:
            yield session  # closing rolls back, and leaves the rows that were read as they are

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (OperationalError, ProgrammingError) as error:
            if lacks_something(error):
                told, remedy = missing_piece(self._stand(), self.schema, error)
                raise Unavailable(told, remedy=remedy) from error
            if isinstance(error, ProgrammingError):
                raise
            raise _no_answer() from error

    def _stand(self) -> str | None:
        """The revision it is at; read beside whoever writes (an ``eakte init`` may be at it)."""
        try:
            return stand_of(self.reading)
        except DBAPIError as error:
            raise _no_answer() from error

    def close(self) -> None:
        """Put the connections away; one that is still in use is closed when it comes back.

        A thread may outlast what asked for it (a browser that left, a step that is ending): its
        connection would return to a pool that nobody empties any more.
        """
        for engine in self.engines:
            event.listen(engine, "checkin", _close_returned)
        self.engine.dispose()


def _no_answer() -> Unavailable:
    return Unavailable(
        "Die Datenbank antwortet nicht.",
        remedy="Später noch einmal versuchen; hält es an, die Datenbank prüfen.",
    )


def _close_returned(_raw: Any, record: ConnectionPoolEntry) -> None:  # noqa: ANN401  the driver's own
    record.invalidate()


@event.listens_for(EakteSession, "before_commit")
def _write_audit(session: EakteSession) -> None:
    if session.pending:
        session.flush()
        rows, session.pending = session.pending, []
        session.trail.append(session, rows)
        session.flush()


@event.listens_for(EakteSession, "after_rollback")
def _forget_audit(session: EakteSession) -> None:
    session.pending = []
