"""The OCR engines by name.  A new engine is one file and one line here.

``package.module:Class`` names an engine that the project does not ship.
"""

from __future__ import annotations

import importlib
import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING, cast

from eakte.errors import ServiceMissing
from eakte.recognition.probe import MODEL, find_model, tesseract_program_version

if TYPE_CHECKING:
    from eakte.ports import OcrEngine

ENGINES = {
    "tesserocr": "eakte.recognition.tesserocr_engine:TesserocrEngine",
    "pytesseract": "eakte.recognition.pytesseract_engine:PytesseractEngine",
}


def require_engine(name: str, tessdata: Path | None = None) -> None:
    """Raises ``ServiceMissing`` where library, program or model of that engine are missing.

    Loads none of them, so that a server can ask before it begins.
    """
    module, _ = _known(name)
    library = module if ":" in name else name
    if importlib.util.find_spec(library) is None:
        raise _no_library(name, f"No module named '{library}'")
    if name == "pytesseract":
        tesseract_program_version()
    find_model(MODEL, tessdata)


def open_engine(name: str, tessdata: Path | None = None) -> OcrEngine:
    """The engine of that name, its model loaded.

    Its module is imported only now: where one engine's library is missing, the other works.
    Raises ``ServiceMissing`` for an unknown engine, a missing library, program or model.
    """
    module, cls = _known(name)
    try:
        factory = getattr(importlib.import_module(module), cls)
    except ImportError as error:
        raise _no_library(name, str(error)) from error
    return cast("OcrEngine", factory(tessdata))


def _known(name: str) -> tuple[str, str]:
    """Module and class of the engine."""
    if ":" in name:
        module, _, cls = name.partition(":")
        return module, cls
    if name not in ENGINES:
        raise ServiceMissing(
            f"Die Texterkennung „{name}“ gibt es nicht.",
            remedy=f"recognition.engine auf eine von {', '.join(ENGINES)} setzen.",
        )
    module, _, cls = ENGINES[name].partition(":")
    return module, cls


def _no_library(name: str, detail: str) -> ServiceMissing:
    return ServiceMissing(
        f"Die Python-Bibliothek der Texterkennung „{name}“ fehlt: {detail}.",
        remedy="Bitte script/setup ausführen oder die andere Texterkennung einstellen.",
    )
