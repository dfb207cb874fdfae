"""Where the next letter begins: what speaks for it, what against, and what is never said."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from eakte.domain.pages import Box, PageText, Word
from scanner_inbox.letter_starts import AT_MOST, WEIGHTS, LetterStart, letter_starts, look_at


def page(*lines: tuple[float, str]) -> PageText:
    """A4 with lines at these heights (millimetres from the top)."""
    words = []
    for number, (top, text) in enumerate(lines):
        for place, word in enumerate(text.split()):
            left = 0.12 + place * 0.05
            box = Box(left, top / 297, left + 0.04, (top + 4) / 297)
            words.append(Word(text=word, box=box, line=number))
    return PageText(words=tuple(words))


LETTER = page(
    (47, "Stadtwerke Husum · Hafenstraße 3 · 25813 Husum"),
    (63, "Jobcenter Husum"),
    (72, "25813 Husum"),
    (90, "Husum, den 17.11.2026"),
    (105, "Sehr geehrte Damen und Herren,"),
    (120, "wir stellen den Strom ab."),
    (200, "Mit freundlichen Grüßen"),
)
FOLLOWING = page((20, "Seite 2 von 2"), (60, "Fortsetzung der Begründung."))
ENCLOSURE = page((30, "Kontoauszug"), (60, "alter Kontostand"), (70, "neuer Kontostand"))


def start(*pages: PageText) -> LetterStart:
    return letter_starts(pages)[-1]


def codes(one: LetterStart) -> set[str]:
    return {reason.code for reason in one.reasons}


def test_a_letter_after_a_letter_is_sure():
    one = start(LETTER, LETTER)
    assert one.score > 0.95
    assert {"recipient", "sender_line", "salutation", "date", "closing_before"} <= codes(one)


def test_a_second_page_and_a_plain_enclosure_begin_nothing():
    assert start(LETTER, FOLLOWING).score < 0.01
    assert start(LETTER, ENCLOSURE).score < 0.2


def test_page_two_of_three_is_followed_by_page_three():
    second = page((20, "Seite 2 von 3"), (60, "Text"))
    assert "unfinished" in codes(start(second, ENCLOSURE))
    assert start(second, LETTER).score < start(FOLLOWING, LETTER).score


def test_a_letterhead_alone_is_never_sure():
    head = page((47, "Klinik · Am Hang 2 · 25813 Husum"), (72, "25813 Husum"), (90, "17.11.2026"))
    assert 0.5 < start(LETTER, head).score <= AT_MOST


def test_a_letterhead_to_the_office_is_a_letter_but_a_proof_may_be_enclosed():
    head = (
        (45, "Amtsgericht · Am Hang 2 · 25813 Husum"),
        (54, "Jobcenter Nordfriesland"),
        (63, "Markt 4"),
        (72, "25813 Husum"),
        (90, "Husum, 17.11.2026"),
    )
    court = start(FOLLOWING, page(*head, (105, "Beschluss"), (115, "Es wird beschlossen:")))
    assert court.score > 0.9
    assert ("office_addressed", "Jobcenter Nordfriesland, Markt 4") in {
        (one.code, one.words) for one in court.reasons
    }
    for title in ("Meldebescheinigung", "Ärztliches Attest", "Kontoauszug Blatt 1"):
        assert 0.5 < start(FOLLOWING, page(*head, (105, title))).score <= AT_MOST


def test_a_copy_of_a_letter_to_somebody_else_is_never_sure():
    ours = ((45, "Jobcenter Husum · Markt 4 · 25813 Husum"), (105, "Sehr geehrte Frau Meyer,"))
    field = ((54, "Frau Anna Meyer"), (63, "Süderstraße 12"), (72, "25813 Husum"))
    copy = start(LETTER, page(*ours, *field, (90, "Husum, 17.11.2026")))
    assert "office_addressed" not in codes(copy)
    assert copy.score <= AT_MOST


def test_a_greeting_to_nobody_by_name_needs_a_date_alone():
    for greeting in ("Sehr geehrte Damen und Herren,", "Guten Tag,"):
        one = start(ENCLOSURE, page((22, "Petra Müller 14.11.2026"), (57, greeting)))
        assert one.score > 0.9
    by_name = page((22, "Petra Müller 14.11.2026"), (57, "Guten Tag Frau Meyer,"))
    assert start(ENCLOSURE, by_name).score < 0.9


def test_numbers_of_one_kind_are_compared():
    mine, other = page((50, "Ihr Zeichen 12345//0001234")), page((50, "BG 12345BG0009999"))
    customer = page((50, "Kundennummer 123A456789"))
    assert "other_reference" in codes(start(mine, other))
    assert "same_reference" in codes(start(mine, page((50, "12345/0001234"))))
    assert not {"other_reference", "same_reference"} & codes(start(mine, customer))


def test_look_ats_are_read_at_the_edges_only():
    assert look_at(page((280, "Seite 3 von 7"))).number == (3, 7)
    assert look_at(page((280, "- 4 -"))).number == (4, None)
    assert look_at(page((150, "siehe Seite 3 von 7"))).number is None


lines = st.lists(st.tuples(st.floats(0, 290), st.text(max_size=40)), max_size=12)


@given(st.lists(lines, max_size=5))
def test_any_text_gets_a_score_with_known_reasons(texts):
    found = letter_starts([page(*one) for one in texts])
    assert [one.place for one in found] == list(range(1, len(texts)))
    for one in found:
        assert 0 <= one.score <= 1
        assert codes(one) <= WEIGHTS.keys()
