"""Pictures and pages that are asked for by their address leave a trace, once a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from eakte.domain.rights import Reader
from eakte.repositories.audit import AuditLog
from eakte.repositories.database import Database


def leave_trace(  # noqa: PLR0917  who did what to what
    database: Database,
    reader: Reader,
    action: str,
    subject_type: str,
    subject_id: str,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Note ``action`` unless the reader's last one is younger than a day.

    Asked first, so that the second page of a document costs no transaction that writes.
    """
    since = database.clock.now() - timedelta(days=1)
    with database.read() as session:
        if AuditLog(session).opened_since(
            reader, subject_id, since, subject_type=subject_type, action=action
        ):
            return
    with database.write() as session:
        AuditLog(session).note(reader, action, subject_type, subject_id, details=details)
