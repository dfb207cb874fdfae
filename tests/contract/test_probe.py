"""„Wer bekäme das?“ answers as a delivery would, says why, and to whom."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from eakte.errors import NotFound
from eakte.models import AuditRow
from eakte.services.probe import ProbeAnswer
from tests.authority import STEP, Authority
from tests.small_authority import COLLEAGUE, MUELLER, PROTECTED, SCHMIDT

TODAY = date(2026, 11, 20)


def steps(answer: ProbeAnswer, part: int = 0) -> list[tuple[str, str]]:
    return [(step.rule, step.text) for step in answer.parts[part].steps]


@pytest.mark.parametrize("number", [MUELLER, SCHMIDT, PROTECTED, COLLEAGUE])
@pytest.mark.parametrize("schlagwort", ["kontoauszug", "widerspruch", "rente", "beschwerde"])
def test_the_probe_says_what_a_delivery_does(authority: Authority, number: str, schlagwort: str):
    authority.away("m.petersen", "2026-11-20")
    answer = authority.probe.by_file(STEP, number, schlagwort, TODAY)
    found = authority.receivers(authority.letter(schlagwort, number))
    given = [part.receiver.postbox for part in answer.parts if part.receiver is not None]
    assert (given[0], given[1:]) == found


def test_it_tells_every_step_with_what_did_not_match(authority: Authority):
    answer = authority.probe.by_file(authority.reader("j.hansen"), SCHMIDT, "ratenzahlung", TODAY)
    covered = "umfasst der Bereich L–Zz von Jens Hansen den Nachnamen „Schmidt“."
    assert steps(answer) == [
        ("1", "In der Funktion Forderung ist für die Person niemand eingetragen."),
        ("1", "In der Funktion Forderung ist für die Akte niemand eingetragen."),
        (
            "2",
            "Ein Team der Funktion Forderung gibt es am Standort Sozialzentrum Husum nicht.",
        ),
        ("2", "Ein Team der Funktion Forderung gibt es zentral nicht."),
        ("4", "Nun dieselben Schritte für die Leistung."),
        ("4.1", "In der Funktion Leistung ist für die Person niemand eingetragen."),
        ("4.1", "In der Funktion Leistung ist für die Akte niemand eingetragen."),
        ("4.2", "Im Team Leistung Husum " + covered),
    ]
    assert [step.matched for step in answer.main.steps][-1]


def test_on_another_day_another_answer(authority: Authority):
    authority.away("m.petersen", "2026-12-14", "2026-12-23")
    ask = authority.probe.by_file
    assert ask(STEP, MUELLER, "kontoauszug", TODAY).main.title == "Maike Petersen"
    later = ask(STEP, MUELLER, "kontoauszug", date(2026, 12, 20))
    assert (later.main.title, later.main.deputy_for) == ("Jens Hansen", "Maike Petersen")
    assert ("1", "Maike Petersen ist an diesem Tag abwesend.") in steps(later)


def test_why_somebody_gets_no_copy_is_said(authority: Authority):
    answer = authority.probe.by_file(STEP, MUELLER, "rente", TODAY)
    assert (answer.parts[1].title, answer.parts[1].remark) == ("Karen Thomsen", "")
    answer = authority.probe.by_surname(STEP, "toenning", "Yıldız", "rente", TODAY)
    assert answer.parts[1].receiver is None
    assert answer.parts[1].remark == "Inga Clausen hat schon die Aufgabe."


def test_nobody_is_named_who_may_never_see_the_file(authority: Authority):
    authority.away("m.petersen", "2026-11-20")
    answer = authority.probe.by_file(STEP, COLLEAGUE, "kontoauszug", TODAY)
    assert answer.main.title == "Anke Lead"
    said = " ".join(text for _, text in steps(answer))
    assert "kommt für diese Akte nicht in Betracht" in said
    assert "Hansen" not in said


def test_the_person_concerned_may_be_chosen(authority: Authority):
    answer = authority.probe.by_file(STEP, MUELLER, "bewerbung", TODAY)
    joerg, lina = answer.people
    assert (joerg.detail, lina.detail) == ("Antragsteller:in", "")
    other = authority.probe.by_file(STEP, MUELLER, "bewerbung", TODAY, lina.id)
    assert answer.main.title == "Karen Thomsen"
    assert other.main.title == "Vermittlung Husum"


def test_only_who_may_see_a_file_asks_about_it(authority: Authority):
    with pytest.raises(NotFound):
        authority.probe.by_file(authority.reader("x.admin"), MUELLER, "kontoauszug", TODAY)
    with pytest.raises(NotFound):
        authority.probe.by_file(authority.reader("j.hansen"), PROTECTED, "kontoauszug", TODAY)
    with pytest.raises(NotFound):
        authority.probe.by_file(authority.reader("j.hansen"), "gibt es nicht", "rente", TODAY)
    with authority.database.read() as session:
        cover = authority.cover(session, PROTECTED)
        rows = session.scalars(
            select(AuditRow).where(AuditRow.action == "case_file.refused").order_by(AuditRow.seq)
        )
        seen = [(row.actor, row.subject_id) for row in rows]
    assert seen[1:] == [("j.hansen", cover.id), ("j.hansen", "unknown")]
    admin = authority.reader("x.admin")
    by_name = authority.probe.by_surname(admin, "husum", "Schmidt", "kontoauszug", TODAY)
    assert by_name.main.title == "Jens Hansen"
    for site, schlagwort in (("mond", "rente"), ("husum", "gibt_es_nicht")):
        with pytest.raises(NotFound):
            authority.probe.by_surname(admin, site, "Schmidt", schlagwort, TODAY)
