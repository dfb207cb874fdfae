"""``eakte settings list``: which settings the administration changed on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from eakte.bootstrap import BERLIN
from eakte.cli.opening import product_of
from eakte.cli.options import ConfigOption, JsonOption
from eakte.cli.output import say, say_json
from eakte.domain.rights import system_reader

if TYPE_CHECKING:
    from eakte.services.live_settings import SettingView

OPERATOR = system_reader("operator")
FILE, SCREEN = "file", "screen"


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    group = typer.Typer(help="Einstellungen, die sich im Betrieb ändern lassen.")
    group.callback()(_group)
    group.command("list")(list_all)
    app.add_typer(group, name="settings")


def _group() -> None:
    """Einstellungen, die sich im Betrieb ändern lassen."""


def list_all(*, as_json: JsonOption = False, config: ConfigOption = None) -> None:
    """Zeigt, was gilt und ob es aus der Datei kommt oder am Bildschirm geändert wurde.

    Eine geänderte Datei liest dieser Befehl sofort; für laufende Dienste gilt sie erst nach deren
    Neustart.
    """
    for view in product_of(config).services.live_settings.all(OPERATOR):
        if as_json:
            changed = view.changed
            say_json(
                {
                    "key": view.setting.key,
                    "value": view.value,
                    "origin": SCREEN if changed else FILE,
                    "file": view.in_file,
                    "changed": changed.at.isoformat() if changed else None,
                    "changed_by": changed.login if changed else None,
                    "reason": (changed.reason or None) if changed else None,
                    "decided_by": (changed.decided_by or None) if changed else None,
                }
            )
        else:
            say(_line(view))


def _line(view: SettingView) -> str:
    said = f"{view.setting.key}: {view.setting.told(view.value)}"
    if view.changed is None:
        return f"{said} (Datei)"
    at = view.changed.at.astimezone(BERLIN).strftime("%d.%m.%Y, %H:%M Uhr")
    in_file = view.setting.told(view.in_file)
    return f"{said} (Bildschirm, {view.changed.login} am {at}; in der Datei {in_file})"
