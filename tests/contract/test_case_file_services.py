"""The case file on screen: opened by number, found by name, in an emergency with a reason."""

from __future__ import annotations

import pytest

from eakte.errors import NotFound, NotPermitted
from tests.authority import Authority
from tests.small_authority import COLLEAGUE, MUELLER, OTHER_SITE, PROTECTED, SCHMIDT

REASON = "Kundin steht wohnungslos am Empfang"


def file_id(authority: Authority, number: str) -> str:
    with authority.database.read() as session:
        return authority.cover(session, number).id


@pytest.mark.parametrize("spelling", [MUELLER, "12345/0001234", "12345BG0001234", f" {MUELLER} "])
def test_a_file_opens_in_any_spelling_and_leaves_one_trace(authority: Authority, spelling: str):
    view = authority.case_files.open(authority.reader("m.petersen"), spelling)
    assert view.aktenzeichen == MUELLER
    assert [person.first_name for person in view.people] == ["Jörg", "Lina"]
    assert {(one.function, one.login, one.person) for one in view.responsible} == {
        ("leistung", "m.petersen", None),
        ("vermittlung", "k.thomsen", "Jörg Müller-Lüdenscheidt"),
    }
    trail = authority.trail_of(file_id(authority, MUELLER))
    assert trail == [("m.petersen", "case_file.open", None)]


def test_a_former_number_leads_to_the_file(authority: Authority):
    view = authority.case_files.open(authority.reader("m.petersen"), "12345//0000999")
    assert (view.aktenzeichen, view.former_numbers) == (SCHMIDT, ("12345//0000999",))


@pytest.mark.parametrize(
    ("login", "number"),
    [
        ("m.petersen", OTHER_SITE),
        ("k.thomsen", PROTECTED),
        ("r.legal", PROTECTED),
        ("j.hansen", COLLEAGUE),
        ("s.scan", MUELLER),
        ("x.admin", MUELLER),
    ],
)
def test_forbidden_looks_like_unknown_and_is_noted(authority: Authority, login: str, number: str):
    who = authority.reader(login)
    with pytest.raises(NotFound) as forbidden:
        authority.case_files.open(who, number)
    with pytest.raises(NotFound) as unknown:
        authority.case_files.open(who, "Müller, Jörg, geb. 1984")
    assert str(forbidden.value) == str(unknown.value)
    assert authority.trail_of(file_id(authority, number)) == [(login, "case_file.refused", None)]
    assert authority.trail_of("unknown") == [(login, "case_file.refused", None)]


def test_the_documents_shown_are_those_the_reader_may_open(authority: Authority):
    bank = authority.letter("kontoauszug", MUELLER)
    job = authority.letter("bewerbung", MUELLER)
    authority.letter("attest", MUELLER)
    shown = {
        login: {
            one.id for one in authority.case_files.open(authority.reader(login), MUELLER).documents
        }
        for login in ("m.petersen", "r.legal")
    }
    assert shown == {"m.petersen": {bank}, "r.legal": {bank, job}}
    view = authority.case_files.open(authority.reader("r.legal"), MUELLER)
    assert view.sub_files == (("leistung", 1), ("vermittlung", 1))


@pytest.mark.parametrize(
    ("login", "text", "found"),
    [
        ("m.petersen", "müll", {MUELLER}),
        ("m.petersen", "Schm", {SCHMIDT}),
        ("m.petersen", "12345/0001234", {MUELLER}),
        ("m.petersen", "0005000", {SCHMIDT}),
        ("m.petersen", "yıl", set()),
        ("i.clausen", "Yıl", {OTHER_SITE}),
        ("j.hansen", "Hansen", set()),
        ("k.thomsen", "Verborgen", set()),
        ("x.admin", "Müll", set()),
        ("m.petersen", "m", set()),
        ("m.petersen", "%%", set()),
        ("m.petersen", "__", set()),
    ],
)
def test_suggestions_stay_within_rights(
    authority: Authority, login: str, text: str, found: set[str]
):
    suggested = authority.case_files.suggest(authority.reader(login), text)
    assert {one.aktenzeichen for one in suggested} == found


def test_a_surname_is_found_however_its_first_letter_is_typed(authority: Authority):
    oezlem = {"first_name": "Özlem", "last_name": "Özdemir", "applicant": True}
    authority.register(
        {"case_files": [{"aktenzeichen": "12345//0006000", "site": "husum", "people": [oezlem]}]}
    )
    who = authority.reader("m.petersen")
    for typed in ("özd", "Özd", "ÖZD"):
        (found,) = authority.case_files.suggest(who, typed)
        assert found.title == "Özdemir, Özlem"


# --- emergency ----------------------------------------------------------------------------


def test_an_emergency_opens_the_file_for_today_with_a_reason(authority: Authority):
    letter = authority.letter("kontoauszug", MUELLER)
    medical = authority.letter("attest", MUELLER)
    who = authority.reader("i.clausen")
    assert authority.case_files.open_in_emergency(who, "12345/0001234", REASON) == MUELLER
    today = authority.reader("i.clausen")
    shown = authority.case_files.open(today, MUELLER).documents
    assert {one.id for one in shown} == {letter}
    with pytest.raises(NotFound):
        authority.documents.open(today, medical)
    trail = authority.trail_of(file_id(authority, MUELLER))
    assert ("i.clausen", "emergency.open", None) in trail
    authority.clock.forward(days=1)
    with pytest.raises(NotFound):
        authority.case_files.open(authority.reader("i.clausen"), MUELLER)


@pytest.mark.parametrize("login", ["a.lead", "x.admin"])
def test_it_is_reported_to_leads_and_administrators(authority: Authority, login: str):
    authority.case_files.open_in_emergency(authority.reader("i.clausen"), MUELLER, f" {REASON} ")
    (row,) = authority.case_files.emergencies(authority.reader(login))
    assert (row.name, row.aktenzeichen, row.reason) == ("Inga Clausen", MUELLER, REASON)
    authority.clock.forward(days=91)
    assert authority.case_files.emergencies(authority.reader(login)) == ()


def test_others_get_no_report(authority: Authority):
    authority.case_files.open_in_emergency(authority.reader("i.clausen"), MUELLER, REASON)
    for login in ("m.petersen", "r.legal", "s.scan"):
        assert authority.case_files.emergencies(authority.reader(login)) == ()


def test_the_report_tells_nobody_of_their_own_file(authority: Authority):
    lead = {"login": "j.hansen", "name": "Jens Hansen", "roles": ["team_lead"], "teams": []}
    authority.register({"caseworkers": [lead]})
    authority.case_files.open_in_emergency(authority.reader("i.clausen"), COLLEAGUE, REASON)
    assert authority.case_files.emergencies(authority.reader("j.hansen")) == ()
    assert len(authority.case_files.emergencies(authority.reader("a.lead"))) == 1


@pytest.mark.parametrize(
    ("login", "number"),
    [("i.clausen", PROTECTED), ("j.hansen", COLLEAGUE), ("i.clausen", "99999//9999999")],
)
def test_protected_excluded_and_unknown_files_stay_shut(
    authority: Authority, login: str, number: str
):
    with pytest.raises(NotFound):
        authority.case_files.open_in_emergency(authority.reader(login), number, REASON)
    subject = "unknown" if number.startswith("9") else file_id(authority, number)
    assert authority.trail_of(subject) == [(login, "emergency.refused", None)]


def test_a_file_that_becomes_protected_is_shut_at_once(authority: Authority):
    authority.case_files.open_in_emergency(authority.reader("i.clausen"), SCHMIDT, REASON)
    with authority.database.write() as session:
        authority.cover(session, SCHMIDT).protected = True
    with pytest.raises(NotFound):
        authority.case_files.open(authority.reader("i.clausen"), SCHMIDT)


@pytest.mark.parametrize("reason", ["", "eilig", "          "])
def test_it_needs_a_reason(authority: Authority, reason: str):
    with pytest.raises(NotPermitted, match="braucht einen Grund"):
        authority.case_files.open_in_emergency(authority.reader("i.clausen"), MUELLER, reason)


@pytest.mark.parametrize("login", ["s.scan", "x.admin", "r.legal"])
def test_it_is_for_case_workers_only(authority: Authority, login: str):
    with pytest.raises(NotPermitted):
        authority.case_files.open_in_emergency(authority.reader(login), MUELLER, REASON)
