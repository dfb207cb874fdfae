"""Teams, surname ranges and files handed over on the screen, and what a change would do before."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from eakte.errors import Conflict, NotFound, NotPermitted, Unusable
from eakte.models import AuditRow, LocalChange, PostboxEntry, Responsibility
from eakte.repositories.responsibilities import Responsibilities as Rows
from eakte.services.handovers import Plan
from eakte.services.responsibilities import ListChange
from eakte.services.responsibility_views import Shift
from tests.authority import STEP, Authority
from tests.small_authority import (
    COLLEAGUE,
    MUELLER,
    OTHER_SITE,
    PROTECTED,
    SCHMIDT,
    small_register,
)

MAIKE, JENS, LEAD, ADMIN = "m.petersen", "j.hansen", "a.lead", "x.admin"


def ranges(login: str, text: str) -> ListChange:
    return ListChange(login=login, function="leistung", ranges=text)


def put(
    authority: Authority, change: ListChange, who: str = LEAD, *, with_post: bool = False
) -> int:
    reader = authority.reader(who)
    known = authority.responsibilities.person(authority.reader(ADMIN), change.login).stand
    return authority.responsibilities.put(reader, change, known, with_post=with_post)


def plan(**more: object) -> Plan:
    given = {
        "giver": MAIKE,
        "taker": JENS,
        "function": "",
        "effective": date(2026, 11, 20),
        "with_protected": False,
        "with_post": False,
    }
    return Plan(**given | more)  # type: ignore[arg-type]  its own fields


def where(authority: Authority, document_id: str) -> list[str]:
    return [one.postbox for one in authority.entries(document_id) if one.done_at is None]


def responsible(authority: Authority, number: str) -> dict[str, str]:
    with authority.database.read() as session:
        cover = authority.cover(session, number)
        rows = session.scalars(
            select(Responsibility).where(Responsibility.case_file_id == cover.id)
        )
        return {row.function: row.login for row in rows}


# --- teams and ranges ---------------------------------------


def test_a_lead_sees_own_teams_with_gaps_and_overlaps_and_the_administration_all(
    authority: Authority,
):
    put(authority, ranges(MAIKE, "A–Ka, S"))
    (team,) = authority.responsibilities.teams(authority.reader(LEAD))
    assert team.id == "husum-leistung"
    assert {one.login: one.ranges for one in team.members} == {
        MAIKE: "A–Ka, S",
        JENS: "L–Zz",
        LEAD: "",
    }
    assert team.gaps == ("Kb–Kz",)
    assert team.shared == ("S–Sz: Maike Petersen und Jens Hansen (es gilt Maike Petersen)",)
    assert next(one.files for one in team.members if one.login == MAIKE) == 3
    assert len(authority.responsibilities.teams(authority.reader(ADMIN))) == 5
    for login in (MAIKE, "s.scan", "r.legal"):
        with pytest.raises(NotPermitted):
            authority.responsibilities.teams(authority.reader(login))


def test_what_a_change_would_do_is_told_before_it_counts(authority: Authority):
    waiting = authority.letter("kontoauszug", SCHMIDT)
    by_name = authority.letter("kontoauszug", MUELLER)  # Maike is named for it: it stays
    assert where(authority, waiting) == [JENS]
    change = ranges(MAIKE, "A–Kz, Sch")
    effect = authority.responsibilities.effect(authority.reader(LEAD), change)
    assert (
        effect.files
        == effect.tasks
        == (Shift(before="Jens Hansen", after="Maike Petersen", count=1),)
    )
    assert where(authority, waiting) == [JENS], "the look changed something"
    assert put(authority, change, with_post=True) == 1
    assert where(authority, waiting) == where(authority, by_name) == [MAIKE]
    assert authority.receivers(authority.letter("kontoauszug", SCHMIDT))[0] == MAIKE


def test_waiting_post_stays_where_it_lies_unless_it_is_told_to_go_along(authority: Authority):
    waiting = authority.letter("kontoauszug", SCHMIDT)
    assert put(authority, ranges(MAIKE, "A–Zz")) == 0
    assert where(authority, waiting) == [JENS]
    assert authority.receivers(authority.letter("kontoauszug", SCHMIDT))[0] == MAIKE


def test_post_that_goes_along_goes_to_the_deputy_of_one_who_is_away(authority: Authority):
    waiting = authority.letter("kontoauszug", SCHMIDT)
    authority.away(MAIKE, "2026-11-16")
    authority.register({"caseworkers": [small_register()["caseworkers"][0] | {"deputies": [LEAD]}]})
    assert put(authority, ranges(MAIKE, "A–Zz"), with_post=True) == 1
    assert where(authority, waiting) == [LEAD]


@pytest.mark.parametrize("text", ["A bis", "12–14", "K–A", "A–B–C"])
def test_what_is_no_range_is_refused_by_its_own_words(authority: Authority, text: str):
    with pytest.raises(Unusable, match="ist kein Bereich"):
        put(authority, ranges(MAIKE, f"A–Kz, {text}"))


def test_a_lead_changes_own_people_in_own_functions_alone(authority: Authority):
    theirs = authority.responsibilities
    lead = authority.reader(LEAD)
    with pytest.raises(NotFound):
        theirs.person(lead, "i.clausen")
    with pytest.raises(NotFound):
        theirs.effect(lead, ranges("i.clausen", "A–Z"))
    with pytest.raises(NotPermitted, match="Funktion"):
        theirs.effect(lead, ListChange(login=MAIKE, function="vermittlung", ranges="A–Z"))
    with pytest.raises(NotPermitted, match="leiten Sie nicht"):
        theirs.effect(lead, ListChange(login=MAIKE, teams=("husum-leistung", "recht")))
    with pytest.raises(NotPermitted, match="das Sie nicht leiten"):
        theirs.effect(
            lead, ListChange(login="k.thomsen", teams=("husum-vermittlung", "husum-leistung"))
        )
    assert put(authority, ListChange(login="s.scan", teams=("husum-leistung",))) == 0
    assert "s.scan" in [one.id for one in theirs.colleagues(lead)]
    assert "k.thomsen" not in [one.id for one in theirs.colleagues(lead)]


def test_who_comes_too_late_is_told_who_was_quicker(authority: Authority):
    known = authority.responsibilities.person(authority.reader(LEAD), MAIKE).stand
    put(authority, ranges(MAIKE, "A–Z"), who=ADMIN)
    with pytest.raises(Conflict, match="Xaver Admin hat"):
        authority.responsibilities.put(
            authority.reader(LEAD), ranges(MAIKE, "A–K"), known, with_post=False
        )


def test_a_member_who_leaves_takes_the_ranges_out_of_the_team(authority: Authority):
    effect = authority.responsibilities.effect(
        authority.reader(LEAD), ListChange(login=JENS, teams=())
    )
    assert effect.files == (Shift(before="Jens Hansen", after="Leistung Husum", count=1),)


def test_ranges_set_here_stand_while_the_register_repeats_itself(authority: Authority):
    put(authority, ranges(MAIKE, "A–Zz"))
    put(authority, ListChange(login="s.scan", teams=("husum-leistung",)), who=ADMIN)
    authority.register({"caseworkers": small_register()["caseworkers"]})
    assert authority.receivers(authority.letter("kontoauszug", SCHMIDT))[0] == MAIKE
    assert authority.responsibilities.person(authority.reader(LEAD), "s.scan").teams
    put(authority, ranges(MAIKE, "A–Kz"))  # as the register has it: nothing to remember
    with authority.database.read() as session:
        assert [row.kind for row in session.scalars(select(LocalChange))] == ["teams"]


# --- teams ---------------------------------------


def test_the_administration_makes_and_renames_teams(authority: Authority):
    admin, teams = authority.reader(ADMIN), authority.team_list
    teams.create(admin, "husum-forderung", " Forderung  Husum ", "husum", "forderung")
    assert authority.receivers(authority.letter("ratenzahlung", SCHMIDT))[0] == "husum-forderung"
    teams.rename(admin, "recht", "Rechtsstelle", "Recht")
    authority.register({"teams": small_register()["teams"]})
    names = [one.name for one in authority.responsibilities.teams(admin)]
    assert names[-3:] == ["Recht", "Leitung", "Forderung Husum"]
    with pytest.raises(Conflict, match="Xaver Admin hat das Team inzwischen „Recht“ genannt"):
        teams.rename(admin, "recht", "Rechtsstelle", "Justiziariat")
    renamed = [one | {"name": "Rechtsamt"} for one in small_register()["teams"]]
    authority.register({"teams": renamed})
    assert {one.name for one in authority.responsibilities.teams(admin)} == {
        "Rechtsamt",
        "Forderung Husum",
    }


@pytest.mark.parametrize(
    ("team", "error"),
    [
        (("süd", "Süd", "", "leistung"), Unusable),
        (("sued", " ", "", "leistung"), Unusable),
        (("sued", "Süd", "", "Leistung 1"), Unusable),
        (("sued", "Süd", "mond", "leistung"), NotFound),
        (("m.petersen", "Süd", "", "leistung"), Conflict),
        (("recht", "Süd", "", "leistung"), Conflict),
        (("clearing", "Süd", "", "leistung"), Conflict),
    ],
)
def test_what_can_be_no_team(
    authority: Authority, team: tuple[str, str, str, str], error: type[Exception]
):
    with pytest.raises(error):
        authority.team_list.create(authority.reader(ADMIN), *team)
    with pytest.raises(NotPermitted):
        authority.team_list.create(authority.reader(LEAD), *team)


# --- files handed over ---------------------------------------


def test_all_files_of_one_go_to_another_but_for_those_that_may_not(authority: Authority):
    waiting, new = authority.letter("kontoauszug", MUELLER), "kontoauszug"
    given = plan(with_post=True)
    effect = authority.handovers.effect(authority.reader(LEAD), given)
    assert (effect.file_count, effect.task_count) == (1, 1)
    assert (effect.protected, effect.left_out) == (1, 1)  # gewaltschutz; and Jens is excluded
    done = authority.handovers.hand_over(authority.reader(LEAD), given)
    assert done is not None
    assert (done.files, done.entries) == (1, 1)
    assert responsible(authority, MUELLER)["leistung"] == JENS
    assert (
        responsible(authority, PROTECTED)
        == responsible(authority, COLLEAGUE)
        == {"leistung": MAIKE}
    )
    assert where(authority, waiting) == [JENS]
    assert authority.receivers(authority.letter(new, MUELLER))[0] == JENS


def test_protected_files_go_along_where_that_is_said(authority: Authority):
    letter = authority.letter("kontoauszug", PROTECTED)
    authority.handovers.hand_over(authority.reader(LEAD), plan(with_protected=True, with_post=True))
    assert responsible(authority, PROTECTED) == {"leistung": JENS}
    assert where(authority, letter) == [JENS]


def test_a_handover_waits_for_its_day_and_is_made_up_for_once(authority: Authority):
    later = plan(effective=date(2026, 12, 1))
    assert authority.handovers.hand_over(authority.reader(LEAD), later) is None
    assert authority.handovers.apply_due(STEP) == 0
    (waiting,) = authority.handovers.planned(authority.reader(LEAD))
    assert (waiting.files, waiting.from_name, waiting.to_name) == (
        None,
        "Maike Petersen",
        "Jens Hansen",
    )
    authority.clock.set_day("2026-12-05")  # the server was down on the day itself
    assert (authority.handovers.apply_due(STEP), authority.handovers.apply_due(STEP)) == (1, 0)
    assert responsible(authority, MUELLER)["leistung"] == JENS
    with pytest.raises(Conflict, match="schon geschehen"):
        authority.handovers.take_back(authority.reader(LEAD), waiting.id, waiting.version)


def test_a_handover_to_come_is_taken_back(authority: Authority):
    authority.handovers.hand_over(authority.reader(LEAD), plan(effective=date(2026, 12, 1)))
    (waiting,) = authority.handovers.planned(authority.reader(LEAD))
    with pytest.raises(NotPermitted):
        authority.handovers.take_back(authority.reader(MAIKE), waiting.id, waiting.version)
    authority.handovers.take_back(authority.reader(ADMIN), waiting.id, waiting.version)
    assert authority.handovers.planned(authority.reader(LEAD)) == ()
    with pytest.raises(NotFound, match="Diese Übergabe gibt es nicht"):
        authority.handovers.take_back(authority.reader(ADMIN), waiting.id, waiting.version)
    assert authority.trail_of("unknown") == [(ADMIN, "handover.refused", None)]


@pytest.mark.parametrize(
    ("who", "more", "error"),
    [
        (MAIKE, {}, NotPermitted),
        (LEAD, {"taker": "i.clausen"}, NotFound),
        (LEAD, {"giver": "i.clausen"}, NotFound),
        (LEAD, {"taker": MAIKE}, Unusable),
        (LEAD, {"function": "recht"}, NotPermitted),
        (LEAD, {"effective": date(2026, 11, 19)}, Unusable),
        (ADMIN, {"taker": "x.admin"}, NotFound),
    ],
)
def test_what_may_not_be_handed_over(
    authority: Authority, who: str, more: dict[str, object], error: type[Exception]
):
    with pytest.raises(error):
        authority.handovers.effect(authority.reader(who), plan(**more))
    with pytest.raises(error):
        authority.handovers.hand_over(authority.reader(who), plan(**more))


def test_handed_over_files_stay_so_while_the_register_repeats_itself(authority: Authority):
    authority.handovers.hand_over(authority.reader(LEAD), plan())
    (entry,) = (one for one in small_register()["case_files"] if one["aktenzeichen"] == MUELLER)
    authority.register({"case_files": [entry]})
    assert responsible(authority, MUELLER)["leistung"] == JENS
    authority.register({"case_files": [entry | {"responsible": {"leistung": "i.clausen"}}]})
    assert responsible(authority, MUELLER)["leistung"] == "i.clausen"
    back = plan(giver=JENS, taker=MAIKE)
    authority.register({"case_files": [entry]})
    authority.handovers.hand_over(authority.reader(LEAD), plan())
    authority.handovers.hand_over(authority.reader(LEAD), back)
    with authority.database.read() as session:
        assert session.scalar(select(func.count()).select_from(LocalChange)) == 0


# --- a single file ---------------------------------------


def test_one_file_gets_somebody_else_and_the_register_repeats_in_vain(authority: Authority):
    one = authority.file_responsibles
    view = one.case(authority.reader(LEAD), SCHMIDT)
    assert [(line.function, line.login) for line in view.lines] == [("leistung", "")]
    one.put_one(authority.reader(LEAD), SCHMIDT, (None, "leistung"), "", LEAD)
    with pytest.raises(Conflict, match=r"Anke Lead hat .* zuständig ist jetzt Anke Lead"):
        one.put_one(authority.reader(LEAD), SCHMIDT, (None, "leistung"), "", MAIKE)
    assert authority.receivers(authority.letter("kontoauszug", SCHMIDT))[0] == LEAD
    (entry,) = (one for one in small_register()["case_files"] if one["aktenzeichen"] == SCHMIDT)
    authority.register({"case_files": [entry | {"responsible": {}}]})
    assert responsible(authority, SCHMIDT) == {"leistung": LEAD}
    one.put_one(authority.reader(LEAD), SCHMIDT, (None, "leistung"), LEAD, "")
    assert responsible(authority, SCHMIDT) == {}


def test_who_may_say_who_answers_for_a_file(authority: Authority):
    one, lead = authority.file_responsibles, authority.reader(LEAD)
    with pytest.raises(NotFound):
        one.case(lead, OTHER_SITE)
    with authority.database.read() as session:
        refused = session.scalars(select(AuditRow).where(AuditRow.action == "case_file.refused"))
        assert [row.actor for row in refused] == [LEAD]
    with pytest.raises(NotPermitted):
        one.case(authority.reader(MAIKE), MUELLER)
    place = (None, "leistung")
    with pytest.raises(NotPermitted, match="nicht in Betracht"):
        one.put_one(lead, COLLEAGUE, place, MAIKE, JENS)
    with pytest.raises(NotPermitted, match="Funktion"):
        one.put_one(lead, MUELLER, (None, "recht"), "", JENS)
    with pytest.raises(NotFound):
        one.put_one(lead, MUELLER, place, MAIKE, "i.clausen")
    admins = one.case(authority.reader(ADMIN), MUELLER)
    assert [line.whom for line in admins.lines if line.person_id] == ["1. Person"]
    leads = one.case(lead, MUELLER)
    assert [line.whom for line in leads.lines if line.person_id] == ["Jörg Müller-Lüdenscheidt"]


def test_numbers_are_told_to_those_who_care_for_the_people(authority: Authority):
    authority.letter("kontoauszug", MUELLER)
    authority.handovers.hand_over(authority.reader(LEAD), plan(effective=date(2026, 12, 1)))
    since = authority.clock.now()
    with authority.database.write() as session:
        rows, lead, other = Rows(session), authority.reader(LEAD), authority.reader("i.clausen")
        assert rows.counts(lead, [MAIKE, "i.clausen"]) == {MAIKE: 3}
        assert rows.waiting(lead, [MAIKE]) == {MAIKE: 1}
        assert rows.counts(other, [MAIKE]) == rows.waiting(other, [MAIKE]) == {}
        (made,) = rows.handovers(lead, since)
        assert rows.handover(lead, made.id) is made
        assert rows.handovers(other, since) == []
        assert rows.handover(other, made.id) is None
        assert rows.unnamed(lead, "leistung") == rows.due(lead, date(2030, 1, 1)) == []
        assert rows.held_by(lead, MAIKE, JENS, None) == []
        assert rows.unnamed(STEP, "leistung") == [("husum", "Schmidt", 1)]
        assert session.scalar(select(func.count()).select_from(PostboxEntry)) == 1
