"""How well a note on a separator or cover sheet is told from wear.

    .venv/bin/python benchmarks/paper/sheets.py [COUNT]

Draws sheets as offices have them: copied up to twice, shrunk or stretched, grey, askew, punched,
stapled, folded, with another page shining through; half of them with one small note.  Prints the
share of plain sheets that count as plain, and of notes that are seen, by kind.
"""

from __future__ import annotations

import importlib.util
import sys
from collections import Counter
from pathlib import Path
from random import Random
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np
import pypdfium2
from PIL import Image, ImageChops, ImageFilter

from scanner_inbox.covers import CoverSheet, cover_sheets, separator_sheets
from scanner_inbox.paper import examine
from scanner_inbox.payloads import cover_key, signed_cover

if TYPE_CHECKING:
    from eakte.domain.pages import Sheet


def _backs() -> ModuleType:
    spec = importlib.util.spec_from_file_location("backs", Path(__file__).with_name("backs.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


BACKS = _backs()
PRINT = (
    (25, 14, 185, 39),
    (55, 57, 155, 72),
    (75, 84, 135, 142),
    (20, 150, 190, 194),
    (15, 263, 195, 284),
)
"""Millimetres: what either sheet has printed on it, with some room."""

NOTES = ("line", "initials", "stamp", "pencil", "faint", "tick", "number")
COVER = signed_cover("12345//0001234", "weiterbewilligung", cover_key(b"benchmark"))


def printed(kind: str) -> Image.Image:
    """The sheet as it comes out of the printer, grey at 300 dpi."""
    made = (
        separator_sheets(1)
        if kind == "separator"
        else cover_sheets([CoverSheet(cover=COVER, title="Weiterbewilligungsantrag")])
    )
    document = pypdfium2.PdfDocument(made)
    page: Image.Image = document[0].render(scale=BACKS.DPI / 72).to_pil().convert("L")
    document.close()
    return page.resize(BACKS.A4)


def copied(page: Image.Image, rng: Random) -> Image.Image:
    """The sheet after a copier: a little smaller or larger, thicker or thinner, with specks."""
    scale = rng.uniform(0.97, 1.02)
    small = page.resize((round(page.width * scale), round(page.height * scale)))
    made = Image.new("L", page.size, 255)
    made.paste(
        small,
        (
            round((page.width - small.width) / 2 + rng.uniform(-20, 20)),
            round((page.height - small.height) / 2 + rng.uniform(-20, 20)),
        ),
    )
    made = made.rotate(rng.uniform(-1, 1), Image.Resampling.BILINEAR, fillcolor=255)
    made = made.filter(ImageFilter.GaussianBlur(rng.uniform(0.8, 2.0)))
    steep, middle = rng.uniform(2, 5), rng.uniform(110, 170)
    made = made.point([max(0, min(255, round((one - middle) * steep + 128))) for one in range(256)])
    pixels = np.asarray(made).copy()
    dust = np.random.default_rng(rng.randint(0, 2**31))
    for _ in range(rng.randint(0, 120)):
        y, x = int(dust.integers(0, page.height - 4)), int(dust.integers(0, page.width - 4))
        size = int(dust.integers(1, 4))
        pixels[y : y + size, x : x + size] = dust.integers(0, 120)
    return Image.fromarray(pixels, "L")


def noted(page: Image.Image, note: str, rng: Random) -> Image.Image:
    """The sheet with a note where it has room: across the print itself nobody writes."""
    while True:
        blank = Image.new("L", page.size, 255)
        written = BACKS.SPARSE[note](blank, rng)
        box = ImageChops.invert(written).point([0] * 20 + [255] * 236).getbbox()
        if box is not None and not any(_meet(box, one) for one in PRINT):
            return ImageChops.darker(page, written)


def _meet(box: tuple[int, int, int, int], band: tuple[int, int, int, int]) -> bool:
    left, top, right, bottom = (one / BACKS.MM for one in box)
    return left < band[2] and right > band[0] and top < band[3] and bottom > band[1]


def worn(page: Image.Image, seed: int, note: str, front: Image.Image) -> tuple[Image.Image, str]:
    """The sheet after its way through office and scanner, with ``note`` on it (empty: none)."""
    rng = Random(f"sheet:{seed}:{note}")
    copies = rng.choice((0, 0, 1, 2))
    for _ in range(copies):
        page = copied(page, rng)
    tone = rng.randint(235, 255)
    page = page.point([round(one * tone / 255) for one in range(256)])
    if note:
        page = noted(page, note, rng)
    if rng.random() < 0.35:
        page = BACKS.stapled(page, rng)
    kinds = BACKS._wear(rng, show_through=0.3)
    if note in BACKS.WEAK:
        kinds = {one for one in kinds if one.name != "BILEVEL"}
    scan, wear = BACKS._scanned(page, rng, kinds, front)
    return scan, f"{copies} copies {wear}"


def seen(scan: Image.Image) -> Sheet:
    """What the intake makes of the scan, at the 200 dpi that it reads at."""
    grey = scan.convert("L")
    size = (grey.width * 2 // 3, grey.height * 2 // 3)
    return examine(grey.resize(size, Image.Resampling.BOX), 200, ())


def front_page() -> Image.Image:
    """A page of text that may shine through."""
    page = Image.new("L", BACKS.A4, 255)
    for line in range(30):
        BACKS._text(page, "Sehr geehrte Damen und Herren, " * 2, (25, 60 + 6 * line), 11, 20)
    return page


def main(count: int) -> None:
    """Print the rates for ``count`` sheets of each kind, plain and with a note."""
    front = front_page()
    for kind in ("separator", "cover"):
        page, found, asked = printed(kind), Counter[str](), Counter[str]()
        for seed in range(count):
            for note in ("", NOTES[seed % len(NOTES)]):
                scan, wear = worn(page, seed, note, front)
                sheet = seen(scan)
                read = any(one.text.startswith("EAKTE1") for one in sheet.codes)
                written = any(one.code.startswith("written") for one in sheet.remarks)
                name = note or "plain"
                asked[name] += 1
                found[name] += (written if note else not written) and read
                if not read or (written and not note):
                    what = "written" if written else "unread"
                    sys.stderr.write(f"{kind} {seed} {name}: {what} ({wear})\n")
        for name in ("plain", *NOTES):
            sys.stdout.write(f"{kind:10} {name:9} {found[name]:4} of {asked[name]:4}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
