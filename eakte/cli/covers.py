"""``eakte covers``: separator sheets and cover sheets as PDF, to be printed."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Annotated

import typer

from eakte.cli.looking import OPERATOR
from eakte.cli.opening import product_of
from eakte.cli.options import ConfigOption
from eakte.cli.output import say
from eakte.language.aktenzeichen import AktenzeichenPattern
from eakte.services.cover_sheets import CoverSheets


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("covers")(covers)


def covers(
    *,
    copies: Annotated[
        int, typer.Option("--copies", min=1, max=500, help="So viele Trennblätter.")
    ] = 20,
    aktenzeichen: Annotated[
        str | None, typer.Option("--aktenzeichen", help="Deckblatt für diese Akte.")
    ] = None,
    schlagwort: Annotated[
        str, typer.Option("--schlagwort", help="Kennung; leer: die Regeln entscheiden.")
    ] = "",
    rows: Annotated[
        Path | None,
        typer.Option("--list", metavar="CSV", help="Spalten aktenzeichen;schlagwort, mit Kopf."),
    ] = None,
    user: Annotated[str | None, typer.Option("--user", help="Mit wessen Rechten.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Die PDF-Datei.")] = None,
    config: ConfigOption = None,
) -> None:
    """Druckvorlagen: Trennblätter, oder Deckblätter, die eine Rücksendung in die Akte führen."""
    if aktenzeichen is not None and rows is not None:
        raise typer.BadParameter("Entweder --aktenzeichen oder --list.")
    wanted = [] if aktenzeichen is None else [(aktenzeichen, schlagwort)]
    if rows is not None:
        wanted = _rows(rows, schlagwort)
    product = product_of(config)
    pattern = AktenzeichenPattern(product.settings.values.authority.aktenzeichen_patterns)
    sheets = CoverSheets(product.database, product.catalogue.schlagworte, pattern)
    if wanted:
        reader = product.services.accounts.reader(user) if user else OPERATOR
        made, out = sheets.covers(reader, wanted), out or Path("deckblaetter.pdf")
        what = f"{len(wanted)} Deckblätter" if len(wanted) > 1 else "Ein Deckblatt"
    else:
        made, out = sheets.separators(copies), out or Path("trennblaetter.pdf")
        what = f"{copies} Trennblätter" if copies > 1 else "Ein Trennblatt"
    out.write_bytes(made)
    say(f"{what}: {out}")


def _rows(path: Path, schlagwort: str) -> list[tuple[str, str]]:
    """(file number, Schlagwort) of every row; a usage error where the columns are not there."""
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise typer.BadParameter(f"{path} ist nicht lesbar: {error}.") from error
    delimiter = ";" if ";" in text.partition("\n")[0] else ","
    found = list(csv.DictReader(text.splitlines(), delimiter=delimiter))
    if not found or "aktenzeichen" not in found[0]:
        raise typer.BadParameter(f"{path} hat keine Spalte „aktenzeichen“ oder keine Zeilen.")
    return [
        (row["aktenzeichen"].strip(), (row.get("schlagwort") or schlagwort).strip())
        for row in found
    ]
