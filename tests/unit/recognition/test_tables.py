"""Tables in a grid: read without their lines, their words in rows again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from eakte.domain.pages import Box, PageText, Word
from eakte.recognition.reader import Reader
from eakte.recognition.rules import without_lines
from eakte.recognition.tables import in_rows

WHOLE = Box(0, 0, 1, 1)


def cell(text: str, column: int, row: int, line: int) -> Word:
    """A word of a column that was read as a column of text."""
    x, y = 0.1 + 0.25 * column, 0.2 + 0.05 * row + 0.002 * column
    return Word(text, Box(x, y, x + 0.1, y + 0.02), line=line, block=column)


def grid(rows: int, columns: int) -> Image.Image:
    """A table without words at 200 dpi."""
    image = Image.new("L", (1654, 2339), 255)
    for n in range(rows + 1):
        image.paste(0, (100, 200 + 90 * n, 1500, 203 + 90 * n))
    for n in range(columns + 1):
        x = 100 + n * 1400 // columns
        image.paste(0, (x, 200, x + 3, 200 + 90 * rows + 3))
    return image


def test_columns_become_rows_where_the_table_stood():
    words = (
        Word("Anlage", Box(0.1, 0.05, 0.2, 0.07)),
        *(
            cell(f"{name}{row}", column, row, 1 + 4 * column + row)
            for column, name in enumerate("abc")
            for row in range(4)
        ),
        Word("Seite", Box(0.8, 0.95, 0.9, 0.97), line=13, block=3),
    )
    page = PageText(in_rows(words, (Box(0.05, 0.15, 0.95, 0.5),)))
    assert page.text == "Anlage\na0 b0 c0\na1 b1 c1\na2 b2 c2\na3 b3 c3\nSeite"


def test_what_is_left_of_a_rule_goes_from_the_words_beside_it():
    words = (cell("_Gewinn", 0, 0, 0), cell("610,97|", 1, 0, 1), cell("_", 2, 0, 2))
    assert [word.text for word in in_rows(words, (WHOLE,))] == ["Gewinn", "610,97", "_"]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 9)), unique=True, max_size=30))
def test_no_word_is_lost_or_doubled_and_lines_count_on(places: list[tuple[int, int]]):
    words = tuple(cell(f"{c}-{r}", c, r, n) for n, (c, r) in enumerate(places))
    ordered = in_rows(words, (Box(0.05, 0.15, 0.7, 0.4),))
    assert sorted(word.text for word in ordered) == sorted(word.text for word in words)
    lines = [word.line for word in ordered]
    assert lines == sorted(lines)
    assert set(lines) == set(range(len(set(lines))))


def test_a_full_grid_goes_at_once_and_a_small_one_stays():
    full = without_lines(grid(20, 5), 200)
    assert full.image.getextrema() == (255, 255)
    assert len(full.tables) == 1
    assert not full.gridded
    small = without_lines(grid(6, 2), 200)
    assert small.image.getextrema()[0] == 0
    assert (small.tables, small.gridded) == ((), True)


def test_a_table_reaches_as_far_as_its_rules_across():
    image = Image.new("L", (1654, 2339), 255)
    for n in range(21):
        image.paste(0, (100, 200 + 90 * n, 1500, 203 + 90 * n))
    for x in (500, 700, 900, 1100):
        image.paste(0, (x, 200, x + 3, 2003))
    (table,) = without_lines(image, 200).tables
    assert table.x0 < 0.07
    assert table.x1 > 0.9


def test_a_frame_around_the_page_and_a_streak_make_no_table():
    image = grid(20, 5)
    image.paste(0, (30, 0, 33, 2339))
    image.paste(0, (1620, 0, 1623, 2339))
    image.paste(0, (30, 20, 1623, 23))
    (table,) = without_lines(image, 200).tables
    assert 0.05 < table.x0 < 0.07
    assert 0.08 < table.y0 < 0.09


def test_two_tables_side_by_side_are_two():
    image = Image.new("L", (1654, 2339), 255)
    for left in (100, 900):
        for n in range(21):
            image.paste(0, (left, 200 + 90 * n, left + 600, 203 + 90 * n))
        for x in range(left, left + 601, 200):
            image.paste(0, (x, 200, x + 3, 2003))
    assert len(without_lines(image, 200).tables) == 2


def test_what_looks_like_rules_outside_the_table_stays():
    image = grid(20, 5)
    image.paste(0, (300, 60, 500, 65))
    for box in ((1000, 40, 1400, 43), (1000, 40, 1003, 150), (1397, 40, 1400, 150)):
        image.paste(0, box)  # a field for the stamp
    cleaned = without_lines(image, 200).image
    assert cleaned.getpixel((400, 62)) == 0
    assert cleaned.getpixel((400, 201)) == cleaned.getpixel((1200, 41)) == 255


def test_a_stamp_over_several_rows_keeps_them_apart():
    stamp = Word("bezahlt", Box(0.7, 0.19, 0.75, 0.36), line=2, block=2)
    words = (cell("a0", 0, 0, 0), cell("a1", 0, 1, 1), cell("a2", 0, 2, 2), stamp)
    words = (*words[:3], replace(stamp, line=3), cell("b0", 1, 0, 4), cell("b1", 1, 1, 5))
    lines = PageText(in_rows(words, (WHOLE,))).text.split("\n")
    assert {"a0 b0", "a1 b1", "a2"} <= set(lines)


def test_a_line_is_never_torn_at_the_edge_of_a_table():
    words = tuple(replace(cell(t, n, 0, 0), block=0) for n, t in enumerate(("Miete", "121", "212")))
    assert PageText(in_rows(words, (Box(0.3, 0.1, 0.9, 0.5),))).text == "Miete 121 212"


class DisturbedEngine:
    """Unsure of all that it reads between lines that run down the sheet."""

    name = "disturbed"

    def __init__(self) -> None:
        self.resolutions: list[int] = []

    def recognise(self, image: Image.Image, dpi: int) -> tuple[Word, ...]:
        self.resolutions.append(dpi)
        sure = 0.9 if image.getextrema()[0] > 200 else 0.65
        return (Word("Betriebseinnahmen", Box(0.1, 0.1, 0.5, 0.12), confidence=sure),)

    def orientation(self, _image: Image.Image) -> int:
        return 0


def test_a_table_that_was_read_badly_is_read_without_its_lines_before_300_dpi(tmp_path: Path):
    picture = grid(6, 2).resize((2481, 3508))
    picture.save(tmp_path / "tabelle.png", dpi=(300, 300))
    engine = DisturbedEngine()
    page = Reader(lambda: engine).read_page(tmp_path / "tabelle.png", 1)
    assert page.text.confidence == 0.9
    assert engine.resolutions == [200, 200]
