"""Is this the letter that came already?  A fingerprint of a document's text, and how like two are.

The same letter scanned twice has other bytes and other recognition errors, but nearly the same
words and the same numbers.  Letters made from one form (payslips, bank statements) share their
words and differ in their numbers: so both are compared.  A sketch of the smallest hashes stands for
each set (bottom-k, after Broder), so that comparing two documents needs neither text.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eakte.domain.pages import PageText
from eakte.language.folding import fold

LIKE = 0.3
"""From this share of common words on, with :data:`SAME_NUMBERS`, two documents are flagged."""
SAME_NUMBERS = 0.75
WITHOUT_NUMBERS = 0.6
"""Share of common words that is asked where there are hardly any numbers to compare."""

_WORDS, _NUMBERS = 96, 48
_SHINGLE = 3
_FEWEST = 12
"""Shingles below which a text says too little to be compared."""
_PARTS = re.compile(r"[a-z]+|\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """Sketches of the text's word triples and of its numbers, ascending."""

    words: tuple[int, ...]
    numbers: tuple[int, ...]

    def to_json(self) -> dict[str, Any]:
        """As it is kept with the document."""
        return {"words": list(self.words), "numbers": list(self.numbers)}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Fingerprint:
        """The reverse of ``to_json``."""
        return cls(words=tuple(value["words"]), numbers=tuple(value["numbers"]))


def fingerprint(pages: Iterable[PageText]) -> Fingerprint | None:
    """The document's fingerprint; None where there is too little text."""
    words: list[str] = []
    numbers: list[str] = []
    for page in pages:
        for word in page.words:
            for part in _PARTS.findall(fold(word.text)):
                (numbers if part.isdigit() else words).append(part)
    triples = {" ".join(words[at : at + _SHINGLE]) for at in range(len(words) - _SHINGLE + 1)}
    if len(triples) < _FEWEST:
        return None
    telling = {number for number in numbers if len(number) > 1}
    return Fingerprint(words=_sketch(triples, _WORDS), numbers=_sketch(telling, _NUMBERS))


def likeness(one: Fingerprint, other: Fingerprint) -> float:
    """0..1: the share of common words where the numbers agree as well, else 0."""
    words = _common(one.words, other.words, _WORDS)
    if min(len(one.numbers), len(other.numbers)) < 2:
        same = len(one.numbers) < 2 and len(other.numbers) < 2
        return words if same and words >= WITHOUT_NUMBERS else 0.0
    if words < LIKE or _common(one.numbers, other.numbers, _NUMBERS) < SAME_NUMBERS:
        return 0.0
    return words


def _sketch(things: Iterable[str], size: int) -> tuple[int, ...]:
    hashes = (
        int.from_bytes(hashlib.blake2b(thing.encode(), digest_size=6).digest(), "big")
        for thing in things
    )
    return tuple(sorted(hashes)[:size])


def _common(one: Sequence[int], other: Sequence[int], size: int) -> float:
    """Jaccard's share, estimated from the smallest hashes of both together."""
    union = sorted({*one, *other})[:size]
    both = set(one) & set(other)
    return sum(value in both for value in union) / len(union) if union else 0.0
