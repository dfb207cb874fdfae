"""Where on its pages a document answers a query: the snippet to show, the words to mark.

A page is first looked at word by word, each word judged once a request, to learn where most of the
query stands together; only there is its text analysed.  :func:`marks` analyses the whole page.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple, Protocol

from eakte.domain.search import Clause, Likeness
from eakte.language.analysis import analyse
from eakte.language.codes import BREAKING, goes_on
from eakte.language.query_ways import NO_KEYS, Key, Wanted, Way, chunk_terms
from eakte.language.units import Token

SNIPPET_WORDS = 32
"""How many words of a page a snippet shows."""
_LEAD = 8
"""How many words before the first hit, unless its line begins closer."""
_AROUND = 2
"""Lines before and behind the place that are analysed with it."""
_ELLIPSIS = "…"


class WordLike(Protocol):
    """A recognised word."""

    @property
    def text(self) -> str: ...  # noqa: D102
    @property
    def line(self) -> int: ...  # noqa: D102
    @property
    def block(self) -> int: ...  # noqa: D102


class PageLike(Protocol):
    """A page with its words in reading order."""

    @property
    def words(self) -> Sequence[WordLike]: ...  # noqa: D102


class PlainPage(NamedTuple):
    """A page's words without their boxes: the text, line and block of each, by its index.

    Three lists cost a tenth of an object for every word.
    """

    texts: Sequence[str] = ()
    lines: Sequence[int] = ()
    blocks: Sequence[int] = ()


def plain(page: PageLike | PlainPage) -> PlainPage:
    """The words of ``page`` as lists."""
    if isinstance(page, PlainPage):
        return page
    return PlainPage(
        [word.text for word in page.words],
        [word.line for word in page.words],
        [word.block for word in page.words],
    )


@dataclass(frozen=True, slots=True)
class FoundAs:
    """Words that satisfy a clause otherwise than as they were asked for; as they are written."""

    like: Likeness
    words: str


@dataclass(frozen=True, slots=True)
class Snippet:
    """A passage of page ``page`` (from 1), in parts that are marked or not.

    The parts' texts joined give the passage.  ``page`` is the best page; where the document
    matched by its head alone, the passage is the beginning of page 1 with nothing marked.
    ``found_as`` tells what was found in a weaker way.
    """

    page: int
    parts: tuple[tuple[str, bool], ...]
    found_as: tuple[FoundAs, ...] = ()

    @property
    def text(self) -> str:
        """The passage without marks."""
        return "".join(text for text, _ in self.parts)


@dataclass(frozen=True, slots=True)
class _Hit:
    """Words that satisfy the clause of this number."""

    clause: int
    words: tuple[int, ...]
    like: Likeness


def marks(page: PageLike | PlainPage, wanted: Sequence[Clause] | Wanted) -> frozenset[int]:
    """Indexes of the words on ``page`` that satisfy one of the clauses."""
    query = wanted if isinstance(wanted, Wanted) else Wanted(wanted)
    words = plain(page)
    if not (query.ways and words.texts):
        return frozenset()
    return frozenset(word for hit in _hits(words, 0, len(words.texts), query) for word in hit.words)


def snippet(pages: Sequence[PageLike | PlainPage], wanted: Sequence[Clause] | Wanted) -> Snippet:
    """The passage that satisfies most clauses, on the earliest of the best pages."""
    query = wanted if isinstance(wanted, Wanted) else Wanted(wanted)
    best: Snippet | None = None
    listed = [plain(page) for page in pages]
    for _, start, number in sorted(_promises(listed, query)):
        page = listed[number]
        first, last = _lines_around(page, start)
        hits = _hits(page, first, last, query)
        if not hits and (first, last) != (0, len(page.texts)):
            hits = _hits(page, 0, len(page.texts), query)
        place, score = _window(hits)
        best = _shown(page, number + 1, place, hits)
        if score[0]:
            return best
    if best is not None:
        return best
    for number, page in enumerate(listed, start=1):
        if page.texts:
            return _shown(page, number, 0, ())
    return Snippet(1, ())


def _promises(
    pages: Sequence[PlainPage], query: Wanted
) -> Iterator[tuple[tuple[int, int], int, int]]:
    """Of each page that may answer: how well (best is least), where, and its index."""
    if not query.ways:
        return
    for number, page in enumerate(pages):
        start, score = _window(_glance(page, query))
        if score[0]:
            yield (-score[0], -score[1]), start, number


def _glance(page: PlainPage, query: Wanted) -> list[_Hit]:
    """Where words may satisfy the query, without the signs and blanks between them."""
    held: dict[int, frozenset[Key]] = {}
    for index, text in enumerate(page.texts):
        found = query.of_word(text)
        if text and text[-1] in BREAKING and _breaks(page, index, len(page.texts)):
            found |= query.of_word(text[:-1] + page.texts[index + 1])
        if found:
            held[index] = found
    hits = []
    for way in query.ways:
        wanted = frozenset(way.keys)
        for index, found in held.items():
            if way.like is Likeness.PART:
                stands = not wanted.isdisjoint(found)
            else:
                near = range(index - 2 * len(wanted), index + 1) if len(wanted) > 1 else (index,)
                stands = way.keys[-1] in found and wanted <= frozenset().union(
                    *(held.get(place, frozenset()) for place in near)
                )
            if stands:
                hits.append(_Hit(way.clause, (index,), way.like))
    return hits


def _hits(page: PlainPage, first: int, last: int, query: Wanted) -> tuple[_Hit, ...]:
    """The hits among ``page`` from ``first`` to ``last``, their text analysed as it stands there.

    Parts of a clause's word count only where no whole word of it stands.
    """
    read = _Read(page, first, last, query)
    hits: list[_Hit] = []
    whole: set[int] = set()
    for way in sorted(query.ways, key=lambda way: way.like is Likeness.PART):
        if way.like is Likeness.PART and way.clause in whole:
            continue
        for found in dict.fromkeys(read.passages(way)):
            hits.append(_Hit(way.clause, found, way.like))
            whole.add(way.clause)
    return tuple(hits)


class _Read:
    """A run of words as what of the query stands where: in places, and beside them (loose).

    Each is the keys that it satisfies, and the words that it touches.
    """

    def __init__(self, page: PlainPage, first: int, last: int, query: Wanted) -> None:
        self._placed: list[tuple[frozenset[Key], tuple[int, ...]]] = []
        self._loose: list[tuple[frozenset[Key], tuple[int, ...]]] = []
        if query.has_numbers:
            self._analysed(page, first, last, query)
        else:
            self._one_by_one(page, first, last, query)

    def _one_by_one(self, page: PlainPage, first: int, last: int, query: Wanted) -> None:
        """Every word by itself: enough where nothing is asked that several say together."""
        index = first
        while index < last:
            text = page.texts[index]
            touched: tuple[int, ...] = (index,)
            if _breaks(page, index, last):
                text, touched = text[:-1] + page.texts[index + 1], (index, index + 1)
            held = query.of_word(text)
            made = chunk_terms(text)
            if not held:
                self._placed.extend((NO_KEYS, touched) for _ in made.body)
            else:
                alike = query.of_likeness(made)
                self._placed.extend((query.of_term(one) | alike, touched) for one in made.body)
                self._loose.extend((query.of_term(one), touched) for one in made.loose)
            index += len(touched)

    def _analysed(self, page: PlainPage, first: int, last: int, query: Wanted) -> None:
        """The text as a whole: dates, paragraphs and numbers are said by several words."""
        ends: list[int] = []
        pieces: list[str] = []
        end, line = -1, page.lines[first]
        for index in range(first, last):
            if pieces:
                pieces.append(" " if page.lines[index] == line else "\n")
            line = page.lines[index]
            pieces.append(page.texts[index])
            end += len(page.texts[index]) + 1
            ends.append(end)
        text = "".join(pieces)
        for token in analyse(text):
            keys, touched = query.of_term(token.term), _touched(token, ends, first)
            if token.extra:
                self._loose.append((keys, touched))
            else:
                alike = query.of_likeness(chunk_terms(text[token.start : token.end]))
                self._placed.append((keys | alike, touched))

    def passages(self, way: Way) -> Iterator[tuple[int, ...]]:
        """The words of every passage that satisfies ``way``."""
        if way.like is Likeness.PART:
            wanted = frozenset(way.keys)
            yield from (words for keys, words in self._placed if not wanted.isdisjoint(keys))
            return
        last, count = way.keys[-1], len(way.keys)
        for place, (keys, words) in enumerate(self._placed):
            if last not in keys or place + 1 < count:
                continue
            run = self._placed[place + 1 - count : place]
            if all(key in held for key, (held, _) in zip(way.keys, run, strict=False)):
                yield (*(word for _, said in run for word in said), *words)
        if count == 1:
            yield from (words for keys, words in self._loose if last in keys)


def _touched(token: Token, ends: Sequence[int], first: int) -> tuple[int, ...]:
    """Indexes of the words that ``token`` touches, where words end at ``ends`` of the text."""
    begin = bisect_right(ends, token.start)
    last = begin if token.end <= ends[begin] else bisect_left(ends, token.end)
    return tuple(first + n for n in range(begin, min(last, len(ends) - 1) + 1))


def _breaks(page: PlainPage, index: int, last: int) -> bool:
    """Whether the word is broken off and goes on in the next line."""
    text = page.texts[index]
    return (
        text[-1:] in BREAKING
        and len(text) > 1
        and index + 1 < last
        and page.lines[index] != page.lines[index + 1]
        and goes_on(page.texts[index + 1])
    )


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


def _lines_around(page: PlainPage, start: int) -> tuple[int, int]:
    """The words of all lines that a snippet around word ``start`` may touch, and of some more."""
    first, last = max(0, start - _LEAD), min(len(page.texts), start + SNIPPET_WORDS)
    top, bottom = page.lines[first] - _AROUND, page.lines[last - 1] + _AROUND
    while first > 0 and page.lines[first - 1] >= top:
        first -= 1
    while last < len(page.texts) and page.lines[last] <= bottom:
        last += 1
    return first, last


def _shown(page: PlainPage, number: int, first_hit: int, hits: Sequence[_Hit]) -> Snippet:
    """The window as runs of marked and unmarked text; words broken at a line end made whole."""
    start = max(0, first_hit - _LEAD)
    for index in range(first_hit, start, -1):
        if page.blocks[index - 1] != page.blocks[index]:
            start = index  # not into another paragraph or column
            break
    start = max(0, min(start, len(page.texts) - SNIPPET_WORDS))
    end = min(len(page.texts), start + SNIPPET_WORDS)
    marked = {word for hit in hits for word in hit.words}
    broken = _broken(page, start, end)
    pieces: list[tuple[str, bool]] = [(f"{_ELLIPSIS} ", False)] if start else []
    for index in range(start, end):
        text = page.texts[index]
        is_marked = index in marked
        pieces.append((text[:-1] if index in broken else text, is_marked))
        if index + 1 < end and index not in broken:
            pieces.append((" ", is_marked and index + 1 in marked))
    if end < len(page.texts):
        pieces.append((f" {_ELLIPSIS}", False))
    parts = tuple(
        ("".join(text for text, _ in run), is_marked)
        for is_marked, run in groupby(pieces, key=lambda piece: piece[1])
    )
    inside = [hit for hit in hits if hit.words and start <= hit.words[0] < end]
    return Snippet(number, parts, tuple(_found_as(page, inside, broken)))


def _found_as(page: PlainPage, hits: Sequence[_Hit], broken: frozenset[int]) -> Iterator[FoundAs]:
    """What satisfies clauses that nothing of the very word satisfies; each wording once."""
    same = {hit.clause for hit in hits if hit.like is Likeness.SAME}
    told: set[str] = set()
    for hit in hits:
        if hit.clause in same:
            continue
        written = "".join(
            page.texts[index][:-1] if index in broken else f"{page.texts[index]} "
            for index in hit.words
        ).strip(" .,;:!?()„“\"'")
        if written and written.lower() not in told:
            told.add(written.lower())
            yield FoundAs(hit.like, written)


def _broken(page: PlainPage, start: int, end: int) -> frozenset[int]:
    """Words between ``start`` and ``end`` that are broken off and go on in the next line."""
    return frozenset(index for index in range(start, end - 1) if _breaks(page, index, end))
