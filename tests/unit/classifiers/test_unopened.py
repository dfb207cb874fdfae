"""Marked envelopes stay closed; letters that only speak of it do not."""

import pytest

from classifiers.evaluate import lay_out
from classifiers.unopened import closed_post

ADDRESS = "Jobcenter Nordfriesland\nMarktstraße 6\n25813 Husum\n"


@pytest.mark.parametrize(
    "mark",
    [
        "Persönlich",
        "PERSÖNLICH / VERTRAULICH",
        "Persönlich und vertraulich!",
        "- Streng vertraulich -",
        "An den Personalrat",
        "Gleichstellungsbeauftragte",
        "Ärztlicher Dienst – verschlossen",
        "Angebot - bitte nicht öffnen",
        "Ausschreibung, nicht öffnen",
    ],
)
def test_a_marked_envelope_stays_closed(mark: str):
    evidence = closed_post(lay_out(f"{mark}\n\n{ADDRESS}"))
    assert evidence is not None
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
