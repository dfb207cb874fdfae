"""The index outbox and the heartbeats of worker processes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from eakte.domain.ids import new_id
from eakte.repositories.outbox import Heartbeats, Outbox
from tests.authority import MORNING, STEP, Authority
from tests.small_authority import MUELLER

LATER = MORNING + timedelta(minutes=2)


def test_the_outbox_is_emptied_in_its_order(authority: Authority):
    ids = [new_id() for _ in range(3)]
    with authority.database.write() as session:
        Outbox(session).put([*ids, ids[0]], MORNING)
    with authority.database.read() as session:
        rows = Outbox(session).waiting(STEP, 10)
        assert [row.document_id for row in rows] == [*ids, ids[0]]
        assert len(Outbox(session).waiting(STEP, 2)) == 2
        assert Outbox(session).waiting_ids(STEP) == set(ids)
    with authority.database.write() as session:
        Outbox(session).done([rows[0].id, rows[1].id])
    with authority.database.read() as session:
        outbox = Outbox(session)
        assert [outbox.is_waiting(STEP, one) for one in ids] == [True, False, True]


def test_what_is_put_and_undone_together_leaves_no_row(authority: Authority):
    def fail() -> None:
        with authority.database.write() as session:
            Outbox(session).put([new_id()], MORNING)
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with authority.database.read() as session:
        assert Outbox(session).waiting_ids(STEP) == set()


def test_only_what_was_delivered_belongs_into_the_index(authority: Authority):
    delivered = authority.letter("kontoauszug", MUELLER)
    clearing = authority.letter("sonstiges", None, state="clearing")
    authority.letter("kontoauszug", MUELLER, state="routed")
    authority.letter("kontoauszug", MUELLER, state="classified")
    with authority.database.read() as session:
        assert set(Outbox(session).indexable(STEP)) == {delivered, clearing}


def test_a_worker_lives_while_it_beats(authority: Authority):
    with authority.database.write() as session:
        beats = Heartbeats(session)
        beats.beat("one", MORNING)
        beats.beat("two", MORNING)
        beats.beat("two", LATER)
    with authority.database.read() as session:
        beats = Heartbeats(session)
        assert beats.living(MORNING) == {"one", "two"}
        assert beats.living(LATER) == {"two"}
        assert beats.alive(LATER)
        assert not beats.alive(LATER + timedelta(seconds=1))


def test_an_executor_whose_work_was_rescued_is_forgotten(authority: Authority):
    with authority.database.write() as session:
        Heartbeats(session).beat("one", MORNING)
    with authority.database.write() as session:
        Heartbeats(session).forget("one")
        Heartbeats(session).forget("never was")
    with authority.database.read() as session:
        assert Heartbeats(session).living(MORNING) == set()


def test_those_not_seen_for_long_are_forgotten_together(authority: Authority):
    with authority.database.write() as session:
        Heartbeats(session).beat("one", MORNING)
        Heartbeats(session).beat("two", LATER)
        Heartbeats(session).forget_before(LATER)
        assert Heartbeats(session).living(MORNING) == {"two"}
