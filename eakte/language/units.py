"""What analysis cuts a text into: tokens for the index, grouped into units for the query."""

from __future__ import annotations

from typing import NamedTuple


class Token(NamedTuple):
    """A term and where it stands: ``text[start:end]``.

    An ``extra`` token takes no place of its own in a phrase: a part of a number, a whole
    paragraph reference, a hyphenated word in one.
    """

    term: str
    start: int
    end: int
    extra: bool = False


class Unit(NamedTuple):
    """What a reader takes as one thing: a word, a date, a number, ``§ 22 Abs. 1 SGB II``.

    ``forms`` are the phrases of terms, any of which says the same as the unit as a whole; a query
    asks for one of them.  ``word`` is the unit as written where it is one word: without hyphens and
    without what parts it at a line end, since what a word is made of can't be told from its term.
    """

    tokens: tuple[Token, ...]
    forms: tuple[tuple[str, ...], ...]
    start: int
    end: int
    word: str = ""


def single(term: str, start: int, end: int, *extras: Token) -> Unit:
    """A unit of one term that takes one place, with ``extras`` beside it."""
    return Unit((Token(term, start, end), *extras), ((term,),), start, end)


def word(written: str, term: str, start: int, end: int) -> Unit:
    """A unit of one word."""
    return Unit((Token(term, start, end),), ((term,),), start, end, written)
