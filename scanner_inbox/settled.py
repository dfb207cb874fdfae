"""Is a file complete?  ``created`` events and even closed files come before a scanner is done.

A file is settled when its size, time stamp and inode stayed the same over several looks and a
span of time, and its name is not that of a file in the making.  This is the pure rule; looking is
done in :mod:`scanner_inbox.watch`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath

TEMPORARY_SUFFIXES = (
    ".tmp",
    ".temp",
    ".part",
    ".partial",
    ".filepart",
    ".crdownload",
    ".download",
    ".swp",
    ".lock",
    ".lck",
    "~",
)
"""Endings that scanners, copy programs and browsers give to unfinished files."""

_TEMPORARY_NAMES = ("thumbs.db", "desktop.ini")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileState:
    """What one look at a file shows; any change starts the waiting anew."""

    size: int
    mtime_ns: int
    inode: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Settling:
    """A file under observation: unchanged since ``since`` (seconds), over ``looks`` looks."""

    state: FileState
    since: float
    looks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SettledRule:
    """How long is long enough."""

    looks: int = 3
    seconds: float = 1.0

    def __post_init__(self) -> None:
        if self.looks < 2 or self.seconds < 0:
            raise ValueError("a file must be looked at twice at least")

    def holds(self, settling: Settling, now: float) -> bool:
        """Has this file been left alone for long enough?"""
        return settling.looks >= self.looks and now - settling.since >= self.seconds


def is_in_the_making(name: str) -> bool:
    """Dotfiles, ``~$`` lock files and the usual temporary endings are nobody's letter (yet)."""
    lowered = PurePath(name).name.lower()
    return (
        lowered.startswith((".", "~$"))
        or lowered.endswith(TEMPORARY_SUFFIXES)
        or lowered in _TEMPORARY_NAMES
    )


def observe(
    before: Mapping[str, Settling], seen: Mapping[str, FileState], now: float
) -> dict[str, Settling]:
    """The observation after one more look at ``now`` (monotonic seconds).

    Files that vanished are forgotten, new and changed ones begin at one look.
    """
    after: dict[str, Settling] = {}
    for name, state in seen.items():
        known = before.get(name)
        if known is None or known.state != state:
            after[name] = Settling(state=state, since=now, looks=1)
        else:
            after[name] = Settling(state=state, since=known.since, looks=known.looks + 1)
    return after


def settled(observed: Mapping[str, Settling], rule: SettledRule, now: float) -> tuple[str, ...]:
    """The names that may be taken, oldest first, so that a stack keeps its order."""
    ready = [name for name, settling in observed.items() if rule.holds(settling, now)]
    return tuple(sorted(ready, key=lambda name: (observed[name].state.mtime_ns, name)))
