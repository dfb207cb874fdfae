"""Letters say what their truth says, and nothing that it does not."""

import re
import tomllib
from collections import Counter
from datetime import date
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eakte.demo.authority import demo_register
from eakte.demo.letters import DemoLetter, generate
from eakte.demo.post import KINDS
from eakte.demo.records import CaseFileRecord, RegisterRecord
from eakte.demo.routing import CLEARING
from eakte.demo.sheet import Sheet, bullets, p, pairs, table
from eakte.demo.typeset import page_lines, typeset
from eakte.demo.writing import euro

ROOT = Path(__file__).parents[3]
TODAY = date(2026, 11, 22)
COUNT = 2 * len(KINDS)


@pytest.fixture(scope="module")
def register() -> RegisterRecord:
    return demo_register(today=TODAY)


@pytest.fixture(scope="module")
def letters(register: RegisterRecord) -> list[DemoLetter]:
    return list(generate(register, count=COUNT, today=TODAY))


@pytest.fixture(scope="module")
def cases(register: RegisterRecord) -> dict[str | None, CaseFileRecord]:
    return {case["aktenzeichen"]: case for case in register["case_files"]}


def text(letter: DemoLetter) -> str:
    return " ".join(" ".join(line.split()) for page in letter.truth.lines for line in page)


def german(iso: str) -> str:
    return ".".join(reversed(iso.split("-")))


def test_the_same_seed_gives_the_same_bytes(register: RegisterRecord, letters: list[DemoLetter]):
    assert list(generate(register, count=5, today=TODAY)) == letters[:5]


def test_another_seed_gives_other_letters(register: RegisterRecord, letters: list[DemoLetter]):
    others = list(generate(register, count=3, today=TODAY, seed=4))
    assert not {letter.pdf for letter in others} & {letter.pdf for letter in letters}


def test_every_kind_comes_once_before_one_comes_twice(letters: list[DemoLetter]):
    first_round = Counter(letter.truth.kind for letter in letters[: len(KINDS)])
    assert len(KINDS) >= 25
    assert first_round == Counter(kind.name for kind in KINDS)


def test_letters_have_one_to_four_pages_and_text_on_each(letters: list[DemoLetter]):
    assert {letter.pages for letter in letters} == {1, 2, 3, 4}
    assert all(page for letter in letters for page in letter.truth.lines)


def test_about_half_of_the_letters_need_no_desk(letters: list[DemoLetter]):
    share = sum(letter.truth.certain for letter in letters) / len(letters)
    assert 0.45 <= share <= 0.75


def test_the_number_stands_on_the_paper_as_the_truth_says(letters: list[DemoLetter]):
    numbered = [letter for letter in letters if letter.truth.written]
    assert len(numbered) > COUNT / 4
    for letter in numbered:
        assert letter.truth.written in text(letter), letter.name


def test_stated_facts_stand_on_the_paper_and_others_do_not(
    letters: list[DemoLetter], cases: dict[str | None, CaseFileRecord]
):
    for letter in letters:
        truth, content = letter.truth, text(letter)
        assert ("birth_date" in truth.facts) == (german(truth.birth_date) in content), truth.kind
        assert all(part in content for part in truth.spelled.split()), truth.kind
        case = cases.get(truth.aktenzeichen)
        if case is not None:
            stated = case["street"] in content and case["postcode"] in content
            assert ("address" in truth.facts) == stated, truth.kind
            known = {person["customer_number"] for person in case["people"]}
            stated = bool(known & set(re.findall(r"\d{3}[A-Z]\d{6}", content)))
            assert ("customer_number" in truth.facts) == stated, truth.kind


def test_a_certain_letter_states_two_facts_and_never_anothers_number(
    letters: list[DemoLetter], cases: dict[str | None, CaseFileRecord]
):
    for letter in letters:
        truth = letter.truth
        if not truth.certain or truth.provisional:
            continue
        case = cases[truth.aktenzeichen]
        assert len(truth.facts) >= 2
        if truth.written:
            digits = re.sub(r"\D", "", truth.written)
            own = {case["aktenzeichen"], *case["former_numbers"]}
            assert digits in {re.sub(r"\D", "", number) for number in own}


def test_some_letters_bear_the_number_of_another_file_and_go_to_the_desk(
    letters: list[DemoLetter], cases: dict[str | None, CaseFileRecord]
):
    foreign = [
        letter
        for letter in letters
        if letter.truth.written in cases and letter.truth.written != letter.truth.aktenzeichen
    ]
    assert foreign
    assert all(not letter.truth.certain for letter in foreign)
    assert all(letter.truth.receiver == CLEARING for letter in foreign)


def test_receivers_exist(letters: list[DemoLetter], register: RegisterRecord):
    known = {worker["login"] for worker in register["caseworkers"]}
    known |= {team["id"] for team in register["teams"]}
    received = {letter.truth.receiver for letter in letters}
    assert received <= known | {CLEARING, None}
    assert any(letter.truth.deputy_for for letter in letters)


def test_nothing_goes_to_somebody_who_is_away(letters: list[DemoLetter], register: RegisterRecord):
    away = {
        absence["login"]
        for absence in register["absences"]
        if absence["from"] <= TODAY.isoformat() <= (absence["to"] or "9999")
    }
    assert not away & {letter.truth.receiver for letter in letters}


def test_first_applications_belong_to_nobody_yet(
    letters: list[DemoLetter], register: RegisterRecord
):
    surnames = {p["last_name"] for case in register["case_files"] for p in case["people"]}
    first = [letter for letter in letters if letter.truth.provisional]
    assert first
    for letter in first:
        assert letter.truth.aktenzeichen is None
        assert letter.truth.spelled.rsplit(" ", 1)[1] not in surnames


def test_an_example_tax_id_stands_on_the_tax_assessment(letters: list[DemoLetter]):
    found = [letter for letter in letters if letter.truth.kind == "steuerbescheid"]
    assert found
    assert all(re.search(r"IdNr\. \d\d \d{3} \d{3} \d{3}", text(letter)) for letter in found)


HOSTILE = st.text(
    alphabet=st.sampled_from(list("#$*_`\\<>@[]{}()\"'/-=~^abäß")),
    min_size=1,
    max_size=30,
)


@settings(max_examples=40)
@given(value=HOSTILE)
def test_no_text_acts_as_markup(value: str):
    marked = f"AQ{value}ZW"
    sheet = Sheet(
        layout="din",
        head=marked,
        recipient=(marked,),
        subject=(marked,),
        blocks=(p(marked), bullets(marked), pairs((marked, marked)), table([marked], [[marked]])),
    )
    pages = page_lines(typeset(sheet, Random(1)))
    joined = re.sub(r"\s", "", "".join(pages[0]))
    assert joined.count(re.sub(r"\s", "", marked)) == 9


def test_amounts_are_written_the_german_way():
    assert euro(1234.5) == "1.234,50 €"
    assert euro(-0.5) == "-0,50 €"


def test_kinds_agree_with_the_catalogue_that_ships():
    shipped: dict[str, dict[str, object]] = {}
    for path in sorted((ROOT / "config" / "schlagworte").glob("*.toml")):
        shipped |= tomllib.loads(path.read_text(encoding="utf-8")).get("schlagworte", {})
    for kind in KINDS:
        entry = shipped[kind.schlagwort]
        assert entry["function"] == kind.function, kind.name
        assert tuple(entry.get("copies", ())) == kind.copies, kind.name
