"""German text as search terms, the same for every engine, at indexing and at query.

Spellings of one thing meet in one term: ``Müller``, ``Mueller`` and ``MÜLLER``; ``Bescheid`` and
``Bescheides``; ``01.04.2026`` and ``1. April 2026``; ``12345//0001234`` and ``123450001234``;
``§ 22 Abs. 1 SGB II`` however it is written.  A word broken at a line end is one word.  There is no
stop list here, since phrases need every place.

Tax ids yield no term (§ 139b AO).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple

from eakte.domain.pages import PageText
from eakte.language.chunk_terms import REMEMBERED, ChunkTerms, terms_of
from eakte.language.citations import citations
from eakte.language.codes import BREAKING, CHUNK, goes_on, tokens_of, units_of
from eakte.language.compounds import parts_of
from eakte.language.figures import exact_key, figures
from eakte.language.known import is_known
from eakte.language.rough import rough_forms
from eakte.language.spaced import spaced_numbers
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
    "head_parts",
    "head_terms",
    "page_terms",
    "units",
]

ANALYSIS_VERSION = 2
"""Raise it whenever a text yields other terms than before: an index made otherwise is outdated."""


class PageTerm(NamedTuple):
    """A term of a page and the words (their indexes on the page, from 0) that say it."""

    term: str
    words: tuple[int, ...]
    extra: bool = False


class Terms(NamedTuple):
    """What goes into the index, as :class:`~eakte.domain.search.IndexDocument` has it."""

    body: tuple[str, ...]
    loose: tuple[str, ...]
    parts: tuple[str, ...]
    rough: tuple[str, ...]


_BROKEN = re.compile(rf"[{BREAKING}][ \t]*\r?\n")
_AROUND_A_BREAK = 12
"""Words at the foot and the head of a page that may be its frame instead of its text."""


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
    """The terms of a document's kept pages, for the index.  All but the body are named once."""
    made = _Document()
    before: PageText | None = None
    for page in pages:
        made.take(without_tax_ids(_text_of(page)))
        if before is not None:
            for word in _broken_over_pages(before, page):
                made.take_loose(word)
        before = page
    return Terms(tuple(made.body), tuple(made.loose), tuple(made.parts), tuple(made.rough))


def _text_of(page: PageText) -> str:
    """``page.text`` at a third of its cost."""
    pieces: list[str] = []
    line = page.words[0].line if page.words else 0
    for word in page.words:
        pieces.append(" " if word.line == line else "\n")
        line = word.line
        pieces.append(word.text)
    return "".join(pieces[1:])


class _Document:
    """The terms of a document, page by page."""

    __slots__ = ("body", "loose", "parts", "rough")

    def __init__(self) -> None:
        self.body: list[str] = []
        self.loose: dict[str, None] = {}
        self.parts: dict[str, None] = {}
        self.rough: dict[str, None] = {}

    def take(self, text: str) -> None:
        """Add a page's text; the same terms as :func:`analyse` gives, and those made of words."""
        position = 0
        for unit in _marked_units(text):
            if unit.start >= position:
                self._take_words(text[position : unit.start])
                for token in unit.tokens:
                    if token.extra:
                        self.loose[token.term] = None
                    else:
                        self.body.append(token.term)
                position = unit.end
        self._take_words(text[position:])

    def _take_words(self, text: str) -> None:
        # What stands between blanks can be taken by itself, but for words broken at a line end.
        words = text.split() if _BROKEN.search(text) is None else CHUNK.findall(text)
        before = ""
        for word in words:
            made = REMEMBERED[word]
            if isinstance(made, str):  # nine in ten
                self.body.append(made)
            else:
                self._add(made, before + word)
            before = word

    def _add(self, made: ChunkTerms, whole: str) -> None:
        self.body += made.body
        for term in made.loose:
            self.loose[term] = None
        for term in made.parts:
            self.parts[term] = None
        for term in made.rough:
            self.rough[term] = None
        if made.is_a_rest:
            self._take_whole(whole)

    def _take_whole(self, word: str) -> None:
        """Add a word that was read as two, if it is a word."""
        if word.isalpha() and is_known(word):
            self.rough |= dict.fromkeys(rough_forms(word))

    def take_loose(self, chunk: str) -> None:
        """Add what stands on no page as a whole."""
        made = terms_of(chunk)
        self.loose |= dict.fromkeys((*made.body, *made.loose))
        self.parts |= dict.fromkeys(made.parts)


def _broken_over_pages(before: PageText, page: PageText) -> Iterator[str]:
    """Words that begin at the foot of one page and end at the head of the next.

    Page numbers, letterheads and the like may stand between: so any word left open there is tried
    with any beginning of a line that goes on, and kept where the two are a known word.
    """
    foot = before.words[-_AROUND_A_BREAK:]
    open_words = [
        word.text.rstrip(BREAKING)
        for word, following in zip_longest(foot, foot[1:])
        if word.text[-1:] in BREAKING and (following is None or following.line != word.line)
    ]
    if not open_words:
        return
    for number, word in enumerate(page.words[: 2 * _AROUND_A_BREAK]):
        begins = number == 0 or page.words[number - 1].line != word.line
        first = CHUNK.match(word.text)
        if begins and first is not None and goes_on(word.text):
            for whole in (one + first.group() for one in open_words):
                if whole.isalpha() and is_known(whole):
                    yield whole


def head_parts(texts: Iterable[str]) -> tuple[str, ...]:
    """What the long words of names and headings are made of, each once."""
    words = (word for text in texts for word in CHUNK.findall(text))
    return tuple(dict.fromkeys(part for word in words for part in parts_of(word)))


def head_terms(texts: Iterable[str]) -> tuple[str, ...]:
    """The terms of names, numbers and headings, parts of numbers at the end."""
    tokens = [token for text in texts for token in analyse(text)]
    return tuple(token.term for token in sorted(tokens, key=lambda token: token.extra))


def _marked_units(text: str) -> list[Unit]:
    """Units that hold blanks or mean more than their letters, by place, the longest first."""
    found = [*citations(text), *figures(text), *spaced_numbers(text)]
    found.sort(key=lambda unit: (unit.start, -unit.end))
    return found
