"""What identifies a letter: does it still stand on the pages as they were read, more or less?

A stamp over the number, a surname or a street that was lost as a whole: what is not there
identifies nobody.  A fact that stands misread does count; the tests here are lenient on purpose,
so that few letters are called unreadable which are not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise

import post
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from eakte.demo.records import CaseFileRecord
from eakte.domain.pages import PageText

_ALIKE = 75
"""So many of a hundred signs of a fact must be there in their order."""
_EDGES = ".,;:()[]|„“\"'*·•-–_"


def stands(
    sent: post.Sent, pages: tuple[PageText, ...], cases: Mapping[str, CaseFileRecord]
) -> bool:
    """Whether name and second fact of an identifying letter are still there.

    ``cases`` are the register's by their number.
    """
    words = [word.text.strip(_EDGES).lower() for page in pages for word in page.words]
    truth = sent.letter.truth
    name = truth.spelled.split()
    if not (_word(name[0], words) and _word(name[-1], words)):
        return False
    case = cases[truth.aktenzeichen or ""]
    if sent.manner in {"number", "landlord_number"}:
        return _row((truth.written or "").replace(" ", ""), words)
    if sent.manner == "customer_number":
        numbers = [
            person["customer_number"]
            for person in case["people"]
            if f"{person['first_name']} {person['last_name']}" == truth.person
        ]
        return any(_row(number, words) for number in numbers)
    if "birth_date" in truth.facts:
        return _row(f"{date.fromisoformat(truth.birth_date):%d.%m.%Y}", words)
    return _address(case, words)


def _word(wanted: str, words: Sequence[str]) -> bool:
    bare = wanted.strip(_EDGES).lower()
    pairs = (one + other for one, other in pairwise(words))
    return any(bare in one or fuzz.ratio(bare, one) >= _ALIKE for one in (*words, *pairs))


def _row(wanted: str, words: Sequence[str]) -> bool:
    return fuzz.partial_ratio(wanted.lower(), "".join(words)) >= _ALIKE


def _address(case: CaseFileRecord, words: Sequence[str]) -> bool:
    """Street, house number, and postcode or city."""
    *street, house = case["street"].lower().split()
    number = any(
        one.endswith(house) or (len(one) == len(house) > 1 and OSA.distance(one, house) == 1)
        for one in words
    )
    place = _word(case["postcode"], words) or _word(case["city"].split()[-1], words)
    return number and place and all(_word(one, words) for one in street if len(one) > 2)
