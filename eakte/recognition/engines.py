"""The OCR engines by name.  A new engine is one file and one line here."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING, cast

from eakte.errors import ServiceMissing

if TYPE_CHECKING:
    from eakte.ports import OcrEngine

ENGINES = {
    "tesserocr": "eakte.recognition.tesserocr_engine:TesserocrEngine",
    "pytesseract": "eakte.recognition.pytesseract_engine:PytesseractEngine",
}


def open_engine(name: str, tessdata: Path | None = None) -> OcrEngine:
    """The engine of that name, its model loaded.

    Its module is imported only now: where one engine's library is missing, the other works.
    Raises ``ServiceMissing`` for an unknown engine, a missing library, program or model.
    """
    try:
        module, _, cls = ENGINES[name].partition(":")
    except KeyError as error:
        known = ", ".join(ENGINES)
        raise ServiceMissing(
            f"Die Texterkennung „{name}“ gibt es nicht.", remedy=f"Möglich sind: {known}."
        ) from error
    try:
        factory = getattr(importlib.import_module(module), cls)
    except ImportError as error:
        raise ServiceMissing(
            f"Die Python-Bibliothek der Texterkennung „{name}“ fehlt: {error}",
            remedy="Bitte script/setup ausführen oder die andere Texterkennung einstellen.",
        ) from error
    return cast("OcrEngine", factory(tessdata))
