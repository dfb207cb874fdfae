"""Which of the changeable settings count now in this process.  Follows the database.

The file gives the values, and what was changed on the screen goes before it.  Whoever asks is
answered from memory, so that no request waits for it and no transaction opens a second one.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping

import structlog
from sqlalchemy.exc import SQLAlchemyError

from eakte.domain.live_settings import LIVE_SETTINGS, LiveSetting, LiveValues, Value
from eakte.domain.rights import system_reader
from eakte.errors import EakteError, Unusable
from eakte.models import SettingChange
from eakte.repositories.database import Database
from eakte.repositories.live_settings import SettingChanges

log = structlog.get_logger(__name__)

PLACE = system_reader("settings")


class SettingsInForce:
    """The values in force; call it to get them. ``file`` are those of ``eakte.toml``."""

    def __init__(self, file: LiveValues) -> None:
        self.file = file
        self._now = file
        self._looked = False
        self._unusable: set[tuple[str, int]] = set()
        self._loading = threading.Lock()

    def __call__(self) -> LiveValues:
        """What counts now."""
        return self._now

    def refresh(self, database: Database) -> bool:
        """Look what was changed; whether other values count than before."""
        with self._loading:  # an older look must not be told after a newer one
            with database.read() as session:
                last = SettingChanges(session).last(PLACE)
                found = self.file.having(overriding(last))
                self._tell_unusable(last)
            before, self._now = self._now, found
            first, self._looked = not self._looked, True
        if found == before:
            return False
        changed = [one.key for one in LIVE_SETTINGS if before.of(one) != found.of(one)]
        if not first:  # shown at the usual level, as rules are; a start is no change
            log.warning("settings.in_force", changed=changed)
        return True

    def _tell_unusable(self, last: Mapping[str, SettingChange]) -> None:
        """Log, once for each, what gives way to the file: the watcher comes by every second."""
        for setting in LIVE_SETTINGS:
            change = last.get(setting.key)
            if change is None or not is_unusable(setting, change):
                continue
            if (change.key, change.number) not in self._unusable:
                self._unusable.add((change.key, change.number))
                log.warning("settings.unusable", key=change.key, kept=change.after)

    def follow(self, database: Database) -> None:
        """Look as far as the database answers; without it the values stay, and the log says so."""
        try:
            self.refresh(database)
        except (EakteError, SQLAlchemyError) as error:
            log.warning("settings.watch_failed", reason=str(error))

    def watch(self, database: Database, stop: threading.Event, every: float = 1.0) -> None:
        """Look every ``every`` seconds until told to stop."""
        while not stop.wait(every):
            self.follow(database)


def overriding(changes: Mapping[str, SettingChange]) -> dict[str, Value]:
    """By field, the values that go before the file."""
    found = ((one, overriding_value(one, changes.get(one.key))) for one in LIVE_SETTINGS)
    return {one.field: value for one, value in found if value is not None}


def overriding_value(setting: LiveSetting, change: SettingChange | None) -> Value | None:
    """The value that was set on the screen; None where the file counts.

    It counts as well where another release kept what this one does not allow.
    """
    if change is None or change.from_file:
        return None
    try:
        return setting.parse(change.after)
    except Unusable:
        return None


def is_unusable(setting: LiveSetting, change: SettingChange | None) -> bool:
    """Whether a value was set on the screen that this release does not allow."""
    if change is None or change.from_file:
        return False
    return overriding_value(setting, change) is None
