"""The lot that nobody chooses, and who counts as the one who scanned."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eakte.domain.proof import PaperFate, QualityRules, operators_together, sample

PAGES = st.sets(st.uuids().map(str), max_size=60)


@given(PAGES, st.floats(0.1, 100))
def test_the_sample_has_its_share_and_one_page_at_least(pages: set[str], percent: float):
    drawn = sample("batch", pages, percent)
    assert drawn <= pages
    assert len(drawn) == min(len(pages), max(1, math.ceil(len(pages) * percent / 100)))


@given(PAGES, st.randoms())
def test_the_lot_is_the_same_in_whatever_order_the_pages_come(pages: set[str], rng):
    ordered = sorted(pages)
    shuffled = ordered.copy()
    rng.shuffle(shuffled)
    assert sample("batch", ordered, 4) == sample("batch", shuffled, 4)


def test_another_batch_draws_other_pages():
    pages = [f"page-{number}" for number in range(1000)]
    first, second = sample("one", pages, 4), sample("two", pages, 4)
    assert len(first) == len(second) == 40
    assert len(first & second) < 15


def test_every_page_is_drawn_about_as_often_as_any_other():
    pages = [f"page-{number}" for number in range(50)]
    times = dict.fromkeys(pages, 0)
    for batch in range(2000):
        for page in sample(f"batch-{batch}", pages, 4):
            times[page] += 1
    assert sum(times.values()) == 4000
    assert min(times.values()) > 40
    assert max(times.values()) < 130


@pytest.mark.parametrize(
    ("operator", "is_same"),
    [
        ("s.scan", True),
        ("S.Scan", True),
        ("Silke Scan", True),
        ("Platz 3", True),
        ("Timo", False),
        ("", False),
        (None, False),
    ],
)
def test_an_operator_is_known_by_login_name_and_pseudonym(operator: str | None, is_same: bool):
    rules = QualityRules(pseudonyms={"Platz 3": "s.scan"})
    assert rules.is_operator(operator, "s.scan", "Silke Scan") is is_same


def test_the_rules_suggest_and_a_deed_is_kept():
    rules = QualityRules(
        never_destroy=frozenset({"personenstand"}), suggested={"andere_stelle": PaperFate.FORWARD}
    )
    assert rules.fate(["kontoauszug"]) is PaperFate.DESTROY
    assert rules.fate(["andere_stelle", "kontoauszug"]) is PaperFate.FORWARD
    assert rules.fate(["kontoauszug", "personenstand"]) is PaperFate.KEEP


@given(st.lists(st.text("abcdef.", min_size=1, max_size=40), min_size=1, max_size=30))
def test_whoever_added_to_a_batch_counts_as_operator_however_many_they_are(names: list[str]):
    joined: str | None = None
    for name in names:
        joined = operators_together(joined, name)
    assert joined is not None
    assert len(joined) <= 200
    assert all(QualityRules().is_operator(joined, name, "") for name in names)
