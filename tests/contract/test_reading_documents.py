"""Opening a document leaves one trace, refusing it another; pictures and words need the right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from eakte.domain.ids import new_id
from eakte.domain.rights import Reader
from eakte.errors import NotFound
from eakte.models import DocumentPage
from eakte.services.annotations import AnnotationKind, Annotations
from eakte.services.misfiled_views import RightFile
from tests.authority import OPERATOR, Authority, archive_of
from tests.small_authority import MUELLER, OTHER_SITE

Ask = Callable[[Authority, Reader, str, str], Any]

WAYS: dict[str, Ask] = {
    "open": lambda made, who, letter, _page: made.documents.open(who, letter),
    "words": lambda made, who, letter, _page: made.documents.words(who, letter, 1),
    "texts": lambda made, who, letter, _page: made.documents.texts(who, letter),
    "image": lambda made, who, letter, page: made.documents.image(who, letter, page),
    "thumbnail": lambda made, who, letter, page: made.documents.image(
        who, letter, page, thumbnail=True
    ),
    "archive copy": lambda made, who, letter, _page: made.archive_copies.of_document(who, letter),
}


@pytest.fixture
def letter(authority: Authority) -> str:
    return authority.letter("kontoauszug", MUELLER)


def page_of(authority: Authority, letter: str) -> str:
    return authority.documents.open(OPERATOR, letter).pages[0].page_id


def test_opening_is_audited_once(authority: Authority, letter: str):
    authority.documents.open(authority.reader("m.petersen"), letter)
    opened = [row for row in authority.trail_of(letter) if row[1] == "document.open"]
    assert opened == [("m.petersen", "document.open", None)]


def test_turning_pages_is_not_another_opening(authority: Authority, letter: str):
    who, page = authority.reader("m.petersen"), page_of(authority, letter)
    authority.documents.open(who, letter)
    before = authority.trail_of(letter)
    assert [word.text for word in authority.documents.words(who, letter, 1)] == [
        "Sehr",
        "geehrte",
        "Damen",
    ]
    assert authority.documents.image(who, letter, page).data == b"preview 1"
    assert authority.documents.image(who, letter, page, thumbnail=True).data == b"thumbnail 1"
    assert authority.trail_of(letter) == before


def test_text_and_archive_copy_are_audited_as_such(authority: Authority, letter: str):
    who = authority.reader("m.petersen")
    (text,) = authority.documents.texts(who, letter)
    assert text.text == "Sehr\ngeehrte\nDamen"
    data, name = authority.archive_copies.of_document(who, letter)
    assert (data, name) == (archive_of(1), "2026-11-20_kontoauszug.pdf")
    actions = [action for _, action, _ in authority.trail_of(letter)]
    assert actions[-2:] == ["document.text", "document.download"]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("login", ["k.thomsen", "i.clausen", "x.admin", "s.scan"])
def test_whoever_has_no_right_gets_nothing_and_the_attempt_is_noted(
    authority: Authority, letter: str, way: str, login: str
):
    page = page_of(authority, letter)
    with pytest.raises(NotFound):
        WAYS[way](authority, authority.reader(login), letter, page)
    assert authority.trail_of(letter)[-1] == (login, "document.refused", None)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("asked", ["no uuid at all", "2c2cf01c-0000-7000-8000-000000000000"])
def test_unknown_and_forbidden_look_the_same(
    authority: Authority, letter: str, way: str, asked: str
):
    page, who = page_of(authority, letter), authority.reader("k.thomsen")
    with pytest.raises(NotFound) as forbidden:
        WAYS[way](authority, who, letter, page)
    with pytest.raises(NotFound) as unknown:
        WAYS[way](authority, who, asked, page)
    assert str(unknown.value) == str(forbidden.value)
    assert authority.trail_of("unknown")[-1] == ("k.thomsen", "document.refused", None)


def test_a_page_of_another_document_is_not_shown_with_this_one(authority: Authority, letter: str):
    other = page_of(authority, authority.letter("kontoauszug", MUELLER))
    who = authority.reader("m.petersen")
    for page in (other, new_id()):
        with pytest.raises(NotFound):
            authority.documents.image(who, letter, page)
    for number in (0, 2, -1):
        with pytest.raises(NotFound):
            authority.documents.words(who, letter, number)


def test_a_removed_page_is_still_seen_but_not_counted(authority: Authority, letter: str):
    page = page_of(authority, letter)
    with authority.database.write() as session:
        listed = session.get_one(DocumentPage, (letter, 1, 1))
        listed.removed = True
    who = authority.reader("m.petersen")
    (shown,) = authority.documents.open(who, letter).pages
    assert (shown.number, shown.removed) == (None, True)
    assert authority.documents.image(who, letter, page).data == b"preview 1"
    with pytest.raises(NotFound):
        authority.documents.words(who, letter, 1)


def test_the_view_says_whose_it_is_and_why(authority: Authority, letter: str):
    authority.documents.open(authority.reader("a.lead"), letter)
    view = authority.documents.open(authority.reader("m.petersen"), letter)
    assert view.case_file is not None
    assert view.case_file.aktenzeichen == MUELLER
    assert [one.first_name for one in view.people] == ["Jörg"]
    assert view.lies_with == ("Maike Petersen",)
    assert [one.schlagwort for one in view.findings] == ["kontoauszug"]
    assert [one.rule for one in view.deadlines] == ["gesetzte Frist"]
    assert [entry.postbox for entry in view.entries] == ["m.petersen"]
    assert (view.history[0].action, view.history[0].actor_name) == ("document.open", "Anke Lead")
    assert {row.actor_name for row in view.history} >= {"System"}


def test_a_reader_without_the_postbox_sees_no_entry_to_act_on(authority: Authority, letter: str):
    view = authority.documents.open(authority.reader("a.lead"), letter)
    assert [entry.postbox for entry in view.entries] == ["m.petersen"]  # a member's, to stand in
    authority.register(
        {
            "caseworkers": [
                {
                    "login": "n.neben",
                    "name": "N",
                    "roles": ["caseworker"],
                    "teams": ["husum-leistung"],
                }
            ]
        }
    )
    view = authority.documents.open(authority.reader("n.neben"), letter)
    assert view.entries == ()
    assert view.lies_with == ("Maike Petersen",)


def test_what_is_taken_out_of_the_file_while_it_is_read_is_not_shown_as_it_stood_there(
    authority: Authority, letter: str, monkeypatch: pytest.MonkeyPatch
):
    author, lead = authority.reader("m.petersen"), authority.reader("r.legal")
    box = (0.1, 0.2, 0.4, 0.3)
    Annotations(authority.database).add(author, letter, 1, AnnotationKind.NOTE, box, "Frau Müller")
    write = authority.database.write

    def after_the_fehlablage():
        monkeypatch.setattr(authority.database, "write", write)
        right = RightFile(aktenzeichen=OTHER_SITE, last_name="Yıldız")
        version = authority.document(letter).version
        authority.misfiled.take_out(author, letter, version, reason="Falscher Name.", right=right)
        return write()

    monkeypatch.setattr(authority.database, "write", after_the_fehlablage)
    view = authority.documents.open(lead, letter)
    assert view.case_file is not None
    assert (view.case_file.aktenzeichen, view.annotations) == (OTHER_SITE, ())
