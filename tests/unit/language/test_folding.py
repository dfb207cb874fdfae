"""One folding for all: spellings of one word meet."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eakte.language.folding import fold, words_with_spans

LETTERS = "abcdefghijklmnopqrstuvwxyzäöüß"
GERMAN = st.text(alphabet=LETTERS + LETTERS[:-1].upper() + "- ", max_size=40)
TRANSLITERATION = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"}
)


@pytest.mark.parametrize(
    "spellings",
    [
        ("Müller", "Mueller", "Muller", "MÜLLER", "MUELLER", "Mu\u0308ller"),
        ("Straße", "Strasse", "STRASSE", "Stra\u00adße"),
        ("Łukasz", "Lukasz"),
        ("Sørensen", "Sörensen", "Soerensen", "Sorensen"),
        ("Đorđević", "Dordevic"),
        ("Yıldız", "Yildiz", "YILDIZ", "YİLDİZ"),
        ("Steuer", "steuer"),
        ("ﬁnanziell", "finanziell"),
        ("Reiseübernahme", "Reiseuebernahme"),
    ],
)
def test_spellings_of_one_word_fold_alike(spellings: tuple[str, ...]):
    assert len({fold(spelling) for spelling in spellings}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("Hansen", "Jansen"), ("Klage", "Lage"), ("schon", "schonen"), ("§ 44", "44")],
)
def test_different_words_stay_apart(one: str, other: str):
    assert fold(one) != fold(other)


@given(GERMAN)
def test_writing_umlauts_as_two_letters_changes_nothing(text: str):
    assert fold(text.translate(TRANSLITERATION)) == fold(text)


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing_more(text: str):
    assert fold(fold(text)) == fold(text)


@given(GERMAN)
def test_decomposed_letters_fold_like_composed_ones(text: str):
    assert fold(unicodedata.normalize("NFD", text)) == fold(text)


@given(st.text(max_size=60))
def test_every_word_is_the_folded_form_of_its_span(text: str):
    end = 0
    for word in words_with_spans(text):
        assert word.start >= end
        end = word.end
        assert fold(text[word.start : word.end]) == word.text


def test_words_part_at_signs_and_paragraph_signs_stand_alone():
    words = [word.text for word in words_with_spans("§44 SGB-X: 12345//0001234, Größe")]
    assert words == ["§", "44", "sgb", "x", "12345", "0001234", "grosse"]
