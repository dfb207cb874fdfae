"""The desk looks before it decides, and takes back what was a slip of the finger."""

from __future__ import annotations

import pytest

from eakte.domain.findings import Evidence, SchlagwortFinding, Sender
from eakte.domain.page_lists import Removal
from eakte.domain.pages import Box
from eakte.errors import Conflict, NotFound, NotPermitted, Unusable
from eakte.models import Document
from eakte.repositories import codec
from eakte.repositories.documents import Documents
from eakte.services.page_desk import Pick
from tests.authority import Authority
from tests.small_authority import COLLEAGUE, MUELLER, PROTECTED, SCHMIDT, small_register


@pytest.fixture
def waiting(authority: Authority) -> str:
    return authority.letter("sonstiges", None, state="clearing")


def assign(authority: Authority, letter: str, schlagwort: str, number: str | None) -> str:
    return authority.clearing.assign(
        authority.reader("s.scan"),
        letter,
        authority.document(letter).version,
        schlagwort=schlagwort,
        aktenzeichen=number,
    )


def preview(authority: Authority, letter: str, schlagwort: str, number: str | None, **more: str):
    return authority.clearing_desk.preview(
        authority.reader("s.scan"), letter, schlagwort=schlagwort, aktenzeichen=number, **more
    )


# -- who would get it ----------------------------------------------------------------------------


def test_the_preview_says_who_gets_the_task_and_who_a_copy(authority: Authority, waiting: str):
    seen = preview(authority, waiting, "widerspruch", MUELLER)
    assert seen.main is not None
    assert seen.main.title == "Rechtsstelle"
    assert [one.title for one in seen.copies] == ["Maike Petersen"]
    assert [one.first_name for one in seen.people] == ["Jörg", "Lina"]
    assert assign(authority, waiting, "widerspruch", MUELLER) == seen.main.postbox


def test_the_preview_names_the_deputy_and_changes_nothing(authority: Authority, waiting: str):
    authority.away("m.petersen", "2026-11-20", "2026-11-21")
    before = authority.document(waiting).version
    seen = preview(authority, waiting, "kontoauszug", MUELLER)
    assert seen.main is not None
    assert (seen.main.title, seen.main.deputy_for) == ("Jens Hansen", "Maike Petersen")
    assert authority.document(waiting).version == before
    assert authority.receivers(waiting) == ("clearing", [])


@pytest.mark.parametrize(
    ("schlagwort", "number", "said"),
    [
        ("kontoauszug", None, "keinen Postkorb"),
        ("kontoauszug", "99999//9999999", "99999//9999999"),
        ("unfug", MUELLER, "Schlagwort"),
    ],
)
def test_what_can_not_be_assigned_is_said_before(
    authority: Authority, waiting: str, schlagwort: str, number: str | None, said: str
):
    seen = preview(authority, waiting, schlagwort, number)
    assert seen.main is None
    assert said in seen.problem


def test_the_preview_of_a_protected_file_names_nobody(authority: Authority, waiting: str):
    seen = preview(authority, waiting, "kontoauszug", PROTECTED)
    assert seen.main is not None
    assert "Petersen" not in seen.main.title
    assert seen.people == ()


def test_only_the_desk_looks_ahead_and_only_at_what_waits(authority: Authority, waiting: str):
    with pytest.raises(NotPermitted):
        authority.clearing_desk.preview(
            authority.reader("m.petersen"), waiting, schlagwort="klage", aktenzeichen=MUELLER
        )
    with pytest.raises(NotFound):
        preview(authority, authority.letter("kontoauszug", MUELLER), "klage", MUELLER)


# -- taking back ---------------------------------------------------------------------------------


def test_taken_back_it_lies_there_as_it_was(authority: Authority, waiting: str):
    assign(authority, waiting, "widerspruch", MUELLER)
    authority.clearing.take_back(authority.reader("s.scan"), waiting)
    document = authority.document(waiting)
    assert (document.state, document.schlagwort, document.score) == ("clearing", "sonstiges", 0.9)
    assert document.clearing_reason == "unsicher"
    assert authority.receivers(waiting) == ("clearing", [])
    assert ("s.scan", "document.unassign", None) in authority.trail_of(waiting)
    desk = authority.documents.open(authority.reader("s.scan"), waiting)
    assert [one.given_by for one in desk.schlagworte] == ["rules"]
    for login in ("m.petersen", "r.legal"):
        with pytest.raises(NotFound):
            authority.documents.open(authority.reader(login), waiting)


def test_it_can_be_assigned_anew_and_taken_back_again(authority: Authority, waiting: str):
    for schlagwort, number in (("klage", MUELLER), ("kontoauszug", SCHMIDT)):
        assign(authority, waiting, schlagwort, number)
        authority.clearing.take_back(authority.reader("s.scan"), waiting)
    assert assign(authority, waiting, "kontoauszug", MUELLER) == "m.petersen"


def test_once_somebody_opened_it_there_is_no_way_back(authority: Authority, waiting: str):
    assign(authority, waiting, "kontoauszug", MUELLER)
    authority.documents.open(authority.reader("m.petersen"), waiting)
    with pytest.raises(Conflict, match="Maike Petersen hat das Dokument inzwischen geöffnet"):
        authority.clearing.take_back(authority.reader("s.scan"), waiting)
    assert authority.receivers(waiting)[0] == "m.petersen"


def test_only_who_assigned_it_takes_it_back_and_only_for_a_while(
    authority: Authority, waiting: str
):
    register = small_register()
    register["caseworkers"].append(
        {"login": "t.scan", "name": "Tade Scan", "roles": ["scan"], "teams": []}
    )
    authority.register({"caseworkers": register["caseworkers"][-1:]})
    assign(authority, waiting, "kontoauszug", MUELLER)
    with pytest.raises(Conflict):
        authority.clearing.take_back(authority.reader("t.scan"), waiting)
    with pytest.raises(NotPermitted):
        authority.clearing.take_back(authority.reader("m.petersen"), waiting)
    authority.clock.forward(minutes=11)
    with pytest.raises(Conflict, match="lässt sich nicht mehr zurücknehmen"):
        authority.clearing.take_back(authority.reader("s.scan"), waiting)


def test_what_was_never_assigned_is_not_found(authority: Authority, waiting: str):
    for letter in (waiting, authority.letter("kontoauszug", MUELLER)):
        with pytest.raises(NotFound):
            authority.clearing.take_back(authority.reader("s.scan"), letter)


# -- a file that the register does not know ------------------------------------------------------


def open_file(authority: Authority, letter: str, **more: str) -> str:
    sender = {"first_name": "Nele", "last_name": "Neumann", "postcode": "25813", **more}
    return authority.clearing.open_provisional(
        authority.reader("s.scan"),
        letter,
        authority.document(letter).version,
        schlagwort="erstantrag",
        sender=Sender(**sender),  # type: ignore[arg-type]
    )


def test_an_applicant_whom_nobody_knows_gets_a_provisional_file_and_a_case_worker(
    authority: Authority, waiting: str
):
    assert open_file(authority, waiting) == "j.hansen"  # Husum by the postcode, L to Z
    (found,) = authority.clearing_desk.search(authority.reader("s.scan"), "nele neum")
    assert found.ref.provisional
    second = authority.letter("sonstiges", None, state="clearing")
    assert assign(authority, second, "mitwirkung", found.ref.aktenzeichen) == "j.hansen"


@pytest.mark.parametrize("wrong", [{"last_name": " "}, {"postcode": "99999"}])
def test_without_a_name_or_a_site_no_file_is_opened(
    authority: Authority, waiting: str, wrong: dict[str, str]
):
    with pytest.raises(Unusable):
        open_file(authority, waiting, **wrong)
    assert authority.receivers(waiting) == ("clearing", [])
    assert authority.clearing_desk.search(authority.reader("s.scan"), "nele") == ()


# -- who else is here ----------------------------------------------------------------------------


def test_colleagues_see_who_has_it_open_until_the_screen_is_closed(
    authority: Authority, waiting: str
):
    authority.register(
        {"caseworkers": [{"login": "t.scan", "name": "Tade Scan", "roles": ["scan"], "teams": []}]}
    )
    mine, hers = authority.reader("s.scan"), authority.reader("t.scan")
    desk = authority.clearing_desk
    desk.look(mine, waiting)
    assert desk.looks(mine) == {}
    assert [(one.document_id, one.name) for one in desk.looks(hers).values()] == [
        (waiting, "Silke Scan")
    ]
    assert desk.looks(authority.reader("m.petersen")) == {}
    authority.clock.forward(seconds=61)
    assert desk.looks(hers) == {}
    desk.look(mine, waiting)
    assign(authority, waiting, "kontoauszug", MUELLER)
    assert desk.looks(hers) == {}


# -- the register while one types ----------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        "müll lüden",
        "Jörg Muell",
        "07.03.1984",
        "07.03.",
        "7.3.84 jör",
        "Süderstr 12",
        "25813 müller",
        "12345//0001",
        "0001234",
        "1234 jörg",
        "123a456",
        "lina",
        "muellerluedenscheidt",
    ],
)
def test_a_case_file_is_found_by_whatever_is_typed_of_it(authority: Authority, typed: str):
    found = authority.clearing_desk.search(authority.reader("s.scan"), typed)
    assert MUELLER in {one.ref.aktenzeichen for one in found}


@pytest.mark.parametrize("typed", ["ö", "müller hansen", "08.03.1984", "verborgen", "99999"])
def test_what_fits_not_wholly_is_not_named(authority: Authority, typed: str):
    assert authority.clearing_desk.search(authority.reader("s.scan"), typed) == ()


def test_a_former_number_and_a_protected_one_by_its_whole_number(authority: Authority):
    desk = authority.reader("s.scan")
    (former,) = authority.clearing_desk.search(desk, "12345//0000999")
    assert former.ref.aktenzeichen == SCHMIDT
    (hidden,) = authority.clearing_desk.search(desk, PROTECTED)
    assert hidden.ref.aktenzeichen == PROTECTED


def test_nobody_at_the_desk_finds_their_own_file(authority: Authority):
    content = small_register()
    for cover in content["case_files"]:
        if cover["aktenzeichen"] == COLLEAGUE:
            cover["excluded_logins"] = ["s.scan"]
    authority.register(content)
    desk = authority.reader("s.scan")
    assert authority.clearing_desk.search(desk, COLLEAGUE) == ()
    assert authority.clearing_desk.refs(desk, [COLLEAGUE, MUELLER]).keys() == {MUELLER}


def test_a_changed_name_is_found_at_once_and_the_old_one_no_more(authority: Authority):
    content = {
        "case_files": [
            {
                "aktenzeichen": SCHMIDT,
                "site": "husum",
                "people": [
                    {
                        "first_name": "Ole",
                        "last_name": "Thomsen",
                        "birth_date": "1971-07-17",
                        "applicant": True,
                    }
                ],
            }
        ]
    }
    authority.register(content)
    desk = authority.reader("s.scan")
    assert [one.ref.aktenzeichen for one in authority.clearing_desk.search(desk, "thomsen")] == [
        SCHMIDT
    ]


def test_a_page_that_was_cut_off_takes_its_evidence_with_it(authority: Authority):
    """What stays keeps rule, words and boxes, with the numbers of the pages that are left."""

    letter = authority.letter("sonstiges", None, state="clearing", pages=3)
    box = Box(0.1, 0.2, 0.3, 0.4)
    finding = SchlagwortFinding(
        schlagwort="klage",
        score=0.5,
        pages=(1, 3),
        evidence=tuple(
            Evidence(rule=f"recht.klage.{page}", page=page, words=f"Klage {page}", boxes=(box,))
            for page in (1, 2, 3)
        ),
    )
    with authority.database.write() as session:
        rows = [("klage", 0.5, codec.schlagwort_to_json(finding))]
        document = session.get_one(Document, letter)
        Documents(session).keep_findings(document, "schlagwort", rows, authority.clock.now())
    desk = authority.reader("s.scan")
    view = authority.documents.open(desk, letter)
    first = next(page for page in view.pages if page.number == 1)
    pick = Pick(document_id=letter, pages=(first.page_id,), seen={letter: view.version})

    authority.page_desk.remove(desk, pick, Removal.BLANK)
    (kept,) = authority.documents.open(desk, letter).findings
    assert [(one.rule, one.page, one.words, one.boxes) for one in kept.evidence] == [
        ("recht.klage.2", 1, "Klage 2", (box,)),
        ("recht.klage.3", 2, "Klage 3", (box,)),
    ]
