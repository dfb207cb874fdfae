"""Cutting a run into letters: every page ends in exactly one place, in the order of the run."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from eakte.domain.pages import SheetKind
from scanner_inbox.division import Letter, divide, proposable

PAGE, BLANK, SEPARATOR, COVER = (
    SheetKind.PAGE,
    SheetKind.BLANK,
    SheetKind.SEPARATOR,
    SheetKind.COVER,
)
kinds = st.lists(st.sampled_from(list(SheetKind)), min_size=1, max_size=40)


def numbered(*sheets: SheetKind) -> list[tuple[int, SheetKind]]:
    return list(enumerate(sheets, 1))


@given(kinds, st.sets(st.integers(1, 40)), st.randoms())
def test_no_page_is_lost_or_doubled_and_the_order_is_kept(sheets, cuts, rng):
    run = numbered(*sheets)
    rng.shuffle(run)
    order = [number for number, _ in run]
    division = divide(run, cuts)
    placed = [number for letter in division.letters for number in letter.pages]
    assert sorted([*placed, *division.separators]) == sorted(order)
    assert placed == [number for number in order if number in set(placed)]
    for letter in division.letters:
        assert letter.removed < set(letter.pages)  # something is left


@given(kinds, st.sets(st.integers(1, 40)))
def test_only_blank_sides_and_covers_are_removed(sheets, cuts):
    run = numbered(*sheets)
    removed = {one for letter in divide(run, cuts).letters for one in letter.removed}
    assert {dict(run)[one] for one in removed} <= {BLANK, COVER}


@given(kinds)
def test_a_page_with_content_is_never_recorded_as_a_separator(sheets):
    run = numbered(*sheets)
    division = divide(run)
    assert {dict(run)[one] for one in division.separators} <= {SEPARATOR, BLANK}
    if PAGE in sheets:
        assert {dict(run)[one] for one in division.separators} <= {SEPARATOR}


@given(kinds, st.sets(st.integers(1, 40)))
def test_every_letter_ends_at_a_separator_and_at_the_next_cover(sheets, cuts):
    run = numbered(*sheets)
    for letter in divide(run, cuts).letters:
        found = [dict(run)[one] for one in letter.pages]
        assert found.count(COVER) <= 1
        if COVER in found:
            assert PAGE not in found[: found.index(COVER)]


def test_a_stack_with_separators_and_backs():
    run = numbered(PAGE, BLANK, SEPARATOR, BLANK, PAGE, PAGE)
    division = divide(run)
    assert division.letters == (
        Letter((1, 2), frozenset({2})),
        Letter((4, 5, 6), frozenset({4})),
    )
    assert division.separators == (3,)


def test_blank_pages_alone_are_a_letter_and_beside_separators_their_backs():
    assert divide(numbered(BLANK, BLANK)).letters == (Letter((1, 2)),)
    assert divide(numbered(SEPARATOR, BLANK)).letters == ()
    assert divide(numbered(SEPARATOR, BLANK)).separators == (1, 2)


def test_a_cover_begins_a_letter_and_stays_where_nothing_follows():
    assert divide(numbered(PAGE, COVER, PAGE)).letters == (
        Letter((1,)),
        Letter((2, 3), frozenset({2})),
    )
    assert divide(numbered(COVER, BLANK)).letters == (Letter((1, 2), frozenset({2})),)


def test_cuts_are_proposed_between_pages_of_one_part_only():
    assert proposable(numbered(PAGE, BLANK, PAGE, SEPARATOR, PAGE, PAGE, COVER, PAGE)) == [3, 6]


def test_a_noted_separator_is_a_letter_of_its_own_with_its_back():
    run = numbered(PAGE, PAGE, BLANK, PAGE, PAGE, PAGE)
    division = divide(run, noted={2, 6})
    assert [letter.pages for letter in division.letters] == [(1,), (2, 3), (4, 5), (6,)]
    assert division.separators == ()
    assert proposable(run, noted={2, 6}) == [5]


def test_a_noted_cover_stays_with_its_letter():
    (letter,) = divide(numbered(COVER, PAGE, BLANK), noted={1}).letters
    assert (letter.pages, letter.removed) == ((1, 2, 3), {3})
