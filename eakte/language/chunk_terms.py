"""All that what stands between two blanks gives the index, worked out once.

Nine chunks in ten were met before, so what is remembered is the speed of indexing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from eakte.language import numbers
from eakte.language.codes import CHUNK, units_of
from eakte.language.compounds import parts_of
from eakte.language.figures import figures
from eakte.language.known import is_known
from eakte.language.rough import meant_number, rough_forms, without_signs_inside
from eakte.language.stems import term_of
from eakte.language.units import Token

MOST_REMEMBERED = 100_000
"""Words as written, about 40 MB; all are forgotten when there are more."""
_SHORTEST_HALF = 3
_DIGIT = re.compile(r"[0-9]")
_PIECE = re.compile(r"[^\W_]+")
_LIKE_A_NUMBER = re.compile(
    r"[0-9OoQDlIi|!ZSBGqg](?:[0-9OoQDlIi|!ZSBGqg.,:/-]*[0-9OoQDlIi|ZSBGqg])?"
)
_MOSTLY = 0.7
_SMALL_WORD = re.compile(
    r"(?<=[^\W\d_]{4})(?:am|an|auf|aus|bei|bis|das|dem|den|der|des|die|ein|für|hat|ist|liegt|mit|nach|und|"
    r"vom|von|vor|wegen|wird|wurde|zum|zur)$"
)
_CASE_INSIDE = re.compile(r"(?<=[a-zäöüß]{3})(?=[A-ZÄÖÜ][a-zäöüß]{2})")


class ChunkTerms(NamedTuple):
    """What a chunk gives: see :class:`~eakte.domain.search.IndexDocument`.

    ``is_a_rest``: a small word that nobody knows, maybe the rest of the one before it.
    """

    body: tuple[str, ...]
    loose: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    rough: tuple[str, ...] = ()
    is_a_rest: bool = False


class WordMemory(dict[str, "str | ChunkTerms"]):
    """What stands between two blanks, with all signs around it, and what it gives.

    A plain string where that is one term of the body and nothing else.
    """

    def __missing__(self, written: str) -> str | ChunkTerms:
        """Work it out and remember it."""
        if len(self) >= MOST_REMEMBERED:
            self.clear()
        chunks = CHUNK.findall(written)
        if len(chunks) == 1 and chunks[0] != written:  # "Bescheid," is "Bescheid"
            answer = self[chunks[0]]
        else:
            made = terms_of(written)
            answer = made.body[0] if len(made.body) == 1 and not any(made[1:]) else made
        self[written] = answer
        return answer


REMEMBERED = WordMemory()
"""Of this process."""


def terms_of(written: str) -> ChunkTerms:
    """The terms of ``written``, which holds no blank but in a word broken at a line end."""
    if not written.isalpha():
        return _terms_of_signs(written)
    term = term_of(written)
    rough = () if is_known(written) else (*rough_forms(written), *_glued(written))
    rest = bool(rough) and written[0].islower() and len(written) >= _SHORTEST_HALF
    return ChunkTerms((term,) if term else (), (), parts_of(written), rough, rest)


def _terms_of_signs(written: str) -> ChunkTerms:
    tokens = [token for unit in units_of(written, 0, len(written)) for token in unit.tokens]
    body = tuple(token.term for token in tokens if not token.extra)
    loose = dict.fromkeys(token.term for token in tokens if token.extra)
    parts: dict[str, None] = {}
    rough: dict[str, None] = {}
    for word in _words(written, tokens):
        parts |= dict.fromkeys(parts_of(word))
        if not is_known(word):
            rough |= dict.fromkeys((*rough_forms(word), *_glued(word)))
    if _DIGIT.search(written):
        rough |= dict.fromkeys(_meant(written))
    for word in _PIECE.findall(without_signs_inside(written)):
        if word.isalpha() and word not in written:
            rough |= dict.fromkeys(rough_forms(word))
    return ChunkTerms(body, tuple(loose), tuple(parts), tuple(rough))


def _words(written: str, tokens: list[Token]) -> Iterator[str]:
    """The words among the tokens as written, without what parts them at a line end."""
    for token in tokens:
        if not token.extra and token.term.isalpha():
            yield "".join(char for char in written[token.start : token.end] if char.isalpha())


def _glued(word: str) -> Iterator[str]:
    """The rough forms of two words that were read as one (``derBescheid``, ``inder``)."""
    inside = _CASE_INSIDE.search(word)
    cuts = [inside.start()] if inside else []
    ending = _SMALL_WORD.search(word)
    if not cuts and ending and is_known(word[: ending.start()]):
        cuts = [ending.start()]
    if not cuts and word[0].islower():
        cuts = [
            cut
            for cut in range(_SHORTEST_HALF, len(word) - _SHORTEST_HALF + 1)
            if is_known(word[:cut]) and is_known(word[cut:])
        ][:1]
    for cut in cuts:
        yield from rough_forms(word[:cut])
        yield from rough_forms(word[cut:])


def _meant(written: str) -> Iterator[str]:
    """What digits and letters in one may be: a number with letters in it, or a word with digits."""
    for number in _LIKE_A_NUMBER.findall(written):
        meant = meant_number(number)
        units = (list(figures(meant)) or units_of(meant, 0, len(meant))) if meant else ()
        for unit in units:
            yield from (
                token.term
                for token in unit.tokens
                if not token.extra and not numbers.is_tax_id(token.term)
            )
    for piece in _PIECE.findall(written):
        letters = sum(map(str.isalpha, piece))
        if letters != len(piece) and letters >= _MOSTLY * len(piece):
            yield from rough_forms(piece)
            yield from rough_forms(piece.rstrip("1"))  # a comma or a stroke behind it
