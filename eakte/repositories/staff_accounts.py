"""Accounts of the staff as the administration keeps them: roles, locks, last sign-ins."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from eakte.domain.rights import Reader
from eakte.errors import NotPermitted
from eakte.models import Account, Caseworker, CaseworkerRole, LocalChange, UserSession
from eakte.repositories.local_changes import DEPUTIES, PERSON, RANGES, ROLES, TEAMS, LocalChanges

OF_PEOPLE = (PERSON, ROLES, TEAMS, RANGES, DEPUTIES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """How somebody gets in; without a password nobody does.

    ``awaits_second``: blocked until somebody other than ``password_by`` unblocks it.
    """

    changed_at: datetime
    must_change: bool
    signed_in_at: datetime | None
    locked_until: datetime | None
    blocked_at: datetime | None
    blocked_by: str | None
    password_by: str | None
    awaits_second: bool


class StaffAccounts:
    """Rows for those who keep the accounts (and the system); ``NotPermitted`` for all others.

    ``login`` None: of everybody.
    """

    def __init__(self, session: Session) -> None:
        self.session = session

    def roles(self, reader: Reader, login: str | None = None) -> dict[str, tuple[str, ...]]:
        """The roles by login."""
        require_keeper(reader)
        query = select(CaseworkerRole.login, CaseworkerRole.role).order_by(CaseworkerRole.role)
        found: dict[str, tuple[str, ...]] = defaultdict(tuple)
        query = query.where(*_of(CaseworkerRole.login, login))
        for one, role in self.session.execute(query):
            found[one] += (role,)
        return dict(found)

    def doors(self, reader: Reader, login: str | None = None) -> dict[str, Door]:
        """The accounts by login."""
        require_keeper(reader)
        return {
            row.login: Door(
                changed_at=row.changed_at,
                must_change=row.must_change,
                signed_in_at=row.signed_in_at,
                locked_until=row.locked_until,
                blocked_at=row.blocked_at,
                blocked_by=row.blocked_by,
                password_by=row.password_by,
                awaits_second=row.awaits_second,
            )
            for row in self.session.scalars(select(Account).where(*_of(Account.login, login)))
        }

    def sessions(self, reader: Reader, login: str, seen: datetime, made: datetime) -> int:
        """How many browsers of ``login`` are signed in, seen and made after these instants."""
        require_keeper(reader)
        query = select(func.count()).where(
            UserSession.login == login, UserSession.seen_at >= seen, UserSession.created_at >= made
        )
        return self.session.scalar(query) or 0

    def changes(
        self, reader: Reader, login: str | None = None
    ) -> dict[str, dict[str, LocalChange]]:
        """What was changed here over the register: by login, by kind of list."""
        require_keeper(reader)
        found: dict[str, dict[str, LocalChange]] = defaultdict(dict)
        query = select(LocalChange).where(
            LocalChange.kind.in_(OF_PEOPLE), *_of(LocalChange.key, login)
        )
        for row in self.session.scalars(query):
            found[row.key][row.kind] = row
        return dict(found)

    def holders(self, reader: Reader, roles: Iterable[str]) -> frozenset[str]:
        """Who holds one of ``roles`` and can sign in; locked until the transaction ends.

        Two who take the last keys from each other at the same moment follow one another: the roles
        are asked again behind the lock, for PostgreSQL judged them as they were before the wait.
        """
        require_keeper(reader)
        held = select(CaseworkerRole.login).where(CaseworkerRole.role.in_(list(roles)))
        query = select(Account).where(Account.login.in_(held)).order_by(Account.login)
        found = self.session.scalars(query.with_for_update()).all()
        still = set(self.session.scalars(held))
        return frozenset(one.login for one in found if one.blocked_at is None) & still

    def add(self, reader: Reader, login: str, name: str, now: datetime) -> None:
        """Somebody whom the register doesn't know, behind all others."""
        require_keeper(reader)
        last = self.session.scalar(select(func.max(Caseworker.position))) or 0
        self.session.add(Caseworker(login=login, name=name, position=last + 1))
        LocalChanges(self.session).note(reader, PERSON, {login: []}, now)
        self.session.flush()


def require_keeper(reader: Reader) -> None:
    """Raises ``NotPermitted`` for everybody who keeps no accounts."""
    if not (reader.is_system or reader.settings):
        raise NotPermitted("Konten verwaltet nur die Administration.")


def _of(column: InstrumentedAttribute[str], login: str | None) -> tuple[ColumnElement[bool], ...]:
    return () if login is None else (column == login,)
