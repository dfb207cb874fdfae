"""Where in a run of sheets does the next letter begin?  Evidence a clerk would point at.

Every page but the first is asked: does it look like a first page (page 1 of n, address field,
salutation, date and subject), and did the letter before it end (closing formula, last page of n)?
The weights were set by hand and tried on stacks of demo letters
(``benchmarks/paper/cuts.py``, ADR 0077).  Decides nothing: a score with its reasons.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from eakte.domain.pages import PageText, Word
from eakte.language.folding import fold

_PAGE_OF = re.compile(r"\b(?:seite|blatt|page)\W{0,2}(\d{1,3})(?:\W{0,2}(?:von|/|of)\W?(\d{1,3}))?")
_BARE_NUMBER = re.compile(r"^[-–—] ?(\d{1,3}) ?[-–—]$")
_CITY = re.compile(r"^(?:d[- ]{1,2})?\d{5} [a-z]")
_SENDER_LINE = re.compile(r"\d{1,4} ?[a-z]?\b.{0,6}[,·•|*;–-].{0,4}\d{5} [a-z]\w+")
_SALUTATION = re.compile(
    r"^(?:sehr geehrte|guten (?:tag|morgen)|hallo|moin|liebe[rs]? |werte[rs]? |sehr verehrte)"
)
_DATE = re.compile(
    r"\b\d{1,2}\. ?(?:\d{1,2}\. ?|(?:jan|feb|mar|apr|mai|jun|jul|aug|sep|okt|nov|dez)\w* )\d{2,4}$"
)
_NO_DATE_OF_LETTER = re.compile(r"\b(?:vom|am|zum|bis|seit|ab|geb\w*|gegen)\b")
_SUBJECT = re.compile(r"^(?:betreff|betr|betrifft|wegen|in sachen|in dem rechtsstreit)\b")
_INFORMATION = re.compile(
    r"\b(?:(?:ihr|unser|mein|geschafts)\w* ?zeichen|aktenzeichen|auskunft erteilt|telefax|"
    r"ihre nachricht|kundennummer|bearbeiter\w*|durchwahl)\b"
)
_CLOSING = re.compile(
    r"^(?:mit (?:freundlich|vorzuglich|kollegial|besten)|hochachtungsvoll|viele gru|"
    r"freundliche gru|mfg|beste gru)"
)
_OFFICE = re.compile(r"\b(?:job-?center|sozialzentr\w+|sozialamt|grundsicherung\w*)\b")
_PERSON = re.compile(r"^(?:an )?(?:herrn?|frau|familie|eheleute)\b")
_TO_THE_OFFICE = re.compile(
    r"\bdamen und herren\b|\bjob-?center\b|^(?:guten (?:tag|morgen)|hallo|moin)\W*$"
)
_PROOF = re.compile(
    r"^(?:\w+liche[rs]? )?\w*(?:attest|bescheinigung|bestatigung|kontoauszug|abrechnung|vertrag|"
    r"vollmacht|zeugnis|urkunde|nachweis|rechnung|quittung|beleg)\b"
)
_TITLE_WORDS = 6
_FIELD_RIGHT_MM = 110.0
_FIELD_MM = 32.0
"""Height of an address field above the line with the city (DIN 5008: six lines)."""

_ADDRESSED = re.compile(r"^an (?:das|die|den|ihr)\b")
_STAMP_FIELD = re.compile(r"\b(?:eingangsstempel|eingangsvermerk)\b")
_REFERENCE = re.compile(r"\b\d{5}(?: ?//? ?|bg)\d{7}\b|\b\d{3}[a-z]\d{6}\b")
_NUMBERS = re.compile(r"\d{5} [a-z]\w+|\d{5}//?\d{7}|[\w.]+@[\w.]+|\b0\d{2,4}[ /-]?\d{3,}")

WEIGHTS = {
    "page_one": 4.0,
    "page_later": -6.0,
    "unfinished": -3.5,
    "last_page_before": 2.0,
    "recipient": 2.5,
    "office_addressed": 1.5,
    "sender_line": 1.5,
    "salutation": 3.5,
    "to_the_office": 2.0,
    "date": 1.5,
    "subject": 1.0,
    "information": 1.0,
    "closing_before": 1.5,
    "addressed": 2.0,
    "stamp_field": 2.5,
    "other_sender": 1.0,
    "other_reference": 2.0,
    "same_reference": -1.5,
    "other_format": 1.0,
}
BIAS = -4.5

AT_MOST = 0.85
"""Where a page may be an enclosure with a letterhead of its own, which looks the same."""

OTHER_REFERENCE = "other_reference"
"""The page names another file or customer number than the one before."""

_SURE = frozenset({"salutation", "page_one", "office_addressed"})


@dataclass(frozen=True, slots=True)
class Reason:
    """One piece of evidence: ``code`` as in ``WEIGHTS``, and the words that were seen."""

    code: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterStart:
    """A page that may begin a letter: its place in the run, a score 0..1, and why."""

    place: int
    score: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What is seen on one page: evidence by code, with words; ``number``: „Seite 2 von 3“.

    ``enclosed``: it may well be an enclosure, being a proof by its title (certificate, statement,
    contract) without a salutation, or addressed to somebody else than the office.
    """

    head: dict[str, str]
    number: tuple[int, int | None] | None
    closing: str
    contacts: frozenset[str]
    references: frozenset[str]
    enclosed: bool
    size: tuple[float, float]


def letter_starts(pages: Iterable[PageText]) -> tuple[LetterStart, ...]:
    """Every page of the run after the first, with how much looks like a new letter there.

    ``pages`` are upright pages with content, in the order of the run; ``place`` counts from 0.
    """
    return starts_among([look_at(page) for page in pages])


def starts_among(looks: Sequence[Look]) -> tuple[LetterStart, ...]:
    """As :func:`letter_starts`, of pages that were looked at one by one."""
    found = []
    for place in range(1, len(looks)):
        reasons = _reasons(looks[place - 1], looks[place])
        total = BIAS + sum(WEIGHTS[one.code] for one in reasons)
        score = 1 / (1 + math.exp(-total))
        if looks[place].enclosed or not _SURE & {one.code for one in reasons}:
            score = min(score, AT_MOST)
        found.append(LetterStart(place=place, score=round(score, 3), reasons=reasons))
    return tuple(found)


def _reasons(before: Look, look: Look) -> tuple[Reason, ...]:
    reasons = [Reason(code, words) for code, words in look.head.items()]
    if look.number is not None:
        number, count = look.number
        code = "page_one" if number == 1 else "page_later"
        reasons.append(Reason(code, f"Seite {number}" + (f" von {count}" if count else "")))
    if before.number is not None and before.number[1] is not None:
        number, last = before.number
        words = f"Seite {number} von {last}"
        if number == last:
            reasons.append(Reason("last_page_before", words))
        elif look.number is None or look.number[0] != 1:
            reasons.append(Reason("unfinished", words))
    if before.closing and look.head:
        reasons.append(Reason("closing_before", before.closing))
    if look.contacts and before.contacts and not look.contacts & before.contacts and look.head:
        reasons.append(Reason("other_sender", min(look.contacts)))
    same = look.references & before.references
    comparable = {len(one) for one in before.references}  # a file number with a file number
    others = frozenset(one for one in look.references if len(one) in comparable)
    if same:
        reasons.append(Reason("same_reference", min(same)))
    elif others:
        reasons.append(Reason(OTHER_REFERENCE, min(others)))
    if max(abs(a - b) for a, b in zip(look.size, before.size, strict=True)) > 15:
        reasons.append(Reason("other_format", f"{look.size[0]:.0f} × {look.size[1]:.0f} mm"))
    return tuple(reasons)


def look_at(page: PageText) -> Look:
    """What the page says of whether a letter begins, goes on or ends on it."""
    head: dict[str, str] = {}
    number: tuple[int, int | None] | None = None
    closing = ""
    contacts: set[str] = set()
    references: set[str] = set()
    left_half: list[_Line] = []
    for words in page.lines():
        text = " ".join(word.text for word in words)
        plain = fold(text).strip()
        top = min(word.box.y0 for word in words) * page.height_mm
        left = min(word.box.x0 for word in words) * page.width_mm
        if top < 0.45 * page.height_mm:
            left_half.append(_left_part(words, top, left, page.width_mm))
            for code in _head_evidence(plain, top, left):
                head.setdefault(code, text)
        if number is None and (top < 40 or top > page.height_mm - 40):
            number = _number(plain)
        if not closing and _CLOSING.match(plain):
            closing = text
        references.update(re.sub(r"\W|bg", "", one) for one in _REFERENCE.findall(plain))
        if top < 0.2 * page.height_mm or top > 0.88 * page.height_mm:
            contacts.update(_NUMBERS.findall(plain))
    addressee = _addressee(left_half)
    if _OFFICE.search(fold(addressee)):
        head.setdefault("office_addressed", addressee)
    proof = any(_is_title(line) and _PROOF.search(line.plain) for line in left_half)
    return Look(
        head=head,
        number=number,
        closing=closing,
        contacts=frozenset(contacts),
        references=frozenset(references),
        enclosed=(proof and "salutation" not in head) or _is_somebody_else(addressee),
        size=(page.width_mm, page.height_mm),
    )


@dataclass(frozen=True, slots=True)
class _Line:
    """The left part of a line, as it is and folded, and where it stands (mm).

    Without the reference block to the right of it.
    """

    text: str
    plain: str
    top: float
    left: float


def _left_part(words: Sequence[Word], top: float, left: float, width_mm: float) -> _Line:
    text = " ".join(word.text for word in words if word.box.x0 * width_mm < _FIELD_RIGHT_MM)
    return _Line(text, fold(text).strip(), top, left)


def _is_title(line: _Line) -> bool:
    return 0 < len(line.plain.split()) <= _TITLE_WORDS


def _addressee(lines: Sequence[_Line]) -> str:
    """The lines of the address field from whom it names to above the city; "" where none is."""
    blocks = []
    for city in lines:
        if not (_CITY.match(city.plain) and city.left < 60 and 40 <= city.top <= 98):
            continue
        block: list[str] = []
        for line in lines:
            near = city.top - _FIELD_MM <= line.top < city.top - 1 and line.left < 60
            if near and _SENDER_LINE.search(line.plain):
                block = []
            elif near and line.plain:
                block.append(line.text)
        blocks.append(", ".join(block))
    office = [block for block in blocks if _OFFICE.search(fold(block))]
    return (office or blocks or [""])[0]


def _is_somebody_else(addressee: str) -> bool:
    plain = fold(addressee).strip()
    return _PERSON.match(plain) is not None and not _OFFICE.search(plain)


def _head_evidence(plain: str, top: float, left: float) -> list[str]:
    """What a line in the upper half says; ``top`` and ``left`` in millimetres (DIN 5008)."""
    codes = []
    if _SALUTATION.match(plain):
        codes.append("salutation")
        if _TO_THE_OFFICE.search(plain):
            codes.append("to_the_office")
    if _CITY.match(plain) and left < 60 and 40 <= top <= 98:
        codes.append("recipient")
    elif _SENDER_LINE.search(plain) and left < 60 and 20 <= top <= 70:
        codes.append("sender_line")
    if _DATE.search(plain) and len(plain.split()) <= 6 and not _NO_DATE_OF_LETTER.search(plain):
        codes.append("date")
    if _SUBJECT.match(plain):
        codes.append("subject")
    if _ADDRESSED.match(plain) and len(plain.split()) <= 6 and left < 60:
        codes.append("addressed")
    if _STAMP_FIELD.search(plain):
        codes.append("stamp_field")
    if _INFORMATION.search(plain):
        codes.append("information")
    return codes


def _number(plain: str) -> tuple[int, int | None] | None:
    found = _PAGE_OF.search(plain) or _BARE_NUMBER.match(plain)
    if found is None:
        return None
    count = found.group(2) if found.re is _PAGE_OF else None
    return int(found.group(1)), int(count) if count else None
