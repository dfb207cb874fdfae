"""File windows on the second monitor, what they are asked to show, and who was in which file."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from eakte.models.base import Base, IdKey, UuidText


class FileWindow(Base):
    """A window that shows case files beside the Fachverfahren; ``seen_at`` moves while it is open.

    ``session_sha256`` is the sign-in session (and so the browser) it belongs to. The last call it
    was chosen for: its number ``call_seq``, the case file (None: the number named none that is open
    to the reader), what was typed, the document that is meant. What was typed goes after minutes.
    """

    __tablename__ = "file_windows"
    __table_args__ = (
        Index("ix_file_windows_login", "login"),
        Index("ix_file_windows_called_at", "called_at"),
    )

    id: Mapped[IdKey]
    login: Mapped[str] = mapped_column(ForeignKey("caseworkers.login"))
    session_sha256: Mapped[str] = mapped_column(String(64))
    follows: Mapped[bool]
    opened_at: Mapped[datetime]
    used_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    call_seq: Mapped[int] = mapped_column(default=0)
    called_at: Mapped[datetime | None]
    case_file_id: Mapped[str | None] = mapped_column(UuidText)
    document_id: Mapped[str | None] = mapped_column(UuidText)
    typed: Mapped[str] = mapped_column(String(64), default="")


class WaitingCall(Base):
    """A call for which no window was open: the next one that opens within minutes shows it."""

    __tablename__ = "waiting_calls"

    login: Mapped[str] = mapped_column(ForeignKey("caseworkers.login"), primary_key=True)
    called_at: Mapped[datetime]
    case_file_id: Mapped[str | None] = mapped_column(UuidText)
    typed: Mapped[str] = mapped_column(String(64), default="")


class CaseFileVisit(Base):
    """When somebody was in a case file last.

    ``seen_at`` is the newest opening, ``before`` the end of the visit before the present one: what
    was filed since is new to them. None while it is the first visit.
    """

    __tablename__ = "case_file_visits"

    login: Mapped[str] = mapped_column(ForeignKey("caseworkers.login"), primary_key=True)
    case_file_id: Mapped[str] = mapped_column(ForeignKey("case_files.id"), primary_key=True)
    seen_at: Mapped[datetime]
    before: Mapped[datetime | None]
