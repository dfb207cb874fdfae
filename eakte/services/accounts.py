"""Signing in: argon2 passwords, server-side sessions, locks against guessing."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from pwdlib import PasswordHash

from eakte.domain.rights import AccessPolicy, Reader, system_reader
from eakte.errors import NotFound, NotPermitted
from eakte.models import Account, UserSession
from eakte.repositories.accounts import Accounts as AccountRows
from eakte.repositories.audit import AuditLog
from eakte.repositories.database import Database, EakteSession
from eakte.repositories.organisation import Organisation

_WRONG = "Anmeldename oder Kennwort ist falsch."
_TOUCH = timedelta(seconds=60)
_PLAIN = "abcdefghijkmnpqrstuvwxyz23456789"
"""Letters and digits that nobody takes for another when they are read out: 80 bits in 16."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginRules:
    """How the door is guarded (``[login]`` and ``[web]`` of the settings)."""

    max_failures: int = 5
    lock: timedelta = timedelta(minutes=15)
    idle: timedelta = timedelta(minutes=60)
    lifetime: timedelta = timedelta(hours=12)
    min_password_length: int = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A live session: its reader and the token that its forms must carry."""

    reader: Reader
    csrf_token: str
    must_change: bool = False
    """Nothing is open but the screen on which they choose a password of their own."""


class Accounts:
    """Sign in, stay signed in, sign out."""

    def __init__(self, database: Database, policy: AccessPolicy, rules: LoginRules) -> None:
        self.database = database
        self.policy = policy
        self.rules = rules
        self._hasher = PasswordHash.recommended()

    def sign_in(self, login: str, password: str) -> str:
        """Open a session; returns its token, which is shown to the browser once.

        Raises ``NotPermitted`` for a wrong password or a locked login; every attempt is audited.
        """
        now = self.database.clock.now()
        with self.database.read() as session:
            account = AccountRows(session).get(login)
        nobody = _nobody()  # always, so that the first unknown login is not told by its time
        stored = account.password_hash if account is not None else nobody
        matches = self._hasher.verify(password, stored)
        with self.database.write() as session:
            rows = AccountRows(session)
            account = rows.get(login, lock=True)
            actor = Reader(login=login if account is not None else "unknown")
            audit = AuditLog(session)
            if account is None:
                audit.note(actor, "session.refused", "login", "unknown")
                refusal: NotPermitted | None = self._wrong()
            else:
                # Meanwhile there may be another password: what was right is wrong then.
                refusal = self._refusal(account, right=matches and account.password_hash == stored)
                action = "session.open" if refusal is None else "session.refused"
                audit.note(actor, action, "login", login)
            token = secrets.token_urlsafe(32)
            if account is not None and refusal is None:
                account.signed_in_at = now
                rows.close_expired(now - self.rules.idle, now - self.rules.lifetime)
                rows.open_session(
                    UserSession(
                        token_sha256=_digest(token),
                        login=login,
                        csrf_token=secrets.token_urlsafe(24),
                        created_at=now,
                        seen_at=now,
                        must_change=account.must_change,
                    )
                )
        if refusal is not None:  # after the commit: the failure must count
            raise refusal
        return token

    def _refusal(self, account: Account, *, right: bool) -> NotPermitted | None:
        now = self.database.clock.now()
        paused = account.locked_until is not None and account.locked_until > now
        if paused or account.blocked_at is not None:
            return self._wrong()
        if right:
            account.failures, account.locked_until = 0, None
            return None
        account.failures += 1
        if account.failures >= self.rules.max_failures:
            account.failures, account.locked_until = 0, now + self.rules.lock
        return self._wrong()

    def _wrong(self) -> NotPermitted:
        """The same sentence for every refusal: none of them tells which logins there are."""
        minutes = int(self.rules.lock.total_seconds() // 60)
        return NotPermitted(
            _WRONG,
            remedy=f"Nach {self.rules.max_failures} falschen Kennwörtern ist eine Anmeldung "
            f"{minutes} Minuten gesperrt.",
        )

    def signed_in(self, token: str, *, in_use: bool = True) -> SignedIn | None:
        """Who holds ``token``; None for an unknown, idle or outlived session.

        ``in_use``: a person asked. What a page does by itself must not keep a session from idling.
        """
        digest = _digest(token)
        now = self.database.clock.now()
        with self.database.read() as session:
            row = AccountRows(session).session_of(digest)
            if (
                row is None
                or now - row.seen_at > self.rules.idle
                or now - row.created_at > self.rules.lifetime
            ):
                return None
            reader = self._reader(session, row.login)
            csrf_token, seen_at, must_change = row.csrf_token, row.seen_at, row.must_change
        if reader is None:
            return None
        if must_change:
            reader = Reader(login=reader.login, name=reader.name)  # who it is, and no right at all
        if in_use and now - seen_at > _TOUCH:
            with self.database.write() as session:
                AccountRows(session).touch(digest, now)
        return SignedIn(reader=reader, csrf_token=csrf_token, must_change=must_change)

    def sign_out(self, token: str) -> None:
        """End the session; unknown tokens are no error."""
        with self.database.write() as session:
            rows = AccountRows(session)
            row = rows.session_of(_digest(token))
            if row is not None:
                rows.close_session(row.token_sha256)
                AuditLog(session).note(Reader(login=row.login), "session.close", "login", row.login)

    def change_password(self, reader: Reader, old: str, new: str) -> None:
        """Change one's own password; every session of the login ends, this one too.

        Raises ``NotPermitted`` where ``old`` is wrong (which is audited, and counts as at the door:
        at the limit every session ends and the login pauses) or ``new`` too short.
        """
        if new == old:
            raise NotPermitted(
                "Das neue Kennwort ist das bisherige.", remedy="Ein anderes Kennwort wählen."
            )
        self._check(new)
        with self.database.read() as session:
            account = AccountRows(session).get(reader.login)
        stored = account.password_hash if account is not None else _nobody()
        matches = self._hasher.verify(old, stored)
        hashed = self._hasher.hash(new)
        with self.database.write() as session:
            rows = AccountRows(session)
            account = rows.get(reader.login, lock=True)
            pause = account.locked_until if account is not None else None
            right = account is not None and not self._refusal(
                account, right=matches and account.password_hash == stored
            )
            if right:
                rows.set_password(reader.login, hashed, self.database.clock.now())
            if right or (account is not None and account.locked_until != pause):
                rows.close_all_of(reader.login)
            action = "password.set" if right else "password.refused"
            AuditLog(session).note(reader, action, "login", reader.login)
        if not right:  # after the commit: the attempt must count
            limit = self.rules.max_failures
            raise NotPermitted(
                "Das bisherige Kennwort ist falsch.",
                remedy=f"Nach {limit} falschen Kennwörtern enden alle Anmeldungen.",
            )

    def set_password(self, login: str, new: str) -> None:
        """Set a password from the command line; raises ``NotFound`` for an unknown login.

        Whoever works on the server is a second person: an account that waited for one is open.
        """
        with self.database.read() as session:
            if not Organisation(session).knows_login(login):
                raise NotFound(
                    f"Den Login „{login}“ gibt es nicht.",
                    remedy="Zuerst das Register mit diesem Login einlesen.",
                )
        self._check(new)
        hashed = self._hasher.hash(new)
        with self.database.write() as session:
            rows = AccountRows(session)
            account = rows.set_password(login, hashed, self.database.clock.now())
            if account.awaits_second:
                rows.confirm(account)
            account.password_by = None
            rows.close_all_of(login)
            AuditLog(session).note(system_reader("operator"), "password.set", "login", login)

    def set_passwords(self, logins: list[str], new: str) -> None:
        """Give several logins the same password (the demo; hashed once)."""
        self._check(new)
        hashed = self._hasher.hash(new)
        now = self.database.clock.now()
        with self.database.write() as session:
            rows = AccountRows(session)
            for login in logins:
                if rows.get(login) is None:
                    rows.set_password(login, hashed, now)

    def generated(self) -> tuple[str, str]:
        """A password that nobody has thought up, and its hash; it is to be changed at once."""
        groups = ("".join(secrets.choice(_PLAIN) for _ in range(4)) for _ in range(4))
        password = "-".join(groups)
        return password, self._hasher.hash(password)

    def has_any(self) -> bool:
        """Whether anyone can sign in yet."""
        with self.database.read() as session:
            return AccountRows(session).has_any()

    def reader(self, login: str) -> Reader:
        """The Reader that ``login`` is today (command line); raises ``NotFound``."""
        with self.database.read() as session:
            reader = self._reader(session, login)
        if reader is None:
            raise NotFound(f"Den Login „{login}“ gibt es nicht.", remedy="Die Schreibweise prüfen.")
        return reader

    def _reader(self, session: EakteSession, login: str) -> Reader | None:
        return Organisation(session).reader(login, self.database.clock.today(), self.policy)

    def _check(self, password: str) -> None:
        if len(password) < self.rules.min_password_length:
            raise NotPermitted(
                "Das neue Kennwort ist zu kurz.",
                remedy=f"Mindestens {self.rules.min_password_length} Zeichen wählen.",
            )


@cache
def _nobody() -> str:
    """What an unknown login's password is compared with: it must take as long as a wrong one."""
    return PasswordHash.recommended().hash(secrets.token_urlsafe(16))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
