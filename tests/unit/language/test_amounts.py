"""Sums of money in German spellings, and as recognition misreads them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eakte.language.amounts import amount_of, amounts, canonical

CENTS = st.integers(0, 99_999_999)


def read(text: str) -> list[str]:
    return [canonical(one.value) for one in amounts(text)]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1.234,56 €", "1234.56"),
        ("1234,56 EUR", "1234.56"),
        ("EUR 1 234,56", "1234.56"),
        ("€ 12,50", "12.50"),
        ("500,- Euro", "500.00"),
        ("1.234.56 €", "1234.56"),
        ("12O,50 €", "120.50"),
        ("l.OOO,00 €", "1000.00"),
        ("10 000 Euro", "10000.00"),
        ("-22,70 €", "22.70"),
    ],
)
def test_a_sum_is_read_however_it_is_written(written: str, value: str):
    assert read(f"Der Betrag von {written} ist offen.") == [value]


@pytest.mark.parametrize(
    "text", ["am 01.12.2026 um 10,30 Uhr", "S 12 AS 345/26", "Telefon 040 66969-206", "§ 22 SGB II"]
)
def test_other_numbers_are_no_sums(text: str):
    assert read(text) == []


@given(CENTS, st.sampled_from(["{} €", "{} EUR", "EUR {}", "{} Euro", "€ {}"]), st.booleans())
def test_every_sum_is_found_again(cents: int, form: str, grouped: bool):
    whole, rest = divmod(cents, 100)
    number = f"{whole:,}".replace(",", ".") if grouped else str(whole)
    written = form.format(f"{number},{rest:02d}")
    assert read(f"Offen sind {written}. Danke") == [f"{whole}.{rest:02d}"]
    assert amount_of(written) == Decimal(cents) / 100


@given(st.text(max_size=60))
def test_any_text_will_do(text: str):
    for one in amounts(text):
        assert 0 <= one.start < one.end <= len(text)
    amount_of(text)
