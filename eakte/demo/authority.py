"""The demo's register: a rural district with 4 sites, 40 caseworkers, 300 BGs and 700 people.

Everything is invented and repeatable: the same seed and day give the same register.  The format is
that of ``eakte register import``.
"""

from __future__ import annotations

from datetime import date
from random import Random

from eakte.demo import staff
from eakte.demo.households import case_files
from eakte.demo.places import SITES
from eakte.demo.records import RegisterRecord

DEMO_PASSWORD = "demo-akte-2026"  # noqa: S105 - printed at the start of every demo
"""The one password of all demo accounts."""
DEMO_SEED = 2026


def demo_register(*, today: date, seed: int = DEMO_SEED) -> RegisterRecord:
    """The fictional authority as a register file's contents, as of ``today`` (the desk's day).

    Absences lie around ``today``; ages are counted back from it.  The value is JSON-ready.
    """
    rng = Random(f"register:{seed}")
    return {
        "sites": [
            {"id": site.id, "name": site.name, "postcodes": [code for code, _ in site.places]}
            for site in SITES
        ],
        "teams": staff.teams(),
        "caseworkers": staff.caseworkers(),
        "absences": staff.absences(today),
        "case_files": case_files(rng, today),
    }


def demo_logins(register: RegisterRecord) -> list[tuple[str, str]]:
    """A few telling accounts: login and what it shows, in German, for the start-up print."""
    names = {worker["login"]: worker["name"] for worker in register["caseworkers"]}
    telling = (
        ("j.harms", "Sachbearbeitung Leistung, Wittmoorsiel (G bis K)"),
        ("s.carstens", "Fallmanagement, Wittmoorsiel (A bis H), Teamleitung"),
        ("n.jessen", "Fallmanagement, Wittmoorsiel (I bis P)"),
        ("g.iwersen", "Sachbearbeitung Leistung, anderer Standort: Okenbüll (G bis K)"),
        ("t.sievers", "Vertretung für die abwesende Maike Petersen, Leistung Wittmoorsiel"),
        ("a.behrens", "Teamleitung Leistung, Wittmoorsiel"),
        ("h.kloppenburg", "Zentrale Scanstelle: Eingang und Klärung"),
        ("h.lassen", "Rechtsstelle"),
        ("m.adler", "Administration: Einstellungen und Benutzer, keine Akteninhalte"),
    )
    return [(login, f"{names[login]}: {purpose}") for login, purpose in telling]
