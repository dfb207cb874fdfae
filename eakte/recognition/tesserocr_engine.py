"""OCR through libtesseract in this process (tesserocr): the default engine.

One API object lives as long as the process, because loading the 89 MB model for every page would
cost more than reading it.  tesserocr releases the GIL while it reads.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tesserocr

from eakte.errors import EngineError, ServiceMissing
from eakte.recognition.probe import MODEL, OSD_MODEL, Model, find_model
from eakte.recognition.tsv import words_from_tsv

if TYPE_CHECKING:
    from PIL.Image import Image

    from eakte.domain.pages import Word

SURE_ORIENTATION = 1.0
"""Below this confidence Tesseract's orientation is a guess (15 is very sure)."""


class TesserocrEngine:
    """An :class:`eakte.ports.OcrEngine`; not for use by several threads at once."""

    name = "tesserocr"

    def __init__(self, tessdata: Path | None = None, *, model: str = MODEL) -> None:
        os.environ.setdefault("OMP_THREAD_LIMIT", "1")  # several threads a page cost five times
        self._model = find_model(model, tessdata)
        self._tessdata = tessdata
        self._api = _open_api(self._model, tesserocr.PSM.AUTO)
        self._osd: Any = None

    @property
    def version(self) -> str:
        """Library and model, to tell results of different versions apart."""
        library = tesserocr.tesseract_version().split("\n", 1)[0].removeprefix("tesseract ")
        size = (self._model.folder / f"{self._model.name}.traineddata").stat().st_size
        return f"tesserocr {library} {self._model.name} {size}"

    def recognise(self, image: Image, dpi: int) -> tuple[Word, ...]:
        """The words of ``image`` in reading order.  Raises ``EngineError``."""
        grey = image if image.mode == "L" else image.convert("L")
        try:
            self._api.SetImageBytes(grey.tobytes(), grey.width, grey.height, 1, grey.width)
            self._api.SetSourceResolution(dpi)
            if not self._api.Recognize():
                raise EngineError(
                    "Die Texterkennung hat diese Seite abgelehnt.",
                    remedy="Bitte die Seite im Betrachter prüfen.",
                )
            tsv = self._api.GetTSVText(0)
        except RuntimeError as error:
            raise EngineError(f"Die Texterkennung ist gescheitert: {error}") from error
        finally:
            self._api.Clear()
        return words_from_tsv(tsv, grey.width, grey.height)

    def orientation(self, image: Image) -> int:
        """Clockwise degrees that turn ``image`` upright, 0 where unsure."""
        if self._osd is None:
            self._osd = _open_api(find_model(OSD_MODEL, self._tessdata), tesserocr.PSM.OSD_ONLY)
        grey = image if image.mode == "L" else image.convert("L")
        try:
            self._osd.SetImageBytes(grey.tobytes(), grey.width, grey.height, 1, grey.width)
            found = self._osd.DetectOrientationScript()
        finally:
            self._osd.Clear()
        if not found or found["orient_conf"] < SURE_ORIENTATION:
            return 0
        # Tesseract says how far the sheet lies turned clockwise; the rest brings it upright.
        return (360 - int(found["orient_deg"])) % 360

    def close(self) -> None:
        """Give the model's memory back."""
        self._api.End()
        if self._osd is not None:
            self._osd.End()
            self._osd = None


def _open_api(model: Model, psm: int) -> Any:  # noqa: ANN401 - tesserocr's class has no fixed type
    try:
        return tesserocr.PyTessBaseAPI(path=f"{model.folder}/", lang=model.name, psm=psm)
    except RuntimeError as error:
        raise ServiceMissing(
            f"Das Sprachmodell „{model.name}“ in {model.folder} lässt sich nicht laden: {error}",
            remedy="Bitte das Paket tesseract-ocr-script-latn neu installieren.",
        ) from error
