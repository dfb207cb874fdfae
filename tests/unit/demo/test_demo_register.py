"""The fictional authority keeps the rules of the register file."""

import json
import re
from collections import Counter
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eakte.demo.authority import demo_logins, demo_register
from eakte.demo.records import CaseFileRecord, PersonRecord, RegisterRecord, applicant
from eakte.demo.routing import covers

TODAY = date(2026, 11, 22)
FUNCTIONS = {
    *("leistung", "vermittlung", "recht", "forderung", "unterhalt"),
    *("but", "owi", "datenschutz", "leitung", "scan"),
}


@pytest.fixture(scope="module")
def register() -> RegisterRecord:
    return demo_register(today=TODAY)


def people(register: RegisterRecord) -> list[PersonRecord]:
    return [person for case in register["case_files"] for person in case["people"]]


def test_it_has_the_promised_size(register: RegisterRecord):
    assert len(register["sites"]) == 4
    assert len(register["caseworkers"]) == 40
    assert len(register["case_files"]) == 300
    assert len(people(register)) == 700


def test_the_same_seed_and_day_give_the_same_register(register: RegisterRecord):
    again = demo_register(today=TODAY)
    assert json.dumps(again) == json.dumps(register)


def test_another_seed_gives_other_people(register: RegisterRecord):
    assert demo_register(today=TODAY, seed=3)["case_files"] != register["case_files"]


@settings(max_examples=25)
@given(seed=st.integers(), today=st.dates(date(2024, 1, 1), date(2040, 12, 31)))
def test_every_seed_and_day_keep_the_rules(seed: int, today: date):
    register = demo_register(today=today, seed=seed)
    numbers = [case["aktenzeichen"] for case in register["case_files"]]
    customers = [person["customer_number"] for person in people(register)]
    assert len(people(register)) == 700
    assert len(set(numbers)) == len(numbers)
    assert len(set(customers)) == len(customers)
    assert all(re.fullmatch(r"\d{5}//\d{7}", number) for number in numbers)
    assert all(re.fullmatch(r"\d{3}[A-Z]\d{6}", number) for number in customers)
    for case in register["case_files"]:
        assert sum(person["applicant"] for person in case["people"]) == 1
        assert all(person["birth_date"] <= today.isoformat() for person in case["people"])


def test_former_numbers_are_nobody_elses(register: RegisterRecord):
    former = [number for case in register["case_files"] for number in case["former_numbers"]]
    assert former
    assert len(set(former)) == len(former)
    assert not set(former) & {case["aktenzeichen"] for case in register["case_files"]}


def test_no_login_and_no_team_dangles(register: RegisterRecord):
    logins = [worker["login"] for worker in register["caseworkers"]]
    teams = {team["id"] for team in register["teams"]}
    sites = {site["id"] for site in register["sites"]}
    assert len(set(logins)) == len(logins)
    for worker in register["caseworkers"]:
        assert set(worker["teams"]) <= teams
        assert set(worker.get("deputies", [])) <= set(logins) - {worker["login"]}
    assert {team["site"] for team in register["teams"]} <= sites | {None}
    assert {absence["login"] for absence in register["absences"]} <= set(logins)
    for case in register["case_files"]:
        assert case["site"] in sites
        assert set(case["responsible"].values()) | set(case["excluded_logins"]) <= set(logins)
        for person in case["people"]:
            assert set(person["responsible"].values()) <= set(logins)


def test_every_function_has_a_team_and_every_team_somebody(register: RegisterRecord):
    assert {team["function"] for team in register["teams"]} == FUNCTIONS
    staffed = {team for worker in register["caseworkers"] for team in worker["teams"]}
    assert staffed == {team["id"] for team in register["teams"]}


def test_every_role_is_there(register: RegisterRecord):
    roles = Counter(role for worker in register["caseworkers"] for role in worker["roles"])
    assert set(roles) == {"scan", "caseworker", "team_lead", "legal", "administrator"}
    assert roles["administrator"] == 1


def test_the_ranges_of_a_team_cover_every_surname(register: RegisterRecord):
    ranges = {
        (team, reach["from"], reach["to"])
        for worker in register["caseworkers"]
        for reach in worker.get("surname_ranges", [])
        for team in worker["teams"]
    }
    for case in register["case_files"]:
        surname = applicant(case)["last_name"]
        for function in ("leistung", "vermittlung"):
            fitting = [
                team
                for team, first, last in ranges
                if team == f"{case['site']}-{function}" and covers(first, last, surname)
            ]
            assert len(fitting) == 1, surname


def test_nobody_is_responsible_who_is_excluded(register: RegisterRecord):
    for case in register["case_files"]:
        named = set(case["responsible"].values())
        named |= {login for person in case["people"] for login in person["responsible"].values()}
        assert not named & set(case["excluded_logins"])


def test_all_postcodes_lie_in_a_region_that_nobody_has(register: RegisterRecord):
    known = {code for site in register["sites"] for code in site["postcodes"]}
    assert all(code.startswith("43") for code in known)
    assert {case["postcode"] for case in register["case_files"]} <= known


def cases_with_reason(register: RegisterRecord, reason: str) -> list[CaseFileRecord]:
    return [case for case in register["case_files"] if case["protected_reason"] == reason]


@pytest.mark.parametrize("reason", ["beschaeftigte", "auskunftssperre", "gewaltschutz"])
def test_there_are_protected_files_with_somebody_responsible(register: RegisterRecord, reason: str):
    found = cases_with_reason(register, reason)
    assert found
    assert all(case["protected"] and case["responsible"]["leistung"] for case in found)


def test_names_make_the_match_hard(register: RegisterRecord):
    namesakes = Counter(
        (person["first_name"], person["last_name"])
        for case in register["case_files"]
        for person in case["people"]
    )
    fathers_and_sons = [
        case
        for case in register["case_files"]
        if len({(p["first_name"], p["last_name"]) for p in case["people"]}) < len(case["people"])
    ]
    letters = "".join(person["last_name"] for person in people(register))
    assert namesakes["Jan", "Hansen"] >= 3
    assert len(fathers_and_sons) >= 3
    assert set("äöüßłışçğ") <= set(letters.lower())
    assert any("-" in person["last_name"] for person in people(register))
    assert any(person["former_names"] for person in people(register))


def test_name_and_birth_date_name_one_person_only(register: RegisterRecord):
    known = Counter(
        (person["first_name"], person["last_name"], person["birth_date"])
        for person in people(register)
    )
    assert max(known.values()) == 1


def test_somebody_is_away_and_a_present_deputy_is_among_the_printed_logins(
    register: RegisterRecord,
):
    away = {
        absence["login"]
        for absence in register["absences"]
        if absence["from"] <= TODAY.isoformat() <= (absence["to"] or "9999")
    }
    printed = {login for login, _ in demo_logins(register)}
    deputies = {
        worker["deputies"][0] for worker in register["caseworkers"] if worker["login"] in away
    }
    assert "m.petersen" in away
    assert deputies & printed - away


def test_the_printed_logins_exist_and_show_every_role(register: RegisterRecord):
    by_login = {worker["login"]: worker for worker in register["caseworkers"]}
    printed = [login for login, _ in demo_logins(register)]
    roles = {role for login in printed for role in by_login[login]["roles"]}
    assert len(set(printed)) == len(printed)
    assert roles == {"scan", "caseworker", "team_lead", "legal", "administrator"}
