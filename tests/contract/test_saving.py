"""What was read is saved as it comes: short files at once, long ones every couple of seconds."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from eakte.bootstrap import Product
from eakte.bootstrap.intake import intake_tools
from eakte.domain.conversion import Prepared
from eakte.domain.pages import PageText, RecognisedPage, Remark
from eakte.intake import saving
from eakte.intake.receive import Arrival, receive
from eakte.intake.saving import Saving
from eakte.models import Page, Source
from tests.plain_intake import PoolInThisProcess


def page(number: int) -> RecognisedPage:
    return RecognisedPage(
        number=number,
        text=PageText(words=()),
        dpi=200,
        turn=0,
        preview=b"preview %d" % number,
        thumbnail=b"thumbnail",
    )


def begun(product: Product) -> Saving:
    sha256 = product.store.put(b"a file")
    arrival = Arrival(
        key="0" * 64,
        channel="scanner",
        batch="stapel",
        name="a.pdf",
        sha256=sha256,
        size=6,
        received=date(2026, 3, 2),
    )
    source_id = receive(product.database, arrival).source_id
    return Saving(intake_tools(product, PoolInThisProcess()), source_id)


def saved(product: Product) -> tuple[int | None, list[int]]:
    with product.database.read() as session:
        count = session.scalars(select(Source.page_count)).one()
        return count, list(session.scalars(select(Page.number).order_by(Page.number)))


def test_a_short_file_is_saved_when_all_of_it_is_read(product: Product):
    gathering = begun(product)
    gathering.prepared(Prepared(page_count=2), None)
    gathering.add(page(1))
    gathering.add(page(2))
    assert saved(product) == (None, [])
    gathering.save()
    assert saved(product) == (2, [1, 2])


def test_of_a_long_file_the_desk_sees_at_once_how_many_pages_there_are(product: Product):
    begun(product).prepared(Prepared(page_count=saving.SHORT + 1), None)
    assert saved(product) == (saving.SHORT + 1, [])


def test_pages_are_not_kept_back_for_long(product: Product, monkeypatch: pytest.MonkeyPatch):
    gathering = begun(product)
    gathering.prepared(Prepared(page_count=2), None)
    monkeypatch.setattr(saving, "EVERY_SECONDS", 0.0)
    gathering.add(page(1))
    assert saved(product) == (2, [1])


def test_saving_twice_keeps_one_page_and_one_remark(product: Product):
    said = Prepared(page_count=1, remarks=(Remark(code="repaired", message="Repariert."),))
    for _ in range(2):
        gathering = begun(product)
        gathering.prepared(said, None)
        gathering.add(page(1))
        gathering.save()
    assert saved(product) == (1, [1])
    with product.database.read() as session:
        assert len(session.scalars(select(Source.remarks)).one()) == 1
