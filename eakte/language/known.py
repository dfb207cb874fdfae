"""Which words are surely read right: those that letters of this field use.

Only what is no known word may be another word misread (``eakte/language/rough.py``).
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from eakte.language.compounds import is_made_of_parts, part_terms
from eakte.language.stems import term_of


def is_known(word: str) -> bool:
    """Whether ``word`` is a word of the field, in any inflection, or made of such."""
    return term_of(word) in _known_terms() or is_made_of_parts(word)


@lru_cache(maxsize=1)
def _known_terms() -> frozenset[str]:
    text = files("eakte.language").joinpath("words/known.txt").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return part_terms().union(term for line in lines for term in line.split())
