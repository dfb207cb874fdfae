"""Blank backs found, and sides with very little on them kept, on generated worn sheets.

    .venv/bin/python benchmarks/paper/pages.py --backs 1000

Prints every mistake with what had befallen the sheet, the shares, and the CPU time of the look at
blank backs, sparse backs and full pages (with decoding left out: the picture is there anyway).
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from datetime import date

import pypdfium2
from backs import blank_back, sparse_back, written_on_fold
from PIL import Image

from eakte.demo.authority import demo_register
from eakte.demo.letters import generate
from eakte.domain.pages import SheetKind
from scanner_inbox.paper import examine

TODAY = date(2026, 11, 20)
DPI = 200


def fronts(count: int) -> Iterator[Image.Image]:
    """First pages of demo letters at 300 dpi."""
    for letter in generate(demo_register(today=TODAY), count=count, today=TODAY):
        document = pypdfium2.PdfDocument(letter.pdf)
        yield document[0].render(scale=300 / 72).to_pil().convert("L")
        document.close()


def working(scan: Image.Image) -> Image.Image:
    """As recognition sees it: grey, 200 dpi."""
    grey = scan.convert("L")
    return grey.resize((grey.width * 2 // 3, grey.height * 2 // 3), Image.Resampling.BOX)


def look(
    make: Callable[[int, Image.Image], tuple[Image.Image, str]],
    wanted: SheetKind,
    count: int,
    behind: list[Image.Image],
) -> int:
    """How many of ``count`` sheets are taken for what they are."""
    right, seconds = 0, 0.0
    for seed in range(count):
        scan, what = make(seed, behind[seed % len(behind)])
        image = working(scan)
        began = time.process_time()
        kind = examine(image, DPI, ()).kind
        seconds += time.process_time() - began
        right += kind is wanted
        if kind is not wanted:
            print(f"  {seed}: {kind}, {what}")
    print(f"{wanted}: {right} of {count} ({right / count:.2%}), {1000 * seconds / count:.0f} ms")
    return right


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--backs", type=int, default=1000)
    options = parser.parse_args()
    behind = list(fronts(8))
    look(blank_back, SheetKind.BLANK, options.backs, behind)
    look(sparse_back, SheetKind.PAGE, options.backs, behind)
    look(written_on_fold, SheetKind.PAGE, options.backs // 2, behind)
    images = [working(one) for one in behind]
    began = time.process_time()
    for image in images:
        examine(image, DPI, ())
    print(f"full pages: {1000 * (time.process_time() - began) / len(images):.0f} ms")


if __name__ == "__main__":
    main()
