"""How long a register takes: first import, the same again, and a few changes.

    python benchmarks/register/measure.py                     10,000 case files, SQLite
    python benchmarks/register/measure.py --case-files 2000
    python benchmarks/register/measure.py --database URL      an empty PostgreSQL database

Prints a table of CPU and wall-clock seconds and of CPU milliseconds a case file. Reading and
checking the JSON counts as well.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import func, select

from eakte.demo import staff
from eakte.demo.places import SITES
from eakte.domain.rights import system_reader
from eakte.language.aktenzeichen import AktenzeichenPattern
from eakte.migrations import upgrade
from eakte.models import CaseFile, PersonRow
from eakte.repositories.audit import AuditTrail
from eakte.repositories.database import Database, make_engine
from eakte.services.register import RegisterImport
from eakte.services.register_file import read_register

TODAY = date(2026, 11, 20)
STAFF = 300
SURNAMES = [
    "Petersen",
    "Hansen",
    "Müller-Lüdenscheidt",
    "Schmidt",
    "Yıldız",
    "Kowalski",
    "von der Heide",
    "Groß",
]
GIVEN = [
    "Jörg",
    "Lina",
    "Fatma",
    "Ole",
    "Greta",
    "Jan",
    "Anna-Lena",
    "Mehmet",
    "Karin",
    "Uwe",
    "Sönke",
    "Frauke",
]


class Fixed:
    """A clock that stands still."""

    def now(self) -> datetime:
        return datetime(2026, 11, 20, 9, tzinfo=UTC)

    def today(self) -> date:
        return TODAY


def register(case_files: int, rng: Random) -> dict[str, Any]:
    """A register with 1.7 people a case file and 300 staff."""
    teams = staff.teams()
    home = [team for team in teams if team["site"] is not None]
    workers = [
        {
            "login": f"w{number}",
            "name": f"Kraft {number}",
            "roles": ["caseworker"],
            "teams": [home[number % len(home)]["id"]],
            "deputies": [f"w{(number + 1) % STAFF}"],
            "surname_ranges": [{"function": "leistung", "from": "A", "to": "Zz"}],
        }
        for number in range(STAFF)
    ]
    return {
        "sites": [
            {"id": site.id, "name": site.name, "postcodes": [code for code, _ in site.places]}
            for site in SITES
        ],
        "teams": teams,
        "caseworkers": workers,
        "absences": [{"login": f"w{n}", "from": "2026-12-14", "to": None} for n in range(30)],
        "case_files": [case_file(number, rng) for number in range(case_files)],
    }


def case_file(number: int, rng: Random) -> dict[str, Any]:
    """A case file of one to three people, most of what the format knows given."""
    site = rng.choice(SITES)
    members = rng.choices((1, 2, 3), weights=(50, 30, 20))[0]
    return {
        "aktenzeichen": f"12345//{number:07d}",
        "site": site.id,
        "street": f"Süderstraße {number % 90 + 1}",
        "postcode": site.places[0][0],
        "city": site.name,
        "responsible": {"leistung": f"w{number % STAFF}"},
        "protected": number % 200 == 0,
        "protected_reason": "gewaltschutz" if number % 200 == 0 else None,
        "excluded_logins": [f"w{(number + 7) % STAFF}"] if number % 150 == 0 else [],
        "former_numbers": [f"12345//9{number:06d}"] if number % 12 == 0 else [],
        "closed": None,
        "people": [person(number, place, rng) for place in range(members)],
    }


def person(number: int, place: int, rng: Random) -> dict[str, Any]:
    """A member; the first is the applicant."""
    born = date(1960, 1, 1) + timedelta(days=rng.randrange(20_000))
    return {
        "first_name": rng.choice(GIVEN),
        "last_name": rng.choice(SURNAMES),
        "former_names": ["Schulz"] if rng.random() < 0.1 else [],
        "birth_date": born.isoformat(),
        "customer_number": f"{number // 1000:03d}A{number % 1000:03d}{place:03d}",
        "applicant": place == 0,
        "responsible": {"vermittlung": f"w{(number + 3) % STAFF}"},
        "member_from": None,
        "member_to": None,
        "died": None,
        "representatives": [{"kind": "betreuer", "name": "Ute Ohlsen"}] if place == 9 else [],
    }


def change(content: dict[str, Any], share: float, rng: Random) -> None:
    """Move some case files to another street, give some people another name."""
    for entry in content["case_files"]:
        if rng.random() < share:
            entry["street"] += " a"
            entry["people"][0]["last_name"] += "-Neumann"


def timed(run: Callable[[], object]) -> tuple[float, float]:
    """CPU and wall-clock seconds of ``run``."""
    cpu, wall = time.process_time(), time.perf_counter()
    run()
    return time.process_time() - cpu, time.perf_counter() - wall


def measure(url: str, case_files: int, folder: Path) -> Iterator[tuple[str, float, float]]:
    """Each import with its CPU and wall-clock seconds."""
    engine = make_engine(url)
    upgrade(engine)
    database = Database(engine, AuditTrail(b"k" * 32, Fixed()), Fixed())
    with database.write() as session:
        database.trail.found(session)
    service = RegisterImport(database, AktenzeichenPattern())
    rng = Random(7)
    content = register(case_files, rng)
    path = folder / "register.json"

    def run() -> None:
        service.run(system_reader("operator"), read_register(path))

    for name, share in (("first import", 0.0), ("the same again", 0.0), ("1 % changed", 0.01)):
        change(content, share, rng)
        path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        yield name, *timed(run)
    with database.read() as session:
        files = session.scalar(select(func.count()).select_from(CaseFile))
        people = session.scalar(select(func.count()).select_from(PersonRow))
    print(f"\n{files} case files, {people} people, {path.stat().st_size / 1e6:.1f} MB of JSON")
    engine.dispose()


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--case-files", type=int, default=10_000)
    parser.add_argument("--database", help="an empty database (default: a new SQLite file)")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = asked.database or f"sqlite:///{Path(folder) / 'eakte.db'}"
        print(f"{'':16}{'CPU s':>8}{'wall s':>8}{'CPU ms a case file':>20}")
        for name, cpu, wall in measure(url, asked.case_files, Path(folder)):
            print(f"{name:16}{cpu:8.2f}{wall:8.2f}{1000 * cpu / asked.case_files:20.2f}")


if __name__ == "__main__":
    main()
