"""Where on its pages a document answers a query: the snippet to show, the words to mark."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from eakte.domain.pages import PageText
from eakte.domain.search import Clause
from eakte.language.analysis import PageTokens, Token
from eakte.language.codes import BREAKING, goes_on

SNIPPET_WORDS = 32
"""How many words of a page a snippet shows."""
_LEAD = 8
"""How many words before the first hit, unless its line begins closer."""
_ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Snippet:
    """A passage of page ``page`` (from 1), in parts that are marked or not.

    The parts' texts joined give the passage.  ``page`` is the best page; where the document
    matched by its head alone, the passage is the beginning of page 1 with nothing marked.
    """

    page: int
    parts: tuple[tuple[str, bool], ...]

    @property
    def text(self) -> str:
        """The passage without marks."""
        return "".join(text for text, _ in self.parts)


@dataclass(frozen=True, slots=True)
class _Hit:
    """Words that satisfy the clause of this number."""

    clause: int
    words: tuple[int, ...]


def marks(page: PageText, clauses: Sequence[Clause]) -> frozenset[int]:
    """Indexes of the words on ``page`` that satisfy one of ``clauses``."""
    return frozenset(word for hit in _hits(page, clauses) for word in hit.words)


def snippet(pages: Sequence[PageText], clauses: Sequence[Clause]) -> Snippet:
    """The passage that satisfies most clauses, on the earliest of the best pages."""
    best = Snippet(1, ())
    best_score = (-1, -1)
    for number, page in enumerate(pages, start=1):
        hits = _hits(page, clauses)
        start, score = _window(hits)
        if score > best_score and page.words:
            best_score = score
            best = Snippet(number, _parts(page, start, hits))
    return best


def _hits(page: PageText, clauses: Sequence[Clause]) -> tuple[_Hit, ...]:
    wanted = [clause for clause in clauses if not clause.excluded and clause.field is None]
    if not (wanted and page.words):
        return ()
    finder = _Finder(page)
    return tuple(
        _Hit(number, words)
        for number, clause in enumerate(wanted)
        for words in dict.fromkeys(finder.passages(clause))
    )


class _Finder:
    """A page's tokens by their terms; ``placed`` are those that take a place in phrases."""

    def __init__(self, page: PageText) -> None:
        self._page = PageTokens(page)
        self._placed: list[Token] = []
        self._places: dict[str, list[int]] = {}
        self._loose: dict[str, list[Token]] = {}
        for token in self._page.tokens:
            if token.extra:
                self._loose.setdefault(token.term, []).append(token)
            else:
                self._places.setdefault(token.term, []).append(len(self._placed))
                self._placed.append(token)

    def passages(self, clause: Clause) -> Iterator[tuple[int, ...]]:
        """The words of every passage that satisfies ``clause``."""
        for phrase in clause.alternatives:
            if phrase:
                yield from self._phrase(phrase, (phrase[-1],))
        for phrase in clause.prefixes:
            if phrase:
                yield from self._phrase(phrase, self._going_on(phrase[-1]))

    def _going_on(self, prefix: str) -> tuple[str, ...]:
        known = (*self._places, *self._loose)
        return tuple(dict.fromkeys(term for term in known if term.startswith(prefix)))

    def _phrase(self, phrase: tuple[str, ...], lasts: Sequence[str]) -> Iterator[tuple[int, ...]]:
        before = phrase[:-1]
        for last in lasts:
            for place in self._places.get(last, ()):
                run = self._placed[max(0, place - len(before)) : place + 1]
                if tuple(token.term for token in run[:-1]) == before:
                    yield tuple(word for token in run for word in self._page.words(token))
            if not before:
                for token in self._loose.get(last, ()):
                    yield self._page.words(token)


def _window(hits: Sequence[_Hit]) -> tuple[int, tuple[int, int]]:
    """First word of the best window, and how good it is: (clauses in it, hits in it).

    Clauses elsewhere on the page count for nothing here: scattered words say less.
    """
    ordered = sorted((hit.words[0], hit.clause) for hit in hits if hit.words)
    best = (0, (0, 0))
    begin = 0
    for end, (word, _) in enumerate(ordered):
        while word - ordered[begin][0] >= SNIPPET_WORDS - _LEAD:
            begin += 1
        inside = ordered[begin : end + 1]
        score = (len({clause for _, clause in inside}), len(inside))
        if score > best[1]:
            best = (ordered[begin][0], score)
    return best


def _parts(page: PageText, first_hit: int, hits: Sequence[_Hit]) -> tuple[tuple[str, bool], ...]:
    """The window as runs of marked and unmarked text; words broken at a line end made whole."""
    words = page.words
    start = max(0, first_hit - _LEAD)
    for index in range(first_hit, start, -1):
        if words[index - 1].block != words[index].block:
            start = index  # not into another paragraph or column
            break
    start = max(0, min(start, len(words) - SNIPPET_WORDS))
    end = min(len(words), start + SNIPPET_WORDS)
    marked = {word for hit in hits for word in hit.words}
    broken = _broken(page, start, end)
    pieces: list[tuple[str, bool]] = [(f"{_ELLIPSIS} ", False)] if start else []
    for index in range(start, end):
        text = words[index].text
        is_marked = index in marked
        pieces.append((text[:-1] if index in broken else text, is_marked))
        if index + 1 < end and index not in broken:
            pieces.append((" ", is_marked and index + 1 in marked))
    if end < len(words):
        pieces.append((f" {_ELLIPSIS}", False))
    return tuple(
        ("".join(text for text, _ in run), is_marked)
        for is_marked, run in groupby(pieces, key=lambda piece: piece[1])
    )


def _broken(page: PageText, start: int, end: int) -> frozenset[int]:
    """Words between ``start`` and ``end`` that are broken off and go on in the next line."""
    return frozenset(
        index
        for index in range(start, end - 1)
        if page.words[index].line != page.words[index + 1].line
        and len(page.words[index].text) > 1
        and page.words[index].text[-1] in BREAKING
        and goes_on(page.words[index + 1].text)
    )
