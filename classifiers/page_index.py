"""The text of a page's lines with a way back from characters to words and their boxes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from classifiers.layout import Line, evidence_boxes
from eakte.domain.findings import Evidence
from eakte.domain.pages import Word
from eakte.language.folding import fold


class PageIndex:
    """Lines of one page (``number`` from 1) as one text, and the words behind each part of it."""

    def __init__(self, number: int, lines: Sequence[Line]) -> None:
        self.number = number
        self.lines = lines
        self.text = "\n".join(line.text for line in lines)
        lengths = [len(line.text) + 1 for line in lines]
        self._starts = [0, *accumulate(lengths)]

    def line_at(self, place: int) -> int:
        """The index of the line that holds character ``place``."""
        return max(bisect_right(self._starts, place) - 1, 0)

    def words(self, start: int, end: int) -> tuple[Word, ...]:
        """The words that touch ``text[start:end]``."""
        found: list[Word] = []
        for index in range(self.line_at(start), min(self.line_at(end - 1) + 1, len(self.lines))):
            place = self._starts[index]
            for word in self.lines[index].words:
                if place < end and place + len(word.text) > start:
                    found.append(word)
                place += len(word.text) + 1
        return tuple(found)

    def evidence(self, rule: str, start: int, end: int) -> Evidence:
        """Evidence for ``text[start:end]``."""
        return evidence_of(rule, self.number, self.words(start, end))

    def before(self, place: int, length: int = 36) -> str:
        """The folded text right before character ``place``."""
        return fold(self.text[max(place - length, 0) : place])


def evidence_of(rule: str, page: int, words: Sequence[Word]) -> Evidence:
    """Evidence that consists of ``words`` on ``page`` (from 1)."""
    return Evidence(
        rule=rule,
        page=page,
        words=" ".join(word.text for word in words),
        boxes=evidence_boxes(words),
    )
