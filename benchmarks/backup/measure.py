"""How long a backup takes: the first, the nightly one, reading it again, and putting it back.

    python benchmarks/backup/measure.py                     5,000 pages, SQLite
    python benchmarks/backup/measure.py --pages 20000
    python benchmarks/backup/measure.py --database URL      an empty PostgreSQL database

Pages have words of 2.5 KB, a preview of 40 KB and a thumbnail of 4 KB, as real ones have.  Prints
wall-clock and CPU seconds, and the peak of this process's memory.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

from eakte.bootstrap import Product, open_product, prepare
from eakte.bootstrap.backup import backup_of, verifying
from eakte.bootstrap.restoring import Restoring
from eakte.domain.ids import derived_id
from eakte.domain.rights import system_reader
from eakte.models import Batch, Page, PageWords, Source
from eakte.settings import Settings, load_settings

READER = system_reader("benchmark")
AT_ONCE = 1000
CONFIG = Path(__file__).resolve().parents[2] / "config"


def settings_for(home: Path, url: str) -> Settings:
    shipped = load_settings(home=home, config=CONFIG)
    data = shipped.values.data.model_copy(update={"database_url": url})
    return Settings(home, CONFIG, shipped.values.model_copy(update={"data": data}), shipped.access)


def fill(product: Product, first: int, pages: int, rng: Random) -> None:
    """One source with so many pages; numbers from ``first``, so that ids differ."""
    now, today = product.database.clock.now(), product.database.clock.today()
    source_id, batch_id = derived_id("source", str(first)), derived_id("batch", str(first))
    original = product.store.put(rng.randbytes(100_000))
    with product.database.write() as session:
        session.add(
            Batch(
                id=batch_id,
                channel="scanner",
                name=str(first),
                received_here=today,
                opened_at=now,
            )
        )
        session.flush()
        session.add(
            Source(
                id=source_id,
                arrival_key=str(first),
                batch_id=batch_id,
                channel="scanner",
                name=f"{first}.pdf",
                sha256=original,
                size=100_000,
                arrived_at=now,
                changed_at=now,
                received_here=today,
                state="received",
                page_count=pages,
            )
        )
    for start in range(0, pages, AT_ONCE):
        with product.database.write() as session:
            numbers = range(start + 1, min(start + AT_ONCE, pages) + 1)
            session.add_all(_page(product, source_id, number, rng) for number in numbers)
            session.flush()
            session.add_all(
                PageWords(
                    page_id=derived_id("page", source_id, str(number)), words=rng.randbytes(2500)
                )
                for number in numbers
            )


def _page(product: Product, source_id: str, number: int, rng: Random) -> Page:
    return Page(
        id=derived_id("page", source_id, str(number)),
        source_id=source_id,
        number=number,
        width_mm=210.0,
        height_mm=297.0,
        dpi=300,
        turn=0,
        text_source="ocr",
        confidence=0.9,
        word_count=200,
        media_type="image/jpeg",
        preview_sha256=product.store.put(rng.randbytes(40_000)),
        thumbnail_sha256=product.store.put(rng.randbytes(4_000)),
    )


def timed(what: str, run: Callable[[], object]) -> None:
    wall, cpu = time.monotonic(), time.process_time()
    run()
    wall, cpu = time.monotonic() - wall, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{what:<34} {wall:>8.1f} s {cpu:>8.1f} CPU s {peak:>7.0f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=5000)
    parser.add_argument("--database", default="")
    arguments = parser.parse_args()
    rng = Random(20261122)
    with tempfile.TemporaryDirectory(prefix="eakte-backup-") as name:
        folder = Path(name)
        url = arguments.database or f"sqlite:///{folder / 'home' / 'eakte.sqlite'}"
        settings = settings_for(folder / "home", url)
        prepare(settings)
        product = open_product(settings)
        timed("(making the pages)", lambda: fill(product, 0, arguments.pages, rng))
        backup, root = backup_of(product), folder / "backup"
        timed("first backup", lambda: backup.run(READER, root, with_key=True))
        timed("again, nothing new", lambda: backup.run(READER, root, with_key=True))
        fill(product, 1, max(arguments.pages // 100, 1), rng)
        timed("again, 1 % new", lambda: backup.run(READER, root, with_key=True))
        timed("verify", lambda: list(verifying(settings, root).all()))
        there = settings_for(folder / "there", f"sqlite:///{folder / 'there' / 'eakte.sqlite'}")
        restoring = Restoring(there, root)
        timed("restore: verify", lambda: list(restoring.problems()))
        timed("restore: put back", lambda: restoring.run(READER))
        product.database.close()


if __name__ == "__main__":
    main()
