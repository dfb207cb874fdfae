"""Accounts, server-side sessions, keys of programmes, and files opened in an emergency."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from eakte.models.base import Base, IdKey, Login


class Account(Base):
    """How a caseworker signs in; the password is an argon2 hash."""

    __tablename__ = "accounts"

    login: Mapped[str] = mapped_column(ForeignKey("caseworkers.login"), primary_key=True)
    password_hash: Mapped[str] = mapped_column(Text)
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    changed_at: Mapped[datetime]


class UserSession(Base):
    """A signed-in browser; only the hash of its token is kept."""

    __tablename__ = "user_sessions"

    token_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    login: Mapped[Login] = mapped_column(ForeignKey("caseworkers.login"), index=True)
    csrf_token: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]


class EmergencyAccess(Base):
    """Notzugriff: a file opened for one day with a reason, logged and reported."""

    __tablename__ = "emergency_accesses"

    id: Mapped[IdKey]
    login: Mapped[Login] = mapped_column(ForeignKey("caseworkers.login"), index=True)
    case_file_id: Mapped[str] = mapped_column(ForeignKey("case_files.id"))
    day: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    opened_at: Mapped[datetime]


class ApiToken(Base):
    """A programme's key to ``/api/v1``; only the hash of the token is kept.

    ``acts_as`` is the login whose rights it has; ``scopes`` what it may do (``documents.create``).
    """

    __tablename__ = "api_tokens"

    id: Mapped[IdKey]
    name: Mapped[str] = mapped_column(String(200), unique=True)
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    acts_as: Mapped[Login] = mapped_column(ForeignKey("caseworkers.login"))
    scopes: Mapped[list[Any]]
    created_at: Mapped[datetime]
    created_by: Mapped[Login]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
