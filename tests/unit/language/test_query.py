import time
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from eakte.domain.search import Clause, Likeness, Weaker
from eakte.language.expansion import weaker_of
from eakte.language.periods import period
from eakte.language.query import LONGEST_QUERY, MOST_CLAUSES, ParsedQuery, parse
from eakte.language.query_parsed import MOST_NEAR, MOST_WEAKER
from eakte.language.query_values import DAYS, days, sums


def asked(text: str) -> list[tuple[tuple[str, ...], ...]]:
    return [clause.alternatives for clause in parse(text).clauses]


def test_words_must_all_occur():
    assert asked("Widerspruch Heizung") == [(("widerspruch",),), (("heizung",),)]


def test_a_phrase_keeps_its_order():
    assert asked('"lege ich Widerspruch ein"') == [(("leg", "ich", "widerspruch", "ein"),)]


@pytest.mark.parametrize("quotes", ["„%s“", "“%s”", "»%s«", '"%s"'])
def test_every_kind_of_quotes_makes_a_phrase(quotes: str):
    assert asked(quotes % "neue Heizung") == [(("neu", "heizung"),)]


@pytest.mark.parametrize("text", ["Miete -Heizung", "Miete NICHT Heizung", "-Heizung Miete"])
def test_a_word_can_be_excluded(text: str):
    clauses = {c.alternatives[0][0]: c.excluded for c in parse(text).clauses}
    assert clauses == {"miet": False, "heizung": True}


def test_a_phrase_can_be_excluded():
    assert parse('Miete -"neue Heizung"').clauses[1] == Clause(
        alternatives=(("neu", "heizung"),), excluded=True
    )


@pytest.mark.parametrize(
    ("text", "required", "excluded"),
    [
        ("-§ Miete", ["miet"], []),
        ("Heizung -36574261809 Miete", ["heizung", "miet"], []),
        ("Miete -Rechnung/Mahnung Strom", ["miet", "strom"], ["rechnung", "mahnung"]),
        ("Miete NICHT Rechnung/Mahnung Strom", ["miet", "strom"], ["rechnung", "mahnung"]),
        ("Miete -von/der/Mahnung", ["miet"], ["mahnung"]),
        ("-§ 22 SGB II Miete", ["miet"], ["§22sgb2"]),
        ("Tel 0151 -2345678", ["tel", "0151"], ["2345678"]),
        ("Miete -aus:stadtwerke", ["miet"], ["stadtwerk"]),
    ],
)
def test_a_dash_covers_what_stands_behind_it_and_nothing_else(
    text: str, required: list[str], excluded: list[str]
):
    clauses = parse(text).clauses
    assert [c.alternatives[0][0] for c in clauses if not c.excluded] == required
    assert [c.alternatives[0][0] for c in clauses if c.excluded] == excluded


WITHOUT_BLANKS = st.text(
    st.characters(exclude_categories=("Cc", "Cf", "Cs", "Z"), exclude_characters='"„“”«»‟'),
    max_size=40,
)


@given(WITHOUT_BLANKS, st.booleans())
@example("Rechnung/Mahnung", False)
@example("Rechnung*Mahnung", False)
@example("§", False)
@example("12345//0001234,5:a-b", True)
@example("betrag:viel/wenig", False)
@example("von:Max/Müller", True)
@example("datum:bald/einmal", True)
def test_nothing_behind_a_dash_is_required(text: str, typing: bool):
    parsed = parse(f"-{text.lstrip('-')}" + " " * (not typing), typing=typing, today=TODAY)
    assert all(clause.excluded for clause in parsed.clauses)
    assert (parsed.received_from, parsed.received_to) == (None, None)


def test_a_dash_inside_a_word_excludes_nothing():
    assert [clause.excluded for clause in parse("E-Mail Müller-Lüdenscheidt").clauses] == [
        False,
        False,
    ]


def test_a_hyphenated_word_is_found_in_both_spellings():
    assert asked("E-Mail") == [(("e", "mail"), ("email",))]


def test_oder_lets_one_of_both_do():
    assert asked("Miete ODER Heizung ODER Strom Kosten") == [
        (("miet",), ("heizung",), ("strom",)),
        (("kost",),),
    ]


def test_oder_joins_phrases_and_values_of_one_field():
    assert asked('"neue Heizung" ODER Strom') == [(("neu", "heizung"), ("strom",))]
    (clause,) = parse("schlagwort:widerspruch ODER schlagwort:klage").clauses
    assert clause == Clause(alternatives=(("widerspruch",), ("klage",)), field="schlagwort")


def test_small_oder_is_a_word():
    assert asked("Miete oder") == [(("miet",),)]


def test_words_that_stand_in_every_letter_are_left_out_beside_others():
    assert asked("die Kosten der Heizung") == [(("kost",),), (("heizung",),)]


def test_words_that_stand_in_every_letter_are_searched_alone():
    assert asked("der die") == [(("der",),), (("die",),)]


def test_fields_limit_the_search():
    parsed = parse("schlagwort:Widerspruch akte:12345//0001234 Heizung")
    assert [(c.field, c.alternatives) for c in parsed.clauses] == [
        ("schlagwort", (("widerspruch",),)),
        ("akte", (("123450001234",),)),
        (None, (("heizung",),)),
    ]
    assert parsed.hints == ()


def test_a_field_takes_a_quoted_value():
    assert asked('schlagwort:"Antrag auf Umzug"') == [(("antragaufumzug",),)]


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28)),
        ("02.2028", date(2028, 2, 1), date(2028, 2, 29)),
        ("2026-03-01", date(2026, 3, 1), date(2026, 3, 1)),
        ("1.3.2026", date(2026, 3, 1), date(2026, 3, 1)),
        ("2026-03..2026-05", date(2026, 3, 1), date(2026, 5, 31)),
        ("2026-05..2026-03", date(2026, 3, 1), date(2026, 5, 31)),
        ("2026-03..", date(2026, 3, 1), None),
        ("..2026-03", None, date(2026, 3, 31)),
    ],
)
def test_a_period_is_read(text: str, start: date | None, end: date | None):
    assert period(text) == (start, end)
    parsed = parse(f"Miete datum:{text}")
    assert (parsed.received_from, parsed.received_to) == (start, end)
    assert len(parsed.clauses) == 1


@pytest.mark.parametrize("text", ["", "..", "gestern", "2026-13", "31.02.2026", "2026-03..bald"])
def test_what_is_no_period_is_none(text: str):
    assert period(text) is None


@given(st.text(max_size=30))
def test_any_text_is_a_period_or_none(text: str):
    found = period(text)
    assert found is None or found != (None, None)


@given(st.dates(date(1950, 1, 1), date(2099, 1, 1)), st.dates(date(1950, 1, 1), date(2099, 1, 1)))
def test_a_span_holds_both_its_days(one: date, other: date):
    assert period(f"{one.isoformat()}..{other.isoformat()}") == (min(one, other), max(one, other))


def test_two_periods_both_hold():
    parsed = parse("datum:2026 datum:2026-03..2027-04")
    assert (parsed.received_from, parsed.received_to) == (date(2026, 3, 1), date(2026, 12, 31))


def test_while_typing_the_last_word_may_go_on():
    first, last = parse("Kosten Bewilligu", typing=True).clauses
    assert first.prefixes == ()
    assert last.prefixes == (("bewilligu",),)
    assert ("bewill",) in last.alternatives


@pytest.mark.parametrize("length", range(3, len("Bewilligungen") + 1))
def test_while_typing_the_word_meant_is_found_at_every_letter(length: int):
    (clause,) = parse("Bewilligungen"[:length], typing=True).clauses
    (meant,) = parse("Bewilligungen").clauses[0].alternatives
    assert meant in clause.alternatives or meant[0].startswith(clause.prefixes[0][0])


def test_a_word_with_a_blank_behind_it_is_finished():
    assert parse("Bewilligu ", typing=True).clauses[0].prefixes == ()


def test_a_star_leaves_a_word_open():
    assert parse("Bescheid* Miete").clauses[0].prefixes == (("bescheid",),)


def test_a_number_typed_half_is_open_without_its_separators():
    assert parse("12345//00", typing=True).clauses[0].prefixes == (("1234500",),)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ('"neue Heizung', "Anführungszeichen"),
        ("*scheid", "Platzhalter"),
        ("ODER", "ODER"),
        ("Miete ODER", "ODER"),
        ("-Miete", "schließt nur aus"),
        ("datum:gestern", "datum:gestern"),
        ("aus:stadtwerke", "aus:"),
        ("36574261809", "§ 139b AO"),
        ("schlagwort:!!", "schlagwort:"),
        ("Miete ODER schlagwort:klage", "ODER"),
        ("datum:2025 datum:2026", "überschneiden"),
        ("x" * (LONGEST_QUERY + 1), "lang"),
        ("wort " * (MOST_CLAUSES + 1), "viele"),
    ],
)
def test_a_mistaken_query_gets_a_hint(text: str, word: str):
    (hint, *_) = parse(text).hints
    assert word in hint
    assert hint.endswith((".", "*."))


def test_an_unknown_field_is_searched_for_as_words():
    assert asked("aus:stadtwerke") == [(("stadtwerk",),)]


def test_a_tax_id_is_not_searched_for():
    assert asked("Miete 36 574 261 809") == [(("miet",),)]


def test_nothing_typed_is_an_empty_query():
    assert parse("  ").is_empty
    assert not parse("datum:2026").is_empty


@given(st.text(max_size=300), st.booleans())
@example('"', True)
@example("-", True)
@example("NICHT", False)
@example("§", True)
@example("schlagwort:", True)
@example("akte:\x00 datum:..", False)
@example("((((a+)+)+)+)$ " * 20, True)
@example("\u202eא\u200b -\u200b", True)
def test_nothing_that_can_be_typed_is_an_error(text: str, typing: bool):
    parsed = parse(text, typing=typing)
    assert isinstance(parsed, ParsedQuery)
    for clause in parsed.clauses:
        phrases = clause.alternatives + clause.prefixes
        assert phrases
        assert all(term for phrase in phrases for term in phrase)


@given(
    st.lists(
        st.sampled_from(
            ["Miete", '"', "-", "ODER", "akte:", "datum:2026", "§ 22", " ", "*", "NICHT", "„", ":"]
        ),
        max_size=20,
    ).map("".join)
)
def test_no_mix_of_signs_is_an_error(text: str):
    assert all(hint.endswith(".") for hint in parse(text, typing=True).hints)


# --- sums, days and names -----------------------------------------------------------------------

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("betrag:>500", 50_001, None),
        ("betrag:>=500", 50_000, None),
        ("betrag:<1.000", None, 99_999),
        ("betrag:100..200", 10_000, 20_000),
        ("betrag:200-100", 10_000, 20_000),
        ("betrag:..200 €", None, 20_000),
        ("betrag: über 500 €", 50_001, None),
        ("summe:100 bis 200", 10_000, 20_000),
        ("betrag:>100 betrag:<=200", 10_001, 20_000),
    ],
)
def test_a_span_of_sums_is_read(text: str, least: int | None, most: int | None):
    parsed = parse(f"Miete {text}")
    assert (parsed.amount_from, parsed.amount_to) == (least, most)
    assert [clause.alternatives for clause in parsed.clauses] == [(("miet",),)]
    assert parsed.hints == ()


def test_one_sum_is_a_value_like_others():
    assert parse("-betrag:1.234,56").clauses[0] == Clause(
        alternatives=(("123456",),), field="betrag", excluded=True
    )


@given(st.integers(0, 10**8), st.integers(0, 10**8))
def test_a_span_holds_both_its_sums(one: int, other: int):
    low, high = sorted((one, other))
    text = f"{one // 100},{one % 100:02d}..{other // 100},{other % 100:02d}"
    assert sums(text) == (low, high)


@given(st.text(max_size=30))
def test_any_text_is_a_span_of_sums_or_none(text: str):
    found = sums(text)
    assert found is None or found != (None, None)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("seit:2026-03", date(2026, 3, 1), None),
        ("bis:2026-03", None, date(2026, 3, 31)),
        ("vor:2026-03", None, date(2026, 2, 28)),
        ("nach:1.3.2026", date(2026, 3, 2), None),
        ("eingang:gestern", date(2026, 11, 19), date(2026, 11, 19)),
        ("seit: letzte Woche", date(2026, 11, 9), None),
        ("datum:letzten Monat", date(2026, 10, 1), date(2026, 10, 31)),
        ("datum:März", date(2026, 3, 1), date(2026, 3, 31)),
        ("datum:Dezember", date(2025, 12, 1), date(2025, 12, 31)),
        ("datum:1. April 2026", date(2026, 4, 1), date(2026, 4, 1)),
        ("datum:13.3.", date(2026, 3, 13), date(2026, 3, 13)),
        ("datum:24.12.", date(2025, 12, 24), date(2025, 12, 24)),
        ("zeitraum:Q1/2026", date(2026, 1, 1), date(2026, 3, 31)),
        ("seit:3-Monaten", date(2026, 8, 20), None),
        ("seit:3 Tage", date(2026, 11, 17), None),
        ("seit:2 Wochen", date(2026, 11, 6), None),
        ("seit:2 Jahren", date(2024, 11, 20), None),
        ("vom:1.4.2026", date(2026, 4, 1), date(2026, 4, 1)),
        ("jahr:26", date(2026, 1, 1), date(2026, 12, 31)),
        ("seit:2026-03 vor:2026-06", date(2026, 3, 1), date(2026, 5, 31)),
    ],
)
def test_days_are_read_as_people_say_them(text: str, start: date | None, end: date | None):
    parsed = parse(f"{text} Miete", today=TODAY)
    assert (parsed.received_from, parsed.received_to) == (start, end)
    assert [clause.alternatives for clause in parsed.clauses] == [(("miet",),)]


@given(st.sampled_from(sorted(DAYS)), st.text(max_size=30))
def test_any_text_is_a_span_of_days_or_none(field: str, text: str):
    found = days(field, text, TODAY)
    assert found is None or found != (None, None)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("person:Müller", "person"),
        ("Name:Müller", "person"),
        ("Aktenzeichen:Müller", "akte"),
        ("ABSENDER:Müller", "von"),
        ("Geschäftszeichen:Müller", "az"),
        ("standort:Müller", "site"),
        ("schlagwort: Müller", "schlagwort"),
    ],
)
def test_a_field_has_the_names_that_people_guess(text: str, field: str):
    (clause,) = parse(text).clauses
    assert (clause.field, clause.alternatives) == (field, (("muller",),))


@pytest.mark.parametrize(
    ("text", "field", "key"),
    [
        ("az:S 12 AS 345/26 Miete", "az", "s12as34526"),
        ("az: s 12 as 345/26 b er Miete", "az", "s12as34526ber"),
        ("az:W 123/26 Miete", "az", "w12326"),
        ("akte:12345 // 0001234 Miete", "akte", "123450001234"),
        ("akte:12345 BG 0001234 Miete", "akte", "123450001234"),
    ],
)
def test_a_number_behind_its_field_may_have_blanks(text: str, field: str, key: str):
    number, word = parse(text).clauses
    assert (number.field, number.alternatives) == (field, ((key,),))
    assert word.alternatives == (("miet",),)


def test_a_sender_is_asked_for_by_all_words_of_its_name():
    assert asked('von:"Nordwind Energie" Miete') == [
        (("nordwind",),),
        (("energie",),),
        (("miet",),),
    ]
    assert asked('von:"Nordwind eG"') == [(("nordwindeg",),)]


@pytest.mark.parametrize("text", ['-von:"Nordwind Energie"', 'von:"Nordwind Energie" ODER Strom'])
def test_a_sender_that_is_not_asked_for_alone_is_the_beginning_of_its_name(text: str):
    (clause,) = parse(text).clauses
    assert clause.alternatives[0] == ("nordwindenergie",)
    assert clause.prefixes == (("nordwindenergie",),)


@pytest.mark.parametrize("text", ["von:Nordwind ODER Strom*", 'von:Nordwind ODER "Strom"'])
def test_oder_behind_a_field_names_another_value(text: str):
    (clause,) = parse(text).clauses
    assert (clause.field, clause.alternatives) == ("von", (("nordwind",), ("strom",)))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("nach: Hause", [("haus",)]),
        ("ab:sofort Miete", [("sofort",), ("miet",)]),
        ("datum:30.2.2026 Brief", [("3022026",), ("brief",)]),
        ("betrag:viel Miete", [("viel",), ("miet",)]),
        ('datum:"eines Tages"', [("ein", "tag")]),
        ("seit:٣ Tage", [("٣",), ("tag",)]),
    ],
)
def test_a_value_that_is_not_understood_is_searched_for_as_words(
    text: str, words: list[tuple[str, ...]]
):
    parsed = parse(text, today=TODAY)
    assert [clause.alternatives[0] for clause in parsed.clauses] == words
    assert "Gesucht wurde nach den Wörtern" in parsed.hints[0]


def test_an_unfinished_value_may_go_on():
    assert parse("schlagwort:wid", typing=True).clauses[0].prefixes == (("wid",),)
    assert parse("schlagwort:wid*").clauses[0].prefixes == (("wid",),)


def test_a_colon_in_a_sentence_is_no_field():
    assert parse("Betreff: Heizung").hints == ()
    assert asked("Betreff: Heizung") == [(("betreff",),), (("heizung",),)]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("schlagwrt:klage", "Meinten Sie „schlagwort:“?"),
        ("betrag:viel", "ist keine Summe"),
        ("betrag:>100 betrag:<50", "schließen einander aus"),
        ("-betrag:>100", "„betrag:>100“ wurde weggelassen"),
        ("NICHT datum:2026 Brief", "„datum:2026“ wurde weggelassen"),
        ("betrag:-5", "Vorzeichen"),
        ("von:Max Müller", "von:„Max Müller“"),
        ("Heizung ODER -Strom", "ODER wurde weggelassen"),
        ("akte:", "fehlt ein Wert"),
        ("Miete oder Heizung", "ODER groß"),
        ("(Miete Strom) ODER Heizung", "Klammern"),
    ],
)
def test_more_mistakes_get_a_hint(text: str, word: str):
    assert any(word in hint for hint in parse(text).hints)


def test_signs_that_show_nothing_count_for_nothing():
    assert asked("\u202eMi\u200bete\u2069 \ufeffHeizung\x07") == asked("Miete Heizung")


# --- weaker ways --------------------------------------------------------------------------------

PART = Weaker(terms=("anders",), like=Likeness.PART, weight=0.5)
NEAR = Weaker(terms=("beinah",), like=Likeness.NEAR, weight=0.2)


def test_plain_words_have_weaker_ways_and_nothing_else_has():
    text = 'Miete -Strom "neue Heizung" akte:1 Besch* die'
    parsed = parse(text, weaker=lambda _: (PART, NEAR))
    assert [bool(clause.weaker) for clause in parsed.clauses] == [True, *[False] * 4]
    assert parsed.without_near().clauses[0].weaker == (PART,)


def test_oder_keeps_the_weaker_ways_of_both():
    (clause,) = parse("Miete ODER Strom", weaker=lambda _: (PART,)).clauses
    assert clause.weaker == (PART, PART)


def test_a_query_has_so_many_weaker_ways_and_no_more():
    parsed = parse("wort " * MOST_CLAUSES, weaker=lambda _: (PART, *[NEAR] * 9))
    ways = [way.like for clause in parsed.clauses for way in clause.weaker]
    assert len(ways) <= MOST_WEAKER
    assert ways.count(Likeness.NEAR) <= MOST_NEAR
    assert ways.count(Likeness.PART) == MOST_CLAUSES


# --- bad input ----------------------------------------------------------------------------------

BOMBS = {
    "ten thousand characters": "Bescheid " * 1_112,
    "one word of ten thousand": "x" * 10_000,
    "stop words alone": "der die das und oder " * 50,
    "quotes without end": '"' * 9_999,
    "wildcards": "*e* ?? a*b *" * 500,
    "a regular expression": "((a+)+)+$" * 1_000,
    "alternatives": "a ODER " * 2_000,
    "fields": "schlagwort:" * 900,
    "spans": "datum:" + "." * 5_000 + "2026",
    "sums": "betrag:" + "1" * 5_000 + ".." + "9" * 3_000,
    "minus": "- " * 5_000,
    "right to left": "\u202e\u202d\u2066" * 3_000 + "Miete",
    "nothing to be seen": "\u200b" * 10_000,
    "injection": "'; DROP TABLE documents; -- akte:\"' OR 1=1\" body:[* TO *] {!boost}",
}


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS)
def test_no_bomb_takes_long_or_asks_for_much(text: str):
    begun = time.process_time()
    parsed = parse(text, today=TODAY, weaker=weaker_of)
    assert time.process_time() - begun < 0.5  # an order above what it takes
    assert len(parsed.clauses) <= MOST_CLAUSES
    assert sum(len(clause.weaker) for clause in parsed.clauses) <= MOST_WEAKER
    assert all(len(term) <= 1_000 for c in parsed.clauses for p in c.alternatives for term in p)
