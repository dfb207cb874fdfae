"""The scan centre at a glance: what is arriving, what waits, why, and since when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from eakte.domain.rights import Reader
from eakte.errors import NotPermitted
from eakte.repositories.database import Database
from eakte.repositories.scan_figures import BatchOnTheWay, ScanFigures, Waiting

BERLIN = ZoneInfo("Europe/Berlin")
HOUR = timedelta(hours=1)
MOST_BATCHES = 50
_KINDS: dict[str, Callable[[ScanFigures, Reader], Waiting]] = {
    "recognition": lambda rows, reader: rows.sources(reader, "received"),
    "cut": lambda rows, reader: rows.sources(reader, "recognised"),
    "questions": lambda rows, reader: rows.sources(reader, "waiting"),
    "routing": lambda rows, reader: rows.undelivered(reader),
    "clearing": lambda rows, reader: rows.clearing(reader),
    "quarantine": lambda rows, reader: rows.sources(reader, "quarantined"),
    "unopened": lambda rows, reader: rows.sources(reader, "unopened"),
    "check": lambda rows, reader: rows.unchecked(reader),
    "rescan": lambda rows, reader: rows.bad_scans(reader),
    "receipts": lambda rows, reader: rows.receipts(reader),
}
"""What may wait, in the order of the way that a sheet goes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """Something that waits; ``kind`` is a key of the ways a sheet can wait."""

    kind: str
    waiting: Waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanCentreView:
    """The whole screen: files and pages of the last hour and of today, batches, queues."""

    now: datetime
    last_hour: tuple[int, int]
    today: tuple[int, int]
    batches: tuple[BatchOnTheWay, ...]
    queues: tuple[Queue, ...]


@dataclass(frozen=True, slots=True)
class ScanCentre:
    """Looks only; nothing here changes anything."""

    database: Database

    def view(self, reader: Reader) -> ScanCentreView:
        """The figures of this moment. Raises ``NotPermitted`` away from the clearing desk."""
        if not reader.at_clearing_desk:
            raise NotPermitted("Die Übersicht der Scanstelle ist für Ihre Rolle nicht offen.")
        now = self.database.clock.now()
        midnight = datetime.combine(self.database.clock.today(), time(), BERLIN)
        with self.database.read() as session:
            rows = ScanFigures(session)
            return ScanCentreView(
                now=now,
                last_hour=rows.arrived_since(reader, now - HOUR),
                today=rows.arrived_since(reader, midnight),
                batches=tuple(rows.batches(reader, MOST_BATCHES)),
                queues=tuple(
                    Queue(kind=kind, waiting=ask(rows, reader)) for kind, ask in _KINDS.items()
                ),
            )
