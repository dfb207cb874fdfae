"""kill -9 at random moments while letters pass: afterwards it is as if nothing had happened.

The long run with a hundred kills is ``benchmarks/faults``.
"""

from __future__ import annotations

import random
import time
from pathlib import Path

from eakte.bootstrap import Product
from tests.faults.accounts import (
    all_through,
    assert_everything_is_there_once,
    assert_in_order,
    counts,
    sources,
)
from tests.faults.house import House, Tormentor, drop_slowly, kill, wait_for
from tests.faults.ports import free_port
from tests.letters import letters, mixed

LETTERS = 60
SCANS = 4
KILLS = 10
SEED = 20261122
PATIENCE = 240


def test_sixty_letters_pass_while_processes_are_killed(running: House, product: Product):
    rng = random.Random(SEED)
    post = mixed(LETTERS, SCANS)
    serve = ("serve", "--port", str(free_port()))
    running.start(*serve)
    tormentor = Tormentor(running, serve, rng)
    scanner = drop_slowly(post, running.inbox, rng, every=0.2)
    for strike in range(KILLS):
        done = strike * LETTERS // (KILLS + 2)
        wait_for(
            lambda done=done: counts(product).get("cut", 0) >= done,
            PATIENCE,
            lambda: f"further letters after {tormentor.victims}: {counts(product)}",
        )
        time.sleep(rng.uniform(0, 0.5))  # anywhere in the work, not just after a letter
        tormentor.strike()
    scanner.join()
    wait_for(
        lambda: all_through(product, LETTERS),
        PATIENCE,
        lambda: f"everything after {tormentor.victims}: {running.log.read_text()[-3000:]}",
    )
    running.end()
    assert_everything_is_there_once(product, post)
    checked = running.run("check", "--json")
    assert (checked.returncode, checked.stdout) == (0, ""), checked.stdout


def test_a_killed_command_leaves_its_work_to_a_worker(
    running: House, product: Product, tmp_path: Path
):
    post = letters(12)
    folder = tmp_path / "stapel"
    folder.mkdir()
    for name, content in post.items():
        (folder / name).write_bytes(content)
    command = running.start("intake", str(folder))
    wait_for(lambda: counts(product).get("cut", 0) >= 2, PATIENCE, "two letters through")
    kill(command.pid)
    command.wait()
    taken = {source.name for source in sources(product)}
    assert 2 <= len(taken) < len(post)
    running.start("worker")
    wait_for(
        lambda: all_through(product, len(taken)), PATIENCE, lambda: f"the rest: {counts(product)}"
    )
    running.end()
    assert_everything_is_there_once(product, {name: post[name] for name in taken})
    assert_in_order(product)
    assert sorted(each.name for each in folder.iterdir()) == sorted(post)
