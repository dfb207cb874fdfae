import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from eakte.domain.pages import Box, PageText, Word
from eakte.language.analysis import (
    analyse,
    document_terms,
    exact_key,
    head_terms,
    page_terms,
    units,
)
from eakte.language.stems import LONGEST_TERM, term_of

VALID_TAX_ID = "36574261809"
NOWHERE = Box(0, 0, 0, 0)
MONTHS = (
    *("Januar", "Februar", "März", "April", "Mai", "Juni"),
    *("Juli", "August", "September", "Oktober", "November", "Dezember"),
)


def terms(text: str) -> list[str]:
    return [token.term for token in analyse(text) if not token.extra]


def all_terms(text: str) -> set[str]:
    return {token.term for token in analyse(text)}


def page(*lines: str) -> PageText:
    return PageText(
        tuple(
            Word(text, NOWHERE, line=number)
            for number, line in enumerate(lines)
            for text in line.split()
        )
    )


@pytest.mark.parametrize("spelling", ["Müller", "Mueller", "Muller", "MÜLLER", "Mu\u0308ller"])
def test_every_spelling_of_a_name_is_one_term(spelling: str):
    assert terms(spelling) == terms("Müller")


@pytest.mark.parametrize(
    "forms",
    [
        "Bescheid Bescheide Bescheides Bescheids Bescheiden BESCHEID",
        "Bewilligung Bewilligungen",
        "Miete Mieten Mieter",
        "neu neue neuen neuer neues",
        "Frau Frauen",
        "Steuer Steuern",
        "Bauer Bauern",
        "Straße Straßen Strasse STRASSEN",
        "Antrag Anträge Anträgen Antraege Antrages",
        "Haus Häuser Häusern Haeuser",
        "Betreuer Betreuerin Betreuerinnen",
        "Wohnung Wohnungen",
    ],
)
def test_inflected_forms_meet(forms: str):
    assert len(set(terms(forms))) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("Miete", "Mitte"), ("Bescheid", "Beschwerde"), ("neun", "neuen"), ("Strom", "Sturm")],
)
def test_different_words_stay_apart(one: str, other: str):
    assert terms(one) != terms(other)


@given(st.text(alphabet="abcdefgiklmnoprstuwzäöüß", min_size=3, max_size=20))
@example("geübt")
@example("häufigkeit")
def test_a_word_with_umlauts_written_out_is_the_same_term(word: str):
    # "aü" and "eü" at a word's very end are no German; there the ending wins (see stems.py).
    if word.rstrip("nrsmtdei")[-2:] in {"aü", "eü", "uü", "äü", "oü", "öü", "üü"}:
        return
    written_out = word.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")
    assert term_of(written_out) == term_of(word)
    assert term_of(word.upper()) == term_of(word)


@pytest.mark.parametrize(
    "spelling",
    [
        "§ 22 Abs. 1 SGB II",
        "§22 Abs.1 SGB II",
        "§ 22 Absatz 1 SGB 2",
        "§ 22 (1) SGB II",
        "§ 22 I SGB II",
        "§ 22 abs. 1 sgb ii",
        "§ 22 Abs. 1 SGB Il",
        "§ 22 Abs. 1, SGB-II",
        "Paragraph 22 Absatz 1 SGB II",
        "§ 22 Abs. 1 des SGB II",
        "§ 22 Abs. 1 des Zweiten Buches Sozialgesetzbuch",
        "§\n22 Abs. 1\nSGB II",
    ],
)
def test_every_spelling_of_a_paragraph_is_the_same_terms(spelling: str):
    assert analyse_terms(spelling) == analyse_terms("§ 22 Abs. 1 SGB II")


def analyse_terms(text: str) -> list[str]:
    return [token.term for token in analyse(text)]


@pytest.mark.parametrize(
    "coarser", ["§ 22", "§ 22 SGB II", "§ 22 Abs. 1", "§ 22 Abs. 1 Satz 2 SGB II", "SGB II", "SGB"]
)
def test_a_coarser_reference_is_a_term_of_the_finer_one(coarser: str):
    (asked,) = units(coarser)
    assert asked.forms[0][0] in all_terms("nach § 22 Abs. 1 Satz 2 Nr. 3 SGB II")


@pytest.mark.parametrize("other", ["§ 22 SGB X", "§ 22 Abs. 2", "§ 2 SGB II", "§ 22a SGB II"])
def test_another_reference_is_not(other: str):
    (asked,) = units(other)
    assert asked.forms[0][0] not in all_terms("nach § 22 Abs. 1 Satz 2 Nr. 3 SGB II")


def test_paragraphs_in_a_row_share_their_law():
    assert {"§7sgb2", "§9sgb2", "§11bsgb2"} <= all_terms("gemäß §§ 7, 9 und 11b SGB II")


def test_two_references_keep_their_own_law():
    found = all_terms("§ 44 SGB X i.V.m. § 40 Abs. 1 SGB II")
    assert {"§44sgb10", "§40abs1sgb2"} <= found
    assert "§44sgb2" not in found


@pytest.mark.parametrize("typed", ["12345//0001234", "12345/0001234", "123450001234"])
def test_a_file_number_is_found_with_and_without_its_strokes(typed: str):
    assert terms(typed) == terms("12345//0001234")


def test_a_file_number_is_found_by_its_parts_and_without_leading_zeros():
    assert {"12345", "0001234", "1234"} <= all_terms("Az.: 12345//0001234")


def test_a_file_number_with_bg_is_the_same_number():
    (asked,) = units("12345BG0001234")
    assert ("123450001234",) in asked.forms
    assert "123450001234" in all_terms("12345BG0001234")


@pytest.mark.parametrize("typed", ["1.234,56", "1234,56", "1234.56"])
def test_an_amount_is_one_term_in_every_spelling(typed: str):
    assert terms(typed) == ["1234,56"]


def test_an_amount_is_found_without_its_separators():
    assert "123456" in all_terms("1.234,56 €")


@pytest.mark.parametrize("typed", ["500 €", "500 EUR", "500 Euro"])
def test_the_currency_is_one_term(typed: str):
    assert terms(typed) == ["500", "eur"]


@pytest.mark.parametrize("typed", ["500,00 €", "500,- €", "500,-- Euro"])
def test_whole_amounts_are_found_by_their_number(typed: str):
    assert terms(typed) == ["500,00", "eur"]
    assert "500" in all_terms(typed)


@given(st.dates(date(1950, 1, 1), date(2035, 12, 31)))
def test_every_spelling_of_a_date_is_one_term(day: date):
    spellings = [
        f"{day.day:02d}.{day.month:02d}.{day.year}",
        f"{day.day}.{day.month}.{day.year}",
        f"{day.day}. {MONTHS[day.month - 1]} {day.year}",
        day.isoformat(),
    ]
    assert {tuple(terms(spelling)) for spelling in spellings} == {(f"{day:%Y%m%d}",)}


@pytest.mark.parametrize("asked", ["April 2026", "04/2026", "04.2026", "2026", "April"])
def test_a_day_is_found_by_its_month_and_year(asked: str):
    (unit,) = units(asked)
    assert unit.forms[0][0] in all_terms("am 1. April 2026")


def test_both_days_of_a_span_are_found():
    assert terms("01.03.2026-31.03.2026") == ["20260301", "20260331"]


def test_a_date_that_does_not_exist_is_a_number():
    assert terms("31.02.2026") == ["31022026"]


@pytest.mark.parametrize(
    "typed", ["DE89 3704 0044 0532 0130 00", "DE89370400440532013000", "de89 37040044 0532013000"]
)
def test_an_account_is_found_with_and_without_blanks(typed: str):
    assert terms(typed) == ["de89370400440532013000"]


def test_a_court_number_is_found_in_one_and_by_its_parts():
    assert "s12as34526" in all_terms("Az. S 12 AS 345/26")
    assert terms("S 12 AS 345/26") == ["s", "12", "as", "34526"]


def test_a_word_broken_at_the_line_end_is_one_word():
    assert terms("Der Bewilligungs-\nbescheid") == terms("Der Bewilligungsbescheid")


def test_a_word_broken_at_the_line_end_is_one_word_in_a_list_of_lines():
    joined = analyse(["Der Bewilligungs-", "bescheid kam"])
    assert [token.term for token in joined] == terms("Der Bewilligungsbescheid kam")
    assert joined[1][1:3] == (4, len("Der Bewilligungs-\nbescheid"))


def test_a_hyphen_that_stands_for_the_rest_of_a_word_joins_nothing():
    assert terms("Heiz-\nund Nebenkosten") == terms("Heiz und Nebenkosten")


def test_a_double_name_broken_at_its_hyphen_is_the_double_name():
    assert analyse_terms("Müller-\nLüdenscheidt") == analyse_terms("Müller-Lüdenscheidt")


def test_a_hyphenated_word_is_found_in_one():
    assert "email" in all_terms("E-Mail")
    assert terms("E-Mail") == ["e", "mail"]


def test_a_soft_hyphen_and_zero_width_signs_change_nothing():
    assert terms("Wider\u00adspruch Be\u200bscheid") == terms("Widerspruch Bescheid")


@pytest.mark.parametrize(
    "written",
    [
        VALID_TAX_ID,
        "36 574 261 809",
        "36 574\n261 809",
        "36/574/261/809",
        "3 6 5 7 4 2 6 1 8 0 9",
        "Steuer-ID: 365 742 618 09",
        "IdNr. 36574261808",
        "steuerliche Identifikationsnummer 36 574 261 808",
        "Mitglied 7 Nummer 36574261809 vom Amt",
    ],
)
def test_a_tax_id_yields_no_term(written: str):
    digits = "".join(char for char in written if char.isdigit())
    for term in all_terms(f"Anlage {written} Ende"):
        assert term not in digits or term == "7"


@pytest.mark.parametrize(
    "written",
    [
        "36574261808",
        "Tel. 36574261809",
        "+36574261809",
        "12345//0001234",
        "DE89370400440532013000",
        "0151 23456789",
    ],
)
def test_other_long_numbers_stay(written: str):
    digits = "".join(char for char in written if char.isdigit())
    kept = "".join(token.term for token in analyse(written) if not token.extra)
    assert "".join(char for char in kept if char.isdigit()) == digits


@given(st.integers(10**10, 10**11 - 1).map(str))
def test_few_other_numbers_pass_for_a_tax_id(number: str):
    # Whatever is dropped has one repeated digit; the rest of the rule is python-stdnum's.
    if not terms(number):
        counts = sorted(number[:10].count(digit) for digit in set(number[:10]))
        assert counts[-1] in {2, 3}
        assert counts[-2] == 1


@given(st.text(max_size=200))
@example("²³ ٣٤ §§ 1 §")
@example("SGB l1 §1 I I I")
@example("\ud800")
def test_any_text_can_be_analysed(text: str):
    for token in analyse(text):
        assert 0 <= token.start < token.end <= len(text)
        assert 0 < len(token.term) <= 4 * LONGEST_TERM
        assert not any(char.isspace() for char in token.term)


@given(st.text(max_size=60), st.text(max_size=60))
def test_what_stands_on_another_line_changes_no_place(before: str, after: str):
    placed = [token for token in analyse(f"{before}\n{after}") if not token.extra]
    assert placed == sorted(placed, key=lambda token: token.start)


def test_rubbish_without_blanks_costs_little():
    assert len(all_terms("x" * 100_000 + "1" * 100_000)) <= 3


@pytest.mark.parametrize(
    "rubbish", ["§ 1" + " Abs. 1" * 2_000, "§§ 1" + ", 2" * 5_000, "1 " * 5_000, "a-\n" * 5_000]
)
def test_endless_repetition_makes_no_endless_terms(rubbish: str):
    found = analyse(rubbish)
    assert len(found) < 4 * len(rubbish.split())
    assert max(len(token.term) for token in found) <= 2 * LONGEST_TERM


def test_a_page_names_the_words_that_say_a_term():
    found = {
        term.term: term.words
        for term in page_terms(page("Der Bewilligungs-", "bescheid nach § 22", "Abs. 1 SGB II"))
    }
    assert found["der"] == (0,)
    assert found["bewilligungsbescheid"] == (1, 2)
    assert found["§22abs1sgb2"] == (4, 5, 6, 7, 8, 9)
    assert found["sgb2"] == (8, 9)


def test_two_terms_of_one_word_both_name_it():
    found = page_terms(page("und/oder Ende"))
    assert [(term.term, term.words) for term in found] == [
        ("und", (0,)),
        ("oder", (0,)),
        ("end", (1,)),
    ]


def test_an_empty_page_has_no_terms():
    assert page_terms(PageText(())) == ()


@given(st.lists(st.text(max_size=12), max_size=30))
def test_page_and_document_have_the_same_terms(texts: list[str]):
    made = PageText(tuple(Word(text, NOWHERE, line=n // 4) for n, text in enumerate(texts)))
    document = document_terms([made])
    found = page_terms(made)
    assert document.body == tuple(term.term for term in found if not term.extra)
    assert set(document.loose) == {term.term for term in found if term.extra}
    assert all(0 <= word < len(texts) for term in found for word in term.words)


def test_the_head_holds_parts_of_numbers_behind_the_words():
    assert head_terms(["Jörg Müller", "12345//0001234"])[:3] == ("jorg", "mull", "123450001234")
    assert "0001234" in head_terms(["12345//0001234"])


@pytest.mark.parametrize("spelling", ["12345//0001234", "12345/0001234", "12345BG0001234"])
def test_an_exact_value_is_compared_in_one_spelling(spelling: str):
    assert exact_key(spelling) == "123450001234"


@given(st.text(max_size=40))
def test_the_key_of_a_key_is_itself(text: str):
    assert exact_key(exact_key(text)) == exact_key(text)


def test_several_threads_get_the_terms_of_one():
    endings = ("e", "es", "en", "ern", "lichkeit", "ungen")
    words = [f"{part}{end}" for part in ("bescheid", "wohnung", "kündigung") for end in endings]
    alone = [term_of.__wrapped__(word) for word in words]
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as threads:
            answers = list(
                threads.map(lambda _: [term_of.__wrapped__(w) for w in words], range(40))
            )
    finally:
        sys.setswitchinterval(before)
    assert all(answer == alone for answer in answers)
