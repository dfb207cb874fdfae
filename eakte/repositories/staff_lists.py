"""A caseworker's lists (deputies, teams, surname ranges, roles) as a screen changes them.

Rows have the shape that the register's upsert compares, so that it knows its own word again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from eakte.domain.ids import new_id
from eakte.domain.rights import Reader
from eakte.models import Base, CaseworkerRole, Deputy, SurnameRange, TeamMember
from eakte.repositories.bulk import table_of
from eakte.repositories.local_changes import DEPUTIES, RANGES, ROLES, TEAMS, LocalChanges

Row = dict[str, Any]
LISTS: dict[str, tuple[type[Base], tuple[str, ...]]] = {
    DEPUTIES: (Deputy, ("position", "deputy_login")),
    TEAMS: (TeamMember, ("position", "team_id")),
    RANGES: (SurnameRange, ("position", "function", "from_name", "to_name")),
    ROLES: (CaseworkerRole, ("role",)),
}
"""Each in the order of its first column."""


class StaffLists:
    """Reads and replaces one list of one caseworker within the caller's transaction."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def rows(self, kind: str, login: str) -> list[Row]:
        """The list as it is, in its order."""
        model, columns = LISTS[kind]
        table = table_of(model)
        found = self.session.execute(
            select(*(table.c[name] for name in columns))
            .where(table.c.login == login)
            .order_by(table.c[columns[0]])
        )
        return [dict(zip(columns, row, strict=True)) for row in found]

    def put(
        self, reader: Reader, kind: str, login: str, rows: Sequence[Row], now: datetime
    ) -> bool:
        """Replace the list; returns whether that changed it.

        What the register had said is kept beside it; where ``rows`` say the same again, nothing is.
        """
        before = self.rows(kind, login)
        wanted = [dict(row) for row in rows]
        if "position" in LISTS[kind][1]:
            wanted = [{"position": position, **row} for position, row in enumerate(rows)]
        if before == wanted:
            return False
        local = LocalChanges(self.session)
        local.note(reader, kind, {login: before}, now)
        if local.of(kind)[login] == wanted:
            local.forget(kind, [login])
        model, _ = LISTS[kind]
        table = table_of(model)
        self.session.execute(delete(table).where(table.c.login == login))
        if wanted:
            own_key = kind == RANGES
            self.session.execute(
                insert(table),
                [
                    {**({"id": new_id()} if own_key else {}), "login": login, **row}
                    for row in wanted
                ],
            )
        self.session.expire_all()
        return True
