"""Small cheap letters for tests: one born-digital page each, which needs no OCR."""

from __future__ import annotations

import functools
import io
import json

import pypdfium2
import typst

from tests.small_authority import MUELLER

_TEMPLATE = b"""
#let letter = json(bytes(sys.inputs.letter))
#set page(paper: "a5", margin: 2cm)
#set text(size: 11pt, lang: "de")
#for line in letter.lines [#line #linebreak()]
"""


@functools.cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(_TEMPLATE)


@functools.cache
def letter(*lines: str) -> bytes:
    """A PDF of one page with these lines; drawn once a test process."""
    data = json.dumps({"lines": lines}, ensure_ascii=False)
    made = _compiler().compile(_TEMPLATE, format="pdf", sys_inputs={"letter": data}, timestamp=0)
    assert isinstance(made, bytes)
    return made


def objection(number: str, word: str) -> bytes:
    """A Widerspruch in the case of Müller-Lüdenscheidt (tests/small_authority.py).

    ``word`` makes it a letter of its own, and can be searched for.
    """
    return letter(
        "Jörg Müller-Lüdenscheidt",
        "Süderstraße 12, 25813 Husum",
        "geboren am 07.03.1984",
        "",
        "An das Jobcenter Husum",
        f"BG-Nummer {number}",
        "",
        "Widerspruch gegen den Bescheid vom 02.11.2026",
        "",
        "Sehr geehrte Damen und Herren,",
        "hiermit lege ich Widerspruch gegen Ihren Bescheid ein.",
        f"Kennwort dieses Briefes: {word}.",
    )


def letters(count: int) -> dict[str, bytes]:
    """So many different letters by their file names."""
    return {
        f"brief-{number:03}.pdf": objection(MUELLER, f"kennwort{number:03}")
        for number in range(count)
    }


@functools.cache
def scanned(pdf: bytes) -> bytes:
    """The letter's one page as a scanner delivers it: a grey picture at 200 dpi."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        picture = document[0].render(scale=200 / 72, grayscale=True).to_pil()
    finally:
        document.close()
    out = io.BytesIO()
    picture.save(out, "JPEG", dpi=(200, 200), quality=80)
    return out.getvalue()


def mixed(count: int, scans: int) -> dict[str, bytes]:
    """``count`` letters, ``scans`` of which are pictures, spread evenly among the others."""
    post = letters(count)
    for name in sorted(post)[:: max(1, count // scans)][:scans]:
        post[name.replace(".pdf", ".jpg")] = scanned(post.pop(name))
    return dict(sorted(post.items()))
