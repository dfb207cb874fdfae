"""Sets a sheet as PDF with typst.

The template is fixed and everything variable reaches it as JSON, so nothing in a name or a sentence
can act as markup.  Letters want Liberation (``fonts-liberation``), the shapes of Arial and Times
that real post is written in; without it typst's own faces take over, and only the line breaks
differ.  Must not decide what a letter says.
"""

from __future__ import annotations

import functools
import json
from importlib import resources
from random import Random
from typing import cast

import pypdfium2
import typst

from eakte.demo.sheet import Sheet

SANS = ("Liberation Sans", "DejaVu Sans", "Libertinus Serif")
SERIF = ("Liberation Serif", "Libertinus Serif")
TYPEWRITER = ("Liberation Mono", "DejaVu Sans Mono")
_ACCENTS = ("#1d4f7c", "#7a1f2b", "#1f5e3a", "#333333", "#b3541e", "#4b2e6b")
_LONG_NAME = 24  # letters; a longer name needs the whole width
_A5_WIDTH = 148
_INKS = ("#1f2a6b", "#16335f", "#222222", "#2b2f8a")


@functools.cache
def _template() -> bytes:
    return resources.files("eakte.demo").joinpath("letter.typ").read_bytes()


@functools.cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(_template())


def typeset(sheet: Sheet, rng: Random) -> bytes:
    """``sheet`` as PDF bytes; ``rng`` chooses faces, sizes, colours and the form of DIN 5008."""
    data = json.dumps(_data(sheet, rng), ensure_ascii=False)
    made = _compiler().compile(_template(), format="pdf", sys_inputs={"letter": data}, timestamp=0)
    return cast("bytes", made)


def page_lines(pdf: bytes) -> tuple[tuple[str, ...], ...]:
    """The lines of text of every page, in the order in which they were set."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        pages = []
        for page in document:
            text = page.get_textpage()
            found = text.get_text_range().replace("\ufffe", "-").splitlines()
            pages.append(tuple(line.strip() for line in found if line.strip()))
            text.close()
            page.close()
        return tuple(pages)
    finally:
        document.close()


def _data(sheet: Sheet, rng: Random) -> dict[str, object]:
    form_a = rng.random() < 0.3
    private = sheet.layout == "private"
    if private:
        fonts = rng.choices((SANS, SERIF, TYPEWRITER), weights=(5, 4, 2))[0]
    else:
        fonts = rng.choices((SANS, SERIF), weights=(4, 1))[0]
    form = sheet.layout == "form"
    return {
        "layout": sheet.layout,
        "fonts": fonts,
        "size": rng.choice((10, 10.5, 11)) if not form else 9.5,
        "leading": 0.85 if sheet.layout == "bare" else 0.6,
        "justify": not private and not form and rng.random() < 0.3,
        "hand": ("Libertinus Serif",),
        "hand-style": rng.choice(("italic", "normal")),
        "hand-size": 11.5,
        "ink": rng.choice(_INKS),
        "accent": rng.choice(_ACCENTS),
        "width": sheet.width,
        "height": sheet.height,
        "left": 25 if not form else 18,
        "right": 20 if not form else 15,
        "top": 22 if not form else 14,
        "bottom": 30 if sheet.footer else 20 if not form else 14,
        "address-top": 27 if form_a else 45,
        "body-top": 87 if form_a else 105,
        "logo": rng.choice(("bar", "disc", "wave", "none")),
        "logo-x": rng.choice((25, 110, 125)) if len(sheet.head) < _LONG_NAME else 25,
        "head": sheet.head,
        "head-size": rng.choice((13, 15, 17)) if sheet.width > _A5_WIDTH else 10,
        "claim": sheet.claim,
        "return": sheet.return_line,
        "recipient": sheet.recipient,
        "sender": sheet.sender,
        "info": sheet.info,
        "date": sheet.date,
        "subject": sheet.subject,
        "running": sheet.running,
        "footer": sheet.footer,
        "page-number": sheet.page_number,
        "blocks": sheet.blocks,
    }
