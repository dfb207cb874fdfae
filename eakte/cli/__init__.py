"""The command line: one module a group of commands.  Exit codes and outputs are stable.

0: done; 1: ran, but something was quarantined or problems were found; 2: usage; 3: refused.

A command's module is imported when that command is called, and only then: a caseworker's search or
a script's ``eakte text`` must not wait for OCR engines and web frameworks.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperGroup

from eakte.cli.ending import tidied_up
from eakte.cli.output import hint, say_error
from eakte.errors import EakteError

if TYPE_CHECKING:
    from types import ModuleType

__all__ = ["app", "main"]

COMMANDS: Mapping[str, tuple[str, str]] = {
    "init": ("setup", "Richtet Datenordner, Schema und die erste Anmeldung ein."),
    "serve": ("serve", "Startet alles in einem Prozessbaum."),
    "web": ("web", "Startet nur den Webserver."),
    "inbox": ("worker", "Überwacht nur den Posteingang."),
    "worker": ("worker", "Startet nur die Verarbeitung."),
    "register": ("setup", "Das Register: Standorte, Teams, Personal, Akten."),
    "user": ("access", "Benutzerkonten."),
    "token": ("tokens", "Zugangsschlüssel für Programme."),
    "intake": ("intake", "Nimmt Dateien an, ordnet zu, stellt zu."),
    "settings": ("live_settings", "Einstellungen, die sich im Betrieb ändern lassen."),
    "covers": ("covers", "Druckt Trennblätter und Deckblätter."),
    "text": ("looking", "Gibt den erkannten Text eines Dokuments aus."),
    "route": ("route", "Sagt, wer einen Brief bekäme, und warum."),
    "search": ("looking", "Zeigt, was eine Person fände."),
    "open": ("windows", "Ruft eine Akte auf dem zweiten Bildschirm einer Person auf."),
    "rules": ("rules", "Die Regeln der Schlagworte."),
    "examples": ("examples", "Korrekturen ohne Namen, um die Regeln zu prüfen."),
    "check": ("looking", "Prüft Verbleib, Prüfsummen, Protokollkette und Index."),
    "reindex": ("looking", "Baut den Volltextindex neu auf."),
    "backfile": ("backfile", "Legt alte Akten ohne Umweg in ihre Akte ab."),
    "backup": ("backup", "Sichert alles, während der Server läuft."),
    "restore": ("backup", "Spielt eine Sicherung in einen leeren Datenordner zurück."),
}
"""Every command: its module in this package, and its line in ``eakte --help``."""

_LOOKS: Mapping[str, Any] = {
    "add_completion": False,
    "pretty_exceptions_enable": False,
    "rich_markup_mode": None,
}


class _Commands(TyperGroup):
    """The commands of the table above, each imported when it is asked for."""

    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]  # noqa: ARG002
        """All names, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: typer.Context, cmd_name: str) -> Any:  # type: ignore[override]  # noqa: ANN401, ARG002
        """The command's module is imported here, and nowhere else."""
        if cmd_name not in COMMANDS:
            return None
        module: ModuleType = importlib.import_module(f"eakte.cli.{COMMANDS[cmd_name][0]}")
        group = typer.Typer(**_LOOKS)
        group.callback()(_nothing)
        module.add_to(group)
        return typer.main.get_group(group).commands[cmd_name]

    def format_commands(self, ctx: typer.Context, formatter: Any) -> None:  # type: ignore[override]  # noqa: ANN401, ARG002
        """The lines of the table: help needs no command's module."""
        with formatter.section("Befehle"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


def _nothing() -> None:
    """Elektronische Akte und Posteingang für Jobcenter."""


app = typer.Typer(name="eakte", cls=_Commands, no_args_is_help=True, **_LOOKS)
app.callback()(_nothing)


def main() -> int:
    """Run the command line; every deliberate error is one sentence on stderr."""
    try:
        with tidied_up():
            app(standalone_mode=True)
    except EakteError as error:
        say_error(error)
        return error.exit_code
    except BrokenPipeError:
        # Whoever read the output has seen enough; closing it again at the end must not complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        hint(_about(error))
        return 3
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    return 0


def _about(error: OSError) -> str:
    """A sentence for what the machine refused: a full disk, missing rights."""
    where = f"{error.filename}: " if error.filename else ""
    return f"{where}{error.strerror or error}. Rechte, Datenträger und freien Platz prüfen."
