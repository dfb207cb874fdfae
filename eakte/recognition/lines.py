"""Words of a born-digital page in lines and blocks.

The order in the file is kept where it can be: programs write address field, reference block and
paragraphs one after the other, and a purely visual order would run them together.  A value that
was written later but stands on the same line right behind its label (filled-in forms) joins it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from eakte.domain.pages import Box, Word

_SAME_LINE = 0.5
_NEXT_WORD_GAP = 4.0
_LABEL_GAP = 12.0
_PARAGRAPH_GAP = 1.0


@dataclass(frozen=True, slots=True)
class RawWord:
    """A word before it knows its line."""

    text: str
    box: Box


@dataclass(slots=True)
class _Line:
    words: list[RawWord]
    box: Box = field(init=False)

    def __post_init__(self) -> None:
        self.box = self.words[0].box

    def add(self, word: RawWord) -> None:
        self.words.append(word)
        self.box = self.box.union(word.box)

    @property
    def height(self) -> float:
        return self.box.y1 - self.box.y0


def in_lines(words: list[RawWord]) -> tuple[Word, ...]:
    """The words in reading order with their line and block numbers."""
    lines = _runs(words)
    _join_values_to_labels(lines)
    if _disordered(lines):
        lines.sort(key=lambda line: (round(line.box.y0, 3), line.box.x0))
    return tuple(_numbered(lines))


def _runs(words: list[RawWord]) -> list[_Line]:
    lines: list[_Line] = []
    for word in words:
        if lines and _continues(lines[-1], word.box):
            lines[-1].add(word)
        else:
            lines.append(_Line([word]))
    return lines


def _overlap(a: Box, b: Box) -> float:
    """Shared height as a share of the lower of the two boxes."""
    lower = min(a.y1 - a.y0, b.y1 - b.y0)
    return (min(a.y1, b.y1) - max(a.y0, b.y0)) / lower if lower > 0 else 0.0


def _continues(line: _Line, box: Box) -> bool:
    height = max(line.height, box.y1 - box.y0)
    gap = box.x0 - line.words[-1].box.x1
    return _overlap(line.box, box) >= _SAME_LINE and -height <= gap <= _NEXT_WORD_GAP * height


def _join_values_to_labels(lines: list[_Line]) -> None:
    """Later lines that stand right behind an earlier one of one label move up to it."""
    index = 0
    while index < len(lines):
        later = lines[index]
        label = next(
            (
                line
                for line in lines[: max(0, index - 1)]
                if _overlap(line.box, later.box) >= _SAME_LINE
                and -line.height <= later.box.x0 - line.box.x1 <= _LABEL_GAP * line.height
                and not _something_between(lines, line, later)
            ),
            None,
        )
        if label is None:
            index += 1
            continue
        for word in later.words:
            label.add(word)
        del lines[index]


def _something_between(lines: list[_Line], label: _Line, later: _Line) -> bool:
    return any(
        line is not label
        and line is not later
        and _overlap(line.box, later.box) >= _SAME_LINE
        and label.box.x1 <= line.box.x0 < later.box.x0
        for line in lines
    )


def _disordered(lines: list[_Line]) -> bool:
    """Was the page written in no order at all (some printer drivers)?"""
    if len(lines) < 6:
        return False
    upward = sum(
        1
        for line, following in pairwise(lines)
        if following.box.y1 < line.box.y0 and following.box.x0 < line.box.x1
    )
    return upward > 0.3 * len(lines)


def _numbered(lines: list[_Line]) -> list[Word]:
    words: list[Word] = []
    block = 0
    for number, line in enumerate(lines):
        if number:
            before = lines[number - 1]
            gap = line.box.y0 - before.box.y1
            apart = line.box.x0 > before.box.x1 or line.box.x1 < before.box.x0
            if apart or not -before.height <= gap <= _PARAGRAPH_GAP * before.height:
                block += 1
        words.extend(Word(word.text, word.box, number, block) for word in line.words)
    return words
