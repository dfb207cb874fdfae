"""Keys of programmes: made and revoked by the operator, held by the Fachverfahren.

A token acts as a login of the register: what that login may read, it may read.  Only the hash of
its secret is kept.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from eakte.domain.ids import new_id
from eakte.domain.rights import AccessPolicy, Reader, system_reader
from eakte.errors import Conflict, NotFound, NotPermitted
from eakte.models import ApiToken
from eakte.repositories.accounts import Accounts
from eakte.repositories.audit import AuditLog
from eakte.repositories.database import Database, EakteSession
from eakte.repositories.organisation import Organisation
from eakte.repositories.tokens import Tokens as TokenRows

CREATE_DOCUMENTS = "documents.create"
OPEN_WINDOWS = "windows.open"
"""What a token may be for: handing in documents, calling case files up on desks."""
PREFIX = "eakte_"
"""Stands before every secret, so that scanners for leaked keys know what they found."""

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,49}")
_TOUCH = timedelta(seconds=60)
_OPERATOR = system_reader("operator")


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenHolder:
    """A programme that showed a valid token: its name, and the reader it acts as."""

    id: str
    name: str
    reader: Reader
    scopes: frozenset[str]

    @property
    def by(self) -> str:
        """How it stands in files and in the audit trail."""
        return f"token:{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenView:
    """A token as the operator lists it; the secret is nowhere any more."""

    name: str
    acts_as: str
    scopes: tuple[str, ...]
    created_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Tokens:
    """Make, revoke, list and recognise tokens."""

    database: Database
    policy: AccessPolicy

    def create(self, name: str, acts_as: str, scopes: Collection[str] = (CREATE_DOCUMENTS,)) -> str:
        """Make a token for these purposes; returns its secret, which is shown this once.

        Raises ``NotPermitted`` for a name that is none, ``Conflict`` for one that is taken,
        ``NotFound`` for a login that the register doesn't know.
        """
        if not _NAME.fullmatch(name):
            raise NotPermitted(
                f"„{name}“ taugt nicht als Name eines Zugangsschlüssels.",
                remedy="Höchstens 50 Kleinbuchstaben, Ziffern, Punkt, Strich und Unterstrich.",
            )
        secret = PREFIX + secrets.token_urlsafe(32)
        with self.database.write() as session:
            rows = TokenRows(session)
            if rows.by_name(name) is not None:
                raise Conflict(
                    f"Einen Zugangsschlüssel „{name}“ gibt es schon.",
                    remedy="Einen anderen Namen wählen; auch widerrufene behalten ihren.",
                )
            if not Organisation(session).knows_login(acts_as):
                raise NotFound(
                    f"Den Login „{acts_as}“ gibt es nicht.",
                    remedy="Zuerst das Register mit diesem Login einlesen.",
                )
            token = ApiToken(
                id=new_id(),
                name=name,
                token_sha256=_digest(secret),
                acts_as=acts_as,
                scopes=sorted(scopes),
                created_at=self.database.clock.now(),
                created_by=_OPERATOR.login,
            )
            rows.add(token)
            AuditLog(session).note(
                _OPERATOR, "token.create", "token", token.id, details={"acts_as": acts_as}
            )
        return secret

    def revoke(self, name: str) -> None:
        """End a token at once; once more is no error.  Raises ``NotFound``."""
        with self.database.write() as session:
            token = TokenRows(session).by_name(name)
            if token is None:
                raise NotFound(
                    f"Einen Zugangsschlüssel „{name}“ gibt es nicht.",
                    remedy="„eakte token list“ zeigt alle.",
                )
            if token.revoked_at is None:
                token.revoked_at = self.database.clock.now()
                AuditLog(session).note(_OPERATOR, "token.revoke", "token", token.id)

    def all(self) -> tuple[TokenView, ...]:
        """Every token, revoked ones too, by name."""
        with self.database.read() as session:
            return tuple(
                TokenView(
                    name=token.name,
                    acts_as=token.acts_as,
                    scopes=tuple(token.scopes),
                    created_at=token.created_at,
                    used_at=token.used_at,
                    revoked_at=token.revoked_at,
                )
                for token in TokenRows(session).all()
            )

    def holder(self, secret: str) -> TokenHolder | None:
        """Who shows ``secret``; None for an unknown or revoked one, which is audited.

        None as well where the login it acts as is locked or has left the register.
        """
        now = self.database.clock.now()
        with self.database.read() as session:
            token = TokenRows(session).by_hash(_digest(secret))
            reader = None
            if token is not None and token.revoked_at is None and not _blocked(session, token):
                reader = Organisation(session).reader(
                    token.acts_as, self.database.clock.today(), self.policy
                )
        if token is None or reader is None:
            with self.database.write() as session:
                AuditLog(session).note(
                    Reader(login=token.acts_as if token else "unknown"),
                    "token.refused",
                    "token",
                    token.id if token else "unknown",
                )
            return None
        if token.used_at is None or now - token.used_at > _TOUCH:
            with self.database.write() as session:
                TokenRows(session).touch(token.id, now)
        return TokenHolder(
            id=token.id, name=token.name, reader=reader, scopes=frozenset(token.scopes)
        )


def _blocked(session: EakteSession, token: ApiToken) -> bool:
    return Accounts(session).is_blocked(token.acts_as)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
