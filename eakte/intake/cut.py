"""cut: documents of a source's pages; where that is unsure, the source waits at the desk."""

from __future__ import annotations

from eakte.domain.pages import SheetKind
from eakte.intake.tools import STEP, Tools, the
from eakte.repositories.database import EakteSession
from eakte.repositories.documents import Documents
from eakte.repositories.sources import Sources
from eakte.services.cutting import Cutting

ONLY_BLANK = "Es sind nur leere Seiten."


def cut(session: EakteSession, tools: Tools, source_id: str) -> list[str]:
    """Make the documents; run twice, it finds the same ones."""
    source = the(Sources(session).get(STEP, source_id), "source")
    return Cutting(session, tools.pattern, tools.cut_rules).cut(STEP, source)


def is_only_blank(session: EakteSession, document_id: str) -> bool:
    """Whether nothing is written on any of the document's kept pages."""
    pages = Documents(session).pages(STEP, document_id)
    return all(page.kind == SheetKind.BLANK for listed, page in pages if not listed.removed)
