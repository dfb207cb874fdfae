"""``eakte intake``: files or folders through the whole flow, in the foreground."""

from __future__ import annotations

import os
import socket
import sys
import uuid
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from eakte.bootstrap import Product, require_recognition
from eakte.bootstrap.intake import intake_tools, open_pool
from eakte.bootstrap.live_settings import kept_current
from eakte.cli.opening import product_of
from eakte.cli.options import ConfigOption, JsonOption, iso_day
from eakte.cli.output import hint, say, say_json
from eakte.errors import IntakeError, Unavailable
from eakte.intake.by_command import take
from eakte.intake.durable import OUT_OF_REACH, Durable, DurableSettings
from eakte.intake.foreground import Foreground, Result


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("intake")(intake)


def intake(
    paths: Annotated[list[Path], typer.Argument(help="Dateien oder Ordner.")],
    *,
    received: Annotated[
        str | None, typer.Option("--received", metavar="DATUM", help="Eingangstag (sonst heute).")
    ] = None,
    as_json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Nimmt Dateien an, erkennt, ordnet zu, stellt zu und wartet, bis sie auffindbar sind."""
    day = iso_day(received) if received else None
    for path in paths:
        if not path.exists():
            raise typer.BadParameter(f"Die Datei oder den Ordner {path} gibt es nicht.")
    files = list(_walk(paths))
    product = product_of(config)
    require_recognition(product.settings)
    product.indexer.take_up_settings()
    try:
        clean = _run(product, files, day or product.database.clock.today(), as_json=as_json)
    except OUT_OF_REACH as error:
        raise Unavailable(
            f"Die Datenbank antwortet nicht ({type(error).__name__}).",
            remedy="Was begonnen wurde, nimmt „eakte worker“ wieder auf.",
        ) from error
    if not clean:
        raise typer.Exit(1)


def _run(product: Product, files: list[Path], day: date, *, as_json: bool) -> bool:
    """Take every file; False where one of them was quarantined or could not be read."""
    values = product.settings.values
    clean = True
    if not files:
        return clean
    with (
        open_pool(product.settings) as pool,
        kept_current(product.settings, product.services),
    ):
        tools = intake_tools(product, pool)
        settings = DurableSettings(
            url=product.settings.durable_url,
            heartbeat_seconds=values.work.heartbeat_seconds,
            executor_id=f"intake-{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:8]}",
            listens=False,
        )
        durable = Durable(tools, settings)
        durable.launch()
        try:
            foreground = Foreground(tools, durable, product.indexer, day)
            sources = ((str(path), _arrive(product, path, day)) for path in files)
            for result in foreground.run(sources, ahead=values.work.parallel_sources):
                clean &= result.status != "quarantined"
                _tell(result, as_json=as_json)
        finally:
            durable.close(seconds=5)
    return clean


def _tell(result: Result, *, as_json: bool) -> None:
    if not result.searchable:
        hint(f"{result.source}: Der Suchindex wird gerade neu aufgebaut; das Dokument folgt darin.")
    if as_json:
        say_json(result.to_json())
        return
    where = result.postbox or "–"
    reason = f" {result.reason[1]}" if result.reason else ""
    first = result.schlagworte[0]["schlagwort"] if result.schlagworte else "–"
    say(f"{result.source}: {result.status}, {first}, Postkorb {where}.{reason}")
    if sys.stderr.isatty():
        hint(f"  {result.pages} Seiten in {result.seconds:.1f} s")


def _arrive(product: Product, path: Path, day: date) -> str | IntakeError:
    """The source's id, or why the file was not taken: the others go on."""
    try:
        return take(path, product.store, product.database, day)
    except IntakeError as error:
        return error


def _walk(paths: list[Path]) -> Iterator[Path]:
    """Files as given; folders recursively in byte order, dotfiles skipped."""
    for path in paths:
        if path.is_dir():
            yield from _walk_folder(path)
        else:
            yield path


def _walk_folder(folder: Path) -> Iterator[Path]:
    """Everything that is no folder: what can't be taken is told of, not passed over."""
    with os.scandir(folder) as listed:
        entries = sorted(listed, key=lambda one: os.fsencode(one.name))
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk_folder(Path(entry.path))
        else:
            yield Path(entry.path)
