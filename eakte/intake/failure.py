"""A document whose steps failed: a person gets it, with the reason; the others go on.

One that people have already stays where it is; what was to be read again on it is left as it was.
"""

from __future__ import annotations

from eakte.intake.tools import STEP, Tools, the
from eakte.repositories.audit import AuditLog
from eakte.repositories.database import EakteSession
from eakte.repositories.documents import Documents
from eakte.repositories.outbox import Outbox
from eakte.repositories.sources import Sources
from eakte.services.page_changes import GIVEN_UP
from eakte.services.routing import CLEARING_DESK

REASON = "Die automatische Zuordnung ist an einem Fehler gescheitert ({error}); bitte zuordnen."


def hand_over(session: EakteSession, tools: Tools, document_id: str, error: str) -> None:
    """Deliver the document to the clearing desk; run twice, it makes no second entry."""
    documents = Documents(session)
    document = the(documents.get(STEP, document_id, lock=True), "document")
    pages = [page.id for _, page in documents.pages(STEP, document_id)]
    given_up = Sources(session).read_no_more(STEP, pages, GIVEN_UP)
    delivered = document.state in ("delivered", "clearing", "filed")
    if given_up or not delivered:
        AuditLog(session).note(
            STEP, "document.failed", "document", document_id, details={"error": error}
        )
    if delivered:
        return
    now = tools.database.clock.now()
    document.clearing_reason = REASON.format(error=error)
    documents.set_filing(document, None, (), now)
    key = f"failure:{document.version}"
    tools.delivery(session).deliver(STEP, document, CLEARING_DESK, (), round_key=key)
    Outbox(session).put([document_id], now)
