"""German text as search terms, the same for every engine, at indexing and at query.

Spellings of one thing meet in one term: ``Müller``, ``Mueller`` and ``MÜLLER``; ``Bescheid`` and
``Bescheides``; ``01.04.2026`` and ``1. April 2026``; ``12345//0001234`` and ``123450001234``;
``§ 22 Abs. 1 SGB II`` however it is written.  A word broken at a line end is one word.  There is no
stop list here, since phrases need every place.

Tax ids yield no term (§ 139b AO).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from eakte.domain.pages import PageText
from eakte.language.citations import citations
from eakte.language.codes import tokens_of, units_of
from eakte.language.figures import exact_key, figures
from eakte.language.tax_ids import without_tax_ids
from eakte.language.units import Token, Unit

__all__ = [
    "ANALYSIS_VERSION",
    "PageTerm",
    "PageTokens",
    "Terms",
    "Token",
    "Unit",
    "analyse",
    "document_terms",
    "exact_key",
    "head_terms",
    "page_terms",
    "units",
]

ANALYSIS_VERSION = 1
"""Raise it whenever a text yields other terms than before: an index made otherwise is outdated."""


class PageTerm(NamedTuple):
    """A term of a page and the words (their indexes on the page, from 0) that say it."""

    term: str
    words: tuple[int, ...]
    extra: bool = False


class Terms(NamedTuple):
    """What goes into the index: ``body`` in order, ``loose`` without a place in phrases."""

    body: tuple[str, ...]
    loose: tuple[str, ...]


def analyse(text: str | Sequence[str]) -> tuple[Token, ...]:
    """The tokens of ``text`` (or of lines, whose places count as if joined by newlines).

    Tokens that take a place in phrases come in reading order, each unit's extra tokens after it.
    """
    whole = without_tax_ids(text if isinstance(text, str) else "\n".join(text))
    tokens: list[Token] = []
    position = 0
    for unit in _marked_units(whole):
        if unit.start >= position:
            tokens += tokens_of(whole, position, unit.start)
            tokens += unit.tokens
            position = unit.end
    tokens += tokens_of(whole, position, len(whole))
    return tuple(tokens)


def units(text: str | Sequence[str]) -> Iterator[Unit]:
    """The units of ``text`` in reading order; see :class:`~eakte.language.units.Unit`."""
    whole = without_tax_ids(text if isinstance(text, str) else "\n".join(text))
    position = 0
    for unit in _marked_units(whole):
        if unit.start >= position:
            yield from units_of(whole, position, unit.start)
            yield unit
            position = unit.end
    yield from units_of(whole, position, len(whole))


class PageTokens:
    """The tokens of a page, in its text's places, and which words those are.

    For those who need the words of few tokens; :func:`page_terms` gives them for all.
    """

    __slots__ = ("_ends", "tokens")

    def __init__(self, page: PageText) -> None:
        pieces: list[str] = []
        self._ends: list[int] = []
        end = -1
        line = page.words[0].line if page.words else 0
        for word in page.words:
            text = word.text
            if pieces:
                pieces.append(" " if word.line == line else "\n")
            line = word.line
            pieces.append(text)
            end += len(text) + 1
            self._ends.append(end)
        self.tokens = analyse("".join(pieces))

    def words(self, token: Token) -> tuple[int, ...]:
        """Indexes of the words on the page that ``token`` touches."""
        ends = self._ends
        first = bisect_right(ends, token.start)
        if token.end <= ends[first]:
            return (first,)
        return tuple(range(first, min(bisect_left(ends, token.end), len(ends) - 1) + 1))


def page_terms(page: PageText) -> tuple[PageTerm, ...]:
    """The terms of ``page`` with the words that say them, so that hits can be marked."""
    made = PageTokens(page)
    return tuple(PageTerm(token.term, made.words(token), token.extra) for token in made.tokens)


def document_terms(pages: Iterable[PageText]) -> Terms:
    """The terms of a document's kept pages, for the index.  A loose term is named once."""
    body: list[str] = []
    loose: dict[str, None] = {}
    for page in pages:
        for token in analyse(page.text):
            if token.extra:
                loose[token.term] = None
            else:
                body.append(token.term)
    return Terms(tuple(body), tuple(loose))


def head_terms(texts: Iterable[str]) -> tuple[str, ...]:
    """The terms of names, numbers and headings, parts of numbers at the end."""
    tokens = [token for text in texts for token in analyse(text)]
    return tuple(token.term for token in sorted(tokens, key=lambda token: token.extra))


def _marked_units(text: str) -> list[Unit]:
    """Units that hold blanks or mean more than their letters, by place, the longest first."""
    found = [*citations(text), *figures(text)]
    found.sort(key=lambda unit: (unit.start, -unit.end))
    return found
