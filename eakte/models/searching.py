"""Searches that somebody keeps to ask them again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from eakte.models.base import Base, IdKey


class SavedSearch(Base):
    """A query that one person keeps, with its filters; nobody else learns of it.

    ``looked_at`` is when they last asked it: what came since is new.
    """

    __tablename__ = "saved_searches"
    __table_args__ = (Index("ix_saved_searches_login_name", "login", "name", unique=True),)

    id: Mapped[IdKey]
    login: Mapped[str] = mapped_column(ForeignKey("caseworkers.login"))
    name: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(Text)
    filters: Mapped[dict[str, Any]]
    starred: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime]
    looked_at: Mapped[datetime]
