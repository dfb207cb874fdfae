"""The intake's figures beside those of its rivals, in one run.

    .venv/bin/python benchmarks/intake/measure.py [--letters 40] [--pages 60] [--record FILE]

Wants two idle cores.  OCRmyPDF runs where ``--ocrmypdf`` names its command (with Ghostscript,
unpaper and Tesseract's ``deu`` installed).  Prints the tables of ``docs/benchmarks.md`` and, with
``--record``, keeps them as a file.  Blank backs and cuts: ``benchmarks/paper``.
"""

from __future__ import annotations

import os

os.environ["OMP_THREAD_LIMIT"] = "1"  # before any engine is loaded

import argparse
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import accuracy
import memory
import orientation
import speed

Part = Callable[[argparse.Namespace], Iterator[str]]

PARTS = ("speed", "memory", "accuracy", "orientation")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--letters", type=int, default=40, help="letters for the speed")
    parser.add_argument("--pages", type=int, default=60, help="pages of every case for accuracy")
    parser.add_argument("--turned", type=int, default=400, help="sheets for the orientation")
    parser.add_argument("--batch", type=int, default=1000, help="pages of the batch for memory")
    parser.add_argument("--drawn", action="store_true", help="a born-digital batch, without OCR")
    parser.add_argument("--ocrmypdf", default="uvx --from ocrmypdf ocrmypdf")
    parser.add_argument("--only", choices=PARTS, nargs="+")
    parser.add_argument("--record", type=Path, help="also write the tables into this file")
    options = parser.parse_args()
    parts: dict[str, Part] = {
        "speed": speed_table,
        "memory": memory_table,
        "accuracy": accuracy_table,
        "orientation": orientation_table,
    }
    lines: list[str] = []
    for line in _all(parts, options):
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
        lines.append(line)
    if options.record:
        options.record.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _all(parts: dict[str, Part], options: argparse.Namespace) -> Iterator[str]:
    load = os.getloadavg()[0]
    yield f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {platform.python_implementation()} "
    yield f"{platform.python_version()}, {len(os.sched_getaffinity(0))} cores, load {load:.1f}"
    for name, part in parts.items():
        if not options.only or name in options.only:
            yield ""
            yield from part(options)


def speed_table(options: argparse.Namespace) -> Iterator[str]:
    """CPU seconds a page, side by side on the same scans."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pages = speed.scans(folder / "scans", options.letters)
        bare = speed.bare_tesserocr(folder / "scans", pages)
        both = speed.bare_tesserocr(folder / "scans", pages, len(os.sched_getaffinity(0)))
        runs = [bare, both, speed.product(folder / "scans", pages, folder / "home")]
        if options.ocrmypdf:
            runs.append(speed.ocrmypdf(folder / "scans", pages, options.ocrmypdf, folder))
        born = speed.born_digital(folder / "born", 3 * options.letters)
        runs.append(speed.product(folder / "born", born, folder / "home2", "born digital"))
        long = speed.long_born_digital(folder / "long", max(4, options.letters // 4))
        runs.append(
            speed.product(folder / "long", long, folder / "home3", "born digital, ten pages")
        )
        yield "| system | pages | CPU s a page | × bare | × bare on all cores | pages a second | |"
        yield "|---|---|---|---|---|---|---|"
        for run in runs:
            ratios = [run.cpu_a_page / one.cpu_a_page for one in (bare, both)]
            yield (
                f"| {run.system} | {run.pages} | {run.cpu_a_page:.2f} | {ratios[0]:.2f} | "
                f"{ratios[1]:.2f} | {run.pages / run.wall:.2f} | {run.remark} |"
            )


def memory_table(options: argparse.Namespace) -> Iterator[str]:
    """MB of the command and of its largest OCR process."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        memory.large_page(folder / "a3")
        a3 = memory.of_a_batch(folder / "a3", 1, folder / "home")
        (memory.drawn_batch if options.drawn else memory.batch)(folder / "batch", options.batch)
        run = memory.of_a_batch(folder / "batch", options.batch, folder / "home2")
        yield "| what | MB |"
        yield "|---|---|"
        yield f"| an OCR worker with a full A3 page | {a3.worker:.0f} |"
        yield f"| an OCR worker during {run.pages} pages of A4 | {run.worker:.0f} |"
        yield f"| the command itself, early and late in {run.pages} pages ({run.seconds:.0f} s) | "
        yield f"{run.early:.0f} and {run.late:.0f} |"


def accuracy_table(options: argparse.Namespace) -> Iterator[str]:
    """Character errors by kind of page."""
    yield (
        "| pages | characters | wrong | reach | `§` and `SGB II` read | "
        "words corrected rightly, wrongly | commonest errors |"
    )
    yield "|---|---|---|---|---|---|---|"
    for errors in accuracy.measure(options.pages, len(os.sched_getaffinity(0))):
        wrong = ", ".join(f"{true!r}→{read!r} {times}" for true, read, times in errors.wrong[:4])
        yield (
            f"| {errors.name} ({errors.pages}) | {errors.characters:,} | {errors.rate:.3%} | "
            f"{errors.reach:.1%} | {errors.marks_read / errors.marks:.1%} of {errors.marks} | "
            f"{errors.mended}, {errors.spoilt} | {wrong} |"
        )


def orientation_table(options: argparse.Namespace) -> Iterator[str]:
    """Sheets turned the right way, by kind."""
    cores = len(os.sched_getaffinity(0))
    yield from orientation.table_of(orientation.measure(options.turned, 1, cores))


if __name__ == "__main__":
    main()
