"""Numbers and dates printed on mail to a job centre: found, checked, written one way.

Nothing here decides whose letter it is.  Tax ids can be checked but are never returned by a
finder: files may not be ordered or made searchable by them (§ 139b AO).
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from stdnum import iban
from stdnum.de import idnr
from stdnum.exceptions import ValidationError

from eakte.language.aktenzeichen import (
    DIGIT_SHAPES,
    AktenzeichenPattern,
    FoundNumber,
    digits_of,
    near,
)
from eakte.language.folding import fold

__all__ = [
    "AktenzeichenPattern",
    "FoundDate",
    "FoundNumber",
    "birth_dates_in",
    "court_numbers",
    "customer_numbers",
    "dates",
    "digits_of",
    "health_insurance_numbers",
    "ibans",
    "is_health_insurance_number",
    "is_pension_number",
    "is_tax_id",
    "near",
    "pension_numbers",
]


_DIGIT = f"[{DIGIT_SHAPES}]"
_CUSTOMER = re.compile(rf"(?<![\w/])({_DIGIT}{{3}}) ?([A-Z0125689]) ?({_DIGIT}{{6}})(?!\w)")
_LETTERS_READ_AS = {"0": "ODQ", "1": "IL", "2": "Z", "5": "S", "6": "G", "8": "B", "9": "G"}
_COURT = re.compile(
    r"(?P<register>[SLB](?<!\w.))\s?(?P<chamber>\d{1,3})\s(?P<kind>[A-Z]{1,2})\s"
    r"(?P<number>\d{1,5})/(?:19|20)?(?P<year>\d{2})(?!\d)"
    r"(?P<tail>(?:\s(?:ER|B|R|BH|PKH|NZB|KL|WA|RG|D)\b)*)"
)
_PENSION = re.compile(
    rf"(?<![\w/-])((?:{_DIGIT} ?){{8}})([A-Z]) ?({_DIGIT}(?: ?{_DIGIT}){{2}})(?![\w/])"
)
_HEALTH = re.compile(rf"(?<![\w/-])([A-Z]) ?((?:{_DIGIT} ?){{8}}{_DIGIT})(?![\w/])")
_MOSTLY_DIGITS = 9
_IBAN = re.compile(r"[A-Z](?<!\w.)[A-Z]\d{2}(?:[ \u00a0]?[A-Z0-9]){11,30}")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januar jan jaenner",
            "februar feb feber",
            "maerz mrz mar",
            "april apr",
            "mai",
            "juni jun",
            "juli jul",
            "august aug",
            "september sep sept",
            "oktober okt",
            "november nov",
            "dezember dez",
        ),
        start=1,
    )
    for name in map(fold, names.split())
}
# Each begins with a set of characters and looks back only then, which is much faster.
_NUMERIC_DATE = re.compile(
    r"(?P<day>\d(?:(?<![\w.,/-].)|(?<=geb\..)|(?<=am:.))\d?)(?P<sign>[.,/-])\s?(?P<month>\d{1,2})(?:(?P=sign)|[.,])\s?"
    r"(?P<year>\d{4}|\d{2})(?![\w])(?![./-]\d)"
)
_WORDED_DATE = re.compile(
    r"(?P<day>\d(?<![\w.,/-].)\d?)\s?[.,]?\s?(?P<month>[A-Za-zÄäÖöÜü]{3,9})\.?,?\s"
    r"(?P<year>\d{4}|\d{2})(?!\w)"
)
_ISO_DATE = re.compile(r"(?P<year>\d(?<![\w-].)\d{3})-(?P<month>\d{2})-(?P<day>\d{2})(?![\w-])")
_CENTURY_TURN = 40
"""Two-digit years below this are read as 20xx first, others as 19xx."""


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date in a text; ``other`` is the second reading of a two-digit year, else None."""

    value: date
    start: int
    end: int
    other: date | None = None


def customer_numbers(text: str) -> Iterator[FoundNumber]:
    """Customer numbers (three digits, a letter, six digits) in ``text``, without blanks.

    Where the letter was read as a digit, every letter it may have been is tried: several numbers
    then have the same place.
    """
    for match in _CUSTOMER.finditer(text):
        left, letter, right = match.groups()
        if sum(char.isdigit() for char in left + right) < 6:
            continue
        repaired = not (left + right).isdigit() or not letter.isupper()
        for meant in _LETTERS_READ_AS.get(letter, letter):
            value = digits_of(left) + meant + digits_of(right)
            yield FoundNumber(value, match.start(), match.end(), repaired)


def court_numbers(text: str) -> Iterator[FoundNumber]:
    """File numbers of the social courts, ``S 31 AS 270/14`` or ``L 3 AS 710/15 B ER``.

    A year of four digits is written with two, as courts do.
    """
    for match in _COURT.finditer(text):
        register, chamber, kind, number, year, tail = match.groups()
        value = f"{register} {chamber} {kind} {number}/{year} {' '.join(tail.split())}".strip()
        yield FoundNumber(value, match.start(), match.end())


def ibans(text: str) -> Iterator[FoundNumber]:
    """Bank accounts whose check digits are right, without blanks."""
    for match in _IBAN.finditer(text):
        found = match.group()
        for end in range(len(found), 14, -1):
            if iban.is_valid(found[:end]):
                value = iban.compact(found[:end])
                yield FoundNumber(value, match.start(), match.start() + end)
                break


def is_tax_id(text: str) -> bool:
    """Whether ``text`` is a valid tax id (§ 139b AO): to recognise what must not be kept."""
    try:
        idnr.validate(text)
    except ValidationError:
        return False
    return True


def is_pension_number(text: str) -> bool:
    """Whether ``text`` is a pension-insurance number (RVNR) with the right check digit.

    12 places; the letter counts as two digits; factors 2,1,2,5,7,1,2,1,2,1,2,1; digit sums mod 10.
    """
    compact = _compact(text)
    if not re.fullmatch(r"[0-9]{8}[A-Z][0-9]{3}", compact):
        return False
    digits = compact[:8] + _letter_digits(compact[8]) + compact[9:11]
    factors = (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1)
    return _digit_sums(digits, factors) % 10 == int(compact[11])


def birth_dates_in(pension_number: str) -> tuple[date, ...]:
    """The birth dates that a pension number (RVNR) may tell: places 3 to 8 are DDMMYY.

    Both centuries; empty for what is no pension number.
    """
    if not is_pension_number(pension_number):
        return ()
    compact = _compact(pension_number)
    day, month, year = (int(compact[at : at + 2]) for at in (2, 4, 6))
    found = (_calendar_day(century + year, month, day) for century in (1900, 2000))
    return tuple(one for one in found if one is not None)


def pension_numbers(text: str) -> Iterator[FoundNumber]:
    """Pension numbers (RVNR) with the right check digit in ``text``, without blanks."""
    for match in _PENSION.finditer(text):
        left, letter, right = match.groups()
        written = _compact(left + right)
        value = _compact(f"{digits_of(left)}{letter}{digits_of(right)}")
        if is_pension_number(value) and sum(char.isdigit() for char in written) >= _MOSTLY_DIGITS:
            yield FoundNumber(value, match.start(), match.end(), not written.isdigit())


def health_insurance_numbers(text: str) -> Iterator[FoundNumber]:
    """Health-insurance numbers (KVNR) with the right check digit in ``text``, without blanks."""
    for match in _HEALTH.finditer(text):
        letter, right = match.groups()
        written = _compact(right)
        value = letter + digits_of(written)
        enough = sum(char.isdigit() for char in written) >= _MOSTLY_DIGITS - 2
        if enough and is_health_insurance_number(value):
            yield FoundNumber(value, match.start(), match.end(), not written.isdigit())


def is_health_insurance_number(text: str) -> bool:
    """Whether ``text`` is a health-insurance number (KVNR) with the right check digit.

    A letter and 9 digits; the letter counts as two digits; weights 1,2,1,2…; digit sums mod 10.
    """
    compact = _compact(text)
    if not re.fullmatch(r"[A-Z][0-9]{9}", compact):
        return False
    digits = _letter_digits(compact[0]) + compact[1:9]
    return _digit_sums(digits, (1, 2) * 5) % 10 == int(compact[9])


def dates(text: str) -> Iterator[FoundDate]:
    """Dates in German spellings, in their order: ``01.04.2026``, ``1. April 2026``, ``01.04.26``.

    Day before month, always.  What is no day of the calendar is passed over.
    """
    found = [
        date_found
        for pattern in (_NUMERIC_DATE, _WORDED_DATE, _ISO_DATE)
        for match in pattern.finditer(text)
        if (date_found := _read_date(match)) is not None
    ]
    yield from sorted(found, key=lambda one: one.start)


def _read_date(match: re.Match[str]) -> FoundDate | None:
    written = match["month"]
    month = int(written) if written.isdigit() else _MONTHS.get(fold(written), 0)
    day, year = int(match["day"]), int(match["year"])
    if len(match["year"]) == 4:
        value, other = _calendar_day(year, month, day), None
    else:
        centuries = (2000, 1900) if year < _CENTURY_TURN else (1900, 2000)
        value, other = (_calendar_day(century + year, month, day) for century in centuries)
        if value is None:
            value, other = other, None
    if value is None:
        return None
    return FoundDate(value, match.start(), match.end(), other)


def _calendar_day(year: int, month: int, day: int) -> date | None:
    if not (1880 <= year <= 2199 and 1 <= month <= 12):
        return None
    if not 1 <= day <= calendar.monthrange(year, month)[1]:
        return None
    return date(year, month, day)


def _compact(text: str) -> str:
    return re.sub(r"[\s-]", "", text).upper()


def _letter_digits(letter: str) -> str:
    return f"{ord(letter) - ord('A') + 1:02d}"


def _digit_sums(digits: str, factors: tuple[int, ...]) -> int:
    return sum(
        sum(divmod(int(digit) * factor, 10)) for digit, factor in zip(digits, factors, strict=True)
    )
