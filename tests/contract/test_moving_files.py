"""A file goes to another caseworker or site on a day, with its post, reminders and rights."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from eakte.domain.ids import new_id
from eakte.domain.rights import system_reader
from eakte.errors import Conflict, NotFound, NotPermitted, Unusable
from eakte.models import CaseFile, ExcludedLogin, Vorgang, Wiedervorlage
from eakte.repositories.case_files import CaseFiles
from eakte.repositories.file_moves import FileMoves
from eakte.repositories.organisation import Organisation
from eakte.services.handovers import Plan
from eakte.services.moving_views import MovePlan
from tests.authority import Authority
from tests.small_authority import MUELLER, OTHER_SITE, PROTECTED, SCHMIDT, small_register

WORKER = system_reader("absences")
TODAY, MONDAY = date(2026, 11, 20), date(2026, 11, 23)


def to_toenning(**more) -> MovePlan:
    return MovePlan(**{"aktenzeichen": MUELLER, "effective": TODAY, "to_site": "toenning", **more})


def site_of(authority: Authority, number: str = MUELLER) -> str:
    with authority.database.read() as session:
        return authority.cover(session, number).site_id


def remind(authority: Authority, letter: str, login: str) -> str:
    row = Wiedervorlage(
        id=new_id(),
        document_id=letter,
        login=login,
        due=MONDAY,
        made_by=login,
        made_at=authority.clock.now(),
    )
    with authority.database.write() as session:
        session.add(row)
        return row.id


def holder(authority: Authority, reminder: str) -> str | None:
    with authority.database.read() as session:
        return session.get_one(Wiedervorlage, reminder).login


def opens(authority: Authority, who: str, letter: str) -> bool:
    try:
        authority.documents.open(authority.reader(who), letter)
    except NotFound:
        return False
    return True


def test_a_file_moves_to_another_site_with_post_reminders_and_rights(authority: Authority):
    waiting = authority.letter("kontoauszug", MUELLER)
    filed = authority.letter("mietvertrag", MUELLER)
    reminder = remind(authority, filed, "m.petersen")
    lead = authority.reader("a.lead")
    assert not opens(authority, "d.deputy", filed)
    assert authority.moving_files.plan(lead, to_toenning())
    assert site_of(authority) == "toenning"
    assert authority.receivers(waiting)[0] == "i.clausen"
    assert holder(authority, reminder) == "i.clausen"
    assert opens(authority, "d.deputy", filed)
    fresh = authority.letter("kontoauszug", MUELLER)
    assert authority.receivers(fresh)[0] == "i.clausen"
    assert not opens(authority, "j.hansen", fresh)
    assert not opens(authority, "m.petersen", fresh)
    with authority.database.read() as session:
        cover = authority.cover(session, MUELLER).id
    assert ("a.lead", "case_file.move", None) in authority.trail_of(cover)
    assert ("a.lead", "document.rerouted", None) in authority.trail_of(waiting)


def test_a_copy_goes_to_who_gets_copies_now(authority: Authority):
    letter = authority.letter("widerspruch", MUELLER)
    assert authority.receivers(letter) == ("recht", ["m.petersen"])
    authority.moving_files.plan(authority.reader("a.lead"), to_toenning())
    assert authority.receivers(letter) == ("recht", ["i.clausen"])


def test_the_old_site_keeps_a_named_vorgang_and_gets_its_post(authority: Authority):
    authority.letter("kontoauszug", MUELLER)
    objection = authority.letter("widerspruch", MUELLER)
    lead = authority.reader("a.lead")
    form = authority.moving_files.form(lead, MUELLER)
    (vorgang,) = form.vorgaenge
    assert vorgang.title == "Widerspruch"
    before = authority.receivers(objection)
    authority.moving_files.plan(lead, to_toenning(keep=(vorgang.id,), keep_team="husum-leistung"))
    assert authority.receivers(objection) == before
    for who, sees in (("j.hansen", True), ("d.deputy", True), ("k.thomsen", False)):
        assert opens(authority, who, objection) is sees, who
    with authority.database.write() as session:
        document = session.merge(authority.document(objection))
        cover = authority.cover(session, MUELLER)
        delivery = authority.delivery(session)
        main, copies = delivery.receivers(WORKER, document, cover, [])
    assert main.postbox == "husum-leistung"
    assert "recht" in {one.postbox for one in copies}


def test_it_waits_for_its_day_and_can_be_given_up(authority: Authority):
    lead = authority.reader("a.lead")
    assert not authority.moving_files.plan(lead, to_toenning(effective=MONDAY))
    assert authority.moving_files.apply_due(WORKER) == 0
    assert site_of(authority) == "husum"
    (waiting,) = authority.moving_files.form(lead, MUELLER).planned
    assert (waiting.site, waiting.effective) == ("Sozialzentrum Tönning", MONDAY)
    with pytest.raises(Conflict):
        authority.moving_files.plan(lead, to_toenning())
    with pytest.raises(Conflict):
        authority.moving_files.take_back(lead, waiting.id, 999)
    assert authority.moving_files.take_back(lead, waiting.id, waiting.version) == MUELLER
    assert not authority.moving_files.plan(lead, to_toenning(effective=MONDAY))
    (again,) = authority.moving_files.form(lead, MUELLER).planned
    authority.clock.set_day("2026-11-24")
    assert authority.moving_files.apply_due(WORKER) == 1
    assert authority.moving_files.apply_due(WORKER) == 0
    assert site_of(authority) == "toenning"
    with authority.database.read() as session:
        file_id = authority.cover(session, MUELLER).id
    for asked, noted in ((again.id, file_id), (waiting.id, "unknown")):
        before = authority.trail_of(noted)
        with pytest.raises(NotFound, match="Diesen Umzug gibt es nicht"):
            authority.moving_files.take_back(lead, asked, again.version)
        assert authority.trail_of(noted) == [*before, ("a.lead", "case_file.refused", None)]


def test_a_file_goes_to_a_colleague_of_the_same_team(authority: Authority):
    waiting = authority.letter("kontoauszug", MUELLER)
    reminder = remind(authority, waiting, "m.petersen")
    to_jens = to_toenning(to_site="", function="leistung", to_login="j.hansen")
    authority.moving_files.plan(authority.reader("a.lead"), to_jens)
    assert authority.receivers(waiting)[0] == "j.hansen"
    assert holder(authority, reminder) == "j.hansen"
    assert authority.receivers(authority.letter("kontoauszug", MUELLER))[0] == "j.hansen"


def test_whom_the_file_excludes_by_then_does_not_come_to_answer_for_it(authority: Authority):
    plan = MovePlan(
        aktenzeichen=MUELLER, effective=MONDAY, function="leistung", to_login="j.hansen"
    )
    authority.moving_files.plan(authority.reader("a.lead"), plan)
    with authority.database.write() as session:
        cover = authority.cover(session, MUELLER).id
        session.add(ExcludedLogin(case_file_id=cover, login="j.hansen"))
    authority.clock.set_day(str(MONDAY))
    assert authority.moving_files.apply_due(WORKER) == 1
    with authority.database.read() as session:
        answers = CaseFiles(session).responsible(WORKER, cover)
        assert {one.function: one.login for one in answers}["leistung"] == "m.petersen"


def test_the_register_that_only_repeats_itself_does_not_move_it_back(authority: Authority):
    authority.moving_files.plan(authority.reader("a.lead"), to_toenning())
    authority.register(small_register())
    assert site_of(authority) == "toenning"
    back = MovePlan(aktenzeichen=MUELLER, effective=TODAY, to_site="husum")
    authority.moving_files.plan(authority.reader("x.admin"), back)
    authority.register(small_register())
    assert site_of(authority) == "husum"


@pytest.mark.parametrize(
    ("who", "plan", "error"),
    [
        ("a.lead", to_toenning(aktenzeichen="99999//9999999"), NotFound),
        ("a.lead", to_toenning(aktenzeichen=OTHER_SITE, to_site="husum"), NotFound),
        ("a.lead", to_toenning(to_site="husum"), Unusable),
        ("a.lead", to_toenning(to_site=""), Unusable),
        ("a.lead", to_toenning(to_site="nirgends"), NotFound),
        ("a.lead", to_toenning(effective=TODAY - timedelta(days=1)), Unusable),
        ("a.lead", to_toenning(function="leistung", to_login="i.clausen"), NotPermitted),
        ("a.lead", to_toenning(to_site="", function="recht", to_login="j.hansen"), NotPermitted),
        ("x.admin", to_toenning(to_login="i.clausen"), Unusable),
        ("x.admin", to_toenning(function="leistung", to_login="x.admin"), NotFound),
        ("a.lead", to_toenning(keep=("x",)), Unusable),
        ("a.lead", to_toenning(keep=("x",), keep_team="toenning-leistung"), Unusable),
        ("a.lead", to_toenning(keep=("x",), keep_team="husum-leistung"), NotFound),
        (
            "a.lead",
            to_toenning(aktenzeichen=PROTECTED, keep=("x",), keep_team="husum-leistung"),
            NotPermitted,
        ),
        ("m.petersen", to_toenning(), NotPermitted),
    ],
)
def test_what_may_not_be_changes_nothing(
    authority: Authority, who: str, plan: MovePlan, error: type[Exception]
):
    with pytest.raises(error):
        authority.moving_files.plan(authority.reader(who), plan)
    with authority.database.read() as session:
        assert set(session.scalars(select(CaseFile.site_id))) == {"husum", "toenning"}
        assert FileMoves(session).due(WORKER, MONDAY) == []


def test_who_names_a_closed_file_leaves_a_trace(authority: Authority):
    with pytest.raises(NotFound):
        authority.moving_files.plan(
            authority.reader("a.lead"), to_toenning(aktenzeichen=OTHER_SITE, to_site="husum")
        )
    with authority.database.read() as session:
        closed = authority.cover(session, OTHER_SITE).id
    assert authority.trail_of(closed) == [("a.lead", "case_file.refused", None)]


def test_a_lead_gives_up_no_move_of_another_function(authority: Authority):
    admin, lead = authority.reader("x.admin"), authority.reader("a.lead")
    plan = MovePlan(aktenzeichen=MUELLER, effective=MONDAY, function="recht", to_login="r.legal")
    authority.moving_files.plan(admin, plan)
    (planned,) = authority.moving_files.form(lead, MUELLER).planned
    with pytest.raises(NotPermitted):
        authority.moving_files.take_back(lead, planned.id, planned.version)
    assert authority.moving_files.take_back(admin, planned.id, planned.version) == MUELLER


def test_who_leads_nobody_asks_in_vain(authority: Authority):
    who = authority.reader("m.petersen")
    with pytest.raises(NotPermitted):
        authority.moving_files.form(who, MUELLER)
    with pytest.raises(NotPermitted):
        authority.moving_files.apply_due(who)
    admin = authority.moving_files.form(authority.reader("x.admin"), SCHMIDT)
    assert admin.vorgaenge == ()
    with authority.database.read() as session:
        rows = FileMoves(session)
        assert rows.get(who, SCHMIDT) is None
        assert rows.of_file(who, SCHMIDT) == rows.due(who, MONDAY) == []
        assert rows.open_entries(who, SCHMIDT) == rows.open_reminders(who, SCHMIDT) == []
        assert rows.reminders_of(who, "m.petersen") == rows.documents_of(who, [SCHMIDT]) == []
        assert rows.keeper(who, SCHMIDT) is None
        assert session.scalars(select(Vorgang)).all() == []
        assert Organisation(session).knows_site("toenning")


def test_all_files_handed_over_take_their_reminders_along(authority: Authority):
    letter = authority.letter("kontoauszug", MUELLER)
    reminder = remind(authority, letter, "m.petersen")
    plan = Plan(
        giver="m.petersen",
        taker="j.hansen",
        function="leistung",
        effective=TODAY,
        with_protected=False,
        with_post=False,
    )
    authority.handovers.hand_over(authority.reader("a.lead"), plan)
    assert holder(authority, reminder) == "j.hansen"
