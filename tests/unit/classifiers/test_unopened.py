"""Marked envelopes stay closed; letters that only speak of it do not."""

from datetime import date
from pathlib import Path

import pytest

from classifiers.catalogue import load_catalogue
from classifiers.labelled import lay_out
from classifiers.unopened import envelope_finder
from eakte.demo.authority import demo_register
from eakte.demo.letters import generate
from eakte.language.aktenzeichen import AktenzeichenPattern

CATALOGUE = load_catalogue(Path(__file__).parents[3] / "config" / "schlagworte")
closed_post = envelope_finder(CATALOGUE, AktenzeichenPattern())
TODAY = date(2026, 11, 20)
ADDRESS = "Jobcenter Nordfriesland\nMarktstraße 6\n25813 Husum\n"


@pytest.mark.parametrize(
    ("mark", "whom"),
    [
        ("Persönlich", "persoenlich"),
        ("PERSÖNLICH / VERTRAULICH", "persoenlich"),
        ("Persönlich und vertraulich!", "persoenlich"),
        ("- Streng vertraulich -", "persoenlich"),
        ("An den Personalrat", "personalrat"),
        ("Schwerbehindertenvertretung", "personalrat"),
        ("Gleichstellungsbeauftragte", "gleichstellung"),
        ("Ärztlicher Dienst – verschlossen", "arzt"),
        ("Angebot - bitte nicht öffnen", "ausschreibung"),
        ("Ausschreibung, nicht öffnen", "ausschreibung"),
        ("Vertraulich\nPersonalrat", "personalrat"),
    ],
)
def test_a_marked_envelope_stays_closed_and_it_is_known_for_whom(mark: str, whom: str):
    evidence = closed_post(lay_out(f"{mark}\n\n{ADDRESS}"))
    assert evidence is not None
    assert evidence.rule == f"poststelle.verschlossen.{whom}"
    assert evidence.page == 1
    assert evidence.boxes


@pytest.mark.parametrize(
    "text",
    [
        ADDRESS,
        f"{ADDRESS}\nSehr geehrte Damen und Herren,\nbitte behandeln Sie das vertraulich.\n",
        f"Frau Thomsen persönlich\n{ADDRESS}",
        "Vertraulich\nNotiz ohne Anschrift",
        f"Vertraulich\n\n{ADDRESS}\n" + "Text " * 60,
        f"Vertraulich\n{ADDRESS}\fSeite zwei",
        "",
    ],
)
def test_anything_else_is_opened(text: str):
    assert closed_post(lay_out(text)) is None


@pytest.mark.parametrize(
    "line",
    [
        "Sehr geehrte Frau Thomsen,",
        "Guten Tag,",
        "Mit freundlichen Grüßen",
        "MfG",
        "BG-Nummer 12345//0001234",
        "Widerspruch",
        "Antrag auf Weiterbewilligung",
        "Kündigung",
        "Ich bitte um Rückruf.",
        "Die Miete für die Wohnung ist ab Mai höher.",
    ],
)
@pytest.mark.parametrize("mark", ["Persönlich", "An den Personalrat", "Vertraulich"])
def test_a_short_letter_with_a_mark_is_opened(mark: str, line: str):
    assert closed_post(lay_out(f"{mark}\n\n{ADDRESS}")) is not None
    assert closed_post(lay_out(f"{mark}\n\n{ADDRESS}\n{line}\n")) is None


def test_the_senders_own_line_is_no_sentence():
    sender = "Familie Ole und Anna Hansen, Am alten Markt 3, 25813 Husum"
    assert closed_post(lay_out(f"{sender}\n\nPersönlich\n\n{ADDRESS}")) is not None


def test_none_of_two_hundred_letters_is_taken_for_an_envelope():
    register = demo_register(today=TODAY)
    caught = [
        letter.name
        for letter in generate(register, count=200, today=TODAY, seed=83)
        for page in letter.truth.lines
        if closed_post(lay_out("\n".join(page))) is not None
    ]
    assert caught == []
