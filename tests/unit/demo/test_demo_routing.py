"""The second reading of the routing rule, by its own examples."""

from datetime import date

import pytest

from eakte.demo.authority import demo_register
from eakte.demo.records import applicant
from eakte.demo.routing import Receiver, covers, receiver, surname_key

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("surname", "key"),
    [
        ("Müller-Lüdenscheidt", "mullerludenscheidt"),
        ("Weiß", "weiss"),
        ("Łukaszewicz", "lukaszewicz"),
        ("Yılmaz", "yilmaz"),
        ("Đorđević", "dordevic"),
        ("von der Heide", "vonderheide"),
        ("İbrahim", "ibrahim"),
    ],
)
def test_keys_follow_din_5007_1(surname: str, key: str):
    assert surname_key(surname) == key


@pytest.mark.parametrize(
    ("first", "last", "surname", "covered"),
    [
        ("S", "Sz", "Schmidt", True),
        ("G", "Kz", "Kowalski", True),
        ("G", "Kz", "Lange", False),
        ("A", "Fz", "Özdemir", False),
        ("L", "Rz", "Özdemir", True),
        ("S", "Zz", "Ryan", False),
    ],
)
def test_a_range_covers_both_of_its_ends(first: str, last: str, surname: str, *, covered: bool):
    assert covers(first, last, surname) is covered


def test_a_deputy_gets_the_post_of_the_absent_one():
    register = demo_register(today=TODAY)
    case = next(
        case
        for case in register["case_files"]
        if case["responsible"].get("leistung") == "m.petersen" and not case["protected"]
    )
    found = receiver(register, "leistung", case, None, TODAY)
    assert found == Receiver(postbox="t.sievers", deputy_for="m.petersen")


def test_after_the_absence_the_post_goes_to_the_one_responsible():
    register = demo_register(today=TODAY)
    case = next(
        case
        for case in register["case_files"]
        if case["responsible"].get("leistung") == "m.petersen" and not case["protected"]
    )
    found = receiver(register, "leistung", case, None, date(2026, 12, 24))
    assert found == Receiver(postbox="m.petersen")


def test_a_persons_own_responsible_goes_before_the_range():
    register = demo_register(today=TODAY)
    case, person = next(
        (case, person)
        for case in register["case_files"]
        for person in case["people"]
        if person["responsible"].get("vermittlung") == "d.tunc"
        and not covers("Q", "Zz", applicant(case)["last_name"])
    )
    assert receiver(register, "vermittlung", case, person, TODAY) == Receiver(postbox="d.tunc")


def test_a_central_function_without_ranges_goes_to_the_teams_postbox():
    register = demo_register(today=TODAY)
    case = next(case for case in register["case_files"] if "recht" not in case["responsible"])
    assert receiver(register, "recht", case, None, TODAY) == Receiver(postbox="zentral-recht")


def test_without_a_team_benefits_answer_but_never_for_the_head_of_the_office():
    register = demo_register(today=TODAY)
    register["teams"] = [
        team for team in register["teams"] if team["function"] not in {"but", "leitung"}
    ]
    case = next(
        case
        for case in register["case_files"]
        if case["responsible"].get("leistung") == "a.behrens" and not case["protected"]
    )
    assert receiver(register, "but", case, None, TODAY) == Receiver(postbox="a.behrens")
    assert receiver(register, "leitung", case, None, TODAY) == Receiver(postbox="clearing")


def test_a_protected_file_goes_to_the_one_named_or_is_left_to_the_settings():
    register = demo_register(today=TODAY)
    case = next(
        case
        for case in register["case_files"]
        if case["protected"]
        and case["responsible"]["leistung"] != "m.petersen"
        and case["responsible"]["leistung"] != "h.kuehl"
    )
    named = case["responsible"]["leistung"]
    assert receiver(register, "leistung", case, None, TODAY) == Receiver(postbox=named)
    assert receiver(register, "datenschutz", case, None, TODAY) is None
