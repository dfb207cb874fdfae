"""How well the rules read scanned and spoiled letters in words that they were not made with.

The labelled letters of ``tests/letters`` are set, spoiled and recognised once; what was read is
kept by content, so that a second run takes seconds.  Prints the primary Schlagwort, the pressing
ones that were overlooked, the calibration and the CPU time a page; of what went wrong only how
often which was taken for which.

    python benchmarks/reading/schlagworte.py --half fresh                          a set put away
    python benchmarks/reading/schlagworte.py --half fresh --pressing --fillings 5  pressing only
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from labelled_letters import set_letters
from stored import clean, scanned

from classifiers.catalogue import Catalogue, load_catalogue
from classifiers.evaluate import PRESSING, Evaluation, evaluate
from classifiers.keywords import KeywordClassifier
from classifiers.labelled import Labelled
from classifiers.sample_words import load_sample_words

CONFIG = Path(__file__).parents[2] / "config"
RULES, SAMPLES = CONFIG / "schlagworte", CONFIG / "musterbriefe"
HALVES = ("measured", "control", "later")
REACH, OVERLOOKED = 0.95, 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What came out over ``halves``; times in CPU seconds, without recognition."""

    halves: tuple[str, ...]
    found: Evaluation
    overlooked: int
    unseen: int
    pages: int
    seconds: float

    @property
    def ms_a_page(self) -> float:
        """CPU milliseconds a page for classifying."""
        return 1000 * self.seconds / self.pages


def run(
    halves: Sequence[str] = HALVES,
    *,
    spoiled: bool = True,
    fillings: int = 1,
    pressing: bool = False,
) -> Figures:
    """Classify the letters of ``halves``, as scans or as they were set.

    Of each wording ``fillings`` letters are made; ``pressing`` takes only those of ``PRESSING``.
    """
    catalogue = load_catalogue(RULES)
    classifier = KeywordClassifier(catalogue, load_sample_words(SAMPLES))
    only = PRESSING if pressing else ()
    letters = [
        one
        for half in halves
        for seed in range(fillings)
        for one in documents(half, spoiled=spoiled, seed=seed, only=only)
    ]
    for one in letters[:20]:
        classifier.classify(one.pages)
    started = time.process_time()
    found = evaluate(classifier, letters)
    return Figures(
        halves=tuple(halves),
        found=found,
        overlooked=len(found.overlooked(_urgent(catalogue))),
        unseen=len(found.unseen(_urgent(catalogue))),
        pages=sum(len(one.pages) for one in letters),
        seconds=time.process_time() - started,
    )


def documents(
    half: str, *, spoiled: bool, seed: int = 0, only: Sequence[str] = ()
) -> list[Labelled]:
    """The letters of ``half`` with their labels, as they were read; ``only`` names Schlagworte."""
    read = scanned if spoiled else clean
    return [
        Labelled(name=wording.name, pages=read(letter), right=wording.right, wrong=wording.wrong)
        for wording, letter in set_letters(half, seed)
        if not only or wording.right[0] in only
    ]


def _urgent(catalogue: Catalogue) -> frozenset[str]:
    return frozenset(name for name, one in catalogue.schlagworte.items() if one.urgent)


def _tell(figures: Figures) -> None:
    found = figures.found
    pressing = len(found.pressing)
    missed = sum(not one.hit for one in found.pressing)
    print(f"\n{', '.join(figures.halves)}: {found.documents} letters, {figures.pages} pages")
    print(f"primary right      {found.right} = {found.accuracy:.1%} (reach {REACH:.0%})")
    print(
        f"pressing           {pressing}, not marked urgent {figures.overlooked}"
        f" = {figures.overlooked / max(pressing, 1):.1%} (reach {OVERLOOKED:.0%}),"
        f" of these not at the desk {figures.unseen},"
        f" another Schlagwort {missed}"
    )
    print(f"calibration error  {found.calibration_error:.1%}")
    for band in found.bands:
        print(
            f"  {band.low:.2f}-{band.high:.2f} {band.count:5d}"
            f"  predicted {band.predicted:.1%}  right {band.share:.1%}"
        )
    print(f"CPU a page         {figures.ms_a_page:.1f} ms")
    pairs = [f"{right} as {other} {count}" for (right, other), count in found.confusion.items()]
    print("taken for          " + "; ".join(pairs))


def main() -> None:
    """From the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", action="append", help="only this one (may be repeated)")
    parser.add_argument("--clean", action="store_true", help="as set, without scanning")
    parser.add_argument("--fillings", type=int, default=1, help="letters made of each wording")
    parser.add_argument("--pressing", action="store_true", help=f"only {', '.join(PRESSING)}")
    chosen = parser.parse_args()
    halves = tuple(chosen.half or HALVES)
    for some in [*((half,) for half in halves), *([halves] if len(halves) > 1 else [])]:
        _tell(
            run(
                some,
                spoiled=not chosen.clean,
                fillings=chosen.fillings,
                pressing=chosen.pressing,
            )
        )


if __name__ == "__main__":
    main()
