"""From a word to its search term: spellings and inflected forms of one word meet in one term.

A term is for the index and for comparing, never for showing.  ``Müller``, ``Mueller``, ``Muller``
and ``MÜLLER`` give one term; so do ``Bescheid``, ``Bescheide`` and ``Bescheides``.

The stemmer needs endings such as ``-en`` in ``bauen`` that the folding drops, and it must not see
``ü`` and ``ue`` as two things.  So transliterated umlauts are resolved first, except where ``ue``
after ``a`` or ``e`` belongs to an ending (``Frauen``, ``Steuer``), then the word is stemmed, and
what is left is folded.
"""

from __future__ import annotations

import re
from functools import lru_cache
from threading import Lock

import Stemmer

from eakte.language.folding import fold, plain_letters

LONGEST_TERM = 64
"""Longer runs of letters are cut: they are rubbish of a recognition, and cost the index dearly."""

_TRANSLITERATED = re.compile(
    r"([ao])e+|(?<![ae])ue+|(?<=[ae])ue+(?!(?:n|r|rn|rs|s|m|t|st|nd|nde[mnrs]?|rin|rinnen)?$)"
)
_STEMMER = Stemmer.Stemmer("german")
_ONE_AT_A_TIME = Lock()
"""A stemmer holds the word that it works on; two threads would get each other's endings."""

_SAME = {"euro": "eur", "€": "eur"}
_STREET = "strass"

_SUFFIXES = (
    "e em en er erin erinnen ern es est s st end ende enden ung ungen ungs igung igungen "
    "ig ige igem igen iger iges igkeit igkeiten ik iken isch ische ischem ischen ischer isches "
    "lich liche lichem lichen licher liches lichkeit lichkeiten heit heiten keit keiten "
    "asse assen"
)
_LONGEST_SUFFIX = max(map(len, _SUFFIXES.split()))
_SUFFIX_STARTS = frozenset(
    suffix[:length] for suffix in _SUFFIXES.split() for length in range(1, len(suffix) + 1)
)
_SHORTEST_STEM = 3


def plain_word(word: str) -> str:
    """``word`` in plain letters, transliterated umlauts resolved, endings whole."""
    return _TRANSLITERATED.sub(
        lambda match: match.group(1) or "u", plain_letters(word[:LONGEST_TERM])
    )


@lru_cache(maxsize=200_000)
def term_of(word: str) -> str:
    """The term of one word; empty where ``word`` holds nothing but invisible characters."""
    with _ONE_AT_A_TIME:
        stem = _STEMMER.stemWord(plain_word(word))
    term = fold(stem)[:LONGEST_TERM]
    if term.endswith(_STREET):
        term = term[: -len(_STREET)] + "str"  # streets are abbreviated oftener than not
    return _SAME.get(term, term)


def typed_so_far(word: str) -> tuple[frozenset[str], str]:
    """What an unfinished word may become: exact terms, and a prefix of further terms.

    ``Bewilligu`` must find ``Bewilligung``, whose term (``bewill``) is shorter than what was
    typed.  So the exact terms are the stem of the word as it stands and every cut of it whose rest
    begins one of the endings that the stemmer takes off.
    """
    prefix = fold(word[:LONGEST_TERM])
    exact = {term_of(word)}
    for cut in range(max(_SHORTEST_STEM, len(prefix) - _LONGEST_SUFFIX), len(prefix)):
        if prefix[cut:] in _SUFFIX_STARTS:
            exact.add(prefix[:cut])
    return frozenset(exact - {""}), prefix
