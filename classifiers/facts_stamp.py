"""What a stamp of receipt left in the lines under it: not part of what the writer said.

Recognition reads the words of a stamp as words of the line that it lies across: askew, of another
size, of little confidence, and lines of their own far right of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from statistics import median

from classifiers.layout import Line
from eakte.domain.pages import Box, Word

_STAMP = re.compile(r"(?:POST)?EINGANG|EINGEGANGEN")
_TRUSTED = 0.9
_UNREAD = 0.3
_READ_WELL = 0.8
"""Mean confidence of a page on which a single word of hardly any is no print."""
_LARGE, _SMALL = 1.35, 0.5
_RATHER_LARGE, _RATHER_SMALL = 1.15, 0.75
_ASKEW = 0.35
_RIGHT = 0.2
_CENTRED = 0.06
_LEAST_LETTERS = 2
_SHORT = 2
"""Signs of a scrap: real words of two letters are read with confidence."""


def without_stamp(lines: Sequence[Line], page: Sequence[Line]) -> list[Line]:
    """``lines`` of a subject without what a stamp put there; ``page`` are all the page's lines.

    Text that was not recognised (confidence 1.0, all of one size) comes back as it is.
    """
    words = [word for line in page for word in line.words]
    if not words:
        return list(lines)
    well_read = sum(word.confidence for word in words) / len(words) >= _READ_WELL
    areas = list(_areas(words))
    kept = [made for line in lines if (made := _cleaned(line, areas, well_read=well_read))]
    return _one_paragraph(kept)


def _areas(words: Iterable[Word]) -> Iterator[Box]:
    """Around each word of a stamp: its name above, its date below, its frame on both sides."""
    for word in words:
        if _STAMP.search(word.text):
            box = word.box
            wide, high = 0.4 * (box.x1 - box.x0), 2.5 * (box.y1 - box.y0)
            yield Box(box.x0 - wide, box.y0 - high, box.x1 + wide, box.y1 + high)


def _cleaned(line: Line, areas: Sequence[Box], *, well_read: bool) -> Line | None:
    trusted = [word for word in line.words if word.confidence >= _TRUSTED] or list(line.words)
    usual = median(_height(word) for word in trusted)
    middle = median((word.box.y0 + word.box.y1) / 2 for word in trusted)
    shouted = line.text.isupper()

    def is_print(word: Word) -> bool:
        size = _height(word) / usual if usual else 1.0
        sure = word.confidence >= _TRUSTED
        off = abs((word.box.y0 + word.box.y1) / 2 - middle)
        if not sure and (size > _LARGE or size < _SMALL):
            return False
        if not sure and not any(char.isalnum() for char in word.text):
            return word.confidence >= _READ_WELL
        short = sum(char.isalnum() for char in word.text) <= _SHORT
        if well_read and word.confidence < (_READ_WELL if short else _UNREAD):
            return False
        odd = off > _ASKEW * usual or (not sure and not _RATHER_SMALL < size < _RATHER_LARGE)
        in_stamp = any(_holds(area, word.box) for area in areas)
        named = bool(_STAMP.search(word.text)) and not shouted
        return not (in_stamp and (odd or named))

    words = tuple(word for word in line.words if is_print(word))
    if words == line.words:
        return line
    text = " ".join(word.text for word in words)
    if sum(char.isalpha() for char in text) < _LEAST_LETTERS:
        return None
    box = words[0].box
    for word in words[1:]:
        box = box.union(word.box)
    return replace(line, words=words, text=text, box=box)


def _one_paragraph(lines: list[Line]) -> list[Line]:
    """Those that begin at the left edge of the paragraph, or stand centred under one that does."""
    if len(lines) < 2:
        return lines
    first = min(lines, key=lambda line: line.box.x0)
    middle = (first.box.x0 + first.box.x1) / 2
    return [
        line
        for line in lines
        if line.box.x0 - first.box.x0 < _RIGHT
        or abs((line.box.x0 + line.box.x1) / 2 - middle) < _CENTRED
    ]


def _height(word: Word) -> float:
    return word.box.y1 - word.box.y0


def _holds(area: Box, box: Box) -> bool:
    x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
    return area.x0 <= x <= area.x1 and area.y0 <= y <= area.y1
