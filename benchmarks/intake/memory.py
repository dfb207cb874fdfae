"""How much memory an OCR worker takes up to A3, and whether the server grows over 1,000 pages."""

from __future__ import annotations

import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random

import img2pdf
import processes
import speed
import texts
import typst
from PIL import Image


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Resident memory (MB) of a command over a batch: its own, and of its largest OCR process.

    ``early`` and ``late`` are the command's medians of the second and of the last fifth of the run.
    """

    pages: int
    early: float
    late: float
    worker: float
    seconds: float


def of_a_batch(folder: Path, pages: int, home: Path) -> Server:
    """``eakte intake`` of a batch of ``pages`` pages; looked at five times a second."""
    environment = speed.fresh_home(home)
    command = [*speed.EAKTE, "intake", str(folder), "--json"]
    started = time.monotonic()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    own: list[float] = []
    worker = 0.0
    pause = threading.Event()
    while process.poll() is None:
        own.append(processes.resident_mb(process.pid))
        children = processes.descendants(process.pid)
        worker = max([worker, *(processes.resident_mb(child) for child in children)])
        pause.wait(0.2)
    fifth = max(1, len(own) // 5)
    return Server(
        pages=pages,
        early=_median(own[fifth : 2 * fifth]),
        late=_median(own[-fifth:]),
        worker=worker,
        seconds=time.monotonic() - started,
    )


def batch(folder: Path, pages: int) -> int:
    """One scanner run of ``pages`` short letters (a few lines each)."""
    folder.mkdir(parents=True)
    one = texts.letter(5, 11)
    picture = one.picture.copy()
    width, height = picture.size
    picture.paste(255, (0, height // 4, width, height))
    sheets = []
    for number in range(pages):
        rng = Random(number)
        moved = picture.rotate(rng.uniform(-0.2, 0.2), fillcolor=255)
        sheets.append(texts.jpeg(moved))
    (folder / "run.pdf").write_bytes(img2pdf.convert(sheets))
    return pages


def drawn_batch(folder: Path, pages: int) -> int:
    """One born-digital file of ``pages`` short pages: no OCR, all else is the same."""
    folder.mkdir(parents=True)
    source = (
        '#set page(paper: "a4", margin: 25mm)\n#set text(font: "Liberation Sans", size: 11pt)\n'
        f"#for number in range({pages}) [\n"
        "  Seite #(number + 1) einer Akte \\\n"
        "  Die Grundmiete beträgt #(300 + number),00 Euro, die Heizkosten sind enthalten.\n"
        f"  #if number < {pages - 1} {{ pagebreak() }}\n]\n"
    )
    (folder / "run.pdf").write_bytes(typst.compile(source.encode(), format="pdf"))
    return pages


def large_page(folder: Path) -> None:
    """A full A3 page of small print at 300 dpi."""
    folder.mkdir(parents=True)
    one = texts.letter(3, 10).picture
    (folder / "a3.pdf").write_bytes(img2pdf.convert([texts.jpeg(_side_by_side(one))]))


def _side_by_side(page: Image.Image) -> Image.Image:
    sheet = Image.new("L", (page.width * 2, page.height), 255)
    sheet.paste(page, (0, 0))
    sheet.paste(page, (page.width, 0))
    return sheet


def _median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2] if values else 0.0
