"""Reading as a whole: runs every part and prints the table of what is to be reached.

    python benchmarks/reading/measure.py                   everything
    python benchmarks/reading/measure.py --letters 2000     a shorter long run

Each part also runs alone (``schlagworte.py``, ``case_files.py``, ``facts.py``).  A first run
recognises what is not stored yet.  How long each part took is printed below it.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import case_files

_OTHERS = ("schlagworte", "facts")
"""Parts that print their own tables."""


def main() -> None:
    """Print every table, the one of case files twice: long run and really read letters."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=int, default=10_000)
    parser.add_argument("--read", type=int, default=case_files.READ)
    parser.add_argument("--processes", type=int, default=1, help="that share the long run")
    asked = parser.parse_args()
    for name in _OTHERS:
        if importlib.util.find_spec(name) is None:
            continue
        print(f"\n## {name}\n", flush=True)
        with _timed():
            run_alone(name)
    with _timed():
        long, real = case_files.measure(asked.letters, read=asked.read, processes=asked.processes)
        print(f"\n## case files, {long.letters} letters spoiled as the engine misreads\n")
        print(case_files.table(long))
        print(f"\n## case files, {real.letters} letters really read\n")
        print(case_files.table(real), flush=True)


@contextmanager
def _timed() -> Iterator[None]:
    """Print how long a part took, by the clock and of this process and its children."""
    begun, before = time.monotonic(), os.times()
    yield
    after = os.times()
    spent = sum(after[:4]) - sum(before[:4])
    print(f"\n({time.monotonic() - begun:.0f} s, {spent:.0f} s of CPU time)", flush=True)


def run_alone(name: str) -> None:
    """A part's ``main`` without this command's arguments."""
    arguments, sys.argv = sys.argv, [name]
    try:
        importlib.import_module(name).main()
    finally:
        sys.argv = arguments


if __name__ == "__main__":
    main()
