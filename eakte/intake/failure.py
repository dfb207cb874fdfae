"""A document whose steps failed: a person gets it, with the reason; the others go on."""

from __future__ import annotations

from eakte.intake.tools import STEP, Tools, the
from eakte.repositories.audit import AuditLog
from eakte.repositories.database import EakteSession
from eakte.repositories.documents import Documents
from eakte.repositories.outbox import Outbox
from eakte.services.routing import CLEARING_DESK

REASON = "Die automatische Zuordnung ist an einem Fehler gescheitert ({error}); bitte zuordnen."


def hand_over(session: EakteSession, tools: Tools, document_id: str, error: str) -> None:
    """Deliver the document to the clearing desk; run twice, it makes no second entry."""
    documents = Documents(session)
    document = the(documents.get(STEP, document_id, lock=True), "document")
    if document.state in ("delivered", "clearing", "filed"):
        return
    now = tools.database.clock.now()
    document.clearing_reason = REASON.format(error=error)
    documents.set_filing(document, None, (), now)
    AuditLog(session).note(
        STEP, "document.failed", "document", document_id, details={"error": error}
    )
    key = f"failure:{document.version}"
    tools.delivery(session).deliver(STEP, document, CLEARING_DESK, (), round_key=key)
    Outbox(session).put([document_id], now)
