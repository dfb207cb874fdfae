"""Settings changed on the screen: every change, of which the last one of a key counts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from eakte.models.base import Base, Login, ShortText


class SettingChange(Base):
    """``key`` was changed for the ``number``-th time, from ``before`` to ``after``.

    Both as ``LiveSetting.written`` has them. ``from_file``: back to the file, whose value was
    ``after`` then. ``decided_by`` is who decided it outside of the product, where that is asked.
    """

    __tablename__ = "setting_changes"

    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    login: Mapped[Login]
    before: Mapped[str] = mapped_column(String(40))
    after: Mapped[str] = mapped_column(String(40))
    from_file: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(400))
    decided_by: Mapped[ShortText]
