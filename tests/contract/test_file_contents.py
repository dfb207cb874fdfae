"""The list of a case file: narrowed by several things at once, a page at a time, what is new."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from eakte.domain.facts import Correction, FactKind
from eakte.domain.file_filters import FileFilter
from eakte.models import Document
from eakte.repositories.facts import Facts
from eakte.services import file_contents
from tests.authority import Authority
from tests.small_authority import MUELLER


def shown(authority: Authority, **narrowed: Any) -> list[str]:
    view = authority.case_files.open(
        authority.reader("m.petersen"), MUELLER, FileFilter(**narrowed)
    )
    return [one.id for one in view.documents]


def say_sender(authority: Authority, document_id: str, sender: str) -> None:
    correction = Correction(kind=FactKind.SENDER, value=sender, replaces="", given_by="m.petersen")
    with authority.database.write() as session:
        document = session.get_one(Document, document_id)
        Facts(session).correct(document, correction, authority.clock.now())


def received(authority: Authority, document_id: str, day: date) -> None:
    with authority.database.write() as session:
        session.get_one(Document, document_id).received_here = day


def test_what_narrows_the_list_works_together(authority: Authority) -> None:
    rent, pay, old = (
        authority.letter(one, MUELLER) for one in ("mieterhoehung", "lohnabrechnung", "kontoauszug")
    )
    received(authority, old, date(2020, 5, 4))
    for one, sender in ((rent, "Wohnbau Husum eG"), (pay, "Bäckerei ÖZTÜRK"), (old, "Wohnbau")):
        say_sender(authority, one, sender)
    assert shown(authority)[-1] == old
    assert shown(authority, sender="wohnbau") == [rent, old]
    assert shown(authority, sender="wohnbau", received_from=date(2026, 1, 1)) == [rent]
    assert shown(authority, received_to=date(2020, 5, 4)) == [old]
    assert shown(authority, schlagwort="lohnabrechnung", sender="öztürk") == [pay]
    assert shown(authority, words=("lohn", "öztürk")) == [pay]
    assert shown(authority, words=("04.05.2020",)) == [old]
    assert shown(authority, words=("100%",)) == []
    assert shown(authority, sub_file="recht") == []
    view = authority.case_files.open(authority.reader("m.petersen"), MUELLER)
    assert [one.sender for one in view.documents][-1] == "Wohnbau"
    assert (view.total, view.sub_files) == (3, (("leistung", 3),))


def test_a_long_list_goes_on_behind_its_last_row(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters = {authority.letter("kontoauszug", MUELLER) for _ in range(5)}
    monkeypatch.setattr(file_contents, "PAGE", 2)
    reader, after, seen = authority.reader("m.petersen"), "", []
    for _ in range(3):
        view = authority.case_files.open(reader, MUELLER, after=after, again=True)
        seen += [one.id for one in view.documents]
        after = view.following
        assert view.total == 5
    assert after == ""
    assert len(seen) == len(set(seen)) == 5
    assert set(seen) == letters
    opened = [row for row in authority.trail_of(view.id) if row[1] == "case_file.open"]
    assert len(opened) == 1  # going on in a list is no other opening


def test_what_was_filed_since_the_last_visit_is_new_until_the_next(authority: Authority) -> None:
    first = authority.letter("kontoauszug", MUELLER)
    reader = authority.reader("m.petersen")
    assert authority.case_files.open(reader, MUELLER).fresh == 0
    authority.clock.forward(hours=3)
    second = authority.letter("kontoauszug", MUELLER)
    for _ in range(2):  # looked at again within the same visit
        view = authority.case_files.open(reader, MUELLER)
        assert {one.id: one.is_new for one in view.documents} == {first: False, second: True}
        assert view.fresh == 1
        authority.clock.forward(minutes=20)
    assert shown(authority, only_new=True) == [second]
    authority.clock.forward(hours=1)
    assert authority.case_files.open(reader, MUELLER).fresh == 0


def test_a_vorgang_of_the_file_is_counted_and_narrows_the_list(authority: Authority) -> None:
    authority.letter("kontoauszug", MUELLER)
    lawsuit = authority.letter("widerspruch", MUELLER)
    view = authority.case_files.open(authority.reader("r.legal"), MUELLER)
    assert [count for _, count in view.vorgaenge] == [1]
    vorgang = view.vorgaenge[0][0].id
    narrowed = authority.case_files.open(
        authority.reader("r.legal"), MUELLER, FileFilter(vorgang_id=vorgang)
    )
    assert [one.id for one in narrowed.documents] == [lawsuit]
