"""``eakte examples export``: corrections of the desk, nameless, to test the rules with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from eakte.cli.looking import OPERATOR
from eakte.cli.opening import product_of
from eakte.cli.options import ConfigOption
from eakte.cli.output import say


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    group = typer.Typer(help="Korrekturen der Klärung und der Postkörbe, ohne Namen.")
    group.callback()(_nothing)
    group.command("export")(export)
    app.add_typer(group, name="examples")


def _nothing() -> None:
    """Korrekturen der Klärung und der Postkörbe, ohne Namen."""


def export(
    folder: Annotated[Path, typer.Argument(help="Neuer oder leerer Ordner.")],
    *,
    angaben: Annotated[
        bool, typer.Option("--angaben", help="Berichtigte Angaben statt der Schlagworte.")
    ] = False,
    config: ConfigOption = None,
) -> None:
    """Schreibt korrigierte Schlagworte als Beispiele für „eakte rules test“, oder Angaben."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise typer.BadParameter(f"{folder} ist nicht leer.")
    product = product_of(config)
    product.services.examples.keep_house()
    examples = product.services.examples
    if angaben:
        count = examples.export_facts(OPERATOR, folder)
        say(f"{'Ein Beispiel' if count == 1 else f'{count} Beispiele'}: {folder}.")
        return
    count = product.services.examples.export(OPERATOR, folder)
    what = "Ein Beispiel" if count == 1 else f"{count} Beispiele"
    say(f"{what}: {folder}. Prüfen mit „eakte rules test {folder}“.")
