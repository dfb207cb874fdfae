"""Regular expressions of rule files: compiled, unless searching with them might never end.

A repetition inside a repetition (``(a+)+``) can take years on one line of a letter, and the search
can't be interrupted: one such rule would stop the whole intake.  Such patterns are refused.
"""

from __future__ import annotations

import re
from typing import Any

FEW = 20
"""Repetitions up to so many times can't run away."""


class PatternError(ValueError):
    """A pattern that can't be used; the text says why, in German."""


def compiled(written: str) -> re.Pattern[str]:
    """The pattern; raises ``PatternError``."""
    try:
        made = re.compile(written)
    except re.error as error:
        raise PatternError(f"„{written}“ ist kein Suchmuster: {error}.") from error
    if _repeats_repetitions(re._parser.parse(written), inside=False):  # type: ignore[attr-defined]
        raise PatternError(
            f"„{written}“ wiederholt etwas, das sich selbst wiederholt; die Suche danach könnte "
            "stehen bleiben. Eine der beiden Wiederholungen (+, *) streichen."
        )
    return made


def _repeats_repetitions(part: Any, *, inside: bool) -> bool:  # noqa: ANN401  the parser's tree
    """Whether an unlimited repetition stands within another one."""
    if isinstance(part, tuple) and len(part) == 2 and str(part[0]) in _REPEATS:
        _least, most, body = part[1]
        unlimited = most > FEW
        if unlimited and inside:
            return True
        return _repeats_repetitions(body, inside=inside or unlimited)
    if isinstance(part, (str, bytes, int)) or part is None:
        return False
    try:
        pieces = list(part)
    except TypeError:  # a leaf of the tree
        return False
    return any(_repeats_repetitions(one, inside=inside) for one in pieces)


_REPEATS = ("MAX_REPEAT", "MIN_REPEAT")
