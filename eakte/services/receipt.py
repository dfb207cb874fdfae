"""The day of receipt, changed by a person: a stamp or the channel only proposes it.

Receipt here and receipt at another authority are kept apart (§ 16(2) SGB I, § 84(2) SGG).
"""

from __future__ import annotations

from datetime import date

from eakte.domain.rights import Reader
from eakte.errors import NotPermitted, Unusable
from eakte.models import Document
from eakte.repositories.audit import AuditLog
from eakte.repositories.database import Database, EakteSession
from eakte.repositories.outbox import Outbox
from eakte.repositories.postboxes import Postboxes
from eakte.services.deadlines import plan_wiedervorlagen, reckon
from eakte.services.refusals import require_version


def may_set_receipt(session: EakteSession, reader: Reader, document: Document) -> bool:
    """Whoever has the document on the desk, and the clearing desk while it lies there."""
    if document.state == "clearing":
        return reader.at_clearing_desk
    entries = Postboxes(session).open_for_document(reader, document.id)
    return any(not entry.copy for entry in entries)


def set_receipt(  # noqa: PLR0917  the caller's transaction, then what is to be changed
    database: Database,
    session: EakteSession,
    reader: Reader,
    document: Document,
    version: int,
    day: date,
    *,
    here: bool,
) -> None:
    """Change the day, what it starts, and say who did it; within the caller's transaction.

    Raises ``NotPermitted`` for whoever has it not on the desk, ``Conflict`` for a stale version,
    ``Unusable`` for a day in the future.
    """
    if not may_set_receipt(session, reader, document):
        raise NotPermitted(
            "Den Eingang ändert nur, wer das Dokument im Postkorb hat.",
            remedy="Das Dokument wieder vorlegen lassen.",
        )
    require_version(document, version)
    if day > database.clock.today():
        raise Unusable(f"Der {day:%d.%m.%Y} liegt in der Zukunft.", remedy="Den Tag prüfen.")
    before = document.received_here if here else document.received_elsewhere
    now = database.clock.now()
    if here:
        document.received_here = day
    else:
        document.received_elsewhere = day
    session.flush()
    reckon(session, document, now)
    plan_wiedervorlagen(session, document, now, database.clock.today())
    AuditLog(session).note(
        reader,
        "document.receipt",
        "document",
        document.id,
        details={
            "where": "here" if here else "elsewhere",
            "before": before.isoformat() if before else None,
            "after": day.isoformat(),
        },
    )
    Outbox(session).put([document.id], now)
