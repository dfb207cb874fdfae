"""Keys of programmes to ``/api/v1``, by the hash of the key.  They hold no client data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from eakte.models import ApiToken


class Tokens:
    """Tokens by name and by hash; the door for programmes, as ``Accounts`` is for people."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def by_hash(self, token_sha256: str) -> ApiToken | None:
        """The token whose secret has this SHA-256, revoked or not."""
        return self.session.scalar(select(ApiToken).where(ApiToken.token_sha256 == token_sha256))

    def by_name(self, name: str) -> ApiToken | None:
        """The token of that name, revoked or not."""
        return self.session.scalar(select(ApiToken).where(ApiToken.name == name))

    def all(self) -> Sequence[ApiToken]:
        """Every token that was ever made, by name."""
        return self.session.scalars(select(ApiToken).order_by(ApiToken.name)).all()

    def add(self, token: ApiToken) -> None:
        """Keep a new token."""
        self.session.add(token)
        self.session.flush()

    def touch(self, token_id: str, now: datetime) -> None:
        """The token was just used."""
        token = self.session.get(ApiToken, token_id)
        if token is not None:
            token.used_at = now
