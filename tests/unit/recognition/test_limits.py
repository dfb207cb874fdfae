"""The stated limits of memory and of large sheets."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageDraw

from eakte.domain.pages import Word
from eakte.recognition.images import plain, reduced
from eakte.recognition.job import _HARD_MARGIN_MB
from eakte.recognition.limits import Limits
from eakte.recognition.pool import RecognitionPool
from eakte.recognition.reader import Reader
from eakte.recognition.reading import working_dpi
from eakte.settings import Recognition

A3_MM2 = 297 * 420
MOST_BYTES = 1_200_000_000
MOST_PIXELS = 35_000_000


@dataclass
class Sized:
    """A page of some size."""

    width_mm: float
    height_mm: float
    native_dpi: float = 300.0


@dataclass
class Watcher:
    """An engine that reads nothing and remembers how large its images were."""

    name: str = "watcher"
    seen: list[int] = field(default_factory=list)

    def recognise(self, image: Image.Image, _dpi: int) -> tuple[Word, ...]:
        self.seen.append(image.width * image.height)
        return ()

    def orientation(self, _image: Image.Image) -> int:
        return 0


def test_no_ocr_process_may_take_1200_megabytes():
    shipped = Recognition().memory_mb
    assert RecognitionPool.__init__.__defaults__ is not None
    assert shipped in RecognitionPool.__init__.__defaults__
    assert (shipped + _HARD_MARGIN_MB) * 1024 * 1024 < MOST_BYTES


@given(st.floats(20, 2000), st.floats(20, 2000), st.sampled_from([200, 300]))
def test_no_sheet_is_recognised_at_more_than_35_megapixels(width: float, height: float, dpi: int):
    chosen = working_dpi(Sized(width, height), dpi, Limits())  # type: ignore[arg-type]
    pixels = width / 25.4 * chosen * height / 25.4 * chosen
    assert pixels <= MOST_PIXELS
    assert chosen == dpi or width * height > A3_MM2


def test_a_sheet_of_a1_is_read_with_fewer_pixels_than_it_has(tmp_path: Path):
    sheet = Image.new("L", (7016, 9933), 255)
    ImageDraw.Draw(sheet).rectangle((1000, 1000, 6000, 9000), outline=0, width=40)
    buffer = io.BytesIO()
    sheet.save(buffer, "PNG", dpi=(300, 300), compress_level=1)
    path = tmp_path / "plan.png"
    path.write_bytes(buffer.getvalue())
    engine = Watcher()
    page = Reader(lambda: engine).read_page(path, 1)  # type: ignore[arg-type, return-value]
    assert engine.seen
    assert max(engine.seen) <= MOST_PIXELS
    assert page.dpi < 300
    assert (round(page.text.width_mm), round(page.text.height_mm)) == (594, 841)


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK", "RGBA", "LA", "I;16"])
def test_a_picture_reduced_in_bands_has_no_seams(mode: str):
    slope = Image.linear_gradient("L").resize((700, 1500), Image.Resampling.BICUBIC)
    image = slope.convert("I;16") if mode == "I;16" else slope.convert("RGB")
    image = image.convert("RGBA").convert("LA") if mode == "LA" else image.convert(mode)
    small = reduced(image, 700_000)
    assert small.width * small.height <= 700_000
    whole = plain(image).resize(small.size, Image.Resampling.BICUBIC).convert("L")
    difference = ImageChops.difference(small.convert("L"), whole)
    assert difference.getextrema()[1] <= 1
