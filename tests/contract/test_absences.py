"""Absences entered on the screen, beside the register's, and what becomes of waiting post."""

from __future__ import annotations

import threading
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from eakte.errors import Conflict, NotFound, NotPermitted, Unusable
from eakte.intake.day_change import DayChange
from eakte.models import Absence, AuditRow, LocalChange
from eakte.repositories.absences import Absences as AbsenceRows
from eakte.repositories.audit import AuditLog
from eakte.repositories.waiting_post import WaitingPost
from eakte.services.postbox_filters import PostboxFilters
from eakte.services.waiting_post import Settled
from tests.authority import STEP, Authority
from tests.small_authority import COLLEAGUE, MUELLER, PROTECTED, small_register

TODAY = date(2026, 11, 20)
ME, DEPUTY, LEAD = "m.petersen", "j.hansen", "a.lead"
WHAT = ("absence.enter", "absence.begin")


def day(text: str) -> date:
    return date.fromisoformat(text)


def stand(authority: Authority, login: str = ME, who: str = ME) -> str:
    return authority.absence_lists.person(authority.reader(who), login).stand


def enter(
    authority: Authority, starts: str, ends: str | None, login: str = ME, who: str = ME
) -> None:
    authority.absences.enter(
        authority.reader(who),
        login,
        stand(authority, login, who),
        day(starts),
        day(ends) if ends else None,
    )


def end(authority: Authority, starts: str, last: str, login: str = ME, who: str = ME) -> Settled:
    return authority.absences.end(
        authority.reader(who), login, stand(authority, login, who), day(starts), day(last)
    )


def spans(authority: Authority, login: str = ME, who: str = ME) -> list[tuple[str, str | None]]:
    view = authority.absence_lists.person(authority.reader(who), login)
    return [
        (span.starts.isoformat(), span.ends.isoformat() if span.ends else None)
        for span in view.spans
    ]


def rows(authority: Authority, login: str = ME) -> list[tuple[str, str, str | None]]:
    with authority.database.read() as session:
        found = session.scalars(
            select(Absence).where(Absence.login == login).order_by(Absence.starts)
        )
        return [(row.origin, str(row.starts), str(row.ends) if row.ends else None) for row in found]


def actions(authority: Authority, subject: str = ME) -> list[str]:
    with authority.database.read() as session:
        return list(
            session.scalars(
                select(AuditRow.action)
                .where(AuditRow.subject_id == subject, AuditRow.subject_type == "caseworker")
                .order_by(AuditRow.seq)
            )
        )


def where(authority: Authority, document_id: str) -> list[tuple[str, str | None]]:
    """Where the document lies now, and in whose place."""
    return [
        (entry.postbox, entry.deputy_for)
        for entry in authority.entries(document_id)
        if entry.done_at is None
    ]


# --- entering ---------------------------------------


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        (("2026-12-20", "2026-12-31"), [("2026-12-14", "2026-12-31")]),  # overlaps
        (("2026-12-24", "2026-12-31"), [("2026-12-14", "2026-12-31")]),  # touches
        (("2026-12-01", "2026-12-13"), [("2026-12-01", "2026-12-23")]),  # touches before
        (("2026-12-01", None), [("2026-12-01", None)]),  # swallows
        (
            ("2026-12-26", "2026-12-31"),
            [("2026-12-14", "2026-12-23"), ("2026-12-26", "2026-12-31")],
        ),
    ],
)
def test_what_overlaps_or_touches_becomes_one_absence(
    authority: Authority, second: tuple[str, str | None], expected: list[Any]
):
    enter(authority, "2026-12-14", "2026-12-23")
    enter(authority, *second)
    assert spans(authority) == expected
    assert len(rows(authority)) == len(expected)


@pytest.mark.parametrize(
    ("starts", "ends", "problem"),
    [
        ("2026-12-15", "2026-12-16", "schließt diese ein"),
        ("2026-12-31", "2026-12-30", "vor dem ersten"),
        ("2026-11-01", "2026-11-19", "schon vorbei"),
        ("2062-12-15", None, "zu weit weg"),
    ],
)
def test_days_that_make_no_sense_are_refused_in_plain_words(
    authority: Authority, starts: str, ends: str, problem: str
):
    enter(authority, "2026-12-14", "2026-12-23")
    with pytest.raises(Unusable, match=problem):
        enter(authority, starts, ends)
    assert spans(authority) == [("2026-12-14", "2026-12-23")]


def test_one_ends_it_early_or_takes_a_future_one_away(authority: Authority):
    enter(authority, "2026-11-20", None)
    enter_later = ("2027-02-01", "2027-02-05")
    end(authority, "2026-11-20", "2026-11-24")
    enter(authority, *enter_later)
    assert spans(authority) == [("2026-11-20", "2026-11-24"), enter_later]
    remove = authority.absences.remove
    me = authority.reader(ME)
    with pytest.raises(Unusable, match="schon begonnen"):
        remove(me, ME, stand(authority), day("2026-11-20"))
    with pytest.raises(Unusable, match="nicht vor dem bisherigen"):
        end(authority, "2026-11-20", "2026-11-24")
    remove(me, ME, stand(authority), day("2027-02-01"))
    assert spans(authority) == [("2026-11-20", "2026-11-24")]
    assert actions(authority) == [
        "absence.enter", "absence.begin", "absence.end", "absence.enter", "absence.remove",
    ]  # fmt: skip


def test_one_who_comes_too_late_is_told_who_was_quicker(authority: Authority):
    old = stand(authority)
    enter(authority, "2026-12-14", "2026-12-23", who=LEAD)
    with pytest.raises(Conflict, match=r"Anke Lead hat inzwischen eine Abwesenheit eingetragen"):
        authority.absences.enter(authority.reader(ME), ME, old, day("2026-12-01"), None)


@pytest.mark.parametrize(
    ("who", "may"),
    [
        (ME, True),
        (LEAD, True),
        ("x.admin", True),
        (DEPUTY, False),
        ("i.clausen", False),
        ("s.scan", False),
    ],
)
def test_everybody_enters_their_own_a_lead_the_teams_the_administration_all(
    authority: Authority, who: str, *, may: bool
):
    if may:
        enter(authority, "2026-12-14", "2026-12-23", who=who)
        assert rows(authority) == [("desk", "2026-12-14", "2026-12-23")]
        return
    reader, known = authority.reader(who), stand(authority)
    with pytest.raises(NotFound):
        authority.absence_lists.person(reader, ME)
    with pytest.raises(NotFound):
        authority.absences.enter(reader, ME, known, day("2026-12-14"), None)
    with authority.database.write() as session:
        found = AbsenceRows(session)
        assert found.rows(reader, [ME], TODAY) == []
        assert found.spans(reader, [ME], TODAY) == {}
        assert found.lock(reader, ME) is None
        assert found.beginning(reader, TODAY) == []


def test_who_stands_in_for_the_lead_enters_in_the_leads_place(authority: Authority):
    authority.register(
        {
            "caseworkers": [
                {"login": LEAD, "name": "Anke Lead", "roles": ["team_lead"],
                 "teams": ["husum-leistung"], "deputies": ["d.deputy"]}
            ],
            "absences": [{"login": LEAD, "from": "2026-11-16", "to": "2026-11-27"}],
        }
    )  # fmt: skip
    enter(authority, "2026-12-14", None, who="d.deputy")
    with authority.database.read() as session:
        row = AuditLog(session).newest(STEP, "caseworker", ME, WHAT)
        assert row is not None
        assert (row.actor, row.on_behalf_of) == ("d.deputy", LEAD)
        assert AuditLog(session).newest(authority.reader(ME), "caseworker", ME, WHAT) is None


# --- deputies ---------------------------------------


def test_the_lead_says_who_stands_in_and_nobody_for_themself(authority: Authority):
    put = authority.absences.set_deputies
    with pytest.raises(NotPermitted, match="Teamleitung"):
        put(authority.reader(ME), ME, stand(authority), [LEAD])
    with pytest.raises(NotFound):
        put(authority.reader(LEAD), ME, stand(authority), ["x.admin"])  # has no postbox
    put(authority.reader(LEAD), ME, stand(authority), [LEAD, DEPUTY])
    enter(authority, "2026-11-20", None)
    view = authority.absence_lists.person(authority.reader(ME), ME)
    assert [one.login for one in view.deputies] == [LEAD, DEPUTY]
    assert view.stands_in is not None
    assert view.stands_in.login == LEAD
    assert authority.receivers(authority.letter("kontoauszug", MUELLER))[0] == LEAD


def test_the_weeks_of_a_team_show_who_stands_in_and_where_nobody_does(authority: Authority):
    enter(authority, "2026-12-14", "2026-12-23")
    enter(authority, "2026-12-16", "2026-12-18", login=DEPUTY, who=LEAD)
    enter(authority, "2026-12-18", "2026-12-18", login=LEAD, who=LEAD)
    view = authority.absence_lists.team(authority.reader(LEAD), day("2026-12-16"), 3)
    assert [str(week.monday) for week in view.weeks] == ["2026-12-14", "2026-12-21", "2026-12-28"]
    first = {row.login: row for row in view.weeks[0].rows}
    assert [(str(one.starts), one.deputy, one.also_away) for one in first[ME].covers] == [
        ("2026-12-14", DEPUTY, ()),
        ("2026-12-16", LEAD, (DEPUTY,)),
        ("2026-12-18", None, (DEPUTY, LEAD)),
        ("2026-12-19", DEPUTY, ()),
    ]
    assert [row.login for row in view.weeks[1].rows] == [ME]
    assert view.weeks[2].rows == ()
    assert {one.login for one in view.people} == {ME, DEPUTY, LEAD}


# --- beside the register ---------------------------------------


def test_a_register_that_repeats_itself_leaves_alone_what_was_changed_here(authority: Authority):
    authority.away(ME, "2026-11-16", "2026-12-23")
    end(authority, "2026-11-16", "2026-11-24")
    authority.away(ME, "2026-11-16", "2026-12-23")
    assert spans(authority) == [("2026-11-16", "2026-11-24")]
    authority.away(ME, "2026-11-16", "2026-11-30")  # something new: the register counts again
    assert spans(authority) == [("2026-11-16", "2026-11-30")]
    with authority.database.read() as session:
        assert session.scalars(select(LocalChange)).all() == []
        imported = session.scalars(select(AuditRow).where(AuditRow.action == "register.import"))
        assert [row.details["overruled"] for row in imported][-1] == 1


def test_an_absence_taken_away_here_does_not_come_back_with_the_register(authority: Authority):
    authority.away(ME, "2026-12-14", "2026-12-23")
    me = authority.reader(ME)
    authority.absences.remove(me, ME, stand(authority), day("2026-12-14"))
    authority.away(ME, "2026-12-14", "2026-12-23")
    assert spans(authority) == []


def test_the_register_touches_its_own_absences_only(authority: Authority):
    enter(authority, "2026-12-14", "2026-12-23")
    authority.away(ME, "2026-12-14", "2026-12-16")
    assert sorted(rows(authority)) == [
        ("desk", "2026-12-14", "2026-12-23"),
        ("register", "2026-12-14", "2026-12-16"),
    ]
    assert spans(authority) == [("2026-12-14", "2026-12-23")]
    end(authority, "2026-12-14", "2026-12-15")
    assert spans(authority) == [("2026-12-14", "2026-12-15")]


def test_deputies_set_here_stand_until_the_register_says_something_new(authority: Authority):
    put = authority.absences.set_deputies
    put(authority.reader(LEAD), ME, stand(authority), [LEAD])
    authority.register({"caseworkers": small_register()["caseworkers"]})
    view = authority.absence_lists.person(authority.reader(ME), ME)
    assert [one.login for one in view.deputies] == [LEAD]
    workers = small_register()["caseworkers"]
    workers[0]["deputies"] = ["r.legal"]
    authority.register({"caseworkers": workers})
    view = authority.absence_lists.person(authority.reader(ME), ME)
    assert [one.login for one in view.deputies] == ["r.legal"]


# --- waiting post ---------------------------------------


def test_waiting_post_stays_where_the_deputy_sees_it(authority: Authority):
    letter = authority.letter("mietschulden", MUELLER)
    enter(authority, "2026-11-20", None)
    assert where(authority, letter) == [(ME, None)]
    boxes = {box.id: box for box in authority.postboxes.summaries(authority.reader(DEPUTY))}
    assert (boxes[ME].kind, boxes[ME].urgent) == ("deputy", 1)
    assert boxes[ME].title == "In Vertretung für Maike Petersen"
    with authority.database.read() as session:
        row = AuditLog(session).newest(STEP, "caseworker", ME, WHAT)
    assert row is not None
    assert row.details == {"stands_in": DEPUTY, "tasks": 1, "urgent": 1}


def test_what_nobody_began_goes_back_at_the_days_change_and_what_was_begun_stays(
    authority: Authority,
):
    authority.away(ME, "2026-11-16", "2026-11-22")
    untouched, opened, begun = (authority.letter("kontoauszug", MUELLER) for _ in range(3))
    deputy = authority.reader(DEPUTY)
    authority.documents.open(deputy, opened)
    authority.documents.open(deputy, begun)
    version = authority.document(begun).version
    authority.documents.set_receipt(deputy, begun, version, day("2026-11-19"), here=True)
    assert authority.absences.keep_up(STEP) == Settled(begun=1)
    assert authority.absences.keep_up(STEP) == Settled()
    authority.clock.set_day("2026-11-25")  # the server was down over the change of the day
    assert authority.absences.keep_up(STEP) == Settled(returned=2)
    assert authority.absences.keep_up(STEP) == Settled()
    assert where(authority, untouched) == where(authority, opened) == [(ME, None)]
    assert where(authority, begun) == [(DEPUTY, ME)]
    held = authority.absence_lists.person(authority.reader(ME), ME).held
    assert [(one.postbox, one.login, one.entries) for one in held] == [(DEPUTY, ME, 1)]
    assert authority.absences.hand_back(authority.reader(DEPUTY), DEPUTY, ME) == 1
    assert where(authority, begun) == [(ME, None)]
    (returned,) = (one for one in authority.entries(begun) if one.done_how == "returned")
    assert returned.done_by == DEPUTY


def test_the_worker_looks_and_ends_when_told_to(authority: Authority):
    enter(authority, "2026-11-20", "2026-11-20")
    letter = authority.letter("kontoauszug", MUELLER)
    authority.clock.set_day("2026-11-21")
    stop = threading.Event()
    stop.set()
    DayChange(
        absences=authority.absences,
        handovers=authority.handovers,
        moving_files=authority.moving_files,
        statistics=authority.statistics,
        filters=PostboxFilters(authority.database),
        seconds=60,
    ).run(stop)
    assert where(authority, letter) == [(ME, None)]


def test_one_who_is_away_and_signs_in_is_told(authority: Authority):
    assert not authority.reader(ME).away
    enter(authority, "2026-11-20", None)
    assert authority.reader(ME).away
    assert not authority.reader(DEPUTY).away


def test_ending_an_absence_brings_the_post_back_at_once(authority: Authority):
    enter(authority, "2026-11-16", None)
    letter = authority.letter("kontoauszug", MUELLER)
    assert where(authority, letter) == [(DEPUTY, ME)]
    assert end(authority, "2026-11-16", "2026-11-19") == Settled(returned=1)
    assert where(authority, letter) == [(ME, None)]


def test_post_in_the_teams_postbox_goes_back_as_well(authority: Authority):
    for login in (DEPUTY, LEAD):
        authority.away(login, "2026-11-16", None)
    enter(authority, "2026-11-16", None)
    letter = authority.letter("kontoauszug", MUELLER)
    assert where(authority, letter) == [("husum-leistung", ME)]
    end(authority, "2026-11-16", "2026-11-19")
    assert where(authority, letter) == [(ME, None)]


def test_nothing_goes_back_to_one_whom_the_file_excludes_meanwhile(authority: Authority):
    authority.away(ME, "2026-11-16", "2026-11-22")
    letter = authority.letter("kontoauszug", COLLEAGUE)
    assert where(authority, letter) == [(LEAD, ME)]
    (entry,) = (one for one in small_register()["case_files"] if one["aktenzeichen"] == COLLEAGUE)
    authority.register({"case_files": [entry | {"excluded_logins": [DEPUTY, ME]}]})
    authority.clock.set_day("2026-11-23")
    assert authority.absences.keep_up(STEP) == Settled()
    assert authority.absences.hand_back(authority.reader(LEAD), LEAD, ME) == 0
    assert where(authority, letter) == [(LEAD, ME)]


def test_only_who_has_it_or_owns_it_hands_back_and_not_during_the_absence(authority: Authority):
    enter(authority, "2026-11-16", None)
    authority.letter("kontoauszug", MUELLER)
    with pytest.raises(NotFound):
        authority.absences.hand_back(authority.reader("i.clausen"), DEPUTY, ME)
    with pytest.raises(Conflict, match="dauert noch an"):
        authority.absences.hand_back(authority.reader(DEPUTY), DEPUTY, ME)
    with pytest.raises(NotPermitted):
        authority.absences.keep_up(authority.reader(DEPUTY))


def test_waiting_post_is_told_to_the_system_alone(authority: Authority):
    enter(authority, "2026-11-16", None)
    letter = authority.letter("kontoauszug", PROTECTED)
    mine = authority.letter("kontoauszug", MUELLER)
    reader = authority.reader(DEPUTY)
    with authority.database.read() as session:
        found = WaitingPost(session)
        (entry,) = found.held_by(STEP, None, ME)
        assert entry.document_id == mine
        assert found.held_in(STEP, [DEPUTY]) == [entry]
        assert found.held_by(reader, None, ME) == found.held_in(reader, [DEPUTY]) == []
        assert found.held_for_present(reader, day("2030-01-01")) == []
        assert not found.begun(reader, entry)
        assert found.counts(reader, DEPUTY) == (0, 0)
        assert found.counts(STEP, DEPUTY) == (1, 0)
        assert not found.may_lie_with(reader, mine, ME)
        assert found.may_lie_with(STEP, mine, ME)
        assert not found.may_lie_with(STEP, letter, DEPUTY)  # protected, and not named in it
        assert found.open_in_postboxes(reader, [DEPUTY]) == []
        assert found.files_of(reader, mine) == found.people_of(reader, mine) == []
