"""Facts of letters: what is read, what is not, and that the evidence stands where it should."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.facts import FactRules, facts
from eakte.domain.facts import Correction, Fact, FactKind, first, settled, values
from eakte.domain.pages import Box, PageText, Word
from tests.fact_letters import labelled_letters, laid_out, score

RULES = FactRules()
RECEIVED = date(2026, 11, 20)
MONTHS = (
    *("Januar", "Februar", "März", "April", "Mai", "Juni"),
    *("Juli", "August", "September", "Oktober", "November", "Dezember"),
)
DAYS = st.dates(date(2026, 11, 20), date(2035, 12, 31))


def read(text: str, *, own: bool = False, notice: bool = False) -> tuple[Fact, ...]:
    return facts((laid_out(text),), RULES, own=own, notice=notice, received=RECEIVED)


def body(*lines: str) -> str:
    return "\n".join(("Sehr geehrte Damen und Herren,", *lines, "Mit freundlichen Grüßen"))


def found(kind: FactKind, text: str, **how: bool) -> tuple[str, ...]:
    return values(read(text, **how), kind)


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("Bitte reichen Sie die Unterlagen bis zum 05.12.2026 ein.", "2026-12-05"),
        ("Wir bitten um Antwort bis spätestens Freitag, den 4. Dezember 2026.", "2026-12-04"),
        ("Bitte zahlen Sie spätestens am 30.11.26 den Rückstand.", "2026-11-30"),
        ("Frist zur Stellungnahme: 15.12.2026", "2026-12-15"),
        ("Bitte senden Sie uns alles bis 3O.11.2026 zu.", "2026-11-30"),
        ("Bitte äußern Sie sich innerhalb von zwei Wochen.", "P2W"),
        ("Sie werden aufgefordert, binnen 14 Tagen zu zahlen.", "P14D"),
        ("Um Übersendung der Akte innerhalb eines Monats wird gebeten.", "P1M"),
        ("Dem Antragsgegner wird aufgegeben, binnen 48 Stunden Stellung zu nehmen.", "PT48H"),
        ("Um Erwiderung binnen Monatsfrist wird gebeten.", "P1M"),
        ("Spätestens bis zum Ablauf des 15.12.2026 ist dies einzureichen.", "2026-12-15"),
        ("Bitte melden Sie sich innerhalb der nächsten 14 Tage.", "P14D"),
        ("Wir bitten um Antwort. Frist: 14 Tage", "P14D"),
        ("Bitte zahlen Sie binnen 10 Werktagen.", "P10D"),
        ("Bitte reichen Sie die Unterlagen bis zum 05.12. ein.", "2026-12-05"),
        ("Bitte antworten Sie bis spätestens 5. Januar.", "2027-01-05"),
        ("Bitte zahlen Sie bis zum 29.02. den Rest.", None),  # neither of the two years has it
        ("Bitte zahlen Sie bis zum 31.02.2027.", None),
        ("Bitte zahlen Sie innerhalb von 0 Tagen.", None),
        ("Der Vertrag läuft vom 01.03. bis zum 05.12. und wird bezahlt.", None),
    ],
)
def test_a_day_that_is_set_is_read(line: str, value: str | None):
    assert found(FactKind.SET_DATE, body(line)) == ((value,) if value else ())


@pytest.mark.parametrize(
    "line",
    [
        "Arbeitsunfähig voraussichtlich bis einschließlich 05.12.2026",
        "Die Leistungen werden vom 01.12.2026 bis 31.05.2027 bewilligt.",
        "Der Vertrag ist befristet bis zum 31.12.2026.",
        "Ich war vom 01.10.2026 bis zum 15.10.2026 in der Klinik.",
        "Gegen diesen Bescheid kann innerhalb eines Monats nach Bekanntgabe Widerspruch erhoben",
        "Ich habe in den letzten drei Monaten und innerhalb der letzten zwei Wochen gesucht.",
        "Der Ausweis ist gültig bis 01.02.2029.",
    ],
)
def test_a_span_or_a_remedy_sets_nobody_a_day(line: str):
    assert found(FactKind.SET_DATE, body(line)) == ()


def test_the_decision_and_its_receipt_are_read_from_an_objection():
    text = body(
        "hiermit lege ich gegen den Bescheid vom 24.10.2026, mir zugegangen am 02.11.2026,",
        "Widerspruch ein.",
    )
    assert found(FactKind.DECISION, text) == ("2026-10-24",)
    assert found(FactKind.NOTIFIED, text) == ("2026-11-02",)


@pytest.mark.parametrize(
    "named",
    [
        "die Bescheide vom 01.10.2026 und 15.10.2026",
        "die Bescheide vom 01.10.2026, vom 15.10.2026",
        "den Bescheid vom 01.10.2026 sowie gegen den Änderungsbescheid vom 15.10.2026",
        "den Bescheid vom 01.10.2026 in der Fassung des Änderungsbescheides vom 15.10.2026",
    ],
)
def test_a_letter_may_be_against_several_decisions(named: str):
    text = body(
        f"hiermit lege ich gegen {named} Widerspruch ein.",
        "Schon Ihr Bescheid vom 02.02.2024 war falsch. Ich habe am 03.03.2026 angerufen.",
    )
    assert found(FactKind.DECISION, text) == ("2026-10-01", "2026-10-15")


@pytest.mark.parametrize("patterns", [(), ("",), ("(?:W \\d+/\\d\\d)?",)])
def test_patterns_that_say_nothing_give_no_letter_an_empty_number(patterns: tuple[str, ...]):
    rules = FactRules(objection_patterns=patterns)
    read = facts((laid_out(body("(ohne Zeichen) - oder doch nicht")),), rules, received=RECEIVED)
    assert values(read, FactKind.OBJECTION_NUMBER) == ()


def test_a_lawsuit_names_the_decision_and_the_one_on_the_objection():
    text = body(
        "erhebe ich Klage gegen den Bescheid vom 03.08.2026 in der Gestalt des",
        "Widerspruchsbescheides vom 12.10.2026.",
    )
    assert found(FactKind.DECISION, text) == ("2026-08-03",)
    assert found(FactKind.OBJECTION_DECISION, text) == ("2026-10-12",)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("S 31 AS 270/14 ER", "S 31 AS 270/14 ER"),
        ("L 3 AS 710/15 B ER", "L 3 AS 710/15 B ER"),
        ("B 14 AS 12/09 R", "B 14 AS 12/09 R"),
        ("S 3l AS 270/14", "S 31 AS 270/14"),
        ("5 31 AS 270/14", "S 31 AS 270/14"),
        ("S 12 A5 345/26", "S 12 AS 345/26"),
    ],
)
def test_a_court_number_is_read_also_where_it_was_misread(written: str, value: str):
    assert found(FactKind.COURT_NUMBER, body(f"Az.: {written}")) == (value,)


def test_the_authoritys_objection_numbers_are_a_setting():
    text = body("zu meinem Widerspruch W 1234/26 und zu RB-77-2026 schreibe ich Folgendes")
    assert found(FactKind.OBJECTION_NUMBER, text) == ("W 1234/26",)
    own = FactRules(objection_patterns=(r"RB-\d+-\d{4}",))
    seen = facts((laid_out(text),), own, received=RECEIVED)
    assert values(seen, FactKind.OBJECTION_NUMBER) == ("RB-77-2026",)


def test_posting_notes_and_benefit_periods_are_looked_for_on_own_papers_only():
    text = body(
        "Bewilligungszeitraum vom 01.12.2026 bis 31.05.2027.", "Zur Post gegeben am 26.10.2026"
    )
    assert found(FactKind.POSTED, text, own=True) == ("2026-10-26",)
    assert found(FactKind.BENEFITS_UNTIL, text, own=True) == ("2027-05-31",)
    assert found(FactKind.POSTED, text) == ()


def test_a_notice_without_an_instruction_on_remedies_is_noticed_but_not_taken_for_certain():
    without = read(body("Sie erhalten 563,00 €."), own=True, notice=True)
    missing = first(without, FactKind.REMEDIES)
    assert missing is not None
    assert (missing.value, missing.uncertain) == ("missing", True)
    with_it = body(
        "Gegen diesen Bescheid kann innerhalb eines Monats nach Bekanntgabe Widerspruch",
        "erhoben werden.",
    )
    assert found(FactKind.REMEDIES, with_it, own=True, notice=True) == ("given",)


def test_a_tax_id_never_becomes_part_of_a_fact():
    text = "Betreff: Meine Steuer-ID 86 095 742 719\n" + body("anbei")
    (subject,) = found(FactKind.SUBJECT, text)
    assert "719" not in subject


def test_the_evidence_is_the_words_on_the_page():
    (fact,) = (
        one
        for one in read(body("Bitte zahlen Sie bis zum 05.12.2026 den Betrag."))
        if one.kind is FactKind.SET_DATE
    )
    (evidence,) = fact.evidence
    assert (evidence.page, evidence.words) == (1, "bis zum 05.12.2026")
    assert len(evidence.boxes) == 1


def test_the_labelled_letters_are_read_as_well_as_recorded():
    """Shares right by kind on the labelled letters; ``benchmarks/reading/facts.py`` prints them."""
    right = score(labelled_letters(), RULES)
    for kind, least in {
        FactKind.SENDER: 0.9,
        FactKind.DATED: 0.95,
        FactKind.SUBJECT: 0.9,
        FactKind.AMOUNT: 0.95,
        FactKind.SET_DATE: 0.9,
        FactKind.COURT_NUMBER: 0.95,
        FactKind.OBJECTION_NUMBER: 0.95,
        FactKind.DECISION: 0.9,
    }.items():
        asked, good = right[kind]
        assert good >= least * asked, kind


@given(DAYS, st.sampled_from(["{:%d.%m.%Y}", "{:%d.%m.%y}", "worded"]))
def test_every_day_set_is_read_in_every_spelling(day: date, form: str):
    written = f"{day.day}. {MONTHS[day.month - 1]} {day.year}" if form == "worded" else ""
    written = written or form.format(day)
    line = f"Bitte reichen Sie die Unterlagen bis zum {written} ein."
    assert found(FactKind.SET_DATE, body(line)) == (day.isoformat(),)


@given(st.dates(date(2024, 1, 1), RECEIVED), st.integers(0, 2))
def test_the_date_behind_the_place_is_the_letters_own(day: date, misread: int):
    written = f"{day:%d.%m.%Y}"
    places = [at for at, char in enumerate(written) if char in "01"][:misread]
    for at in places:
        written = written[:at] + {"0": "O", "1": "l"}[written[at]] + written[at + 1 :]
    text = f"Ole Schmidt\nMarkt 1\n25813 Husum\n\nHusum, {written}\n\n" + body(
        "anbei die Nachweise"
    )
    assert found(FactKind.DATED, text) == (day.isoformat(),)


@given(st.lists(st.text(max_size=40), max_size=15))
def test_any_page_will_do(lines: list[str]):
    page = PageText(
        words=tuple(
            Word(text=text, box=Box(0.1, at / 20, 0.2, (at + 1) / 20), line=at)
            for at, line in enumerate(lines)
            for text in line.split()
        )
    )
    for one in facts((page,), RULES, own=True, notice=True, received=RECEIVED):
        assert 0 < one.score <= 1
        assert one.value


AMOUNT = Fact(kind=FactKind.AMOUNT, value="12.50", score=0.9)
DATED = Fact(kind=FactKind.DATED, value="2026-11-03", score=0.9)
CORRECTIONS = st.lists(
    st.builds(
        Correction,
        kind=st.sampled_from([FactKind.AMOUNT, FactKind.DATED]),
        value=st.sampled_from(["", "1.00", "2.00"]),
        replaces=st.sampled_from(["", "12.50", "1.00"]),
        given_by=st.just("m.petersen"),
    ),
    max_size=5,
)


@given(CORRECTIONS)
def test_what_a_person_said_last_of_a_single_fact_counts(corrections: list[Correction]):
    said = [one for one in corrections if one.kind is FactKind.DATED]
    counts = values(settled([AMOUNT, DATED], corrections), FactKind.DATED)
    if said:
        assert counts == ((said[-1].value,) if said[-1].value else ())
    else:
        assert counts == (DATED.value,)


def test_a_refused_sum_stays_refused_and_the_right_one_keeps_its_place():
    corrected = Correction(
        kind=FactKind.AMOUNT, value="125.00", replaces="12.50", given_by="m.petersen"
    )
    (fact,) = settled([AMOUNT], [corrected])
    assert (fact.value, fact.given_by, fact.evidence) == ("125.00", "m.petersen", AMOUNT.evidence)
    assert not fact.uncertain


def test_a_letter_written_after_it_came_is_doubted():
    later = RECEIVED + timedelta(days=30)
    text = f"Ole Schmidt\n\nHusum, {later:%d.%m.%Y}\n\n" + body("anbei")
    fact = first(read(text), FactKind.DATED)
    assert fact is None or fact.uncertain
