"""Tesseract's TSV output as words; both engines speak it, so both give the same values."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from eakte.domain.pages import Word
from eakte.recognition.geometry import clipped

WORD_LEVEL = 5
MOST_CONFIDENT = 0.99
"""No recognised word is as sure as text that came with the file (1.0)."""

_COLUMNS = 12


def words_from_tsv(tsv: str, width: int, height: int) -> tuple[Word, ...]:
    """The words of a page image of ``width`` by ``height`` pixels, in reading order."""
    words: list[Word] = []
    lines: dict[tuple[int, int, int], int] = {}
    blocks: dict[tuple[int, int], int] = {}
    for row in _word_rows(tsv):
        text = row[11].strip()
        if not text:
            continue
        block, paragraph, line = int(row[2]), int(row[3]), int(row[4])
        left, top, wide, high = (int(value) for value in row[6:10])
        words.append(
            Word(
                text,
                clipped(left / width, top / height, (left + wide) / width, (top + high) / height),
                line=lines.setdefault((block, paragraph, line), len(lines)),
                block=blocks.setdefault((block, paragraph), len(blocks)),
                confidence=min(max(float(row[10]) / 100, 0.0), MOST_CONFIDENT),
            )
        )
    return tuple(words)


def _word_rows(tsv: str) -> Iterator[list[str]]:
    rows = csv.reader(tsv.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    for row in rows:
        if len(row) >= _COLUMNS and row[0] == str(WORD_LEVEL):
            yield row
