"""What inboxes do: slow copies, names used again, shares that go away, folders one can't write."""

from __future__ import annotations

import hashlib
import os
import shutil
import threading
from collections import Counter
from pathlib import Path

import pytest

from eakte.bootstrap import Product
from tests.faults.accounts import (
    all_through,
    assert_everything_is_there_once,
    assert_in_order,
    left_in,
    sources,
)
from tests.faults.house import House, wait_for
from tests.letters import letters

PATIENCE = 180
NOT_EVEN_ROOT = "-dac_override,-dac_read_search"

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def copy_slowly(
    content: bytes, target: Path, *, parts: int, pause: float, goes_on: threading.Event
) -> None:
    """As a copy over a bad line does it: in parts, with pauses, under its final name.

    ``pause`` is in seconds; the last part is held back until ``goes_on``.
    """
    size = -(-len(content) // parts)
    waiting = threading.Event()
    with target.open("wb") as file:
        for start in range(0, len(content), size):
            file.write(content[start : start + size])
            file.flush()
            waiting.wait(pause)  # the pace of the line is what is tried here
            if start + 2 * size >= len(content):
                goes_on.wait(PATIENCE)


def told(house: House) -> str:
    return house.log.read_text()[-3000:]


def test_a_file_that_is_copied_for_a_long_time_is_taken_once_and_whole(
    running: House, product: Product
):
    post = letters(3)
    slow, beside, after = sorted(post)
    running.start("worker", "--with-inbox")
    goes_on = threading.Event()
    # A pause is more than twice as long as a file must have been left alone before it is taken.
    writer = threading.Thread(
        target=copy_slowly,
        args=(post[slow], running.inbox / slow),
        kwargs={"parts": 4, "pause": 2.2, "goes_on": goes_on},
        daemon=True,
    )
    writer.start()
    (running.inbox / beside).write_bytes(post[beside])
    wait_for(lambda: all_through(product, 1), PATIENCE, lambda: told(running))
    assert [one.name for one in sources(product)] == [beside]
    goes_on.set()
    writer.join()
    (running.inbox / after).write_bytes(post[after])
    wait_for(lambda: all_through(product, len(post)), PATIENCE, lambda: told(running))
    running.end()
    assert_everything_is_there_once(product, post)


def test_a_name_that_is_used_again_and_again_is_another_letter_each_time(
    running: House, product: Product
):
    contents = list(letters(5).values())
    target = running.inbox / "scan.pdf"
    running.start("worker", "--with-inbox")
    for content in contents[:4]:
        wait_for(lambda: not target.exists(), PATIENCE, lambda: told(running), every=0.01)
        target.write_bytes(content)
    replaced = running.inbox / ".scan.pdf"
    replaced.write_bytes(contents[4])
    wait_for(lambda: not target.exists(), PATIENCE, lambda: told(running), every=0.01)
    replaced.rename(target)
    wait_for(lambda: all_through(product, len(contents)), PATIENCE, lambda: told(running))
    running.end()
    found = Counter(one.sha256 for one in sources(product))
    assert found == Counter(hashlib.sha256(content).hexdigest() for content in contents)
    assert {one.name for one in sources(product)} == {"scan.pdf"}
    assert left_in(product.inbox) == []
    assert_in_order(product)


def test_a_share_that_goes_away_and_comes_back_costs_nothing(running: House, product: Product):
    post = letters(12)
    names = sorted(post)
    away = running.inbox.with_name("inbox-away")
    for name in names[:8]:
        (running.inbox / name).write_bytes(post[name])
    running.start("worker", "--with-inbox")
    wait_for(lambda: len(sources(product)) >= 2, PATIENCE, lambda: told(running), every=0.01)
    running.inbox.rename(away)
    for name in names[8:]:
        (away / name).write_bytes(post[name])
    wait_for(lambda: "nicht erreichbar" in running.log.read_text(), PATIENCE, lambda: told(running))
    away.rename(running.inbox)
    wait_for(lambda: all_through(product, len(post)), PATIENCE, lambda: told(running))
    running.end()
    assert_everything_is_there_once(product, post)
    assert_in_order(product)


def test_letters_of_a_folder_that_cannot_be_written_are_taken_once_and_removed_later(
    running: House, product: Product
):
    post = letters(4)
    for name, content in post.items():
        (running.inbox / name).write_bytes(content)
    if os.geteuid() == 0:  # who otherwise writes wherever he likes
        setpriv = shutil.which("setpriv")
        assert setpriv, "setpriv (util-linux) is not there"
        running.under = (
            setpriv,
            f"--bounding-set={NOT_EVEN_ROOT}",
            f"--inh-caps={NOT_EVEN_ROOT}",
        )
    running.inbox.chmod(0o555)
    try:
        worker = running.start("worker", "--with-inbox")
        wait_for(lambda: all_through(product, len(post)), PATIENCE, lambda: told(running))
        wait_for(
            lambda: running.log.read_text().count("nicht aus dem") >= len(post),
            PATIENCE,
            lambda: told(running),
        )
        assert len(left_in(running.inbox)) == len(post)
    finally:
        running.inbox.chmod(0o755)
    wait_for(lambda: not left_in(running.inbox), PATIENCE, lambda: told(running))
    assert worker.poll() is None
    running.end()
    assert_everything_is_there_once(product, post)
    assert_in_order(product)
