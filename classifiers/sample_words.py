"""What the words of sample letters say: ``config/musterbriefe/<schlagwort>.txt``.

Nothing is fitted here, words are counted.  A word speaks for the Schlagworte in whose sample
letters it stands: by ``ln((n + 1) / (n - own + 1))`` of ``n`` letters with it, ``own`` of which are
of that Schlagwort, so by nothing where it is as common elsewhere.  Rare words count more, and a
letter's length is divided out (tf-idf with complement counts; Rennie et al., 2003).  A word of a
subject or title counts once more as such, one of the sender's address only as such, and two words
that follow each other count as a third one.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from classifiers.layout import Zone
from classifiers.tokens import Token
from classifiers.wordings import Wording, content_of, wordings_in
from eakte.errors import RuleError
from eakte.language.folding import fold, words_with_spans
from eakte.language.stems import term_of

SAMPLES = "musterbriefe"
"""The folder of the sample letters, and what their evidence is called: ``musterbriefe.klage``."""

_ENOUGH = 5
"""With fewer letters a Schlagwort counts as one without: they show too few of its words."""
_LEAST = 0.1
"""What a word must say to be kept; below it stands in the letters of everything."""
_SHORT = 35.0
"""Letters of fewer words than make up this length are not stretched to it."""
_POLITE = (
    "sehr geehrte geehrter damen und herren frau herr herrn guten tag morgen hallo moin liebe "
    "lieber mit freundlichen freundlichem grüßen gruß grüße viele hochachtungsvoll mfg"
)
_GREETINGS = frozenset(map(fold, _POLITE.split()))
"""Every letter has its own; the samples leave them to whoever sets them."""
_SLOT = re.compile(r"\{\w+\}")
_DIGIT = re.compile(r"\d")
_HEADS = frozenset({Zone.SUBJECT, Zone.TITLE})
_UNHEARD = frozenset({Zone.RECIPIENT, Zone.FOOTER})
_SUBJECT, _SENDER, _PAIR = "> ", "@ ", " "


@dataclass(frozen=True, slots=True)
class SampleWords:
    """The words of the sample letters: how rare each is, and for what it speaks how much.

    ``schlagworte`` are those of which there are enough letters, ``named`` all that are named.
    ``left_out`` says of each file that could not be read why: the others count without it.
    """

    schlagworte: frozenset[str] = frozenset()
    rarity: Mapping[str, float] = field(default_factory=dict)
    speaks_for: Mapping[str, Sequence[tuple[str, float]]] = field(default_factory=dict)
    letters: int = 0
    named: frozenset[str] = frozenset()
    left_out: tuple[RuleError, ...] = ()

    def said(self, words: Iterable[str]) -> dict[str, float]:
        """What ``words`` (see :func:`heard`) say for each Schlagwort; each word counts once.

        0 says nothing, 1 as much as words can.
        """
        known = {word: rare for word in words if (rare := self.rarity.get(word)) is not None}
        length = max(math.sqrt(math.fsum(rare**2 for rare in known.values())), _SHORT)
        totals: dict[str, float] = defaultdict(float)
        for word in known:
            for name, value in self.speaks_for.get(word, ()):
                totals[name] += value / length
        return dict(totals)

    def strongest(self, words: Iterable[str], schlagwort: str, most: int) -> list[str]:
        """Those of ``words`` that say most for ``schlagwort``, best first, ``most`` at most."""
        worth = {
            word: value
            for word in words
            for name, value in self.speaks_for.get(word, ())
            if name == schlagwort
        }
        return sorted(worth, key=lambda word: (-worth[word], word))[:most]


NO_SAMPLES = SampleWords()


def load_sample_words(folder: Path) -> SampleWords:
    """Count the words of the letters in ``folder``; none where there is no such folder.

    The same letters are counted once a process; it takes seconds.  A file that is not of the form
    of :mod:`classifiers.wordings` is ``left_out``.
    """
    if not folder.is_dir():
        return NO_SAMPLES
    files: list[tuple[Path, bytes]] = []
    unread: list[RuleError] = []
    try:
        for path in _files_in(folder):
            with _noted(unread):
                files.append((path, content_of(path)))
    except OSError as error:
        unread.append(
            RuleError(
                f"Die Musterbriefe in {folder} sind nicht lesbar: {error.strerror}.",
                remedy="Leserechte des Ordners prüfen.",
            )
        )
    found = _counted(tuple(files))
    return replace(found, left_out=(*unread, *found.left_out)) if unread else found


def _files_in(folder: Path) -> list[Path]:
    return [
        path
        for path in sorted(folder.glob("*.txt"))
        if path.is_file() and not path.name.startswith(".")
    ]


@lru_cache(maxsize=2)
def _counted(files: tuple[tuple[Path, bytes], ...]) -> SampleWords:
    letters: list[Wording] = []
    unread: list[RuleError] = []
    for path, content in files:
        with _noted(unread):
            letters += list(wordings_in(path, content))  # all of a file or nothing
    return replace(count_words(letters), left_out=tuple(unread))


@contextmanager
def _noted(unread: list[RuleError]) -> Iterator[None]:
    """Goes on where a file can't be read, and keeps why."""
    try:
        yield
    except RuleError as error:
        unread.append(error)


def count_words(letters: Iterable[Wording]) -> SampleWords:
    """In how many letters of which Schlagworte each word stands, as what it says."""
    named: set[str] = set()
    count = 0
    holding: Counter[str] = Counter()
    own: dict[tuple[str, str], float] = defaultdict(float)
    written: Counter[str] = Counter()
    for letter in letters:
        count += 1
        written.update(letter.right)
        named.update(letter.right, letter.wrong)
        words = frozenset(_of_wording(letter))
        holding.update(words)
        for name in letter.right:
            for word in words:
                own[word, name] += 1 / len(letter.right)
    rarity = {word: math.log(count / number) for word, number in holding.items()}
    known = frozenset(name for name, number in written.items() if number >= _ENOUGH)
    speaks_for: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for (word, name), mine in own.items():
        value = math.log((holding[word] + 1) / (holding[word] - mine + 1))
        if value >= _LEAST and rarity[word] and name in known:
            speaks_for[word].append((name, rarity[word] * value))
    spoken = {word: tuple(those) for word, those in speaks_for.items()}
    return SampleWords(known, rarity, spoken, count, frozenset(named))


def heard(tokens: tuple[Token, ...]) -> Iterator[tuple[str, tuple[Token, ...]]]:
    """The words of a page as the sample letters know them, each with where it stands."""
    stems = (("" if one.zone in _UNHEARD else _stem(one.text), one.zone) for one in tokens)
    for word, first, last in _words(stems):
        yield word, tokens[first : last + 1]


def _of_wording(letter: Wording) -> Iterator[str]:
    """The same of a letter as it is written, without what fills its slots."""
    return (word for word, _first, _last in _words(_stems(letter)))


def _words(stems: Iterable[tuple[str, Zone]]) -> Iterator[tuple[str, int, int]]:
    """What is counted, each with the places of the first and last of its ``stems``.

    An empty stem stands for what is no word: those around it do not follow each other.
    """
    before = ""
    for place, (stem, zone) in enumerate(stems):
        if stem and zone is Zone.SENDER:
            yield _SENDER + stem, place, place
        elif stem:
            yield stem, place, place
            if before:
                yield before + _PAIR + stem, place - 1, place
            if zone in _HEADS:
                yield _SUBJECT + stem, place, place
        before = "" if zone is Zone.SENDER else stem


def _stems(letter: Wording) -> Iterator[tuple[str, Zone]]:
    """The stems of a wording; an empty one stands for a slot, a number and a line's end."""
    for line in letter.head:
        yield from _stems_of(line, Zone.SENDER)
    for line in letter.text:
        yield from _stems_of(line, Zone.SUBJECT if line.startswith((">", "#")) else Zone.BODY)


def _stems_of(line: str, zone: Zone) -> Iterator[tuple[str, Zone]]:
    for word in words_with_spans(_SLOT.sub(" 0 ", line)):
        yield _stem(word.text), zone
    yield "", zone


@lru_cache(maxsize=100_000)
def _stem(text: str) -> str:
    """The stem of a folded word; empty where it is none that counts."""
    return "" if text in _GREETINGS or _DIGIT.search(text) else term_of(text)
