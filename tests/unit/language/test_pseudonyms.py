"""No planted name and no planted number survives; what the letter is about does."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eakte.domain.pages import Box, PageText, Word
from eakte.language.folding import fold
from eakte.language.names import name_parts
from eakte.language.pseudonyms import MAIL, NAME, PLACE, WEB, known_from, pseudonymised

NOBODY = known_from((), ())
FAMILY = known_from(
    ["Jörg", "Müller-Lüdenscheidt", "Ayşe", "Li", "Özdemir", "Wiśniewski"],
    ["Süderstraße 12", "Husum"],
)


def page_of(text: str) -> PageText:
    """Words in lines, as OCR gives them."""
    return PageText(
        words=tuple(
            Word(
                text=word, box=Box(0.1 + at / 100, row / 100, 0.11 + at / 100, row / 100), line=row
            )
            for row, line in enumerate(text.split("\n"))
            for at, word in enumerate(line.split())
        )
    )


def without(text: str, known=FAMILY) -> str:
    return pseudonymised(page_of(text), known).text


@pytest.mark.parametrize(
    "text",
    [
        "Jörg Müller-Lüdenscheidt",
        "MÜLLER-LÜDENSCHEIDT, JÖRG",
        "Mueller-Luedenscheidt",
        "Herrn Müllers Antrag",
        "Müller- Lüdenscheidt",
        "Lüden- scheidt",
        "M ü l l e r",
        "MüllerJörg",
        "Mül1er",
        "AYSE Özdemirs",
        "Frau Li",
        "Süderstrasse",
        "wisniewski",
    ],
)
def test_what_the_register_knows_goes_in_every_spelling(text: str):
    said = fold(without(text)).replace(" ", "")
    for name in ("muller", "ludenscheidt", "lüden", "scheidt", "jorg", "ayse", "ozdemir", "suder"):
        assert fold(name) not in said
    assert "wisniewski" not in said
    assert "li" not in said.split()


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("Sehr geehrte Frau Petersen,", "Petersen"),
        ("Mit freundlichen Grüßen\nBoy Christiansen", "Christiansen"),
        ("Vermieter: Detlef Harms", "Harms"),
        ("Vermieter ist Detlef Harms", "Harms"),
        ("meine Nachbarin Sabine Petersen hat es gesehen", "Petersen"),
        ("seine Freundin Lena Ketelsen", "Ketelsen"),
        ("Mein Name ist Peter Hansen", "Hansen"),
        ("Ich, Birte Carstensen, erkläre", "Carstensen"),
        ("Rechtsanwälte Jensen & Partner", "Jensen"),
        ("zu Händen Kowalski", "Kowalski"),
        ("Dr. med. Antje Voß", "Voß"),
        ("geb. Thomsen", "Thomsen"),
        ("Frauke Jessen\nLange Straße 4\n25813 Husum", "Jessen"),
        ("wohnhaft Am Deichweg 7", "Deichweg"),
        ("25899 Niebüll", "Niebüll"),
        ("Frau Anna von der Heide", "Heide"),
    ],
)
def test_what_only_its_place_gives_away_goes_too(text: str, gone: str):
    assert gone not in without(text, NOBODY)


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("12345//0001234", "00000//0000000"),
        ("123A456789", "000X000000"),
        ("DE89 3704 0044 0532 0130 00", "XX00 0000 0000 0000 0000 00"),
        ("07.03.1984", "00.00.0000"),
        ("+49 (0)4841/12-34", "+00 (0)0000/00-00"),
        ("S 31 AS 270/14 ER", "S 00 AS 000/00 ER"),
        ("412,60 Euro", "000,00 Euro"),
        ("j.mueller@web.de", MAIL),
        ("www.familie-mueller.de", WEB),
    ],
)
def test_of_a_number_its_shape_is_left(text: str, shape: str):
    assert without(text, NOBODY) == shape


@pytest.mark.parametrize(
    "text",
    [
        "§ 44 SGB X",
        "nach § 40 Abs. 1 SGB II",
        "§§ 45, 48 SGB X",
        "Art. 15 DSGVO",
        "hiermit lege ich Widerspruch ein gegen den Bescheid",
        "Die Heizkosten wurden nicht in voller Höhe anerkannt.",
        "Hiermit beantrage ich Wohngeld.",
        "Das sah die Nachbarin. Räumung droht.",
    ],
)
def test_what_the_letter_is_about_stays(text: str):
    assert without(text) == text


def test_a_number_that_follows_a_citation_is_none_of_it():
    assert without("§ 44 12345//0001234", NOBODY) == "§ 44 00000//0000000"
    assert without("Nr. 1234", NOBODY) == "Nr. 0000"


def test_every_word_keeps_its_place():
    page = page_of("Frau Müller\nwohnt Süderstraße 12 in Husum")
    made = pseudonymised(page, FAMILY)
    assert [word.box for word in made.words] == [word.box for word in page.words]
    assert [word.text for word in made.words] == ["Frau", NAME, "wohnt", PLACE, "00", "in", PLACE]


LETTERS = "abcdefghijklmnoprstuvwzäöüß"
NAMES = st.text(LETTERS, min_size=4, max_size=12).map(str.capitalize)
LETTER = """hiermit lege ich gegen den Bescheid vom Widerspruch ein bitte um Prüfung der Kosten der
Unterkunft und Heizung Miete Wohnung § 22 SGB II Abs. 1 Satz 2"""
WORDS = st.sampled_from(sorted(set(LETTER.split())))
DRESSES = st.sampled_from(
    ["{}", "{},", "„{}“", "({})", "{}s", "{}.", "Herrn {}", "{}-Hansen", "Familie/{}", "\n{}\n"]
)
CASES = st.sampled_from([str, str.upper, str.lower])


@given(
    names=st.lists(NAMES, min_size=1, max_size=4),
    words=st.lists(WORDS, max_size=12),
    dress=DRESSES,
    case=CASES,
    data=st.data(),
)
def test_no_planted_name_survives(names, words, dress, case, data):
    text = list(words)
    for name in names:
        place = data.draw(st.integers(0, len(text)))
        text.insert(place, dress.format(case(name)))
    found = re.findall(r"[^\W\d_]+", fold(without(" ".join(text), known_from(names, ()))))
    for part in {part for name in names for part in name_parts(name)}:
        assert part not in found


DIGITS = st.text("0123456789", min_size=4, max_size=22)
FORMS = st.sampled_from(["{}", "A{}", "DE{}", "Nr. {}", "Tel.: {}", "{}/26", "BG-{}", "({})"])


@given(
    number=DIGITS,
    form=FORMS,
    words=st.lists(WORDS, max_size=8),
    width=st.integers(2, 6),
    data=st.data(),
)
def test_no_planted_number_survives_however_it_is_grouped(number, form, words, width, data):
    groups = " ".join(number[at : at + width] for at in range(0, len(number), width))
    # A citation keeps its number: what stands right behind one is no more than that.
    text = [word for word in words if "§" not in word]
    text.insert(data.draw(st.integers(0, len(text))), form.format(groups))
    left = re.findall(r"\d+", without(" ".join(text), NOBODY))
    assert set("".join(left)) <= {"0"}


STRANGERS = st.sampled_from(
    ["Kowalczyk", "Demirtaş", "Brandstätter", "O'Neill", "Nguyen", "Petrov-Lang", "Wünsche"]
)
FIRST_NAMES = st.sampled_from(["Ümit", "Heike", "Karl-Heinz", "Olena", "Sven", "Annegret"])
CUES = st.sampled_from(
    [
        "ich habe mit Frau {last} gesprochen",
        "Herrn {first} {last} habe ich angerufen",
        "laut Herrn Dr. {last} bin ich krank",
        "Frau Dr. med. {first} {last} bestätigt es",
        "Vermieter: {first} {last}",
        "mein Sohn {first} wohnt bei mir",
        "die Eheleute {first} und {last}",
        "Mit freundlichen Grüßen\n{first} {last}",
        "Mit freundlichen Grüßen\ni. A. {last}",
        "gez. {last}",
        "{first} {last}\nLindenweg 7\n24937 Flensburg",
        "geb. {last}",
        "Kontoinhaber {first} {last}",
        "Ihre Sachbearbeiterin {last} sagte",
        "Sehr geehrte Frau {last},",
    ]
)


@given(last=STRANGERS, first=FIRST_NAMES, cue=CUES, before=st.sampled_from(["", "anbei\n"]))
def test_no_third_person_survives_where_letters_name_people(last, first, cue, before):
    """Nobody of them stands in the register."""
    said = fold(without(before + cue.format(last=last, first=first), NOBODY))
    parts = [part for name in (last, first) for part in name_parts(name) if len(part) > 1]
    assert not [part for part in parts if part in re.findall(r"\w+", said)], said


@given(
    written=st.sampled_from(
        [
            "DE89 3704 0044 0532 0130 00",
            "DE89370400440532013000",
            "04841 / 66-1234",
            "+49 (0)4841 661234",
            "heike.kowalczyk@example.org",
            "heike (at) example.org",
            "12345//0001234",
            "65 170839 J 003",
            "A123456789",
        ]
    ),
    around=st.sampled_from(["{}", "IBAN: {}", "Tel. {},", "({})", "per Mail an {}."]),
)
def test_no_account_telephone_or_mail_address_survives(written, around):
    said = without(around.format(written), NOBODY)
    assert not re.search(r"[1-9]", said), said
    assert not re.search(r"heike|kowalczyk|example\.org", said, re.IGNORECASE), said
