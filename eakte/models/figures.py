"""What a day brought: counted once, kept for ever, never a person's unless that is allowed."""

from __future__ import annotations

from datetime import date

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from eakte.models.base import Base


class DailyFigure(Base):
    """The tasks of one day in one postbox.

    ``team_id`` is the postbox's team, or the first team of its owner; empty: none, or one too small
    to be counted by itself. ``postbox`` is the team's id or, only where figures per person are
    allowed, a login; empty: the members of the team together. ``machine`` of ``arrived`` came
    untouched, ``cleared`` through the clearing desk. The row without team and postbox says that
    the day was counted. No foreign keys: a day stays as it was.
    """

    __tablename__ = "daily_figures"

    day: Mapped[date] = mapped_column(primary_key=True)
    team_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    postbox: Mapped[str] = mapped_column(String(64), primary_key=True)
    site_id: Mapped[str] = mapped_column(String(64), default="")
    arrived: Mapped[int] = mapped_column(default=0)
    finished: Mapped[int] = mapped_column(default=0)
    machine: Mapped[int] = mapped_column(default=0)
    cleared: Mapped[int] = mapped_column(default=0)
