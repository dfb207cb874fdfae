"""Receipt stamps: what is one, whose it is, and what only looks like one."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.receipt import receipt_stamps
from eakte.domain.pages import Box, PageText, Word


def page(*lines: str) -> PageText:
    return PageText(
        words=tuple(
            Word(text=text, box=Box(0.1, at / 50, 0.2, (at + 1) / 50), line=at)
            for at, line in enumerate(lines)
            for text in line.split()
        )
    )


def stamps(*pages: PageText) -> list[tuple[date, bool]]:
    return [(one.day, one.here) for one in receipt_stamps(pages)]


@pytest.mark.parametrize(
    "lines",
    [
        ("Jobcenter Kreis Nordfriesland", "Eingegangen", "20. Nov. 2026"),
        ("EINGANG", "20.11.2026", "Sozialzentrum Husum"),
        ("Eingang: 20.11.26",),
        ("Posteingang 20.11.2026", "Jobcenter"),
        ("EINGEGANGEN 20 . 11 . 2026",),
    ],
)
def test_a_stamp_of_ours_is_read_with_its_day(lines: tuple[str, ...]):
    assert stamps(page("Ole Schmidt", *lines, "", "Sehr geehrte Damen und Herren,")) == [
        (date(2026, 11, 20), True)
    ]


@pytest.mark.parametrize("owner", ["Amtsgericht Husum", "Finanzamt Nord", "Stadt Tönning"])
def test_a_stamp_of_another_authority_is_receipt_elsewhere(owner: str):
    assert stamps(page(owner, "Eingegangen", "18.11.2026")) == [(date(2026, 11, 18), False)]


def test_a_stamp_on_an_enclosure_that_names_nobody_is_not_ours():
    assert stamps(page("Brief"), page("Eingegangen 3.3.2026")) == [(date(2026, 3, 3), False)]


@pytest.mark.parametrize(
    "line",
    [
        "Ihr Schreiben ist am 03.11.2026 bei uns eingegangen und wird bearbeitet",
        "nach Eingang Ihres Antrags vom 03.11.2026 haben wir die Unterlagen geprüft",
        "Der Eingang liegt auf der Rückseite des Gebäudes",
        "Eingang",
        "Eingang: 41.13.2026",
    ],
)
def test_a_sentence_about_a_receipt_is_no_stamp(line: str):
    assert stamps(page("Sehr geehrte Frau Beer,", line)) == []


def test_the_evidence_shows_word_and_date():
    (one,) = receipt_stamps((page("Jobcenter", "Eingegangen", "20.11.2026"),))
    assert (one.evidence.words, one.evidence.page) == ("Eingegangen 20.11.2026", 1)
    assert len(one.evidence.boxes) == 2


@given(st.lists(st.text(max_size=30), max_size=12))
def test_any_text_will_do(lines: list[str]):
    receipt_stamps((page(*lines),))
