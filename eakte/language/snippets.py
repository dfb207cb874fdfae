"""Where on its pages a document answers a query: the snippet to show, the words to mark."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from eakte.domain.pages import PageText
from eakte.domain.search import Clause
from eakte.language.analysis import PageTerm, page_terms
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
    terms = page_terms(page)
    placed = [term for term in terms if not term.extra]
    places: dict[str, list[int]] = {}
    for place, term in enumerate(placed):
        places.setdefault(term.term, []).append(place)
    loose: dict[str, list[PageTerm]] = {}
    for term in terms:
        if term.extra:
            loose.setdefault(term.term, []).append(term)
    finder = _Finder(placed, places, loose)
    return tuple(
        _Hit(number, words)
        for number, clause in enumerate(wanted)
        for words in dict.fromkeys(finder.words(clause))
    )


@dataclass(frozen=True, slots=True)
class _Finder:
    """A page's terms, by their places and by their text."""

    placed: Sequence[PageTerm]
    places: dict[str, list[int]]
    loose: dict[str, list[PageTerm]]

    def words(self, clause: Clause) -> Iterator[tuple[int, ...]]:
        """The words of every passage that satisfies ``clause``."""
        for phrase in clause.alternatives:
            yield from self._phrase(phrase, (phrase[-1],) if phrase else ())
        for phrase in clause.prefixes:
            if phrase:
                yield from self._phrase(phrase, self._going_on(phrase[-1]))

    def _going_on(self, prefix: str) -> tuple[str, ...]:
        known: Iterable[str] = (*self.places, *self.loose)
        return tuple(dict.fromkeys(term for term in known if term.startswith(prefix)))

    def _phrase(self, phrase: tuple[str, ...], lasts: Sequence[str]) -> Iterator[tuple[int, ...]]:
        for last in lasts:
            for place in self.places.get(last, ()):
                first = place - len(phrase) + 1
                if first >= 0 and all(
                    self.placed[first + step].term == term for step, term in enumerate(phrase[:-1])
                ):
                    yield tuple(
                        word for term in self.placed[first : place + 1] for word in term.words
                    )
            if len(phrase) == 1:
                for term in self.loose.get(last, ()):
                    yield term.words


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
