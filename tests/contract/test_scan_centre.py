"""The scan centre's figures: each counts what its link leads to, and nobody else gets them."""

from __future__ import annotations

import pytest

from eakte.errors import NotPermitted
from eakte.models import BadScan, Source
from eakte.repositories.scan_figures import ScanFigures
from tests.authority import MORNING, Authority
from tests.small_authority import MUELLER


def counts(authority: Authority) -> dict[str, int]:
    view = authority.scan_centre.view(authority.reader("s.scan"))
    return {one.kind: one.waiting.count for one in view.queues}


def test_every_figure_counts_what_waits_there(authority: Authority):
    assert set(counts(authority).values()) == {0}
    states = {"recognition": "received", "questions": "waiting", "quarantine": "quarantined"}
    for state in states.values():
        source_id = authority.source(pages=2)
        with authority.database.write() as session:
            session.get_one(Source, source_id).state = state
    authority.letter("sonstiges", None, state="clearing")
    authority.letter("sonstiges", None, state="classified")
    letter = authority.letter("kontoauszug", MUELLER)
    with authority.database.write() as session:
        session.add(
            BadScan(
                id=letter,
                document_id=letter,
                reported_at=MORNING,
                reported_by="m.petersen",
                reason="grau",
            )
        )
    reader = authority.reader("m.petersen")
    authority.counter_receipts.make(reader, MUELLER, "Müller", "Mietvertrag")
    assert counts(authority) == {
        "recognition": 1,
        "cut": 0,
        "questions": 1,
        "routing": 1,
        "clearing": 1,
        "quarantine": 1,
        "unopened": 0,
        "check": 1,
        "rescan": 1,
        "receipts": 1,
    }


def test_batches_on_their_way_say_how_far_they_are_and_how_fast_it_goes(authority: Authority):
    authority.source(pages=5)
    authority.clock.forward(hours=2)
    fresh = authority.source(pages=3)
    with authority.database.write() as session:
        source = session.get_one(Source, fresh)
        source.state, source.page_count = "received", 4
    view = authority.scan_centre.view(authority.reader("s.scan"))
    (batch,) = view.batches
    assert (batch.files, batch.read, batch.pages) == (2, 8, 9)
    assert (view.last_hour, view.today) == ((1, 4), (2, 9))
    assert view.queues[0].waiting.oldest == authority.clock.now()


@pytest.mark.parametrize("login", ["m.petersen", "a.lead", "x.admin"])
def test_the_figures_are_for_the_clearing_desk_alone(authority: Authority, login: str):
    authority.letter("sonstiges", None, state="clearing")
    reader = authority.reader(login)
    with pytest.raises(NotPermitted):
        authority.scan_centre.view(reader)
    with authority.database.read() as session:
        rows = ScanFigures(session)
        assert rows.arrived_since(reader, MORNING) == (0, 0)
        assert list(rows.batches(reader, 10)) == []
        assert {
            one.count
            for one in (
                rows.sources(reader, "cut"),
                rows.undelivered(reader),
                rows.clearing(reader),
                rows.unchecked(reader),
                rows.bad_scans(reader),
                rows.receipts(reader),
            )
        } == {0}
