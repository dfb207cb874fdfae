"""The database goes away, the disk is full: nothing is lost, and it goes on when they are back."""

from __future__ import annotations

import resource
import time
from pathlib import Path

import pytest

from eakte.bootstrap import Product, open_product, prepare
from eakte.domain.rights import system_reader
from eakte.errors import Unavailable
from eakte.services.register_file import parse_register
from eakte.storage.folder import FolderStore
from tests.conftest import need_postgres
from tests.faults.accounts import (
    all_through,
    assert_everything_is_there_once,
    assert_in_order,
    counts,
    left_in,
)
from tests.faults.cluster import own_cluster
from tests.faults.house import House, house, impatient_settings, wait_for
from tests.letters import letters
from tests.prepared import settings_for
from tests.small_authority import small_register

PATIENCE = 180
AWAY_SECONDS = 3.0


def test_work_goes_on_when_the_database_is_back(tmp_path: Path):
    need_postgres()
    post = letters(16)
    with own_cluster() as cluster:
        settings = settings_for(tmp_path / "home", cluster.url)
        prepare(settings)
        product = open_product(settings)
        product.services.register.run(system_reader("test"), parse_register(small_register()))
        with house(
            settings.home,
            impatient_settings(tmp_path / "config"),
            cluster.url,
            tmp_path / "log.txt",
        ) as running:
            running.start("worker", "--with-inbox")
            put_into(running.inbox, post, first=8)
            wait_for(lambda: counts(product).get("cut", 0) >= 2, PATIENCE, "two letters")
            cluster.stop()
            put_into(running.inbox, post, after=8)
            time.sleep(AWAY_SECONDS)  # the length of the outage is what is tried here
            cluster.start()
            wait_for(
                lambda: all_through(product, len(post)),
                PATIENCE,
                lambda: f"everything: {running.log.read_text()[-3000:]}",
            )
            assert [one.kind for one in running.living() if one.kind == "worker"] == ["worker"]
            running.end()
            assert_everything_is_there_once(product, post)
            assert_in_order(product)
        product.database.close()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_work_goes_on_when_the_disk_has_room_again(running: House, product: Product):
    post = letters(12)
    worker = running.start("worker", "--with-inbox")
    put_into(running.inbox, post, first=6)
    wait_for(lambda: counts(product).get("cut", 0) >= 2, PATIENCE, "two letters")
    # As a full disk does it: files of this process can't grow any more, its log's neither.
    _, most = resource.prlimit(worker.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(worker.pid, resource.RLIMIT_FSIZE, (1, most))
    put_into(running.inbox, post, after=6)
    time.sleep(AWAY_SECONDS)  # the length of the outage is what is tried here
    still_lying = left_in(running.inbox)
    assert still_lying
    assert counts(product).get("quarantined", 0) == 0
    resource.prlimit(worker.pid, resource.RLIMIT_FSIZE, (most, most))
    wait_for(
        lambda: all_through(product, len(post)),
        PATIENCE,
        lambda: f"everything: {counts(product)} {running.log.read_text()[-3000:]}",
    )
    assert worker.poll() is None
    running.end()
    assert_everything_is_there_once(product, post)
    assert_in_order(product)


def test_a_disk_that_fills_up_within_a_blob_keeps_no_part_of_it(tmp_path: Path):
    store = FolderStore(tmp_path / "store")
    soft, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, most))
    try:
        with pytest.raises(Unavailable):
            store.put(bytes(5000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, most))
    assert list(store.hashes()) == []
    store.verify(store.put(bytes(5000)))


def put_into(
    inbox: Path, post: dict[str, bytes], *, first: int | None = None, after: int = 0
) -> None:
    """Some of the letters into the inbox, each complete at once."""
    for name in sorted(post)[after:first]:
        made = inbox / f".{name}"
        made.write_bytes(post[name])
        made.rename(inbox / name)
