"""Which surnames several ranges leave out or share; names are covered or in a gap, never both."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eakte.language.names import covers, surname_key
from eakte.language.surname_ranges import NoRange, gaps, interval, parsed, shared, written

PREFIXES = st.text(string.ascii_lowercase, min_size=1, max_size=3)
RANGES = st.lists(
    st.tuples(PREFIXES, PREFIXES).filter(lambda one: one[0][: len(one[1])] <= one[1]), max_size=6
)
NAMES = st.text(string.ascii_letters + "äöüßłø- ", min_size=1, max_size=8).filter(surname_key)


@pytest.mark.parametrize(
    ("ranges", "expected"),
    [
        ([("A", "Kz"), ("L", "Zz")], []),
        ([("A", "K"), ("L", "Z")], []),
        ([("A", "Ma"), ("N", "Zz")], ["Mb–Mz"]),
        ([("C", "Kz"), ("S", "Sz")], ["A–Bz", "L–Rz", "T–Zz"]),
        ([], ["A–Zz"]),
    ],
)
def test_gaps_are_named_as_a_lead_would_name_them(
    ranges: list[tuple[str, str]], expected: list[str]
):
    assert [one.written for one in gaps(ranges)] == expected


def test_what_two_cover_goes_to_the_first():
    ranges = [("Maike", ("A", "Ma")), ("Jens", ("K", "Zz")), ("Anke", ("M", "M"))]
    assert [(one.interval.written, one.owners) for one in shared(ranges)] == [
        ("K–Lz", ("Maike", "Jens")),
        ("M–Ma", ("Maike", "Jens", "Anke")),
        ("Mb–Mz", ("Jens", "Anke")),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A–Kz", [("A", "Kz")]),
        ("a-kz; St bis Sz,\nX", [("a", "kz"), ("St", "Sz"), ("X", "X")]),
        ("", []),
        ("Ö–Öz", [("Ö", "Öz")]),
    ],
)
def test_ranges_are_read_as_people_write_them(text: str, expected: list[tuple[str, str]]):
    assert parsed(text) == expected
    assert parsed(written(expected)) == expected


@pytest.mark.parametrize("text", ["K–A", "1–2", "A–", "A–B–C", "x" * 101])
def test_what_is_none_is_named(text: str):
    with pytest.raises(NoRange):
        parsed(f"A–B, {text}")


@given(RANGES, NAMES)
def test_every_name_is_covered_or_lies_in_one_gap(ranges: list[tuple[str, str]], name: str):
    covered = any(covers(low, high, name) for low, high in ranges)
    assert covered == any(interval(one).holds(name) for one in ranges)
    assert sum(one.holds(name) for one in gaps(ranges)) == (not covered)


@given(RANGES, NAMES)
def test_a_name_is_shared_by_exactly_those_who_cover_it(ranges: list[tuple[str, str]], name: str):
    owned = [(str(number), one) for number, one in enumerate(ranges)]
    owners = [owner for owner, (low, high) in owned if covers(low, high, name)]
    found = [one.owners for one in shared(owned) if one.interval.holds(name)]
    assert found == ([tuple(owners)] if len(owners) > 1 else [])
