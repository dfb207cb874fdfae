"""A cover is believed only where this authority signed it."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from eakte.domain.pages import Box, PageCode, SheetKind
from scanner_inbox.payloads import (
    SEPARATOR,
    cover_key,
    cover_on,
    kind_of,
    read_cover,
    signed_cover,
)

KEY = cover_key(b"a secret of thirty-two bytes or so")


def code(text: str) -> PageCode:
    return PageCode(symbology="qr", text=text, box=Box(0, 0, 1, 1))


@given(st.from_regex(r"\d{5}//\d{7}", fullmatch=True), st.sampled_from(["", "weiterbewilligung"]))
def test_a_signed_cover_survives_its_text(number, schlagwort):
    cover = signed_cover(number, schlagwort, KEY)
    read = read_cover(cover.text)
    assert read == cover
    assert read.is_signed(KEY)


def test_no_part_of_a_cover_can_be_changed():
    cover = signed_cover("12345//0001234", "weiterbewilligung", KEY)
    for forged in (
        replace(cover, aktenzeichen="12345//0001235"),
        replace(cover, schlagwort="widerspruch"),
        replace(cover, signature="0" * 16),
        replace(cover, signature=""),
    ):
        assert not forged.is_signed(KEY)
    assert not cover.is_signed(cover_key(b"another authority"))


@given(st.text(max_size=60))
def test_foreign_codes_make_nothing_of_a_page(text):
    if read_cover(text) is None and text != SEPARATOR:
        assert kind_of([code(text)]) is SheetKind.PAGE


def test_our_codes_say_what_the_sheet_is():
    cover = signed_cover("12345//0001234", "", KEY)
    assert kind_of([code("https://example.org"), code(SEPARATOR)]) is SheetKind.SEPARATOR
    assert kind_of([code(cover.text)]) is SheetKind.COVER
    assert cover_on([code("x"), code(cover.text)]) == cover
