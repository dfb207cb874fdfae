"""A database whose schema is not the program's says so, and what brings them together."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from eakte.errors import Unavailable
from eakte.repositories.database import Database
from eakte.repositories.schema_stand import difference, stand_of
from tests.authority import Authority


def test_a_statement_on_something_that_is_missing_names_both_versions(authority: Authority):
    there = stand_of(authority.database.engine) or ""
    made = authority.database
    wants_more = Database(made.engine, made.trail, made.clock, schema=f"{there}1")
    told = []
    for database in (wants_more, made):
        for statement in ("SELECT later FROM sites", "SELECT 1 FROM nowhere"):
            with pytest.raises(Unavailable) as raised, database.read() as session:
                session.execute(text(statement))
            told.append(str(raised.value))
    assert f"dieses Programm braucht {there}1" in told[0]
    assert "„eakte init“" in told[0]
    assert told[0] == told[1]
    assert "fehlt, was dieses Programm braucht" in told[2]
    assert "later" in told[2]
    assert "nowhere" in told[3]
    assert "die Version starten, die diese Datenbank angelegt hat" in told[3]
    assert "restore" not in told[3]
    if wants_more.reading is not made.engine:
        wants_more.reading.dispose()


def test_who_asks_is_told_at_once_while_somebody_writes(authority: Authority):
    database = authority.database
    with database.engine.connect() as other, other.begin():  # holds SQLite's only right to write
        with pytest.raises(Unavailable, match="fehlt, was") as raised, database.read() as session:
            session.execute(text("SELECT 1 FROM nowhere"))
        assert raised.value.__cause__ is not None


def test_where_the_schema_can_not_be_asked_either_the_database_does_not_answer(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
):
    def gone(_engine: Engine) -> str | None:
        raise OperationalError("SELECT version_num", {}, Exception("server closed the connection"))

    monkeypatch.setattr("eakte.repositories.database.stand_of", gone)
    with pytest.raises(Unavailable, match="antwortet nicht"), authority.database.read() as session:
        session.execute(text("SELECT 1 FROM nowhere"))


@pytest.mark.parametrize(
    ("stand", "message", "remedy"),
    [
        (None, "noch nicht eingerichtet", "„eakte init“ aufrufen"),
        ("0003", "hat das Schema 0003, dieses Programm braucht 0004", "hebt das Schema an"),
        ("0005", "hat das Schema 0005, dieses Programm braucht 0004", "neuere Version"),
    ],
)
def test_every_difference_has_its_remedy(stand: str | None, message: str, remedy: str):
    told = difference(stand, "0004")
    assert told is not None
    assert message in told[0]
    assert remedy in told[1]
    assert difference("0004", "0004") is None
