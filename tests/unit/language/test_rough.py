"""The spelling that a word shares with its misreadings, and who has one."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_11_10

from eakte.domain.pages import Box, PageText, Word
from eakte.language.aktenzeichen import digits_of
from eakte.language.analysis import document_terms
from eakte.language.chunk_terms import terms_of
from eakte.language.known import is_known
from eakte.language.rough import meant_number, rough_of

NOWHERE = Box(0, 0, 0, 0)
NAMES = (
    *("Müller", "Größmann", "Thießen", "Petersen", "Kowalski", "Yıldız", "Brodersen", "Lornsen"),
    *("Wiśniewski", "Demirtaş", "Feddersen", "Clausen", "Hinrichs", "Bondarenko", "Altmann"),
)


def rough_in(written: str) -> tuple[str, ...]:
    return terms_of(written).rough


@pytest.mark.parametrize(
    ("word", "read"),
    [
        ("Müller", "Miiller"),
        ("Müller", "MüIIer"),
        ("Müller", "Mu1ler"),
        ("Größmann", "GröRmann"),
        ("Bößmann", "BößBmann"),
        ("Thießen", "ThieRen"),
        ("Maßnahme", "MaBnahme"),
        ("Kramer", "Krarner"),
        ("Clausen", "Dausen"),
        ("Jobcenter", "Johcenter"),
        ("Widerspruch", "Widèėrspruch"),
        ("Wohnungssuche", "Wwohnungssuche"),
        ("Finanzamt", "Einanzamt"),
        ("Nordstraße", "Nardstraße"),
        ("Einkommen", "Einkommeėn"),
        ("Hausverwaltung", "Hansverwaltnng"),
    ],
)
def test_what_recognition_makes_of_a_word_has_its_rough_form(word: str, read: str):
    assert rough_of(read) == rough_of(word)


@pytest.mark.parametrize(
    ("one", "other"), [("Petersen", "Paulsen"), ("Hansen", "Jansen"), ("Meier", "Mayer")]
)
def test_other_names_have_other_rough_forms(one: str, other: str):
    assert rough_of(one) != rough_of(other)


@given(
    st.sampled_from(NAMES),
    st.sampled_from([("l", "1"), ("l", "I"), ("i", "l"), ("rn", "m"), ("m", "rn"), ("o", "0")]),
)
def test_confused_signs_change_no_rough_form(name: str, confused: tuple[str, str]):
    sign, read = confused
    assume(sign in name[1:])
    assert rough_of(name[0] + name[1:].replace(sign, read, 1)) == rough_of(name)


@given(st.text(alphabet="abcdefghiklmnoprstuwzäöüß", min_size=4, max_size=40))
def test_spellings_of_a_word_share_its_rough_form(word: str):
    assert rough_of(word.upper()) == rough_of(word)
    assert rough_of(word.replace("ß", "ss")) == rough_of(word)


def test_a_word_that_is_known_is_no_other_word_misread():
    assert rough_in("Mitte") == ()
    assert rough_in("Heizkostenabrechnungen") == ()
    assert rough_in("Miettte") == (rough_of("Miete"),)


def test_a_name_may_be_another_one_misread():
    assert rough_in("(Miiller,") == (rough_of("Müller"),)


def test_an_accent_may_be_an_umlaut():
    assert rough_of("Schäfer") in rough_in("Schéfer")
    assert rough_of("André") in rough_in("André")


@pytest.mark.parametrize(
    ("word", "read"),
    [
        ("Nordfriesland", "Nordfriesla,nd"),
        ("Auftragslage", "Auftr`agslage"),
        ("Süderstraße", "Süd:erstraße"),
        ("Widerspruchsbescheid", "Widerspruchsbe$cheid"),
        ("eingereicht", "eingereichłt"),
        ("Damen", "Dìamen"),
        ("Datum", "Datuħ"),
        ("Andresen", "Andresen1"),
        ("September", "SepteMþer"),
        ("Zeichen", "Zejthen"),
        ("Schuljahr", "SchulOjahr"),
        ("Arbeit", "EMrbeit"),
        ("Hafenstraße", "HafenstrąRe"),
        ("Bußgeldakte", "BiRgeldakte"),
        ("Vertragsservice", "Vertragsservicea"),
        ("Techniker", "Teckoiker"),
        ("Herren", "Herrmen"),
    ],
)
def test_a_sign_or_mark_too_many_is_left_out(word: str, read: str):
    assert rough_of(word) in rough_in(f"„{read}“")


def test_signs_between_two_words_make_no_word():
    assert rough_in("und/oder") == ()
    assert rough_in("z.B.") == ()


@pytest.mark.parametrize("glued", ["derBescheid", "derbescheid", "Bescheidnach", "Bescheidvom"])
def test_words_read_as_one_are_found(glued: str):
    assert rough_of("Bescheid") in rough_in(glued)


def test_a_word_read_as_two_is_found():
    assert rough_of("Bewilligung") in document_terms([page("Ihre Bewilli gung vom")]).rough


def page(*lines: str) -> PageText:
    return PageText(
        tuple(
            Word(text, NOWHERE, line=number)
            for number, line in enumerate(lines)
            for text in line.split()
        )
    )


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("12345//OOO1234", "12345//0001234"),
        ("O1.O4.2026", "01.04.2026"),
        ("12O,5O", "120,50"),
        ("Bescheid", ""),
        ("2026", ""),
        ("E-10", ""),
    ],
)
def test_letters_in_a_number_are_the_digits_they_resemble(read: str, meant: str):
    assert meant_number(read) == meant


@pytest.mark.parametrize(
    ("read", "term"),
    [
        ("12345//OOO1234", "123450001234"),
        ("O1.O4.2026", "20260401"),
        ("12O,50", "120,50"),
    ],
)
def test_a_misread_number_is_found_by_what_it_was(read: str, term: str):
    assert term in rough_in(read)


def test_words_of_the_field_are_known_in_any_inflection():
    assert all(map(is_known, ("Bescheides", "Mieten", "wohnst", "Kontoauszüge", "überweisen")))
    assert not any(map(is_known, ("Bescheld", "Petersen", "Miettte")))


def test_a_word_broken_over_two_pages_is_one_word():
    first = page("wegen der Bewilligungs-", "Seite 1 von 2")
    second = page("Jobcenter Husum", "bescheide vom 1. April")
    made = document_terms([first, second])
    assert "bewilligungsbescheid" in made.loose
    assert "bescheid" in made.parts


def test_a_hyphen_at_a_page_end_joins_no_nonsense():
    made = document_terms([page("Herr Müller-"), page("kam zu uns")])
    assert "mullerkam" not in (*made.loose, *made.body)


MISREAD_DIGITS = {digits_of(sign): [] for sign in "OlZSGB9"}
for sign in "OoQDlIi|!ZSBGqg":
    MISREAD_DIGITS[digits_of(sign)].append(sign)


@st.composite
def misread_tax_ids(draw: st.DrawFn) -> tuple[str, str]:
    """A valid tax id, and how it was read: in a usual grouping, one or two signs mistaken."""
    once = draw(st.permutations("0123456789"))
    ten = [*once[:9], once[draw(st.integers(0, 8))]]  # one digit twice, one not at all
    ten = draw(st.permutations(ten))
    assume(ten[0] != "0")
    number = "".join(ten)
    number += mod_11_10.calc_check_digit(number)
    signs = list(number)
    mistakable = [place for place, digit in enumerate(number) if digit in MISREAD_DIGITS]
    for place in draw(st.lists(st.sampled_from(mistakable), min_size=1, max_size=2)):
        signs[place] = draw(st.sampled_from(MISREAD_DIGITS[number[place]]))
    groups = draw(st.sampled_from([(11,), (2, 3, 3, 3), (1,) * 11]))
    parts = [signs[sum(groups[:n]) : sum(groups[: n + 1])] for n in range(len(groups))]
    return number, " ".join(map("".join, parts))


@given(misread_tax_ids(), st.sampled_from(["IdNr", "Steuer-ID:", "Kunde", "("]))
def test_a_misread_tax_id_is_in_no_list_of_terms(number: tuple[str, str], before: str):
    meant, read = number
    made = document_terms([page(f"Anlage {before} {read} Ende")])
    for term in (*made.body, *made.loose, *made.parts, *made.rough):
        assert digits_of(term) not in meant


def test_a_repaired_number_in_any_grouping_is_no_tax_id():
    assert rough_in("860.957.427-l9") == ()
    assert rough_in("860.957.427-l8") == ("86095742718",)
