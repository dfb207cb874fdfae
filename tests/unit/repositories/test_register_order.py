"""The order of the register, in which the routing rule looks."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from eakte.repositories.register_upsert import _places

NAMES = st.sampled_from("abcdefgh")
KNOWN = st.lists(NAMES, unique=True).map(
    lambda names: {name: place * 3 + 1 for place, name in enumerate(names)}
)


@given(KNOWN, st.lists(NAMES, unique=True))
def test_those_listed_stand_in_the_order_of_the_file(known: dict[str, int], listed: list[str]):
    places = _places(known, listed)
    assert sorted(listed, key=places.__getitem__) == listed
    after = known | places
    assert len(set(after.values())) == len(after)


@given(KNOWN, st.lists(NAMES, unique=True))
def test_what_the_file_leaves_out_keeps_its_place(known: dict[str, int], listed: list[str]):
    places = _places(known, listed)
    taken = {known[name] for name in known if name not in listed}
    assert taken.isdisjoint(places.values())


def test_new_ones_come_last_and_a_single_one_stays_where_it_is():
    known = {"a": 1, "b": 2, "c": 3}
    assert _places(known, ["b"]) == {"b": 2}
    assert _places(known, ["c", "a"]) == {"c": 1, "a": 3}
    assert _places(known, ["d"]) == {"d": 4}
    assert _places({}, ["x", "y"]) == {"x": 1, "y": 2}
