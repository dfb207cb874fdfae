"""What comes back on a day: to oneself, to a team, to whoever stands in."""

from __future__ import annotations

from datetime import date

import pytest

from eakte.errors import Conflict, NotFound, NotPermitted, Unusable
from eakte.services.postbox_entries import DoneAlready
from eakte.services.routing import Receiver
from tests.authority import Authority
from tests.small_authority import MUELLER, PROTECTED, SCHMIDT

TODAY = date(2026, 11, 20)
DUE = date(2026, 11, 25)


@pytest.fixture
def letter(authority: Authority) -> str:
    return authority.letter("kontoauszug", MUELLER)


def by_hand(authority: Authority, login: str, *, team: bool = False) -> list[str]:
    """Notes of what lies on the desks of ``login``, those that a period asked for left out."""
    listed = authority.reminders.listed(authority.reader(login), team=team)
    return [one.note for one in listed if one.made_by]


def test_it_lies_on_the_desk_until_it_is_done(authority: Authority, letter: str):
    who = authority.reader("m.petersen")
    made = authority.reminders.make(who, letter, DUE, " Antwort da? ")
    assert by_hand(authority, "m.petersen") == ["Antwort da?"]
    assert by_hand(authority, "j.hansen") == []
    assert authority.reminders.due(who) == 0
    authority.clock.set_day("2026-11-26")
    who = authority.reader("m.petersen")
    (shown,) = (one for one in authority.reminders.due_in(who, "m.petersen") if one.id == made)
    assert (shown.days, shown.own, shown.made_by) == (-1, True, "Maike Petersen")
    authority.reminders.finish(who, made, shown.version)
    assert by_hand(authority, "m.petersen") == []
    with pytest.raises(DoneAlready):
        authority.reminders.finish(who, made, shown.version)
    with pytest.raises(Conflict, match="Maike Petersen hat diese"):
        authority.reminders.finish(authority.reader("a.lead"), made, shown.version)


def test_the_deputy_has_it_while_the_absence_lasts_and_works_in_the_absent_ones_name(
    authority: Authority, letter: str
):
    made = authority.reminders.make(authority.reader("m.petersen"), letter, DUE, "Anruf")
    authority.away("m.petersen", "2026-11-23", "2026-11-24")
    authority.clock.set_day("2026-11-24")
    deputy = authority.reader("j.hansen")
    (shown,) = (one for one in authority.reminders.listed(deputy) if one.id == made)
    assert shown.deputy_for == "Maike Petersen"
    authority.reminders.move(deputy, made, shown.version, date(2026, 11, 30))
    assert ("j.hansen", "document.reminder_moved", "m.petersen") in authority.trail_of(letter)
    authority.clock.set_day("2026-11-25")
    assert by_hand(authority, "j.hansen") == []
    with pytest.raises(NotFound):
        authority.reminders.finish(authority.reader("j.hansen"), made, 2)


def test_a_team_has_its_own_and_the_lead_sees_those_of_the_members(
    authority: Authority, letter: str
):
    who = authority.reader("m.petersen")
    authority.reminders.make(who, letter, DUE, "Team", "husum-leistung")
    authority.reminders.make(who, letter, DUE, "meine")
    assert by_hand(authority, "j.hansen") == ["Team"]
    assert by_hand(authority, "a.lead", team=True) == ["Team", "meine"]
    assert by_hand(authority, "m.petersen", team=True) == ["Team"]
    with pytest.raises(NotPermitted):
        authority.reminders.make(who, letter, DUE, "", "recht")


def test_a_period_reminds_the_team_that_has_the_letter(authority: Authority):
    team = Receiver(postbox="recht", team="recht", rule="hand")
    letter = authority.letter("widerspruch", SCHMIDT, to=team)
    listed = authority.reminders.listed(authority.reader("r.legal"))
    assert {(one.document_id, one.desk, one.of_team) for one in listed} == {(letter, "recht", True)}


def test_it_is_handed_over_to_whoever_may_open_the_document(authority: Authority, letter: str):
    who = authority.reader("m.petersen")
    made = authority.reminders.make(who, letter, DUE, "übergeben")
    authority.reminders.hand_over(who, made, 1, "j.hansen")
    assert by_hand(authority, "j.hansen") == ["übergeben"]
    with pytest.raises(NotFound):
        authority.reminders.move(who, made, 2, DUE)
    closed = authority.letter("kontoauszug", PROTECTED)
    made = authority.reminders.make(who, closed, DUE)
    for desk in ("k.thomsen", "husum-vermittlung"):
        with pytest.raises(NotPermitted, match="darf niemand"):
            authority.reminders.hand_over(who, made, 1, desk)
    with pytest.raises(NotFound):
        authority.reminders.hand_over(who, made, 1, "niemand")


def test_from_the_postbox_it_is_filed_meanwhile_and_both_are_taken_back(
    authority: Authority, letter: str
):
    who, entry = authority.reader("m.petersen"), authority.entry(letter, "m.petersen")
    authority.reminders.from_entry(who, entry.id, entry.version, DUE, "prüfen", leave=True)
    assert authority.document(letter).state == "filed"
    assert by_hand(authority, "m.petersen") == ["prüfen"]
    last = authority.desk_undo.last(who)
    assert last is not None
    assert last.count == 1
    assert authority.desk_undo.take_back(who, last.round_id).done == (letter,)
    assert authority.document(letter).state == "delivered"
    assert by_hand(authority, "m.petersen") == []


@pytest.mark.parametrize("day", [date(2026, 11, 19), date(2099, 1, 1)])
def test_a_day_that_can_not_be_meant_is_refused(authority: Authority, letter: str, day: date):
    with pytest.raises(Unusable):
        authority.reminders.make(authority.reader("m.petersen"), letter, day)
