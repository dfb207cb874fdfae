"""Are words found that recognition spoiled, and how much else with them?

    nice python benchmarks/search/spoiled.py                 letters spoiled as the engine misreads
    nice python benchmarks/search/spoiled.py --read          and letters that it really read
    nice python benchmarks/search/spoiled.py --words 300 --show 20

Asked is every word of five letters and more that was set in a letter and can't be found there as
it was read (``--words``: so many of them).  Recall@50: of the letters where that word was misread,
how many stand in the first fifty hits.  Precision: of the hits, how many had the word set, alone or
within a longer word; once of all hits, once of those alone that do not hold the word as read.
Words that stand in more than forty letters are left out: fifty hits could not hold them.  A word
that recognition lost altogether is not there to be found and does not count.

So that there are words enough, letters are misread ten times as often as learnt, in the same ways.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "reading"))

import case_files
import post
import stored
from asking import EVERYBODY, Box, index_documents, page_terms_of
from labelled_letters import set_letters
from letters import ROOT, TODAY, letters
from rapidfuzz.distance import Levenshtein
from register import large_register

from classifiers.catalogue import load_catalogue
from eakte.domain.pages import PageText
from eakte.domain.search import IndexDocument
from eakte.language.analysis import analyse
from eakte.language.folding import fold
from eakte.language.stems import term_of

SHORTEST = 5
WORSE = 10.0
MOST = 40
"""Letters that may hold a word that is asked for; fifty hits have room for them and some more."""
LABELLED = ("control", "evening", "fresh", "later")
_FAR, _SHARE = 3, 0.4
"""A word that differs in more signs, or in more of its signs, is another one."""

Pages = tuple[PageText, ...]


@dataclass(slots=True)
class Asked:
    """A word, the letters where it was set (alone or within a word), read, and misread."""

    word: str
    set_in: set[int] = field(default_factory=set)
    read_in: set[int] = field(default_factory=set)
    misread_in: set[int] = field(default_factory=set)


class Texts:
    """What was set and what was read, letter by letter."""

    def __init__(self, pairs: Sequence[tuple[Pages, Pages]]) -> None:
        self.holding: dict[str, set[int]] = defaultdict(set)
        self.read: dict[str, set[int]] = defaultdict(set)
        self.misread: dict[str, set[int]] = defaultdict(set)
        self.spelled: dict[str, str] = {}
        for number, (true, read) in enumerate(pairs):
            self._letter(number, true, read)

    def _letter(self, number: int, true: Pages, read: Pages) -> None:
        terms = {token.term for page in read for token in analyse(page.text)}
        there = _words(true)
        wrong = set(_words(read)) - set(there)
        ordered = list(_words(read))
        pairs = {one + other for one, other in pairwise(ordered)} if wrong else set()
        for word, spelled in there.items():
            self.holding[word].add(number)
            term = term_of(spelled)
            if term in terms:
                self.read[term].add(number)
            elif any(_alike(word, one) for one in wrong) or word in pairs:
                self.misread[term].add(number)
                self.spelled.setdefault(term, spelled)

    def asked(self) -> Iterator[Asked]:
        """Every word that was misread somewhere and is not too frequent."""
        words = [(word, numbers) for word, numbers in self.holding.items()]
        for term, misread in sorted(self.misread.items()):
            spelled = self.spelled[term]
            stem = fold(spelled)[: max(SHORTEST, len(term))]
            set_in: set[int] = set()
            for word, numbers in words:
                if stem[:-1] in word or term in word:
                    set_in |= numbers
            if len(set_in) <= MOST:
                yield Asked(
                    word=spelled,
                    set_in=set_in,
                    read_in=self.read.get(term, set()),
                    misread_in=misread,
                )


def _words(pages: Pages) -> dict[str, str]:
    """The words that are letters alone, folded, with how they are written."""
    found: dict[str, str] = {}
    for page in pages:
        for word in page.words:
            bare = word.text.strip(".,;:()[]„“\"'!?")
            if len(bare) >= SHORTEST and bare.isalpha():
                found.setdefault(fold(bare), bare)
    return found


def _alike(word: str, read: str) -> bool:
    most = min(_FAR, int(len(word) * _SHARE))
    return word in read or Levenshtein.distance(word, read, score_cutoff=most) <= most


def report(name: str, asked: Sequence[Asked], box: Box, show: int) -> None:
    """Ask and print a line of the table."""
    wanted = found = hits = right = beyond = beyond_right = 0
    missed: list[str] = []
    wrong: list[str] = []
    begun = time.perf_counter()
    for one in asked:
        numbers = box.found(one.word)
        wanted += len(one.misread_in)
        got = one.misread_in & set(numbers)
        found += len(got)
        hits += len(numbers)
        right += len(set(numbers) & one.set_in)
        further = set(numbers) - one.read_in
        beyond += len(further)
        beyond_right += len(further & one.set_in)
        if len(got) < len(one.misread_in):
            missed.append(one.word)
        if further - one.set_in:
            wrong.append(f"{one.word} ({len(further - one.set_in)})")
    spent = (time.perf_counter() - begun) / max(len(asked), 1) * 1000
    print(
        f"| {name} | {len(asked)} | {wanted} | {found / max(wanted, 1):.3f} "
        f"| {right / max(hits, 1):.3f} | {beyond_right / max(beyond, 1):.3f} | {spent:.1f} |"
    )
    if show:
        rng = Random(1)
        print("missed:", ", ".join(rng.sample(missed, min(show, len(missed)))))
        print("too much for:", ", ".join(rng.sample(wrong, min(show, len(wrong)))))


def really_read() -> list[tuple[Pages, Pages]]:
    """Letters as they were set and as the engine read them, kept by ``benchmarks/reading``."""
    office = post.PostOffice(large_register(TODAY), TODAY, case_files.LEARNT_FROM)
    made = [office.sent(number).letter for number in range(case_files.READ)]
    made += [letter for half in LABELLED for _, letter in set_letters(half)]
    return [(stored.clean(letter), stored.scanned(letter)) for letter in made]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--read", action="store_true", help="also letters really read")
    parser.add_argument("--words", type=int, default=1_000)
    parser.add_argument("--show", type=int, default=0, help="print so many words that fail")
    options = parser.parse_args()
    all_ = list(letters(WORSE))
    schlagworte = load_catalogue(ROOT / "config" / "schlagworte").schlagworte
    real = really_read() if options.read else []
    documents = list(index_documents(all_, schlagworte))
    documents += [
        IndexDocument(
            id=f"{number:032x}",
            head=(),
            allow=frozenset({EVERYBODY}),
            **page_terms_of(read),
        )
        for number, (_, read) in enumerate(real, start=len(all_))
    ]
    texts = Texts([*((one.pages, one.read) for one in all_), *real])
    candidates = list(texts.asked())
    scans = set(range(len(all_), len(all_) + len(real)))
    with tempfile.TemporaryDirectory() as folder:
        box = Box(Path(folder), schlagworte)
        box.fill(documents)
        print("| letters | words | misread in | recall@50 | precision | – of further hits | ms |")
        print("|---|---|---|---|---|---|---|")
        spoiled = [one for one in candidates if one.misread_in - scans]
        report("spoiled as learnt", _some(spoiled, options.words), box, options.show)
        if real:
            there = [one for one in candidates if one.misread_in & scans]
            for one in there:
                one.misread_in &= scans
            report("really read", _some(there, options.words), box, options.show)


def _some(asked: list[Asked], count: int) -> list[Asked]:
    return Random(count).sample(asked, min(count, len(asked)))


if __name__ == "__main__":
    main()
