"""What the postbox keeps of its owner: the last actions, to take them back, and the filters."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from eakte.models.base import Base, IdKey, UuidText


class DeskDeed(Base):
    """One action on one document at the desk, with what it was before; kept for a day.

    Actions of one round (several letters at once) share ``round_id``. ``kind``: filed, seen,
    forwarded, taken_over, reminded, vorgang. ``before`` holds ids and codes alone; the versions
    are those that the action left behind. ``on_behalf_of``: the absent one it was done for.
    """

    __tablename__ = "desk_deeds"
    __table_args__ = (Index("ix_desk_deeds_login_at", "login", "at"),)

    id: Mapped[IdKey]
    round_id: Mapped[str] = mapped_column(UuidText, index=True)
    login: Mapped[str] = mapped_column(ForeignKey("caseworkers.login"))
    on_behalf_of: Mapped[str | None] = mapped_column(String(64))
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(20))
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"), index=True)
    entry_id: Mapped[str | None] = mapped_column(UuidText)
    entry_version: Mapped[int]
    document_version: Mapped[int]
    before: Mapped[dict[str, Any]]
    undone_at: Mapped[datetime | None]


class KeptFilter(Base):
    """How somebody last filtered a postbox; what they typed counts on that day only."""

    __tablename__ = "kept_filters"

    login: Mapped[str] = mapped_column(ForeignKey("caseworkers.login"), primary_key=True)
    postbox: Mapped[str] = mapped_column(String(64), primary_key=True)
    kept_on: Mapped[date]
    filter: Mapped[dict[str, Any]]
