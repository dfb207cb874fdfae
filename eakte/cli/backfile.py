"""``eakte backfile``: old files into their case files, beside the day's post."""

from __future__ import annotations

import csv
import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Protocol

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from eakte.bootstrap import Product, require_recognition
from eakte.bootstrap.intake import intake_tools, open_pool
from eakte.cli.opening import product_of
from eakte.cli.options import ConfigOption
from eakte.cli.output import hint, say
from eakte.cli.processes import only_one, stop_on_signal
from eakte.errors import Unavailable
from eakte.intake.backfile import Backfile, Done
from eakte.intake.backfile_map import Map, MapError, Row, read_map
from eakte.intake.durable import OUT_OF_REACH, Durable, DurableSettings
from eakte.intake.tools import Tools
from eakte.settings import Settings

NICE = 15
"""The day's post goes first: the machine gives old files what nobody else wants."""

HEAD = ("Zeile", "Datei", "Aktenzeichen", "Stand", "Seiten", "Anlass", "Hinweis", "Dokument")
_STATUS = {
    "filed": "abgelegt",
    "quarantined": "Quarantäne",
    "failed": "unterbrochen",
    "elsewhere": "bei der Klärung",
}


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("backfile")(backfile)


def backfile(
    folder: Annotated[Path, typer.Argument(metavar="ORDNER", help="Ordner mit den alten Akten.")],
    *,
    mapped: Annotated[
        Path, typer.Option("--map", metavar="DATEI", help="CSV: Datei;Aktenzeichen;…")
    ],
    skip_bad: Annotated[
        bool, typer.Option("--skip-bad", help="Fehlerhafte Zeilen auslassen, die anderen nehmen.")
    ] = False,
    report: Annotated[
        Path | None,
        typer.Option("--report", metavar="DATEI", help="Bericht (sonst neben der Zuordnung)."),
    ] = None,
    processes: Annotated[
        int | None, typer.Option("--processes", min=1, help="Prozesse zum Lesen (sonst alle).")
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Legt alte Akten in ihre Akte ab, ohne Postkörbe; setzt fort, wo es aufgehört hat."""
    if not folder.is_dir():
        raise typer.BadParameter(f"Den Ordner {folder} gibt es nicht.")
    out = report or mapped.with_name(f"{mapped.stem}-bericht.csv")
    product = product_of(config)
    require_recognition(product.settings)
    product.indexer.take_up_settings()
    settings = product.settings
    with (
        only_one(settings.home / "backfile.lock", "Das Ablegen alter Akten"),
        open_pool(_with(settings, processes)) as pool,
    ):
        tools = intake_tools(product, pool)
        rows = _checked(read_map(mapped, folder, tools, not_meant=(out,)), skip_bad=skip_bad)
        os.nice(NICE)  # before the first OCR process is started: they inherit it
        try:
            clean = _run(product, tools, rows, mapped.stem, out)
        except OUT_OF_REACH as error:
            raise Unavailable(
                f"Die Datenbank antwortet nicht ({type(error).__name__}).",
                remedy="Derselbe Aufruf setzt fort, sobald sie wieder da ist.",
            ) from error
    if not clean:
        raise typer.Exit(1)


def _with(settings: Settings, processes: int | None) -> Settings:
    if processes is None:
        return settings
    recognition = settings.values.recognition.model_copy(update={"processes": processes})
    values = settings.values.model_copy(update={"recognition": recognition})
    return Settings(settings.home, settings.config, values, settings.access)


def _checked(found: Map, *, skip_bad: bool) -> list[Row]:
    """The lines to take.  Raises ``MapError`` where one is wrong, unless those are left out."""
    for mistake in found.mistakes:
        hint(str(mistake))
    if found.mistakes and not skip_bad:
        raise MapError(
            f"Die Zuordnung hat {len(found.mistakes)} Fehler; nichts wurde übernommen.",
            remedy="Berichtigen, oder mit --skip-bad nur die fehlerfreien Zeilen nehmen.",
        )
    return found.rows


def _run(product: Product, tools: Tools, rows: list[Row], batch: str, out: Path) -> bool:
    """Whether every file is filed."""
    settings = product.settings
    work = settings.values.work
    durable = Durable(
        tools,
        DurableSettings(
            url=settings.durable_url,
            heartbeat_seconds=work.heartbeat_seconds,
            # The same at every call: what a killed one left pending goes on at the launch.
            executor_id=f"backfile-{socket.gethostname()}-{settings.home_id}",
            listens=False,
        ),
    )
    durable.launch()
    done: list[Done] = []
    try:
        with stop_on_signal() as stop, _shown(rows) as shown:
            taking = Backfile(
                tools=tools,
                durable=durable,
                indexer=product.indexer,
                batch=batch,
                stop=stop,
                on_page=shown.page,
            )
            for one in taking.run(rows):
                done.append(one)
                shown.file(one)
                _write_report(done, out)
            stopped = stop.is_set()
    finally:
        durable.close(seconds=2)
    _write_report(done, out)
    _sum_up(done, len(rows), out, stopped=stopped)
    return not stopped and all(one.status == "filed" for one in done)


def _sum_up(done: list[Done], total: int, out: Path, *, stopped: bool) -> None:
    filed = sum(one.status == "filed" for one in done)
    pages = sum(one.pages for one in done)
    if stopped:
        say(f"Angehalten nach {len(done)} von {total} Akten. Derselbe Aufruf setzt fort.")
    say(
        f"{filed} von {total} Akten sind abgelegt ({pages} Seiten), "
        f"{sum(one.before for one in done)} davon schon früher."
    )
    seen = sum(bool(one.remarks) for one in done)
    if seen:
        say(f"{seen} davon sollte jemand ansehen: {out}")


def _write_report(done: list[Done], out: Path) -> None:
    """What needs a human eye, whole at any moment; Excel opens it with its umlauts."""
    made = out.with_name(f".{out.name}.part")
    with made.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(HEAD)
        for one in done:
            for remark in one.remarks:
                row, document = one.row, one.document_id or ""
                writer.writerow(
                    _plain(value)
                    for value in (
                        row.line,
                        row.name,
                        row.number,
                        _STATUS[one.status],
                        remark.ranges,
                        remark.code,
                        remark.message,
                        document,
                    )
                )
    made.replace(out)


def _plain(value: object) -> str:
    """A cell that no spreadsheet takes for a formula: names of files come from anywhere."""
    text = str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


class _Shown(Protocol):
    """Hears how far the work is."""

    def page(self, row: Row, done: int, of: int) -> None: ...

    def file(self, done: Done) -> None: ...


@contextmanager
def _shown(rows: list[Row]) -> Iterator[_Shown]:
    if not sys.stderr.isatty():
        yield _Lines(rows)
        return
    bar = Progress(
        TextColumn("{task.completed:.0%}"),
        BarColumn(),
        TextColumn("{task.description}"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )
    with bar:
        yield _Bar(rows, bar)


class _Rate:
    """Pages a second and the time that is left, by the bytes of what was read in this call."""

    def __init__(self, rows: list[Row]) -> None:
        self.begun = time.monotonic()
        self.total = sum(row.size for row in rows)
        self.passed = self.read = self.pages = 0

    def count(self, done: Done) -> None:
        """A file is through."""
        self.passed += done.row.size
        if not done.before:
            self.read += done.row.size
            self.pages += done.pages

    def __str__(self) -> str:
        seconds = max(time.monotonic() - self.begun, 0.001)
        left = (self.total - self.passed) * seconds / self.read if self.read else None
        rest = "" if left is None else f", noch etwa {_duration(left)}"
        rate = f"{self.pages / seconds:.1f}".replace(".", ",")
        return f"{rate} Seiten/s{rest}"


class _Lines:
    """A line a file."""

    def __init__(self, rows: list[Row]) -> None:
        self._rate, self._count, self._of = _Rate(rows), 0, len(rows)

    def page(self, row: Row, done: int, of: int) -> None:
        """Nothing: a log needs no line a page."""

    def file(self, done: Done) -> None:
        self._count += 1
        self._rate.count(done)
        remarks = (
            f", {len(done.remarks)} Hinweis{'' if len(done.remarks) == 1 else 'e'}"
            if done.remarks
            else ""
        )
        hint(
            f"{self._count}/{self._of} {done.row.name}: {_STATUS[done.status]}, "
            f"{done.pages} Seite{'' if done.pages == 1 else 'n'}{remarks} ({self._rate})"
        )


class _Bar:
    """One bar over all bytes, which moves with every page."""

    def __init__(self, rows: list[Row], bar: Progress) -> None:
        self._rate, self._bar = _Rate(rows), bar
        self._task = bar.add_task("", total=1)

    def page(self, row: Row, done: int, of: int) -> None:
        part = row.size * done / of if of else 0
        self._show(self._rate.passed + part, f"{row.name}, Seite {done} von {of or '?'}")

    def file(self, done: Done) -> None:
        self._rate.count(done)
        self._show(self._rate.passed, done.row.name)

    def _show(self, passed: float, what: str) -> None:
        share = passed / self._rate.total if self._rate.total else 1.0
        self._bar.update(self._task, completed=share, description=f"{what} ({self._rate})")


def _duration(seconds: float) -> str:
    minutes = round(seconds / 60)
    if minutes < 1:
        return "eine Minute"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
