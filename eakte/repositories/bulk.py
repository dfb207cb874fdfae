"""Many changes to a few tables, gathered and written in bulk.

One statement a table and kind of change, in the order of the foreign keys, instead of one a row:
a register of 10,000 case files is some 150,000 rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Table, bindparam, delete, insert, update
from sqlalchemy.orm import Session

from eakte.models import Base

Row = Mapping[str, Any]


def table_of(model: type[Base]) -> Table:
    """The table that ``model`` maps."""
    table = model.__table__
    if not isinstance(table, Table):
        raise TypeError(f"{model.__name__} maps no table")
    return table


class Changes:
    """Inserts, updates and deletes that wait to be written together.

    ``order`` lists the tables parents first. Deletes go first, backwards through it; then inserts,
    forwards; then updates, which may concern rows that were just made. Rows of one table must all
    have the same keys.
    """

    def __init__(self, order: Sequence[type[Base]]) -> None:
        self._order = [table_of(model) for model in order]
        self._inserts: dict[Table, list[Row]] = defaultdict(list)
        self._updates: dict[Table, list[tuple[Row, Row]]] = defaultdict(list)
        self._deletes: dict[Table, list[Row]] = defaultdict(list)

    def insert(self, model: type[Base], row: Row) -> None:
        """A new row, all columns without a default given."""
        self._inserts[table_of(model)].append(row)

    def update(self, model: type[Base], key: Row, values: Row) -> None:
        """New ``values`` for the row whose columns equal ``key``; its version goes up by one."""
        self._updates[table_of(model)].append((key, values))

    def delete(self, model: type[Base], key: Row) -> None:
        """Remove the rows whose columns equal ``key``."""
        self._deletes[table_of(model)].append(key)

    def write(self, session: Session) -> None:
        """Write everything within the session's transaction, and forget it."""
        for table in reversed(self._order):
            self._write_deletes(session, table)
        for table in self._order:
            if rows := self._inserts.pop(table, None):
                session.execute(insert(table), rows)
        for table in self._order:
            self._write_updates(session, table)

    def _write_deletes(self, session: Session, table: Table) -> None:
        keys = self._deletes.pop(table, None)
        if keys:
            session.execute(
                delete(table).where(*_equal(table, keys[0])), [_renamed("k_", key) for key in keys]
            )

    def _write_updates(self, session: Session, table: Table) -> None:
        rows = self._updates.pop(table, None)
        if not rows:
            return
        key, values = rows[0]
        assigned: dict[str, Any] = {name: bindparam(f"v_{name}") for name in values}
        if "version" in table.c:
            assigned["version"] = table.c.version + 1
        session.execute(
            update(table).where(*_equal(table, key)).values(assigned),
            [_renamed("k_", key) | _renamed("v_", values) for key, values in rows],
        )


def _equal(table: Table, names: Iterable[str]) -> list[Any]:
    return [table.c[name] == bindparam(f"k_{name}") for name in names]


def _renamed(prefix: str, row: Row) -> dict[str, Any]:
    return {f"{prefix}{name}": value for name, value in row.items()}
