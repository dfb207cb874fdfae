"""Settings changed at run time: by whom, why, and back to the file.

Each change is one transaction with its audit row, and counts in this process at once, in the
others within seconds (``settings_in_force``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import NoReturn
from zoneinfo import ZoneInfo

from sqlalchemy.exc import IntegrityError

from eakte.domain.live_settings import LIVE_SETTINGS, LiveSetting, Value, setting_of
from eakte.domain.rights import Reader
from eakte.errors import Conflict, NotFound, Unusable
from eakte.models import SettingChange
from eakte.repositories.audit import AuditLog
from eakte.repositories.database import Database, EakteSession
from eakte.repositories.figures import Figures
from eakte.repositories.live_settings import SettingChanges, require_settings
from eakte.repositories.organisation import Organisation
from eakte.services.settings_in_force import (
    PLACE,
    SettingsInForce,
    is_unusable,
    overriding_value,
)

BERLIN = ZoneInfo("Europe/Berlin")
MOST = 200
REASON_LENGTH, DECIDED_LENGTH = 400, 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeView:
    """One change as it was made; ``setting`` is None for one that this release knows no more."""

    key: str
    setting: LiveSetting | None
    at: datetime
    login: str
    name: str
    before: str
    after: str
    from_file: bool
    reason: str
    decided_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingView:
    """A setting with its value now and that of the file.

    ``version`` is what a change must name; ``changed`` the change that goes before the file, None
    where the file counts. ``unusable`` is a value set on the screen that gives way to the file
    because this release does not allow it; empty without one. ``asks_back``: a no must be
    confirmed.
    """

    setting: LiveSetting
    value: Value
    in_file: Value
    version: int
    changed: ChangeView | None
    unusable: str = ""
    asks_back: bool = False


@dataclass(frozen=True, slots=True)
class LiveSettings:
    """For those who keep the settings; every method raises ``NotPermitted`` for all others."""

    database: Database
    in_force: SettingsInForce

    def all(self, reader: Reader) -> tuple[SettingView, ...]:
        """Every setting that may be changed, in the order of the table."""
        require_settings(reader)
        with self.database.read() as session:
            last = SettingChanges(session).last(reader)
            views = _views(session, list(last.values()))
        return tuple(
            self._view(one, last.get(one.key), views.get(one.key)) for one in LIVE_SETTINGS
        )

    def get(self, reader: Reader, key: str) -> SettingView:
        """One setting. Raises ``NotFound``."""
        require_settings(reader)
        setting = _known(key)
        with self.database.read() as session:
            last = SettingChanges(session).last_of(reader, key)
            views = _views(session, [last] if last else [])
            view = self._view(setting, last, views.get(key))
            return replace(view, asks_back=view.value is True and _loses(session, setting))

    def history(self, reader: Reader, key: str | None = None) -> tuple[ChangeView, ...]:
        """The last changes, newest first; ``key`` None: of all settings."""
        require_settings(reader)
        with self.database.read() as session:
            rows = SettingChanges(session).history(reader, MOST, key)
            names = Organisation(session).names({row.login for row in rows})
        return tuple(_told(row, names[row.login]) for row in rows)

    def change(
        self,
        reader: Reader,
        key: str,
        version: int,
        text: str,
        *,
        reason: str = "",
        decided_by: str = "",
        confirmed: bool = False,
    ) -> bool:
        """Let ``text`` count from now on; whether anything was kept.

        What counts already is kept where it takes a decision and the file alone says it.

        Raises ``NotFound``, ``Unusable`` for what the setting does not take, where it is missing
        who decided and why, or that it is known what gets lost (``confirmed``), and ``Conflict``
        where somebody else has changed it meanwhile.
        """
        require_settings(reader)
        setting = _known(key)
        value = self._meant(setting, text)
        reason, decided_by = " ".join(reason.split()), " ".join(decided_by.split())
        _check_text(reason, REASON_LENGTH, "Der Grund")
        _check_text(decided_by, DECIDED_LENGTH, "„Entschieden von“")
        if setting.decision and value is True and not (reason and decided_by):
            raise Unusable(
                f"Zu „{setting.title}: ja“ gehört, wer es entschieden hat und warum.",
                remedy="Beides ausfüllen, zum Beispiel mit Nummer und Tag der Dienstvereinbarung.",
            )
        return self._keep(
            reader,
            setting,
            version,
            value,
            reason=reason,
            decided_by=decided_by,
            confirmed=confirmed,
        )

    def back(self, reader: Reader, key: str, version: int, *, confirmed: bool = False) -> bool:
        """Let the file's value count again; whether it did not before.

        Raises ``NotFound``, ``Conflict``, and ``Unusable`` where the file says yes to something
        that needs a decision, or what gets lost is not ``confirmed``.
        """
        require_settings(reader)
        setting = _known(key)
        if setting.decision and self.in_force.file.of(setting) is True:
            raise Unusable(
                f"In der Datei steht „{setting.title}: ja“.",
                remedy="„ja“ wählen und angeben, wer es entschieden hat und warum.",
            )
        return self._keep(reader, setting, version, None, confirmed=confirmed)

    # -- the pieces -------------------------------------------------------------------------

    def _meant(self, setting: LiveSetting, text: str) -> Value:
        """What ``text`` means; the file's own value counts also outside of the form's bounds."""
        try:
            return setting.parse(text)
        except Unusable:
            in_file = self.in_force.file.of(setting)
            if self.in_force().of(setting) == in_file and text.strip() == setting.shown(in_file):
                return in_file
            raise

    def _keep(
        self,
        reader: Reader,
        setting: LiveSetting,
        version: int,
        value: Value | None,
        *,
        reason: str = "",
        decided_by: str = "",
        confirmed: bool = False,
    ) -> bool:
        """Keep a change; ``value`` None: back to the file."""
        in_file = self.in_force.file.of(setting)
        try:
            with self.database.write() as session:
                rows = SettingChanges(session)
                last = rows.last_of(reader, setting.key)
                if version != (last.number if last else 0):
                    _conflict(session, setting, last)
                override = overriding_value(setting, last)
                before = in_file if override is None else override
                same = value == override or (override is None and value == in_file)
                # What the file says already is kept for its decision, and to clear what this
                # release does not allow.
                if (
                    same
                    and not is_unusable(setting, last)
                    and (override is not None or not decided_by)
                ):
                    return False
                after = in_file if value is None else value
                if before is True and after is False and not confirmed and _loses(session, setting):
                    raise Unusable(
                        f"{setting.final} Das lässt sich nicht zurücknehmen.",
                        remedy="Das Häkchen setzen, wenn Sie das wollen.",
                    )
                change = SettingChange(
                    key=setting.key,
                    number=version + 1,
                    at=self.database.clock.now(),
                    login=reader.login,
                    before=setting.written(before),
                    after=setting.written(after),
                    from_file=value is None,
                    reason=reason,
                    decided_by=decided_by,
                )
                rows.add(reader, change)
                AuditLog(session).note(
                    reader,
                    "setting.back" if value is None else "setting.change",
                    "setting",
                    setting.key,
                    details={"before": change.before, "after": change.after},
                )
        except IntegrityError as error:  # somebody's change was committed between the two looks
            with self.database.read() as session:
                last = SettingChanges(session).last_of(reader, setting.key)
                _conflict(session, setting, last, error)
        self.in_force.follow(self.database)  # it is kept: a look that fails is made good later
        return True

    def _view(
        self, setting: LiveSetting, last: SettingChange | None, changed: ChangeView | None
    ) -> SettingView:
        in_file, override = self.in_force.file.of(setting), overriding_value(setting, last)
        return SettingView(
            setting=setting,
            value=in_file if override is None else override,
            in_file=in_file,
            version=last.number if last else 0,
            changed=changed if override is not None else None,
            unusable=changed.after if changed and is_unusable(setting, last) else "",
        )


def _loses(session: EakteSession, setting: LiveSetting) -> bool:
    """Whether a no would put figures together that are kept of people."""
    return bool(setting.final and Figures(session).of_people(PLACE, limit=1))


def _known(key: str) -> LiveSetting:
    setting = setting_of(key)
    if setting is None:
        raise NotFound("Diese Einstellung lässt sich hier nicht ändern.")
    return setting


def _check_text(text: str, most: int, what: str) -> None:
    if "\x00" in text:  # PostgreSQL keeps none
        raise Unusable(
            f"{what} enthält ein Zeichen, das sich nicht speichern lässt.",
            remedy="Den Text neu eingeben, statt ihn zu kopieren.",
        )
    if len(text) > most:
        raise Unusable(f"{what} ist zu lang.", remedy=f"Auf {most} Zeichen kürzen.")


def _conflict(
    session: EakteSession,
    setting: LiveSetting,
    last: SettingChange | None,
    error: IntegrityError | None = None,
) -> NoReturn:
    """Tell the second what the first has set."""
    said = f"„{setting.title}“ wurde inzwischen geändert."
    if last is not None:
        name = Organisation(session).names([last.login])[last.login]
        at = last.at.astimezone(BERLIN).strftime("%d.%m.%Y, %H:%M Uhr")
        value = told_text(setting, last.after)
        back = " (zurück zur Datei)" if last.from_file else ""
        said = f"{name} hat „{setting.title}“ am {at} auf {value} gestellt{back}."
    raise Conflict(
        said, remedy="Ihre Änderung ist nicht gespeichert. Die Seite neu laden und neu entscheiden."
    ) from error


def told_text(setting: LiveSetting | None, text: str) -> str:
    """A kept value for people, also one that is not allowed any more."""
    if setting is None:
        return text
    value = setting.read(text)
    return text if value is None else setting.told(value)


def _views(session: EakteSession, rows: list[SettingChange]) -> dict[str, ChangeView]:
    names = Organisation(session).names({row.login for row in rows})
    return {row.key: _told(row, names[row.login]) for row in rows}


def _told(row: SettingChange, name: str) -> ChangeView:
    setting = setting_of(row.key)
    return ChangeView(
        key=row.key,
        setting=setting,
        at=row.at,
        login=row.login,
        name=name,
        before=told_text(setting, row.before),
        after=told_text(setting, row.after),
        from_file=row.from_file,
        reason=row.reason,
        decided_by=row.decided_by,
    )
