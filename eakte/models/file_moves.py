"""A case file that goes to another caseworker or site on a day; Vorgänge that stay behind."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from eakte.models.base import Base, IdKey, Json, Login, UuidText


class FileMove(Base):
    """One file moves: to ``to_site`` (None: stays), to ``to_login`` in ``function`` (None: nobody).

    ``keep`` are the Vorgänge that ``keep_team`` goes on working on. Done once ``done_at`` is set;
    ``entries`` and ``reminders`` say how much went along. Not done and taken back: the row is gone.
    """

    __tablename__ = "file_moves"
    __table_args__ = (Index("ix_file_moves_done_at", "done_at", "effective"),)

    id: Mapped[IdKey]
    case_file_id: Mapped[str] = mapped_column(ForeignKey("case_files.id"), index=True)
    to_site: Mapped[str | None] = mapped_column(ForeignKey("sites.id"))
    function: Mapped[str | None] = mapped_column(String(40))
    to_login: Mapped[str | None] = mapped_column(ForeignKey("caseworkers.login"))
    keep: Mapped[list[Any]] = mapped_column(Json)
    keep_team: Mapped[str | None] = mapped_column(ForeignKey("teams.id"))
    effective: Mapped[date]
    made_by: Mapped[Login]
    made_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    entries: Mapped[int | None]
    reminders: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class KeptVorgang(Base):
    """A Vorgang whose post goes on coming to a team of the old site, wherever the file is.

    No foreign key to the Vorgang: one that is merged or empty goes without asking.
    """

    __tablename__ = "kept_vorgaenge"

    vorgang_id: Mapped[str] = mapped_column(UuidText, primary_key=True)
    team_id: Mapped[str] = mapped_column(ForeignKey("teams.id"))
    kept_by: Mapped[Login]
    kept_at: Mapped[datetime]
