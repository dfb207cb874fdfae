"""Lines into tokens: folded, hyphenation undone, parted into sentences and clauses.

A token keeps the words it came from, so that every finding can show where it was seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from classifiers.layout import Line, Zone
from eakte.domain.pages import Word
from eakte.language.folding import fold, words_with_spans

_NEW_CLAUSE = "und oder aber sondern jedoch doch denn daher deshalb deswegen weil sowie"
_CLAUSE_WORDS = frozenset(map(fold, _NEW_CLAUSE.split()))
_SHORTENED = (
    "abs nr art bzw ca vgl ggf evtl inkl str usw etc dr prof gem tel az zzgl mtl geb i v m z b d h "
    "sog lt bspw st ziff s u a o"
)
_ABBREVIATIONS = frozenset(_SHORTENED.split())
_SHARP_S = re.compile(r"(?<=[a-zäöü])B(?=[a-zäöü]|$)")
_SENTENCE_END = re.compile(r"[.!?][\"“”)’]*$")
_ORDINAL = re.compile(r"\d+\.$")


@dataclass(frozen=True, slots=True)
class Token:
    """A folded word in its place: sentence and clause count from 0 within the page."""

    text: str
    words: tuple[Word, ...]
    zone: Zone
    sentence: int
    clause: int


def tokens_of(lines: Sequence[Line]) -> tuple[Token, ...]:
    """The tokens of a page's lines in reading order."""
    tokens: list[Token] = []
    sentence = clause = 0
    previous: tuple[Word, Line] | None = None
    for word, line, texts, sources in _pieces(lines):
        if previous is not None and _sentence_ends(previous, word, line):
            sentence += 1
            clause += 1
        elif previous is not None and previous[0].text.endswith((",", ";", ":")):
            clause += 1
        for text in texts:
            if text in _CLAUSE_WORDS:
                clause += 1
            tokens.append(Token(text, sources, line.zone, sentence, clause))
        previous = (sources[-1], line)
    return tuple(tokens)


def _pieces(
    lines: Sequence[Line],
) -> Iterator[tuple[Word, Line, tuple[str, ...], tuple[Word, ...]]]:
    """Every word with its folded pieces; hyphenated and s p a c e d words are put together."""
    carried: tuple[Word, Line] | None = None
    for number, line in enumerate(lines):
        words = list(line.words)
        if carried is not None:
            head, head_line = carried
            joined = head.text.rstrip("-‐\u00ad") + words[0].text
            yield head, head_line, _fold_pieces(joined), (head, words[0])
            words.pop(0)
            carried = None
        if words and _breaks(words[-1], lines[number + 1 : number + 2]):
            carried = (words.pop(), line)
        yield from _spelled_out(words, line)


def _breaks(word: Word, following: Sequence[Line]) -> bool:
    """Whether ``word`` is the first half of a word hyphenated at the line's end."""
    text = word.text
    return (
        len(text) > 2
        and text.endswith(("-", "‐", "\u00ad"))
        and bool(following)
        and following[0].words[0].text[:1].islower()
        and fold(following[0].words[0].text) not in _CLAUSE_WORDS
    )


def _spelled_out(
    words: Sequence[Word], line: Line
) -> Iterator[tuple[Word, Line, tuple[str, ...], tuple[Word, ...]]]:
    place = 0
    while place < len(words):
        end = place
        while end < len(words) and len(words[end].text) == 1 and words[end].text.isalpha():
            end += 1
        if end - place >= 4:
            run = tuple(words[place:end])
            yield run[0], line, _fold_pieces("".join(word.text for word in run)), run
            place = end
        else:
            word = words[place]
            yield word, line, _fold_pieces(word.text), (word,)
            place += 1


@lru_cache(maxsize=100_000)
def _fold_pieces(text: str) -> tuple[str, ...]:
    if "@" in text:
        return ()  # post@jobcenter.example speaks of neither post nor jobcenter
    return tuple(word.text for word in words_with_spans(_SHARP_S.sub("ß", text)))


def _sentence_ends(previous: tuple[Word, Line], word: Word, line: Line) -> bool:
    last, last_line = previous
    if line is not last_line:
        if line.zone is not last_line.zone:
            return True
        gap = line.box.y0 - last_line.box.y1
        goes_on = last.text.endswith(",") or word.text[:1].islower()
        if not goes_on and gap > 1.1 * min(line.height, last_line.height):
            return True
    if not _SENTENCE_END.search(last.text) or _ORDINAL.match(last.text):
        return False
    bare = fold(last.text).strip('.!?"“”)’ ')
    return bare not in _ABBREVIATIONS and not word.text[:1].islower()
