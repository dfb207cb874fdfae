"""Paper goes only when every sheet is counted, looked at by somebody else, and signed off."""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import cast

import pytest
from sqlalchemy import select, update

from eakte.domain.arrivals import Arrival, ScannerRun
from eakte.domain.findings import SchlagwortFinding
from eakte.domain.live_settings import LiveValues
from eakte.domain.page_lists import Removal
from eakte.domain.proof import PaperFate, QualityRules, TransferNote
from eakte.domain.rights import Reader
from eakte.errors import Conflict, EakteError, NotFound, NotPermitted
from eakte.intake.classify import classify
from eakte.intake.receive import receive
from eakte.intake.tools import RulesInUse, Tools
from eakte.models import Batch, Document, Page, QualityCheck, Source
from eakte.models import TransferNote as TransferNoteRow
from eakte.repositories.documents import Documents as DocumentRows
from eakte.repositories.proof import Proof
from eakte.services.bad_scans import BadScans
from eakte.services.paper import Paper
from eakte.services.quality import Quality
from eakte.services.release import rows as release_rows
from eakte.services.transfer_notes import Surroundings, first_note, keep_first, note_again
from eakte.services.withdrawals import CAME_TOGETHER
from tests.authority import STEP, Authority
from tests.contract.test_page_desk import Desk as PageDesk
from tests.small_authority import COLLEAGUE, MUELLER

RULES = QualityRules(
    paper_weeks=13,
    duplex=False,
    full_check=frozenset({"attest"}),
    never_destroy=frozenset({"vollmacht_betreuung"}),
    suggested={"andere_stelle": PaperFate.FORWARD},
)


@dataclass
class Desk:
    """The scan centre: Silke scanned, Timo checks."""

    authority: Authority
    quality: Quality
    paper: Paper
    bad_scans: BadScans
    silke: Reader
    timo: Reader

    def letters(self, *schlagworte: str, file: str = MUELLER) -> list[str]:
        """Delivered letters of one page each, with their first transfer note."""
        made = [self.authority.letter(one, file) for one in schlagworte]
        with self.authority.database.write() as session:
            for source in session.scalars(select(Source)):
                note = first_note(session, source, Surroundings(engine="tesserocr"))
                assert note is not None
                keep_first(session, STEP, source.id, note, self.authority.clock.now())
        return made

    def batch(self) -> Batch:
        with self.authority.database.read() as session:
            return session.scalars(select(Batch)).one()

    def scanned(self, *, sheets: int | None, operator: str | None = "s.scan") -> str:
        """What the scanner told of the batch."""
        with self.authority.database.write() as session:
            batch = session.scalars(select(Batch)).one()
            batch.sheets_reported, batch.operator = sheets, operator
            return batch.id

    def version(self) -> int:
        return self.batch().version

    def drawn(self, batch_id: str) -> list[str]:
        return [page.page_id for page in self.quality.batch(self.timo, batch_id).pages]

    def check_all(self, batch_id: str) -> None:
        for page in self.quality.batch(self.timo, batch_id).pages:
            if page.result is None:
                self.quality.mark(self.timo, batch_id, page.page_id, good=True)

    def ready(self, *schlagworte: str) -> str:
        """A batch that was counted and checked; returns its id."""
        self.letters(*schlagworte)
        batch_id = self.scanned(sheets=len(schlagworte))
        self.quality.count(self.timo, batch_id, self.version())
        self.check_all(batch_id)
        return batch_id

    def release(self, batch_id: str) -> str:
        return self.quality.release(self.timo, batch_id, self.version())

    def listed(self, batch_id: str, decision: str) -> list[str]:
        view = self.quality.release_list(self.timo, batch_id, decision)
        return [row.document_id for row in view.rows]

    def notes(self, document_id: str) -> list[TransferNote]:
        with self.authority.database.read() as session:
            source = session.get_one(Document, document_id).source_id
            rows = session.scalars(
                select(TransferNoteRow)
                .where(TransferNoteRow.source_id == source)
                .order_by(TransferNoteRow.number)
            )
            return [TransferNote.from_json(row.note) for row in rows]


@pytest.fixture
def desk(authority: Authority) -> Desk:
    authority.register(
        {"caseworkers": [{"login": "t.scan", "name": "Timo", "roles": ["scan"], "teams": []}]}
    )
    return Desk(
        authority=authority,
        quality=Quality(authority.database, authority.store, RULES),
        paper=Paper(authority.database, RULES),
        bad_scans=BadScans(authority.database, authority.store, RULES),
        silke=authority.reader("s.scan"),
        timo=authority.reader("t.scan"),
    )


def test_a_batch_is_counted_checked_by_another_and_its_paper_released(desk: Desk):
    (letter,) = desk.letters("kontoauszug")
    batch_id = desk.scanned(sheets=1)
    desk.quality.count(desk.timo, batch_id, desk.version())
    assert desk.batch().state == "open"
    (page_id,) = desk.drawn(batch_id)
    shown = desk.quality.page(desk.timo, batch_id, page_id)
    assert shown.page.reason == "sample"
    assert desk.quality.image(desk.timo, batch_id, page_id).data == b"preview 1"
    assert desk.quality.mark(desk.timo, batch_id, page_id, good=True) is None
    assert desk.batch().state == "checked"
    decision = desk.release(batch_id)
    assert desk.batch().state == "released"
    assert desk.listed(batch_id, decision) == [letter]
    assert desk.authority.document(letter).paper == "destroy"
    assert [action for _, action, _ in desk.authority.trail_of(page_id)] == [
        "quality.look",
        "quality.mark",
    ]
    assert [action for _, action, _ in desk.authority.trail_of(batch_id)] == [
        "batch.counted",
        "batch.checked",
        "batch.released",
    ]


def test_the_signed_list_is_the_file_that_is_downloaded(desk: Desk):
    batch_id = desk.ready("kontoauszug", "lohnabrechnung")
    view = desk.quality.release_list(desk.timo, batch_id, desk.release(batch_id))
    assert hashlib.sha256(view.csv).hexdigest() == view.sha256
    rows = list(csv.reader(view.csv.decode("utf-8-sig").splitlines(), delimiter=";"))
    assert [row[1] for row in rows[2:]] == [row.document_id for row in view.rows]
    assert rows[0][3] == view.not_before.isoformat() == "2027-02-19"


def test_nobody_checks_or_releases_what_they_scanned(desk: Desk):
    desk.letters("kontoauszug")
    batch_id = desk.scanned(sheets=1)
    desk.quality.count(desk.timo, batch_id, desk.version())
    (page_id,) = desk.drawn(batch_id)
    assert not desk.quality.batch(desk.silke, batch_id).may_check
    with pytest.raises(NotPermitted):
        desk.quality.page(desk.silke, batch_id, page_id)
    with pytest.raises(NotPermitted):
        desk.quality.image(desk.silke, batch_id, page_id)
    with pytest.raises(NotPermitted):
        desk.quality.mark(desk.silke, batch_id, page_id, good=True)
    desk.check_all(batch_id)
    with pytest.raises(NotPermitted):
        desk.quality.release(desk.silke, batch_id, desk.version())
    with pytest.raises(NotPermitted):
        desk.quality.reject(desk.silke, batch_id, desk.version(), "schief")


@pytest.mark.parametrize("operator", ["Scanplatz 3", "Silke Scan", "S.SCAN", None])
def test_a_pseudonym_or_silence_is_no_way_around_that(desk: Desk, operator: str | None):
    desk.letters("kontoauszug")
    batch_id = desk.scanned(sheets=1, operator=operator)
    desk.quality = replace(desk.quality, rules=replace(RULES, pseudonyms={"Scanplatz 3": "s.scan"}))
    if operator:
        with pytest.raises(NotPermitted):
            desk.quality.count(desk.silke, batch_id, desk.version())
    desk.quality.count(desk.timo if operator else desk.silke, batch_id, desk.version())
    (page_id,) = desk.drawn(batch_id)
    with pytest.raises(NotPermitted):
        desk.quality.mark(desk.silke, batch_id, page_id, good=True)
    desk.quality.mark(desk.timo, batch_id, page_id, good=True)


@pytest.mark.parametrize("login", ["m.petersen", "a.lead", "r.legal", "x.admin"])
def test_only_the_scan_centre_checks(desk: Desk, login: str):
    batch_id = desk.ready("kontoauszug")
    who = desk.authority.reader(login)
    for ask in (
        lambda: desk.quality.batches(who),
        lambda: desk.quality.batch(who, batch_id),
        lambda: desk.quality.release(who, batch_id, 1),
        lambda: desk.bad_scans.waiting(who),
        lambda: desk.bad_scans.image(who, "x"),
        lambda: desk.bad_scans.close(who, "x", outcome="y"),
    ):
        with pytest.raises(NotPermitted):
            ask()


def test_a_missing_sheet_must_be_explained(desk: Desk):
    desk.letters("kontoauszug")
    batch_id = desk.scanned(sheets=2)
    with pytest.raises(EakteError, match="gehören 2 Seiten, der Stapel hat 1"):
        desk.quality.count(desk.timo, batch_id, desk.version())
    desk.quality.count(
        desk.timo, batch_id, desk.version(), explanation="Ein Blatt war ein Trennblatt."
    )
    (decision,) = desk.quality.batch(desk.timo, batch_id).decisions
    assert decision.details["matches"] is False
    assert decision.details["explanation"] == "Ein Blatt war ein Trennblatt."


def test_a_scanner_that_does_not_count_is_counted_by_hand(desk: Desk):
    desk.letters("kontoauszug")
    batch_id = desk.scanned(sheets=None)
    with pytest.raises(EakteError, match="keine Blattzahl"):
        desk.quality.count(desk.timo, batch_id, desk.version())
    desk.quality.count(desk.timo, batch_id, desk.version(), sheets=1)
    assert desk.quality.batch(desk.timo, batch_id).counted


def test_a_count_by_hand_does_not_hide_what_the_scanner_said(desk: Desk):
    desk.letters("kontoauszug")
    batch_id = desk.scanned(sheets=3)
    with pytest.raises(EakteError):
        desk.quality.count(desk.timo, batch_id, desk.version(), sheets=1)


def test_a_sheet_scanned_on_both_sides_makes_two_pages(desk: Desk):
    assert replace(RULES, duplex=True).expected_pages(7) == 14
    desk.letters("kontoauszug", "lohnabrechnung")
    batch_id = desk.scanned(sheets=1)
    duplex = replace(desk.quality, rules=replace(RULES, duplex=True))
    duplex.count(desk.timo, batch_id, desk.version())


def test_nothing_is_counted_while_a_letter_is_on_its_way(desk: Desk):
    desk.letters("kontoauszug")
    desk.authority.letter("kontoauszug", MUELLER, state="classified")
    batch_id = desk.scanned(sheets=2)
    assert desk.quality.batch(desk.timo, batch_id).unsettled == 1
    with pytest.raises(Conflict):
        desk.quality.count(desk.timo, batch_id, desk.version())


def test_two_people_do_not_count_over_each_other(desk: Desk):
    desk.letters("kontoauszug")
    batch_id = desk.scanned(sheets=1)
    seen = desk.version()
    desk.quality.count(desk.timo, batch_id, seen)
    with pytest.raises(Conflict):
        desk.quality.count(desk.timo, batch_id, seen)


def test_the_sample_is_a_share_and_health_data_is_checked_whole(desk: Desk):
    letters = desk.letters(*["kontoauszug"] * 12, "attest", "attest")
    batch_id = desk.scanned(sheets=14)
    desk.quality.count(desk.timo, batch_id, desk.version())
    with desk.authority.database.read() as session:
        reasons = [check.reason for check in session.scalars(select(QualityCheck))]
    assert reasons.count("full") == 2
    assert 0 <= reasons.count("sample") <= 1
    assert len(letters) == 14


def test_a_page_the_machine_found_odd_is_looked_at(desk: Desk):
    desk.letters(*["kontoauszug"] * 3)
    with desk.authority.database.write() as session:
        page = session.scalars(select(Page).order_by(Page.id)).first()
        assert page is not None
        page.remarks = [{"code": "redrawn", "message": "neu gezeichnet", "page": None}]
        odd = page.id
    batch_id = desk.scanned(sheets=3)
    desk.quality.count(desk.timo, batch_id, desk.version())
    by_page = {page.page_id: page for page in desk.quality.batch(desk.timo, batch_id).pages}
    assert by_page[odd].reason == "remark"
    assert desk.quality.page(desk.timo, batch_id, odd).remarks == ("neu gezeichnet",)


def test_what_became_health_data_later_is_checked_before_the_paper_goes(desk: Desk):
    batch_id = desk.ready("kontoauszug", "lohnabrechnung", "kindergeld")
    checked = set(desk.drawn(batch_id))
    with desk.authority.database.write() as session:
        other = session.scalars(
            select(Document)
            .join(Page, Page.source_id == Document.source_id)
            .where(Page.id.not_in(checked))
        ).first()
        assert other is not None
        DocumentRows(session).set_schlagworte(other, [("attest", ())], "m.petersen")
    with pytest.raises(Conflict, match="ganz zu prüfen"):
        desk.release(batch_id)
    assert len(desk.drawn(batch_id)) == len(checked) + 1
    desk.check_all(batch_id)
    desk.release(batch_id)


def test_a_larger_share_leaves_a_checked_batch_as_it_was_drawn(desk: Desk):
    batch_id = desk.ready(*["kontoauszug"] * 4)
    more = replace(desk.quality, live=lambda: LiveValues(quality_sample_percent=100.0))
    assert more.release(desk.timo, batch_id, desk.version())
    assert len(desk.drawn(batch_id)) == 1
    assert desk.batch().state == "released"


def test_a_deed_is_never_destroyed_whatever_anybody_clicked(desk: Desk):
    deed, plain = desk.letters("vollmacht_betreuung", "kontoauszug")
    with pytest.raises(NotPermitted, match="nicht vernichtet"):
        desk.paper.decide(desk.authority.reader("m.petersen"), deed, PaperFate.DESTROY)
    with desk.authority.database.write() as session:  # past the service, as a fault would
        session.execute(update(Document).where(Document.id == deed).values(paper="destroy"))
    batch_id = desk.scanned(sheets=2)
    desk.quality.count(desk.timo, batch_id, desk.version())
    desk.check_all(batch_id)
    assert desk.listed(batch_id, desk.release(batch_id)) == [plain]
    assert desk.paper.of_document(desk.authority.reader("m.petersen"), deed).fate == "keep"


def test_a_deed_as_second_schlagwort_is_kept_too(desk: Desk):
    (letter,) = desk.letters("kontoauszug")
    with desk.authority.database.write() as session:
        document = session.get_one(Document, letter)
        both = [("kontoauszug", ()), ("vollmacht_betreuung", (1,))]
        DocumentRows(session).set_schlagworte(document, both, "rules")
    batch_id = desk.scanned(sheets=1)
    desk.quality.count(desk.timo, batch_id, desk.version())
    desk.check_all(batch_id)
    assert desk.listed(batch_id, desk.release(batch_id)) == []


def test_what_is_kept_sent_back_or_waits_at_the_desk_is_not_on_the_list(desk: Desk):
    kept, _sent_back, goes = desk.letters("kontoauszug", "andere_stelle", "lohnabrechnung")
    desk.authority.letter("sonstiges", None, state="clearing")
    who = desk.authority.reader("m.petersen")
    with pytest.raises(EakteError, match="wo das Papier"):
        desk.paper.decide(who, kept, PaperFate.KEEP)
    desk.paper.decide(who, kept, PaperFate.KEEP, "Ordner 3")
    batch_id = desk.scanned(sheets=4)
    desk.quality.count(desk.timo, batch_id, desk.version())
    desk.check_all(batch_id)
    assert desk.quality.batch(desk.timo, batch_id).destroy == 1
    assert desk.listed(batch_id, desk.release(batch_id)) == [goes]
    with pytest.raises(Conflict):
        desk.paper.decide(who, goes, PaperFate.RETURN)


def in_two(desk: Desk) -> tuple[PageDesk, str, str]:
    """A letter of two pages, split at the page desk into two documents of one page."""
    pages = PageDesk(
        desk.authority, "m.petersen", desk.authority.letter("kontoauszug", MUELLER, pages=2)
    )
    pages.do("split", 2)
    return pages, pages.row(0).document_id, pages.row(1).document_id


@pytest.mark.parametrize("why", ["person", "deed"])
@pytest.mark.parametrize("action", ["merge", "move"])
def test_kept_paper_stays_kept_when_its_pages_go_to_another_document(
    desk: Desk, why: str, action: str
):
    pages, upper, lower = in_two(desk)
    maike = pages.reader
    desk.paper.decide(maike, upper, PaperFate.DESTROY)
    if why == "person":
        desk.paper.decide(maike, lower, PaperFate.KEEP, "Tresor 3")
    else:
        with desk.authority.database.write() as session:
            deed = session.get_one(Document, lower)
            DocumentRows(session).set_schlagworte(deed, [("vollmacht_betreuung", ())], "m.petersen")
    pages.look()
    if action == "merge":
        pages.do("merge", 2)
    else:
        pages.do("move", 2, target=upper, before=None)
    kept = desk.paper.of_document(maike, upper)
    assert (kept.fate, kept.must_be_kept) == (PaperFate.KEEP, True)
    assert kept.place == ("Tresor 3" if why == "person" else "")
    with pytest.raises(NotPermitted, match="nicht vernichtet"):
        desk.paper.decide(maike, upper, PaperFate.DESTROY)
    batch_id = desk.scanned(sheets=2)
    desk.quality.count(desk.timo, batch_id, desk.version())
    desk.check_all(batch_id)
    assert desk.listed(batch_id, desk.release(batch_id)) == []


def test_ordering_pages_of_plain_letters_keeps_no_paper(desk: Desk):
    pages, upper, _ = in_two(desk)
    pages.do("merge", 2)
    batch_id = desk.scanned(sheets=2)
    desk.quality.count(desk.timo, batch_id, desk.version())
    desk.check_all(batch_id)
    assert desk.listed(batch_id, desk.release(batch_id)) == [upper]


def test_a_bad_page_keeps_the_paper_until_it_is_scanned_again(desk: Desk):
    (letter,) = desk.letters("kontoauszug")
    batch_id = desk.scanned(sheets=1)
    desk.quality.count(desk.timo, batch_id, desk.version())
    (page_id,) = desk.drawn(batch_id)
    with pytest.raises(EakteError, match="was an der Seite"):
        desk.quality.mark(desk.timo, batch_id, page_id, good=False)
    desk.quality.mark(desk.timo, batch_id, page_id, good=False, remark="Rand fehlt")
    (report,) = desk.bad_scans.waiting(desk.silke)
    assert report.reason == "Sichtprüfung: Rand fehlt"
    with pytest.raises(Conflict, match="schlechter Scans"):
        desk.release(batch_id)
    with pytest.raises(NotPermitted, match="schließt jemand anderes"):
        desk.bad_scans.close(desk.silke, report.id, outcome="passt schon")
    desk.bad_scans.close(desk.timo, report.id, outcome="Die Vorlage ist so.")
    with desk.authority.database.read() as session:
        assert Proof(session).found_bad(desk.timo, batch_id) == {letter}
    assert desk.listed(batch_id, desk.release(batch_id)) == []  # nobody scanned it again
    assert desk.authority.document(letter).paper is None


def test_a_bad_page_that_was_scanned_again_keeps_its_paper_no_longer(desk: Desk):
    (letter,) = desk.letters("kontoauszug")
    batch_id = desk.scanned(sheets=1)
    desk.quality.count(desk.timo, batch_id, desk.version())
    (page_id,) = desk.drawn(batch_id)
    desk.quality.mark(desk.timo, batch_id, page_id, good=False, remark="Rand fehlt")
    (report,) = desk.bad_scans.waiting(desk.timo)
    desk.authority.clock.forward(minutes=1)
    mail = desk.authority.source(channel="mail")
    unread = desk.authority.source()
    first = desk.authority.document(letter).source_id
    with desk.authority.database.write() as session:
        session.get_one(Source, mail).form = "mail"
    for wrong in (mail, unread, first):
        with pytest.raises(EakteError, match="kein neuer Scan"):
            desk.bad_scans.close(desk.timo, report.id, outcome="", rescan_id=wrong)
    again = desk.authority.document(desk.authority.letter("kontoauszug", MUELLER)).source_id
    with desk.authority.database.write() as session:  # what else came is settled elsewhere
        for source in (mail, unread):
            session.get_one(Source, source).state = "quarantined"
    assert again in [one.id for one in desk.bad_scans.rescans(desk.timo)]
    desk.bad_scans.close(desk.timo, report.id, outcome="", rescan_id=again)
    maike = desk.authority.reader("m.petersen")
    with desk.authority.database.write() as session:
        assert Proof(session).found_bad(maike, batch_id) == frozenset()
        found = Proof(session).found_bad(desk.timo, batch_id)
        listed = release_rows(session, desk.timo, batch_id, RULES)
    assert found == frozenset()
    assert letter in [row.document_id for row in listed]


def test_a_page_marked_bad_by_mistake_is_taken_back_with_its_report(desk: Desk):
    desk.letters("attest", "attest")
    batch_id = desk.scanned(sheets=2)
    desk.quality.count(desk.timo, batch_id, desk.version())
    page_id = desk.drawn(batch_id)[0]
    desk.quality.mark(desk.timo, batch_id, page_id, good=False, remark="grau")
    desk.quality.mark(desk.timo, batch_id, page_id, good=True)
    assert desk.bad_scans.waiting(desk.timo) == ()


def test_a_rejected_batch_is_never_released(desk: Desk):
    batch_id = desk.ready("kontoauszug")
    desk.quality.reject(desk.timo, batch_id, desk.version(), "Alles zu hell")
    assert desk.batch().state == "rejected"
    with pytest.raises(Conflict, match="zurückgewiesen"):
        desk.release(batch_id)
    with pytest.raises(Conflict, match="zurückgewiesen"):
        desk.quality.count(desk.timo, batch_id, desk.version())


def test_a_released_batch_is_not_counted_again_while_nothing_came(desk: Desk):
    batch_id = desk.ready("kontoauszug")
    desk.release(batch_id)
    with pytest.raises(Conflict, match="schon freigegeben"):
        desk.quality.count(desk.timo, batch_id, desk.version())
    assert desk.batch().state == "released"


def test_whom_the_settings_name_as_operator_checks_nothing_of_the_unnamed(desk: Desk):
    desk.letters("kontoauszug")
    batch_id = desk.scanned(sheets=1, operator=None)
    desk.quality = replace(desk.quality, rules=replace(RULES, operator="t.scan"))
    desk.quality.count(desk.silke, batch_id, desk.version())
    for who in (desk.silke, desk.timo):
        assert not desk.quality.batch(who, batch_id).may_check


def test_nobody_who_scanned_a_part_of_a_batch_checks_it(desk: Desk):
    def arrive(number: int, operator: str) -> None:
        arrival = Arrival(
            key=f"part-{number}",
            channel="scanner",
            batch="inbox",
            name=f"{number}.pdf",
            sha256=desk.authority.store.put(f"part {number}".encode()),
            size=1,
            received=desk.authority.clock.today(),
            run=ScannerRun(operator=operator, sheets=1),
        )
        receive(desk.authority.database, arrival)

    for number, operator in enumerate(("t.scan", "t.scan", "s.scan")):
        arrive(number, operator)
    batch = desk.batch()
    assert (batch.operator, batch.sheets_reported) == ("t.scan; s.scan", 3)
    for who in (desk.silke, desk.timo):
        assert not desk.quality.batch(who, batch.id).may_check


def test_paper_of_a_page_that_belongs_elsewhere_waits_for_its_place(desk: Desk):
    letter = desk.authority.letter("kontoauszug", MUELLER, pages=3)
    pages = PageDesk(desk.authority, "m.petersen", letter)
    pages.do("remove", 2, reason=Removal.BLANK)
    pages.do("remove", 3, reason=Removal.ELSEWHERE)
    batch_id = desk.scanned(sheets=3)
    desk.quality.count(desk.timo, batch_id, desk.version())
    desk.check_all(batch_id)
    with pytest.raises(Conflict, match="1 Seiten gehören woanders hin"):
        desk.release(batch_id)
    with desk.authority.database.read() as session:
        (row,) = release_rows(session, desk.timo, batch_id, RULES)
        assert Proof(session).misplaced(desk.timo, batch_id) == 1
        assert Proof(session).misplaced(pages.reader, batch_id) == 0
    assert row.pages == (1, 2)
    pages.do("restore", 3)
    view = desk.quality.release_list(desk.timo, batch_id, desk.release(batch_id))
    assert [row.pages for row in view.rows] == [(1, 2, 3)]


def test_pages_that_come_later_are_counted_checked_and_listed_by_themselves(desk: Desk):
    batch_id = desk.ready("kontoauszug")
    first = desk.listed(batch_id, desk.release(batch_id))
    (second,) = desk.letters("lohnabrechnung")
    assert not desk.quality.batch(desk.timo, batch_id).counted
    with pytest.raises(Conflict, match="noch nicht gezählt"):
        desk.release(batch_id)
    desk.scanned(sheets=2)
    desk.quality.count(desk.timo, batch_id, desk.version())
    desk.check_all(batch_id)
    assert desk.listed(batch_id, desk.release(batch_id)) == [second]
    assert second not in first


def test_the_scan_centre_sees_a_page_only_while_it_checks_it(desk: Desk):
    desk.letters("kontoauszug")
    batch_id = desk.scanned(sheets=1)
    with desk.authority.database.read() as session:
        page_id = session.scalars(select(Page.id)).one()
    with pytest.raises(NotFound):
        desk.quality.image(desk.timo, batch_id, page_id)
    desk.quality.count(desk.timo, batch_id, desk.version())
    desk.quality.image(desk.timo, batch_id, page_id)
    desk.check_all(batch_id)
    with pytest.raises(NotFound):
        desk.quality.image(desk.timo, batch_id, page_id)


def test_nobody_checks_a_page_of_a_file_that_is_shut_to_them(desk: Desk):
    desk.authority.register(
        {
            "caseworkers": [
                {"login": "j.hansen", "name": "Jens Hansen", "roles": ["scan"], "teams": []}
            ]
        }
    )
    jens = desk.authority.reader("j.hansen")
    (letter,) = desk.letters("kontoauszug", file=COLLEAGUE)
    batch_id = desk.scanned(sheets=1)
    desk.quality.count(desk.timo, batch_id, desk.version())
    (page_id,) = desk.drawn(batch_id)
    assert desk.quality.batch(jens, batch_id).pages[0].shut
    with pytest.raises(NotFound):
        desk.quality.image(jens, batch_id, page_id)
    with pytest.raises(NotFound):
        desk.quality.mark(jens, batch_id, page_id, good=True)
    desk.bad_scans.report(desk.authority.reader("m.petersen"), letter, 1, "unscharf")
    (report,) = desk.bad_scans.waiting(jens)
    assert report.shut
    with pytest.raises(NotFound):
        desk.bad_scans.image(jens, report.id)


def test_a_reported_page_is_seen_at_the_scan_centre_until_it_is_done(desk: Desk):
    maike = desk.authority.reader("m.petersen")
    (letter,) = desk.letters("kontoauszug")
    desk.bad_scans.report(maike, letter, 1, "Unten abgeschnitten")
    with pytest.raises(Conflict, match="schon gemeldet"):
        desk.bad_scans.report(maike, letter, 1, "noch einmal")
    (report,) = desk.bad_scans.waiting(desk.silke)
    assert (report.file, report.source_page, report.reported_by) == (
        "brief-1.pdf",
        1,
        "Maike Petersen",
    )
    assert desk.bad_scans.image(desk.silke, report.id).data == b"preview 1"
    with pytest.raises(NotFound):  # the document itself stays closed
        desk.authority.documents.open(desk.silke, letter)
    desk.authority.clock.forward(minutes=1)
    rescan = desk.authority.document(desk.authority.letter("kontoauszug", MUELLER)).source_id
    desk.bad_scans.close(desk.silke, report.id, outcome="", rescan_id=rescan)
    with pytest.raises(NotFound):
        desk.bad_scans.image(desk.silke, report.id)
    with pytest.raises(Conflict):
        desk.bad_scans.close(desk.silke, report.id, outcome="noch einmal")
    (told,) = desk.bad_scans.of_document(maike, letter)
    assert (told.outcome, told.rescan_id) == ("Neu gescannt.", rescan)
    actions = [action for _, action, _ in desk.authority.trail_of(letter)]
    assert actions[-3:] == ["document.bad_scan", "document.refused", "document.bad_scan_closed"]


def test_a_scan_from_before_the_report_is_no_rescan(desk: Desk):
    maike = desk.authority.reader("m.petersen")
    (letter,) = desk.letters("kontoauszug")
    desk.authority.clock.forward(minutes=1)
    desk.bad_scans.report(maike, letter, 1, "unscharf")
    (report,) = desk.bad_scans.waiting(desk.silke)
    old = desk.authority.document(letter).source_id
    with pytest.raises(EakteError, match="kein neuer Scan"):
        desk.bad_scans.close(desk.silke, report.id, outcome="", rescan_id=old)


def test_who_may_not_open_a_document_neither_reports_it_nor_decides_about_its_paper(desk: Desk):
    (letter,) = desk.letters("kontoauszug")
    stranger = desk.authority.reader("i.clausen")
    for ask in (
        lambda: desk.bad_scans.report(stranger, letter, 1, "x"),
        lambda: desk.bad_scans.of_document(stranger, letter),
        lambda: desk.paper.of_document(stranger, letter),
        lambda: desk.paper.decide(stranger, letter, PaperFate.RETURN),
    ):
        with pytest.raises(NotFound):
            ask()
    assert ("i.clausen", "document.refused", None) in desk.authority.trail_of(letter)


def test_the_note_of_a_scan_grows_with_what_happens_to_it(desk: Desk):
    batch_id = desk.ready("kontoauszug")
    (letter,) = desk.listed(batch_id, desk.release(batch_id))
    first, checked, released = desk.notes(letter)
    assert first.creator == "nicht angegeben"
    assert ("Texterkennung", "tesserocr") in first.environment
    assert [one.code for one in first.anomalies] == ["no_count"]
    assert "Sichtprüfung: steht noch aus" in first.quality
    assert first.quality[0] == "Vollständigkeit: 1 von 1 Seiten der Datei (1 beschrieben)"
    assert "Blattzahl des Stapels: 1 gezählt, 1 Seiten" in checked.quality
    assert any("1 von 1 gezogenen Seiten des Stapels gut" in one for one in checked.quality)
    assert checked.quality[-1] == "Danach: die Sichtprüfung wurde abgeschlossen"
    assert released.quality[-2:] == (
        "Danach: die Sichtprüfung wurde abgeschlossen",
        "Danach: das Papier wurde zur Vernichtung freigegeben",
    )
    assert [first.number, checked.number, released.number] == [1, 2, 3]


def test_the_same_event_twice_in_a_row_makes_one_note(desk: Desk):
    (letter,) = desk.letters("kontoauszug")
    source, now = desk.authority.document(letter).source_id, desk.authority.clock.now()
    with desk.authority.database.write() as session:
        for event in ("gedreht", "gedreht", "geteilt", "gedreht"):
            note_again(session, STEP, [source], event, now)
    assert [note.quality[-1] for note in desk.notes(letter)[1:]] == [
        "Danach: gedreht",
        "Danach: geteilt",
        "Danach: gedreht",
    ]


def test_the_first_note_says_the_same_when_the_step_runs_again(desk: Desk):
    desk.letters("kontoauszug")
    desk.scanned(sheets=1)
    with desk.authority.database.write() as session:
        source = session.scalars(select(Source)).one()
        notes = [first_note(session, source, Surroundings()) for _ in range(2)]
        assert notes[0] == notes[1]
        assert notes[0] is not None
        assert notes[0].creator == "s.scan"
        keep_first(session, STEP, source.id, notes[0], desk.authority.clock.now())
        assert len(session.scalars(select(TransferNoteRow)).all()) == 1
        source.form, source.channel = "mail", "mail"
        assert first_note(session, source, Surroundings()) is None


@pytest.mark.parametrize("why", ["report", "keep", "deed"])
def test_what_must_stay_after_all_is_taken_off_the_signed_list_before_its_day(desk: Desk, why: str):
    batch_id = desk.ready("kontoauszug", "lohnabrechnung")
    release = desk.release(batch_id)
    letter, other = desk.listed(batch_id, release)
    signed = desk.quality.release_list(desk.timo, batch_id, release)
    maike = desk.authority.reader("m.petersen")
    if why == "report":
        desk.bad_scans.report(maike, letter, 1, "nicht lesbar")
    elif why == "keep":
        desk.paper.decide(maike, letter, PaperFate.KEEP, "Tresor")
    else:
        entry = desk.authority.entry(letter, "m.petersen")
        desk.authority.postboxes.file(maike, entry.id, entry.version, "vollmacht_betreuung")
    view = desk.quality.release_list(desk.timo, batch_id, release)
    assert list(view.withdrawn) == [letter]
    assert (view.rows, view.sha256) == (signed.rows, signed.sha256)
    lines = view.csv.decode("utf-8-sig").splitlines()
    assert [other in line for line in lines if "NICHT VERNICHTEN" in line] == [False]
    last = desk.quality.batch(desk.timo, batch_id).decisions[-1]
    assert (last.kind, last.details["document"]) == ("withdrawn", letter)
    assert desk.authority.trail_of(batch_id)[-1][:2] == ("m.petersen", "batch.withdrawn")


def test_nothing_is_taken_off_the_list_once_its_day_has_come(desk: Desk):
    batch_id = desk.ready("kontoauszug")
    (letter,) = desk.listed(batch_id, desk.release(batch_id))
    desk.authority.clock.set_day("2027-02-19")
    with pytest.raises(Conflict, match="schon freigegeben"):
        desk.paper.decide(desk.authority.reader("m.petersen"), letter, PaperFate.KEEP, "Tresor")


def read_again_as(desk: Desk, document_id: str, schlagwort: str) -> None:
    """„Fertig“ at the page desk, after which the rules find ``schlagwort``."""
    authority = desk.authority
    found = SchlagwortFinding(schlagwort=schlagwort, score=0.9, pages=(1,), evidence=())
    rules = RulesInUse(
        version=1,
        schlagworte=authority.words,
        classify=lambda _: (found,),
        closed_post=lambda _: None,
    )
    tools = SimpleNamespace(
        database=authority.database,
        rules=lambda: rules,
        schlagworte=rules.schlagworte,
        closed_post=rules.closed_post,
        threshold=0.5,
        facts=lambda *_, **__: (),
    )
    with authority.database.write() as session:
        session.get_one(Document, document_id).state = "cut"
        classify(session, cast("Tools", tools), document_id)


@pytest.mark.parametrize("who", ["rules", "clearing desk", "person"])
def test_a_part_of_a_released_letter_that_must_stay_takes_the_letter_off_the_list(
    desk: Desk, who: str
):
    letter = desk.authority.letter("kontoauszug", MUELLER, pages=2)
    batch_id = desk.scanned(sheets=2)
    desk.quality.count(desk.timo, batch_id, desk.version())
    desk.check_all(batch_id)
    release = desk.release(batch_id)
    pages = PageDesk(desk.authority, "m.petersen", letter)
    pages.do("split", 2)
    part = pages.row(1).document_id
    if who == "rules":
        read_again_as(desk, part, "vollmacht_betreuung")
    elif who == "person":
        desk.paper.decide(pages.reader, part, PaperFate.KEEP, "Tresor")
    else:
        entry = desk.authority.entry(part, "m.petersen")
        desk.authority.postboxes.to_clearing(pages.reader, entry.id, entry.version, "Urkunde?")
        waiting = desk.authority.document(part)
        desk.authority.clearing.assign(
            desk.silke,
            part,
            waiting.version,
            schlagwort="vollmacht_betreuung",
            aktenzeichen=MUELLER,
        )
    assert list(desk.quality.release_list(desk.timo, batch_id, release).withdrawn) == [letter]


@pytest.mark.parametrize(("why", "action"), [("person", "merge"), ("deed", "move")])
def test_released_paper_that_comes_to_paper_that_stays_is_taken_off_the_list(
    desk: Desk, why: str, action: str
):
    pages, goes, kept = in_two(desk)
    if why == "person":
        desk.paper.decide(pages.reader, kept, PaperFate.KEEP, "Tresor 3")
    else:
        with desk.authority.database.write() as session:
            deed = session.get_one(Document, kept)
            DocumentRows(session).set_schlagworte(deed, [("vollmacht_betreuung", ())], "m.petersen")
    batch_id = desk.scanned(sheets=2)
    desk.quality.count(desk.timo, batch_id, desk.version())
    desk.check_all(batch_id)
    release = desk.release(batch_id)
    assert desk.listed(batch_id, release) == [goes]
    pages.look()
    if action == "merge":
        pages.do("merge", 2)
    else:
        pages.do("move", 1, target=kept, before=None)
    view = desk.quality.release_list(desk.timo, batch_id, release)
    assert view.withdrawn == {goes: CAME_TOGETHER}
    assert desk.paper.of_document(pages.reader, pages.document_id).fate is PaperFate.KEEP
