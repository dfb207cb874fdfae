"""Arrival: the same file twice is one source, the same bytes are judged by their channel."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from eakte.domain.rights import Reader
from eakte.intake.quarantine import quarantine
from eakte.intake.receive import Arrival, Received, receive
from eakte.models import Batch, Source
from eakte.repositories.sources import Sources
from tests.authority import STEP, Authority, recognised_page

SHA = "ab" * 32


def arrive(
    authority: Authority, key: str, *, channel: str = "scanner", sha256: str = SHA
) -> Received:
    return receive(
        authority.database,
        Arrival(
            key=key,
            channel=channel,
            batch="stapel-07",
            name=f"{key}.pdf",
            sha256=sha256,
            size=1000,
            received=date(2026, 11, 20),
        ),
    )


def test_the_same_arrival_twice_is_one_source(authority: Authority):
    first = arrive(authority, "one")
    assert arrive(authority, "one") == first
    with authority.database.read() as session:
        assert len(list(session.scalars(select(Source)))) == 1
    actions = [action for _, action, _ in authority.trail_of(first.source_id)]
    assert actions == ["source.receive"]


@pytest.mark.parametrize("channel", ["scanner", "command"])
def test_the_same_bytes_on_paper_are_a_duplicate_that_names_the_first(
    authority: Authority, channel: str
):
    first = arrive(authority, "one")
    second = arrive(authority, "two", channel=channel)
    assert (second.state, second.duplicate_of) == ("duplicate", first.source_id)
    third = arrive(authority, "three", channel=channel)
    assert third.duplicate_of == first.source_id
    row = authority.source_row(second.source_id)
    assert row.reason == "Dieselbe Datei kam schon als „one.pdf“."
    assert [one.problem for one in authority.checking.run() if one.check == "custody"] == []


@pytest.mark.parametrize("channel", ["mail", "upload", "fachverfahren"])
def test_through_another_channel_they_are_a_new_document_with_a_flag(
    authority: Authority, channel: str
):
    first = arrive(authority, "one")
    second = arrive(authority, "two", channel=channel)
    assert (second.state, second.duplicate_of) == ("received", first.source_id)


def test_after_quarantine_they_are_taken_anew(authority: Authority):
    first = arrive(authority, "one")
    quarantine(authority.database, first.source_id, "damaged", "Die Datei ist beschädigt.")
    assert arrive(authority, "two").state == "received"
    assert arrive(authority, "three").state == "duplicate"


def test_quarantine_keeps_its_first_reason(authority: Authority):
    source = arrive(authority, "one").source_id
    quarantine(authority.database, source, "damaged", "Die Datei ist beschädigt.")
    quarantine(authority.database, source, "other", "anders")
    row = authority.source_row(source)
    assert (row.state, row.reason_code, row.reason) == (
        "quarantined",
        "damaged",
        "Die Datei ist beschädigt.",
    )
    actions = [action for _, action, _ in authority.trail_of(source)]
    assert actions == ["source.receive", "source.quarantine"]


def test_what_one_folder_delivers_on_one_day_is_one_batch(authority: Authority):
    arrive(authority, "one", sha256="1" * 64)
    arrive(authority, "two", sha256="2" * 64)
    with authority.database.read() as session:
        (batch,) = session.scalars(select(Batch))
        assert (batch.name, batch.channel) == ("stapel-07", "scanner")
        sources = session.scalars(select(Source)).all()
    assert {row.batch_id for row in sources} == {batch.id}


def test_a_page_is_kept_once_and_its_words_come_back_as_they_were(authority: Authority):
    source = arrive(authority, "one").source_id
    page = recognised_page(1)
    for _ in range(2):
        with authority.database.write() as session:
            Sources(session).add_page(STEP, source, page, "c" * 64, "d" * 64)
    with authority.database.read() as session:
        sources = Sources(session)
        (row,) = sources.pages(STEP, source)
        assert sources.words(STEP, row.id) == page.text.words
        assert sources.texts(STEP, [row.id])[row.id].text == page.text.text
        assert sources.pages_done(STEP, [source]) == {source: 1}
        assert sources.words(Reader(login="nobody"), row.id) is None
