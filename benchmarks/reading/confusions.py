"""How the OCR engine misreads, learnt from letters that it really read, to spoil many more.

A letter costs more than a CPU second to recognise and some milliseconds to spoil.  Learnt are which
signs are read as which (and how often), words that are lost, split and run together, and how badly
whole pages are read: bad pages come in runs, and a model of single letters would miss them.
"""

from __future__ import annotations

from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from itertools import accumulate
from random import Random

from rapidfuzz.distance import Levenshtein

from eakte.domain.pages import Box, PageText, TextSource, Word

_FAR = 0.5
"""Two words that differ in more of their letters are two words, not one misread."""
_SPLIT, _MERGED, _LOST = "split", "merged", "lost"


@dataclass(slots=True)
class Confusions:
    """What was learnt; rates are a sign's chance of being misread so on a page of usual quality."""

    rates: dict[str, list[tuple[str, float]]] = field(default_factory=dict)
    events: dict[str, float] = field(default_factory=dict)
    severities: list[float] = field(default_factory=list)
    pages: int = 0
    words: int = 0
    _known: dict[str, tuple[list[tuple[int, str, str]], list[float]]] = field(default_factory=dict)

    def spoiled(self, pages: tuple[PageText, ...], rng: Random) -> tuple[PageText, ...]:
        """``pages`` as the engine might have read a scan of them."""
        return tuple(self._page(page, rng) for page in pages)

    def _page(self, page: PageText, rng: Random) -> PageText:
        severity = rng.choice(self.severities)
        words = [one for word in page.words for one in self._word(word, severity, rng)]
        return replace(page, words=tuple(self._run_together(words, severity, rng)),
                       source=TextSource.OCR)  # fmt: skip

    def _word(self, word: Word, severity: float, rng: Random) -> Iterator[Word]:
        chance = rng.random() / max(severity, 1e-9)
        if chance < self.events[_LOST]:
            return
        if chance < self.events[_LOST] + self.events[_SPLIT] and len(word.text) > 3:
            yield from _split(word, rng.randrange(1, len(word.text)))
            return
        yield replace(word, text=self._misread(word.text, severity, rng))

    def _misread(self, text: str, severity: float, rng: Random) -> str:
        places, sums = self._places(text)
        if not places or rng.random() >= severity * sums[-1]:
            return text
        place, seen, read = places[min(bisect(sums, rng.random() * sums[-1]), len(places) - 1)]
        return text[:place] + read + text[place + len(seen) :]

    def _places(self, text: str) -> tuple[list[tuple[int, str, str]], list[float]]:
        if text not in self._known:
            places, weights = [], []
            for place in range(len(text)):
                for length in (1, 2, 3):
                    seen = text[place : place + length]
                    for read, rate in self.rates.get(seen, ()) if len(seen) == length else ():
                        places.append((place, seen, read))
                        weights.append(rate)
            self._known[text] = (places, list(accumulate(weights)))
        return self._known[text]

    def _run_together(self, words: list[Word], severity: float, rng: Random) -> Iterator[Word]:
        left: Word | None = None
        for word in words:
            if left is None:
                left = word
            elif left.line == word.line and rng.random() < severity * self.events[_MERGED]:
                left = replace(left, text=left.text + word.text, box=left.box.union(word.box))
            else:
                yield left
                left = word
        if left is not None:
            yield left


def learn(pairs: Iterable[tuple[PageText, PageText]]) -> Confusions:
    """From pages as they were set and as they were read."""
    subs: Counter[tuple[str, str]] = Counter()
    events: Counter[str] = Counter()
    met: Counter[str] = Counter()
    errors: list[tuple[int, int]] = []
    for true, read in pairs:
        found = _differences(true, read)
        if found is None:
            continue
        page_subs, page_events = found
        subs.update(page_subs)
        events.update(page_events)
        for word in true.words:
            for length in (1, 2, 3):
                met.update(word.text[n : n + length] for n in range(len(word.text) - length + 1))
        errors.append((page_subs.total() + page_events.total(), len(true.words)))
    words = sum(count for _, count in errors)
    usual = sum(wrong for wrong, _ in errors) / max(words, 1)
    rates: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for (seen, wrong), count in subs.items():
        if met[seen]:
            rates[seen].append((wrong, count / met[seen]))
    return Confusions(
        rates=dict(rates),
        events={name: events[name] / max(words, 1) for name in (_LOST, _SPLIT, _MERGED)},
        severities=[wrong / count / usual for wrong, count in errors if count >= 20],
        pages=len(errors),
        words=words,
    )


def _differences(
    true: PageText, read: PageText
) -> tuple[Counter[tuple[str, str]], Counter[str]] | None:
    """What was misread on a page; None for a page that was hardly read at all."""
    mine, theirs = [w.text for w in true.words], [w.text for w in read.words]
    matcher = SequenceMatcher(None, mine, theirs, autojunk=False)
    if matcher.ratio() < 0.5:
        return None
    subs: Counter[tuple[str, str]] = Counter()
    events: Counter[str] = Counter()
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "delete" and b - a <= 3:
            events[_LOST] += b - a
        elif tag == "replace":
            _replaced(mine[a:b], theirs[c:d], subs, events)
    return subs, events


def _replaced(
    mine: list[str], theirs: list[str], subs: Counter[tuple[str, str]], events: Counter[str]
) -> None:
    if len(mine) == len(theirs):
        for one, other in zip(mine, theirs, strict=True):
            if Levenshtein.normalized_distance(one, other) <= _FAR:
                subs.update(_substitutions(one, other))
            else:
                events[_LOST] += 1
    elif "".join(mine) == "".join(theirs):
        more = len(theirs) - len(mine)
        events[_SPLIT if more > 0 else _MERGED] += abs(more)
    elif len(mine) > len(theirs):
        events[_LOST] += len(mine) - len(theirs)


def _substitutions(one: str, other: str) -> Iterator[tuple[str, str]]:
    """What stands instead of what; an inserted or a lost sign together with its neighbour."""
    for tag, start, end, begin, stop in Levenshtein.opcodes(one, other).as_list():
        before = start == end and start > 0
        after = start == end == 0
        seen = one[start - before : end + after]
        if tag != "equal" and 0 < len(seen) <= 3:
            yield seen, other[begin - before : stop + after]


def _split(word: Word, at: int) -> Iterator[Word]:
    share = at / len(word.text)
    middle = word.box.x0 + share * (word.box.x1 - word.box.x0)
    yield replace(word, text=word.text[:at], box=Box(word.box.x0, word.box.y0, middle, word.box.y1))
    yield replace(word, text=word.text[at:], box=Box(middle, word.box.y0, word.box.x1, word.box.y1))
