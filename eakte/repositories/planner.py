"""What SQLite's planner knows of the tables: how many rows there are, and how they are spread.

Without it the planner takes every index for a good one.  In an archive of a million documents it
then goes through all that are filed (nearly each of them) to find the forty of a few case files.
PostgreSQL gathers this by itself.
"""

from __future__ import annotations

from sqlalchemy import inspect, text

from eakte.repositories.database import Database

_LAST = text("SELECT max(rowid) FROM documents")
"""Stands for the count, and costs one lookup."""
_GROWN = 1.5
"""The plans stay good until there are so many times the documents that there were."""
_FEWEST = 1_000
"""Below, every plan is good enough."""


def is_due(database: Database) -> bool:
    """Whether there are many more documents than when the tables were counted last."""
    if database.engine.dialect.name != "sqlite":
        return False
    with database.read() as session:
        last = session.scalar(_LAST) or 0
        # SQLite keeps a number for whoever uses the file: the last document at the last count.
        counted = session.scalar(text("PRAGMA user_version")) or 0
    return last >= _FEWEST and last > _GROWN * counted


def keep_informed(database: Database) -> bool:
    """Count anew where that is due; returns whether it was.

    Reads every index once (9 s at a million documents), a table at a time: whoever writes waits
    for one of them, no longer.  Connections learn of it when they are opened: within the hour, in
    every process.  Counting samples instead would be wrong where it matters most: where nearly all
    rows have the same value.
    """
    if not is_due(database):
        return False
    with database.read() as session:
        last = session.scalar(_LAST) or 0
    for table in inspect(database.reading).get_table_names():
        with database.engine.begin() as connection:
            connection.exec_driver_sql(f'ANALYZE "{table}"')
    with database.engine.begin() as connection:
        connection.exec_driver_sql(f"PRAGMA user_version = {int(last)}")
    return True
