"""Is what recognition needs installed, and which version?  Kept apart from running it.

Tesseract's language data come from the distribution's packages.  Debian 12 and 13 and Ubuntu 24.04
keep them in ``/usr/share/tesseract-ocr/5/tessdata``; upstream builds in ``share/tessdata``, with
the script models in a folder ``script`` of their own.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from eakte.errors import ServiceMissing

MODEL = "Latin"
"""The script model: unlike ``deu`` it reads ``§``, ``SGB II`` and file numbers (ADR 0020)."""

OSD_MODEL = "osd"

_PACKAGES = {MODEL: "tesseract-ocr-script-latn", OSD_MODEL: "tesseract-ocr-osd"}
_USUAL_FOLDERS = (
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tesseract-ocr/tessdata",
    "/usr/share/tessdata",
    "/usr/local/share/tessdata",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A Tesseract language model: the data folder and the name Tesseract wants to hear."""

    folder: Path
    name: str


def find_model(model: str, tessdata: Path | None = None) -> Model:
    """Where ``model`` is, plainly or below ``script/``.

    A folder that is given is the only one looked at; else ``TESSDATA_PREFIX`` and the folders of
    the distributions.  Raises ``ServiceMissing`` with the package to install.
    """
    folders = _folders(tessdata)
    for folder in folders:
        for name in (model, f"script/{model}"):
            if (folder / f"{name}.traineddata").is_file():
                return Model(folder=folder, name=name)
    looked_at = ", ".join(str(folder) for folder in folders)
    package = _PACKAGES.get(model, f"tesseract-ocr-{model}")
    raise ServiceMissing(
        f"Das Sprachmodell „{model}“ für die Texterkennung fehlt (gesucht in {looked_at}).",
        remedy=f"Bitte das Paket {package} installieren oder den Ordner mit der Datei "
        f"{model}.traineddata in den Einstellungen angeben.",
    )


def _folders(tessdata: Path | None) -> tuple[Path, ...]:
    if tessdata is not None:
        return (tessdata,)
    prefix = os.environ.get("TESSDATA_PREFIX")
    given = (Path(prefix), Path(prefix) / "tessdata") if prefix else ()
    return (*given, *(Path(folder) for folder in _USUAL_FOLDERS))


def tesseract_program_version() -> str:
    """The version of the system's ``tesseract``.  Raises ``ServiceMissing`` where there is none."""
    program = shutil.which("tesseract")
    if program is None:
        raise ServiceMissing(
            "Das Programm tesseract fehlt.",
            remedy="Bitte das Paket tesseract-ocr installieren oder die Texterkennung auf "
            "„tesserocr“ stellen.",
        )
    answer = subprocess.run(
        [program, "--version"], capture_output=True, text=True, check=False, timeout=30
    )
    found = re.search(r"tesseract v?(\d[\w.\-]*)", answer.stdout + answer.stderr)
    if answer.returncode != 0 or found is None:
        raise ServiceMissing(
            f"Das Programm {program} antwortet nicht wie Tesseract.",
            remedy="Bitte das Paket tesseract-ocr neu installieren.",
        )
    return found.group(1)
