"""CPU seconds, word errors and turned sheets by engine, on letters of the demo authority.

    .venv/bin/python benchmarks/recognition/pages.py --letters 40 --engine tesserocr pytesseract

One page after the other in this process, children included; nothing is cached.  Word errors are
words of the letter that were not read, as a share of all its words, order ignored (a stamp or a
scribble over the text makes some unreadable for everybody).
"""

from __future__ import annotations

import argparse
import resource
import statistics
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

from eakte.demo.authority import demo_register
from eakte.demo.letters import DemoLetter, generate
from eakte.demo.paper import Medium, ScanPlan, plan_scan, write_scan
from eakte.domain.pages import RecognisedPage, TextSource
from eakte.recognition.archive import archive_copy
from eakte.recognition.engines import ENGINES, open_engine
from eakte.recognition.reader import Reader

TODAY = date(2026, 11, 20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    medium: Medium
    turn: int
    found_turn: int
    seconds: float
    words: int
    missed: int
    preview_kb: float
    source: TextSource


def cpu_seconds() -> float:
    total = 0.0
    for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):
        usage = resource.getrusage(who)
        total += usage.ru_utime + usage.ru_stime
    return total


def letters(count: int, folder: Path) -> Iterator[tuple[DemoLetter, ScanPlan, Path]]:
    for letter in generate(demo_register(today=TODAY), count=count, today=TODAY):
        rng = Random(letter.name)
        plan = plan_scan(letter, rng)
        yield letter, plan, write_scan(letter, folder, rng, plan)


def missed_words(lines: tuple[str, ...], page: RecognisedPage) -> tuple[int, int]:
    """How many words the page has, and how many of them were not read."""
    wanted = Counter(" ".join(lines).split())
    missed = wanted - Counter(word.text for word in page.text.words)
    return wanted.total(), missed.total()


def measure(engine: str, count: int) -> tuple[list[Measured], list[float]]:
    loaded = open_engine(engine)
    reader = Reader(lambda: loaded)
    pages: list[Measured] = []
    copies: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        for letter, plan, path in letters(count, Path(folder)):
            read = []
            for number in range(1, reader.page_count(path) + 1):
                before = cpu_seconds()
                page = reader.read_page(path, number)
                seconds = cpu_seconds() - before
                words, missed = missed_words(letter.truth.lines[number - 1], page)
                turned = (360 - plan.turns[number - 1]) % 360
                pages.append(
                    Measured(
                        medium=plan.medium,
                        turn=0 if plan.medium is Medium.BORN_DIGITAL else turned,
                        found_turn=page.turn,
                        seconds=seconds,
                        words=words,
                        missed=missed,
                        preview_kb=len(page.preview) / 1000,
                        source=page.text.source,
                    )
                )
                read.append(page)
            before = cpu_seconds()
            archive_copy(path, read)
            copies.append((cpu_seconds() - before) / len(read))
    return pages, copies


def report(engine: str, pages: list[Measured], copies: list[float]) -> None:
    print(f"\n{engine}: {len(pages)} pages")
    print(f"{'':24}{'pages':>6}{'median s':>10}{'max s':>8}{'missed':>9}{'preview':>10}")
    groups: list[tuple[str, list[Measured]]] = [
        ("born digital", [p for p in pages if p.source is TextSource.EMBEDDED]),
        ("upright scans", [p for p in pages if p.source is not TextSource.EMBEDDED and not p.turn]),
        ("turned scans", [p for p in pages if p.turn]),
    ]
    groups += [(f"  {medium}", [p for p in pages if p.medium is medium]) for medium in Medium]
    for name, group in groups:
        if group:
            words = sum(p.words for p in group)
            print(
                f"{name:24}{len(group):6}{statistics.median(p.seconds for p in group):10.2f}"
                f"{max(p.seconds for p in group):8.2f}"
                f"{sum(p.missed for p in group) / max(words, 1):9.2%}"
                f"{statistics.median(p.preview_kb for p in group):7.0f} KB"
            )
    wrong = [p for p in pages if p.turn != p.found_turn]
    print(
        f"turned the wrong way: {len(wrong)}; archive copy {statistics.median(copies):.3f} s/page"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--letters", type=int, default=40)
    parser.add_argument("--engine", nargs="+", choices=tuple(ENGINES), default=list(ENGINES))
    options = parser.parse_args()
    for engine in options.engine:
        report(engine, *measure(engine, options.letters))


if __name__ == "__main__":
    main()
