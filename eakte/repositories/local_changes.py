"""What people changed here over the register, and what the register had said.

One row for each thing changed, none for what still is as the register has it: the register's
upsert looks here before it writes, and leaves alone what it would only repeat.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from eakte.domain.rights import Reader
from eakte.models import LocalChange

ABSENCE, DEPUTIES, RANGES, TEAMS = "absence", "deputies", "ranges", "teams"
RESPONSIBLE, TEAM, SITE = "responsible", "team", "site"
ROLES, PERSON = "roles", "person"

Said = list[Any]


def absence_key(login: str, starts: date) -> str:
    """How the register names an absence: login and first day."""
    return f"{login} {starts.isoformat()}"


def responsible_key(case_file_id: str, person_id: str | None, function: str) -> str:
    """Who answers for a file, or for one person in it, in a function."""
    return f"{case_file_id} {person_id or '-'} {function}"


def by_person(said: Mapping[str, Said]) -> dict[tuple[str, str | None], dict[str, str | None]]:
    """Responsibilities that were changed here: what the register said by function, by person."""
    answer: dict[tuple[str, str | None], dict[str, str | None]] = {}
    for key, (login,) in said.items():
        case_file_id, person_id, function = key.split(" ", 2)
        place = (case_file_id, None if person_id == "-" else person_id)
        answer.setdefault(place, {})[function] = login
    return answer


class LocalChanges:
    """Rows of ``local_changes`` within the caller's transaction; ids and logins, no client data."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def of(self, kind: str) -> dict[str, Said]:
        """What the register had said, by key."""
        return dict(
            self.session.execute(
                select(LocalChange.key, LocalChange.said).where(LocalChange.kind == kind)
            ).all()
        )

    def note(self, reader: Reader, kind: str, said: Mapping[str, Said], now: datetime) -> None:
        """``reader`` changes these things; what was changed before keeps what was said first."""
        known = set(
            self.session.scalars(
                select(LocalChange.key).where(
                    LocalChange.kind == kind, LocalChange.key.in_(list(said))
                )
            )
        )
        rows = [
            {
                "kind": kind,
                "key": key,
                "said": value,
                "changed_by": reader.login,
                "changed_at": now,
            }
            for key, value in said.items()
            if key not in known
        ]
        if rows:
            self.session.execute(insert(LocalChange), rows)

    def forget(self, kind: str, keys: Iterable[str]) -> None:
        """The register counts again."""
        self.session.execute(
            delete(LocalChange).where(LocalChange.kind == kind, LocalChange.key.in_(list(keys)))
        )
