"""Pictures of an archive copy stand as they are read, whichever way they were stored."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pytest
from PIL import Image

from eakte.recognition.archive_images import images_to_pdf
from eakte.recognition.images import ImageSource
from eakte.recognition.limits import Limits
from tests.unit.recognition.sheets import scan

ORIENTATION, MIRRORED = 274, (2, 4, 5, 7)


def sheet() -> Image.Image:
    """Grey, darker to the right and below, so that every turn of it looks another way."""
    across = Image.linear_gradient("L").rotate(90).resize((160, 240))
    down = Image.linear_gradient("L").resize((160, 240))
    return Image.fromarray(np.asarray(across) // 2 + np.asarray(down) // 3)


def shown(path: Path, limits: Limits | None = None) -> np.ndarray[Any, Any]:
    """The upright page of the copy."""
    with images_to_pdf(path, limits or Limits()) as pdf:
        page = pdf.pages[0]
        bands = [pikepdf.PdfImage(one).as_pil_image() for one in page.get_images().values()]
        rows = np.concatenate([np.asarray(one.convert("L"), dtype=int) for one in bands])
        turn = int(page.obj.get("/Rotate", 0))
    return np.rot90(rows, -turn // 90)


def read(path: Path) -> np.ndarray[Any, Any]:
    """The upright page as it is recognised."""
    with ImageSource(path, Limits()) as source:
        page = source.page(1)
        return np.asarray(page.render(round(page.native_dpi)).convert("L"), dtype=int)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_jpeg_in_a_turned_tiff_stands_as_it_is_read(tmp_path: Path, orientation: int):
    path = tmp_path / "a.tif"
    options = {"compression": "jpeg", "quality": 95, "strip_size": 10_000_000}
    sheet().save(path, dpi=(100, 100), tiffinfo={ORIENTATION: orientation}, **options)
    copy, page = shown(path), read(path)
    assert copy.shape == page.shape
    assert np.abs(copy - page).max() < 12
    if orientation not in MIRRORED:
        with images_to_pdf(path, Limits()) as pdf, Image.open(path) as stored:
            (image,) = pdf.pages[0].get_images().values()
            strip = path.read_bytes()[stored.tag_v2[273][0] :][: stored.tag_v2[279][0]]  # type: ignore[attr-defined]
            assert image.read_raw_bytes().endswith(strip[2:])


def test_bands_of_a_picture_without_a_range_of_its_own_are_equally_bright(tmp_path: Path):
    path = tmp_path / "a.tif"
    values = np.full((1200, 40), 200.0, dtype=np.float32)
    values[:1100] = 100.0
    Image.fromarray(values).save(path, dpi=(100, 100))
    bands = shown(path, Limits(work_pixels=1000))
    assert abs(int(np.median(bands[:1000])) - round(100 * 255 / 200)) <= 1


def test_a_picture_is_kept_without_loss_where_a_jpeg_would_take_more(tmp_path: Path):
    path = tmp_path / "a.gif"
    scan(dpi=100).convert("1").save(path)
    assert np.array_equal(shown(path), read(path))
