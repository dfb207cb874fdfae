"""The one folding of German, for search, classifiers and matching.

Two spellings that a reader takes for the same word fold alike: ``Müller``, ``Mueller``, ``Muller``
and ``MÜLLER``; ``Straße`` and ``Strasse``; ``Łukasz`` and ``Lukasz``.  Every ``e`` directly after
``a``, ``o`` or ``u`` is dropped, whether or not it stands for an umlaut: no list of exceptions can
tell ``Bauer`` from ``Baür`` in a name, and both sides of every comparison fold the same way, so
``Steuer`` (``steur``) still meets ``Steuer``.  The price is that a few pairs such as ``neuen`` and
``neun`` fall together.

Folded text is for comparing, never for showing, and a stemmer must run before the folding, since
endings such as ``-en`` in ``bauen`` lose their vowel.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

_LETTERS = {
    "ß": "ss",
    "ı": "i",
    "ł": "l",
    "ø": "o",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "æ": "a",
    "œ": "o",
    "ŋ": "n",
    "ħ": "h",
    "’": "'",
    "‐": "-",
    "–": "-",
    "—": "-",
}
_DROPPED = frozenset({"Mn", "Cf"})


class _Plain(dict[int, str]):
    """A table for ``str.translate`` that works out each character once, when it is first met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        plain = _LETTERS.get(char, char)
        self[code] = "" if unicodedata.category(char) in _DROPPED else plain
        return self[code]


_PLAIN = _Plain()
_WORD_LENGTH = 24
_TRANSLITERATED = re.compile(r"([aou])e+")
_WORD = re.compile(r"§|[^\W_](?:[^\W_]|[\u0300-\u036f\u00ad])*")


class FoldedWord(NamedTuple):
    """A folded word and where its original stands: ``text[start:end]``."""

    text: str
    start: int
    end: int


def plain_letters(text: str) -> str:
    """Lower case without marks, and with ``ß`` = ``ss``, ``ı`` = ``i``, ``ł`` = ``l`` and so on.

    Soft hyphens and other invisible characters go too.  ``ü`` becomes ``u`` while ``ue`` stays:
    this is the ground of DIN 5007-1 and of :func:`fold`.
    """
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return folded.translate(_PLAIN)


def fold(text: str) -> str:
    """``text`` in the form in which spellings of one word are equal; blanks and signs stay.

    Folding twice changes nothing more.
    """
    return _fold_word(text) if len(text) <= _WORD_LENGTH else _fold(text)


def _fold(text: str) -> str:
    return _TRANSLITERATED.sub(r"\1", plain_letters(text))


_fold_word = lru_cache(maxsize=65_536)(_fold)
"""Most words of a page were met before."""


def words_with_spans(text: str) -> Iterator[FoldedWord]:
    """The words of ``text``, folded, with their place in the original.

    A word is a run of letters and digits; hyphens, slashes and other signs part words, and each
    ``§`` is a word of its own.
    """
    for match in _WORD.finditer(text):
        folded = fold(match.group())
        if folded:
            yield FoldedWord(folded, match.start(), match.end())
