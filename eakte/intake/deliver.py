"""deliver: entries in the postboxes; from here on people see it."""

from __future__ import annotations

from eakte.intake.index import index
from eakte.intake.tools import STEP, Tools, the
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
    main = next(receiver for copy, receiver in decided if not copy)
    copies = [receiver for copy, receiver in decided if copy]
    tools.delivery(session).deliver(STEP, document, main, copies, round_key="intake")
    index(session, tools, document_id)
