"""Fehlablage: one action takes a document out of the wrong file everywhere, and says who saw it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from eakte.domain.findings import CaseFileCandidate, CaseFileFinding
from eakte.domain.ids import derived_id
from eakte.domain.rights import CLEARING
from eakte.errors import Conflict, NotFound, NotPermitted, Unusable
from eakte.models import (
    Annotation,
    DocumentPerson,
    Example,
    Filing,
    FindingRow,
    IndexOutbox,
    KnownReference,
    Misfiling,
    RelevantFunction,
    VorgangDocument,
    Wiedervorlage,
)
from eakte.repositories import codec
from eakte.repositories.audit import AuditLog
from eakte.repositories.documents import Documents
from eakte.repositories.misfilings import Misfilings
from eakte.services.annotations import AnnotationKind, Annotations
from eakte.services.misfiled_views import MisfiledReport, RightFile
from eakte.services.page_desk import Pick
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


def test_what_was_put_on_its_pages_there_is_not_seen_from_the_right_file(
    authority: Authority, wrong: str
):
    on_it, author = Annotations(authority.database), authority.reader("m.petersen")
    box = (0.1, 0.2, 0.4, 0.3)
    made = [
        on_it.add(author, wrong, 1, AnnotationKind.NOTE, box, "Frau Müller fragt nach"),
        on_it.add(author, wrong, 1, AnnotationKind.HIGHLIGHT, box),
        on_it.add(author, wrong, 1, AnnotationKind.STAMP, box, "geprüft"),
    ]
    right = RightFile(aktenzeichen=OTHER_SITE, last_name="Yıldız")
    report = take_out(authority, wrong, right=right)
    there = authority.reader("i.clausen")
    assert authority.documents.open(there, wrong).annotations == ()
    assert report.undone["annotations"] == 3
    with authority.database.read() as session:
        kept = session.scalars(select(Annotation).where(Annotation.id.in_(made))).all()
        assert {(one.removed_by, one.removed_at) for one in kept} == {
            ("m.petersen", report.found_at)
        }
    on_it.add(there, wrong, 1, AnnotationKind.NOTE, box, "Bitte prüfen")
    assert [one.text for one in authority.documents.open(there, wrong).annotations] == [
        "Bitte prüfen"
    ]


def test_a_note_made_before_the_split_and_a_look_at_the_whole_count_for_the_part(
    authority: Authority,
):
    letter = authority.letter("kontoauszug", MUELLER, pages=3)
    author = authority.reader("m.petersen")
    on_it, box = Annotations(authority.database), (0.1, 0.2, 0.4, 0.3)
    authority.documents.open(authority.reader("a.lead"), letter)
    for page in (1, 3):
        on_it.add(author, letter, page, AnnotationKind.NOTE, box, f"Frau Müller, Blatt {page}")
    authority.clock.forward(days=3)
    view = authority.page_desk.open(author, letter)
    pages = {one.source_page: one.page_id for row in view.rows for one in row.pages}
    shown = {row.document_id: row.version for row in view.rows}
    authority.page_desk.split(author, Pick(document_id=letter, pages=(pages[3],), seen=shown))
    part = authority.page_desk.open(author, letter).rows[1].document_id
    authority.clock.forward(minutes=5)
    authority.documents.open(authority.reader("r.legal"), letter)  # the part is out of it by now

    report = take_out(authority, part, right=RightFile(aktenzeichen=OTHER_SITE, last_name="Yıldız"))
    assert authority.documents.open(authority.reader("i.clausen"), part).annotations == ()
    assert [one.login for one in report.seen] == ["a.lead", "m.petersen"]
    left = authority.documents.open(author, letter).annotations
    assert [one.text for one in left] == ["Frau Müller, Blatt 1"]


@pytest.mark.parametrize("traced", [True, False])
def test_what_the_right_file_had_put_on_it_stays_and_who_saw_it_there_is_not_told(
    authority: Authority, traced: bool
):
    letter, author = authority.letter("kontoauszug", MUELLER), authority.reader("m.petersen")
    if traced:
        with authority.database.write() as session:
            named = {"case_file": authority.cover(session, MUELLER).id}
            AuditLog(session).note(STEP, "document.identify", "document", letter, details=named)
    on_it, box = Annotations(authority.database), (0.1, 0.2, 0.4, 0.3)
    on_it.add(author, letter, 1, AnnotationKind.NOTE, box, "Miete geprüft")
    authority.documents.open(author, letter)
    authority.clock.forward(days=400)
    entry = authority.entry(letter, "m.petersen")
    authority.postboxes.to_clearing(author, entry.id, entry.version, "Bitte prüfen")
    desk, version = authority.reader("s.scan"), authority.document(letter).version
    authority.clearing.assign(
        desk, letter, version, schlagwort="kontoauszug", aktenzeichen=COLLEAGUE
    )
    assigned, who = authority.clock.now(), authority.receivers(letter)[0]
    authority.clock.forward(days=1)
    on_it.add(authority.reader(who), letter, 1, AnnotationKind.NOTE, box, "Frau Hansen anrufen")

    right = RightFile(aktenzeichen=MUELLER, last_name="Müller-Lüdenscheidt")
    report = take_out(authority, letter, who, right=right)
    assert (report.since >= assigned) == traced
    assert ("m.petersen" in {one.login for one in report.seen}) != traced
    left = authority.documents.open(author, letter).annotations
    assert [one.text for one in left] == ["Miete geprüft"]


def test_of_a_note_whose_file_was_not_kept_the_time_decides(authority: Authority, wrong: str):
    author, box = authority.reader("m.petersen"), (0.1, 0.2, 0.4, 0.3)
    note = Annotations(authority.database).add(author, wrong, 1, AnnotationKind.NOTE, box, "alt")
    with authority.database.write() as session:
        session.get_one(Annotation, note).case_file_id = None
    assert take_out(authority, wrong).undone["annotations"] == 1


def found(authority: Authority, letter: str, *numbers: str, chosen: bool) -> None:
    """What the machine thought: the files of these numbers, the first as ``chosen``."""
    with authority.database.write() as session:
        fits = tuple(
            CaseFileCandidate(
                case_file_id=authority.cover(session, number).id,
                aktenzeichen=number,
                score=0.9,
                facts=frozenset({"name"}),
                evidence=(),
            )
            for number in numbers
        )
        finding = CaseFileFinding(chosen=fits[0] if chosen else None, candidates=fits)
        document = Documents(session).get(STEP, letter)
        assert document is not None
        row = (numbers[0] if chosen else "", 0.9, codec.case_finding_to_json(finding))
        Documents(session).keep_findings(document, "case_file", [row], authority.clock.now())


@pytest.mark.parametrize("chosen", [True, False])
def test_the_finding_that_named_the_wrong_file_is_overruled(
    authority: Authority, wrong: str, chosen: bool
):
    found(authority, wrong, MUELLER, COLLEAGUE, chosen=chosen)
    take_out(authority, wrong)
    shown = authority.documents.open(authority.reader("s.scan"), wrong).case_finding
    assert shown is not None
    assert (shown.chosen, [one.aktenzeichen for one in shown.candidates]) == (None, [COLLEAGUE])
    with authority.database.read() as session:
        row = session.scalars(
            select(FindingRow).where(
                FindingRow.document_id == wrong, FindingRow.kind == "case_file"
            )
        ).one()
        assert (row.value, MUELLER in str(row.payload)) == ("", True)
    authority.clearing.assign(
        authority.reader("s.scan"),
        wrong,
        authority.document(wrong).version,
        schlagwort="widerspruch",
        aktenzeichen=COLLEAGUE,
    )
    with authority.database.read() as session:
        kinds = session.scalars(select(Example.kind).where(Example.document_id == wrong)).all()
    assert "case_file" not in kinds


def test_a_finding_that_named_the_right_file_still_stands(authority: Authority, wrong: str):
    found(authority, wrong, OTHER_SITE, chosen=True)
    take_out(authority, wrong)
    shown = authority.documents.open(authority.reader("s.scan"), wrong).case_finding
    assert shown is not None
    assert shown.chosen is not None
    assert shown.chosen.aktenzeichen == OTHER_SITE


def test_of_a_document_in_two_files_nobody_is_told_the_one_that_is_closed_to_them(
    authority: Authority,
):
    letter = authority.letter("kontoauszug", MUELLER)
    with authority.database.write() as session:
        hidden = authority.cover(session, PROTECTED)
        session.add(
            Filing(
                id=derived_id("filing", letter, hidden.id),
                document_id=letter,
                case_file_id=hidden.id,
                sub_file="leistung",
                filed_at=authority.clock.now(),
            )
        )
    with authority.database.read() as session:
        told = {
            name: {
                cover.aktenzeichen for _, cover in Documents(session).filings(who, [letter])[letter]
            }
            for name, who in (("lead", authority.reader("r.legal")), ("system", STEP))
        }
    assert told == {"lead": {MUELLER}, "system": {MUELLER, PROTECTED}}
