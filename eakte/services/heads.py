"""The audit chain's heads, written down outside the database, one line a day.

A rewritten chain no longer matches them. The file belongs onto another machine; it holds numbers
and hashes, no contents.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The chain's last row as it was on ``day``."""

    day: date
    seq: int
    mac: str


@dataclass(frozen=True, slots=True)
class HeadFile:
    """Appends heads and reads them back; a line that a crash tore is named, not fatal."""

    path: Path

    def append(self, head: Head, at: datetime) -> None:
        """Write a line down, fsynced; begins a new one where the last was torn."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        row = {"day": head.day.isoformat(), "at": at.isoformat(), "seq": head.seq, "mac": head.mac}
        written = self.path.read_bytes() if self.path.exists() else b""
        torn = bool(written) and not written.endswith(b"\n")
        with self.path.open("a", encoding="utf-8") as out:
            out.write(("\n" if torn else "") + json.dumps(row) + "\n")
            out.flush()
            os.fsync(out.fileno())

    def lines(self) -> Iterator[Head | int]:
        """Every head in its order; the number of the line (from 1) for one that is unreadable."""
        if not self.path.exists():
            return
        text = self.path.read_text("utf-8", errors="replace")
        for number, line in enumerate(text.splitlines(), start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                yield Head(
                    day=date.fromisoformat(row["day"]), seq=int(row["seq"]), mac=str(row["mac"])
                )
            except (ValueError, KeyError, TypeError):
                yield number

    def last_day(self) -> date | None:
        """The day of the newest readable line."""
        days = [line.day for line in self.lines() if isinstance(line, Head)]
        return max(days, default=None)
