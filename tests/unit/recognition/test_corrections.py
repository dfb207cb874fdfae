"""Confusions of engines that can only mean one thing are undone; nothing else is touched."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eakte.domain.pages import Box, Word
from eakte.recognition.corrections import corrected


def read(text: str) -> str:
    words = tuple(
        Word(text=one, box=Box(0.1, 0.1, 0.2, 0.2), confidence=0.7) for one in text.split()
    )
    return " ".join(word.text for word in corrected(words))


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("die 8§ 49 und 48 SGB II", "die §§ 49 und 48 SGB II"),
        ("die §8 62 und 75 SGB X", "die §§ 62 und 75 SGB X"),
        ("die §8§ 7 bis 9 SGB II", "die §§ 7 bis 9 SGB II"),
        ("nach 8 22 Abs. 1 SGB II", "nach § 22 Abs. 1 SGB II"),
        ("nach $ 44 SGB X", "nach § 44 SGB X"),
        ("88 45, 48 SGB X", "§§ 45, 48 SGB X"),
        ("Leistungen nach dem SGB Il,", "Leistungen nach dem SGB II,"),
        ("67 SGB H bleiben", "67 SGB II bleiben"),
        ("Aktenzeichen § 12 AS 345/26 ER", "Aktenzeichen S 12 AS 345/26 ER"),
        ("Aktenzeichen $ 8 AS 83/26;", "Aktenzeichen S 8 AS 83/26;"),
        ("Änne GröRmann und Ole HeR.", "Änne Größmann und Ole Heß."),
        ("unter GröRßmann", "unter Größmann"),
        ("StraRe 30, dreiRig, gemäR", "Straße 30, dreißig, gemäß"),
        ("in Verbindung mit §8 77 SGB II", "in Verbindung mit § 77 SGB II"),
        ("nach § 15 SGB IH wird", "nach § 15 SGB II wird"),
        ("Aktenzeichen S$ 6 AS 42/26", "Aktenzeichen S 6 AS 42/26"),
        ("(Nummer 94337//5502173} reiche", "(Nummer 94337//5502173) reiche"),
        ("(geboren 1984)}, und", "(geboren 1984), und"),
        ("Frist — bitte", "Frist – bitte"),
    ],
)
def test_what_can_only_mean_one_thing_is_put_right(wrong: str, right: str):
    assert read(wrong) == right


@pytest.mark.parametrize(
    "text",
    [
        "Hausnummer 8 22 Personen",
        "am 8 3 2026",
        "Zimmer 88 12 Uhr",
        "nach § 8 Abs. 1 SGB II",
        "nach §8 Abs. 1 SGB II",
        "§ 31 SGB I und § 9 SGB III",
        "$ 50 Gebühr",
        "S 50 von 88 Seiten",
        "Herr H wohnt in U",
        "EU Rente und GmbHR sowie HR und iRobot",
        "nach § 22 AS 3 Personen",
        "Platzhalter {name} bitte ausfüllen",
        "die §§ 45 ff. SGB X",
        "info@BaeckeRei.example",
        "BioReha, EuroRent, TeleRing und InfoRadio",
    ],
)
def test_what_may_mean_something_else_stays(text: str):
    assert read(text) == text


@given(st.lists(st.text("8§$&SGBI H12Rßaö/,.—", min_size=1, max_size=4), max_size=12))
def test_correcting_twice_is_correcting_once_and_keeps_every_word(texts: list[str]):
    words = tuple(Word(text=one, box=Box(0, 0, 1, 1)) for one in texts)
    once = corrected(words)
    assert len(once) == len(words)
    assert [word.box for word in once] == [word.box for word in words]
    assert corrected(once) == once
