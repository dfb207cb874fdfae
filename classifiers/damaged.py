"""Numbers and birth dates that the scanner damaged, once a name has led to a case file.

What is printed is looked up by exact keys; a stroke that was read as a digit or a point that was
lost leaves no key.  But whose name is there is known with number and birth date, and these can be
laid beside what was read, sign by sign: signs that look alike cost little, a sign too many or too
few costs more, and any other digit makes it another number.
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from classifiers.identifiers import DateSeen, Sheet
from classifiers.page_index import evidence_of
from eakte.domain.findings import Evidence
from eakte.domain.pages import Word
from eakte.language.misreadings import reading_cost
from eakte.language.numbers import dates

SHEETS = 3
"""On so many pages damaged facts are looked for."""

_NUMBER_COST = 2.0
"""What may be wrong with a number: two signs at most, and strokes read as digits."""
_DATE_COST = 1.5
_DATE = 10
"""Signs of a date with its whole year: what is one as it was read is that one."""
_FEWEST_DIGITS, _LONGEST = 5, 24
_MOST_WORDS = 4
_MOST_RUNS = 400
_SIGNS = frozenset(string.digits + string.ascii_uppercase + "olizsqgb")
_STROKES = frozenset("/|\\")


@dataclass(frozen=True, slots=True)
class Run:
    """Signs that may once have been a number, without blanks, and their words."""

    signs: str
    page: int
    line: int
    words: tuple[Word, ...]


def runs_on(sheets: Sequence[Sheet]) -> tuple[Run, ...]:
    """Words that look like parts of numbers, alone and with up to three that follow them."""
    found: list[Run] = []
    for sheet in sheets[:SHEETS]:
        for number, line in enumerate(sheet.index.lines):
            pieces = [_as_number(word.text) for word in line.words]
            for start in range(len(pieces)):
                for end in range(start + 1, min(start + _MOST_WORDS, len(pieces)) + 1):
                    signs = "".join(pieces[start:end])
                    if not pieces[end - 1] or len(signs) > _LONGEST:
                        break
                    if sum(map(str.isdigit, signs)) >= _FEWEST_DIGITS:
                        words = line.words[start:end]
                        found.append(Run(signs, sheet.index.number, number, words))
            if len(found) > _MOST_RUNS:
                return tuple(found)
    return tuple(found)


def number_seen(numbers: Iterable[str], runs: Iterable[Run], rule: str) -> Evidence | None:
    """Where one of ``numbers`` stands damaged, at its best; None where none does."""
    found = [
        (cost, run)
        for run in runs
        for number in numbers
        if (cost := reading_cost(number, run.signs, _NUMBER_COST)) is not None
    ]
    if not found:
        return None
    best = min(found, key=lambda one: one[0])[1]
    return evidence_of(rule, best.page, best.words)


def dates_seen(days: Iterable[date], runs: Iterable[Run]) -> Iterator[DateSeen]:
    """Places where one of ``days`` stands damaged; what is a date as it was read never counts."""
    wanted = [(day, f"{day:%d.%m.%Y}") for day in days]
    for run in runs:
        fitting = [
            day
            for day, written in wanted
            if reading_cost(written, run.signs, _DATE_COST) is not None
        ]
        whole = any(one.end - one.start >= _DATE for one in dates(run.signs)) if fitting else True
        if not whole:
            yield DateSeen(
                days=tuple(fitting),
                evidence=evidence_of("kennung.geburtsdatum", run.page, run.words),
                labelled=True,
                line=run.line,
            )


@lru_cache(maxsize=20_000)
def _as_number(text: str) -> str:
    """The part of a word that may be a number's; empty for what is no number at all."""
    bare = text.strip("()[]{}„“\"',;:.#")
    if bare == "BG":
        return "/"
    if not bare[:1].isdigit() and ":" in bare:
        bare = bare.rpartition(":")[2]
    head, middle, tail = bare.partition("BG")
    if middle and head[-1:].isdigit() and tail[:1].isdigit():
        bare = f"{head}/{tail}"
    if any(sign.isalnum() and sign not in _SIGNS for sign in bare):
        return ""
    return bare if any(map(str.isdigit, bare)) or set(bare) <= _STROKES else ""
