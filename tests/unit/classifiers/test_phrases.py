"""Phrases: inflection, wildcards, gaps and reading errors."""

import pytest

from classifiers.labelled import lay_out
from classifiers.layout import lines_of
from classifiers.phrases import PhraseBook, PhraseError
from classifiers.tokens import tokens_of


def found(phrase: str, text: str) -> list[float]:
    book = PhraseBook()
    book.add(phrase)
    book.freeze()
    (page,) = lay_out(text)
    return [hit.quality for hit in book.find(tokens_of(lines_of(page, first=True)))]


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("bescheid", "des Bescheides"),
        ("anträge", "mein Antrag"),
        ("überprüfung", "die Ueberpruefung"),
        ("mehrbedarf*", "Mehrbedarfszuschlag"),
        ("*akten", "die Verwaltungsakten"),
        ("*rente", "zwei Altersrenten"),
        ("*konto*", "das Girokontomodell"),
        ("ich|wir lege|legen", "dann legen wir legen"),
        ("lege .. widerspruch", "lege ich gegen den Bescheid vom 1. April Widerspruch"),
        ("§ 44 sgb x", "nach §44 SGB X"),
        ("heiz und betriebskosten*", "Heiz- und Betriebskostenabrechnung"),
        ("nebenkostenabrechnung", "die Nebenkosten-\nabrechnung für 2025"),
        ("lohnabrechnung", "LOHNABRECHNUNG"),
        ("kündigung", "K ü n d i g u n g"),
    ],
)
def test_a_phrase_is_found_in_its_usual_forms(phrase: str, text: str):
    assert 1.0 in found(phrase, text)


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("widerspruch", "Widersprueh"),
        ("mietbescheinigung", "Mietbescheiniqung"),
        ("kontoauszug", "Kontoauszag"),
        ("sterbeurkunde", "Sterbeurkurde"),
    ],
)
def test_a_reading_error_is_forgiven(phrase: str, text: str):
    assert found(phrase, text)


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("klage", "die Lage"),
        ("klage", "die Anklage"),
        ("lege .. widerspruch", "Ich lege auf. Sein Widerspruch war klar."),
        ("lege ..2 widerspruch", "lege ich gegen diesen Bescheid Widerspruch"),
        ("akte", "die Nacht"),
    ],
)
def test_another_word_or_sentence_is_not_the_phrase(phrase: str, text: str):
    assert found(phrase, text) == []


@pytest.mark.parametrize("phrase", ["", "..", ".. klage", "klage ..", "a|", "?!", "*a*"])
def test_an_unreadable_phrase_says_why(phrase: str):
    with pytest.raises(PhraseError, match=r"\w"):
        PhraseBook().add(phrase)
