"""Options that several commands share."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from eakte.bootstrap import Product, open_product
from eakte.settings import Settings, load_settings

ConfigOption = Annotated[
    Path | None, typer.Option("--config", help="Ordner mit eakte.toml (sonst EAKTE_CONFIG).")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Ein JSON-Objekt je Zeile.")]


def settings_of(config: Path | None) -> Settings:
    """The settings of this call."""
    return load_settings(config=config)


def product_of(config: Path | None) -> Product:
    """The product of this call."""
    return open_product(settings_of(config))


def iso_day(value: str) -> date:
    """A day as ``2026-11-20``; anything else is a usage error."""
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise typer.BadParameter(f"„{value}“ ist kein Datum wie 2026-11-20.") from error
