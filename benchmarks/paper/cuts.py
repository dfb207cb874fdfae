"""How well letters that were scanned in one run without separators are told apart.

    .venv/bin/python benchmarks/paper/cuts.py --letters 400

Demo letters are put one behind the other in stacks of ten; a letter in four is followed by an
enclosure (a page of another letter of the same sender: a form, a certificate, a statement), which
belongs to it.  Prints precision and recall of cuts by threshold and what each reason is worth.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Any, cast

from eakte.demo.authority import demo_register
from eakte.demo.labelled import page_words
from eakte.demo.letters import DemoLetter, generate
from eakte.domain.pages import Box, PageText, Word
from scanner_inbox.letter_starts import LetterStart, letter_starts

TODAY = date(2026, 11, 20)


def pages_of(letter: DemoLetter) -> list[PageText]:
    made = []
    for page in page_words(letter):
        words = tuple(
            Word(text=text, box=Box(x0, y0, x1, y1), line=line)
            for text, x0, y0, x1, y1, line in cast("list[Any]", page["words"])
        )
        made.append(
            PageText(
                words=words,
                width_mm=cast("float", page["width_mm"]),
                height_mm=cast("float", page["height_mm"]),
            )
        )
    return made


def stacks(count: int, seed: int) -> Iterator[tuple[list[PageText], set[int], set[int]]]:
    """(pages, places where a letter begins, places where an enclosure begins)."""
    rng = Random(seed)
    register = demo_register(today=TODAY)
    register["case_files"] = register["case_files"][:12]  # so that enclosures of a client are there
    letters = list(generate(register, count=count, today=TODAY, seed=seed))
    loose = [one for one in letters if one.truth.kind in ENCLOSURES]
    for start in range(0, len(letters), 10):
        run: list[PageText] = []
        begins: set[int] = set()
        encloses: set[int] = set()
        for letter in letters[start : start + 10]:
            begins.add(len(run))
            run += pages_of(letter)
            own = [one for one in loose if one.truth.aktenzeichen == letter.truth.aktenzeichen]
            if own and letter.truth.kind not in ENCLOSURES and rng.random() < 0.35:
                encloses.add(len(run))
                run += pages_of(rng.choice(own))
        yield run, begins - {0}, encloses


ENCLOSURES = frozenset(
    {
        "attest",
        "krankschreibung",
        "kontoauszug",
        "lohnabrechnung",
        "mietbescheinigung",
        "mietvertrag",
        "arbeitsvertrag",
        "meldebescheinigung",
        "schulbescheinigung",
        "vollmacht",
    }
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=int, default=400)
    parser.add_argument("--seed", type=int, default=11)
    options = parser.parse_args()
    asked: list[tuple[LetterStart, bool, bool]] = []
    for run, begins, encloses in stacks(options.letters, options.seed):
        asked.extend(
            (start, start.place in begins, start.place in encloses) for start in letter_starts(run)
        )
    true = sum(truth for _, truth, _ in asked)
    print(f"{len(asked)} places between pages, {true} of them begin a letter")
    for threshold in (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95):
        made = [(truth, enclosed) for one, truth, enclosed in asked if one.score >= threshold]
        right = sum(truth for truth, _ in made)
        print(
            f"  from {threshold:.2f}: {len(made):5} cuts, precision "
            f"{right / max(len(made), 1):.4f}, recall {right / max(true, 1):.4f}, "
            f"{sum(enclosed for _, enclosed in made)} before an enclosure"
        )
    for name in sorted({one.code for start, _, _ in asked for one in start.reasons}):
        seen = Counter(
            truth for start, truth, _ in asked if any(one.code == name for one in start.reasons)
        )
        print(f"  {name:18} seen at {seen[True]:5} beginnings, {seen[False]:5} other places")


if __name__ == "__main__":
    main()
