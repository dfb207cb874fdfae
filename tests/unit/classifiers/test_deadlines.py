"""The inactivity period (§ 88 SGG): months by the calendar, nothing shifted."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.deadlines import add_months, deadlines


@pytest.mark.parametrize(
    ("schlagwort", "received", "ends"),
    [
        ("widerspruch", date(2026, 11, 20), date(2027, 2, 20)),  # a Saturday: a waiting period
        ("widerspruch", date(2026, 11, 30), date(2027, 2, 28)),
        ("widerspruch", date(2027, 11, 30), date(2028, 2, 29)),
        ("erstantrag", date(2026, 8, 31), date(2027, 2, 28)),
        ("weiterbewilligung", date(2026, 7, 1), date(2027, 1, 1)),
        ("ueberpruefungsantrag", date(2026, 12, 31), date(2027, 6, 30)),
    ],
)
def test_an_objection_waits_three_months_and_an_application_six(
    schlagwort: str, received: date, ends: date
):
    (deadline,) = deadlines(schlagwort, received)
    assert (deadline.rule, deadline.starts, deadline.ends) == ("§ 88 SGG", received, ends)
    assert "voraussichtlich" in deadline.reason
    assert f"{ends:%d.%m.%Y}" in deadline.reason


@pytest.mark.parametrize("schlagwort", ["kontoauszug", "klage", "bewilligung", "unbekannt"])
def test_other_letters_start_no_period(schlagwort: str):
    assert deadlines(schlagwort, date(2026, 11, 20)) == ()


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(0, 120))
def test_a_month_later_has_the_same_day_or_the_last_of_the_month(day: date, months: int):
    later = add_months(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day == day.day or (
        later.day < day.day
        and add_months(later.replace(day=1), 1).toordinal() - 1 == later.toordinal()
    )
