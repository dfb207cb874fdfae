"""An OCR engine whose readings of fixed images are remembered between test runs."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest
from PIL import Image

from eakte.domain.pages import Box, Word
from eakte.recognition.reader import Reader
from eakte.recognition.tesserocr_engine import TesserocrEngine


@functools.cache
def tesserocr_engine() -> TesserocrEngine:
    return TesserocrEngine()


class RememberingEngine:
    """tesserocr, asked once for each image: what it said is kept by pixels, dpi and version.

    In pytest's cache folder (``.pytest_cache/d/ocr``); ``pytest --cache-clear`` forgets it. A new
    Tesseract or model asks again.
    """

    name = "tesserocr"

    def __init__(self, memory: Path) -> None:
        self._memory = memory
        self.read = 0
        self.oriented = 0

    def recognise(self, image: Image.Image, dpi: int) -> tuple[Word, ...]:
        self.read += 1
        path = self._path("words", image, dpi)
        if not path.exists():
            words = tesserocr_engine().recognise(image, dpi)
            path.write_text(json.dumps([asdict(word) for word in words]), encoding="utf-8")
        stored = json.loads(path.read_text(encoding="utf-8"))
        return tuple(Word(**{**word, "box": Box(**word["box"])}) for word in stored)

    def orientation(self, image: Image.Image) -> int:
        self.oriented += 1
        path = self._path("turn", image, 0)
        if not path.exists():
            path.write_text(str(tesserocr_engine().orientation(image)), encoding="utf-8")
        return int(path.read_text(encoding="utf-8"))

    def _path(self, kind: str, image: Image.Image, dpi: int) -> Path:
        facts = f"{tesserocr_engine().version} {dpi} {image.mode} {image.size}".encode()
        return self._memory / f"{kind}-{hashlib.sha256(facts + image.tobytes()).hexdigest()}"


@pytest.fixture
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> RememberingEngine:
    cache: pytest.Cache | None = getattr(request.config, "cache", None)
    return RememberingEngine(cache.mkdir("ocr") if cache else tmp_path)


@pytest.fixture
def reader(engine: RememberingEngine) -> Reader:
    return Reader(lambda: engine)


@pytest.fixture
def no_engine() -> Callable[[], TesserocrEngine]:
    """For pages that must not need OCR."""

    def refuse() -> TesserocrEngine:
        raise AssertionError("this page must not be read from its picture")

    return refuse
