"""Sheets of paper for the tests, set with typst in fonts that it brings along."""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import pypdfium2
import typst
from PIL import Image

LETTER = (
    "Jobcenter Nordfriesland",
    "Aktenzeichen 12345//0001234",
    "Bescheid nach § 22 Abs. 1 SGB II",
    "Sehr geehrte Frau Müller-Lüdenscheidt,",
    "die Kosten für Unterkunft und Heizung werden in Höhe von 512,40 Euro anerkannt.",
    "Gegen diesen Bescheid können Sie innerhalb eines Monats Widerspruch erheben.",
    "Die Größe der Wohnung in der Süderstraße 12 ist angemessen (§§ 22, 22a SGB II).",
    "Mit freundlichen Grüßen",
)

_TEMPLATE = """
#let sheet = json(bytes(sys.inputs.sheet))
#set page(width: sheet.width * 1mm, height: sheet.height * 1mm, margin: sheet.margin * 1mm)
#set text(font: sheet.font, size: sheet.size * 1pt, lang: "de")
#set par(spacing: 1.2em)
#for (number, lines) in sheet.pages.enumerate() [
  #if number > 0 { pagebreak() }
  #for line in lines [#par(text(line))]
]
"""
_SOURCE = _TEMPLATE.encode()


@functools.cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(_SOURCE)


def pdf(
    *pages: Sequence[str],
    size: float = 11,
    width: float = 210,
    height: float = 297,
    margin: float = 25,
    font: str = "Libertinus Serif",
) -> bytes:
    """A born-digital PDF with these lines on each page; ``size`` in points, the rest in mm."""
    sheet = {
        "pages": pages or (LETTER,),
        "size": size,
        "width": width,
        "height": height,
        "margin": margin,
        "font": font,
    }
    made = _compiler().compile(
        _SOURCE, format="pdf", sys_inputs={"sheet": json.dumps(sheet)}, timestamp=0
    )
    return cast("bytes", made)


def picture(document: bytes, dpi: int = 200, page: int = 0) -> Image.Image:
    """A page of a PDF as a grey image."""
    opened = pypdfium2.PdfDocument(document)
    try:
        image: Image.Image = opened[page].render(scale=dpi / 72).to_pil()
        return image.convert("L")
    finally:
        opened.close()


def scan(*lines: str, dpi: int = 200, **sheet: float) -> Image.Image:
    """A clean scan of one sheet with these lines (default: :data:`LETTER`)."""
    return picture(pdf(lines or LETTER, **sheet), dpi)  # type: ignore[arg-type]


def saved(image: Image.Image, path: Path, *, dpi: float = 200, **options: object) -> Path:
    """``image`` in a file of the kind its name says."""
    image.save(path, dpi=(dpi, dpi), **options)
    return path
