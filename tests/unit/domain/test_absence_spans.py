"""Absences as days: joined spans hold the same days, and somebody or nobody stands in on each."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from eakte.domain.absences import Span, covered_by, days, joined, monday_of

FIRST, LAST = date(2026, 11, 1), date(2026, 12, 31)
DAYS = st.dates(FIRST, LAST)
SPANS = st.lists(
    st.tuples(DAYS, st.none() | st.integers(0, 20)).map(
        lambda one: Span(one[0], None if one[1] is None else one[0] + timedelta(days=one[1]))
    ),
    max_size=6,
)


@given(SPANS, DAYS)
def test_joined_spans_hold_the_same_days_and_lie_apart(spans: list[Span], day: date):
    found = joined(spans)
    assert any(one.covers(day) for one in spans) == (sum(one.covers(day) for one in found) == 1)
    for one, following in pairwise(found):
        assert one.ends is not None
        assert following.starts > one.ends + timedelta(days=1)


def test_a_register_may_say_the_last_day_of_all_for_until_further_notice():
    for_ever = Span(FIRST, date.max)
    assert joined([for_ever, Span(LAST, LAST), Span(LAST, None)]) == (Span(FIRST, None),)


@given(SPANS, SPANS, st.tuples(DAYS, DAYS))
def test_who_stands_in_is_the_first_deputy_present_on_every_single_day(
    first: list[Span], second: list[Span], window: tuple[date, date]
):
    away = {"a": joined(first), "b": joined(second)}
    start, end = sorted(window)
    span = Span(start, None)

    def is_away(login: str, day: date) -> bool:
        return any(one.covers(day) for one in away[login])

    found = covered_by(span, start, end, ["a", "b"], is_away)
    listed = [(day, one.deputy) for one in found for day in days(one.starts, one.ends)]
    assert listed == [
        (day, next((one for one in ("a", "b") if not is_away(one, day)), None))
        for day in days(start, end)
    ]


@given(DAYS)
def test_a_week_begins_on_its_monday(day: date):
    monday = monday_of(day)
    assert monday.weekday() == 0
    assert monday <= day <= monday + timedelta(days=6)
