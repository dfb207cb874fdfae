"""``eakte rules check`` and ``eakte rules test``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from classifiers.catalogue import load_catalogue
from classifiers.evaluate import evaluate, labelled_documents
from classifiers.keywords import KeywordClassifier
from eakte.cli.options import ConfigOption, settings_of
from eakte.cli.output import say, say_error
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


def measure(
    folder: Annotated[Path, typer.Argument(help="Ordner DIR/<schlagwort>/*.txt oder *.json.")],
    *,
    config: ConfigOption = None,
) -> None:
    """Misst die Regeln an Dokumenten, deren Schlagwort bekannt ist."""
    settings = settings_of(config)
    catalogue = load_catalogue(settings.schlagworte)
    threshold = settings.values.classify.threshold
    found = evaluate(KeywordClassifier(catalogue), labelled_documents(folder, catalogue), threshold)
    for miss in found.misses:
        say(f"{miss.name}: erwartet {miss.expected}, erkannt {miss.found} ({miss.score:.2f})")
    for band, (count, right) in found.reliability.items():
        say(f"Sicherheit {band / 10:.1f}–{(band + 1) / 10:.1f}: {right} von {count} richtig")
    say(f"{found.right} von {found.documents} richtig ({found.accuracy:.1%}).")
    say(f"Ab der Schwelle {threshold}: {found.sure_and_right} von {found.sure} richtig.")
    if found.misses:
        raise typer.Exit(1)
