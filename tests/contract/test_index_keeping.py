"""The index follows the database: through every change, a killed writer, a damaged folder."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from eakte.bootstrap import Product, open_product
from eakte.domain.rights import system_reader
from eakte.domain.search import COUNTED, SearchQuery
from eakte.errors import SettingsError, Unavailable
from eakte.intake.indexer import Indexer
from eakte.models import Document, ExcludedLogin
from eakte.ports import SearchIndex
from eakte.repositories.outbox import Outbox
from eakte.repositories.rights import reader_terms
from eakte.search.none import NoIndex
from eakte.search.tantivy_index import TantivyIndex
from eakte.search.whoosh_index import WhooshIndex
from eakte.services.index_check import IndexCheck
from eakte.services.index_documents import IndexDocuments
from eakte.settings import Settings
from tests.authority import Authority
from tests.index_places import InDatabase, InFolder, Place
from tests.small_authority import MUELLER, OTHER_SITE

STEP = system_reader("test")


@dataclass(frozen=True)
class Kept:
    """An authority whose documents are kept in an index."""

    authority: Authority
    place: Place
    index: SearchIndex
    indexer: Indexer

    def letter(self, schlagwort: str, aktenzeichen: str = MUELLER) -> str:
        """A delivered letter that the index has yet to learn of."""
        letter = self.authority.letter(schlagwort, aktenzeichen)
        with self.authority.database.write() as session:
            Outbox(session).put([letter], self.authority.clock.now())
        return letter

    def problems(self) -> list[str]:
        """What ``eakte check`` would say of the index."""
        check = IndexCheck(self.authority.database, self.index, self.indexer.described)
        return [f"{one.subject}: {one.problem}" for one in check.run()]

    def seen(self, login: str) -> set[str]:
        """What the index opens to ``login``."""
        access = reader_terms(self.authority.reader(login))
        hits = self.index.search(SearchQuery(clauses=(), access=access, limit=100)).hits
        return {hit.id for hit in hits}

    def waiting(self) -> set[str]:
        with self.authority.database.read() as session:
            return Outbox(session).waiting_ids(STEP)

    def wait_until(self, state: Callable[[], bool]) -> None:
        """Until ``state`` holds; far longer than it may ever take."""
        until = time.monotonic() + 60
        while not state():
            assert time.monotonic() < until, "the index does not follow"
            time.sleep(0.01)

    @contextmanager
    def following(self) -> Iterator[None]:
        """The indexer at work beside the test, as in a worker process."""
        stop = threading.Event()
        thread = threading.Thread(target=self.indexer.run, args=(stop, 0.01))
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()


@pytest.fixture
def kept(authority: Authority, tmp_path: Path) -> Iterator[Kept]:
    """Tantivy beside SQLite, the tables of PostgreSQL in PostgreSQL."""
    place: Place
    if authority.database.engine.dialect.name == "sqlite":
        place = InFolder(TantivyIndex, tmp_path / "index")
    else:
        place = InDatabase(str(authority.database.engine.url.render_as_string(hide_password=False)))
    index = place.open()
    index.ensure()
    described = IndexDocuments(authority.words, authority.policy.closed_subfiles)
    yield Kept(authority, place, index, Indexer(authority.database, index, described))
    place.close()


def test_the_index_follows_what_people_do(kept: Kept) -> None:
    authority = kept.authority
    with kept.following():
        letter = kept.letter("lohnabrechnung")
        other = kept.letter("mietvertrag", OTHER_SITE)
        kept.wait_until(lambda: not kept.waiting())
        assert kept.seen("m.petersen") == {letter}
        assert kept.seen("i.clausen") == {other}
        maike = authority.reader("m.petersen")
        entry = authority.entry(letter, "m.petersen")
        authority.postboxes.forward(maike, entry.id, entry.version, "i.clausen", "bitte")
        kept.wait_until(lambda: kept.seen("i.clausen") == {letter, other})
        entry = authority.entry(letter, "i.clausen")
        authority.postboxes.file(
            authority.reader("i.clausen"), entry.id, entry.version, "kontoauszug"
        )
        kept.wait_until(lambda: not kept.waiting())
    assert kept.problems() == []
    counts = kept.index.facets(
        SearchQuery(clauses=(), access=reader_terms(authority.reader("m.petersen"))), COUNTED, 5
    )
    assert counts["schlagwort"] == {"kontoauszug": 1}
    assert counts["akte"] == {MUELLER: 1}
    assert counts["received"] == {"2026-11": 1}


def test_what_changes_during_a_rebuild_follows_afterwards(kept: Kept) -> None:
    first = kept.letter("lohnabrechnung")
    kept.indexer.drain()
    with kept.index.rebuild() as writer:
        kept.indexer.fill(writer)
        second = kept.letter("mietvertrag")
        with pytest.raises(Unavailable):
            kept.indexer.drain()
        assert kept.seen("m.petersen") == {first}
    assert kept.waiting() == {second}
    kept.indexer.drain()
    assert kept.seen("m.petersen") == {first, second}


def test_a_rebuild_waits_for_an_indexer_at_work(kept: Kept) -> None:
    letter = kept.letter("lohnabrechnung")
    held, freed = threading.Event(), threading.Event()

    def hold() -> None:
        with kept.place.open().writer():
            held.set()
            freed.wait(60)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(60)
    freer = threading.Timer(0.3, freed.set)
    freer.start()
    assert kept.indexer.rebuild() == 1
    holder.join()
    freer.join()
    assert kept.seen("m.petersen") == {letter}


def test_an_index_in_order_is_left_alone(kept: Kept) -> None:
    kept.letter("lohnabrechnung")
    kept.indexer.drain()
    before = kept.place.stamp()
    assert not kept.indexer.renew()
    assert kept.place.stamp() == before


def test_a_held_lock_is_no_reason_to_look_whether_the_index_is_sound(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = kept.letter("lohnabrechnung")
    kept.indexer.drain()
    looks: list[bool] = []
    renew = Indexer.renew
    monkeypatch.setattr(Indexer, "renew", lambda one: looks.append(True) or renew(one))
    with kept.following():
        kept.wait_until(lambda: looks == [True])
        with kept.place.open().writer(), capture_logs() as logs:
            second = kept.letter("mietvertrag")
            kept.wait_until(lambda: any(one["event"] == "index.waiting" for one in logs))
        kept.wait_until(lambda: kept.seen("m.petersen") == {first, second})
    assert looks == [True]


@pytest.mark.parametrize("how", ["older", "other schema", "rubbish", "emptied"])
def test_an_index_that_cannot_be_used_is_made_anew(kept: Kept, how: str) -> None:
    letter = kept.letter("lohnabrechnung")
    kept.indexer.drain()
    if how == "emptied":  # a restored database, a folder taken away and laid out anew
        with kept.index.writer() as writer:
            writer.clear()
    elif how == "rubbish":
        kept.place.damage(how)
    else:
        version = kept.place.version
        kept.place.pretend("x=1 analysis=0" if how == "other schema" else f"{version}0")
    reader = kept.place.open()
    with kept.following():
        kept.wait_until(lambda: not kept.index.outdated and kept.problems() == [])
    assert kept.seen("m.petersen") == {letter}
    assert [one for one, _ in reader.seals()] == [letter]
    assert not kept.index.outdated


@pytest.mark.parametrize("other", ["none", "another engine", "another database"])
def test_an_index_that_missed_changes_is_made_anew(kept: Kept, tmp_path: Path, other: str) -> None:
    letter = kept.letter("lohnabrechnung")
    kept.indexer.drain()
    assert kept.seen("m.petersen") == {letter}
    with kept.authority.database.write() as session:
        cover = kept.authority.cover(session, MUELLER)
        session.add(ExcludedLogin(case_file_id=cover.id, login="m.petersen"))
        Outbox(session).put_case_files([cover.id], [], kept.authority.clock.now())
    if other == "another database":  # the index of one that was taken back
        with kept.index.rebuild("of the other") as writer:
            writer.delete(letter)
    elsewhere = NoIndex() if other == "none" else WhooshIndex(tmp_path / "whoosh")
    assert Indexer(kept.authority.database, elsewhere, kept.indexer.described).drain() == 1
    assert not kept.waiting()
    assert kept.indexer.renew()
    assert kept.seen("m.petersen") == set()
    assert kept.problems() == []
    assert not kept.indexer.renew()


def test_what_waits_is_neither_missing_nor_stale(kept: Kept) -> None:
    letter = kept.letter("lohnabrechnung")
    assert kept.problems() == []
    kept.indexer.drain()
    with kept.authority.database.write() as session:
        document = session.get(Document, letter)
        assert document is not None
        document.schlagwort = "mietvertrag"
        Outbox(session).put([letter], kept.authority.clock.now())
    assert kept.problems() == []
    with kept.authority.database.write() as session:
        Outbox(session).done(row.id for row in Outbox(session).waiting(STEP, 10))
    assert len(kept.problems()) == 1


def test_the_settings_choose_the_tables_of_postgresql(product: Product) -> None:
    """And are refused where the database is another one."""
    made = product.settings
    search = made.values.search.model_copy(update={"engine": "postgresql"})
    values = made.values.model_copy(update={"search": search})
    chosen = Settings(made.home, made.config, values, made.access)
    if product.database.engine.dialect.name == "sqlite":
        with pytest.raises(SettingsError, match="PostgreSQL-Datenbank"):
            open_product(chosen)
        return
    other = open_product(chosen)
    try:
        assert other.indexer.renew()
        assert not other.indexer.renew()
        assert list(other.index.seals()) == []
    finally:
        other.database.close()


INDEXERS = """
import os, signal, sys, threading
from datetime import datetime, UTC
from pathlib import Path
from eakte.intake.indexer import Indexer
from eakte.repositories.audit import AuditTrail
from eakte.repositories.database import Database, make_engine
from eakte.services.index_documents import IndexDocuments
{imported}
class Clock:
    def now(self): return datetime.now(UTC)
    def today(self): return self.now().date()
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for _ in sys.stdin:
    if child := os.fork():
        print(child, flush=True)
    else:
        database = Database(make_engine({url!r}), AuditTrail(b"unused", Clock()), Clock())
        indexer = Indexer(database, {opened}, IndexDocuments({{}}, frozenset({closed!r})))
        indexer.run(threading.Event(), 0.001)
"""


@contextmanager
def indexers(kept: Kept) -> Iterator[Callable[[], int]]:
    """Begins a process that follows the outbox, and tells its number, whenever it is called."""
    imported, opened = kept.place.code
    code = INDEXERS.format(
        imported=imported,
        opened=opened,
        url=kept.authority.database.engine.url.render_as_string(hide_password=False),
        closed=sorted(kept.authority.policy.closed_subfiles),
    )
    begun: list[int] = []
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin
        assert process.stdout

        def begin() -> int:
            assert process.stdin
            assert process.stdout
            process.stdin.write("one more\n")
            process.stdin.flush()
            begun.append(int(process.stdout.readline()))
            return begun[-1]

        try:
            yield begin
        finally:
            for one in begun:
                with suppress(ProcessLookupError):
                    os.kill(one, signal.SIGKILL)
            process.stdin.close()


def test_the_index_equals_the_database_after_killed_writers(kept: Kept) -> None:
    """A process that follows the outbox dies at random moments, and the next goes on."""
    authority, rng = kept.authority, random.Random(160)
    letters = [kept.letter("lohnabrechnung") for _ in range(4)]

    def change() -> None:
        with authority.database.write() as session:
            for one in rng.sample(letters, 2):
                document = session.get(Document, one)
                assert document is not None
                document.received_here += timedelta(days=rng.randint(-9, 9))
                Outbox(session).put([one], authority.clock.now())

    with indexers(kept) as begin:
        for _ in range(6):
            writer = begin()
            for _ in range(4):
                change()
                time.sleep(rng.uniform(0, 0.03))
            os.kill(writer, signal.SIGKILL)
        begin()
        change()
        kept.wait_until(lambda: not kept.waiting())
    described = IndexDocuments({}, authority.policy.closed_subfiles)
    check = IndexCheck(authority.database, kept.place.open(), described)
    assert list(check.run()) == []
