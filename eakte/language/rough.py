"""A spelling that a word shares with what recognition likely makes of it.

``Müller``, ``Miiller`` and ``Muiler``; ``Großmann``, ``GroRmann`` and ``GroßBmann``; ``Jobcenter``
and ``Johcenter`` each have one rough form.  Signs that are taken for each other become one sign,
what is read twice (``Einkommeėn``) counts once, and endings go, since a misread word can't be
stemmed.  The price is that other words meet too, so a page's word has a rough form only where it is
no word that is known (``eakte/language/known.py``): who asks for ``Miete`` never gets ``Mitte``.

Which signs are confused was seen on scans read by the product's own engine (``docs/adr/0162``).
"""

from __future__ import annotations

import re
from functools import lru_cache

from eakte.language.aktenzeichen import digits_of
from eakte.language.folding import fold
from eakte.language.stems import LONGEST_TERM

SHORTEST_MISREAD = 4
"""Letters; shorter words are confused with too many others."""
_SHARP_S = re.compile(r"(?<=[a-zäöü])(?:ß[BR]|[BR]ß|RB|[BR])(?=[a-zäöü]|$)")
_SMALL = re.compile(r"[a-zäöüß]")
_ACCENTED_E = re.compile("[éèêë]")
_FIRST_F = re.compile(r"^F(?=[a-zäöü])")
_PAIRS = ((re.compile("rn"), "m"), (re.compile("vv"), "w"), (re.compile("c[l1i|]"), "d"))
_ALIKE = str.maketrans("l1j|!a0qcb86n5$2f9", "iiiiioooehhhussztg")
_STROKES = "ii"
_TWICE = re.compile(r"(.)\1+")
_ENDING = re.compile(r"(?<=...)(?:e[umrs]?|s|u)$")
_HAS_LETTER_DIGIT = re.compile(r"[OoQDlIi|!ZSBGqg]")
_MOSTLY = 0.5


def rough_of(word: str) -> str:
    """The rough form of ``word``; empty for words that are too short for it."""
    return _rough(word) if len(word) >= SHORTEST_MISREAD else ""


def rough_forms(word: str) -> tuple[str, ...]:
    """The rough forms of a word on a page: two where ``é`` stands for ``e`` or for ``ä``."""
    one = rough_of(word)
    if not one or not _ACCENTED_E.search(word):
        return (one,) if one else ()
    return tuple(dict.fromkeys((one, rough_of(_ACCENTED_E.sub("ä", word)))))


def meant_number(written: str) -> str:
    """A number with its letters read as the digits they resemble; empty where it is no such.

    ``12345//OOO1234`` is ``12345//0001234``.  At least half of it must be digits.
    """
    signs = [char for char in written if char.isalnum()]
    if len(signs) < SHORTEST_MISREAD or not _HAS_LETTER_DIGIT.search(written):
        return ""
    meant = digits_of(written)
    if any(char.isalpha() for char in meant):
        return ""
    return meant if sum(map(str.isdigit, signs)) >= _MOSTLY * len(signs) else ""


@lru_cache(maxsize=50_000)
def _rough(word: str) -> str:
    if _SMALL.search(word):
        word = _SHARP_S.sub("ß", word)
    text = fold(_FIRST_F.sub("E", word[:LONGEST_TERM]))
    for seen, meant in _PAIRS:
        text = seen.sub(meant, text)
    text = text.translate(_ALIKE).replace(_STROKES, "u")
    return _ENDING.sub("", _TWICE.sub(r"\1", text))
