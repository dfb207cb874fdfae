"""index: the document is marked for the indexer, which follows within a second."""

from __future__ import annotations

from eakte.intake.tools import Tools
from eakte.repositories.database import EakteSession
from eakte.repositories.outbox import Outbox


def index(session: EakteSession, tools: Tools, document_id: str) -> None:
    """Write the outbox row; a second one does no harm."""
    Outbox(session).put([document_id], tools.database.clock.now())
