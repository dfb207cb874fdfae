"""Drops letters into a watched inbox one by one, as a scanner would."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from random import Random
from threading import Event

from eakte.demo.authority import DEMO_SEED
from eakte.demo.letters import DemoLetter
from eakte.demo.paper import write_scan


def drop(
    letters: Iterable[DemoLetter],
    inbox: Path,
    *,
    every: float,
    stop: Event,
    seed: int = DEMO_SEED,
) -> int:
    """Writes one letter each ``every`` seconds until ``stop`` is set; returns how many.

    The first comes at once.  The scans are repeatable by ``seed`` and the letters' names.
    """
    inbox.mkdir(parents=True, exist_ok=True)
    dropped = 0
    for letter in letters:
        if stop.is_set():
            break
        write_scan(letter, inbox, Random(f"scan:{seed}:{letter.name}"))
        dropped += 1
        stop.wait(every)
    return dropped
