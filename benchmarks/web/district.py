"""A large district's register: 300 staff in its teams, 40,000 case files that they answer for.

The files and people are those of ``benchmarks/reading/register.py``; the staff are more.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "reading"))

from register import large_register

from eakte.demo import staff
from eakte.demo.places import SITES

STAFF = 300
SCANNING = 6
ADMINISTRATORS = 2
LEGAL = 12
SITE_TEAMS = {"leistung": 40, "vermittlung": 25}
AWAY = 0.08
PASSWORD = "ein langer Satz zum Messen"  # noqa: S105  nobody's, on a machine that measures


def register(today: date, files: int) -> dict[str, Any]:
    """The register as ``eakte register import`` takes it."""
    content: dict[str, Any] = {**large_register(today, files=files, people=files * 7 // 4)}
    rng = Random("staff")
    workers = list(_workers())
    content["caseworkers"] = workers
    for worker in workers:
        peers = [one["login"] for one in workers if one["teams"] == worker["teams"]]
        at = peers.index(worker["login"])
        worker["deputies"] = [peers[(at + step) % len(peers)] for step in (1, 2)][: len(peers) - 1]
    content["absences"] = [
        {
            "login": worker["login"],
            "from": (today - timedelta(days=3)).isoformat(),
            "to": (today + timedelta(days=700)).isoformat(),  # a cached database stays true
        }
        for worker in workers
        if worker["roles"] == ["caseworker"] and rng.random() < AWAY
    ]
    for place, case in enumerate(content["case_files"]):
        _answer_for(case, place, rng)
    return content


def logins(team: str) -> list[str]:
    """Who works in a team, in order; the first one leads it."""
    return [worker["login"] for worker in _workers() if worker["teams"] == [team]]


def _workers() -> Iterator[dict[str, Any]]:
    number = 0

    def worker(team: str | None, role: str) -> dict[str, Any]:
        nonlocal number
        number += 1
        teams = [] if team is None else [team]
        name = f"Kraft {number:03}"
        return {"login": f"k{number:03}", "name": name, "roles": [role], "teams": teams}

    for site in SITES:
        for function, size in SITE_TEAMS.items():
            for place in range(size):
                yield worker(f"{site.id}-{function}", "caseworker" if place else "team_lead")
    for _ in range(SCANNING):
        yield worker("zentral-scan", "scan")
    for _ in range(LEGAL):
        yield worker("zentral-recht", "legal")
    for _ in range(ADMINISTRATORS):
        yield worker(None, "administrator")
    others = [team for team in staff.CENTRAL_TEAMS if team not in {"scan", "recht"}]
    while number < STAFF:
        yield worker(f"zentral-{others[number % len(others)]}", "caseworker")


def _answer_for(case: dict[str, Any], place: int, rng: Random) -> None:
    """Every file has its caseworker for Leistung, its adults theirs for Vermittlung."""
    team = _TEAMS[case["site"]]
    case["responsible"] = {"leistung": team["leistung"][place % len(team["leistung"])]}
    case["protected"] = place % 250 == 0
    case["protected_reason"] = "gewaltschutz" if case["protected"] else None
    case["excluded_logins"] = [rng.choice(team["vermittlung"])] if place % 150 == 0 else []
    for person in case["people"]:
        person["responsible"] = {}
    case["people"][0]["responsible"] = {"vermittlung": rng.choice(team["vermittlung"])}


_TEAMS = {
    site.id: {function: logins(f"{site.id}-{function}") for function in SITE_TEAMS}
    for site in SITES
}
