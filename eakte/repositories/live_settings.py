"""What the administration changed of the settings, and the way back to the file."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from eakte.domain.rights import Reader
from eakte.errors import NotPermitted
from eakte.models import SettingChange


class SettingChanges:
    """For whoever keeps the settings (and the system); ``NotPermitted`` for all others."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def last(self, reader: Reader) -> dict[str, SettingChange]:
        """By key, the change that counts; some of them lead back to the file."""
        require_settings(reader)
        newest = select(SettingChange.key, func.max(SettingChange.number)).group_by(
            SettingChange.key
        )
        found = self.session.scalars(
            select(SettingChange).where(tuple_(SettingChange.key, SettingChange.number).in_(newest))
        )
        return {row.key: row for row in found}

    def last_of(self, reader: Reader, key: str) -> SettingChange | None:
        """The change of ``key`` that counts; None where there was none."""
        require_settings(reader)
        return self.session.scalar(
            select(SettingChange)
            .where(SettingChange.key == key)
            .order_by(SettingChange.number.desc())
            .limit(1)
        )

    def history(
        self, reader: Reader, limit: int, key: str | None = None
    ) -> Sequence[SettingChange]:
        """The last changes, newest first; ``key`` None: of all settings."""
        require_settings(reader)
        query = select(SettingChange).order_by(
            SettingChange.at.desc(), SettingChange.key, SettingChange.number.desc()
        )
        if key is not None:
            query = query.where(SettingChange.key == key)
        return self.session.scalars(query.limit(limit)).all()

    def add(self, reader: Reader, change: SettingChange) -> None:
        """Keep a change.

        Two of the same number meet here: the second raises SQLAlchemy's ``IntegrityError``.
        """
        require_settings(reader)
        self.session.add(change)
        self.session.flush()


def require_settings(reader: Reader) -> None:
    """Raises ``NotPermitted`` for everybody who keeps no settings."""
    if not reader.keeps_settings:
        raise NotPermitted("Einstellungen ändert nur die Administration.")
