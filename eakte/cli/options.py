"""Options that several commands share."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from eakte.settings import Settings, load_settings

ConfigOption = Annotated[
    Path | None, typer.Option("--config", help="Ordner mit eakte.toml (sonst EAKTE_CONFIG).")
]
HostOption = Annotated[str | None, typer.Option("--host", help="Adresse (sonst web.host).")]
PortOption = Annotated[
    int | None, typer.Option("--port", min=1, max=65535, help="Port (sonst web.port).")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Ein JSON-Objekt je Zeile.")]


def settings_of(config: Path | None) -> Settings:
    """The settings of this call."""
    return load_settings(config=config)


def iso_day(value: str) -> date:
    """A day as ``2026-11-20``; anything else is a usage error."""
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise typer.BadParameter(f"„{value}“ ist kein Datum wie 2026-11-20.") from error
