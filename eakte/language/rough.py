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
_SHARP_S = re.compile(r"(?<=[^\W\d_A-ZÄÖÜ])(?:ß[BR]|[BR]ß|RB|[BR])(?=[a-zäöü]|$)")
_SMALL = re.compile(r"[a-zäöüß]")
_ACCENTED_E = re.compile("[éèêë]")
_MARKED = re.compile(r"[^\W\d_a-zA-ZäöüÄÖÜß]")
_STRUCK_M = str.maketrans("ńħ", "mm")
_FIRST = ((re.compile(r"^F(?=[a-zäöü])"), "E"), (re.compile("^EM(?=[a-zäöü])"), "A"))
_MAYBE = tuple(
    (re.compile(seen), meant)
    for seen, meant in (("iR(?=[a-z])", "uß"), ("ea$", "e"), ("(?<=.)ko", "hn"), ("(?<=.)rm", "r"))
)
"""Signs that are often right, so that a word with them is listed as both."""
_INSIDE = re.compile(r"(?<=[^\W\d_])[.,:;`´'’_|()]{1,2}(?=[a-zäöüß])")
_FOR_LETTERS = str.maketrans("$&", "se")
_PAIRS = tuple(
    (re.compile(seen), meant)
    for seen, meant in (
        *(("jt(?=h)", "ic"), ("cth", "ch"), ("[go0]j", "j"), ("^hl(?=[aeiou])", "h")),
        *(("rn", "m"), ("vv", "w"), ("c[l1i|]", "d")),
    )
)
"""Signs read as two, and the other way round, in the order in which they are undone."""
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
    """The rough forms of a word on a page, where a sign in it may stand for several.

    ``é`` is ``e`` or ``ä``; a letter with a mark that German does not know may be one too many
    (``eingereichłt``) or, struck through, an ``m`` (``Datuħ``).
    """
    forms = [rough_of(word)]
    forms += [rough_of(seen.sub(meant, word)) for seen, meant in _MAYBE if seen.search(word)]
    if _MARKED.search(word):
        forms.append(rough_of(_ACCENTED_E.sub("ä", word)))
        forms.append(rough_of(_MARKED.sub("", word)))
        forms.append(rough_of(word.translate(_STRUCK_M)))
    return tuple(dict.fromkeys(form for form in forms if form))


def without_signs_inside(written: str) -> str:
    """``written`` without what was read into a word (``Nordfriesla,nd``); empty without such."""
    joined = _INSIDE.sub("", written.translate(_FOR_LETTERS))
    return joined if joined != written else ""


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
    for seen, meant in _FIRST:
        word = seen.sub(meant, word)
    text = fold(word[:LONGEST_TERM].replace("þ", "b"))
    for seen, meant in _PAIRS:
        text = seen.sub(meant, text)
    text = text.translate(_ALIKE).replace(_STROKES, "u")
    return _ENDING.sub("", _TWICE.sub(r"\1", text))
