"""References by which two letters of one matter know each other.

„Unser Zeichen: HUS-512-4711/26“ on a notice comes back as „Ihr Zeichen“; a court's number stands on
every letter of a lawsuit.  A reference says nothing by itself: only where a document that bears it
is already filed does it lead somewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from eakte.language.folding import fold
from eakte.language.numbers import court_numbers, dates, health_insurance_numbers

COURT = "court"
OWN = "reference"
INSURED = "insured"
"""A health-insurance number (KVNR): it belongs to a person, the other two to a matter."""

_LABEL = re.compile(
    r"(?i)(?<!\w)(?:(?:unser|ihr|mein|dortiges|hiesiges)e?\s+(?:gesch[äa]fts|akten)?zeichen|"
    r"gesch[äa]ftszeichen|gesch\.? ?-?z\.?|gz\.?|az\.?|aktenzeichen|ihre? nachricht|"
    r"widerspruchs(?:nummer|-?nr\.?|-?az\.?|akte)|bescheid(?:nummer|-?nr\.?)|"
    r"vorgangs(?:nummer|-?nr\.?)|kassenzeichen|referenz(?:nummer)?)\s*[:.]?\s*"
)
_VALUE = re.compile(r"[A-ZÄÖÜ]{0,5}[-./ ]{0,2}\d[A-Z\d]*(?:[-./ ]{1,2}[A-Z\d]*\d[A-Z\d]*){0,5}")
_FEWEST_DIGITS = 5
_MOST = 30


@dataclass(frozen=True, slots=True)
class FoundReference:
    """A reference in a text: its kind, its comparable form, and its place ``text[start:end]``."""

    kind: str
    value: str
    start: int
    end: int


def references(text: str) -> Iterator[FoundReference]:
    """Court numbers, labelled references of five digits and more, and insurance numbers.

    Dates are none, nor is anything without a label before it.
    """
    taken: list[tuple[int, int]] = []
    for court in court_numbers(text):
        taken.append((court.start, court.end))
        yield FoundReference(COURT, _plain(court.value), court.start, court.end)
    for label in _LABEL.finditer(text):
        found = _VALUE.match(text, label.end())
        if found is None or any(
            start < found.end() and found.start() < end for start, end in taken
        ):
            continue
        value = _plain(found.group())
        digits = sum(char.isdigit() for char in value)
        if digits >= _FEWEST_DIGITS and len(value) <= _MOST and not _is_date(found.group()):
            yield FoundReference(OWN, value, found.start(), found.end())
    for insured in health_insurance_numbers(text):
        if not insured.repaired:
            yield FoundReference(INSURED, insured.value, insured.start, insured.end)


def _plain(value: str) -> str:
    return re.sub(r"[\W_]+", "", fold(value))


def _is_date(text: str) -> bool:
    return next(dates(text), None) is not None
