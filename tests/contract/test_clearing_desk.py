"""The clearing desk: what the machine was not sure about, decided by a person."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eakte.domain.findings import CaseFileCandidate, CaseFileFinding
from eakte.errors import Conflict, NotFound, NotPermitted, Unusable
from eakte.repositories import codec
from eakte.repositories.documents import Documents
from eakte.services.clearing_views import GoneFromDesk
from eakte.services.page_desk import Pick
from tests.authority import STEP, Authority
from tests.small_authority import (
    COLLEAGUE,
    MUELLER,
    OTHER_SITE,
    PROTECTED,
    SCHMIDT,
    small_register,
)
from web.presenters.clearing import gone_notice


@pytest.fixture
def waiting(authority: Authority) -> str:
    return authority.letter("sonstiges", None, state="clearing")


def assign(authority: Authority, letter: str, schlagwort: str, number: str | None, **more: str):
    return authority.clearing.assign(
        authority.reader("s.scan"),
        letter,
        authority.document(letter).version,
        schlagwort=schlagwort,
        aktenzeichen=number,
        **more,
    )


@pytest.mark.parametrize("spelling", [MUELLER, "12345/0001234", " 12345BG0001234 "])
def test_assigned_it_goes_to_whoever_the_rule_says(
    authority: Authority, waiting: str, spelling: str
):
    assert assign(authority, waiting, "widerspruch", spelling) == "recht"
    assert authority.receivers(waiting) == ("recht", ["m.petersen"])
    document = authority.document(waiting)
    assert (document.state, document.schlagwort) == ("delivered", "widerspruch")
    assert document.clearing_reason is None
    assert ("s.scan", "document.assign", None) in authority.trail_of(waiting)


def test_the_desk_sees_it_before_and_not_after(authority: Authority, waiting: str):
    desk = authority.reader("s.scan")
    assert authority.documents.open(desk, waiting).clearing_reason == "unsicher"
    assign(authority, waiting, "kontoauszug", MUELLER)
    with pytest.raises(NotFound):
        authority.documents.open(desk, waiting)


def test_who_comes_second_hears_who_was_first(authority: Authority, waiting: str):
    version = authority.document(waiting).version
    assign(authority, waiting, "kontoauszug", MUELLER)
    with pytest.raises(Conflict, match="Silke Scan hat das Dokument schon zugeordnet"):
        authority.clearing.assign(
            authority.reader("s.scan"),
            waiting,
            version,
            schlagwort="kontoauszug",
            aktenzeichen=SCHMIDT,
        )
    assert authority.receivers(waiting)[0] == "m.petersen"


def test_a_stale_version_is_a_conflict(authority: Authority, waiting: str):
    with pytest.raises(Conflict):
        authority.clearing.assign(
            authority.reader("s.scan"), waiting, 99, schlagwort="kontoauszug", aktenzeichen=MUELLER
        )
    assert authority.receivers(waiting)[0] == "clearing"


@pytest.mark.parametrize("login", ["m.petersen", "x.admin", "r.legal"])
def test_only_the_desk_assigns(authority: Authority, waiting: str, login: str):
    with pytest.raises(NotPermitted):
        authority.clearing.assign(
            authority.reader(login), waiting, 1, schlagwort="kontoauszug", aktenzeichen=MUELLER
        )


def test_what_never_lay_there_is_not_found_and_the_attempt_is_noted(authority: Authority):
    letter = authority.letter("kontoauszug", MUELLER)
    with pytest.raises(NotFound):
        assign(authority, letter, "kontoauszug", SCHMIDT)
    assert ("s.scan", "document.refused", None) in authority.trail_of(letter)


def test_an_unknown_file_or_schlagwort_changes_nothing(authority: Authority, waiting: str):
    with pytest.raises(NotFound, match="99999//9999999"):
        assign(authority, waiting, "kontoauszug", "99999//9999999")
    with pytest.raises(NotFound, match="unfug"):
        assign(authority, waiting, "unfug", MUELLER)
    assert authority.receivers(waiting)[0] == "clearing"


def test_without_a_file_the_central_team_gets_it_or_nobody(authority: Authority, waiting: str):
    with pytest.raises(NotPermitted, match="Ohne Akte"):
        assign(authority, waiting, "kontoauszug", None)
    assert assign(authority, waiting, "beschwerde", None) == "leitung"
    view = authority.documents.open(authority.reader("c.chief"), waiting)
    assert view.case_file is None


def test_the_chosen_person_decides_who_answers(authority: Authority, waiting: str):
    lina = authority.person("Lina").id
    assert assign(authority, waiting, "bewerbung", MUELLER, person_id=lina) == "husum-vermittlung"
    view = authority.documents.open(authority.reader("k.thomsen"), waiting)
    assert [one.first_name for one in view.people] == ["Lina"]


def test_a_person_of_another_file_is_refused(authority: Authority, waiting: str):
    with pytest.raises(NotFound, match="gehört nicht zu der Akte"):
        assign(authority, waiting, "bewerbung", MUELLER, person_id=authority.person("Fatma").id)


def test_without_a_choice_the_person_that_the_machine_saw_in_this_file_counts(
    authority: Authority, waiting: str
):
    lina = authority.person("Lina").id
    with authority.database.write() as session:
        candidate = CaseFileCandidate(
            case_file_id=authority.cover(session, MUELLER).id,
            aktenzeichen=MUELLER,
            score=0.6,
            facts=frozenset({"name"}),
            evidence=(),
            person_ids=(lina,),
        )
        documents = Documents(session)
        document = documents.get(STEP, waiting)
        assert document is not None
        finding = CaseFileFinding(chosen=None, candidates=(candidate,), reason="nur ein Name")
        payload = codec.case_finding_to_json(finding)
        documents.keep_findings(document, "case_file", [("", 0.0, payload)], authority.clock.now())
    assert assign(authority, waiting, "bewerbung", MUELLER) == "husum-vermittlung"


def test_the_desk_may_name_any_file_without_opening_it(authority: Authority):
    desk = authority.reader("s.scan")
    found = authority.case_files.suggest_for_clearing(desk, "12345//000")
    assert {one.aktenzeichen for one in found} >= {MUELLER, OTHER_SITE}
    with pytest.raises(NotFound):
        authority.case_files.open(desk, MUELLER)


def test_the_desk_names_a_protected_file_by_its_whole_number_only(authority: Authority):
    desk = authority.reader("s.scan")
    for asked in ("12345//000", "Verborgen"):
        found = authority.case_files.suggest_for_clearing(desk, asked)
        assert PROTECTED not in {one.aktenzeichen for one in found}
    (found,) = authority.case_files.suggest_for_clearing(desk, PROTECTED)
    assert found.aktenzeichen == PROTECTED


def test_the_search_box_of_the_desk_names_no_file(authority: Authority):
    assert authority.case_files.suggest(authority.reader("s.scan"), MUELLER) == ()
    with pytest.raises(NotPermitted):
        authority.case_files.suggest_for_clearing(authority.reader("m.petersen"), MUELLER)


def test_post_of_a_protected_file_goes_to_those_named_in_it(authority: Authority, waiting: str):
    assert assign(authority, waiting, "kontoauszug", PROTECTED) == "m.petersen"
    with pytest.raises(NotFound):
        authority.documents.open(authority.reader("j.hansen"), waiting)


def change_file(authority: Authority, number: str, **more: list[str]) -> None:
    """Take the register again with this file changed."""
    register = small_register()
    for one in register["case_files"]:
        if one["aktenzeichen"] == number:
            authority.register({"case_files": [one | more]})


def test_a_file_that_excludes_the_clerk_is_unknown_to_them(authority: Authority, waiting: str):
    change_file(authority, COLLEAGUE, excluded_logins=["s.scan"])
    answers = []
    for number in (COLLEAGUE, "54321//0000000"):
        shown = authority.clearing_desk.preview(
            authority.reader("s.scan"), waiting, schlagwort="kontoauszug", aktenzeichen=number
        )
        assert (shown.main, shown.ref, shown.people) == (None, None, ())
        with pytest.raises(NotFound) as refused:
            assign(authority, waiting, "kontoauszug", number)
        assert refused.value.message == shown.problem
        answers.append(refused.value.message.replace(number, ""))
    assert answers[0] == answers[1]


def test_a_number_that_two_files_bore_once_leads_to_neither(authority: Authority, waiting: str):
    for number in (MUELLER, SCHMIDT):
        change_file(authority, number, former_numbers=["12345//0000998"])
    with pytest.raises(Unusable, match="früher mehrere Akten") as refused:
        assign(authority, waiting, "kontoauszug", "12345//0000998")
    assert MUELLER in refused.value.message
    assert SCHMIDT in refused.value.message
    change_file(authority, MUELLER, former_numbers=[])
    assert assign(authority, waiting, "kontoauszug", "12345//0000998") == "j.hansen"


def test_a_colleague_learns_who_assigned_a_letter_but_not_where_to(
    authority: Authority, waiting: str
):
    clerk, desk = authority.reader("s.scan"), authority.clearing_desk
    assert desk.gone(clerk, waiting) is None
    assign(authority, waiting, "kontoauszug", COLLEAGUE)
    mine = desk.gone(clerk, waiting)
    assert mine is not None
    assert mine.own is not None
    assert mine.own.postbox
    assert desk.gone(replace(clerk, login="t.scan"), waiting) == GoneFromDesk(
        name="Silke Scan", own=None
    )
    assert desk.gone(replace(clerk, login="j.hansen"), waiting) is None, "his own file"
    assert desk.gone(clerk, authority.letter("kontoauszug", MUELLER)) is None


def test_a_letter_joined_with_another_at_the_desk_was_assigned_by_nobody(authority: Authority):
    clerk, desk, pages = authority.reader("s.scan"), authority.clearing_desk, authority.page_desk
    letter = authority.letter("sonstiges", None, state="clearing", pages=4)

    def seen() -> dict[str, int]:
        return {row.document_id: row.version for row in pages.open(clerk, letter).rows}

    ids = {
        page.source_page: page.page_id
        for row in pages.open(clerk, letter).rows
        for page in row.pages
    }
    pages.split(clerk, Pick(document_id=letter, pages=(ids[3],), seen=seen()))
    part = pages.open(clerk, letter).rows[1].document_id
    assert desk.gone(clerk, part) is None
    pages.merge(clerk, Pick(document_id=letter, pages=(ids[1], ids[3]), seen=seen()))
    assert desk.gone(clerk, part) == GoneFromDesk(name="", own=None, joined=True)
    with pytest.raises(NotFound):
        authority.clearing.take_back(clerk, part)
    assign(authority, letter, "kontoauszug", MUELLER)
    assert desk.gone(clerk, part) is None, "the letter with its pages is not open to the desk"


def test_what_was_assigned_once_and_lies_at_the_desk_again_is_not_gone(
    authority: Authority, waiting: str
):
    assign(authority, waiting, "kontoauszug", MUELLER)
    entry = authority.entry(waiting, "m.petersen")
    before = authority.document(waiting).version
    me = authority.reader("m.petersen")
    authority.postboxes.to_clearing(me, entry.id, entry.version, "bitte prüfen")
    with pytest.raises(Conflict) as refused:
        authority.clearing.assign(
            authority.reader("s.scan"),
            waiting,
            before - 1,
            schlagwort="kontoauszug",
            aktenzeichen=SCHMIDT,
        )
    assert "zugeordnet" not in refused.value.message


@pytest.mark.parametrize("minutes", [1, 11])
def test_where_it_went_and_what_it_is_called_is_told_while_it_can_be_taken_back(
    authority: Authority, waiting: str, minutes: int
):
    clerk, desk = authority.reader("s.scan"), authority.clearing_desk
    assign(authority, waiting, "kontoauszug", MUELLER)
    assert desk.assigned(clerk, waiting) is not None
    authority.clock.forward(minutes=minutes)
    if minutes == 1:
        authority.documents.open(authority.reader("m.petersen"), waiting)
    gone = desk.gone(clerk, waiting)
    assert gone == GoneFromDesk(name="Silke Scan", own=None, mine=True)
    assert gone_notice(gone).text == "Dieses Dokument haben Sie schon zugeordnet."
    assert desk.assigned(clerk, waiting) is None
