"""What a process and its descendants take, from ``/proc``."""

from __future__ import annotations

import os
import resource
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE_KB = resource.getpagesize() // 1024


def descendants(pid: int) -> list[int]:
    """Children, their children and so on, that live now."""
    parents = {int(one.name): _parent(one) for one in Path("/proc").iterdir() if one.name.isdigit()}
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found[1:]


def cpu_seconds(pid: int) -> float:
    """User and system time of the tree; of dead ones what their parents waited for."""
    return sum(_cpu(one) for one in (pid, *descendants(pid)))


def resident_mb(pid: int) -> float:
    """Resident memory; 0 once the process is gone."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE_KB / 1024
    except (OSError, IndexError):
        return 0.0


def _cpu(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(int(ticks) for ticks in fields[11:15]) / _TICKS


def _parent(entry: Path) -> int:
    try:
        return int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    except (OSError, ValueError, IndexError):
        return 0
