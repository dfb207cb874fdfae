"""unopened: post that nobody here may read is logged with the picture of its envelope alone.

An envelope marked „persönlich“, for the staff council, „Ärztlicher Dienst – verschlossen“ or an
open tender makes no letter. What was read on it is deleted, and there is neither text layer nor
index. A file that is nothing but an envelope is known between recognise and cut; one in a stack
once it is cut, before anything else is asked of it: it becomes a closed document, its neighbours
go their way. Only paper has envelopes, and what somebody files by a map (a backfile) was opened
long ago.  What the desk opened after all is not asked again.
"""

from __future__ import annotations

from collections.abc import Iterable

from eakte.domain.arrivals import given_from_json
from eakte.domain.findings import Evidence
from eakte.domain.pages import PageText, Remark, SheetKind
from eakte.domain.proof import PaperFate
from eakte.intake.given import given_facts
from eakte.intake.tools import STEP, Tools, the
from eakte.models import Document, Page, Source
from eakte.repositories.audit import AuditLog
from eakte.repositories.cuts import Cuts
from eakte.repositories.database import EakteSession
from eakte.repositories.documents import Documents
from eakte.repositories.outbox import Outbox
from eakte.repositories.sources import Sources
from eakte.services.arrivals import OPENED_BY, OPENED_DOCUMENTS, UNOPENED

REASON = "Ungeöffnet weiterzugeben: {whom}."
NOT_READ = Remark(code="not_read", message="Ungeöffnete Post: Die Seite wird nicht gelesen.")
"""On the pages of a closed document; a page with it is read once the document is opened."""

_READ_FROM_IT = (
    "schlagwort",
    "case_file",
    "deadline",
    "receipt",
    "fingerprint",
    "likeness",
    "route",
)
"""Kinds of findings that a closed document must not keep from a time before."""

MOST_OF_AN_ENVELOPE = 4
"""Pages that a file with a single envelope has at most, separators and backs included."""

FOR_WHOM = {
    "personalrat": "für Personalrat oder Schwerbehindertenvertretung",
    "gleichstellung": "für die Gleichstellungsbeauftragte",
    "arzt": "für den Ärztlichen Dienst",
    "ausschreibung": "Angebot zu einer Ausschreibung",
    "persoenlich": "persönlich oder vertraulich",
}


def envelope_mark(tools: Tools, source: Source, texts: Iterable[PageText]) -> Evidence | None:
    """What says that the whole source is an envelope that stays closed."""
    return tools.closed_post(tuple(texts)) if may_be_closed(source) else None


def close_source(tools: Tools, source_id: str, mark: Evidence) -> None:
    """Forget what was read on the envelope; a second time changes nothing."""
    with tools.database.write() as session:
        sources = Sources(session)
        source = the(sources.get(STEP, source_id), "source")
        if source.state != "received":
            return
        whom = mark.rule.rpartition(".")[2]
        sources.forget_words(STEP, source_id)
        source.state, source.changed_at = "unopened", tools.database.clock.now()
        source.reason_code = f"unopened_{whom}"
        source.reason = REASON.format(whom=FOR_WHOM[whom])
        AuditLog(session).note(STEP, "source.unopened", "source", source_id, details={"whom": whom})


def may_be_closed(source: Source) -> bool:
    """Whether envelopes in the source are asked about at all."""
    opened = given_from_json(source.given).filed or source.given.get(OPENED_BY)
    return source.form == "paper" and not opened


def looks_closed(tools: Tools, source: Source, text: PageText) -> bool:
    """Whether the page would be an envelope if it were alone.

    What stands on it is kept out of the archive copy: where it is cut is not known yet.
    """
    return may_be_closed(source) and tools.closed_post((text,)) is not None


def letter_stays_closed(session: EakteSession, tools: Tools, document: Document) -> bool:
    """Whether a letter cut from a stack is an envelope that stays closed; then it is closed.

    One kept page and nothing else written: blank backs count for nothing, but under a cover sheet
    somebody put it who wanted it read.
    """
    source = the(Sources(session).get(STEP, document.source_id), "source")
    if not may_be_closed(source) or document.id in source.given.get(OPENED_DOCUMENTS, {}):
        return False
    listed = Documents(session).pages(STEP, document.id)
    pages = [page for row, page in listed if not row.removed]
    if len(pages) != 1 or given_facts(session, document).by == "cover":
        return False
    if any(page.kind != SheetKind.BLANK for row, page in listed if row.removed):
        return False
    texts = Sources(session).texts(STEP, [pages[0].id])
    mark = tools.closed_post(tuple(texts.values()))
    if mark is None:
        return False
    _close(session, document, source, mark)
    return True


def is_unread(session: EakteSession, document_id: str) -> bool:
    """Whether pages of it are to be read: it was closed once, or the page desk turned them."""
    return any(is_asked(page) for _, page in Documents(session).pages(STEP, document_id))


def is_asked(page: Page) -> bool:
    """Whether the page is to be read (again)."""
    closed_once = any(one["code"] == NOT_READ.code for one in page.remarks)
    return closed_once or page.asked_turn is not None


def _close(session: EakteSession, document: Document, source: Source, mark: Evidence) -> None:
    """Forget what was read, and keep the picture, whom it is for, and the paper."""
    whom, now = mark.rule.rpartition(".")[2], session.trail.clock.now()
    documents, sources = Documents(session), Sources(session)
    pages = [page for _, page in documents.pages(STEP, document.id)]
    sources.forget_words(STEP, source.id, [page.id for page in pages], NOT_READ)
    Cuts(session).forget_words(STEP, source.id, [page.number for page in pages])
    found = {"rule": mark.rule, "code": f"unopened_{whom}"}
    for kind in _READ_FROM_IT:
        documents.keep_findings(document, kind, (), now)
    documents.keep_findings(document, UNOPENED, [(whom, 1.0, found)], now)
    documents.set_schlagworte(document, (), "rules")
    documents.set_filing(document, None, (), now)
    document.schlagwort, document.score = None, 0.0
    document.state = UNOPENED
    document.clearing_reason = REASON.format(whom=FOR_WHOM[whom])
    document.paper, document.paper_by = PaperFate.KEEP.value, "rules"
    source.changed_at = now
    Outbox(session).put([document.id], now)
    AuditLog(session).note(
        STEP, "document.unopened", "document", document.id, details={"whom": whom}
    )
