"""Two runs of a one-sided scanner are put in order only where printed numbers prove it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scanner_inbox.duplex import reading_order


def two_runs(sheets: int, hidden: set[int] = frozenset()) -> list[tuple[int, int | None]]:
    printed = [*range(1, 2 * sheets, 2), *range(2 * sheets, 0, -2)]
    return [(place, None if n in hidden else n) for place, n in enumerate(printed, 1)]


@given(st.integers(2, 30))
def test_fronts_and_backs_are_put_in_order(sheets):
    order = reading_order(two_runs(sheets))
    assert order is not None
    printed = dict(two_runs(sheets))
    assert [printed[place] for place in order] == list(range(1, 2 * sheets + 1))


@given(st.lists(st.none() | st.integers(1, 20), max_size=20))
def test_an_order_is_a_rearrangement_that_every_number_agrees_with(printed):
    pages = list(enumerate(printed, 1))
    order = reading_order(pages)
    if order is not None:
        assert sorted(order) == list(range(1, len(printed) + 1))
        assert all(dict(pages)[one] in (None, place) for place, one in enumerate(order, 1))


def test_pages_in_order_or_with_too_few_numbers_stay():
    assert reading_order([(n, n) for n in range(1, 9)]) is None
    assert reading_order(two_runs(3, hidden={2, 3, 4, 5})) is None
    assert reading_order(two_runs(3, hidden={2, 4, 6})) is None


def test_a_number_that_does_not_fit_forbids_it():
    pages = two_runs(3)
    pages[4] = (5, 9)
    assert reading_order(pages) is None
