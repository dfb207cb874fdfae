"""A stamp of receipt across the subject is read with it, and is no part of it."""

from __future__ import annotations

import functools
from datetime import date
from random import Random

import pypdfium2
import pytest
import typst
from PIL import Image

from classifiers.facts import FactRules, facts
from eakte.demo import spoiling
from eakte.domain.facts import FactKind, first
from eakte.domain.pages import PageText
from eakte.ports import OcrEngine

SUBJECT = "Widerspruch gegen den Bescheid vom 2. November 2026"
_LETTER = f"""
#set page(paper: "a4", margin: (left: 2.5cm, right: 2cm, top: 4.5cm))
#set text(size: 11pt, lang: "de")
Jobcenter Friesenkoog \\ Markt 1 \\ 25899 Niebüll
#v(1.8cm)
*{SUBJECT}*
#v(0.6cm)
Sehr geehrte Damen und Herren,

hiermit lege ich gegen Ihren Bescheid Widerspruch ein. Die Miete ist nicht richtig berechnet.

Mit freundlichen Grüßen

Nele Albers
"""


@functools.cache
def clean() -> Image.Image:
    """The upper half of the sheet, 300 dpi."""
    page = pypdfium2.PdfDocument(typst.compile(_LETTER.encode()))[0]
    picture: Image.Image = page.render(scale=300 / 72).to_pil().convert("L")
    return picture.crop((0, 0, picture.width, picture.height // 2))


@pytest.mark.parametrize(("seed", "place"), [(0, (1250, 950)), (2, (1150, 1000)), (4, (1300, 860))])
def test_words_of_the_stamp_do_not_stand_in_the_subject(
    engine: OcrEngine, monkeypatch: pytest.MonkeyPatch, seed: int, place: tuple[int, int]
) -> None:
    monkeypatch.setattr(spoiling, "_place_for", lambda _size, _page, _rng: place)
    stamped = spoiling.spoil(
        clean(), Random(seed), [spoiling.Spoil.STAMP], stamp=date(2026, 11, 20)
    )
    words = engine.recognise(stamped.resize((stamped.width * 2 // 3, stamped.height * 2 // 3)), 200)
    found = first(facts([PageText(words=words, height_mm=148.5)], FactRules()), FactKind.SUBJECT)
    assert found is not None
    said = found.value.split()
    assert set(said) <= set(SUBJECT.split()), found.value
    assert len(said) >= len(SUBJECT.split()) - 2, found.value
    assert found.evidence[0].words == found.value
