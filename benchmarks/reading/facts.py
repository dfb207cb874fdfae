"""How well facts are read: share right by kind, and CPU time a page.

``.venv/bin/python benchmarks/reading/facts.py [--letters 400] [--scans 60] [--wrong]``

Three sets: the labelled letters of ``tests/unit/classifiers/fact_letters.toml``, letters of the
demo's generator as they were set (their sheets say what is true), and some of them as spoiled scans
that the product's reader recognised (``stored.py`` keeps the results).  A fact is right where the
surest one of its kind is the true one; sums count one by one, and a fact that a labelled letter
does not have counts as right where none is read.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import stored

from classifiers.facts import FactRules, facts
from eakte.demo import letters as demo
from eakte.demo.authority import demo_register
from eakte.demo.sheet import Sheet
from eakte.demo.typeset import typeset
from eakte.domain.facts import FactKind
from tests.fact_letters import FactLetter, labelled_letters, score

TODAY = date(2026, 11, 20)
SEED = 4118
MOST_SUMS = 40
_EURO = re.compile(r"(?<![\d.,])(\d{1,3}(?:\.\d{3})*),(\d{2}) €")
_COURT = re.compile(r"\b[SLB] \d{1,3} AS \d{1,5}/\d{2}(?: B)?(?: ER| R)?\b")

Result = dict[FactKind, tuple[int, int]]


def demo_letters(
    count: int, read: Callable[[demo.DemoLetter], stored.Pages]
) -> Iterator[FactLetter]:
    """Letters of the demo's generator, with the truth that their sheets state."""
    sheets: list[Sheet] = []

    def kept(sheet: Sheet, rng: Random) -> bytes:
        sheets.append(sheet)
        return typeset(sheet, rng)

    before, demo.typeset = demo.typeset, kept
    try:
        register = demo_register(today=TODAY)
        for letter in demo.generate(register, count=count, today=TODAY, seed=SEED):
            yield FactLetter(
                name=f"{letter.name} {letter.truth.kind}",
                pages=read(letter),
                truth=_truth(sheets[-1], letter.truth.dated),
                received=TODAY,
            )
    finally:
        demo.typeset = before


def _truth(sheet: Sheet, dated: date) -> dict[FactKind, tuple[str, ...]]:
    truth: dict[FactKind, tuple[str, ...]] = {}
    written = f"{dated:%d.%m.%Y}"
    if written in sheet.date or any(written in value for _, value in sheet.info):
        truth[FactKind.DATED] = (dated.isoformat(),)
    name = sheet.return_line.split(" · ")[0] if sheet.layout == "din" else ""
    if sheet.layout == "private":
        name = (sheet.sender or ("",))[0]
    if name:
        truth[FactKind.SENDER] = (name,)
    if sheet.subject:
        truth[FactKind.SUBJECT] = (sheet.subject[0],)
    everything = json.dumps((sheet.subject, sheet.info, sheet.blocks), ensure_ascii=False)
    sums = {f"{whole.replace('.', '')}.{cents}" for whole, cents in _EURO.findall(everything)}
    if 0 < len(sums) <= MOST_SUMS:
        truth[FactKind.AMOUNT] = tuple(sorted(sums))
    courts = set(_COURT.findall(everything))
    if courts:
        truth[FactKind.COURT_NUMBER] = tuple(sorted(courts))
    return truth


def measured(letters: int, scans: int) -> Iterator[tuple[str, list[FactLetter]]]:
    """The three sets by name."""
    yield "labelled letters", list(labelled_letters())
    yield "demo letters as set", list(demo_letters(letters, stored.clean))
    if scans:
        yield "demo letters as scans", list(demo_letters(scans, stored.scanned))


def cpu_ms_a_page(letters: list[FactLetter]) -> float:
    """CPU milliseconds for the facts of a page."""
    rules, pages = FactRules(), sum(len(letter.pages) for letter in letters)
    begun = time.process_time()
    for letter in letters:
        facts(letter.pages, rules, own=letter.own, received=letter.received)
    return (time.process_time() - begun) * 1000 / pages


def main() -> None:
    """Print a table for each set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=int, default=400)
    parser.add_argument("--scans", type=int, default=60)
    parser.add_argument("--wrong", action="store_true", help="list what was read wrongly")
    given = parser.parse_args()
    for name, letters in measured(given.letters, given.scans):
        wrong: list[tuple[str, FactKind, str, list[str]]] = []
        result: Result = score(letters, FactRules(), wrong)
        pages = sum(len(letter.pages) for letter in letters)
        print(
            f"{name}: {len(letters)} letters, {pages} pages, "
            f"{cpu_ms_a_page(letters):.1f} ms CPU a page"
        )
        for kind in FactKind:
            if kind in result:
                asked, right = result[kind]
                print(f"  {kind.value:20} {right:5} of {asked:5}  {right / asked:7.1%}")
        if given.wrong:
            for letter, kind, expected, read in wrong:
                print(f"    {letter}: {kind.value} {expected!r}, read {read[:3]!r}")


if __name__ == "__main__":
    main()
