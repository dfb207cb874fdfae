"""Accounts and sessions.  They hold no client data; services decide who may ask."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from eakte.models import Account, UserSession


class Accounts:
    """Password hashes and signed-in browsers, by login and by the hash of a token."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def get(self, login: str, *, lock: bool = False) -> Account | None:
        """The account of ``login``."""
        query = select(Account).where(Account.login == login)
        return self.session.scalar(query.with_for_update() if lock else query)

    def set_password(
        self, login: str, password_hash: str, now: datetime, *, generated_by: str | None = None
    ) -> Account:
        """Make or change the account and end the pause after wrong passwords.

        What the administration has locked stays locked. ``generated_by``: who made the password
        up for somebody else, who must then change it.
        """
        account = self.get(login, lock=True)
        if account is None:
            account = Account(login=login)
            self.session.add(account)
        account.password_hash, account.changed_at = password_hash, now
        account.failures, account.locked_until = 0, None
        account.must_change = generated_by is not None
        account.password_by = generated_by or account.password_by
        return account

    def await_second(self, account: Account, by: str, now: datetime) -> None:
        """Close the account until somebody other than who knows its password lets it in."""
        account.awaits_second = True
        if account.blocked_at is None:
            account.blocked_at, account.blocked_by = now, by
        self.close_all_of(account.login)

    def confirm(self, account: Account) -> None:
        """Another person vouches for the account: it may sign in again."""
        account.blocked_at = account.blocked_by = account.password_by = None
        account.awaits_second = False

    def is_blocked(self, login: str) -> bool:
        """Whether the administration has locked the login."""
        query = select(Account.blocked_at).where(Account.login == login)
        return self.session.scalar(query) is not None

    def has_any(self) -> bool:
        """Whether anyone can sign in yet."""
        return self.session.scalar(select(Account.login).limit(1)) is not None

    def session_of(self, token_sha256: str) -> UserSession | None:
        """The browser session of a token's hash."""
        return self.session.get(UserSession, token_sha256)

    def touch(self, token_sha256: str, now: datetime) -> None:
        """The browser was just seen."""
        self.session.execute(
            update(UserSession).where(UserSession.token_sha256 == token_sha256).values(seen_at=now)
        )

    def open_session(self, session: UserSession) -> None:
        """Keep a signed-in browser."""
        self.session.add(session)

    def close_session(self, token_sha256: str) -> None:
        """Sign one browser out."""
        self.session.execute(delete(UserSession).where(UserSession.token_sha256 == token_sha256))

    def close_all_of(self, login: str) -> None:
        """Sign every browser of ``login`` out."""
        self.session.execute(delete(UserSession).where(UserSession.login == login))

    def close_expired(self, seen_before: datetime, created_before: datetime) -> None:
        """Forget sessions that idled or lasted too long."""
        self.session.execute(
            delete(UserSession).where(
                (UserSession.seen_at < seen_before) | (UserSession.created_at < created_before)
            )
        )
