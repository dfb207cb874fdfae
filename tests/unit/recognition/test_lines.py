from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from eakte.domain.pages import Box
from eakte.recognition.lines import RawWord, in_lines

HEIGHT = 0.01


def at(text: str, x: float, y: float) -> RawWord:
    return RawWord(text, Box(x, y, x + 0.008 * len(text), y + HEIGHT))


def read(*words: RawWord) -> list[str]:
    lines: dict[int, list[str]] = {}
    for word in in_lines(list(words)):
        lines.setdefault(word.line, []).append(word.text)
    return [" ".join(line) for line in lines.values()]


def test_words_side_by_side_are_a_line():
    assert read(at("Sehr", 0.1, 0.3), at("geehrte", 0.14, 0.3), at("Frau", 0.1, 0.32)) == [
        "Sehr geehrte",
        "Frau",
    ]


def test_an_address_field_is_not_mixed_with_the_block_beside_it():
    address = [at("Frau", 0.1, 0.2), at("Muster", 0.1, 0.22), at("Husum", 0.1, 0.24)]
    beside = [at("Zeichen", 0.6, 0.2), at("Datum", 0.6, 0.22)]
    assert read(*address, *beside) == ["Frau", "Muster", "Husum", "Zeichen", "Datum"]


def test_the_value_of_a_form_field_joins_its_label():
    labels = [at("Name:", 0.1, 0.2), at("Geburtsdatum:", 0.1, 0.25), at("Hinweis", 0.1, 0.3)]
    values = [at("Petersen", 0.2, 0.2), at("07.03.1984", 0.25, 0.251)]
    assert read(*labels, *values) == [
        "Name: Petersen",
        "Geburtsdatum: 07.03.1984",
        "Hinweis",
    ]


def test_a_page_written_in_no_order_is_read_from_top_to_bottom():
    words = [at(f"Zeile{n}", 0.1, 0.05 * n) for n in range(1, 11)]
    assert read(*reversed(words)) == [f"Zeile{n}" for n in range(1, 11)]


def test_paragraphs_are_blocks():
    words = in_lines([at("a", 0.1, 0.1), at("b", 0.1, 0.115), at("c", 0.1, 0.2)])
    assert [word.block for word in words] == [0, 0, 1]


@given(
    st.lists(
        st.tuples(st.text("abc", min_size=1, max_size=8), st.floats(0, 0.9), st.floats(0, 0.98)),
        max_size=40,
    )
)
def test_no_word_is_lost_and_lines_are_counted_without_gaps(raw: list[tuple[str, float, float]]):
    words = in_lines([at(text, x, y) for text, x, y in raw])
    assert sorted(word.text for word in words) == sorted(text for text, _, _ in raw)
    numbers = [word.line for word in words]
    assert numbers == sorted(numbers)
    assert set(numbers) == set(range(max(numbers, default=-1) + 1))
    assert [word.block for word in words] == sorted(word.block for word in words)
