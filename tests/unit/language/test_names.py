"""Names: sorted after DIN 5007-1, found by exact keys, compared with forgiveness."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eakte.language.names import (
    covers,
    given_names_alike,
    name_keys,
    names_alike,
    pair_key,
    parts_alike,
    surname_key,
    surnames_alike,
    text_name_keys,
)

NAMES = st.text(alphabet="abcdefghijklmnopqrstuvwxyzäöüß", min_size=2, max_size=14)


@pytest.mark.parametrize(
    ("surname", "key"),
    [
        ("Müller-Lüdenscheidt", "mullerludenscheidt"),
        ("Mueller", "mueller"),
        ("Groß", "gross"),
        ("Łukaszewicz", "lukaszewicz"),
        ("Sørensen", "sorensen"),
        ("Đorđević", "dordevic"),
        ("Yıldız", "yildiz"),
        ("von der Heide", "vonderheide"),
        ("O'Brien", "obrien"),
    ],
)
def test_the_sorting_key_follows_din_5007(surname: str, key: str):
    assert surname_key(surname) == key


@pytest.mark.parametrize(
    ("low", "high", "surname", "covered"),
    [
        ("S", "Sz", "Schmidt", True),
        ("G", "Kz", "Kowalski", True),
        ("A", "Fz", "Fuchs", True),
        ("A", "F", "Fuchs", True),
        ("A", "Fz", "Gruber", False),
        ("N", "Sch", "Schulz", True),
        ("N", "Sa", "Schulz", False),
        ("O", "Z", "Özdemir", True),
        ("A", "N", "Özdemir", False),
        ("Mu", "Z", "Müller", True),
        ("A", "", "Zander", True),
        ("A", "Z", "", False),
    ],
)
def test_a_range_covers_what_its_prefix_covers(low: str, high: str, surname: str, covered: bool):
    assert covers(low, high, surname) is covered


@given(NAMES, st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXY"))
def test_two_neighbouring_ranges_leave_no_name_out_and_take_none_twice(name: str, cut: str):
    after = chr(ord(cut) + 1)
    assert covers("A", cut, name) is not covers(after, "Z", name)


@given(NAMES, NAMES)
def test_the_register_finds_a_name_as_written_in_either_order(first: str, last: str):
    keys = name_keys(first, last)
    assert text_name_keys([first, last]) & keys
    assert text_name_keys([last, first]) & keys


@pytest.mark.parametrize(
    "words",
    [
        ["Jörg", "Müller-Lüdenscheidt"],
        ["Joerg", "Mueller-Luedenscheidt"],
        ["MÜLLER-LÜDENSCHEIDT,", "JÖRG"],
        ["Jörg", "Müller"],
        ["Lüdenscheidt", "Jörg"],
        ["Hans-Jörg", "Müller"],
        ["Müller,", "geb.", "Jörg"],
        ["Jörg", "Schulz"],
    ],
)
def test_the_usual_spellings_of_a_name_meet_its_keys(words: list[str]):
    assert text_name_keys(words) & name_keys("Jörg", "Müller-Lüdenscheidt", ["Schulz"])


def test_a_surname_alone_is_no_key():
    assert not text_name_keys(["Müller"])
    assert not text_name_keys(["Petra", "Müller"]) & name_keys("Jörg", "Müller")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("clausen", "dausen"),
        ("hinrichsen", "hinrichser"),
        ("bernd", "bemd"),
        ("petersen", "peterson"),
    ],
)
def test_what_a_scanner_confuses_is_forgiven(one: str, other: str):
    assert parts_alike(one, other) >= 0.6


@pytest.mark.parametrize(
    ("one", "other"), [("jens", "jans"), ("jan", "jon"), ("petersen", "hansen"), ("meier", "mayor")]
)
def test_different_names_are_not_alike(one: str, other: str):
    assert parts_alike(one, other) == 0


@given(NAMES, NAMES)
def test_likeness_is_the_same_both_ways(one: str, other: str):
    assert surnames_alike(one, other) == surnames_alike(other, one)
    assert given_names_alike(one, other) == given_names_alike(other, one)
    assert parts_alike(one, one) == 1


def test_a_swapped_name_and_a_former_name_are_the_same_person():
    assert names_alike("Müller", "Jörg", "Jörg", "Mueller") == 1
    assert names_alike("Petra", "Schulz", "Petra", "Hansen", ["Schulz"]) == 1
    assert names_alike("Petra", "Schulz", "Petra", "Hansen") < 0.6


def test_father_and_son_with_their_own_first_names_are_two_people():
    assert names_alike("Karl", "Petersen", "Kurt", "Petersen") < 0.6


def test_an_initial_agrees_a_little():
    assert given_names_alike("J.", "Jörg") == 0.6


def test_pair_keys_fit_the_register_column():
    assert len(pair_key("a" * 60, "b" * 60)) <= 200
