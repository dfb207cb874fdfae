"""A hundred kills while letters pass: is every letter there exactly once, and what did it cost?

    python benchmarks/faults/kills.py [--kills 100] [--letters 300] [--scans 30] [--seed 1]

Runs on SQLite, and on PostgreSQL where ``EAKTE_TEST_POSTGRES`` names a cluster.  The short form is
``tests/faults``; what is counted here is counted there.  Prints one table; ends with 1 if anything
was lost, doubled, quarantined or found by ``eakte check``.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from eakte.bootstrap import Product, open_product, prepare
from eakte.domain.rights import system_reader
from eakte.services.register_file import parse_register
from tests.faults.accounts import all_through, assert_everything_is_there_once, counts
from tests.faults.house import House, Tormentor, drop_slowly, house, impatient_settings, wait_for
from tests.faults.ports import free_port
from tests.letters import mixed
from tests.prepared import postgres_database, settings_for
from tests.small_authority import small_register

PATIENCE = 900


@dataclass(frozen=True, slots=True)
class Run:
    """One line of the table."""

    database: str
    kills: str
    letters: int
    seconds: float
    problem: str

    def line(self) -> str:
        return (
            f"{self.database:<11}{self.kills:<44}{self.letters:>8}{self.seconds:>9.0f}  "
            f"{self.problem or 'none'}"
        )


HEAD = f"{'database':<11}{'kills':<44}{'letters':>8}{'seconds':>9}  problems"


@contextmanager
def stage(folder: Path, url: str) -> Iterator[tuple[House, Product]]:
    """A product over the small authority at ``url``, and its processes."""
    settings = settings_for(folder / "home", url)
    prepare(settings)
    product = open_product(settings)
    product.services.register.run(system_reader("benchmark"), parse_register(small_register()))
    config = impatient_settings(folder / "config")
    with house(settings.home, config, url, folder / "log.txt") as running:
        yield running, product
    product.database.close()


def torment(name: str, url: str, options: argparse.Namespace) -> Run:
    """One run; a failed assertion is its problem."""
    folder = Path(tempfile.mkdtemp(prefix="eakte-kills-"))
    rng = random.Random(options.seed)
    post = mixed(options.letters, options.scans)
    begun = time.monotonic()
    with stage(folder, url) as (running, product):
        serve = ("serve", "--port", str(free_port()))
        running.start(*serve)
        tormentor = Tormentor(running, serve, rng)
        scanner = drop_slowly(post, running.inbox, rng, every=0.1)
        problem = ""
        try:
            for strike in range(options.kills):
                due = strike * len(post) // (options.kills + 2)
                wait_for(lambda due=due: counts(product).get("cut", 0) >= due, PATIENCE, "a letter")
                time.sleep(rng.uniform(0, 1.0))
                tormentor.strike()
            scanner.join()
            wait_for(lambda: all_through(product, len(post)), PATIENCE, "the last letters")
            running.end()
            assert_everything_is_there_once(product, post)
            checked = running.run("check", "--json")
            assert checked.returncode == 0, checked.stdout
        except AssertionError as error:
            problem = " ".join(str(error).split())[:300]
            print(running.log.read_text()[-4000:], file=sys.stderr)
    shutil.rmtree(folder)
    kills = ", ".join(f"{count} {kind}" for kind, count in Counter(tormentor.victims).most_common())
    return Run(name, kills, len(post), time.monotonic() - begun, problem)


def main() -> int:
    """Both databases, one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--letters", type=int, default=300)
    parser.add_argument("--scans", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print(HEAD, flush=True)
    with tempfile.TemporaryDirectory() as folder:
        runs = [torment("SQLite", f"sqlite:///{folder}/eakte.db", options)]
        print(runs[0].line(), flush=True)
        if os.environ.get("EAKTE_TEST_POSTGRES"):
            with postgres_database() as url:
                runs.append(torment(make_url(url).get_backend_name(), url, options))
            print(runs[-1].line(), flush=True)
    return int(any(run.problem for run in runs))


if __name__ == "__main__":
    sys.exit(main())
