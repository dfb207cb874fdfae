"""The page desk on both databases: what each action does, who may, and that no page is lost."""

from __future__ import annotations

import io
from collections import Counter
from contextlib import suppress

import pikepdf
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from eakte.domain.page_lists import Removal, kept
from eakte.domain.rights import Reader
from eakte.errors import Conflict, NotFound, NotPermitted
from eakte.models import Document, DocumentPage, FindingRow, IndexOutbox, Page, PostboxEntry
from eakte.repositories import codec
from eakte.repositories.documents import Documents
from eakte.repositories.page_lists import PageLists
from eakte.services.page_desk import Pick
from eakte.services.page_desk_views import DeskRow, PageDeskView
from eakte.services.routing import Receiver
from tests.authority import STEP, Authority
from tests.small_authority import MUELLER, SCHMIDT

SHEETS = st.sets(st.integers(1, 7), min_size=1, max_size=3)


class Desk:
    """One reader at the desk, who names pages by their number in the source."""

    def __init__(self, authority: Authority, login: str, document_id: str) -> None:
        self.authority = authority
        self.reader: Reader = authority.reader(login)
        self.document_id = document_id
        self.service = authority.page_desk
        self.look()

    def look(self) -> PageDeskView:
        self.view = self.service.open(self.reader, self.document_id)
        return self.view

    def pick(self, *numbers: int) -> Pick:
        ids = {page.source_page: page.page_id for row in self.view.rows for page in row.pages}
        return Pick(
            document_id=self.document_id,
            pages=tuple(ids[number] for number in numbers),
            seen={row.document_id: row.version for row in self.view.rows},
        )

    def do(self, action: str, *numbers: int, **more: object) -> None:
        done = getattr(self.service, action)(self.reader, self.pick(*numbers), **more)
        self.document_id = done.document_id
        self.look()

    def undo(self) -> None:
        assert self.view.undo is not None
        self.service.undo(self.reader, self.document_id, self.view.undo.change_id)
        self.look()

    def redo(self) -> None:
        assert self.view.redo is not None
        self.service.redo(self.reader, self.document_id, self.view.redo.change_id)
        self.look()

    @property
    def rows(self) -> list[list[int]]:
        """The kept pages of every row, by their numbers in the source."""
        return [[page.source_page for page in row.pages if page.number] for row in self.view.rows]

    def row(self, number: int) -> DeskRow:
        return self.view.rows[number]


@pytest.fixture
def desk(authority: Authority) -> Desk:
    """The scan centre before a letter of six pages that waits for clearing."""
    return Desk(
        authority, "s.scan", authority.letter("sonstiges", MUELLER, state="clearing", pages=6)
    )


@pytest.fixture
def post(authority: Authority) -> Desk:
    """A caseworker before a letter of four pages in her postbox."""
    return Desk(authority, "m.petersen", authority.letter("kontoauszug", MUELLER, pages=4))


def test_a_document_is_split_before_every_chosen_page(desk: Desk):
    desk.do("split", 3, 5)
    assert desk.rows == [[1, 2], [3, 4], [5, 6]]
    assert [desk.row(at).state for at in range(3)] == ["clearing"] * 3
    for row in desk.view.rows:
        task, copies = desk.authority.receivers(row.document_id)
        assert (task, copies) == ("clearing", [])


def test_nothing_can_be_split_off_before_the_first_page(desk: Desk):
    with pytest.raises(NotPermitted, match="Vor der ersten Seite"):
        desk.do("split", 1)


def test_a_row_is_merged_with_the_one_above_and_leaves_the_desk(desk: Desk):
    desk.do("split", 3, 5)
    gone = desk.row(1).document_id
    desk.do("merge", 3)
    assert desk.rows == [[1, 2, 3, 4], [5, 6]]
    row = desk.authority.document(gone)
    assert (row.state, row.merged_into) == ("merged", desk.row(0).document_id)
    assert all(entry.done_how == "merged" for entry in desk.authority.entries(gone))


def test_several_rows_are_merged_into_the_uppermost(desk: Desk):
    desk.do("split", 2, 4, 6)
    desk.do("merge", 2, 5, 6)
    assert desk.rows == [[1], [2, 3, 4, 5, 6]]


def test_the_first_row_has_none_above(desk: Desk):
    with pytest.raises(NotPermitted, match="Über dem ersten"):
        desk.do("merge", 1)


def test_pages_turn_both_ways(desk: Desk):
    desk.do("turn", 2, 3, degrees=90)
    desk.do("turn", 3, degrees=-180)
    assert [page.turn for page in desk.row(0).pages] == [0, 90, 270, 0, 0, 0]


def test_a_removed_page_stays_visible_at_the_end_and_comes_back_to_its_place(desk: Desk):
    desk.do("remove", 2, reason=Removal.DUPLICATE)
    assert desk.rows == [[1, 3, 4, 5, 6]]
    last = desk.row(0).pages[-1]
    assert (last.source_page, last.number, last.removed) == (2, None, Removal.DUPLICATE)
    desk.do("restore", 2)
    assert desk.rows == [[1, 2, 3, 4, 5, 6]]


def test_the_last_page_cannot_be_removed(desk: Desk):
    desk.do("split", 2)
    with pytest.raises(NotPermitted, match="letzte Seite"):
        desk.do("remove", 1, reason=Removal.BLANK)


def test_pages_step_on_and_back_and_stop_at_the_ends(desk: Desk):
    desk.do("step", 1, 2, forward=1)
    assert desk.rows == [[3, 1, 2, 4, 5, 6]]
    desk.do("step", 5, 6, forward=1)
    assert desk.rows == [[3, 1, 2, 4, 5, 6]]
    desk.do("step", 6, forward=-1)
    assert desk.rows == [[3, 1, 2, 4, 6, 5]]


def test_a_page_moves_into_another_document(desk: Desk):
    desk.do("split", 4)
    lower = desk.row(1)
    desk.do("move", 2, target=lower.document_id, before=lower.pages[1].page_id)
    assert desk.rows == [[1, 3], [4, 2, 5, 6]]
    desk.do("move", 1, 3, target=lower.document_id, before=None)
    assert desk.rows == [[4, 2, 5, 6, 1, 3]]


def test_a_document_whose_kept_pages_all_leave_gives_its_removed_ones_along(desk: Desk):
    desk.do("split", 3)
    desk.do("remove", 2, reason=Removal.BLANK)
    desk.do("move", 1, target=desk.row(1).document_id, before=None)
    assert desk.rows == [[3, 4, 5, 6, 1]]
    assert [page.source_page for page in desk.row(0).pages if page.removed] == [2]


def test_undo_and_redo_walk_back_and_forth_through_all_changes(desk: Desk):
    seen = [desk.rows]
    desk.do("split", 3)
    seen.append(desk.rows)
    desk.do("turn", 1, degrees=90)
    seen.append(desk.rows)
    desk.do("merge", 3)
    seen.append(desk.rows)
    for rows in reversed(seen[:-1]):
        desk.undo()
        assert desk.rows == rows
    assert desk.view.undo is None
    for rows in seen[1:]:
        desk.redo()
        assert desk.rows == rows
    assert desk.view.redo is None
    desk.undo()
    desk.do("remove", 6, reason=Removal.BLANK)
    assert desk.view.redo is None


def test_an_undone_split_closes_the_new_document_and_a_redo_opens_it_again(desk: Desk):
    desk.do("split", 3)
    new = desk.row(1).document_id
    desk.undo()
    assert desk.authority.document(new).state == "merged"
    desk.redo()
    assert desk.authority.document(new).state == "clearing"
    assert desk.authority.receivers(new) == ("clearing", [])


def test_an_undone_merge_puts_the_document_back_into_its_postbox(post: Desk):
    post.do("split", 3)
    lower = post.row(1).document_id
    post.do("merge", 3)
    assert [entry.done_how for entry in post.authority.entries(lower)] == ["merged"]
    post.undo()
    assert post.authority.document(lower).state == "delivered"
    assert post.authority.receivers(lower) == ("m.petersen", [])


def test_a_merge_hands_copies_urgency_and_labels_on_and_an_undo_gives_them_back(
    authority: Authority, post: Desk
):
    post.do("split", 3)
    upper, lower = post.row(0).document_id, post.row(1).document_id
    with authority.database.write() as session:
        document = session.get_one(Document, lower)
        Documents(session).set_schlagworte(document, [("widerspruch", ())], "m.petersen")
        (task,) = session.scalars(select(PostboxEntry).where(PostboxEntry.document_id == lower))
        task.urgent = True
        copy = Receiver(postbox="k.thomsen", login="k.thomsen", rule="test")
        authority.delivery(session).deliver(STEP, document, None, [copy], round_key="test")

    def state(document_id: str) -> tuple[list[str], bool, list[str]]:
        task, copies = authority.receivers(document_id)
        urgent = authority.entry(document_id, task).urgent
        with authority.database.read() as session:
            rows = Documents(session).schlagworte(STEP, document_id)
            return copies, urgent, [row.schlagwort for row in rows]

    before = state(upper), state(lower)
    assert before == (([], False, ["kontoauszug"]), (["k.thomsen"], True, ["widerspruch"]))
    post.look()
    post.do("merge", 3)
    merged = (["k.thomsen"], True, ["kontoauszug", "widerspruch"])
    assert state(upper) == merged
    post.undo()
    assert (state(upper), state(lower)) == before
    post.redo()
    assert state(upper) == merged
    post.undo()
    assert (state(upper), state(lower)) == before


def test_an_old_version_of_a_list_is_never_replaced(desk: Desk):
    desk.do("remove", 2, reason=Removal.BLANK)
    desk.do("turn", 3, degrees=90)
    desk.undo()
    with desk.authority.database.read() as session:
        lists = PageLists(session)
        counts = [len(kept(lists.at(STEP, desk.document_id, number))) for number in range(1, 5)]
    assert counts == [6, 5, 5, 5]


def test_a_stale_version_is_a_conflict_that_says_who_did_what(authority: Authority, post: Desk):
    other = Desk(authority, "a.lead", post.document_id)
    other.do("turn", 1, degrees=90)
    with pytest.raises(Conflict, match=r"Anke Lead .* \(Seiten gedreht\)"):
        post.do("remove", 2, reason=Removal.BLANK)


def test_what_was_filed_meanwhile_is_a_conflict_too(authority: Authority, post: Desk):
    entry = authority.entry(post.document_id, "m.petersen")
    lead = authority.reader("a.lead")
    authority.postboxes.file(lead, entry.id, entry.version, "kontoauszug")
    with pytest.raises(Conflict, match=r"Anke Lead .* \(zu den Akten\)"):
        post.do("turn", 1, degrees=90)


def test_a_change_that_is_not_the_last_any_more_cannot_be_undone(authority: Authority, post: Desk):
    post.do("turn", 1, degrees=90)
    Desk(authority, "a.lead", post.document_id).do("turn", 1, degrees=90)
    with pytest.raises(Conflict, match="Anke Lead"):
        post.undo()


def test_a_change_is_not_undone_once_one_of_its_documents_went_on(authority: Authority, post: Desk):
    post.do("split", 3)
    entry = authority.entry(post.row(1).document_id, "m.petersen")
    authority.postboxes.forward(post.reader, entry.id, entry.version, "j.hansen", "gehört zu dir")
    post.look()
    assert post.rows == [[1, 2]]
    assert post.view.undo is None


def test_an_undo_does_not_lead_across_an_assignment_to_another_file(
    authority: Authority, post: Desk
):
    upper = post.document_id
    post.do("split", 3)
    lower = post.row(1).document_id
    post.do("merge", 3)
    assert post.view.undo is not None
    merge = post.view.undo.change_id
    entry = authority.entry(upper, "m.petersen")
    authority.postboxes.to_clearing(post.reader, entry.id, entry.version, "gehört zu Schmidt")
    authority.clearing.assign(
        authority.reader("s.scan"),
        upper,
        authority.document(upper).version,
        schlagwort="kontoauszug",
        aktenzeichen=SCHMIDT,
    )
    assert authority.receivers(upper) == ("j.hansen", [])
    other = Desk(authority, "j.hansen", upper)
    assert other.view.undo is None
    with pytest.raises(Conflict, match=r"Silke Scan .* \(zugeordnet\)"):
        other.service.undo(other.reader, upper, merge)
    assert authority.document(lower).state == "merged"
    assert other.rows == [[1, 2, 3, 4]]


# --- who may -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("login", "error"),
    [
        ("j.hansen", NotPermitted),  # may open it, has no task with it
        ("r.legal", NotPermitted),
        ("i.clausen", NotFound),
        ("s.scan", NotFound),  # delivered: no longer the scan centre's
        ("x.admin", NotFound),
    ],
)
def test_only_who_has_the_task_orders_the_pages(
    authority: Authority, post: Desk, login: str, error: type[Exception]
):
    with pytest.raises(error):
        Desk(authority, login, post.document_id)


def test_a_copy_gives_no_right_to_order_pages(authority: Authority):
    letter = authority.letter("arbeitsaufnahme", MUELLER, pages=2)
    assert authority.receivers(letter)[1] == ["m.petersen"]
    with pytest.raises(NotPermitted):
        Desk(authority, "m.petersen", letter)


def test_what_is_filed_has_to_be_taken_up_first(authority: Authority, post: Desk):
    entry = authority.entry(post.document_id, "m.petersen")
    authority.postboxes.file(post.reader, entry.id, entry.version, "kontoauszug")
    with pytest.raises(NotPermitted, match="im Postkorb"):
        post.look()
    version = authority.document(post.document_id).version
    authority.postboxes.take_up(post.reader, post.document_id, version)
    assert post.look().rows[0].kept == 4


def test_a_deputy_orders_pages_and_the_trail_says_for_whom(authority: Authority, post: Desk):
    authority.away("m.petersen", "2026-11-20")
    Desk(authority, "j.hansen", post.document_id).do("turn", 1, degrees=90)
    assert ("j.hansen", "document.turn", "m.petersen") in authority.trail_of(post.document_id)


def test_documents_of_different_case_files_are_never_merged(authority: Authority, post: Desk):
    post.do("split", 3)
    lower = post.row(1).document_id
    with authority.database.write() as session:
        rows = Documents(session)
        document = rows.get(STEP, lower, lock=True)
        assert document is not None
        cover = authority.cover(session, SCHMIDT)
        rows.set_filing(document, (cover.id, "leistung", None), (), authority.clock.now())
        document.score = 0.5
    post.look()
    with pytest.raises(NotPermitted, match="nicht in derselben Akte"):
        post.do("merge", 3)
    with pytest.raises(NotPermitted, match="nicht in derselben Akte"):
        post.undo()


def test_pages_of_a_closed_sub_file_do_not_wander_into_an_open_one(
    authority: Authority, post: Desk
):
    post.do("split", 3)
    with authority.database.write() as session:
        rows = Documents(session)
        document = rows.get(STEP, post.row(1).document_id, lock=True)
        assert document is not None
        cover = authority.cover(session, MUELLER)
        rows.set_filing(document, (cover.id, "medizin", None), (), authority.clock.now())
        document.score = 0.5
    post.look()
    with pytest.raises(NotPermitted, match="geschlossenen Teilakte"):
        post.do("merge", 3)


def test_a_refused_look_stands_in_the_trail(authority: Authority, post: Desk):
    with pytest.raises(NotFound):
        Desk(authority, "i.clausen", post.document_id)
    assert ("i.clausen", "document.refused", None) in authority.trail_of(post.document_id)


def test_looking_leaves_one_trace_a_day(authority: Authority, post: Desk):
    post.look()
    opened = ("m.petersen", "document.open", None)
    assert authority.trail_of(post.document_id).count(opened) == 1


# --- what follows --------------------------------------------------------------------------------


def test_every_touched_document_has_its_audit_row_and_goes_to_the_index(post: Desk):
    with post.authority.database.write() as session:
        session.query(IndexOutbox).delete()
    post.do("split", 3)
    ids = {row.document_id for row in post.view.rows}
    for one in ids:
        assert ("m.petersen", "document.split", None) in post.authority.trail_of(one)
    with post.authority.database.read() as session:
        assert set(session.scalars(select(IndexOutbox.document_id))) == ids


def test_a_part_stands_where_the_whole_stood(post: Desk):
    post.do("split", 3)
    upper, lower = post.view.rows
    assert (lower.title, lower.aktenzeichen, lower.people) == (
        upper.title,
        upper.aktenzeichen,
        upper.people,
    )
    found = post.authority.case_files.open(post.reader, MUELLER)
    assert {one.id for one in found.documents} == {upper.document_id, lower.document_id}


def test_the_archive_copy_of_a_part_holds_its_pages_and_no_others(post: Desk):
    def sheets(document_id: str) -> list[tuple[int, int]]:
        data, _ = post.authority.archive_copies.of_document(post.reader, document_id)
        with pikepdf.open(io.BytesIO(data)) as pdf:
            return [
                (int(page.mediabox[2]) - 200, int(page.get("/Rotate", 0))) for page in pdf.pages
            ]

    whole = sheets(post.document_id)
    assert whole == [(number, 0) for number in range(1, len(whole) + 1)]
    post.do("split", 3)
    post.do("turn", 4, degrees=90)
    post.do("remove", 1, reason=Removal.DUPLICATE)
    upper, lower = post.view.rows
    assert sheets(upper.document_id) == [(2, 0)]
    assert sheets(lower.document_id) == [(3, 0), (4, 90), *((n, 0) for n, _ in whole[4:])]
    post.undo()
    post.undo()
    post.undo()
    assert sheets(post.document_id) == whole


def test_a_merged_document_leaves_its_case_file_until_an_undo(post: Desk):
    post.do("split", 3)
    post.do("merge", 3)
    assert len(post.authority.case_files.open(post.reader, MUELLER).documents) == 1
    post.undo()
    assert len(post.authority.case_files.open(post.reader, MUELLER).documents) == 2


def test_evidence_follows_its_page_and_returns_with_an_undo(post: Desk):
    with post.authority.database.write() as session:
        (row,) = session.scalars(
            select(FindingRow).where(
                FindingRow.document_id == post.document_id, FindingRow.kind == "schlagwort"
            )
        )
        row.payload = {
            **row.payload,
            "pages": [2, 4],
            "evidence": [{"rule": "x", "page": page, "words": "w", "boxes": []} for page in (2, 4)],
        }

    def evidence() -> tuple[list[int], tuple[int, ...]]:
        (finding,) = post.authority.documents.open(post.reader, post.document_id).findings
        return [one.page for one in finding.evidence], finding.pages

    post.do("remove", 1, 2, reason=Removal.DUPLICATE)
    assert evidence() == ([2], (2,))
    post.undo()
    assert evidence() == ([2, 4], (2, 4))


def test_what_the_machine_still_worked_on_waits_at_the_desk_from_then_on(authority: Authority):
    letter = authority.letter("sonstiges", None, state="classified", pages=2)
    desk = Desk(authority, "s.scan", letter)
    desk.do("turn", 1, degrees=90)
    assert authority.document(letter).state == "classified"
    desk.do("split", 2)
    assert {row.state for row in desk.view.rows} == {"clearing"}
    assert authority.receivers(letter) == ("clearing", [])


def test_finishing_sends_changed_documents_through_the_machine_again(desk: Desk):
    assert desk.view.rereads == 0
    desk.do("turn", 1, degrees=90)
    assert desk.view.rereads == 1  # it will say something else once it is read that way round
    desk.undo()
    assert desk.view.rereads == 0
    desk.do("split", 3)
    assert desk.view.rereads == 2
    assert desk.service.finish(desk.reader, desk.document_id) == 2
    for row in desk.look().rows:
        assert row.state == "cut"
        assert all(entry.done_at for entry in desk.authority.entries(row.document_id))


def test_finishing_leaves_alone_what_a_person_sent_to_the_desk(authority: Authority, post: Desk):
    entry = authority.entry(post.document_id, "m.petersen")
    authority.postboxes.to_clearing(post.reader, entry.id, entry.version, "gehört nicht zu Müller")
    desk = Desk(authority, "s.scan", post.document_id)
    desk.do("split", 3)
    assert desk.view.rereads == 0


def test_finishing_in_a_postbox_sends_on_only_what_was_split_off(post: Desk):
    post.do("split", 3)
    assert post.view.rereads == 1
    lower = post.row(1).document_id
    post.service.finish(post.reader, post.document_id)
    assert post.authority.document(post.document_id).state == "delivered"
    assert post.authority.document(lower).state == "cut"


def test_the_desk_of_a_merged_document_is_that_of_the_one_with_its_pages(desk: Desk):
    desk.do("split", 3)
    lower = desk.row(1).document_id
    desk.do("merge", 3)
    assert desk.service.open(desk.reader, desk.document_id).rows[0].kept == 6
    with desk.authority.database.read() as session:
        assert Documents(session).get(STEP, lower) is not None


def test_the_check_finds_a_page_that_stands_in_two_documents(desk: Desk):
    desk.do("split", 3)
    assert list(desk.authority.checking.run()) == []
    upper, lower = (desk.authority.document(row.document_id) for row in desk.view.rows)
    with desk.authority.database.write() as session:
        page = session.scalars(
            select(DocumentPage).where(
                DocumentPage.document_id == upper.id, DocumentPage.version == upper.pages_version
            )
        ).first()
        assert page is not None
        session.add(
            DocumentPage(document_id=lower.id, version=1, position=99, page_id=page.page_id)
        )
    found = list(desk.authority.checking.run())
    assert [one.problem for one in found] == ["Die Seite steht in mehreren Dokumenten."]


def test_a_renumbered_finding_keeps_everything_but_numbers():
    payload = {"schlagwort": "x", "score": 1.0, "pages": [1, 2], "chosen": None, "evidence": []}
    assert codec.renumbered(payload, {2: 1}) == {**payload, "pages": [1]}


# --- whatever is done, no page is lost or doubled ----------------------------------------------


def places(authority: Authority) -> Counter[str]:
    """How often every page of every source stands in a present list."""
    with authority.database.read() as session:
        found = Counter(dict.fromkeys(session.scalars(select(Page.id)), 0))
        found.update(
            session.scalars(
                select(DocumentPage.page_id)
                .join(Document, Document.id == DocumentPage.document_id)
                .where(DocumentPage.version == Document.pages_version)
            )
        )
    return found


class DeskMachine(RuleBasedStateMachine):
    """Random work at the desk: every page stands in exactly one list, and undo is exact."""

    authority: Authority  # given by the test below: one database for all runs

    @initialize(pages=st.integers(2, 7))
    def letter(self, pages: int) -> None:
        letter = self.authority.letter("sonstiges", MUELLER, state="clearing", pages=pages)
        self.desk = Desk(self.authority, "s.scan", letter)
        self.sheets = pages
        self.past = [self.shown()]
        self.future: list[object] = []

    def shown(self) -> object:
        return [
            (row.document_id, [(page.page_id, page.turn, page.removed) for page in row.pages])
            for row in self.desk.view.rows
        ]

    def attempt(self, action: str, numbers: set[int], **more: object) -> None:
        before = self.desk.view.undo
        with suppress(NotPermitted):
            self.desk.do(action, *numbers, **more)
        if self.desk.look().undo != before:
            self.past.append(self.shown())
            self.future = []

    def some(self, numbers: set[int]) -> set[int]:
        return {(number - 1) % self.sheets + 1 for number in numbers}

    @rule(numbers=SHEETS)
    def split(self, numbers: set[int]) -> None:
        self.attempt("split", self.some(numbers))

    @rule(numbers=SHEETS)
    def merge(self, numbers: set[int]) -> None:
        self.attempt("merge", self.some(numbers))

    @rule(numbers=SHEETS, degrees=st.sampled_from([-90, 90, 180]))
    def turn(self, numbers: set[int], degrees: int) -> None:
        self.attempt("turn", self.some(numbers), degrees=degrees)

    @rule(numbers=SHEETS, reason=st.sampled_from(Removal))
    def remove(self, numbers: set[int], reason: Removal) -> None:
        self.attempt("remove", self.some(numbers), reason=reason)

    @rule(numbers=SHEETS)
    def restore(self, numbers: set[int]) -> None:
        self.attempt("restore", self.some(numbers))

    @rule(numbers=SHEETS, forward=st.sampled_from([-1, 1]))
    def step(self, numbers: set[int], forward: int) -> None:
        self.attempt("step", self.some(numbers), forward=forward)

    @rule(numbers=SHEETS, row=st.integers(0, 9), place=st.integers(0, 9))
    def move(self, numbers: set[int], row: int, place: int) -> None:
        target = self.desk.view.rows[row % len(self.desk.view.rows)]
        before = [*(page.page_id for page in target.pages), None][place % (len(target.pages) + 1)]
        self.attempt("move", self.some(numbers), target=target.document_id, before=before)

    @rule()
    def undo(self) -> None:
        if self.desk.view.undo is None:
            assert len(self.past) == 1
            return
        self.desk.undo()
        self.future.append(self.past.pop())
        assert self.shown() == self.past[-1]

    @rule()
    def redo(self) -> None:
        if self.desk.view.redo is None:
            assert not self.future
            return
        self.desk.redo()
        self.past.append(self.future.pop())
        assert self.shown() == self.past[-1]

    @invariant()
    def every_page_stands_in_one_place(self) -> None:
        assert set(places(self.authority).values()) <= {1}

    @invariant()
    def every_document_has_a_page_and_one_task(self) -> None:
        for row in self.desk.view.rows if hasattr(self, "desk") else ():
            assert row.kept
            assert self.authority.receivers(row.document_id) == ("clearing", [])


def test_random_work_loses_and_doubles_no_page(authority: Authority):
    machine = type("Machine", (DeskMachine,), {"authority": authority})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=6,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert list(authority.checking.run()) == []
