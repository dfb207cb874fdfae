"""``python -m eakte.demo OUT``: a labelled set of scans, with the register they belong to.

Writes ``register.json``, ``truth.jsonl`` (one object a scan: file name, medium, damage, turns and
the letter's truth) and the scans in the folder ``scans``.
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from pathlib import Path
from random import Random

from eakte.demo.authority import DEMO_SEED, demo_register
from eakte.demo.letters import generate
from eakte.demo.paper import plan_scan, write_scan


def write_set(out: Path, *, count: int, seed: int, today: date) -> int:
    """Writes the set into ``out`` and returns how many scans it has."""
    scans = out / "scans"
    scans.mkdir(parents=True, exist_ok=True)
    register = demo_register(today=today)
    (out / "register.json").write_text(
        json.dumps(register, ensure_ascii=False, indent=1), encoding="utf-8"
    )
    with (out / "truth.jsonl").open("w", encoding="utf-8") as truths:
        for letter in generate(register, count=count, today=today, seed=seed):
            rng = Random(f"scan:{seed}:{letter.name}")
            plan = plan_scan(letter, rng)
            path = write_scan(letter, scans, rng, plan)
            row = {
                "file": path.name,
                "medium": plan.medium,
                "spoiled": [sorted(page) for page in plan.pages],
                "turns": plan.turns,
                **letter.truth.as_json(),
            }
            truths.write(json.dumps(row, ensure_ascii=False) + "\n")
    return count


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m eakte.demo", description=__doc__)
    parser.add_argument("out", type=Path, help="folder for the set; made if it does not exist")
    parser.add_argument("--count", type=int, default=60, help="how many letters (default: 60)")
    parser.add_argument("--seed", type=int, default=DEMO_SEED, help="another seed, other letters")
    parser.add_argument(
        "--today",
        type=date.fromisoformat,
        default=date(2026, 11, 22),
        help="the day of receipt, YYYY-MM-DD (fixed by default, so that a set can be repeated)",
    )
    given = parser.parse_args(arguments)
    written = write_set(given.out, count=given.count, seed=given.seed, today=given.today)
    sys.stdout.write(f"{written} scans in {given.out}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
