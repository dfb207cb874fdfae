"""What SQLite's planner knows of the tables: how many rows there are, and how they are spread.

Without it the planner takes every index for a good one.  In an archive of a million documents it
then goes through all that are filed (nearly each of them) to find the forty of a few case files.
PostgreSQL gathers this by itself.
"""

from __future__ import annotations

from eakte.repositories.database import Database

_LARGEST = "documents"
_GROWN = 1.5
"""The plans stay good until there are so many times the rows that were counted."""
_FEWEST = 1_000
"""Below, every plan is good enough."""


def is_due(database: Database) -> bool:
    """Whether the documents were never counted, or are many more than they were then.

    Two lookups, whatever the size: the last row's number stands for the count.
    """
    if database.engine.dialect.name != "sqlite":
        return False
    with database.read() as session:
        connection = session.connection()
        last = connection.exec_driver_sql(f"SELECT max(rowid) FROM {_LARGEST}").scalar() or 0  # noqa: S608 - our own name
        if last < _FEWEST:
            return False
        there = "SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'"
        if connection.exec_driver_sql(there).scalar() is None:
            return True
        counted = "SELECT stat FROM sqlite_stat1 WHERE tbl = ? AND idx IS NOT NULL LIMIT 1"
        stat = connection.exec_driver_sql(counted, (_LARGEST,)).scalar()
        return stat is None or last > _GROWN * int(stat.split()[0])


def keep_informed(database: Database) -> bool:
    """Count anew where that is due; returns whether it was.

    Reads every index once (9 s at a million documents) and writes at the end; whoever writes
    meanwhile waits.  Connections learn of it when they are opened: within the hour, in every
    process.  Counting samples instead would be wrong where it matters most: where nearly all rows
    have the same value.
    """
    if not is_due(database):
        return False
    with database.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()
    return True
