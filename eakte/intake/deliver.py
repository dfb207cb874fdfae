"""deliver: entries in the postboxes; from here on people see it."""

from __future__ import annotations

from eakte.intake.given import given_facts
from eakte.intake.index import index
from eakte.intake.tools import STEP, Tools, the
from eakte.models import Document
from eakte.repositories.audit import AuditLog
from eakte.repositories.database import EakteSession
from eakte.repositories.documents import Documents
from eakte.services.delivery import receiver_from_json


def deliver(session: EakteSession, tools: Tools, document_id: str) -> None:
    """Make the entries that ``route`` decided on; run twice, it makes no second ones."""
    documents = Documents(session)
    document = the(documents.get(STEP, document_id, lock=True), "document")
    if document.state != "routed":
        return
    decided = [
        (row.pop("copy"), receiver_from_json(row)) for row in documents.route(STEP, document_id)
    ]
    if not decided:
        _file(session, tools, document)
        index(session, tools, document_id)
        return
    main = next(receiver for copy, receiver in decided if not copy)
    copies = [receiver for copy, receiver in decided if copy]
    # A document that the page desk sent through again may come to the same postbox once more.
    key = f"intake:{document.version}"
    tools.delivery(session).deliver(STEP, document, main, copies, round_key=key)
    index(session, tools, document_id)


def _file(session: EakteSession, tools: Tools, document: Document) -> None:
    """Zu den Akten at once: whoever gave number and Schlagwort has decided it."""
    by = given_facts(session, document).by or STEP.login
    document.state = "filed"
    document.filed_at, document.filed_by = tools.database.clock.now(), by
    AuditLog(session).note(STEP, "document.file", "document", document.id, details={"by": by})
