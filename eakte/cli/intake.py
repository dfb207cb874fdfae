"""``eakte intake``: files or folders through the whole flow, in the foreground."""

from __future__ import annotations

import hashlib
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
from eakte.cli.opening import product_of
from eakte.cli.options import ConfigOption, JsonOption, iso_day
from eakte.cli.output import hint, say, say_json
from eakte.errors import EakteError
from eakte.intake.durable import Durable, DurableSettings
from eakte.intake.foreground import Foreground, Result
from eakte.intake.receive import Arrival, receive


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
    files = list(_walk(paths))
    product = product_of(config)
    require_recognition(product.settings)
    if files and not _run(product, files, day or product.database.clock.today(), as_json=as_json):
        raise typer.Exit(1)


def _run(product: Product, files: list[Path], day: date, *, as_json: bool) -> bool:
    """Take every file; False where one of them was quarantined or could not be read."""
    values = product.settings.values
    clean = True
    with open_pool(product.settings) as pool:
        tools = intake_tools(product, pool)
        settings = DurableSettings(
            url=product.settings.durable_url,
            executor_id=f"intake-{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:8]}",
            listens=False,
        )
        durable = Durable(tools, settings)
        durable.launch()
        try:
            foreground = Foreground(tools, durable, product.indexer)
            sources = ((str(path), _arrive(product, path, day)) for path in files)
            for result in foreground.run(sources, ahead=values.work.parallel_sources):
                clean &= result.status != "quarantined"
                _tell(result, as_json=as_json)
        finally:
            durable.close(seconds=5)
    return clean


def _tell(result: Result, *, as_json: bool) -> None:
    if as_json:
        say_json(result.to_json())
        return
    where = result.postbox or "–"
    reason = f" {result.reason[1]}" if result.reason else ""
    first = result.schlagworte[0]["schlagwort"] if result.schlagworte else "–"
    say(f"{result.source}: {result.status}, {first}, Postkorb {where}.{reason}")
    if sys.stderr.isatty():
        hint(f"  {result.pages} Seiten in {result.seconds:.1f} s")


def _arrive(product: Product, path: Path, day: date) -> str | EakteError:
    """Store the bytes and commit the row; the file itself stays where it is."""
    try:
        sha256 = product.store.put_file(path)
    except OSError as error:
        return EakteError(
            f"{path} ist nicht lesbar: {error.strerror}.", remedy="Pfad und Rechte prüfen."
        )
    except EakteError as error:
        return error
    size = path.stat().st_size
    key = f"command\x1f{sha256}\x1f{uuid.uuid4().hex}"
    taken = receive(
        product.database,
        Arrival(
            key=hashlib.sha256(key.encode()).hexdigest(),
            channel="command",
            batch=day.isoformat(),
            name=path.name,
            sha256=sha256,
            size=size,
            received=day,
        ),
    )
    return taken.source_id


def _walk(paths: list[Path]) -> Iterator[Path]:
    """Files as given; folders recursively in byte order, dotfiles skipped."""
    for path in paths:
        if path.is_dir():
            yield from _walk_folder(path)
        else:
            yield path


def _walk_folder(folder: Path) -> Iterator[Path]:
    for entry in sorted(folder.iterdir(), key=lambda one: os.fsencode(one.name)):
        if entry.name.startswith("."):
            continue
        if entry.is_dir():
            yield from _walk_folder(entry)
        elif entry.is_file():
            yield entry
