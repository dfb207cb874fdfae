"""What people do with their post, alone, at the same time, and for each other."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from eakte.errors import Conflict, NotFound, NotPermitted
from eakte.models import IndexOutbox
from tests.authority import Authority
from tests.small_authority import COLLEAGUE, MUELLER, PROTECTED, SCHMIDT


def indexed_anew(authority: Authority) -> set[str]:
    with authority.database.read() as session:
        return set(session.scalars(select(IndexOutbox.document_id)))


def boxes(authority: Authority, login: str) -> dict[str, tuple[str, int, int, int]]:
    return {
        box.id: (box.kind, box.tasks, box.copies, box.urgent)
        for box in authority.postboxes.summaries(authority.reader(login))
    }


# --- looking ---------------------------------------------------------------------------------


def test_the_postbox_shows_urgent_tasks_first_then_the_oldest(authority: Authority):
    old = authority.letter("kontoauszug", MUELLER)
    authority.clock.forward(days=1)
    new = authority.letter("lohnabrechnung", MUELLER)
    urgent = authority.letter("mietschulden", MUELLER)
    copy = authority.letter("widerspruch", MUELLER)
    who = authority.reader("m.petersen")
    shown = authority.postboxes.entries(who, "m.petersen")
    assert [one.document_id for one in shown] == [urgent, old, new, copy]
    assert boxes(authority, "m.petersen")["m.petersen"] == ("own", 3, 1, 1)
    assert authority.postboxes.entries(who, "m.petersen", limit=1, offset=1)[0].document_id == old


def test_a_deputy_has_the_absent_ones_postbox_only_while_the_absence_lasts(authority: Authority):
    authority.letter("kontoauszug", MUELLER)
    authority.away("m.petersen", "2026-11-23", "2026-11-24")
    assert "m.petersen" not in boxes(authority, "j.hansen")
    authority.clock.set_day("2026-11-24")
    assert boxes(authority, "j.hansen")["m.petersen"] == ("deputy", 1, 0, 0)
    authority.clock.set_day("2026-11-25")
    assert "m.petersen" not in boxes(authority, "j.hansen")


def test_a_postbox_of_others_does_not_exist(authority: Authority):
    for box in ("m.petersen", "recht", "clearing", "gibt-es-nicht"):
        with pytest.raises(NotFound):
            authority.postboxes.entries(authority.reader("k.thomsen"), box)


def test_an_excluded_member_of_the_team_sees_neither_the_entry_nor_its_count(
    authority: Authority,
):
    letter = authority.letter("kontoauszug", COLLEAGUE)
    entry = authority.entry(letter, "m.petersen")
    who = authority.reader("m.petersen")
    authority.postboxes.forward(who, entry.id, entry.version, "husum-leistung", "")
    assert boxes(authority, "m.petersen")["husum-leistung"] == ("team", 1, 0, 0)
    assert boxes(authority, "j.hansen")["husum-leistung"] == ("team", 0, 0, 0)
    assert authority.postboxes.entries(authority.reader("j.hansen"), "husum-leistung") == ()


def test_the_token_changes_when_something_arrives_or_is_done(authority: Authority):
    who = authority.reader("m.petersen")
    tokens = [authority.postboxes.changed(who)]
    letter = authority.letter("kontoauszug", MUELLER)
    tokens.append(authority.postboxes.changed(who))
    authority.clock.forward(minutes=1)
    entry = authority.entry(letter, "m.petersen")
    authority.postboxes.file(who, entry.id, entry.version, "kontoauszug")
    tokens.append(authority.postboxes.changed(who))
    authority.letter("bewerbung", MUELLER)
    tokens.append(authority.postboxes.changed(who))
    assert len(set(tokens[:3])) == 3
    assert tokens[3] == tokens[2]


# --- filing -----------------------------------------------------------------------------------


def test_filed_it_leaves_the_postbox_and_stays_in_the_file(authority: Authority):
    letter = authority.letter("kontoauszug", MUELLER)
    who = authority.reader("m.petersen")
    entry = authority.entry(letter, "m.petersen")
    authority.postboxes.file(who, entry.id, entry.version, "lohnabrechnung")
    assert authority.postboxes.entries(who, "m.petersen") == ()
    view = authority.documents.open(who, letter)
    assert (view.state, view.filed_by) == ("filed", "Maike Petersen")
    assert [(one.id, one.given_by) for one in view.schlagworte] == [
        ("lohnabrechnung", "m.petersen")
    ]
    assert letter in {one.id for one in authority.case_files.open(who, MUELLER).documents}
    assert ("m.petersen", "document.file", None) in authority.trail_of(letter)
    assert letter in indexed_anew(authority)


def test_another_schlagwort_moves_it_to_its_subfile(authority: Authority):
    letter = authority.letter("kontoauszug", MUELLER)
    entry = authority.entry(letter, "m.petersen")
    who = authority.reader("m.petersen")
    authority.postboxes.file(who, entry.id, entry.version, "widerspruch")
    legal = authority.documents.open(authority.reader("r.legal"), letter)
    assert legal.sub_file == "recht"


def test_an_unknown_schlagwort_files_nothing(authority: Authority):
    letter = authority.letter("kontoauszug", MUELLER)
    entry = authority.entry(letter, "m.petersen")
    with pytest.raises(NotFound, match="unfug"):
        authority.postboxes.file(authority.reader("m.petersen"), entry.id, entry.version, "unfug")
    assert authority.entry(letter, "m.petersen").done_at is None


def test_what_stands_in_no_file_can_not_be_filed_into_one(authority: Authority):
    letter = authority.letter("beschwerde", None)
    entry = authority.entry(letter, "leitung")
    chief = authority.reader("c.chief")
    with pytest.raises(NotPermitted, match="noch in keiner Akte"):
        authority.postboxes.file(chief, entry.id, entry.version, "kontoauszug")
    authority.postboxes.file(chief, entry.id, entry.version, "beschwerde")
    assert authority.document(letter).state == "filed"


# --- two people, one letter ---------------------------------------------------------------------


def test_who_comes_second_hears_who_was_first_and_what_they_did(authority: Authority):
    letter = authority.letter("widerspruch", SCHMIDT)
    entry = authority.entry(letter, "recht")
    authority.register(
        {
            "caseworkers": [
                {"login": "l.zwei", "name": "Lea Zwei", "roles": ["legal"], "teams": ["recht"]}
            ]
        }
    )
    first, second = authority.reader("r.legal"), authority.reader("l.zwei")
    authority.postboxes.file(first, entry.id, entry.version, "widerspruch")
    with pytest.raises(Conflict, match=r"Rolf Recht .*zu den Akten"):
        authority.postboxes.forward(second, entry.id, entry.version, "m.petersen", "")
    assert len(authority.entries(letter)) == 2  # the task and the copy by rule


def test_a_stale_version_is_a_conflict(authority: Authority):
    letter = authority.letter("kontoauszug", MUELLER)
    entry = authority.entry(letter, "m.petersen")
    with pytest.raises(Conflict):
        authority.postboxes.file(
            authority.reader("m.petersen"), entry.id, entry.version + 1, "kontoauszug"
        )


@pytest.mark.parametrize("login", ["k.thomsen", "i.clausen", "x.admin", "s.scan", "j.hansen"])
def test_whoever_does_not_hold_the_postbox_finds_no_entry_and_leaves_a_trace(
    authority: Authority, login: str
):
    letter = authority.letter("kontoauszug", MUELLER)
    entry = authority.entry(letter, "m.petersen")
    who = authority.reader(login)
    with pytest.raises(NotFound):
        authority.postboxes.file(who, entry.id, entry.version, "kontoauszug")
    with pytest.raises(NotFound):
        authority.postboxes.forward(who, entry.id, entry.version, login, "")
    with pytest.raises(NotFound):
        authority.postboxes.acknowledge(who, entry.id, entry.version)
    assert authority.entry(letter, "m.petersen").version == entry.version
    assert authority.trail_of(letter).count((login, "document.refused", None)) == 3


def test_an_unknown_entry_is_noted_without_what_was_typed(authority: Authority):
    with pytest.raises(NotFound):
        authority.postboxes.acknowledge(authority.reader("k.thomsen"), "Müller, Jörg", 1)
    assert ("k.thomsen", "document.refused", None) in authority.trail_of("unknown")


# --- forwarding --------------------------------------------------------------------------------


def test_forwarded_the_task_lies_on_one_desk_only(authority: Authority):
    letter = authority.letter("kontoauszug", MUELLER)
    entry = authority.entry(letter, "m.petersen")
    who = authority.reader("m.petersen")
    authority.postboxes.forward(who, entry.id, entry.version, "k.thomsen", " bitte prüfen ")
    assert authority.receivers(letter) == ("k.thomsen", [])
    (shown,) = authority.postboxes.entries(authority.reader("k.thomsen"), "k.thomsen")
    assert (shown.note, shown.sent_by) == ("bitte prüfen", "Maike Petersen")
    assert authority.documents.open(who, letter).lies_with == ("Karen Thomsen",)


def test_an_absent_receivers_deputy_gets_it(authority: Authority):
    authority.away("k.thomsen", "2026-11-20")
    authority.register(
        {
            "caseworkers": [
                {
                    "login": "k.thomsen",
                    "name": "Karen Thomsen",
                    "roles": ["caseworker"],
                    "teams": ["husum-vermittlung"],
                    "deputies": ["i.clausen"],
                }
            ]
        }
    )
    letter = authority.letter("kontoauszug", MUELLER)
    entry = authority.entry(letter, "m.petersen")
    authority.postboxes.forward(
        authority.reader("m.petersen"), entry.id, entry.version, "k.thomsen", ""
    )
    assert authority.receivers(letter)[0] == "i.clausen"
    assert authority.entry(letter, "i.clausen").deputy_for == "k.thomsen"


@pytest.mark.parametrize(
    ("number", "postbox"),
    [
        (PROTECTED, "k.thomsen"),
        (PROTECTED, "husum-leistung"),
        (COLLEAGUE, "j.hansen"),
    ],
)
def test_nothing_is_forwarded_to_whoever_may_not_open_it(
    authority: Authority, number: str, postbox: str
):
    letter = authority.letter("kontoauszug", number)
    entry = authority.entry(letter, "m.petersen")
    with pytest.raises(NotPermitted):
        authority.postboxes.forward(
            authority.reader("m.petersen"), entry.id, entry.version, postbox, ""
        )
    assert authority.receivers(letter)[0] == "m.petersen"


def test_an_unknown_postbox_receives_nothing(authority: Authority):
    letter = authority.letter("kontoauszug", MUELLER)
    entry = authority.entry(letter, "m.petersen")
    with pytest.raises(NotFound, match=r"n\.iemand"):
        authority.postboxes.forward(
            authority.reader("m.petersen"), entry.id, entry.version, "n.iemand", ""
        )
    assert authority.receivers(letter)[0] == "m.petersen"


def test_given_to_the_clearing_desk_it_waits_there(authority: Authority):
    letter = authority.letter("kontoauszug", MUELLER)
    entry = authority.entry(letter, "m.petersen")
    authority.postboxes.to_clearing(
        authority.reader("m.petersen"), entry.id, entry.version, "falsche Akte"
    )
    assert authority.receivers(letter)[0] == "clearing"
    assert authority.document(letter).state == "clearing"
    assert boxes(authority, "s.scan")["clearing"] == ("clearing", 1, 0, 0)


# --- copies -------------------------------------------------------------------------------------


def test_a_copy_is_acknowledged_and_a_task_is_not(authority: Authority):
    letter = authority.letter("widerspruch", MUELLER)
    who = authority.reader("m.petersen")
    copy = authority.entry(letter, "m.petersen")
    with pytest.raises(NotPermitted):
        authority.postboxes.file(who, copy.id, copy.version, "widerspruch")
    authority.postboxes.acknowledge(who, copy.id, copy.version)
    assert authority.receivers(letter) == ("recht", [])
    task = authority.entry(letter, "recht")
    with pytest.raises(NotPermitted):
        authority.postboxes.acknowledge(authority.reader("r.legal"), task.id, task.version)


def test_a_forwarded_copy_stays_a_copy_and_leaves_the_task_where_it_is(authority: Authority):
    letter = authority.letter("widerspruch", MUELLER)
    task = authority.entry(letter, "recht")
    authority.postboxes.file(authority.reader("r.legal"), task.id, task.version, "widerspruch")
    copy = authority.entry(letter, "m.petersen")
    authority.postboxes.forward(
        authority.reader("m.petersen"), copy.id, copy.version, "k.thomsen", "zur Kenntnis"
    )
    passed_on = authority.entry(letter, "k.thomsen")
    assert passed_on.copy
    assert authority.document(letter).state == "filed"
    assert [one.problem for one in authority.checking.run() if one.check == "custody"] == []


def test_a_copy_is_not_put_twice_into_one_postbox(authority: Authority):
    letter = authority.letter("widerspruch", MUELLER)
    for sender, receiver in (("m.petersen", "k.thomsen"), ("k.thomsen", "m.petersen")):
        copy = authority.entry(letter, sender)
        who = authority.reader(sender)
        authority.postboxes.forward(who, copy.id, copy.version, receiver, "")
    assert authority.receivers(letter) == ("recht", ["m.petersen"])


def test_a_copy_can_not_be_cleared(authority: Authority):
    letter = authority.letter("widerspruch", MUELLER)
    copy = authority.entry(letter, "m.petersen")
    with pytest.raises(NotPermitted):
        authority.postboxes.to_clearing(
            authority.reader("m.petersen"), copy.id, copy.version, "falsch"
        )
    assert authority.receivers(letter) == ("recht", ["m.petersen"])


# --- deputies ---------------------------------------------------------------------------------


def test_a_deputy_acts_on_behalf_of_the_absent_one(authority: Authority):
    letter = authority.letter("kontoauszug", MUELLER)
    authority.away("m.petersen", "2026-11-20")
    entry = authority.entry(letter, "m.petersen")
    deputy = authority.reader("j.hansen")
    authority.documents.open(deputy, letter)
    authority.postboxes.file(deputy, entry.id, entry.version, "kontoauszug")
    trail = authority.trail_of(letter)
    assert ("j.hansen", "document.open", "m.petersen") in trail
    assert ("j.hansen", "document.file", "m.petersen") in trail


def test_what_was_delivered_to_the_deputy_is_also_done_on_behalf(authority: Authority):
    authority.away("m.petersen", "2026-11-20")
    letter = authority.letter("kontoauszug", MUELLER)
    entry = authority.entry(letter, "j.hansen")
    authority.postboxes.file(authority.reader("j.hansen"), entry.id, entry.version, "kontoauszug")
    assert ("j.hansen", "document.file", "m.petersen") in authority.trail_of(letter)
