"""Weaker ways in which a document may say what is asked for."""

from pathlib import Path

import pytest

from eakte.domain.search import Likeness
from eakte.errors import SettingsError
from eakte.language.abbreviations import Abbreviations, load_abbreviations, terms
from eakte.language.analysis import document_terms, units
from eakte.language.chunk_terms import terms_of
from eakte.language.expansion import Expansion, weaker_of
from eakte.language.stems import term_of

SHIPPED = Path(__file__).parents[3] / "config" / "suche" / "abkuerzungen.toml"
EXPANSION = Expansion(
    Abbreviations.of(
        {
            "WBA": ["Weiterbewilligungsantrag"],
            "KdU": ["Kosten der Unterkunft"],
            "AB": ["Arbeitsbescheinigung"],
        }
    )
)


def ways(text: str, like: Likeness) -> set[tuple[str, ...]]:
    (unit,) = units(text)
    return {way.terms for way in EXPANSION(unit) if way.like is like}


def test_an_abbreviation_stands_for_its_long_form_and_the_other_way_round():
    assert ways("WBA", Likeness.LONG_FORM) == {terms("Weiterbewilligungsantrag")}
    assert ways("wba", Likeness.LONG_FORM) == {terms("Weiterbewilligungsantrag")}
    assert ways("Weiterbewilligungsantrags", Likeness.LONG_FORM) == {("wba",)}


def test_a_long_form_of_several_words_is_a_phrase():
    assert ways("KdU", Likeness.LONG_FORM) == {terms("Kosten der Unterkunft")}
    (found,) = EXPANSION.of_phrase(terms("Kosten der Unterkunft"))
    assert found.terms == ("kdu",)


def test_each_word_of_a_long_form_is_said_by_the_abbreviation():
    assert ways("Unterkunft", Likeness.LONG_FORM) == {("kdu",)}


def test_an_abbreviation_that_is_a_word_counts_in_capitals_alone():
    assert ways("AB", Likeness.LONG_FORM) == {terms("Arbeitsbescheinigung")}
    assert ways("ab", Likeness.LONG_FORM) == set()
    assert ways("Arbeitsbescheinigung", Likeness.LONG_FORM) == set()


@pytest.mark.parametrize(
    "abbreviation",
    [*("WBA", "KdU", "BuT", "AU", "EGV", "EKS"), *("BG", "BK", "NK", "HK", "eLB", "SGB", "ALG")],
)
def test_the_shipped_table_knows_the_field(abbreviation: str):
    (unit,) = units(abbreviation)
    assert any(
        way.like is Likeness.LONG_FORM for way in weaker_of(unit, load_abbreviations(SHIPPED))
    )


def test_a_missing_table_is_none(tmp_path: Path):
    assert load_abbreviations(tmp_path / "none.toml") == Abbreviations()


@pytest.mark.parametrize(
    "wrong", ["WBA = 3", "[a]\nWBA = 3", "[a]\nWBA = []", "[a\n", "[a]\nB=['-']"]
)
def test_a_table_that_cannot_be_read_is_named(tmp_path: Path, wrong: str):
    path = tmp_path / "abkuerzungen.toml"
    path.write_text(wrong, encoding="utf-8")
    with pytest.raises(SettingsError, match="abkuerzungen"):
        load_abbreviations(path)


def test_a_long_word_is_also_asked_for_apart_and_within_longer_ones():
    found = ways("Heizkosten", Likeness.PART)
    assert ("heizkost",) in found
    assert (term_of("Heizung"), term_of("Kosten")) in found
    assert "heizkost" in terms_of("Heizkostenabrechnung").parts


def test_a_misread_word_meets_the_word_asked_for():
    (asked,) = ways("Kowalski", Likeness.MISREAD)
    assert asked[0] in terms_of("Kowa1ski").rough


def test_a_number_is_asked_for_as_it_was_meant():
    assert ways("12345//0001234", Likeness.MISREAD) == {("123450001234",)}


def test_short_words_are_not_asked_for_with_one_sign_wrong():
    assert ways("Amt", Likeness.NEAR) == set()
    assert ways("Antrag", Likeness.NEAR) == {("antrag",)}


def test_a_known_word_whose_term_is_short_has_too_many_neighbours() -> None:
    assert ways("Miete", Likeness.NEAR) == set()
    assert ways("Miette", Likeness.NEAR) != set()


@pytest.mark.parametrize("text", ["§ 22 SGB II", "€"])
def test_a_paragraph_has_no_weaker_way(text: str):
    assert EXPANSION(next(iter(units(text)))) == ()


def test_the_strongest_way_comes_first():
    (unit,) = units("Weiterbewilligungsantrag")
    weights = [way.weight for way in EXPANSION(unit)]
    assert weights == sorted(weights, reverse=True)
    assert 0 < weights[-1] <= weights[0] < 1


def test_terms_of_a_document_without_pages_are_none():
    assert document_terms([]) == ((), (), (), ())
