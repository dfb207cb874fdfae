"""Periods by the calendar, with their reasons: the cases of the statutes, and what always holds."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.deadlines import (
    NOTICES,
    Basis,
    Posting,
    add_months,
    arrears_from,
    deadlines,
)
from classifiers.deadlines_calendar import WorkingCalendar, counts_as_notified
from eakte.domain.facts import REMEDIES_MISSING, Fact, FactKind
from eakte.domain.findings import DeadlineFinding

SH = WorkingCalendar("SH")
DAYS = st.dates(date(2010, 1, 1), date(2060, 12, 31))
LAENDER = st.sampled_from(["", "SH", "BY", "SN", "NW", "BE"])
RECEIVED = date(2026, 11, 20)


def fact(kind: FactKind, value: str, *, by: str | None = None, score: float = 0.9) -> Fact:
    return Fact(kind=kind, value=value, score=score, given_by=by)


def found(
    schlagwort: str, *facts: Fact, received: date = RECEIVED, **more: object
) -> dict[str, DeadlineFinding]:
    basis = Basis(schlagworte=(schlagwort,), received=received, facts=facts, **more)  # type: ignore[arg-type]
    return {one.rule: one for one in deadlines(basis, SH)}


def posting(day: date) -> Posting:
    return Posting(day=day, shown_by="Versandnachweis in der Akte.")


# --- § 37(2) SGB X and the end of the month -------------------------------------------------------


@pytest.mark.parametrize(
    ("posted", "notified", "ends"),
    [
        # BSG, B 14 AS 12/09 R: the third day was a Saturday, and did not shift
        (date(2007, 9, 26), date(2007, 9, 29), date(2007, 10, 29)),
        (date(2026, 10, 26), date(2026, 10, 30), date(2026, 11, 30)),
        (date(2024, 12, 31), date(2025, 1, 3), date(2025, 2, 3)),
        (date(2025, 1, 1), date(2025, 1, 5), date(2025, 2, 5)),
        # no corresponding day in the month: its last day
        (date(2027, 1, 27), date(2027, 1, 31), date(2027, 3, 1)),  # 28.2.2027 is a Sunday
        (date(2026, 11, 21), date(2026, 11, 25), date(2026, 12, 28)),  # 25.12., then a weekend
    ],
)
def test_a_notice_counts_as_notified_and_the_objection_period_ends(
    posted: date, notified: date, ends: date
):
    one = found("bewilligung", fact(FactKind.DATED, str(posted)), posting=posting(posted))[
        "§ 84 SGG"
    ]
    assert (one.starts, one.ends) == (notified, ends)


def test_the_reason_says_it_in_words():
    one = found(
        "widerspruch",
        fact(FactKind.DECISION, "2026-10-24"),
        posting=posting(date(2026, 10, 26)),
    )["§ 84 SGG"]
    assert (
        "aufgegeben 26.10.2026, gilt als bekannt gegeben am 30.10.2026 (§ 37 Abs. 2 SGB X), endet "
        "voraussichtlich 30.11.2026"
    ) in one.reason
    assert one.reason.endswith("Versandnachweis in der Akte. Eingegangen am 20.11.2026.")
    assert not one.ours


def test_without_a_posting_note_the_reason_says_so():
    reason = found("widerspruch", fact(FactKind.DECISION, "2026-10-24"))["§ 84 SGG"].reason
    assert "Ein Versandnachweis liegt nicht vor" in reason


def test_receipt_elsewhere_and_the_claimed_receipt_are_told():
    reason = found(
        "widerspruch",
        fact(FactKind.DECISION, "2026-10-24"),
        fact(FactKind.NOTIFIED, "2026-11-09"),
        received_elsewhere=date(2026, 11, 18),
    )["§ 84 SGG"].reason
    assert "Nach dem Schreiben zugegangen am 09.11.2026." in reason
    assert "bei anderer Stelle am 18.11.2026 (§ 84 Abs. 2 SGG)" in reason


def test_a_decision_of_a_day_to_come_was_misread_and_measures_nothing():
    assert set(found("widerspruch", fact(FactKind.DECISION, "2062-10-26"))) == {"§ 88 SGG"}


def test_abroad_it_is_three_months_and_nothing_counts_as_notified():
    posted = date(2026, 10, 26)
    one = found("ablehnung", posting=posting(posted), abroad=True)["§ 84 SGG"]
    assert (one.starts, one.ends) == (posted, date(2027, 1, 26))


def test_a_person_who_says_that_the_instruction_is_wrong_makes_it_a_year():
    missing = fact(FactKind.REMEDIES, REMEDIES_MISSING, by="r.legal")
    one = found("ablehnung", posting=posting(date(2026, 10, 26)), remedies=missing)["§ 84 SGG"]
    assert one.ends == date(2027, 11, 1)  # 30.10.2027 is a Saturday
    assert "§ 66 Abs. 2 SGG" in one.reason


def test_an_instruction_that_was_not_found_is_only_mentioned():
    unseen = fact(FactKind.REMEDIES, REMEDIES_MISSING, score=0.6)
    one = found("ablehnung", posting=posting(date(2026, 10, 26)), remedies=unseen)["§ 84 SGG"]
    assert one.ends == date(2026, 11, 30)
    assert "fehlt sie, gilt ein Jahr" in one.reason


def test_a_lawsuit_is_measured_by_the_decision_on_the_objection():
    one = found(
        "klage",
        fact(FactKind.DECISION, "2026-08-03"),
        fact(FactKind.OBJECTION_DECISION, "2026-10-12"),
        posting=posting(date(2026, 10, 13)),
    )["§ 87 SGG"]
    assert (one.starts, one.ends) == (date(2026, 10, 17), date(2026, 11, 17))


def test_a_decision_on_an_objection_waits_for_a_lawsuit():
    one = found("widerspruchsbescheid", posting=posting(date(2026, 10, 26)))["§ 87 SGG"]
    assert one.ends == date(2026, 11, 30)


# --- what other documents start -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("schlagwort", "received", "ends"),
    [
        ("widerspruch", date(2026, 11, 20), date(2027, 2, 20)),  # a Saturday: a waiting period
        ("widerspruch", date(2026, 11, 30), date(2027, 2, 28)),
        ("widerspruch", date(2027, 11, 30), date(2028, 2, 29)),
        ("erstantrag", date(2026, 8, 31), date(2027, 2, 28)),
        ("weiterbewilligung", date(2026, 7, 1), date(2027, 1, 1)),
        ("ueberpruefungsantrag", date(2026, 12, 31), date(2027, 6, 30)),
    ],
)
def test_an_objection_waits_three_months_and_an_application_six(
    schlagwort: str, received: date, ends: date
):
    one = found(schlagwort, received=received)["§ 88 SGG"]
    assert (one.starts, one.ends, one.ours) == (received, ends, True)
    assert "nächsten Werktag" in one.reason


@pytest.mark.parametrize("schlagwort", ["kontoauszug", "klage", "vermerk", "unbekannt"])
def test_other_letters_start_no_period(schlagwort: str):
    assert found(schlagwort) == {}


def test_the_court_is_sent_the_file_within_a_month():
    one = found("aktenanforderung", received=date(2026, 11, 13))["§ 104 SGG"]
    assert (one.ends, one.ours) == (date(2026, 12, 14), True)  # 13.12. is a Sunday
    assert "Sonntag" in one.reason


def test_a_judgment_can_be_appealed_within_a_month():
    one = found("entscheidung", received=date(2026, 11, 25))["§§ 145, 151 SGG"]
    assert one.ends == date(2026, 12, 28)  # over Christmas
    assert "1. Weihnachtstag" in one.reason or "Weihnachtstag" in one.reason


def test_data_protection_leaves_a_month():
    assert found("auskunft_dsgvo")["Art. 12 Abs. 3 DSGVO"].ends == date(2026, 12, 21)


@pytest.mark.parametrize(
    ("until", "ends"),
    [
        (date(2026, 10, 31), date(2027, 10, 31)),  # a Sunday: the benefit period does not shift
        (date(2027, 2, 28), date(2028, 2, 29)),
    ],
)
def test_a_provisional_decision_becomes_final_a_year_after_the_benefit_period(
    until: date, ends: date
):
    one = found("vorlaeufig", fact(FactKind.BENEFITS_UNTIL, str(until)))["§ 41a Abs. 5 SGB II"]
    assert one.ends == ends


def test_knowledge_leaves_a_year_to_reverse():
    assert found("anhoerung")["§ 45 Abs. 4 SGB X"].ends == date(2027, 11, 20)


@pytest.mark.parametrize(
    ("asked", "first"),
    [(date(2026, 12, 31), date(2025, 1, 1)), (date(2027, 1, 2), date(2026, 1, 1))],
)
def test_two_days_make_a_year_of_arrears(asked: date, first: date):
    assert arrears_from(asked) == first


def test_a_review_can_be_asked_for_until_four_years_after_the_year_of_notification():
    one = found(
        "ueberpruefungsantrag", fact(FactKind.DECISION, "2022-12-29"), received=date(2026, 11, 20)
    )["§ 44 SGB X, § 40 Abs. 1 SGB II"]
    # posted on the 29th at the earliest, it counts as notified on 1 January 2023
    assert one.ends == date(2027, 12, 31)
    assert "ab 01.01.2025" in one.reason


@pytest.mark.parametrize(
    ("value", "ends"),
    [
        ("2026-12-05", date(2026, 12, 5)),  # a Saturday, as it was named
        ("P2W", date(2026, 12, 4)),
        ("P8D", date(2026, 11, 30)),  # 28.11. is a Saturday
        ("P1M", date(2026, 12, 21)),
        ("PT48H", date(2026, 11, 22)),  # hours count through the weekend
    ],
)
def test_days_that_a_letter_sets_become_periods(value: str, ends: date):
    one = found("gerichtspost", fact(FactKind.SET_DATE, value))["gesetzte Frist"]
    assert (one.ends, one.ours) == (ends, True)


def test_a_day_that_had_passed_when_it_was_written_sets_nothing():
    facts = (fact(FactKind.DATED, "2026-11-18"), fact(FactKind.SET_DATE, "2026-09-30"))
    assert found("kontoauszug", *facts) == {}


# --- what always holds ----------------------------------------------------------------------------


@given(DAYS, LAENDER, st.sampled_from(sorted(NOTICES)), st.booleans())
def test_no_objection_period_ends_on_a_day_off_or_early(
    posted: date, land: str, schlagwort: str, abroad: bool
):
    calendar = WorkingCalendar(land)
    basis = Basis(
        schlagworte=(schlagwort,), received=posted, posting=posting(posted), abroad=abroad
    )
    one = next(found for found in deadlines(basis, calendar) if found.rule == "§ 84 SGG")
    assert calendar.free(one.ends) == ""
    assert one.ends >= add_months(one.starts, 3 if abroad else 1)
    assert one.ends - add_months(one.starts, 3 if abroad else 1) <= timedelta(days=5)
    assert "voraussichtlich" in one.reason
    assert "verfristet" not in one.reason


@given(DAYS)
def test_posting_later_never_makes_notification_earlier(posted: date):
    assert counts_as_notified(posted) < counts_as_notified(posted + timedelta(days=2))


@given(DAYS, LAENDER)
def test_a_shift_goes_to_the_next_working_day_and_no_further(day: date, land: str):
    calendar = WorkingCalendar(land)
    ends = calendar.next_working_day(day)
    assert calendar.free(ends) == ""
    passed = (ends - day).days
    assert all(calendar.free(day + timedelta(days=n)) for n in range(passed))
    before = calendar.working_day_before(day)
    assert before <= day
    assert calendar.free(before) == ""


def test_holidays_are_those_of_the_land_with_german_names():
    assert WorkingCalendar("BY").free(date(2026, 1, 6)) == "Heilige Drei Könige"
    assert WorkingCalendar("SH").free(date(2026, 1, 6)) == ""
    assert WorkingCalendar("SH").free(date(2026, 10, 31)) == "Samstag"
    assert WorkingCalendar("").free(date(2026, 4, 3)) == "Karfreitag"


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(0, 120))
def test_a_month_later_has_the_same_day_or_the_last_of_the_month(day: date, months: int):
    later = add_months(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day == day.day or (
        later.day < day.day
        and add_months(later.replace(day=1), 1).toordinal() - 1 == later.toordinal()
    )
