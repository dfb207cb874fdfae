"""The clock is set back and forth while letters pass."""

from __future__ import annotations

import os
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import select

from eakte.bootstrap import Product
from eakte.models import AuditRow
from tests.faults.accounts import (
    all_through,
    assert_everything_is_there_once,
    assert_in_order,
    counts,
)
from tests.faults.house import House, wait_for
from tests.letters import letters

PATIENCE = 180
HOUR = 3600


@pytest.fixture
def clock(running: House, tmp_path: Path) -> Path:
    """The file that says by how many seconds the clock of this house is off."""
    path = tmp_path / "clock"
    path.write_text("0", "ascii")
    running.also = {
        "EAKTE_TEST_CLOCK": os.fspath(path),
        "PYTHONPATH": os.fspath(Path(__file__).with_name("wrong_clock")),
    }
    return path


def set_to(clock: Path, seconds: int) -> None:
    """At once: no process may read half a number."""
    beside = clock.with_name("clock-next")
    beside.write_text(str(seconds), "ascii")
    beside.rename(clock)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_clock_that_is_set_back_and_forth_stops_and_doubles_nothing(
    running: House, product: Product, clock: Path
):
    post = letters(12)
    names = sorted(post)
    running.start("worker", "--with-inbox")
    for done, (off, part) in enumerate(
        ((0, names[:4]), (-3 * HOUR, names[4:8]), (26 * HOUR, names[8:10]), (0, names[10:]))
    ):
        set_to(clock, off)
        for name in part:
            (running.inbox / name).write_bytes(post[name])
        taken = sum(name <= part[-1] for name in names)
        wait_for(
            lambda taken=taken: all_through(product, taken),
            PATIENCE,
            lambda done=done: f"{done} {counts(product)} {running.log.read_text()[-3000:]}",
        )
    running.end()
    running.also = {}
    assert_everything_is_there_once(product, post)
    with product.database.read() as session:
        instants = list(session.scalars(select(AuditRow.at).order_by(AuditRow.seq)))
    assert any(later < earlier for earlier, later in pairwise(instants))  # it was set back
    assert_in_order(product)
