"""A document's pages as text in which every place leads back to words, boxes and a zone.

The finders of facts search plain text; where they found something becomes evidence here.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field

from classifiers.layout import Line, Zone, evidence_boxes, lines_of
from eakte.domain.findings import Evidence
from eakte.domain.pages import PageText, Word
from eakte.language import numbers
from eakte.language.numbers import FoundDate

_MISREAD_DATE = re.compile(
    r"(?<![\w.,])[0-9OoIlZSB]{1,2}\s?[.,]\s?[0-9OoIlZSB]{1,2}\s?[.,]\s?[0-9OoIlZSB]{2,4}(?!\w)"
)
_MEANT = str.maketrans("OoIlZSB", "0011258")
_DIGITS_AT_LEAST = 4
_BEFORE = 80


@dataclass(slots=True)
class Reading:
    """One page (``number`` from 1): its lines in zones, their text, its dates."""

    number: int
    lines: tuple[Line, ...]
    text: str = ""
    folded: str = ""
    dates: tuple[FoundDate, ...] = ()
    _line_starts: list[int] = field(default_factory=list)
    _word_ends: list[int] = field(default_factory=list)
    _words: list[Word] = field(default_factory=list)

    def zone(self, place: int) -> Zone:
        """The zone of the line at ``place`` in the text."""
        return self.line(place).zone

    def line(self, place: int) -> Line:
        """The line at ``place`` in the text."""
        return self.lines[max(0, bisect_right(self._line_starts, place) - 1)]

    def before(self, place: int, length: int = _BEFORE) -> str:
        """What stands before ``place`` in lower case, line ends as blanks."""
        return self.folded[max(0, place - length) : place]

    def after(self, place: int, length: int = _BEFORE) -> str:
        """What stands behind ``place`` in lower case, line ends as blanks."""
        return self.folded[place : place + length]

    def evidence(self, rule: str, start: int, end: int) -> Evidence:
        """The words that ``text[start:end]`` touches, as evidence of ``rule``."""
        first = bisect_right(self._word_ends, start)
        last = bisect_right(self._word_ends, max(start, end - 1))
        words = self._words[first : last + 1]
        return Evidence(
            rule=rule,
            page=self.number,
            words=" ".join(word.text for word in words),
            boxes=evidence_boxes(words),
        )

    def evidence_of_lines(self, rule: str, *lines: Line) -> Evidence:
        """Whole lines as evidence."""
        words = [word for line in lines for word in line.words]
        return Evidence(
            rule=rule,
            page=self.number,
            words=" ".join(line.text for line in lines),
            boxes=evidence_boxes(words),
        )


def reading(page: PageText, number: int) -> Reading:
    """``page`` made ready for the finders."""
    made = Reading(number=number, lines=lines_of(page, first=number == 1))
    pieces: list[str] = []
    place = 0
    for line in made.lines:
        made._line_starts.append(place)
        for word in line.words:
            place += len(word.text) + 1
            made._word_ends.append(place)
            made._words.append(word)
        pieces.append(line.text)
    made.text = "\n".join(pieces)
    flat = made.text.replace("\n", " ")
    lowered = flat.lower()
    made.folded = lowered if len(lowered) == len(flat) else flat
    made.dates = _dates(_repaired(made.text))
    return made


def _dates(text: str) -> tuple[FoundDate, ...]:
    """The dates line by line, and those that go on in the next line where none is lost by it."""
    apart = list(numbers.dates(text.replace("\n", "\x00")))
    over = [
        one
        for one in numbers.dates(text)
        if "\n" in text[one.start : one.end]
        and not any(one.start < other.end and other.start < one.end for other in apart)
    ]
    return tuple(sorted((*apart, *over), key=lambda one: one.start))


def _repaired(text: str) -> str:
    """``text`` of the same length with letters in dates read as the digits they look like."""
    return _MISREAD_DATE.sub(_with_digits, text)


def _with_digits(match: re.Match[str]) -> str:
    written = match.group()
    if sum(char.isdigit() for char in written) < _DIGITS_AT_LEAST:
        return written
    return written.translate(_MEANT)
