"""receive: bytes that are safe in the store become a source, exactly once an arrival.

Called by every channel (scanner inbox, command line) with the hash of bytes that the store has
already fsynced.  Committing the row is what lets the original leave the inbox.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from eakte.domain.ids import derived_id
from eakte.intake.tools import STEP
from eakte.models import Source
from eakte.repositories.audit import AuditLog
from eakte.repositories.database import Database
from eakte.repositories.sources import Sources

ONCE_PER_BYTES = frozenset({"scanner", "command"})
"""Channels through which the same bytes are the same paper: the second one is a duplicate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One file as it arrived.

    ``key`` names this very arrival (same file, same moment), so that taking it again after a
    crash finds the first; ``batch`` is the folder or run it came with.
    """

    key: str
    channel: str
    batch: str
    name: str
    sha256: str
    size: int
    received: date


@dataclass(frozen=True, slots=True)
class Received:
    """The source of an arrival; ``state`` ``received`` waits for its workflow."""

    source_id: str
    state: str
    duplicate_of: str | None


def receive(database: Database, arrival: Arrival) -> Received:
    """Commit the source's row; the same arrival again answers with the same source."""
    now = database.clock.now()
    with database.write() as session:
        sources = Sources(session)
        sources.lock_bytes(arrival.sha256)
        found = sources.by_arrival(STEP, arrival.key)
        if found is not None:
            return Received(found.id, found.state, found.duplicate_of)
        first = sources.first_with_bytes(STEP, arrival.sha256)
        duplicate = first is not None and arrival.channel in ONCE_PER_BYTES
        earlier = first or sources.first_with_bytes(STEP, arrival.sha256, quarantined=True)
        source = Source(
            id=derived_id("source", arrival.key),
            arrival_key=arrival.key,
            batch_id=sources.batch(STEP, arrival.channel, arrival.batch, arrival.received, now),
            channel=arrival.channel,
            name=arrival.name,
            sha256=arrival.sha256,
            size=arrival.size,
            arrived_at=now,
            changed_at=now,
            received_here=arrival.received,
            state="duplicate" if duplicate else "received",
            duplicate_of=earlier.id if earlier is not None else None,
            reason=f"Dieselbe Datei kam schon als „{first.name}“." if duplicate and first else None,
            reason_code="duplicate" if duplicate else None,
        )
        sources.add(source)
        AuditLog(session).note(
            STEP,
            "source.duplicate" if duplicate else "source.receive",
            "source",
            source.id,
            details={"channel": arrival.channel, "sha256": arrival.sha256},
        )
    return Received(source.id, source.state, source.duplicate_of)
