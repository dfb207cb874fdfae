"""Regular expressions of rule files: compiled, unless searching with them might never end.

A search can't be interrupted: one pattern that tries a line of a letter in millions of ways would
stop the whole intake.  Such patterns are refused when they are written: in how many ways a pattern
can lay itself over a line is counted from its parts.
"""

from __future__ import annotations

import re
from typing import Any

LONGEST_LINE = 400
"""Characters of a line that patterns look at; a printed line of A4 has about 100."""

FEW = 20
"""A repetition of more than this, or without an end, may be as long as the line."""
_LENGTHS = LONGEST_LINE // 2
"""So many lengths has a repetition without an end: on average half of the line is left to it."""
_MOST_WAYS = 4 * _LENGTHS**2
"""Two repetitions without an end may follow each other, and a few choices beside them."""
_REPEATS = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")
_ONE_WAY = ("LITERAL", "NOT_LITERAL", "ANY", "IN", "AT", "CATEGORY", "GROUPREF", "FAILURE")


class PatternError(ValueError):
    """A pattern that can't be used; the text says why, in German."""


def compiled(written: str) -> re.Pattern[str]:
    """The pattern; raises ``PatternError``."""
    try:
        made = re.compile(written)
        ways = _ways_of_all(re._parser.parse(written))  # type: ignore[attr-defined]
    except (re.error, RecursionError, OverflowError) as error:
        raise PatternError(f"„{written}“ ist kein Suchmuster: {error}.") from error
    if ways > _MOST_WAYS:
        raise PatternError(
            f"„{written}“ passt auf zu viele Weisen; die Suche danach könnte stehen bleiben. "
            "Höchstens zwei Wiederholungen ohne Ende (+, *) verwenden, und in einer Wiederholung "
            "nichts, das selbst verschieden lang sein kann (+, *, ?, |)."
        )
    return made


def _ways_of_all(parts: Any) -> int:  # noqa: ANN401  the parser's tree
    """In how many ways parts that follow each other can be laid over a line."""
    ways = 1
    for part in parts:
        ways = _capped(ways * _ways(part))
    return ways


def _ways(part: Any) -> int:  # noqa: ANN401, PLR0911  the parser's tree, one kind a line
    kind, about = str(part[0]), part[1]
    if kind in _ONE_WAY:
        return 1
    if kind in _REPEATS:
        return _ways_of_repeating(*about)
    if kind == "SUBPATTERN":
        return _ways_of_all(about[-1])
    if kind == "BRANCH":
        return sum(_ways_of_all(one) for one in about[1])
    if kind in {"ASSERT", "ASSERT_NOT"}:
        return _ways_of_all(about[1])
    if kind == "ATOMIC_GROUP":
        return _ways_of_all(about)
    if kind == "GROUPREF_EXISTS":
        _group, there, missing = about
        return _ways_of_all(there) + _ways_of_all(missing or ())
    return _MOST_WAYS + 1  # a kind that this release of Python brought along: rather not


def _ways_of_repeating(least: int, most: int, body: Any) -> int:  # noqa: ANN401
    """All lengths that the repetition may have, each with the ways of what it repeats."""
    each = _ways_of_all(body)
    if most > FEW:
        varies = most != least
        if each == 1:
            return _LENGTHS if varies else 1
        most = LONGEST_LINE
        least = min(least, most)
    ways = 0
    for times in range(least, most + 1):
        ways = _capped(ways + each**times)
        if ways > _MOST_WAYS:
            break
    return ways


def _capped(ways: int) -> int:
    return min(ways, _MOST_WAYS + 1)
