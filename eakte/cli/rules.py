"""``eakte rules check`` and ``eakte rules test``."""

from __future__ import annotations

import typer

from classifiers.catalogue import load_catalogue
from eakte.cli.options import ConfigOption, settings_of
from eakte.cli.output import say, say_error
from eakte.cli.rules_measure import measure
from eakte.errors import RuleError


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    rules = typer.Typer(help="Die Regeln der Schlagworte.")
    rules.command("check")(check)
    rules.command("test")(measure)
    app.add_typer(rules, name="rules")


def check(*, config: ConfigOption = None) -> None:
    """Prüft, ob die Regeldateien wohlgeformt sind."""
    try:
        catalogue = load_catalogue(settings_of(config).schlagworte)
    except RuleError as error:
        say_error(error)
        raise typer.Exit(1) from error
    say(
        f"{len(catalogue.schlagworte)} Schlagworte, {len(catalogue.triggers)} Auslöser: in Ordnung."
    )
