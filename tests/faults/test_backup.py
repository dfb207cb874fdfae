"""A backup or a backfile that is killed, or runs out of disk: nothing half stays, it goes on."""

from __future__ import annotations

import resource
import signal
from pathlib import Path

import pytest
from sqlalchemy import select

from eakte.bootstrap import Product, open_product
from eakte.domain.arrivals import Arrival
from eakte.intake.receive import receive
from eakte.models import Document, PostboxEntry, Source
from eakte.services.backup import BackupFolder
from tests.cli.test_backfile import old_file
from tests.faults.accounts import all_through, assert_in_order
from tests.faults.house import House, house, kill, wait_for
from tests.letters import letters, objection
from tests.plain_intake import take_in
from tests.prepared import settings_for
from tests.small_authority import MUELLER

PATIENCE = 240
MANY_BLOBS = 1500

only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def copied(folder: Path) -> int:
    """How many blobs the backup has so far."""
    return sum(1 for _ in folder.glob("blobs/??/??/*"))


@only_sqlite
def test_a_killed_backup_counts_for_nothing_and_the_next_goes_on(
    running: House, product: Product, tmp_path: Path
):
    take_in(product, letters(2))
    for number in range(MANY_BLOBS):
        product.store.put(f"page {number}".encode())
    folder = tmp_path / "backup"
    process = running.start("backup", str(folder))
    wait_for(lambda: copied(folder) > 50, PATIENCE, "the first blobs", every=0.01)
    kill(process.pid)
    process.wait()
    there = copied(folder)
    assert 50 < there < MANY_BLOBS
    assert BackupFolder(folder).snapshots() == []
    refused = running.run("backup", str(folder), "--verify")
    assert refused.returncode == 3
    told = running.run("backup", str(folder))
    assert told.returncode == 0, told
    assert len(BackupFolder(folder).snapshots()) == 1
    new = int(told.stdout.partition("davon ")[2].partition(" neu")[0])
    assert new <= copied(folder) - there
    verified = running.run("backup", str(folder), "--verify")
    assert (verified.returncode, verified.stderr.count("Datei")) == (0, 0), verified
    assert [one.name for one in (folder / "snapshots").iterdir() if one.name[0] == "."] == []


@only_sqlite
def test_a_full_disk_is_one_sentence_and_leaves_no_snapshot(
    running: House, product: Product, tmp_path: Path
):
    take_in(product, letters(1))
    soft, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    # As a full disk does it: the target's files can't grow. The commands inherit the limit.
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, most))
    try:
        told = running.run("backup", str(tmp_path / "backup"))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, most))
    assert (told.returncode, told.stdout) == (3, ""), told
    assert "Traceback" not in told.stderr
    last = told.stderr.strip().splitlines()[-1]
    assert "ist nicht fertig geworden" in last
    assert "Platz schaffen" in last
    assert list((tmp_path / "backup" / "snapshots").iterdir()) == []
    assert running.run("backup", str(tmp_path / "backup")).returncode == 0


@only_sqlite
def test_a_killed_restore_is_begun_again_and_letters_on_their_way_go_on(
    running: House, product: Product, tmp_path: Path
):
    take_in(product, letters(2))
    waiting = letters(3)["brief-002.pdf"]
    arrival = Arrival(
        key="on-its-way",
        channel="scanner",
        batch="inbox",
        name="brief-002.pdf",
        sha256=product.store.put(waiting),
        size=len(waiting),
        received=product.database.clock.today(),
    )
    receive(product.database, arrival)
    for number in range(MANY_BLOBS):
        product.store.put(f"page {number}".encode())
    folder, there = str(tmp_path / "backup"), tmp_path / "there"
    assert running.run("backup", folder, "--with-key").returncode == 0
    url = f"sqlite:///{there / 'eakte.sqlite'}"
    with house(there, running.config, url, tmp_path / "there.txt") as moved:
        process = moved.start("restore", folder)
        stored = there / "store"
        wait_for(
            lambda: sum(1 for _ in stored.glob("??/??/*")) > 50, PATIENCE, "some blobs", every=0.01
        )
        kill(process.pid)
        process.wait()
        assert not (there / "eakte.sqlite").exists()
        told = moved.run("restore", folder)
        assert told.returncode == 0, told
        settings = settings_for(there, url)
        restored = open_product(settings)
        moved.start("worker")
        wait_for(lambda: all_through(restored, 3), PATIENCE, lambda: moved.log.read_text()[-2000:])
        moved.end()
        assert_in_order(restored)
        restored.database.close()


def archive_of(folder: Path, files: int, pages: int) -> Path:
    """Old files with their map."""
    (folder / "alt").mkdir()
    lines = ["Datei;Aktenzeichen"]
    for number in range(files):
        content = old_file(*(objection(MUELLER, f"alt{number}x{page}") for page in range(pages)))
        (folder / "alt" / f"akte-{number}.pdf").write_bytes(content)
        lines.append(f"akte-{number}.pdf;{MUELLER}")
    mapped = folder / "zuordnung.csv"
    mapped.write_text("\n".join(lines), "utf-8")
    return mapped


def filed(product: Product) -> int:
    with product.database.read() as session:
        return len(session.scalars(select(Document.id).where(Document.state == "filed")).all())


@pytest.mark.parametrize(
    ("database_url", "how"),
    [("sqlite", signal.SIGINT), ("postgresql", signal.SIGKILL)],
    indirect=["database_url"],
)
def test_a_backfile_that_is_stopped_goes_on_where_it_was(
    running: House, product: Product, tmp_path: Path, how: signal.Signals
):
    mapped = archive_of(tmp_path, files=4, pages=6)
    call = ("backfile", str(tmp_path / "alt"), "--map", str(mapped))
    process = running.start(*call)
    wait_for(lambda: filed(product) >= 1, PATIENCE, lambda: running.log.read_text()[-2000:])
    process.send_signal(how)
    process.wait(PATIENCE)
    before = filed(product)
    assert 1 <= before < 4
    told = running.run(*call)
    assert told.returncode == 0, told
    assert filed(product) == 4
    with product.database.read() as session:
        assert len(session.scalars(select(Source)).all()) == 4
        assert session.scalars(select(PostboxEntry)).all() == []
    assert_in_order(product)
