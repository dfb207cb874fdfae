"""A query as what single words may hold of it, for those who look at pages.

An engine finds documents; where on a page the query stands is asked here, word by word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA

from eakte.domain.search import Clause, Likeness, Weaker
from eakte.language.chunk_terms import ChunkTerms, terms_of

_DIGITS = re.compile(r"[0-9]+")


class Key(NamedTuple):
    """Something that a single word may hold: a term, the beginning of one, a part, a likeness."""

    kind: str
    term: str


class Way(NamedTuple):
    """One way to satisfy a clause: keys that stand in a row, or each anywhere (``PART``)."""

    clause: int
    like: Likeness
    keys: tuple[Key, ...]


NO_KEYS: frozenset[Key] = frozenset()


class Wanted:
    """The clauses of one query as ways to satisfy them; remembers what it made of each word."""

    def __init__(self, clauses: Sequence[Clause]) -> None:
        self.ways = tuple(ways_of(clauses))
        self._known: dict[str, frozenset[Key]] = {}
        self._terms: dict[str, frozenset[Key]] = {}
        keys = frozenset(key for way in self.ways for key in way.keys)
        self._exact = {key.term: key for key in keys if key.kind == "term"}
        self._open = tuple(key for key in keys if key.kind == "open")
        self._of_parts = {key.term: key for key in keys if key.kind == "part"}
        self._of_rough = {key.term: key for key in keys if key.kind == "rough"}
        self._part_terms, self._rough_terms = frozenset(self._of_parts), frozenset(self._of_rough)
        self._near = tuple(key for key in keys if key.kind == "near")
        self._numbers = tuple(
            key for key in keys if key.kind in ("term", "open") and _DIGITS.search(key.term)
        )

    @property
    def has_numbers(self) -> bool:
        """Whether it asks for something that words say together: a date, a paragraph, a number."""
        return bool(self._numbers)

    def of_term(self, term: str) -> frozenset[Key]:
        """What of the query the term satisfies."""
        known = self._terms.get(term)
        if known is None:
            known = self._terms[term] = frozenset(self._keys_of(term)) or NO_KEYS
        return known

    def _keys_of(self, term: str) -> Iterator[Key]:
        if term in self._exact:
            yield self._exact[term]
        yield from (key for key in self._open if term.startswith(key.term))
        if term in self._of_parts:
            yield self._of_parts[term]
        for key in self._near:
            if OSA.distance(term, key.term, score_cutoff=1) <= 1:
                yield key

    def of_word(self, word: str) -> frozenset[Key]:
        """What of the query a word as written may satisfy, alone or with its neighbours."""
        known = self._known.get(word)
        if known is None:
            known = self._known[word] = self._of_word(word)
        return known

    def _of_word(self, word: str) -> frozenset[Key]:
        made = chunk_terms(word)
        found = self.of_likeness(made)
        for term in (*made.body, *made.loose):
            found |= self.of_term(term)
        if self._numbers:  # "April" and "2026" are one term with the day before them
            runs = _DIGITS.findall(word)
            found |= {key for key in self._numbers if any(run in key.term for run in runs)}
        return frozenset(found) if found else NO_KEYS

    def of_likeness(self, made: ChunkTerms) -> frozenset[Key]:
        """Parts and rough spellings of a word."""
        found = NO_KEYS
        if made.parts and not self._part_terms.isdisjoint(made.parts):
            found |= {self._of_parts[one] for one in made.parts if one in self._of_parts}
        if made.rough and not self._rough_terms.isdisjoint(made.rough):
            found |= {self._of_rough[one] for one in made.rough if one in self._of_rough}
        return found


def ways_of(clauses: Sequence[Clause]) -> Iterator[Way]:
    """Every way to satisfy one of ``clauses`` on a page; they are counted without fields."""
    number = 0
    for clause in clauses:
        if clause.excluded or clause.field is not None:
            continue
        for phrase in clause.alternatives:
            yield Way(number, Likeness.SAME, tuple(Key("term", term) for term in phrase))
        for phrase in clause.prefixes:
            if phrase:
                *before, last = phrase
                keys = (*(Key("term", term) for term in before), Key("open", last))
                yield Way(number, Likeness.SAME, keys)
        yield from (Way(number, way.like, _keys(way)) for way in clause.weaker if way.terms)
        number += 1


_KINDS = {Likeness.PART: "part", Likeness.MISREAD: "rough", Likeness.NEAR: "near"}


def _keys(way: Weaker) -> tuple[Key, ...]:
    return tuple(Key(_KINDS.get(way.like, "term"), term) for term in way.terms)


@lru_cache(maxsize=60_000)
def chunk_terms(written: str) -> ChunkTerms:
    """What a word as written gives the index, when it stands alone."""
    return terms_of(written)
