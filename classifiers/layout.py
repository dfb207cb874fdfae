"""A page as a desk clerk sees it: lines in zones (subject, header, body, ...).

German letters put the matter into a subject line above the salutation, forms into a large title;
the same word means more there than in the running text, and nothing at all in the instruction on
legal remedies at the end of a notice.  This module knows no Schlagwort and no case file.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from eakte.domain.pages import Box, PageText, Word, line_boxes
from eakte.language.folding import fold


class Zone(enum.StrEnum):
    """Where on a page a line stands; the values are the words used in the rule files."""

    SUBJECT = "subject"
    TITLE = "title"
    SENDER = "sender"
    RECIPIENT = "recipient"
    HEADER = "header"
    BODY = "body"
    REMEDIES = "remedies"
    FOOTER = "footer"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text with its box (fractions of the page) and zone."""

    words: tuple[Word, ...]
    box: Box
    text: str
    zone: Zone

    @property
    def height(self) -> float:
        """Height as a fraction of the page's height."""
        return self.box.y1 - self.box.y0


_SALUTATION = re.compile(
    r"^(sehr ge+hrte|guten (tag|morgen)|hallo|moin|liebe[rs]? |werte[rs]? |"
    r"sg damen|sehr verehrte)"
)
_SUBJECT_LABEL = re.compile(
    r"^(betreff|betr|betrifft|wegen|in sachen|in dem rechtsstreit|"
    r"in (der|dem) (klage|verwaltungs|verfahren))\b"
)
_CITY_LINE = re.compile(r"^(D[- ]{1,2})?\d{5} [A-ZÄÖÜ][\wäöüß.\-/ ]+$")
_ADDRESS_END = re.compile(r"^(D[- ]{1,2})?\d{5} [A-ZÄÖÜ]|.*[·•|] ?\d{5} [A-ZÄÖÜ]")
_PERSON_LINE = re.compile(r", ?\d{5} [A-ZÄÖÜ]")
_SENDER_LINE = re.compile(r"\d{1,4} ?[a-z]?\b.{0,6}[,·•|*;–-].{0,4}\d{5} [A-ZÄÖÜ]\w+")
_INFORMATION = re.compile(
    r"(?i)\d{5} [A-ZÄÖÜ]|telefon|tel\.|fax|@|zeichen|datum|auskunft erteilt|seite \d|:\s*\S|"
    r"^\W*\d[\d.,/ -]*$"
)
_REMEDIES = re.compile(
    r"^(ihre rechte|rechtsbehelf\w*|rechtsmittel\w*|belehrung uber (den|die) recht\w*|"
    r"ihr recht auf widerspruch)\b"
)
_REGARDS = re.compile(r"^(mit (freundlich|vorzuglich|kollegial)|hochachtungsvoll|viele gru|mfg)")
_HEAD_ENDS = 0.45
"""Without salutation and subject, nothing below this height of the page is header."""


def lines_of(page: PageText, *, first: bool) -> tuple[Line, ...]:
    """The lines of ``page`` in reading order, each with its zone.

    ``first`` says that the page is the document's first: only there is an address field expected.
    """
    plain = [words for words in page.lines() if any(word.text.strip() for word in words)]
    if not plain:
        return ()
    boxes = [_box(words) for words in plain]
    _put_salutation_in_place(plain, boxes)
    texts = [" ".join(word.text for word in words) for words in plain]
    zones = _zones(texts, boxes, first=first)
    return tuple(map(Line, plain, boxes, texts, zones))


def _put_salutation_in_place(plain: list[tuple[Word, ...]], boxes: list[Box]) -> None:
    """Above what stands below it: what a stamp lies across is often read as another block."""
    for place, words in enumerate(plain):
        if words[0].text[:1].upper() not in "SGHMLW" or boxes[place].y0 >= 0.8:
            continue
        if not _SALUTATION.match(fold(" ".join(word.text for word in words)).strip()):
            continue
        box = boxes[place]
        below = [
            at
            for at in range(place)
            if boxes[at].y0 > box.y1 and boxes[at].x0 < box.x1 and box.x0 < boxes[at].x1
        ]
        if below:
            plain.insert(below[0], plain.pop(place))
            boxes.insert(below[0], boxes.pop(place))
        return


def _box(words: tuple[Word, ...]) -> Box:
    sides = ((word.box.x0, word.box.y0, word.box.x1, word.box.y1) for word in words)
    x0, y0, x1, y1 = zip(*sides, strict=True)
    return Box(min(x0), min(y0), max(x1), max(y1))


def _zones(texts: Sequence[str], boxes: Sequence[Box], *, first: bool) -> list[Zone]:
    folded = [fold(text).strip() for text in texts]
    salutation = _first(folded, boxes, _SALUTATION)
    zones = [Zone.BODY] * len(texts)
    subject = _subject_lines(texts, folded, boxes, salutation)
    head_end = _head_end(boxes, salutation, subject)
    for place in range(head_end):
        zones[place] = Zone.HEADER
    if first:
        end = min([*subject, head_end])
        _mark_addresses(texts, boxes, zones, end, greeted=salutation is not None)
    _mark_titles(texts, boxes, zones, salutation)
    for place in subject:
        zones[place] = Zone.SUBJECT
    _mark_end(folded, boxes, zones)
    return zones


def _first(folded: Sequence[str], boxes: Sequence[Box], pattern: re.Pattern[str]) -> int | None:
    for place, text in enumerate(folded):
        if boxes[place].y0 < 0.8 and pattern.match(text):
            return place
    return None


def _subject_lines(
    texts: Sequence[str], folded: Sequence[str], boxes: Sequence[Box], salutation: int | None
) -> list[int]:
    """The labelled subject, else up to four lines above the salutation, below address and date."""
    end = salutation if salutation is not None else len(folded)
    for place in range(end):
        if boxes[place].y0 < 0.6 and _SUBJECT_LABEL.match(folded[place]):
            return _paragraph_down(boxes, place, end)
    if salutation is None or salutation == 0:
        return []
    lines: list[int] = []
    below = boxes[salutation]
    for place in range(salutation - 1, max(salutation - 5, -1), -1):
        far = below.y0 - boxes[place].y1 > (0.1 if place == salutation - 1 else 0.03)
        if far or _ADDRESS_END.match(texts[place]) or _is_date_line(folded[place]):
            break
        below = boxes[place]
        # Whom it concerns, with address, often stands between subject and salutation.
        if not _PERSON_LINE.search(texts[place]):
            lines.insert(0, place)
    return lines


def _is_date_line(folded: str) -> bool:
    """„Husum, den 20.11.2026“: place and day of writing, not „Bescheid vom 20.11.2026“."""
    words = folded.split()
    return (
        bool(re.search(r"\d{1,2}\. ?(\d{1,2}\.|[a-z]+) ?\d{2,4}$", folded))
        and len(words) <= 6
        and not {"vom", "am", "zum", "bis", "gegen", "geb", "geb."} & set(words)
    )


def _paragraph_down(boxes: Sequence[Box], start: int, end: int) -> list[int]:
    lines = [start]
    while lines[-1] + 1 < end and len(lines) < 4:
        following = lines[-1] + 1
        if not _close(boxes[lines[-1]], boxes[following]):
            break
        lines.append(following)
    return lines


def _close(upper: Box, lower: Box) -> bool:
    """Whether two lines belong to one paragraph: less than a line's height between them."""
    height = min(upper.y1 - upper.y0, lower.y1 - lower.y0)
    return -height < lower.y0 - upper.y1 < 0.9 * height


def _head_end(boxes: Sequence[Box], salutation: int | None, subject: list[int]) -> int:
    if salutation is not None:
        return salutation
    if subject:
        return subject[-1] + 1
    return next((n for n, box in enumerate(boxes) if box.y0 > _HEAD_ENDS), len(boxes))


def _mark_addresses(
    texts: Sequence[str], boxes: Sequence[Box], zones: list[Zone], end: int, *, greeted: bool
) -> None:
    """The last address before the subject is the recipient's, those above the sender's.

    A single line with street, postcode and city (the small line over the window) is the sender's;
    in a letter that greets someone so are the lines close above it, elsewhere they are headings.
    """
    cities = []
    for place in range(end):
        text = texts[place].strip()
        if _CITY_LINE.match(text):
            cities.append(place)
        elif _SENDER_LINE.search(text):
            zones[place] = Zone.SENDER
            if greeted:
                _mark_above(boxes, zones, place)
    for number, place in enumerate(cities):
        zone = Zone.RECIPIENT if number == len(cities) - 1 else Zone.SENDER
        above = place
        while above >= 0 and place - above < 5 and zones[above] is Zone.HEADER:
            if above != place and _CITY_LINE.match(texts[above].strip()):
                break
            zones[above] = zone
            if above == 0 or not _close(boxes[above - 1], boxes[above]):
                break
            above -= 1


def _mark_above(boxes: Sequence[Box], zones: list[Zone], place: int) -> None:
    """The sender's name in up to three close lines above the line with the address."""
    for above in range(place - 1, max(place - 4, -1), -1):
        if zones[above] is not Zone.HEADER or not _close(boxes[above], boxes[above + 1]):
            break
        zones[above] = Zone.SENDER


def _mark_titles(
    texts: Sequence[str], boxes: Sequence[Box], zones: list[Zone], salutation: int | None
) -> None:
    """Large lines in the upper half; on a page without salutation also its first short lines."""
    usual = median(box.y1 - box.y0 for box in boxes)
    headings = _headings(texts, boxes, zones)
    flat = all(box.y1 - box.y0 <= 1.35 * usual for box in boxes if box.y0 <= 0.5)
    for place, box in enumerate(boxes):
        if box.y0 > 0.5 or zones[place] in {Zone.RECIPIENT, Zone.SENDER}:
            continue
        large = box.y1 - box.y0 > 1.35 * usual and len(texts[place]) < 90
        leading = salutation is None and place < 2 and len(texts[place].split()) <= 8 and flat
        shouted = len(texts[place]) > 5 and texts[place].isupper() and place < 12
        if large or leading or shouted or (salutation is None and place in headings):
            zones[place] = Zone.TITLE


def _headings(texts: Sequence[str], boxes: Sequence[Box], zones: Sequence[Zone]) -> set[int]:
    """Short lines that stand alone under the address: what a notice without salutation is."""
    start = max(
        (place + 1 for place, zone in enumerate(zones) if zone is Zone.RECIPIENT), default=0
    )
    found: set[int] = set()
    for place in range(start, len(texts)):
        if boxes[place].y0 > 0.6 or len(found) == 3:
            break
        alone = place == 0 or not _close(boxes[place - 1], boxes[place])
        text = texts[place]
        if alone and len(text.split()) <= 8 and not _INFORMATION.search(text):
            found.add(place)
    return found


def _mark_end(folded: Sequence[str], boxes: Sequence[Box], zones: list[Zone]) -> None:
    """Instructions on remedies up to the page's end, and the small print below the letter."""
    remedies = False
    regards = False
    for place, text in enumerate(folded):
        if zones[place] is not Zone.BODY:
            continue
        if _REMEDIES.match(text) and len(text.split()) <= 5:
            remedies = True
        regards = regards or bool(_REGARDS.match(text))
        if remedies:
            zones[place] = Zone.REMEDIES
        elif boxes[place].y0 > 0.925 or (regards and boxes[place].y0 > 0.88):
            zones[place] = Zone.FOOTER


def evidence_boxes(words: Sequence[Word]) -> tuple[Box, ...]:
    """One box a line for ``words``, in reading order without repeats."""
    unique = dict.fromkeys(words)
    return line_boxes(tuple(unique))
