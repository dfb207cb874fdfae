"""``python -m eakte.demo OUT``: a labelled set of scans, with the register they belong to."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

from eakte.demo.authority import DEMO_SEED
from eakte.demo.labelled import write_set


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
