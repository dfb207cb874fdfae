"""Letters whose facts are known: written for measuring, laid out as words on a page.

``unit/classifiers/fact_letters.toml`` has one table a letter: ``text`` as it stands on the paper
(``# `` begins a line in large type, `` || `` puts the rest of a line into the block at the right)
and its facts by kind; a kind with an empty list must not be found, one that is left out is not
asked for.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from rapidfuzz.distance import Levenshtein

from classifiers.facts import FactRules, facts
from eakte.domain.facts import MANY, FactKind
from eakte.domain.pages import Box, PageText, Word
from eakte.language.folding import fold

LETTERS = Path(__file__).parent / "unit" / "classifiers" / "fact_letters.toml"
_LINE, _HEIGHT, _TOP, _SIGN = 0.0165, 0.011, 0.05, 0.0088
_RIGHT = 0.6
_ALIKE = 0.9
"""One letter in ten of a name may be misread: a person reads it all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactLetter:
    """A letter with its facts; kinds that are not named are not asked for."""

    name: str
    pages: tuple[PageText, ...]
    truth: dict[FactKind, tuple[str, ...]]
    own: bool = False
    received: date = date(2026, 11, 20)


def laid_out(text: str) -> PageText:
    """``text`` as a page of 11 pt type."""
    words: list[Word] = []
    number = 0
    for row, written in enumerate(text.strip("\n").split("\n")):
        for column, part in enumerate(written.split(" || ")):
            large = part.startswith("# ")
            height = _HEIGHT * 1.6 if large else _HEIGHT
            sign = _SIGN * 1.5 if large else _SIGN
            x, y = _RIGHT if column else 0.12, _TOP + row * _LINE
            for word in part.removeprefix("# ").split():
                box = Box(x, y, min(x + sign * len(word), 0.99), min(y + height, 1.0))
                words.append(Word(text=word, box=box, line=number, block=column))
                x += sign * (len(word) + 1)
            number += 1
    return PageText(words=tuple(words))


@cache
def labelled_letters() -> tuple[FactLetter, ...]:
    """All of them."""
    content = tomllib.loads(LETTERS.read_text("utf-8"))
    return tuple(
        FactLetter(
            name=name,
            pages=tuple(laid_out(page) for page in one["text"].split("\f")),
            truth={
                FactKind(kind): tuple(value if isinstance(value, list) else [value])
                for kind, value in one["facts"].items()
            },
            own=one.get("own", False),
        )
        for name, one in content.items()
    )


def same(kind: FactKind, expected: str, value: str) -> bool:
    """Whether the fact that was read is the true one."""
    if kind not in {FactKind.SENDER, FactKind.SUBJECT}:
        return expected == value
    a, b = (re.sub(r"\W+", "", fold(text)) for text in (expected, value))
    inside = len(a) > 5 and (a in b or b in a)
    return bool(a and b) and (inside or Levenshtein.normalized_similarity(a, b) >= _ALIKE)


def score(
    letters: Iterable[FactLetter],
    rules: FactRules,
    wrong: list[tuple[str, FactKind, str, list[str]]] | None = None,
) -> dict[FactKind, tuple[int, int]]:
    """By kind: how many facts were asked for, and how many were read right.

    A fact that a letter does not have counts as asked for, and as right where none is read.
    """
    counts: dict[FactKind, list[int]] = {}
    for letter in letters:
        found = facts(letter.pages, rules, own=letter.own, received=letter.received)
        for kind, expected in letter.truth.items():
            read = [one.value for one in found if one.kind is kind]
            seen = read if kind in MANY else read[:1]
            tally = counts.setdefault(kind, [0, 0])
            for one in expected or ("",):
                right = any(same(kind, one, value) for value in seen) if one else not seen
                tally[0] += 1
                tally[1] += right
                if not right and wrong is not None:
                    wrong.append((letter.name, kind, one, seen))
    return {kind: (asked, right) for kind, (asked, right) in counts.items()}
