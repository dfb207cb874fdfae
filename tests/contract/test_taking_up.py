"""What was filed may be corrected, and nothing is put where nobody can open it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from eakte.errors import Conflict, NotFound, NotPermitted
from tests.authority import Authority
from tests.small_authority import COLLEAGUE, MUELLER


@pytest.fixture
def filed(authority: Authority) -> str:
    letter = authority.letter("kontoauszug", MUELLER)
    entry = authority.entry(letter, "m.petersen")
    who = authority.reader("m.petersen")
    authority.postboxes.file(who, entry.id, entry.version, "kontoauszug")
    return letter


def test_a_filed_letter_comes_back_to_the_desk_of_whoever_takes_it_up(
    authority: Authority, filed: str
):
    colleague = authority.reader("j.hansen")
    view = authority.documents.open(colleague, filed)
    assert view.may_take_up
    assert authority.postboxes.take_up(colleague, filed, view.version) == "j.hansen"
    again = authority.documents.open(colleague, filed)
    assert (again.state, again.filed_by, again.may_take_up) == ("delivered", None, False)
    assert [one.postbox for one in again.entries] == ["j.hansen"]
    assert ("j.hansen", "document.take_up", None) in authority.trail_of(filed)


def test_a_letter_is_taken_up_once(authority: Authority, filed: str):
    who = authority.reader("m.petersen")
    version = authority.documents.open(who, filed).version
    authority.postboxes.take_up(who, filed, version)
    with pytest.raises(Conflict):
        authority.postboxes.take_up(authority.reader("j.hansen"), filed, version)


def test_strangers_do_not_take_up(authority: Authority, filed: str):
    for login in ("k.thomsen", "i.clausen", "s.scan", "x.admin"):
        with pytest.raises(NotFound):
            authority.postboxes.take_up(authority.reader(login), filed, 1)


def test_a_schlagwort_outside_all_files_does_not_take_a_letter_out_of_its_file(
    authority: Authority,
):
    letter = authority.letter("kontoauszug", MUELLER)
    entry = authority.entry(letter, "m.petersen")
    who = authority.reader("m.petersen")
    with pytest.raises(NotPermitted, match="gehört in keine Kundenakte"):
        authority.postboxes.file(who, entry.id, entry.version, "beschwerde")
    assert authority.documents.open(who, letter).case_file is not None


@pytest.mark.parametrize(
    "act",
    [
        lambda boxes, who, entry: boxes.file(who, entry.id, entry.version, "andere_stelle"),
        lambda boxes, who, entry: boxes.forward(who, entry.id, entry.version, "j.hansen", ""),
    ],
    ids=["file", "forward"],
)
def test_what_waits_at_the_clearing_desk_is_assigned_and_nothing_else(
    authority: Authority, act: Callable[..., None]
):
    letter = authority.letter("kontoauszug", MUELLER)
    entry = authority.entry(letter, "m.petersen")
    authority.postboxes.to_clearing(
        authority.reader("m.petersen"), entry.id, entry.version, "falsche Akte"
    )
    waiting = authority.entry(letter, "clearing")
    with pytest.raises(NotPermitted, match="zugeordnet"):
        act(authority.postboxes, authority.reader("s.scan"), waiting)


def test_nothing_is_forwarded_to_somebody_who_can_open_no_postbox(authority: Authority):
    who = authority.reader("m.petersen")
    assert "x.admin" not in {one.id for one in authority.postboxes.destinations(who)}
    letter = authority.letter("kontoauszug", MUELLER)
    entry = authority.entry(letter, "m.petersen")
    with pytest.raises(NotFound):
        authority.postboxes.forward(who, entry.id, entry.version, "x.admin", "")


def test_somebody_excluded_is_no_receiver_and_the_reason_says_so(authority: Authority):
    letter = authority.letter("kontoauszug", COLLEAGUE)
    entry = authority.entry(letter, "m.petersen")
    who = authority.reader("m.petersen")
    with pytest.raises(NotPermitted, match="für den Empfänger nicht offen") as refused:
        authority.postboxes.forward(who, entry.id, entry.version, "j.hansen", "")
    assert "geschützt" not in refused.value.message


def test_a_picture_that_is_asked_for_by_its_address_leaves_the_trace_of_an_opening(
    authority: Authority,
):
    letter = authority.letter("kontoauszug", MUELLER)
    who = authority.reader("m.petersen")
    for _ in range(2):
        authority.documents.words(who, letter, 1)
    opened = [row for row in authority.trail_of(letter) if row[1] == "document.open"]
    assert opened == [("m.petersen", "document.open", None)]


def test_a_name_that_begins_with_an_umlaut_is_found_in_either_case(authority: Authority):
    people = [{"first_name": "Deniz", "last_name": "Öztürk", "applicant": True}]
    case_file = {"aktenzeichen": "12345//0007000", "site": "husum", "people": people}
    authority.register({"case_files": [case_file]})
    who = authority.reader("m.petersen")
    for asked in ("öz", "Öz", "ÖZTÜRK"):
        (found,) = authority.case_files.suggest(who, asked)
        assert found.aktenzeichen == "12345//0007000"


def test_a_task_of_somebody_shut_out_by_the_register_is_named_by_the_check(authority: Authority):
    letter = authority.letter("kontoauszug", MUELLER)
    people = [{"first_name": "Jörg", "last_name": "Müller-Lüdenscheidt", "applicant": True}]
    case_file = {"aktenzeichen": MUELLER, "site": "husum", "people": people}
    authority.register({"case_files": [case_file | {"excluded_logins": ["m.petersen"]}]})
    named = [one for one in authority.checking.run() if letter in one.subject]
    assert ["gesperrt" in one.problem for one in named if one.check == "custody"] == [True]
