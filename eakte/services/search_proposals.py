"""„Meinten Sie“: other wordings of a query that found little.

Proposed are only words that the reader has before them anyway: of documents that were shown, and
of the authority's Schlagworte.  Whoever shows a proposal first asks whether it finds something.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from eakte.domain.schlagworte import Schlagwort
from eakte.domain.search import Likeness
from eakte.language.folding import fold
from eakte.language.known import is_known
from eakte.services.search_views import SearchHitView

MOST = 3
"""Wordings that are tried."""
_SHORTEST = 4
_MOST_SIGNS = 2
"""Signs that may differ where no letter says the word."""
_OTHER_WORDS = frozenset({Likeness.NEAR, Likeness.PART})
"""What is spelled otherwise on purpose; misread words are nothing to be proposed."""
_WORD = re.compile(r"[^\W\d_]{4,40}")
_NOT_A_WORD = re.compile(r'"[^"]*"|[^\W\d_]+:\s?\S+|(?<!\S)-\S+|(?<!\S)(?:ODER|UND|NICHT)(?!\S)')


def proposals(
    text: str, hits: Sequence[SearchHitView], schlagworte: Iterable[Schlagwort]
) -> tuple[str, ...]:
    """Wordings of ``text`` with words replaced, the likeliest first."""
    words = _words(text)
    if not words:
        return ()
    if hits:
        strange = [word for word in words if not is_known(word.group())]
        return tuple(_from_hits(text, strange, hits))[:MOST] if strange else ()
    titles = tuple(sorted(one.title for one in schlagworte))
    return tuple(_from_titles(text, words, _vocabulary(titles)))[:MOST]


def _words(text: str) -> list[re.Match[str]]:
    """The plain words of a query: not in quotes, not behind a field, not excluded."""
    plain = _NOT_A_WORD.sub(lambda match: " " * len(match.group()), text)
    return list(_WORD.finditer(plain))


def _from_hits(
    text: str, words: list[re.Match[str]], hits: Sequence[SearchHitView]
) -> Iterator[str]:
    """What the letters say instead of each word, the most frequent; all of them at once."""
    found = Counter(one.words for hit in hits for one in hit.found_as if one.like in _OTHER_WORDS)
    instead: dict[re.Match[str], str] = {}
    for said, _ in found.most_common():
        nearest = min(words, key=lambda word: OSA.distance(fold(word.group()), fold(said)))
        if 0 < OSA.distance(fold(nearest.group()), fold(said)) <= _MOST_SIGNS:
            instead.setdefault(nearest, said)
    if instead:
        yield _with(text, instead)


def _from_titles(
    text: str, words: list[re.Match[str]], vocabulary: dict[str, str]
) -> Iterator[str]:
    """The nearest words of Schlagworte, all at once and then one by one."""
    instead: dict[re.Match[str], str] = {}
    for word in words:
        asked = fold(word.group())
        if asked in vocabulary:
            continue
        best = process.extractOne(
            asked, vocabulary.keys(), scorer=OSA.distance, score_cutoff=_MOST_SIGNS
        )
        if best is not None and best[1] > 0:
            instead[word] = vocabulary[best[0]]
    if instead:
        yield _with(text, instead)
    if len(instead) > 1:
        yield from (_with(text, {word: said}) for word, said in instead.items())


@lru_cache(maxsize=8)
def _vocabulary(titles: tuple[str, ...]) -> dict[str, str]:
    """Words of the Schlagworte by their folded letters."""
    return {
        fold(word): word
        for title in titles
        for word in _WORD.findall(title)
        if len(word) >= _SHORTEST
    }


def _with(text: str, instead: Mapping[re.Match[str], str]) -> str:
    for word, said in sorted(instead.items(), key=lambda item: -item[0].start()):
        text = f"{text[: word.start()]}{said}{text[word.end() :]}"
    return text
