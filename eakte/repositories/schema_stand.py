"""Which schema a database has, which one the program wants, and what to do where they differ."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import DBAPIError

_STAND = text("SELECT version_num FROM alembic_version")
_SQLITE = ("no such table", "no such column", "has no column named")
_POSTGRESQL = frozenset({"42P01", "42703"})
"""``undefined_table`` and ``undefined_column``."""
_INIT = "„eakte init“ aufrufen: es hebt das Schema an, vorhandene Daten bleiben erhalten."
_SAME_VERSION = (
    "Programm und Datenbank stammen nicht aus derselben Version: die Version starten, die diese "
    "Datenbank angelegt hat, oder die Betreuung verständigen."
)


def stand_of(engine: Engine) -> str | None:
    """The revision that the database is at; None where it was never set up."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        stand: str | None = connection.scalar(_STAND)
        return stand


def lacks_something(error: DBAPIError) -> bool:
    """Whether a statement named a table or a column that is not there."""
    cause: Any = error.orig
    state = getattr(cause, "sqlstate", None)
    return state in _POSTGRESQL or any(word in str(cause) for word in _SQLITE)


def difference(stand: str | None, wanted: str) -> tuple[str, str] | None:
    """What to tell, and the remedy; None where the database is at the wanted revision."""
    if stand == wanted:
        return None
    if stand is None:
        return "Die Datenbank ist noch nicht eingerichtet.", "„eakte init“ aufrufen."
    told = f"Die Datenbank hat das Schema {stand}, dieses Programm braucht {wanted}."
    if stand > wanted:
        return told, "Die neuere Version des Programms starten, die das Schema angelegt hat."
    return told, _INIT


def missing_piece(stand: str | None, wanted: str, error: DBAPIError) -> tuple[str, str]:
    """The same for a statement that failed because something is not there."""
    differs = difference(stand, wanted) if wanted else None
    if differs is not None:
        return differs
    piece = " ".join(str(error.orig).strip().splitlines()[:1])
    told = f"Im Schema {stand} der Datenbank fehlt, was dieses Programm braucht ({piece})."
    return told, _SAME_VERSION
