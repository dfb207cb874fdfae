"""index: the document is marked for the indexer, which follows within a second."""

from __future__ import annotations

from eakte.intake.tools import STEP, Tools
from eakte.repositories.database import EakteSession
from eakte.repositories.outbox import Outbox


def index(session: EakteSession, tools: Tools, document_id: str) -> None:
    """Write the outbox row where none waits; also part of ``deliver``'s transaction.

    Nothing may be delivered and yet unknown to the index and its outbox both.
    """
    outbox = Outbox(session)
    if not outbox.is_waiting(STEP, document_id):
        outbox.put([document_id], tools.database.clock.now())
