"""Words of a table that was read without its lines, put back into rows.

Without lines Tesseract takes the columns of a table for columns of text and reads them one after
the other; a clerk, a copied passage and a rule want the row.
"""

from __future__ import annotations

from dataclasses import replace
from statistics import median

from eakte.domain.pages import Box, Word

_SAME_ROW = 0.5
"""Share of its height that a line must lie beside its row."""

_TALL = 2.0
"""Times the usual height from which a line belongs to no row."""

_REMAINS = "_|"
"""What the rest of a rule is read as where it touches a word."""


def in_rows(words: tuple[Word, ...], tables: tuple[Box, ...]) -> tuple[Word, ...]:
    """``words`` with those inside each of ``tables`` row by row; lines are counted anew."""
    for table in tables:
        lines = {word.line for word in words if _stands_in(word.box, table)}
        inside = [word for word in words if word.line in lines]  # a line is never torn apart
        if inside:
            words = _with_rows(words, inside)
    return words


def _with_rows(words: tuple[Word, ...], inside: list[Word]) -> tuple[Word, ...]:
    """Rows stand where the table's first word stood."""
    taken = set(map(id, inside))
    first = next(place for place, word in enumerate(words) if id(word) in taken)
    others = [word for word in words if id(word) not in taken]
    lines = [
        *_lines(others[:first]),
        *([_of_table(word, inside[0].block) for word in row] for row in _rows(inside)),
        *_lines(others[first:]),
    ]
    return tuple(replace(word, line=n) for n, line in enumerate(lines) for word in line)


def _lines(words: list[Word]) -> list[list[Word]]:
    lines: list[list[Word]] = []
    for word in words:
        if lines and lines[-1][0].line == word.line:
            lines[-1].append(word)
        else:
            lines.append([word])
    return lines


def _rows(words: list[Word]) -> list[list[Word]]:
    """The lines of the columns that lie side by side, each row from left to right.

    What stands on end or was stamped over several rows is a row of its own.
    """
    lines = sorted(((_around(line), line) for line in _lines(words)), key=lambda one: one[0].y0)
    usual = median(box.y1 - box.y0 for box, _ in lines)
    rows: list[tuple[Box, list[Word]]] = []
    alone = []
    for box, line in lines:
        if box.y1 - box.y0 > _TALL * usual:
            alone.append((box, line))
        elif rows and _beside(rows[-1][0], box):
            rows[-1] = (rows[-1][0], [*rows[-1][1], *line])
        else:
            rows.append((box, line))
    placed = sorted([*rows, *alone], key=lambda one: one[0].y0)
    return [sorted(row, key=lambda word: word.box.x0) for _, row in placed]


def _around(line: list[Word]) -> Box:
    box = line[0].box
    for word in line[1:]:
        box = box.union(word.box)
    return box


def _beside(row: Box, line: Box) -> bool:
    shared = min(row.y1, line.y1) - max(row.y0, line.y0)
    return shared > _SAME_ROW * min(row.y1 - row.y0, line.y1 - line.y0)


def _of_table(word: Word, block: int) -> Word:
    text = word.text.strip(_REMAINS) or word.text
    return replace(word, text=text, block=block)


def _stands_in(box: Box, table: Box) -> bool:
    across, down = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
    return table.x0 <= across <= table.x1 and table.y0 <= down <= table.y1
