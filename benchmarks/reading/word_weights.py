"""What weights of words, reckoned from labelled letters, would add to rules written by hand.

A linear model over the words of a letter (stems, pairs of stems, pieces of long words, words of
the subject) is fitted to the letters of the sets named by ``--from`` and tried on ``--on``: alone,
and added to the sums of the rules.  Nothing of it is in the product; it tells how far rules alone
stay behind what the same letters could teach.

    python benchmarks/reading/word_weights.py --on fresh
"""

from __future__ import annotations

import argparse
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from classifiers.catalogue import load_catalogue
from classifiers.keywords import KeywordClassifier
from classifiers.labelled import Labelled, labelled_documents
from classifiers.layout import Zone, lines_of
from classifiers.tokens import Token, tokens_of
from classifiers.wordings import read_wordings
from eakte.language.folding import words_with_spans
from eakte.language.stems import term_of

ROOT = Path(__file__).parents[2]
LETTERS, RULES = ROOT / "tests" / "letters", ROOT / "config" / "schlagworte"
MADE_WITH = ("made", "measured", "control", "later", "workshop", "workshop2")
ROUNDS, STEP, INERTIA, DECAY = 100, 20.0, 0.9, 1e-5
_LONG, _PIECE = 7, 5
_LEFT_OUT = frozenset({Zone.RECIPIENT, Zone.SENDER})
_HEADS = frozenset({Zone.SUBJECT, Zone.TITLE})
_SLOT = re.compile(r"\{\w+\}")

Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A letter whose Schlagworte are known, as the set of its features."""

    right: tuple[str, ...]
    features: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """A weight for each feature (rows) and Schlagwort (columns)."""

    labels: tuple[str, ...]
    places: Mapping[str, int]
    rarity: Matrix
    weights: Matrix
    offsets: Matrix

    def chances(self, features: frozenset[str]) -> dict[str, float]:
        """The logarithm of each Schlagwort's share, by its id."""
        rows = sorted(self.places[one] for one in features if one in self.places)
        values = self.rarity[rows]
        length = float(np.linalg.norm(values)) or 1.0
        totals = values / length @ self.weights[rows] + self.offsets
        totals -= totals.max()
        shares = totals - math.log(float(np.exp(totals).sum()))
        return dict(zip(self.labels, map(float, shares), strict=True))


def of_words(words: Iterator[tuple[str, bool]]) -> Iterator[str]:
    """The features of words in their order, each with whether it stands in a subject or title.

    An empty word parts what stands beside it.
    """
    before = ""
    for word, head in words:
        if not word or any(sign.isdigit() for sign in word):
            before = ""
            continue
        stem = term_of(word)
        yield stem
        if before:
            yield f"{before}_{stem}"
        if head:
            yield f"S:{stem}"
        if len(word) >= _LONG:
            yield from (f"#{word[at : at + _PIECE]}" for at in range(len(word) - _PIECE + 1))
        before = stem


def of_pages(letter: Labelled) -> frozenset[str]:
    """The features of a letter as the product sees it, without its two addresses."""

    def words() -> Iterator[tuple[str, bool]]:
        for number, page in enumerate(letter.pages):
            for token in tokens_of(lines_of(page, first=not number)):
                yield _shown(token), token.zone in _HEADS
            yield "", False

    return frozenset(of_words(words()))


def _shown(token: Token) -> str:
    return "" if token.zone in _LEFT_OUT else token.text


def of_wordings(folder: Path) -> Iterator[Known]:
    """The features of the wordings of a set as they are written, without what fills the slots."""
    for path in sorted(folder.glob("*.txt")):
        for wording in read_wordings(path):

            def words(lines: Sequence[str] = wording.text) -> Iterator[tuple[str, bool]]:
                for line in lines:
                    head = line.startswith((">", "#"))
                    for part in _SLOT.split(line):
                        yield "", head
                        for word in words_with_spans(part):
                            yield word.text, head

            yield Known(right=wording.right, features=frozenset(of_words(words())))


def fitted(letters: Sequence[Known]) -> Weights:
    """Logistic regression by gradient descent; a feature must be in two letters to count."""
    counts = Counter(one for letter in letters for one in letter.features)
    places = {one: row for row, one in enumerate(k for k, n in counts.items() if n > 1)}
    labels = tuple(sorted({one for letter in letters for one in letter.right}))
    rarity = np.array([math.log(len(letters) / counts[one]) for one in places], dtype=np.float32)
    seen: Matrix = np.zeros((len(letters), len(places)), dtype=np.float32)
    wanted: Matrix = np.zeros((len(letters), len(labels)), dtype=np.float32)
    for row, letter in enumerate(letters):
        columns = sorted(places[one] for one in letter.features if one in places)
        seen[row, columns] = rarity[columns]
        seen[row] /= np.linalg.norm(seen[row]) or 1.0
        for one in letter.right:
            wanted[row, labels.index(one)] = 1 / len(letter.right)
    weights: Matrix = np.zeros((len(places), len(labels)), dtype=np.float32)
    offsets: Matrix = np.zeros(len(labels), dtype=np.float32)
    moved = np.zeros_like(weights)
    for _ in range(ROUNDS):
        totals = seen @ weights + offsets
        shares = np.exp(totals - totals.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        wrong = shares - wanted
        moved = INERTIA * moved + seen.T @ wrong / len(letters) + DECAY * weights
        weights -= STEP * moved
        offsets -= STEP * wrong.mean(axis=0)
    return Weights(labels=labels, places=places, rarity=rarity, weights=weights, offsets=offsets)


def main() -> None:
    """Print the share of right ones: rules, words, both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--from", dest="sets", nargs="+", default=MADE_WITH)
    parser.add_argument("--on", default="fresh")
    parser.add_argument("--share", type=float, default=1.6, help="what a unit of words weighs")
    parser.add_argument("--floor", type=float, default=-6.0, help="below it a word says nothing")
    parser.add_argument("--most", type=float, default=6.0, help="what rules weigh at most")
    given = parser.parse_args()
    catalogue = load_catalogue(RULES)
    classifier = KeywordClassifier(catalogue)
    known = [
        one
        for name in given.sets
        for one in (
            *of_wordings(LETTERS / name),
            *(
                Known(right=letter.right, features=of_pages(letter))
                for letter in labelled_documents(LETTERS / name, catalogue)
            ),
        )
    ]
    weights = fitted(known)
    right: dict[str, int] = defaultdict(int)
    letters = list(labelled_documents(LETTERS / given.on, catalogue))
    for letter in letters:
        sums = classifier.sums(letter.pages)
        words = weights.chances(of_pages(letter))
        both = {
            name: min(sums.get(name, 0.0), given.most) + given.share * max(0.0, share - given.floor)
            for name, share in words.items()
        }
        found = classifier.classify(letter.pages)[0].schlagwort
        right["rules"] += found in letter.right
        right["words"] += max(words, key=words.__getitem__) in letter.right
        right["both"] += max(both, key=both.__getitem__) in letter.right
    print(f"{len(known)} letters, {len(weights.places)} features; on {given.on}: {len(letters)}")
    for name, count in right.items():
        print(f"{name:8}{count / len(letters):7.1%}")


if __name__ == "__main__":
    main()
