"""receive: bytes that are safe in the store become a source, exactly once an arrival.

Called by every channel (scanner inbox, command line) with the hash of bytes that the store has
already fsynced.  Committing the row is what lets the original leave the inbox.
"""

from __future__ import annotations

from dataclasses import asdict

from eakte.domain.arrivals import Arrival, Received, ScannerRun
from eakte.domain.ids import derived_id
from eakte.intake.tools import STEP
from eakte.models import Source
from eakte.repositories.audit import AuditLog
from eakte.repositories.database import Database
from eakte.repositories.sheets import remarks_to_json
from eakte.repositories.sources import Sources

__all__ = ["ONCE_PER_BYTES", "Arrival", "Received", "ScannerRun", "receive"]

ONCE_PER_BYTES = frozenset({"scanner", "command"})
"""Channels through which the same bytes are the same paper: the second one is a duplicate."""


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
        refused = arrival.refused
        duplicate = first is not None and arrival.channel in ONCE_PER_BYTES and not refused
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
            state="quarantined" if refused else "duplicate" if duplicate else "received",
            duplicate_of=earlier.id if earlier is not None and not refused else None,
            reason=f"Dieselbe Datei kam schon als „{first.name}“." if duplicate and first else None,
            reason_code="duplicate" if duplicate else None,
            form=arrival.form,
            given=dict(arrival.given),
            remarks=remarks_to_json(arrival.remarks),
            parent_id=arrival.parent_id,
        )
        if refused:
            source.reason_code, source.reason = refused
        sources.add(source)
        if arrival.run is not None:
            sources.note_run(STEP, source.batch_id, asdict(arrival.run))
        AuditLog(session).note(
            STEP,
            "source.duplicate" if duplicate else "source.receive",
            "source",
            source.id,
            details={
                "channel": arrival.channel,
                "sha256": arrival.sha256,
                **({"sent_by": arrival.given["sent_by"]} if "sent_by" in arrival.given else {}),
            },
        )
        if refused:
            AuditLog(session).note(
                STEP, "source.quarantine", "source", source.id, details={"reason": refused[0]}
            )
    return Received(source.id, source.state, source.duplicate_of)
