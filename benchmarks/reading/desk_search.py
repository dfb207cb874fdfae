"""How long the clearing desk's search of the register takes, key by key, at 40,000 files.

    python benchmarks/reading/desk_search.py                     SQLite, the register kept for runs
    python benchmarks/reading/desk_search.py --database URL      a database with it, or an empty one
    python benchmarks/reading/desk_search.py --people 50

Types what a clerk types of people drawn from the register (surname, first and last name, birth
date, number, address), one key after the other, and asks after every key as the desk does. Prints
milliseconds by kind and by length of what stands in the field: median, p95, the slowest.  The
list of provisional files and the people alike is timed as well (``joins``).
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from random import Random

import case_files
import register as large

from eakte.demo.records import CaseFileRecord, PersonRecord, RegisterRecord
from eakte.domain.rights import AccessPolicy, Reader, Standpoint, system_reader
from eakte.migrations import is_current, upgrade
from eakte.repositories.audit import AuditTrail
from eakte.repositories.database import Database, make_engine
from eakte.repositories.joins import Joins
from eakte.services.clearing_desk import ClearingDesk
from eakte.services.joining import Joining
from eakte.services.register import RegisterImport
from eakte.services.register_file import parse_register

DESK = Reader(
    login="s.scan",
    roles=frozenset({"scan"}),
    standpoints=(Standpoint(login="s.scan", clearing=True),),
)
LEAST = 2
"""Below this many signs the desk asks nothing."""


def typed(cover: CaseFileRecord, person: PersonRecord) -> Iterator[tuple[str, str]]:
    """What somebody looks for this person by, and of which kind it is."""
    last, born = person["last_name"], date.fromisoformat(person["birth_date"])
    yield "surname", last
    yield "both names", f"{person['first_name']} {last}"
    yield "name and town", f"{last} {cover['city']}"
    yield "birth date", f"{born:%d.%m.%Y}"
    yield "name and birth date", f"{last} {born:%d.%m.%Y}"
    yield "number", cover["aktenzeichen"]
    yield "address", f"{cover['street']} {cover['postcode']}"


def asked(register: RegisterRecord, people: int) -> Iterator[tuple[str, str]]:
    """Every state of the field while these are typed."""
    rng = Random(4)
    for _ in range(people):
        cover = rng.choice(register["case_files"])
        for kind, text in typed(cover, rng.choice(cover["people"])):
            for end in range(LEAST, len(text) + 1):
                yield kind, text[:end]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=_Plain)
    parser.add_argument("--people", type=int, default=40)
    parser.add_argument("--database", help="URL of an empty PostgreSQL database")
    options = parser.parse_args()
    if options.database:
        database, register = _opened(options.database)
    else:
        database, register = case_files.open_register()
    desk = ClearingDesk(database, {}, AccessPolicy(roles={}, closed_subfiles=frozenset()), PATTERN)
    took: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for kind, text in asked(register, options.people):
        start = time.perf_counter()
        desk.search(DESK, text)
        took[kind].append(((time.perf_counter() - start) * 1000, text))
    print(f"{'what is typed':22}{'keys':>7}{'median ms':>11}{'p95 ms':>9}{'slowest ms':>12}")
    took["all"] = [one for kind in list(took) for one in took[kind]]
    for kind, times in took.items():
        values = sorted(one for one, _ in times)
        slowest = max(times)
        print(
            f"{kind:22}{len(values):7}{statistics.median(values):11.1f}"
            f"{values[int(len(values) * 0.95)]:9.1f}{slowest[0]:12.1f}  {slowest[1]!r}"
        )
    _joins(database)


def _opened(url: str) -> tuple[Database, RegisterRecord]:
    """The database at ``url`` with the register, imported where it is not there yet."""
    content = large.large_register(case_files.TODAY)
    engine = make_engine(url)
    clock = case_files.Fixed()
    database = Database(engine, AuditTrail(b"k" * 32, clock), clock)
    if not is_current(engine):
        upgrade(engine)
        with database.write() as session:
            database.trail.found(session)
        reader = system_reader("operator")
        RegisterImport(database, PATTERN).run(reader, parse_register(content))
        with engine.begin() as connection:
            connection.exec_driver_sql("ANALYZE")
    return database, content


def _joins(database: Database) -> None:
    joining = Joining(database, PATTERN)
    for name, ask in (
        ("count of provisional", lambda: joining.count(DESK)),
        ("list of provisional", lambda: joining.waiting(DESK)),
    ):
        times = []
        for _ in range(20):
            start = time.perf_counter()
            ask()
            times.append((time.perf_counter() - start) * 1000)
        print(f"{name:22}{len(times):7}{statistics.median(times):11.1f}{max(times):9.1f}")
    with database.read() as session:
        waiting = Joins(session).waiting(system_reader("measure"))
        print(f"{len(waiting)} provisional files")


PATTERN = case_files.PATTERN


class _Plain(argparse.RawDescriptionHelpFormatter):
    """Keeps the lines of the docstring."""


if __name__ == "__main__":
    main()
