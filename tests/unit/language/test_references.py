"""References that two letters of one matter share, and insurance numbers with check digits."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eakte.language.addresses import address_key
from eakte.language.numbers import (
    birth_dates_in,
    health_insurance_numbers,
    is_health_insurance_number,
    is_pension_number,
    pension_numbers,
)
from eakte.language.references import references


def found(text: str) -> list[tuple[str, str]]:
    return [(one.kind, one.value) for one in references(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ihr Zeichen: HUS-512-4711/26", ("reference", "hus512471126")),
        ("Unser Zeichen HUS 512 4711/26", ("reference", "hus512471126")),
        ("zu Ihrem Widerspruch, Widerspruchs-Az. W 2026-00412", ("reference", "w202600412")),
        ("Az.: S 31 AS 270/14 ER", ("court", "s31as27014er")),
        ("Versicherten-Nr. A123456780", ("insured", "A123456780")),
    ],
)
def test_a_reference_is_the_same_in_every_spelling(text: str, expected: tuple[str, str]):
    assert found(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "Ihr Zeichen: II-4",
        "Ihre Nachricht vom 12.10.2026",
        "Az.: 12.10.2026",
        "Rechnung 4711-0815",
        "Versicherten-Nr. A123456781",
        "Artikel S1234567890",
    ],
)
def test_dates_short_codes_and_what_has_no_label_are_no_references(text: str):
    assert found(text) == []


def _pension(born: date, area: int, letter: str, serial: int) -> str:
    stem = f"{area:02d}{born:%d%m%y}{letter}{serial:02d}"
    return next(f"{stem}{digit}" for digit in range(10) if is_pension_number(f"{stem}{digit}"))


letters = st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
births = st.dates(date(1920, 1, 1), date(2025, 12, 31))


@given(births, st.integers(2, 89), letters, st.integers(0, 99))
def test_a_pension_number_tells_the_birth_date_in_any_grouping(
    born: date, area: int, letter: str, serial: int
):
    number = _pension(born, area, letter, serial)
    spaced = f"{number[:2]} {number[2:8]} {number[8]} {number[9:]}"
    for written in (number, spaced):
        (seen,) = pension_numbers(f"RV-Nr. {written}, geb.")
        assert seen.value == number
    assert born in birth_dates_in(number)


@given(births, letters, st.integers(0, 11), st.integers(1, 9))
def test_a_pension_number_with_one_wrong_digit_says_nothing(
    born: date, letter: str, place: int, more: int
):
    number = _pension(born, 15, letter, 7)
    if place == 8:
        return
    wrong = number[:place] + str((int(number[place]) + more) % 10) + number[place + 1 :]
    if not is_pension_number(wrong):
        assert birth_dates_in(wrong) == ()
        assert list(pension_numbers(wrong)) == []


@given(letters, st.integers(0, 99_999_999))
def test_exactly_one_check_digit_makes_a_health_insurance_number(letter: str, number: int):
    right = [
        f"{letter}{number:08d}{digit}"
        for digit in range(10)
        if is_health_insurance_number(f"{letter}{number:08d}{digit}")
    ]
    assert len(right) == 1
    (seen,) = health_insurance_numbers(f"Nr. {right[0]} der Kasse")
    assert (seen.value, seen.repaired) == (right[0], False)


@pytest.mark.parametrize("number", ["15070649C103", "65180539W001"])
def test_the_pension_numbers_of_the_rule_book_are_valid(number: str):
    assert [one.value for one in pension_numbers(number)] == [number]


def test_an_address_has_one_key_in_every_spelling():
    keys = {
        address_key(street, "25813")
        for street in ("Süderstraße 12 a", "Suederstr. 12a", "SÜDERSTRASSE 12A", "Süder Straße 12a")
    }
    assert len(keys) == 1
    assert address_key("Süderstraße 12a", "") == address_key("", "25813") == ""
