"""Numbers and dates: every spelling found, check digits held, nothing invented."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eakte.errors import SettingsError
from eakte.language.numbers import (
    AktenzeichenPattern,
    court_numbers,
    customer_numbers,
    dates,
    digits_of,
    ibans,
    is_health_insurance_number,
    is_pension_number,
    is_tax_id,
    near,
)

PATTERN = AktenzeichenPattern()
DAYS = st.dates(min_value=date(1940, 1, 1), max_value=date(2039, 12, 31))
MONTHS = (
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
)


@pytest.mark.parametrize(
    "spelling",
    [
        "12345//0001234",
        "12345/0001234",
        "12345 // 0001234",
        "12345 / 0001234",
        "12345BG0001234",
        "12345 BG 0001234",
        "12345bg0001234",
        "123458G0001234",
        "l2345//OOO1234",
        "12345/\\0001234",
        "12345/l0001234",
        "12345//000 1234",
        "12345110001234",
        "12345lI0001234",
    ],
)
def test_every_spelling_of_a_number_becomes_the_same(spelling: str):
    assert PATTERN.normalise(spelling) == "12345//0001234"
    assert [one.value for one in PATTERN.find(f"Ihr Zeichen: {spelling}, danke")] == [
        "12345//0001234"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Tel. 04841/123456",
        "12345/00012345",
        "112345//0001234",
        "12345//0001234/7",
        "DE89 3704 0044 0532 0130 00",
        "Soll/Sollbsi",
        "IBSlO//OBIlSSO",
        "",
    ],
)
def test_what_only_looks_like_a_number_is_none(text: str):
    assert list(PATTERN.find(text)) == []


@given(st.integers(0, 99999), st.integers(0, 9999999), st.sampled_from(["//", "/", "BG", " // "]))
def test_a_number_survives_every_spelling(office: int, serial: int, sign: str):
    canonical = f"{office:05d}//{serial:07d}"
    assert PATTERN.normalise(f"{office:05d}{sign}{serial:07d}") == canonical
    assert PATTERN.normalise(canonical) == canonical


@given(st.text(max_size=80))
def test_any_text_can_be_searched_for_numbers(text: str):
    for one in PATTERN.find(text):
        assert 0 <= one.start < one.end <= len(text)
    list(dates(text))
    list(customer_numbers(text))
    list(court_numbers(text))
    list(ibans(text))


def test_a_digit_that_was_guessed_is_marked():
    (found,) = PATTERN.find("l2345//0001234")
    assert found.repaired
    (found,) = PATTERN.find("12345//0001234")
    assert not found.repaired


def test_another_authority_brings_its_own_pattern():
    pattern = AktenzeichenPattern([r"500-[A-Z]{2}-\d{4}/\d{2}"])
    assert pattern.normalise("500 - KM - 0815/26") == "500-KM-0815/26"
    assert pattern.normalise("12345//0001234") is None
    assert pattern.key(" 500 - KM - 0815/26") == "500-KM-0815/26"
    assert pattern.key(" 12345//0001234 ") == "12345//0001234"


@pytest.mark.parametrize("pattern", [r"(\d+)", r"\d*", r"[0-9]{5}", "ABC", r"\d?"])
def test_a_pattern_beyond_the_small_language_is_refused_with_a_remedy(pattern: str):
    with pytest.raises(SettingsError) as caught:
        AktenzeichenPattern([pattern])
    assert pattern in caught.value.message
    assert caught.value.remedy


def test_without_a_pattern_nothing_could_be_found():
    with pytest.raises(SettingsError):
        AktenzeichenPattern([])


def test_numbers_one_slip_apart_are_near():
    assert near("12345//0001234", "12345//0001284")
    assert near("12345//0001234", "12345//0001243")
    assert not near("12345//0001234", "12345//0001234")
    assert not near("12345//0001234", "12345//0009284")


@pytest.mark.parametrize("number", ["15070649C103", "65180539W001", "15 070649 C 103"])
def test_pension_numbers_with_the_right_check_digit_are_valid(number: str):
    assert is_pension_number(number)


@pytest.mark.parametrize("number", ["A123456780", "S040464113", "a123456780"])
def test_health_insurance_numbers_with_the_right_check_digit_are_valid(number: str):
    assert is_health_insurance_number(number)


@given(st.integers(1, 9))
def test_any_other_check_digit_makes_a_number_invalid(shift: int):
    assert not is_pension_number(f"65180539W00{(1 + shift) % 10}")
    assert not is_health_insurance_number(f"A12345678{shift % 10}")


@pytest.mark.parametrize(
    "number", ["15070649C104", "A123456781", "", "15070649C10", "1507O649C103"]
)
def test_wrong_check_digits_and_shapes_are_invalid(number: str):
    assert not is_pension_number(number)
    assert not is_health_insurance_number(number)


def test_customer_numbers_are_found_with_blanks_and_confusions():
    text = "Kundennummer: 123A456789, auch 123 A 456789 und 12SA45678O, nicht 1234A456789"
    assert [one.value for one in customer_numbers(text)] == [
        "123A456789",
        "123A456789",
        "125A456780",
    ]


def test_a_letter_read_as_a_digit_gives_every_letter_it_may_have_been():
    assert [one.value for one in customer_numbers("Kunden-Nr.: 4645946924")] == ["464S946924"]
    assert {one.value for one in customer_numbers("6531060448")} == {"653I060448", "653L060448"}
    assert all(one.repaired for one in customer_numbers("4645946924"))


def test_ibans_are_found_only_with_the_right_check_digits():
    text = "IBAN DE89 3704 0044 0532 0130 00 BIC, nicht DE88 3704 0044 0532 0130 00"
    assert [one.value for one in ibans(text)] == ["DE89370400440532013000"]


def test_tax_ids_are_only_checked():
    assert is_tax_id("36574261809")
    assert not is_tax_id("36574261890")


@pytest.mark.parametrize(
    "number",
    [
        "S 31 AS 270/14",
        "L 31 AS 359/15",
        "S 21 AS 1549/15 ER",
        "L 3 AS 710/15 B ER",
        "B 14 AS 12/09 R",
    ],
)
def test_court_numbers_are_found_whole(number: str):
    (found,) = court_numbers(f"Az.: {number}, in dem Rechtsstreit")
    assert found.value == number


@pytest.mark.parametrize(
    ("written", "values"),
    [
        ("S 31 AS 270/2014 ER", ["S 31 AS 270/14 ER"]),  # not that of the year 2020
        ("L 31 AS 359/1998", ["L 31 AS 359/98"]),
        ("S 31 AS 270/2020", ["S 31 AS 270/20"]),
        ("S 31 AS 270/141", []),
    ],
)
def test_a_court_numbers_year_of_four_digits_is_the_same_year(written: str, values: list[str]):
    assert [one.value for one in court_numbers(f"Az.: {written}, wegen")] == values


@given(DAYS)
def test_every_german_spelling_of_a_day_is_read(day: date):
    month = MONTHS[day.month - 1]
    for written in (
        day.strftime("%d.%m.%Y"),
        f"{day.day}.{day.month}.{day.year}",
        f"{day.day}. {month} {day.year}",
        f"{day.day}. {month[:3]}. {day.year}",
        day.isoformat(),
    ):
        (found,) = dates(f"vom {written}, eingegangen")
        assert found.value == day
    (short,) = dates(f"am {day.strftime('%d.%m.%y')}.")
    assert day in {short.value, short.other}


def test_day_goes_before_month_always():
    (found,) = dates("01.04.2026")
    assert found.value == date(2026, 4, 1)


@pytest.mark.parametrize(
    "text", ["31.02.2026", "00.01.2026", "1.13.2026", "§ 1.2.3.4", "12. Absatz 2026"]
)
def test_what_is_no_day_is_passed_over(text: str):
    assert list(dates(text)) == []


def test_letters_are_read_as_the_digits_they_resemble():
    assert digits_of("OlIZSB") == "011258"
