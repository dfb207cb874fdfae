"""Long words and what they are made of."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eakte.language.compounds import is_made_of_parts, parts_of, said_apart, split
from eakte.language.stems import term_of

JUDGED = Path(__file__).with_name("judged_compounds.txt")
LEAST_PRECISION, LEAST_RECALL = 0.94, 0.80


def written_parts(word: str) -> str:
    return "|".join(piece.written for piece in split(word))


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("Bewilligungsbescheid", "bewilligungs|bescheid"),
        ("Krankenhaus", "kranken|haus"),
        ("Wohnungsgeber", "wohnungs|geber"),
        ("Sprachkurs", "sprach|kurs"),
        ("Stadtwerke", "stadt|werke"),
        ("Eingliederungsvereinbarung", "eingliederungs|vereinbarung"),
        ("Lohnabrechnung", "lohn|abrechnung"),
        ("Nebenkostennachzahlung", "neben|kosten|nach|zahlung"),
        ("Erstausstattungsantrag", "erst|ausstattungs|antrag"),
        ("Häuserblock", "hauser|block"),
        ("Frauenhaus", "fraun|haus"),
        ("Steuererklärungen", "steur|erklarungen"),
        ("Mietverhältnisse", "miet|verhaltnisse"),
        ("Meldebescheinigung", "melde|bescheinigung"),
    ],
)
def test_a_long_word_is_split_with_what_links_its_parts(word: str, parts: str):
    assert written_parts(word) == parts


@pytest.mark.parametrize(
    "word",
    [
        *("Vorname", "Unterlage", "Gutschein", "Teilnehmer", "Bescheinigung", "automatisch"),
        *("Verantwortung", "stornieren", "nachzugehen", "beginnenden", "Wiederherstellung"),
    ],
)
def test_a_word_that_only_looks_like_several_is_not_split(word: str):
    assert split(word) == ()
    assert parts_of(word) == ()


@pytest.mark.parametrize(
    ("word", "asked"),
    [
        ("Bewilligungsbescheid", "Bescheid"),
        ("Bewilligungsbescheides", "Bewilligungen"),
        ("Nebenkostennachzahlung", "Nebenkosten"),
        ("Nebenkostennachzahlung", "Nachzahlung"),
        ("Nebenkostennachzahlung", "Kosten"),
        ("Arbeitsunfähigkeitsbescheinigung", "Arbeitsunfähigkeit"),
        ("Heizkostenabrechnung", "Heizung"),
        ("Schwarzwaldklinik", "Klinik"),
        ("Kündigungszwischenstand", "Kündigung"),
    ],
)
def test_a_long_word_is_found_by_its_parts_and_by_several_of_them(word: str, asked: str):
    assert term_of(asked) in parts_of(word)


def test_a_part_that_says_nothing_alone_is_not_asked_for():
    assert parts_of("Wohnungsgeber") == (term_of("Wohnung"),)
    assert said_apart("Nebenkosten") == ()


def test_a_long_word_can_be_said_apart():
    assert (term_of("Heizung"), term_of("Kosten")) in said_apart("Heizkosten")
    assert said_apart("bewilligungsbescheid") == ((term_of("Bewilligung"), term_of("Bescheid")),)


def test_judged_words_are_split_as_a_reader_would():
    counted: Counter[str] = Counter()
    for line in JUDGED.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        word, _, meant = line.partition(":")
        wanted = {term_of(part) for part in meant.split()}
        pieces = [piece.terms for piece in split(word) if piece.terms]
        pieces = pieces or [(part,) for part in parts_of(word)]
        right = {term for terms in pieces for term in terms if term in wanted}
        counted["right"] += sum(not wanted.isdisjoint(terms) for terms in pieces)
        counted["found"] += len(pieces)
        counted["met"] += len(right)
        counted["wanted"] += len(wanted)
    assert counted["right"] >= LEAST_PRECISION * counted["found"]
    assert counted["met"] >= LEAST_RECALL * counted["wanted"]


KNOWN = ("Bewilligung", "Bescheid", "Kosten", "Miete", "Antrag", "Heizung", "Wohnung", "Schule")


@given(st.sampled_from(KNOWN), st.sampled_from(KNOWN))
def test_a_part_of_a_part_is_itself(first: str, second: str):
    word = first + ("s" if first.endswith("ung") else "") + second.lower()
    for piece in split(word):
        assert is_made_of_parts(piece.base)
        assert split(piece.base) == ()


@pytest.mark.parametrize("spelling", ["Häuserschlüssel", "Haeuserschluessel", "HÄUSERSCHLÜSSEL"])
def test_every_spelling_of_a_word_has_the_same_parts(spelling: str):
    assert parts_of(spelling) == (term_of("Haus"), term_of("Schlüssel"))


@given(st.text(max_size=60))
def test_any_word_may_be_asked(word: str):
    if word:
        assert term_of(word) not in parts_of(word)
