"""A batch with files that want to bring the machine down: they are told why, the rest goes on."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from eakte.bootstrap import Product
from tests.faults.accounts import assert_in_order, counts, left_in, sources
from tests.faults.hostile import (
    mail_with,
    many_objects,
    packed_attachment,
    picture_bomb,
    zip_bomb,
)
from tests.faults.house import House, wait_for
from tests.letters import letters

PATIENCE = 240
MOST_BYTES = 1_200_000_000

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@contextmanager
def weighed(house: House) -> Iterator[dict[str, int]]:
    """The most memory (bytes) that any process of each kind held meanwhile."""
    most: dict[str, int] = {}
    stop = threading.Event()

    def watch() -> None:
        while not stop.wait(0.1):
            for one in house.living():
                with suppress(OSError, StopIteration):
                    lines = Path(f"/proc/{one.pid}/status").read_text().splitlines()
                    peak = next(line for line in lines if line.startswith("VmHWM:"))
                    most[one.kind] = max(most.get(one.kind, 0), int(peak.split()[1]) * 1024)

    thread = threading.Thread(target=watch, name="scales", daemon=True)
    thread.start()
    try:
        yield most
    finally:
        stop.set()
        thread.join()


def everything_has_ended(product: Product, top: int) -> bool:
    """Whether all files and what they held have come to their end."""
    found = counts(product)
    open_ones = found.get("received", 0) + found.get("recognised", 0)
    here = [one for one in sources(product) if one.parent_id is None]
    return len(here) == top and not (open_ones or found["unfinished"] or found["unindexed"])


def test_files_that_want_to_fill_memory_and_disk_are_put_aside_and_the_batch_goes_on(
    running: House, product: Product
):
    good = letters(4)
    post = {
        "a-bild.png": picture_bomb(),
        "b-teile.pdf": many_objects(),
        "c-ohne-tabelle.pdf": many_objects(broken=True),
        "d-anlage.pdf": packed_attachment(1_500),
        "e-archiv.zip": zip_bomb(300, {"brief.pdf": letters(5)["brief-004.pdf"]}),
        "f-anlagen.eml": mail_with(500),
        **good,
    }
    for name, content in post.items():
        (running.inbox / name).write_bytes(content)
    with weighed(running) as most:
        running.start("worker", "--with-inbox")
        wait_for(
            lambda: everything_has_ended(product, len(post)),
            PATIENCE,
            lambda: f"{counts(product)}\n{running.log.read_text()[-3000:]}",
        )
    by_name = {one.name: one for one in sources(product)}
    told = {name: (one.state, one.reason_code) for name, one in by_name.items()}
    assert told.pop("d-anlage.pdf") in {
        ("quarantined", "damaged"),
        ("quarantined", "page_memory"),
        ("quarantined", "page_crashed"),
    }
    assert told == {
        "a-bild.png": ("quarantined", "too_large"),
        "b-teile.pdf": ("quarantined", "too_large"),
        "c-ohne-tabelle.pdf": ("quarantined", "too_large"),
        "e-archiv.zip": ("unfolded", None),
        "e-archiv.zip/gross.txt": ("quarantined", "bomb"),
        "e-archiv.zip/../../../../entkommen.txt": ("cut", None),
        "e-archiv.zip/brief.pdf": ("cut", None),
        "f-anlagen.eml": ("cut", None),
        **dict.fromkeys(good, ("cut", None)),
    }
    assert all(one.reason for one in by_name.values() if one.state == "quarantined")
    mail = by_name["f-anlagen.eml"]
    assert sum(part["problem"] is not None for part in mail.parts) == 300
    assert "attachments_listed" in {one["code"] for one in mail.remarks}
    assert set(most) >= {"worker", "ocr"}
    assert max(most.values()) < MOST_BYTES, most
    assert left_in(product.inbox) == []
    beside = running.home.parent
    assert not [name for _, _, names in os.walk(beside) for name in names if "entkommen" in name]
    running.end()
    assert_in_order(product)
