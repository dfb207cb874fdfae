"""Letters of known text and print, as pictures: clean, from an office scanner, from a fax.

The sentences are those of the field: paragraphs, statutes, amounts, dates, numbers, names. Truth is
the text that was set, taken from the typeset PDF.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from random import Random

import pypdfium2
import typst
from PIL import Image

from eakte.demo.spoiling import Spoil, spoil
from eakte.demo.typeset import page_lines

DPI = 300
FAX = (204, 196)
"""Fine resolution of a group 3 fax (ITU-T T.4): dots an inch across and down."""

OFFICE = (Spoil.SKEW, Spoil.NOISE, Spoil.GREY)

_NAMES = (
    "Jörg Müller-Lüdenscheidt",
    "Ayşe Yıldırım",
    "Łukasz Kowalski",
    "Änne Größmann",
    "Ole Heß",
)
_YEARS = (1984, 2025, 2026)
_OPENINGS = (
    "gegen Ihren Bescheid vom {date} lege ich hiermit Widerspruch ein",
    "mit Bescheid vom {date} haben Sie Leistungen nach dem SGB II in Höhe von {amount} € bewilligt",
    "nach § {section} Abs. {clause} SGB II sind Bedarfe für Unterkunft und Heizung anzuerkennen",
    "die Grundmiete erhöht sich ab dem {date} auf {amount} €, die Heizkosten betragen {amount} €",
    "gemäß § {section} SGB X in Verbindung mit § {section} SGB II wird die Entscheidung überprüft",
    "für {name} (geboren am {date}, BG-Nummer {number}) reiche ich die Unterlagen nach",
    "das Sozialgericht führt den Rechtsstreit unter dem Aktenzeichen S {clause} AS {section}/26",
    "eine Übersicht über Zuflüsse, Freibeträge und Abzüge fügen wir als Anlage bei",
)
_ENDINGS = (
    "und bitte um eine Bestätigung des Eingangs.",
    "; die §§ {section} und {section} SGB II bleiben unberührt.",
    "– bitte überweisen Sie den Betrag bis zum {date}.",
    ", weil die Kosten für Schülerbeförderung und Mittagessen fehlen.",
    ". Rückfragen beantwortet {name} unter 04841 {section}{section}.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One page: its true text (lines joined by blanks) and its picture at 300 dpi, ``L``."""

    text: str
    picture: Image.Image


def letter(seed: int, points: float) -> Letter:
    """A full page in print of ``points``; the same seed gives the same page."""
    rng = Random(f"text:{seed}:{points}")
    paragraphs = [paragraph(rng) for _ in range(60 if points < 9 else 14)]
    pdf = typst.compile(_source(paragraphs, points, rng).encode(), format="pdf")
    text = " ".join(page_lines(pdf)[0])
    document = pypdfium2.PdfDocument(pdf)
    picture = document[0].render(scale=DPI / 72).to_pil().convert("L")
    document.close()
    return Letter(text=text, picture=picture)


def office_scan(one: Letter, seed: int) -> Image.Image:
    """What a scanner makes of it: askew, grey paper, grain and specks, JPEG."""
    page = spoil(one.picture, Random(f"office:{seed}"), OFFICE, dpi=DPI)
    return Image.open(io.BytesIO(jpeg(page)))


def fax(one: Letter) -> Image.Image:
    """What a fax machine makes of it: one bit, 204 by 196 dots an inch."""
    width, height = (
        round(size / DPI * dots) for size, dots in zip(one.picture.size, FAX, strict=True)
    )
    small = one.picture.resize((width, height), Image.Resampling.BOX)
    return small.point([0] * 150 + [255] * 106, mode="1")


def jpeg(page: Image.Image) -> bytes:
    """As scanners write it."""
    out = io.BytesIO()
    page.save(out, "JPEG", quality=82, dpi=(DPI, DPI))
    return out.getvalue()


def paragraph(rng: Random) -> str:
    """A few sentences of the field, filled with facts."""
    sentences = []
    for _ in range(rng.randint(2, 4)):
        opening = rng.choice(_OPENINGS)
        ending = rng.choice(_ENDINGS)
        joined = opening + ("" if ending[0] in ",.;" else " ") + ending
        sentences.append(_filled(joined[0].upper() + joined[1:], rng))
    return " ".join(sentences)


def _filled(sentence: str, rng: Random) -> str:
    while "{" in sentence:
        before, _, rest = sentence.partition("{")
        what, _, after = rest.partition("}")
        sentence = before + _fact(what, rng) + after
    return sentence


def _fact(what: str, rng: Random) -> str:
    match what:
        case "date":
            return f"{rng.randint(1, 28):02d}.{rng.randint(1, 12):02d}.{rng.choice(_YEARS)}"
        case "amount":
            return f"{rng.randint(1, 9)}.{rng.randint(0, 999):03d},{rng.randint(0, 99):02d}"
        case "section":
            return str(rng.randint(7, 88))
        case "clause":
            return str(rng.randint(1, 9))
        case "number":
            return f"{rng.randint(10000, 99999)}//{rng.randint(0, 9999999):07d}"
    return rng.choice(_NAMES)


def _source(paragraphs: list[str], points: float, rng: Random) -> str:
    face = rng.choice(("Liberation Sans", "Liberation Serif"))
    body = "\n\n".join(one.replace("//", "\\/\\/").replace("§", "\\u{a7}") for one in paragraphs)
    return (
        f'#set page(paper: "a4", margin: 25mm)\n#set text(font: "{face}", size: {points}pt, '
        f'lang: "de", hyphenate: false)\n#set par(leading: 0.65em)\n'
        f"{body}\n"
    )
