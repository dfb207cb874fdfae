"""The queries with their judgements: ``queries.toml``, held against the letters.

Judgements follow from how a letter was made (its Schlagwort, whom it is about, what was set), never
from what an engine returned or what recognition made of it.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from letters import Letter

QUERIES = Path(__file__).with_name("queries.toml")
TUNE, REPORT = "tune", "report"
DEPTH, FAR = 10, 50
BEST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is typed, and the letters (numbers in the collection) that are worth something.

    ``half``: of each kind the first, third, ... query of the file is for tuning, the others are
    reported; so it stays where new ones are added behind the others of their kind.
    """

    text: str
    kind: str
    half: str
    grades: Mapping[int, int]

    def ndcg(self, found: Sequence[int]) -> float:
        """nDCG@10 with gains ``2^grade - 1``; 1 is the best order there is."""
        best = sorted(self.grades.values(), reverse=True)[:DEPTH]
        return _dcg([self.grades.get(one, 0) for one in found[:DEPTH]]) / _dcg(best)

    def recall(self, found: Sequence[int]) -> float:
        """How much of what is worth a 2 or more (all, where nothing is) stands in the first 50."""
        least = min(2, max(self.grades.values()))
        wanted = {one for one, grade in self.grades.items() if grade >= least}
        return len(wanted & set(found[:FAR])) / min(len(wanted), FAR)


def queries(letters: Sequence[Letter]) -> list[Query]:
    """All queries.  Raises ``ValueError`` for one that nothing answers: a slip in the file."""
    made = []
    places: Counter[str] = Counter()
    for row in tomllib.loads(QUERIES.read_text("utf-8"))["query"]:
        half = (TUNE, REPORT)[places[row["kind"]] % 2]
        places[row["kind"]] += 1
        lines = [(_condition(line), line["grade"]) for line in row["grades"]]
        grades = {
            number: grade
            for number, letter in enumerate(letters)
            if (grade := next((grade for fits, grade in lines if fits(letter)), 0))
        }
        if not grades:
            raise ValueError(f"no letter answers {row['text']!r}")
        made.append(Query(text=row["text"], kind=row["kind"], half=half, grades=grades))
    return made


_TEXTS: Mapping[str, Callable[[Letter], str]] = {
    "subject": lambda letter: letter.subject,
    "says": lambda letter: letter.text,
    "sender": lambda letter: letter.sender,
    "name": lambda letter: letter.name,
    "last": lambda letter: letter.person["last_name"],
}
_VALUES: Mapping[str, Callable[[Letter], str]] = {
    "file": lambda letter: letter.case_file["aktenzeichen"],
    "first": lambda letter: letter.person["first_name"],
    "born": lambda letter: letter.person["birth_date"],
}


def _condition(line: Mapping[str, Any]) -> Callable[[Letter], bool]:
    tests: list[Callable[[Letter], bool]] = []
    for key, value in line.items():
        if key in _TEXTS:
            tests.append(_matching(_TEXTS[key], re.compile(value, re.IGNORECASE)))
        elif key in _VALUES:
            tests.append(_equal(_VALUES[key], value))
        elif key == "schlagwort":
            tests.append(lambda letter, wanted=frozenset(value): letter.schlagwort in wanted)
        elif key == "since":
            tests.append(lambda letter, day=value: letter.received.isoformat() >= day)
        elif key == "until":
            tests.append(lambda letter, day=value: letter.received.isoformat() <= day)
        elif key != "grade":
            raise ValueError(f"unknown condition {key!r}")
    return lambda letter: all(test(letter) for test in tests)


def _matching(of: Callable[[Letter], str], wanted: re.Pattern[str]) -> Callable[[Letter], bool]:
    return lambda letter: wanted.search(of(letter)) is not None


def _equal(of: Callable[[Letter], str], wanted: str) -> Callable[[Letter], bool]:
    return lambda letter: of(letter) == wanted


def _dcg(grades: Sequence[int]) -> float:
    return sum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades))
