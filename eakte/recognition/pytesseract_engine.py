"""OCR through the system's ``tesseract`` program, one start a page.

About twice as slow as tesserocr (the model is loaded for every page); for hosts on which only the
distribution's program, with its security updates, is to read files.
"""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import pytesseract

from eakte.errors import EngineError
from eakte.recognition.probe import MODEL, OSD_MODEL, find_model, tesseract_program_version
from eakte.recognition.tsv import words_from_tsv

if TYPE_CHECKING:
    from PIL.Image import Image

    from eakte.domain.pages import Word

SURE_ORIENTATION = 1.0


class PytesseractEngine:
    """An :class:`eakte.ports.OcrEngine` around the program."""

    name = "pytesseract"

    def __init__(self, tessdata: Path | None = None, *, model: str = MODEL) -> None:
        os.environ.setdefault("OMP_THREAD_LIMIT", "1")  # several threads a page cost five times
        self._program_version = tesseract_program_version()
        self._model = find_model(model, tessdata)
        self._tessdata = tessdata

    @property
    def version(self) -> str:
        """Program and model, to tell results of different versions apart."""
        size = (self._model.folder / f"{self._model.name}.traineddata").stat().st_size
        return f"pytesseract {self._program_version} {self._model.name} {size}"

    def recognise(self, image: Image, dpi: int) -> tuple[Word, ...]:
        """The words of ``image`` in reading order.  Raises ``EngineError``."""
        grey = image if image.mode == "L" else image.convert("L")
        try:
            tsv = pytesseract.image_to_data(
                grey,
                lang=self._model.name,
                config=f"--tessdata-dir {shlex.quote(str(self._model.folder))} --psm 3 --dpi {dpi}",
            )
        except (pytesseract.TesseractError, OSError) as error:
            raise EngineError(f"Das Programm tesseract ist gescheitert: {error}") from error
        return words_from_tsv(tsv, grey.width, grey.height)

    def orientation(self, image: Image) -> int:
        """Clockwise degrees that turn ``image`` upright, 0 where unsure."""
        osd = find_model(OSD_MODEL, self._tessdata)
        try:
            found = pytesseract.image_to_osd(
                image if image.mode == "L" else image.convert("L"),
                lang=osd.name,
                config=f"--tessdata-dir {shlex.quote(str(osd.folder))}",
                output_type=pytesseract.Output.DICT,
            )
        except pytesseract.TesseractError:
            return 0  # "Too few characters": unsure
        if float(found["orientation_conf"]) < SURE_ORIENTATION:
            return 0
        return int(found["rotate"]) % 360

    def close(self) -> None:
        """Nothing is kept open."""
