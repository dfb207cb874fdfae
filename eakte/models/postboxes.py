"""What lies on whose desk: postbox entries and Wiedervorlagen."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from eakte.models.base import Base, IdKey


class PostboxEntry(Base):
    """One document in one postbox: of a login, of a team, or of the clearing desk.

    ``postbox`` is the login, the team's id or ``clearing``; exactly one of ``login``, ``team_id``
    and the clearing desk is meant. A ``copy`` (zur Kenntnis) has no task. ``deputy_for`` is the
    absent one in whose place the entry lies here. Done entries keep who, when and what.
    """

    __tablename__ = "postbox_entries"
    __table_args__ = (
        CheckConstraint("login IS NULL OR team_id IS NULL", name="one_owner"),
        Index(
            "ix_postbox_entries_open",
            "postbox",
            postgresql_where=text("done_at IS NULL"),
            sqlite_where=text("done_at IS NULL"),
        ),
        Index("ix_postbox_entries_document_id", "document_id"),
        Index("ix_postbox_entries_arrived_at", "arrived_at"),
        Index(  # of what is done alone: SQLite would look for open entries in it, too
            "ix_postbox_entries_done_at",
            "done_at",
            postgresql_where=text("done_at IS NOT NULL"),
            sqlite_where=text("done_at IS NOT NULL"),
        ),
        Index("ix_postbox_entries_login", "login", "done_at"),
        Index("ix_postbox_entries_team_id", "team_id", "done_at"),
    )

    id: Mapped[IdKey]
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"))
    postbox: Mapped[str] = mapped_column(String(64))
    login: Mapped[str | None] = mapped_column(ForeignKey("caseworkers.login"))
    team_id: Mapped[str | None] = mapped_column(ForeignKey("teams.id"))
    copy: Mapped[bool] = mapped_column(default=False)
    urgent: Mapped[bool] = mapped_column(default=False)
    deputy_for: Mapped[str | None] = mapped_column(ForeignKey("caseworkers.login"))
    note: Mapped[str] = mapped_column(Text, default="")
    sent_by: Mapped[str] = mapped_column(String(64))
    arrived_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_by: Mapped[str | None] = mapped_column(String(64))
    done_how: Mapped[str | None] = mapped_column(String(20))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Wiedervorlage(Base):
    """A document put back on a desk on a date: of a login or of a team, exactly one of them.

    ``done_for``: the absent one in whose place ``done_by`` settled it.
    """

    __tablename__ = "wiedervorlagen"
    __table_args__ = (
        Index("ix_wiedervorlagen_login_due", "login", "due"),
        Index("ix_wiedervorlagen_team_id_due", "team_id", "due"),
    )

    id: Mapped[IdKey]
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"), index=True)
    login: Mapped[str | None] = mapped_column(ForeignKey("caseworkers.login"))
    team_id: Mapped[str | None] = mapped_column(ForeignKey("teams.id"))
    due: Mapped[date]
    note: Mapped[str] = mapped_column(Text, default="")
    made_by: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_by: Mapped[str | None] = mapped_column(String(64))
    done_for: Mapped[str | None] = mapped_column(String(64))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
