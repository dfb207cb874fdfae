"""How a document becomes a row: nothing that a document says makes PostgreSQL refuse it."""

from __future__ import annotations

from eakte.domain.search import IndexDocument
from eakte.search.postgresql_rows import vector

LONGEST = 1_048_575


def made(body: tuple[str, ...], **more: tuple[str, ...]) -> str:
    return vector(
        IndexDocument(id="x", body=body, head=(), allow=frozenset({"legal"}), **more)  # type: ignore[arg-type]
    )


def test_a_place_says_where_a_term_stands_and_how_often():
    row = IndexDocument(
        id="x", body=("miet", "miet"), head=("miet",), allow=frozenset(), loose=("bg",)
    )
    assert vector(row) == "'miet':1A,2D,3D '\x05bg':1C"


def test_signs_of_the_language_of_vectors_are_quoted():
    assert made(("o'hara", "c:\\temp")) == "'\x04legal' 'o''hara':1D 'c:\\\\temp':1D"


def test_a_term_that_is_too_long_is_left_out():
    assert made(("x" * 3_000, "miet")) == "'\x04legal' 'miet':1D"


def test_the_longest_vector_keeps_rights_and_words_before_weaker_ways():
    body = tuple(f"wort{number:07d}" for number in range(60_000))
    row = made(body, rough=tuple(f"rough{number:07d}" for number in range(60_000)))
    assert len(row.replace("'", "").replace(" ", "").encode()) <= LONGEST
    assert row.startswith("'\x04legal'")
    assert f"'{body[-1]}'" in row
    assert "'\x02rough0000000'" in row
    assert "'\x02rough0059999'" not in row
