"""How long routing, the screens of a team and the trial of a change take in a large district.

    python benchmarks/routing/measure.py                     40,000 case files, a team of 40
    python benchmarks/routing/measure.py --case-files 4000

Every second file names who answers for it, the others go by surname ranges. Prints CPU
milliseconds, on SQLite; the fictional register is made first and not counted.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from eakte.bootstrap import Product, open_product, prepare
from eakte.domain.rights import system_reader
from eakte.repositories.case_files import CaseFiles
from eakte.repositories.organisation import Organisation
from eakte.services.handovers import Plan
from eakte.services.register_file import parse_register
from eakte.services.responsibilities import ListChange
from eakte.services.routing import Router
from eakte.settings import load_settings

SYSTEM = system_reader("benchmark")
TEAM = 40
SURNAMES = 8000
ROUTED = 400
SYLLABLES = (
    "ba ber fel gro han ka ler mann mey mul pe ritz sch sen ski ter tra vo wei zel dor er ing ow"
)


def surnames(rng: Random) -> list[str]:
    """About as many different surnames as a district has, in order."""
    parts = SYLLABLES.split()
    made = ("".join(rng.choices(parts, k=rng.randint(2, 3))) for _ in range(3 * SURNAMES))
    return sorted({name.capitalize() for name in made})[:SURNAMES]


def register(case_files: int, rng: Random) -> dict[str, Any]:
    """One site, one team with as many surname ranges as people, its lead, and the files."""
    names = surnames(rng)
    bounds = [names[len(names) * place // TEAM] for place in range(1, TEAM)]
    workers: list[dict[str, Any]] = [
        {
            "login": f"w{place:02}",
            "name": f"Kraft {place}",
            "roles": ["caseworker"],
            "teams": ["husum-leistung"],
            "deputies": [f"w{(place + 1) % TEAM:02}", f"w{(place + 2) % TEAM:02}"],
            "surname_ranges": [{"function": "leistung", "from": low, "to": high}],
        }
        for place, (low, high) in enumerate(zip(["A", *bounds], [*bounds, "Zz"], strict=True))
    ]
    lead = {"login": "lead", "name": "Leitung", "roles": ["team_lead"], "teams": ["husum-leistung"]}
    return {
        "sites": [{"id": "husum", "name": "Husum"}],
        "teams": [{"id": "husum-leistung", "site": "husum", "function": "leistung", "name": "L"}],
        "caseworkers": [*workers, lead],
        "case_files": [
            {
                "aktenzeichen": f"12345//{number:07}",
                "site": "husum",
                "responsible": {"leistung": f"w{number % TEAM:02}"} if number % 2 else {},
                "people": [{"first_name": "A", "last_name": rng.choice(names), "applicant": True}],
            }
            for number in range(case_files)
        ],
    }


def measure(product: Product) -> dict[str, float]:
    """CPU milliseconds of each thing a lead or a delivery waits for."""
    services, lead = product.services, product.services.accounts.reader("lead")
    today = product.database.clock.today()
    ranges = ListChange(login="w00", function="leistung", ranges="A–Zz")
    plan = Plan(
        giver="w01",
        taker="w02",
        function="leistung",
        effective=today,
        with_protected=False,
        with_post=True,
    )
    later = replace(plan, effective=today + timedelta(days=1))
    word = "kontoauszug"
    things: dict[str, Callable[[], object]] = {
        "screen „Zuständigkeiten“": lambda: services.responsibilities.teams(lead),
        "screen „Abwesenheiten im Team“": lambda: services.absence_lists.team(lead, today, 6),
        "trial of other surname ranges": lambda: services.responsibilities.effect(lead, ranges),
        "trial of a handover": lambda: services.handovers.effect(lead, later),
        "handover": lambda: services.handovers.hand_over(lead, plan),
        "probe of a file": lambda: services.probe.by_file(lead, "12345//0000002", word, today),
        "a look of the worker": lambda: services.absences.keep_up(SYSTEM),
    }
    found = {name: _cpu(thing) for name, thing in things.items()}
    return {"routing of a document": _routing(product) / ROUTED, **found}


def _cpu(thing: Callable[[], object]) -> float:
    started = time.process_time()
    thing()
    return (time.process_time() - started) * 1000


def _routing(product: Product) -> float:
    with product.database.read() as session:
        rows = CaseFiles(session)
        covers = [rows.by_number(SYSTEM, f"12345//{number:07}")[0] for number in range(ROUTED)]
        today = product.database.clock.today()
        router = Router(Organisation(session), rows, "clearing", today)
        return _cpu(
            lambda: [router.route(SYSTEM, one, (), "leistung", ("vermittlung",)) for one in covers]
        )


def main() -> None:
    """Make the register, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--case-files", type=int, default=40_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings(home=Path(folder), config=Path("config"))
        prepare(settings)
        product = open_product(settings)
        content = register(asked.case_files, Random(1))
        product.services.register.run(SYSTEM, parse_register(content))
        for name, milliseconds in measure(product).items():
            print(f"{name:<34} {milliseconds:8.1f} ms")


if __name__ == "__main__":
    main()
