"""The same letter a second time: recognised through errors, told apart from its siblings."""

from __future__ import annotations

import io
import random
from datetime import date
from itertools import combinations

import pypdfium2
from hypothesis import given
from hypothesis import strategies as st

from classifiers.likeness import Fingerprint, fingerprint, likeness
from eakte.demo.authority import demo_register
from eakte.demo.letters import generate
from eakte.domain.pages import Box, PageText, Word

BOX = Box(0, 0, 1, 1)


def pages(text: str) -> tuple[PageText, ...]:
    return (PageText(words=tuple(Word(text=part, box=BOX) for part in text.split())),)


def misread(text: str, share: float, seed: int) -> str:
    """``text`` as another scan is read: that share of its letters is another one."""
    dice = random.Random(seed)
    return "".join(
        dice.choice("abcdefghijklmnop") if sign.isalpha() and dice.random() < share else sign
        for sign in text
    )


def print_of(text: str) -> Fingerprint:
    made = fingerprint(pages(text))
    assert made is not None
    return made


PAYSLIP = (
    "Entgeltabrechnung {month} 2026 Strandhotel Seestern GmbH Personalnummer 00417 Herr Ole "
    "Schmidt Bruttolohn {gross} Steuer Klasse eins Sozialversicherung Anteil {social} "
    "Auszahlungsbetrag {net} wird überwiesen auf Ihr Konto bei der Sparkasse zum {day} Mit "
    "freundlichen Grüßen Lohnbuchhaltung Bitte bewahren Sie diese Abrechnung sorgfältig auf"
)


def payslip(month: str, number: int) -> str:
    return PAYSLIP.format(
        month=month, gross=1500 + number, social=311 + number, net=1189 + number, day=10 + number
    )


def test_the_same_letter_is_recognised_through_recognition_errors():
    text = payslip("November", 7)
    for seed in range(20):
        assert likeness(print_of(text), print_of(misread(text, 0.01, seed))) > 0


def test_next_months_payslip_is_another_letter():
    november, december = payslip("November", 7), payslip("Dezember", 8)
    assert likeness(print_of(november), print_of(december)) == 0


def demo_texts(count: int) -> list[str]:
    today = date(2026, 11, 20)
    texts = []
    for one in generate(demo_register(today=today), count=count, today=today, seed=11):
        document = pypdfium2.PdfDocument(io.BytesIO(one.pdf))
        pages = (page.get_textpage().get_text_bounded() for page in document)
        texts.append(" ".join(pages))
        document.close()
    return texts


def test_no_two_demo_letters_are_taken_for_one_and_nearly_all_second_scans_are_found():
    texts = demo_texts(60)
    prints = [made for text in texts if (made := fingerprint(pages(text))) is not None]
    assert len(prints) > 50
    assert [1 for one, other in combinations(prints, 2) if likeness(one, other) > 0] == []
    again = [fingerprint(pages(misread(text, 0.01, seed))) for seed, text in enumerate(texts)]
    first = [fingerprint(pages(text)) for text in texts]
    found = [
        likeness(one, other) > 0 for one, other in zip(first, again, strict=True) if one and other
    ]
    assert sum(found) / len(found) >= 0.95


def test_too_little_text_is_like_nothing():
    assert fingerprint(pages("Seite 2 von 2")) is None


def test_it_comes_back_from_its_row_as_it_was():
    made = print_of(payslip("November", 7))
    assert Fingerprint.from_json(made.to_json()) == made


@given(st.text(max_size=400), st.text(max_size=400))
def test_likeness_is_symmetric_and_a_text_is_like_itself(one: str, other: str):
    first, second = fingerprint(pages(one)), fingerprint(pages(other))
    if first is not None and second is not None:
        assert likeness(first, second) == likeness(second, first)
        assert likeness(first, first) == 1.0
