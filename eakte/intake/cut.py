"""cut: documents of a source's pages.  For now a source is one document."""

from __future__ import annotations

from eakte.intake.tools import STEP, Tools, the
from eakte.repositories.audit import AuditLog
from eakte.repositories.database import EakteSession
from eakte.repositories.documents import Documents
from eakte.repositories.sources import Sources


def cut(session: EakteSession, tools: Tools, source_id: str) -> list[str]:
    """Make the documents; run twice, it finds the same ones."""
    sources = Sources(session)
    source = the(sources.get(STEP, source_id), "source")
    pages = sources.pages(STEP, source_id)
    document = Documents(session).cut(STEP, source, pages, tools.database.clock.now())
    if source.state == "recognised":
        source.state, source.changed_at = "cut", tools.database.clock.now()
        AuditLog(session).note(
            STEP, "document.cut", "document", document.id, details={"source": source_id}
        )
    return [document.id]
