"""What fails the same way every time goes to a person; what passes is taken up again."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from dbos import error as dbos_errors
from sqlalchemy import select
from sqlalchemy.exc import DataError, IntegrityError, InterfaceError, OperationalError

from eakte.bootstrap import Product
from eakte.bootstrap.intake import intake_tools
from eakte.domain.conversion import Prepared
from eakte.domain.findings import SchlagwortFinding
from eakte.domain.rights import system_reader
from eakte.errors import Damaged, EngineError, IntakeError, ServiceMissing, Unavailable
from eakte.intake.durable import Durable, DurableSettings
from eakte.intake.foreground import Foreground
from eakte.intake.receive import Arrival, receive
from eakte.intake.surroundings import is_passing
from eakte.intake.tools import PagePool, Pages, Tools
from eakte.models import AuditRow, Document, Source
from eakte.repositories.documents import Documents
from eakte.repositories.sources import Sources
from eakte.search.tantivy_index import TantivyIndex
from tests.index_places import InFolder
from tests.letters import objection
from tests.plain_intake import PoolInThisProcess

STEP = system_reader("test")
DAY = date(2026, 3, 2)
SECONDS = 30


class ReadsAtOnce(PoolInThisProcess):
    """A ``PagePool`` in this process; ``fault`` is what preparing a file fails with."""

    def __init__(self, fault: Exception | None = None) -> None:
        super().__init__()
        self.fault = fault

    def prepare(self, path: Path, folder: Path) -> Prepared:
        if self.fault is not None:
            raise self.fault
        return super().prepare(path, folder)


Begin = Callable[[Tools], Durable]


@pytest.fixture
def begin(product: Product) -> Iterator[Begin]:
    """Durable work of this process with the given tools; it ends with the test."""
    begun = []

    def launch(tools: Tools) -> Durable:
        settings = DurableSettings(
            url=product.settings.durable_url, executor_id="test", listens=False
        )
        durable = Durable(tools, settings)
        begun.append(durable)
        durable.launch()
        return durable

    yield launch
    for durable in begun:
        durable.close(seconds=5)


def arrived(product: Product, word: str = "Kranichflug") -> str:
    content = objection("1", word)
    arrival = Arrival(
        key=hashlib.sha256(word.encode()).hexdigest(),
        channel="scanner",
        batch="test",
        name=f"{word}.pdf",
        sha256=product.store.put(content),
        size=len(content),
        received=DAY,
    )
    return receive(product.database, arrival).source_id


def run_to_end(durable: Durable, source_id: str) -> None:
    durable.start(source_id)
    wait_until(lambda: durable.has_ended("source", source_id))
    with durable.tools.database.read() as session:
        made = [one.id for one in Documents(session).of_source(STEP, source_id)]
    wait_until(lambda: all(durable.has_ended("document", one) for one in made))


def wait_until(true: Callable[[], bool]) -> None:
    until = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < until
        time.sleep(0.02)


def row_of(product: Product, source_id: str) -> Source:
    with product.database.read() as session:
        found = Sources(session).get(STEP, source_id)
        assert found is not None
        return found


def test_a_source_whose_bytes_are_gone_goes_into_quarantine_the_first_time(
    product: Product, begin: Begin
):
    source_id = arrived(product)
    (blob,) = product.settings.path("store").glob("??/??/*")
    blob.unlink()
    durable = begin(intake_tools(product, ReadsAtOnce()))
    run_to_end(durable, source_id)
    row = row_of(product, source_id)
    assert (row.state, row.reason_code) == ("quarantined", "damaged")
    assert row.reason
    assert durable.resume_forgotten(timedelta(0)) == 0
    with product.database.read() as session:
        actions = select(AuditRow.action).where(AuditRow.subject_id == source_id)
        assert list(session.scalars(actions)).count("source.quarantine") == 1


def test_a_source_that_fails_unexpectedly_goes_into_quarantine_with_a_sentence(
    product: Product, begin: Begin
):
    source_id = arrived(product)
    run_to_end(begin(intake_tools(product, ReadsAtOnce(ValueError("seven")))), source_id)
    row = row_of(product, source_id)
    assert (row.state, row.reason_code) == ("quarantined", "failed")
    assert "ValueError" in (row.reason or "")
    assert "seven" not in (row.reason or ""), "what an error quotes may be the letter's text"


def test_while_the_process_ends_nothing_goes_into_quarantine(product: Product, begin: Begin):
    source_id = arrived(product)
    tools = intake_tools(product, ReadsAtOnce())
    durable: Durable | None = None

    def closing_pool() -> AbstractContextManager[PagePool]:
        assert durable is not None
        durable._closing.set()
        return nullcontext(ReadsAtOnce(RuntimeError("cannot schedule new futures")))

    durable = begin(replace(tools, open_pool=closing_pool))
    run_to_end(durable, source_id)
    assert row_of(product, source_id).state == "received"
    assert durable.resume_forgotten(timedelta(seconds=-5)) == 1


def test_a_document_with_what_the_database_refuses_goes_to_the_clearing_desk(
    product: Product, begin: Begin
):
    def refused(_pages: Pages) -> tuple[SchlagwortFinding, ...]:
        raise DataError("INSERT", {}, ValueError("out of range"))

    source_id = arrived(product)
    tools = intake_tools(product, ReadsAtOnce())
    rules = replace(tools.rules(), classify=refused)
    run_to_end(begin(replace(tools, rules=lambda: rules)), source_id)
    with product.database.read() as session:
        (document,) = session.scalars(select(Document).where(Document.source_id == source_id))
        assert "DataError" in (document.clearing_reason or "")


@pytest.mark.parametrize(
    "error",
    [
        OSError(28, "No space left on device"),
        OperationalError("SELECT", {}, ValueError()),
        InterfaceError("SELECT", {}, ValueError()),
        DataError("SELECT", {}, ValueError(), connection_invalidated=True),
        dbos_errors.DBOSMaxStepRetriesExceeded("recognise", 12, []),
        Unavailable("Die Datenbank antwortet nicht."),
        EngineError("Von außen unterbrochen."),
        ServiceMissing("Das Sprachmodell fehlt."),
    ],
)
def test_the_surroundings_faults_pass(error: Exception):
    assert is_passing(error)


@pytest.mark.parametrize(
    "error",
    [
        ValueError(),
        MemoryError(),
        DataError("INSERT", {}, ValueError()),
        IntegrityError("INSERT", {}, ValueError()),
        Damaged("Die Bytes fehlen."),
        IntakeError("Keine Datei."),
    ],
)
def test_the_thing_s_own_faults_do_not_pass(error: Exception):
    assert not is_passing(error)


def test_what_could_not_be_read_came_in_on_the_day_that_was_named(product: Product, begin: Begin):
    tools = intake_tools(product, ReadsAtOnce())
    foreground = Foreground(tools, begin(tools), product.indexer, DAY)
    unreadable = IntakeError("brief.pdf ist nicht lesbar.", reason="unreadable")
    (result,) = foreground.run([("brief.pdf", unreadable)], ahead=1)
    assert result.received == DAY
    assert result.to_json()["received"] == "2026-03-02"


def test_an_index_of_an_older_version_is_made_anew_where_no_server_runs(
    product: Product, begin: Begin, monkeypatch: pytest.MonkeyPatch
):
    """And whoever finds another process at it tells what was delivered all the same."""
    tools = intake_tools(product, ReadsAtOnce())
    foreground = Foreground(tools, begin(tools), product.indexer, DAY)
    product.indexer.rebuild()
    place = InFolder(TantivyIndex, product.settings.path("index") / "tantivy")
    place.pretend("tantivy=1 analysis=1")
    monkeypatch.setattr("eakte.intake.foreground._INDEX_SECONDS", 0.0)
    with place.open().rebuild("of the other"):
        (told,) = foreground.run([("eins.pdf", arrived(product))], ahead=1)
        assert told.document_id
        assert not told.searchable
        assert "searchable" not in told.to_json()
        assert foreground.waited_in_vain.is_set()
    place.pretend("tantivy=1 analysis=1")
    (second,) = foreground.run([("zwei.pdf", arrived(product, "Reiherbusch"))], ahead=1)
    assert second.searchable
    assert not foreground.waited_in_vain.is_set()
    assert dict(product.index.seals()).keys() == {told.document_id, second.document_id}
