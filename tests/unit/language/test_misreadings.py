"""What it takes to read a known number as the signs on the page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eakte.language.misreadings import reading_cost

NUMBERS = st.from_regex(r"\d{5}//\d{7}", fullmatch=True)
MOST = 2.0


@given(number=NUMBERS)
def test_the_number_itself_costs_nothing(number: str):
    assert reading_cost(number, number, MOST) == 0


@given(number=NUMBERS, place=st.integers(0, 12), stroke=st.sampled_from("1|lI7/"))
def test_strokes_read_as_digits_or_twice_cost_little(number: str, place: int, stroke: str):
    head, tail = number.split("//")
    for read in (f"{head}/{stroke}{tail}", f"{head}//{stroke}{tail}", f"{head}{stroke}1{tail}"):
        cost = reading_cost(number, read, MOST)
        assert cost is not None
        assert cost < 1


@given(number=NUMBERS, place=st.integers(0, 11), digit=st.sampled_from("0123456789"))
def test_one_other_digit_is_never_cheaper_than_a_look_alike(number: str, place: int, digit: str):
    place += 2 * (place > 4)
    read = number[:place] + digit + number[place + 1 :]
    cost = reading_cost(number, read, MOST)
    assert cost == 0 if read == number else cost is None or cost >= 1


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("05.05.1955", "15.05.1955"),
        ("12345//0001234", "12345//0001243"),
        ("12", "21"),
        ("12345//0001234", "0001234"),
    ],
)
def test_another_number_is_not_read_so(written: str, read: str):
    assert reading_cost(written, read, 1.0) is None


@given(written=st.text("0123456789/.", max_size=16), read=st.text(max_size=20))
def test_any_signs_have_a_price_within_the_limit_or_none(written: str, read: str):
    cost = reading_cost(written, read, MOST)
    assert cost is None or 0 <= cost <= MOST
