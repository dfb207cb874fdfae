"""The stack desk on both databases: proposals answered, own cuts, and who was quicker."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from eakte.errors import Conflict, NotFound, NotPermitted
from eakte.models import CutProposal, Source
from eakte.repositories.documents import Documents
from tests.authority import STEP, Authority


@pytest.fixture
def stack(authority: Authority) -> str:
    """A stack of six pages with cuts proposed before the third and the fifth."""
    source_id = authority.source(pages=6)
    with authority.database.write() as session:
        session.get_one(Source, source_id).state = "waiting"
        session.add_all(
            CutProposal(
                source_id=source_id,
                before=before,
                score=score,
                reasons=[{"code": "salutation", "words": "Anrede „Sehr geehrte“"}],
                state="proposed",
            )
            for before, score in ((3, 0.6), (5, 0.4))
        )
    return source_id


def cuts(authority: Authority, source_id: str) -> dict[int, tuple[str, str | None]]:
    with authority.database.read() as session:
        rows = session.scalars(select(CutProposal).where(CutProposal.source_id == source_id))
        return {row.before: (row.state, row.decided_by) for row in rows}


def test_a_waiting_stack_is_listed_and_shows_its_proposals(authority: Authority, stack: str):
    scan = authority.reader("s.scan")
    (row,) = authority.stack_desk.waiting(scan)
    assert (row.source_id, row.pages, row.open) == (stack, 6, 2)
    view = authority.stack_desk.open(scan, stack)
    assert [(page.number, page.proposal) for page in view.pages if page.proposal] == [
        (3, 0.6),
        (5, 0.4),
    ]
    assert view.pages[2].reasons == ("Anrede „Sehr geehrte“",)
    assert ("s.scan", "source.open", None) in authority.trail_of(stack)


def test_answers_and_own_cuts_go_become_documents(authority: Authority, stack: str):
    scan = authority.reader("s.scan")
    assert authority.stack_desk.decide(scan, stack, {3: True, 5: False, 6: True}) == 3
    assert cuts(authority, stack) == {
        3: ("made", "s.scan"),
        5: ("refused", "s.scan"),
        6: ("made", "s.scan"),
    }
    assert authority.source_row(stack).state == "cut"
    with authority.database.read() as session:
        made = Documents(session).of_source(STEP, stack)
        kept = Documents(session).page_counts(STEP, [one.id for one in made])
    assert {one.state for one in made} == {"cut"}
    assert sorted(kept.values()) == [1, 2, 3]
    assert ("s.scan", "source.decide_cuts", None) in authority.trail_of(stack)
    assert authority.stack_desk.waiting(scan) == ()


def test_open_proposals_are_asked_for_unless_all_are_accepted(authority: Authority, stack: str):
    scan = authority.reader("s.scan")
    with pytest.raises(NotPermitted, match="Zu 1 Vorschlägen"):
        authority.stack_desk.decide(scan, stack, {3: False})
    assert authority.source_row(stack).state == "waiting"
    assert authority.stack_desk.decide(scan, stack, {3: False}, accept_rest=True) == 2
    assert cuts(authority, stack) == {3: ("refused", "s.scan"), 5: ("made", "s.scan")}


@pytest.mark.parametrize("before", [1, 7, 0])
def test_a_cut_stands_between_two_pages(authority: Authority, stack: str, before: int):
    with pytest.raises(NotFound):
        authority.stack_desk.decide(
            authority.reader("s.scan"), stack, {before: True}, accept_rest=True
        )


def test_who_comes_second_learns_who_was_first(authority: Authority, stack: str):
    scan = authority.reader("s.scan")
    authority.stack_desk.decide(scan, stack, {}, accept_rest=True)
    with pytest.raises(Conflict, match="Silke Scan hat den Stapel schon getrennt"):
        authority.stack_desk.open(scan, stack)


def test_the_desk_is_closed_to_everybody_else(authority: Authority, stack: str):
    for login in ("m.petersen", "a.lead", "r.legal", "x.admin"):
        reader = authority.reader(login)
        with pytest.raises(NotPermitted):
            authority.stack_desk.waiting(reader)
        with pytest.raises(NotPermitted):
            authority.stack_desk.open(reader, stack)
        with pytest.raises(NotPermitted):
            authority.stack_desk.decide(reader, stack, {}, accept_rest=True)


def test_pictures_are_shown_only_while_the_stack_waits(authority: Authority, stack: str):
    scan = authority.reader("s.scan")
    page = authority.stack_desk.open(scan, stack).pages[0].page_id
    assert authority.stack_desk.image(scan, stack, page).data == b"preview 1"
    with pytest.raises(NotFound):
        authority.stack_desk.image(authority.reader("m.petersen"), stack, page)
    authority.stack_desk.decide(scan, stack, {}, accept_rest=True)
    with pytest.raises(NotFound):
        authority.stack_desk.image(scan, stack, page)
