"""Everything that can be wrong within a register file, each in one sentence that names it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eakte.errors import RegisterError
from eakte.services.register_file import parse_register
from tests.small_authority import MUELLER, small_register

Spoil = Callable[[dict[str, Any]], object]


def applicants(register: dict[str, Any], *flags: bool) -> None:
    for person, flag in zip(register["case_files"][0]["people"], flags, strict=True):
        person["applicant"] = flag


WRONG: dict[str, tuple[Spoil, str]] = {
    "an unknown key on top": (lambda r: r.update(akten=[]), "„akten“"),
    "an unknown key deep inside": (
        lambda r: r["case_files"][0]["people"][1].update(geburtsdatum="2015-09-30"),
        "„case_files.0.people.1.geburtsdatum“",
    ),
    "a missing key": (lambda r: r["sites"][0].pop("name"), "„sites.0.name“ fehlt"),
    "a team without a word about its site": (
        lambda r: r["teams"][0].pop("site"),
        "„teams.0.site“ fehlt",
    ),
    "no applicant": (lambda r: applicants(r, False, False), "hat 0 antragstellende"),
    "two applicants": (lambda r: applicants(r, True, True), "hat 2 antragstellende"),
    "no people": (lambda r: r["case_files"][0].update(people=[]), "hat 0 antragstellende"),
    "a number twice": (
        lambda r: r["case_files"][1].update(aktenzeichen=MUELLER),
        f"„{MUELLER}“ steht 2-mal",
    ),
    "a site twice": (lambda r: r["sites"].append(r["sites"][0]), "„husum“ steht 2-mal"),
    "a team twice": (lambda r: r["teams"].append(r["teams"][0]), "„husum-leistung“ steht 2-mal"),
    "a login twice": (
        lambda r: r["caseworkers"].append(r["caseworkers"][0]),
        "„m.petersen“ steht 2-mal",
    ),
    "a person twice": (
        lambda r: r["case_files"][0]["people"].append(r["case_files"][0]["people"][1]),
        "steht 2-mal",
    ),
    "a customer number twice": (
        lambda r: r["case_files"][0]["people"][1].update(customer_number="123A456789"),
        "Kundennummer „123A456789“ steht 2-mal",
    ),
    "an absence twice": (
        lambda r: r.update(absences=[{"login": "m.petersen", "from": "2026-12-14"}] * 2),
        "Die Abwesenheit",
    ),
    "an absence that ends before it begins": (
        lambda r: r.update(
            absences=[{"login": "m.petersen", "from": "2026-12-14", "to": "2026-12-13"}]
        ),
        "endet vor ihrem Beginn",
    ),
    "a membership that ends before it begins": (
        lambda r: r["case_files"][0]["people"][1].update(
            member_from="2026-01-02", member_to="2026-01-01"
        ),
        "endet eine Mitgliedschaft vor ihrem Beginn",
    ),
    "a team named like a login": (
        lambda r: r["teams"][0].update(id="m.petersen"),
        "zugleich Team und Login",
    ),
    "a login named like the clearing desk": (
        lambda r: r["caseworkers"][0].update(login="clearing"),
        "Postkorb der Klärung",
    ),
    "an unknown role": (
        lambda r: r["caseworkers"][0].update(roles=["chef"]),
        "erlaubt sind scan, caseworker",
    ),
    "a German date": (
        lambda r: r["case_files"][0]["people"][0].update(birth_date="07.03.1984"),
        "erwartet wird ein Datum wie 2026-01-31",
    ),
    "a day that does not exist": (
        lambda r: r["case_files"][0].update(closed="2026-02-30"),
        "erwartet wird ein Datum wie 2026-01-31",
    ),
    "an unknown reason for protection": (
        lambda r: r["case_files"][0].update(protected_reason="promi"),
        "gewaltschutz",
    ),
    "a list where one thing belongs": (
        lambda r: r["sites"][0].update(name=[]),
        "erwartet wird Text",
    ),
    "one thing where a list belongs": (lambda r: r.update(sites={}), "erwartet wird eine Liste"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_named_in_one_sentence(case: str):
    spoil, named = WRONG[case]
    register = small_register()
    spoil(register)
    with pytest.raises(RegisterError) as refused:
        parse_register(register)
    assert named in refused.value.message
    assert refused.value.message.endswith(".")
    assert "nichts wurde geändert" in refused.value.remedy
    assert refused.value.exit_code == 3


def test_the_register_of_the_tests_is_well_formed():
    assert len(parse_register(small_register()).case_files) == 5


def test_everything_may_be_left_out():
    assert parse_register({}).case_files == ()


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["sites", "teams", "id", "name", "people", "x"]), inner, max_size=3
            )
        ),
        max_leaves=8,
    )
)
def test_whatever_json_holds_is_taken_or_refused_with_a_sentence(content: Any):
    refusal: RegisterError | None = None
    try:
        parse_register(content)
    except RegisterError as error:
        refusal = error
    if refusal is not None:
        assert refusal.message.endswith(".")
        assert refusal.remedy
