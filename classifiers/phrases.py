"""Phrases of the rule files, compiled once, found in tokens quickly.

The language of a phrase: words in order, compared folded and without their endings, so that
``bescheid`` meets ``Bescheides``.  ``wider*`` stands for any ending, ``*rente`` for any beginning,
``*konto*`` for both, ``ich|wir`` for either word, ``..`` for up to eight words of the same sentence
(``..3``: up to three).

OCR is forgiven in two ways: look-alike letters and digits (``i l 1 |``, ``o 0``, ``s 5``, ``b 8``)
count as one, and a word of seven letters or more that fits nothing may have one error or one of
the usual confusions (``rn`` for ``m``).  A forgiven hit weighs less.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from classifiers.tokens import Token
from eakte.language.folding import fold, words_with_spans

_ONE_SHAPE = str.maketrans(
    {"1": "l", "i": "l", "|": "l", "j": "l", "0": "o", "5": "s", "8": "b", "q": "g"}
)
_ENDINGS = ("en", "es", "em", "e", "n", "s")
_CONFUSED = (("rn", "m"), ("m", "rn"), ("vv", "w"), ("cl", "d"), ("d", "cl"), ("h", "b"))
_FORGIVING_FROM = 7
_GAP = re.compile(r"\.\.(\d{0,2})")
_USUAL_GAP = 8
FORGIVEN = 0.85
"""What a hit counts for in which a word was recognised only by forgiving an error."""


@lru_cache(maxsize=100_000)
def shape(folded: str) -> str:
    """``folded`` with look-alikes written the same way; numbers stay as they are."""
    return folded if folded.isdigit() else folded.translate(_ONE_SHAPE)


@lru_cache(maxsize=100_000)
def stem(shaped: str) -> str:
    """``shaped`` without its inflectional ending, at least four letters long."""
    for ending in _ENDINGS:
        if shaped.endswith(ending) and len(shaped) - len(ending) >= 4:
            return shaped[: -len(ending)]
    return shaped


@dataclass(frozen=True, slots=True)
class Step:
    """One place of a phrase: any of ``terms``, after at most ``gap`` other words."""

    terms: frozenset[int]
    gap: int = 0


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a phrase was found: indices of the matched tokens, and what the hit counts for."""

    phrase: int
    tokens: tuple[int, ...]
    quality: float = 1.0


class PhraseError(ValueError):
    """A phrase that can't be read; the text says why, in German."""


@dataclass(slots=True)
class Vocabulary:
    """Every word of every phrase, indexed so that a token's terms are found by look-ups."""

    exact: dict[str, int] = field(default_factory=dict)
    prefixes: dict[str, int] = field(default_factory=dict)
    suffixes: dict[str, int] = field(default_factory=dict)
    suffix_stems: dict[str, int] = field(default_factory=dict)
    infixes: dict[str, int] = field(default_factory=dict)
    count: int = 0
    _deletions: dict[str, set[tuple[str, int]]] = field(default_factory=lambda: defaultdict(set))
    _lengths: dict[str, tuple[int, ...]] = field(default_factory=dict)
    _known: dict[str, tuple[frozenset[int], float]] = field(default_factory=dict)

    def add(self, written: str) -> int:
        """The term id of one phrase word, with its ``*``."""
        core = shape(fold(written.strip("*")))
        if len(core) < 2 and not core.isdigit() and core != "§" and "*" in written:
            raise PhraseError(f"„{written}“ ist mit * zu kurz")
        starts, ends = written.startswith("*"), written.endswith("*")
        table = {
            (False, False): self.exact,
            (False, True): self.prefixes,
            (True, False): self.suffixes,
            (True, True): self.infixes,
        }[starts, ends]
        key = stem(core) if not starts and not ends else core
        if key not in table:
            table[key] = self.count
            self.count += 1
            if len(key) >= _FORGIVING_FROM and not starts:
                for shorter in _without_one(key):
                    self._deletions[shorter].add((key, table[key]))
        if starts and not ends:
            self.suffix_stems.setdefault(stem(core), table[key])
        return table[key]

    def freeze(self) -> None:
        """Prepare for look-ups once all phrases are in."""
        tables = {
            "prefixes": self.prefixes,
            "suffixes": self.suffixes,
            "suffix_stems": self.suffix_stems,
        }
        for name, table in tables.items():
            self._lengths[name] = tuple(sorted({len(key) for key in table}))

    def terms(self, folded: str) -> tuple[frozenset[int], float]:
        """The terms that ``folded`` fits, and 1.0 or what a forgiven error leaves."""
        known = self._known.get(folded)
        if known is None:
            known = self._look_up(folded)
            if len(self._known) > 200_000:
                self._known.clear()
            self._known[folded] = known
        return known

    def _look_up(self, folded: str) -> tuple[frozenset[int], float]:
        shaped = shape(folded)
        found = self._fitting(shaped)
        if found or len(shaped) < _FORGIVING_FROM or shaped.isdigit():
            return found, 1.0
        for seen, meant in _CONFUSED:
            if seen in shaped:
                found |= self._fitting(shaped.replace(seen, meant))
        return found | self._nearly(shaped), FORGIVEN

    def _fitting(self, shaped: str) -> frozenset[int]:
        stemmed = stem(shaped)
        found: set[int] = set()
        if stemmed in self.exact:
            found.add(self.exact[stemmed])
        for length in self._lengths["prefixes"]:
            term = self.prefixes.get(shaped[:length])
            if term is not None and length <= len(shaped):
                found.add(term)
        for name, table, word in (
            ("suffixes", self.suffixes, shaped),
            ("suffix_stems", self.suffix_stems, stemmed),
        ):
            for length in self._lengths[name]:
                term = table.get(word[-length:])
                if term is not None and length <= len(word):
                    found.add(term)
        found.update(term for key, term in self.infixes.items() if key in shaped)
        return frozenset(found)

    def _nearly(self, shaped: str) -> frozenset[int]:
        """Terms one error away: a wrong, missing or additional letter."""
        stemmed = stem(shaped)
        found: set[int] = set()
        for candidate in {stemmed, *_without_one(stemmed)}:
            for key, term in self._deletions.get(candidate, ()):
                if _one_apart(stemmed, key):
                    found.add(term)
        return frozenset(found)


def _without_one(text: str) -> Iterator[str]:
    for place in range(len(text)):
        yield text[:place] + text[place + 1 :]


def _one_apart(one: str, other: str) -> bool:
    """Whether one substitution, insertion or deletion makes ``other`` of ``one``.

    The first letter must be right: ``Klage`` and ``Anklage`` are not the same word misread.
    """
    if abs(len(one) - len(other)) > 1 or one[0] != other[0]:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    return (
        one[start + 1 :] == other[start + 1 :]
        or one[start:] == other[start + 1 :]
        or one[start + 1 :] == other[start:]
    )


class PhraseBook:
    """All phrases of all rules; :meth:`find` looks for every one of them at once."""

    def __init__(self) -> None:
        self.vocabulary = Vocabulary()
        self._phrases: list[tuple[Step, ...]] = []
        self._anchored: dict[int, list[int]] = defaultdict(list)
        """By each phrase's rarest word: what a page doesn't hold is not looked for."""
        self._parts: dict[str, tuple[frozenset[int], ...]] = {}

    def add(self, written: str) -> int:
        """Take in a phrase; returns its number.  Raises ``PhraseError`` where it is unreadable."""
        steps = tuple(self._steps(written))
        if not steps:
            raise PhraseError("die Wendung ist leer")
        number = len(self._phrases)
        self._phrases.append(steps)
        return number

    def freeze(self) -> None:
        """Call once after the last :meth:`add`."""
        self.vocabulary.freeze()
        self._parts.clear()
        common = Counter(term for steps in self._phrases for step in steps for term in step.terms)
        for number, steps in enumerate(self._phrases):
            rarest = min(steps, key=lambda step: sum(common[term] for term in step.terms))
            for term in rarest.terms:
                self._anchored[term].append(number)

    def find(self, tokens: Sequence[Token]) -> Iterator[Hit]:
        """Every phrase at every place where it begins."""
        terms = [self.vocabulary.terms(token.text) for token in tokens]
        places: dict[int, list[int]] = defaultdict(list)
        for place, (fitting, _) in enumerate(terms):
            for term in fitting:
                places[term].append(place)
        present = set(places)  # a set is asked for what the shorter of two holds
        for number in sorted({each for term in present for each in self._anchored.get(term, ())}):
            steps = self._phrases[number]
            for step in steps:
                if step.terms.isdisjoint(present):
                    break
            else:
                starts = {at for term in steps[0].terms if term in places for at in places[term]}
                for place in sorted(starts) if len(starts) > 1 else starts:
                    if len(steps) == 1:
                        yield Hit(number, (place,), terms[place][1])
                        continue
                    matched = self._match(steps, tokens, terms, place)
                    if matched is not None:
                        yield Hit(number, matched, min(terms[index][1] for index in matched))

    def _steps(self, written: str) -> Iterator[Step]:
        gap = 0
        started = False
        for part in written.split():
            wide = _GAP.fullmatch(part)
            if wide is not None:
                if not started:
                    raise PhraseError("vor der ersten Lücke „..“ fehlt ein Wort")
                gap = int(wide[1] or _USUAL_GAP)
                continue
            for terms in self._terms_of(part):
                yield Step(terms, gap)
                started = True
                gap = 0
        if gap:
            raise PhraseError("nach der letzten Lücke „..“ fehlt ein Wort")

    def _terms_of(self, part: str) -> tuple[frozenset[int], ...]:
        """The terms of each place of ``part``; most parts stand in many phrases."""
        known = self._parts.get(part)
        if known is None:
            add = self.vocabulary.add
            known = tuple(frozenset(map(add, places)) for places in _same_places(part))
            self._parts[part] = known
        return known

    @staticmethod
    def _match(
        steps: tuple[Step, ...],
        tokens: Sequence[Token],
        terms: Sequence[tuple[frozenset[int], float]],
        place: int,
    ) -> tuple[int, ...] | None:
        matched = [place]
        sentence = tokens[place].sentence
        for step in steps[1:]:
            last = matched[-1] + 1
            for index in range(last, min(last + step.gap + 1, len(tokens))):
                if tokens[index].sentence != sentence and step.gap:
                    return None
                if terms[index][0] & step.terms:
                    matched.append(index)
                    break
            else:
                return None
        return tuple(matched)


def _same_places(part: str) -> Iterator[tuple[str, ...]]:
    """``ich|wir`` into one place with two words; ``alg-ii`` into two places."""
    alternatives = part.split("|")
    if len(alternatives) > 1:
        if not all(word.strip("*") for word in alternatives):
            raise PhraseError(f"in „{part}“ fehlt neben | ein Wort")
        yield tuple(alternatives)
        return
    pieces = [word.text for word in words_with_spans(part.replace("*", ""))]
    if not pieces:
        raise PhraseError(f"„{part}“ enthält kein Wort")
    if part.startswith("*"):
        pieces[0] = "*" + pieces[0]
    if part.endswith("*"):
        pieces[-1] += "*"
    for piece in pieces:
        yield (piece,)


def covered(hits: Iterable[Hit]) -> set[int]:
    """The indices of all tokens that belong to one of ``hits``."""
    return {index for hit in hits for index in hit.tokens}
