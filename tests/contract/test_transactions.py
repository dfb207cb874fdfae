"""One request or one step is one transaction, and a view can't write: on both databases."""

from __future__ import annotations

import sqlite3
import threading
from typing import Any

import psycopg
import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from eakte.domain.rights import system_reader
from eakte.errors import Unavailable
from eakte.models import AuditRow, Site
from eakte.repositories.audit import AuditLog
from tests.authority import Authority

STEP = system_reader("test")


def test_what_fails_half_way_leaves_nothing_and_no_audit_row(authority: Authority):
    before = _count(authority)

    def fail() -> None:
        with authority.database.write() as session:
            session.add(Site(id="half", name="halb"))
            AuditLog(session).note(STEP, "test", "site", "half")
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with authority.database.read() as session:
        assert session.get(Site, "half") is None
    assert _count(authority) == before


def test_a_view_can_not_write(authority: Authority):
    def write() -> None:
        with authority.database.read() as session:
            session.add(Site(id="view", name="Blick"))
            session.flush()

    with pytest.raises((DBAPIError, Unavailable)):
        write()
    with authority.database.write() as session:
        assert session.get(Site, "view") is None
        session.add(Site(id="view", name="danach"))


def test_an_error_of_the_database_tells_no_values(authority: Authority):
    def ask() -> None:
        with authority.database.read() as session:
            session.execute(text("SELECT :name FROM nowhere"), {"name": "Yıldız"})

    with pytest.raises((DBAPIError, Unavailable)) as raised:
        ask()
    told = f"{raised.value} {raised.value.__cause__}"
    assert "nowhere" in told
    assert "Yıldız" not in told


def test_a_view_shows_one_moment_though_others_write(authority: Authority):
    with authority.database.read() as session:
        before = session.scalar(select(func.count()).select_from(Site))
        with authority.database.write() as other:
            other.add(Site(id="later", name="später"))
        assert session.scalar(select(func.count()).select_from(Site)) == before
    with authority.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Site)) == (before or 0) + 1


def test_two_writers_at_once_both_come_to_their_turn_and_the_chain_holds(authority: Authority):
    problems: list[BaseException] = []

    def write(name: str) -> None:
        try:
            for number in range(10):
                with authority.database.write() as session:
                    session.add(Site(id=f"{name}-{number}", name=name))
                    AuditLog(session).note(STEP, "test", "site", f"{name}-{number}")
        except BaseException as error:  # noqa: BLE001  told to the test below
            problems.append(error)

    threads = [threading.Thread(target=write, args=(name,)) for name in ("a", "b", "c")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    with authority.database.read() as session:
        assert list(authority.trail.verify(session)) == []
        written = select(func.count()).select_from(AuditRow).where(AuditRow.action == "test")
        assert session.scalar(written) == 30


def _count(authority: Authority) -> int:
    with authority.database.read() as session:
        return session.scalar(select(func.count()).select_from(AuditRow)) or 0


def test_a_connection_that_comes_back_after_closing_is_closed(authority: Authority):
    database = authority.database
    with database.read() as late:
        raw = late.connection().connection.dbapi_connection
        database.close()
        assert _is_open(raw)
    assert not _is_open(raw)


def _is_open(raw: Any) -> bool:
    try:
        raw.execute("SELECT 1")
    except (sqlite3.ProgrammingError, psycopg.OperationalError):
        return False
    return True
