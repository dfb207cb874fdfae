"""What stands behind or under the labels of a form: names, birth date, address.

Forms set a label over its field or before it, in columns; a scanner reads the cells of a row as one
line or as many.  So cells are put back into rows first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from classifiers.layout import Line
from classifiers.page_index import evidence_of
from eakte.domain.findings import Evidence
from eakte.domain.pages import Box, Word
from eakte.language.folding import fold
from eakte.language.numbers import dates

_STREET_LABEL = r"stra(?:ss|b)e"
_LABELS = {
    "full_name": r"name ?, ?vorname|nachname ?, ?vorname|familienname ?, ?vorname",
    "birth_date": r"geburtsdatum|geb\.? ?datum|geboren am|geb\. am",
    "first_name": r"vornamen?(?:\(n\))?",
    "last_name": r"(?:familien|nach|zu)name|name",
    "place": r"(?:plz|postleitzahl) ?[/,]? ?(?:und )?(?:wohn)?ort",
    "postcode": r"plz|postleitzahl",
    "city": r"wohnort|ort",
    "street": rf"{_STREET_LABEL}(?: ?[/,]? ?haus-? ?(?:nummer|nr\.?)| ?[/,] ?nr\.?)?|anschrift",
}
_LABEL = re.compile(
    r"(?<![a-zäöü])(?:"
    + "|".join(f"(?P<{name}>{pattern})" for name, pattern in _LABELS.items())
    + r")(?![a-zäöü])\s*[:*]*"
)
_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|['’.\- ]){0,60}")
_STRAY = re.compile(r"(?: [^\W\d_])+$")
_POSTCODE = re.compile(r"(?<!\d)(\d{5})(?!\d)")
_STREET = re.compile(r"[^\W\d_][\w.\-' ]{2,60}?\d{1,4} ?[a-zA-Z]?(?!\w)")
_OTHER_LABELS = frozenset(
    fold(
        "geschlecht staatsangehörigkeit familienstand telefon telefonnummer geburtsort geburtsname "
        "geburtsland rentenversicherungsnummer anrede titel e-mail kundennummer"
    ).split()
)
_COLUMN_GAP = 0.015
"""Wider than a blank between words, as a share of the page's width (3 mm on A4)."""
_LABEL_SIGNS = " :*_.|"
_SAME_ROW = 0.7
"""So much of a letter's height two cells of one row may differ by, where they face each other."""


@dataclass(frozen=True, slots=True)
class Field:
    """A label's value, read and checked, with the words that it stands in."""

    name: str
    value: str
    words: tuple[Word, ...]
    evidence: Evidence


def fields_on(page: int, lines: Sequence[Line]) -> Iterator[Field]:
    """The fields of a page (``page`` from 1) in their order; the same name may come again."""
    for name, words in _labelled(rows_of(lines)):
        yield from _read(name, page, words)


def rows_of(lines: Sequence[Line]) -> list[Line]:
    """The lines with the cells of one row joined, from top to bottom.

    Compared is where two cells face each other, so that a page may lie askew.
    """
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda one: one.box.x0):
        row = next((one for one in rows if _continues(one[-1], line)), None)
        if row is None:
            rows.append([line])
        else:
            row.append(line)
    rows.sort(key=lambda row: _middle(row[0].words[0].box))
    return [_joined(row) for row in rows]


def _continues(left: Line, right: Line) -> bool:
    one, other = left.words[-1].box, right.words[0].box
    height = min(left.box.y1 - left.box.y0, right.box.y1 - right.box.y0)
    return left.box.x1 <= right.box.x0 and abs(_middle(one) - _middle(other)) < _SAME_ROW * height


def _middle(box: Box) -> float:
    return (box.y0 + box.y1) / 2


def _joined(row: list[Line]) -> Line:
    if len(row) == 1:
        return row[0]
    box = row[0].box
    for line in row[1:]:
        box = box.union(line.box)
    words = tuple(word for line in row for word in line.words)
    return Line(words, box, " ".join(line.text for line in row), row[0].zone)


def _labelled(lines: Sequence[Line]) -> Iterator[tuple[str, tuple[Word, ...]]]:
    """Every label with the words that fill it: behind it, or under it in its column."""
    for number, line in enumerate(lines):
        labels = _labels_in(line)
        filled = False
        for place, (name, _, behind) in enumerate(labels):
            stop = labels[place + 1][1] if place + 1 < len(labels) else len(line.words)
            words = _meant(line.words[behind:stop])
            if words:
                filled = True
                yield name, words
        below = lines[number + 1] if number + 1 < len(lines) else None
        if labels and not filled and below is not None and not _labels_in(below):
            yield from _columns(line, labels, below)


def _labels_in(line: Line) -> list[tuple[str, int, int]]:
    """Name, first word and the word after each label of a line."""
    # Lower case keeps every place of German text, which folding would not.
    lowered = line.text.lower().replace("ß", "b")
    if len(lowered) != len(line.text):
        return []
    starts = []
    place = 0
    for word in line.words:
        starts.append(place)
        place += len(word.text) + 1
    found: list[tuple[str, int, int]] = []
    for match in _LABEL.finditer(lowered):
        if match.start() not in starts or match.lastgroup is None:
            continue
        first = starts.index(match.start())
        behind = next((n for n, at in enumerate(starts) if at >= match.end()), len(line.words))
        after_label = bool(found) and found[-1][2] == first
        if after_label or ":" in match.group() or _stands_apart(line, first):
            found.append((match.lastgroup, first, behind))
    return found


def _stands_apart(line: Line, first: int) -> bool:
    """Whether a word begins its line or a column of it: „Große Straße 107“ holds no label."""
    if first == 0:
        return True
    return line.words[first].box.x0 - line.words[first - 1].box.x1 > _COLUMN_GAP


def _columns(
    line: Line, labels: list[tuple[str, int, int]], below: Line
) -> Iterator[tuple[str, tuple[Word, ...]]]:
    """The line under a line of labels, parted where the labels begin."""
    edges = [line.words[first].box.x0 - 0.01 for _, first, _ in labels]
    for place, (name, _, _) in enumerate(labels):
        right = edges[place + 1] if place + 1 < len(edges) else 2.0
        words = tuple(word for word in below.words if edges[place] <= word.box.x0 < right)
        if _meant(words):
            yield name, _meant(words)


def _meant(words: Sequence[Word]) -> tuple[Word, ...]:
    """``words`` up to the form's next label, without rules and dots."""
    kept: list[Word] = []
    for word in words:
        if fold(word.text.strip(_LABEL_SIGNS)) in _OTHER_LABELS:
            break
        if word.text.strip(_LABEL_SIGNS):
            kept.append(word)
    return tuple(kept)


def _read(name: str, page: int, words: tuple[Word, ...]) -> Iterator[Field]:
    text = " ".join(word.text.strip("|_*") for word in words).strip(" :,")
    evidence = evidence_of(f"antrag.{name}", page, words)
    for part, value in _values(name, text):
        yield Field(part, value, words, evidence)


def _values(name: str, text: str) -> Iterator[tuple[str, str]]:
    if name == "full_name":
        last, comma, first = text.partition(",")
        if comma and _is_name(last.strip()) and _is_name(first.strip()):
            yield "last_name", last.strip()
            yield "first_name", first.strip()
    elif name in {"first_name", "last_name"}:
        # A single letter without a full stop is a speck or a form's line, not an initial.
        text = _STRAY.sub("", text)
        if _is_name(text):
            yield name, text
    elif name == "birth_date":
        found = next(dates(text), None)
        # A year of two digits may be either century: not certain enough for a new file.
        if found is not None and found.other is None:
            yield name, found.value.isoformat()
    else:
        yield from _address_values(name, text)


def _address_values(name: str, text: str) -> Iterator[tuple[str, str]]:
    """Street, postcode and city; one label may be followed by all three."""
    if name == "street":
        street = _STREET.match(text)
        if street is None:
            return
        yield "street", street.group().strip()
        text = text[street.end() :].strip(" ,")
    code = _POSTCODE.search(text)
    if code is not None:
        yield "postcode", code.group(1)
        text = text[code.end() :].strip(" ,")
    if name in {"city", "place"} or code is not None:
        city = _NAME.match(text)
        if city is not None:
            yield "city", city.group().strip()


def _is_name(text: str) -> bool:
    return bool(_NAME.fullmatch(text)) and text[0].isupper() and len(text.split()) <= 4
