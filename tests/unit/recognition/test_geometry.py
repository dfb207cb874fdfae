from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from eakte.domain.pages import Box, PageText, Word
from eakte.recognition.geometry import inside_share, turned_size
from eakte.recognition.reading import turned_image
from eakte.recognition.skew import back_on_page, skew_degrees, straightened
from tests.unit.recognition.sheets import LETTER, scan

SHARES = st.floats(0, 1, allow_nan=False)
TURNS = st.sampled_from((0, 90, 180, 270))


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    x0, x1 = sorted((draw(SHARES), draw(SHARES)))
    y0, y1 = sorted((draw(SHARES), draw(SHARES)))
    return Box(x0, y0, x1, y1)


@given(boxes(), TURNS)
def test_turning_on_and_back_leaves_a_box_where_it_was(box: Box, turn: int):
    there = box.turned(turn)
    back = there.turned(360 - turn)
    assert back.as_list() == pytest.approx(box.as_list(), abs=1e-4)
    assert there.x0 <= there.x1
    assert there.y0 <= there.y1


@given(TURNS, st.integers(0, 29), st.integers(0, 19))
def test_boxes_turn_as_images_do(turn: int, x: int, y: int):
    image = Image.new("L", (30, 20), 255)
    image.putpixel((x, y), 0)
    box = Box(x / 30, y / 20, (x + 1) / 30, (y + 1) / 20).turned(turn)
    turned = turned_image(image, turn)
    assert turned.size == turned_size(30, 20, turn)
    centre = (
        int((box.x0 + box.x1) / 2 * turned.width),
        int((box.y0 + box.y1) / 2 * turned.height),
    )
    assert turned.getpixel(centre) == 0


def test_only_quarter_turns_are_turns():
    with pytest.raises(ValueError, match="45"):
        Box(0, 0, 1, 1).turned(45)


def test_a_turned_page_keeps_the_order_of_its_words_and_knows_the_way_back():
    words = (Word("a", Box(0, 0, 0.25, 0.25), 0), Word("b", Box(0.5, 0.5, 0.75, 0.75), 1))
    page = PageText(words, 210, 297)
    turned = page.turned(90)
    assert [(word.text, word.line) for word in turned.words] == [("a", 0), ("b", 1)]
    assert (turned.width_mm, turned.height_mm, turned.turn) == (297, 210, 270)
    assert turned.turned(turned.turn) == page


@given(boxes(), boxes())
def test_the_share_inside_another_box_is_a_share(one: Box, other: Box):
    assert 0 <= inside_share(one, other) <= 1 + 1e-9


@given(st.floats(-8, 8), st.floats(0.1, 0.85), st.floats(0.1, 0.85))
def test_boxes_found_on_a_straightened_page_land_on_their_words(
    degrees: float, across: float, down: float
):
    width, height = 400, 560
    centre = (across * width, down * height)
    page = Image.new("L", (width, height), 255)
    ImageDraw.Draw(page).rectangle(
        (centre[0] - 4, centre[1] - 4, centre[0] + 4, centre[1] + 4), fill=0
    )
    straight = np.asarray(straightened(page, degrees)) < 128
    rows, columns = np.nonzero(straight)
    if rows.size == 0:
        return  # turned out of the picture
    found = Box(
        columns.min() / width,
        rows.min() / height,
        (columns.max() + 1) / width,
        (rows.max() + 1) / height,
    )
    (word,) = back_on_page((Word("x", found),), degrees, width, height)
    middle = (
        (word.box.x0 + word.box.x1) / 2 * width,
        (word.box.y0 + word.box.y1) / 2 * height,
    )
    assert math.dist(middle, centre) < 4


@pytest.mark.parametrize("degrees", [-6.0, -2.5, -1.0, 0.0, 1.0, 2.5, 6.0])
def test_the_skew_of_a_sheet_is_measured_to_a_fraction_of_a_degree(degrees: float):
    skewed = scan(*LETTER * 2).rotate(-degrees, Image.Resampling.BICUBIC, fillcolor=255)
    assert skew_degrees(skewed) == pytest.approx(degrees, abs=0.25)


@pytest.mark.parametrize("grey", [255, 200])
def test_an_empty_sheet_has_no_skew(grey: int):
    assert skew_degrees(Image.new("L", (1654, 2339), grey)) == 0


def test_a_photograph_has_no_skew():
    noise = np.random.default_rng(1).integers(0, 256, (800, 600), dtype=np.uint8)
    assert skew_degrees(Image.fromarray(noise)) == 0
