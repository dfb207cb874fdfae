"""Quarantine: what can't become documents, kept with its reason; nothing vanishes unnoticed."""

from __future__ import annotations

from eakte.intake.tools import STEP, the
from eakte.repositories.audit import AuditLog
from eakte.repositories.database import Database
from eakte.repositories.sources import Sources

UNREAD = ("received", "recognised")
"""States in which a source has no documents yet."""


def quarantine(database: Database, source_id: str, code: str, reason: str) -> None:
    """Put the source aside with ``reason``, a sentence for the desk; its bytes stay.

    A source whose documents are made already, or that was put aside before, is left as it is.
    """
    with database.write() as session:
        source = the(Sources(session).get(STEP, source_id), "source")
        if source.state not in UNREAD:
            return
        source.state, source.changed_at = "quarantined", database.clock.now()
        source.reason_code, source.reason = code, reason
        AuditLog(session).note(
            STEP, "source.quarantine", "source", source_id, details={"reason": code}
        )
