"""Fehlablage: one action takes a document out of the wrong file everywhere, and says who saw it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from eakte.domain.rights import CLEARING
from eakte.errors import Conflict, NotFound, NotPermitted, Unusable
from eakte.models import (
    DocumentPerson,
    Filing,
    FindingRow,
    IndexOutbox,
    KnownReference,
    Misfiling,
    RelevantFunction,
    VorgangDocument,
    Wiedervorlage,
)
from eakte.repositories.misfilings import Misfilings
from eakte.services.misfiled_views import MisfiledReport, RightFile
from tests.authority import STEP, Authority
from tests.small_authority import COLLEAGUE, MUELLER, OTHER_SITE, PROTECTED

REASON = "Im Brief steht ein anderer Name."


@pytest.fixture
def wrong(authority: Authority) -> str:
    """An objection in Müller's file, delivered to the legal team with a copy to m.petersen."""
    return authority.letter("widerspruch", MUELLER)


def take_out(authority: Authority, letter: str, who: str = "m.petersen", **more) -> MisfiledReport:
    reader = authority.reader(who)
    version = more.pop("version", authority.document(letter).version)
    made = authority.misfiled.take_out(reader, letter, version, reason=REASON, **more)
    return authority.misfiled.report(reader, made)


def test_it_leaves_the_file_every_postbox_and_all_that_was_learnt_there(
    authority: Authority, wrong: str
):
    with authority.database.write() as session:
        later = authority.clock.now() + timedelta(days=7)
        session.add(
            Wiedervorlage(
                id=wrong,
                document_id=wrong,
                login="m.petersen",
                due=later.date(),
                made_by="m.petersen",
                made_at=authority.clock.now(),
            )
        )
        session.add(KnownReference(key_hash="0" * 64, document_id=wrong, kind="court"))
        twin = authority.letter("widerspruch", MUELLER)
    with authority.database.write() as session:
        session.add(
            FindingRow(
                id=twin,
                document_id=twin,
                kind="likeness",
                rank=0,
                value=wrong,
                score=1.0,
                payload={"document_id": wrong, "score": 1.0},
                found_at=authority.clock.now(),
            )
        )
    report = take_out(authority, wrong)

    assert authority.receivers(wrong) == (CLEARING, [])
    assert len(authority.entries(wrong)) == 1
    document = authority.document(wrong)
    assert (document.state, document.filed_at) == ("clearing", None)
    with authority.database.read() as session:
        for model in (Filing, DocumentPerson, RelevantFunction, KnownReference, VorgangDocument):
            rows = select(func.count()).where(model.document_id == wrong)
            assert session.scalar(rows) == 0, model.__tablename__
        assert session.scalar(select(func.count()).where(Wiedervorlage.document_id == wrong)) == 0
        assert session.scalar(select(func.count()).where(FindingRow.kind == "likeness")) == 0
        assert wrong in set(session.scalars(select(IndexOutbox.document_id)))
        assert Misfilings(session).taken_out(STEP, _cover(authority), document.created_at) == {
            wrong
        }
    assert report.undone["wiedervorlagen"] >= 1
    assert report.lay_with == ("Rechtsstelle", "Maike Petersen")
    with pytest.raises(NotFound):
        authority.documents.open(authority.reader("m.petersen"), wrong)
    authority.documents.open(authority.reader("s.scan"), wrong)


def _cover(authority: Authority) -> str:
    with authority.database.read() as session:
        return authority.cover(session, MUELLER).id


def test_the_report_tells_who_opened_it_and_when_but_not_who_did_before(
    authority: Authority, wrong: str
):
    for who in ("r.legal", "m.petersen", "r.legal"):
        authority.clock.forward(minutes=5)
        authority.documents.open(authority.reader(who), wrong)
    authority.clock.forward(minutes=5)
    report = take_out(authority, wrong)
    seen = [(one.login, one.times, one.last - one.first) for one in report.seen]
    assert seen == [("r.legal", 2, timedelta(minutes=10)), ("m.petersen", 1, timedelta())]
    assert report.report_until - report.found_at == timedelta(hours=72)
    assert (report.aktenzeichen, report.right_number) == (MUELLER, "")


@pytest.mark.parametrize(
    ("name", "born"), [("yildiz", None), ("", date(1990, 1, 15)), ("Yıldız", date(1990, 1, 15))]
)
def test_two_facts_lead_straight_into_the_right_file(
    authority: Authority, wrong: str, name: str, born: date | None
):
    right = RightFile(aktenzeichen=OTHER_SITE, last_name=name, birth_date=born)
    report = take_out(authority, wrong, right=right)
    assert report.right_number == OTHER_SITE
    assert authority.receivers(wrong)[0] == "recht"
    assert authority.receivers(wrong)[1] == ["i.clausen"]
    authority.documents.open(authority.reader("i.clausen"), wrong)
    with pytest.raises(NotFound):
        authority.documents.open(authority.reader("m.petersen"), wrong)


@pytest.mark.parametrize(
    "right",
    [
        RightFile(aktenzeichen=OTHER_SITE),
        RightFile(aktenzeichen=OTHER_SITE, last_name="Schmidt"),
        RightFile(aktenzeichen=OTHER_SITE, last_name="Yıldız", birth_date=date(1991, 1, 15)),
        RightFile(aktenzeichen="99999//9999999", last_name="Yıldız"),
        RightFile(aktenzeichen=PROTECTED, last_name="Schmidt"),
        RightFile(aktenzeichen=MUELLER, last_name="Müller-Lüdenscheidt"),
    ],
)
def test_facts_that_do_not_agree_change_nothing(authority: Authority, wrong: str, right: RightFile):
    before = authority.receivers(wrong)
    with pytest.raises(Unusable):
        take_out(authority, wrong, right=right)
    assert authority.receivers(wrong) == before


def test_nobody_puts_a_letter_into_a_file_that_excludes_them(authority: Authority):
    letter = authority.letter("kontoauszug", MUELLER)
    right = RightFile(aktenzeichen=COLLEAGUE, last_name="Hansen")
    with pytest.raises(Unusable, match="passen zu keiner Akte"):
        take_out(authority, letter, "j.hansen", right=right)
    assert take_out(authority, letter, "m.petersen", right=right).right_number == COLLEAGUE


def test_only_who_works_on_files_and_sees_the_document_may(authority: Authority, wrong: str):
    with pytest.raises(NotFound):
        take_out(authority, wrong, "d.deputy")
    with pytest.raises(NotFound):
        take_out(authority, wrong, "x.admin")
    assert ("x.admin", "document.refused", None) in authority.trail_of(wrong)
    waiting = authority.letter("sonstiges", None, state="clearing")
    with pytest.raises(NotPermitted):
        take_out(authority, waiting, "s.scan")


def test_a_stale_screen_and_a_second_click_are_told(authority: Authority, wrong: str):
    version = authority.document(wrong).version
    take_out(authority, wrong)
    with pytest.raises(NotFound):
        take_out(authority, wrong, version=version)
    other = authority.letter("kontoauszug", MUELLER)
    with pytest.raises(Conflict):
        take_out(authority, other, version=999)


def test_without_a_reason_nothing_happens(authority: Authority, wrong: str):
    reader, version = authority.reader("m.petersen"), authority.document(wrong).version
    with pytest.raises(Unusable):
        authority.misfiled.take_out(reader, wrong, version, reason="falsch")


@pytest.mark.parametrize(
    ("who", "sees"),
    [("m.petersen", True), ("a.lead", True), ("x.admin", True), ("k.thomsen", False)],
)
def test_reports_are_for_their_author_the_lead_and_the_administration(
    authority: Authority, wrong: str, who: str, sees: bool
):
    take_out(authority, wrong)
    reader = authority.reader(who)
    listed = [one.id for one in authority.misfiled.reports(reader)]
    with authority.database.read() as session:
        made = session.scalars(select(Misfiling.id)).one()
    assert listed == ([made] if sees else [])
    if sees:
        assert authority.misfiled.report(reader, made).seen == ()
        assert (who, "misfiling.open", None) in authority.trail_of(made)
    else:
        with pytest.raises(NotFound):
            authority.misfiled.report(reader, made)


def test_an_assignment_at_the_desk_can_not_bring_it_back(authority: Authority):
    letter = authority.letter("sonstiges", None, state="clearing")
    desk = authority.reader("s.scan")
    authority.clearing.assign(
        desk,
        letter,
        authority.document(letter).version,
        schlagwort="kontoauszug",
        aktenzeichen=COLLEAGUE,
    )
    take_out(authority, letter)
    with pytest.raises((Conflict, NotFound)):
        authority.clearing.take_back(desk, letter)
    assert authority.receivers(letter) == (CLEARING, [])
