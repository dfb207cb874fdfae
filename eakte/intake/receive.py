"""receive: bytes that are safe in the store become a source, exactly once an arrival.

Called by every channel (scanner inbox, command line) with the hash of bytes that the store has
already fsynced.  Committing the row is what lets the original leave the inbox.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from eakte.domain.ids import derived_id
from eakte.domain.pages import Remark
from eakte.intake.tools import STEP
from eakte.models import Source
from eakte.repositories.audit import AuditLog
from eakte.repositories.database import Database
from eakte.repositories.sheets import remarks_to_json
from eakte.repositories.sources import Sources

ONCE_PER_BYTES = frozenset({"scanner", "command"})
"""Channels through which the same bytes are the same paper: the second one is a duplicate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One file as it arrived.

    ``key`` names this very arrival (same file, same moment), so that taking it again after a
    crash finds the first; ``batch`` is the folder or run it came with.  ``form`` is how it reached
    the authority, ``given`` what the channel already says about it, ``parent_id`` the source that
    it was a member of (an archive), ``run`` what the scanner tells about the batch.
    """

    key: str
    channel: str
    batch: str
    name: str
    sha256: str
    size: int
    received: date
    form: str = "paper"
    given: Mapping[str, Any] = field(default_factory=dict)
    remarks: tuple[Remark, ...] = ()
    parent_id: str | None = None
    run: ScannerRun | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScannerRun:
    """What is known of a batch beside its files; None where nobody said.

    ``operator`` and ``device`` are who scanned with what (TR-03138), ``sheets`` is the scanner's
    own count.
    """

    profile: str | None = None
    site_id: str | None = None
    operator: str | None = None
    device: str | None = None
    sheets: int | None = None


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
            form=arrival.form,
            given=dict(arrival.given),
            remarks=remarks_to_json(arrival.remarks),
            parent_id=arrival.parent_id,
        )
        sources.add(source)
        if arrival.run is not None:
            sources.note_run(STEP, source.batch_id, asdict(arrival.run))
        AuditLog(session).note(
            STEP,
            "source.duplicate" if duplicate else "source.receive",
            "source",
            source.id,
            details={"channel": arrival.channel, "sha256": arrival.sha256},
        )
    return Received(source.id, source.state, source.duplicate_of)
