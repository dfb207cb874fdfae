"""classify: which Schlagworte, with their evidence."""

from __future__ import annotations

from typing import Any

from eakte.domain.arrivals import Given
from eakte.domain.findings import SchlagwortFinding
from eakte.intake.facts import facts_on, keep_facts
from eakte.intake.given import GIVEN_RULE, given_facts
from eakte.intake.second_look import stamps_on
from eakte.intake.tools import STEP, Pages, Tools, the
from eakte.intake.unopened import is_unread, letter_stays_closed
from eakte.repositories.audit import AuditLog
from eakte.repositories.codec import laid_back, schlagwort_to_json
from eakte.repositories.database import EakteSession
from eakte.repositories.documents import Documents
from eakte.repositories.sources import Sources
from eakte.services.arrivals import UNOPENED
from eakte.services.withdrawals import withdraw_where_kept


def classify(session: EakteSession, tools: Tools, document_id: str) -> bool:
    """Keep all findings; the best one becomes the primary Schlagwort.

    Further ones are the document's from the threshold on; weaker ones stay findings.  A given
    Schlagwort is the document's whatever the rules say; their findings are kept beside it.
    False for an envelope that stays closed, and where pages are to be read before: of one that was
    opened after all, or pages that were turned, whatever the document's state.
    """
    documents = Documents(session)
    document = the(documents.get(STEP, document_id, lock=True), "document")
    if document.state == UNOPENED or is_unread(session, document_id):
        return False
    if document.state != "cut":
        return True
    if letter_stays_closed(session, tools, document):
        return False
    now, rules = tools.database.clock.now(), tools.rules()
    texts = document_pages(session, document_id)
    pages = as_read(texts)
    findings = rules.classify(pages)
    stamps = [(day, in_place(stamp, texts)) for day, stamp in stamps_on(document, pages)]
    documents.keep_findings(document, "receipt", [(day, 1.0, one) for day, one in stamps], now)
    documents.keep_findings(
        document,
        "schlagwort",
        [(one.schlagwort, one.score, in_place(schlagwort_to_json(one), texts)) for one in findings],
        now,
        rules_version=rules.version,
    )
    kept = [one for rank, one in enumerate(findings) if rank == 0 or one.score >= tools.threshold]
    given = given_facts(session, document)
    said = _given(given, kept[0], tools)
    if said is not None:
        kept = [SchlagwortFinding(schlagwort=said, score=1.0, pages=(), evidence=())]
    by = "rules" if said is None else given.by or GIVEN_RULE
    documents.set_schlagworte(document, [(one.schlagwort, one.pages) for one in kept], by)
    withdraw_where_kept(session, STEP, document, tools.database.clock)
    document.schlagwort, document.score = kept[0].schlagwort, kept[0].score
    read = [in_place(one, texts) for one in facts_on(document, tools, pages)]
    keep_facts(session, document, read, now)
    document.state = "classified"
    AuditLog(session).note(
        STEP,
        "document.classify",
        "document",
        document_id,
        details={
            "schlagwort": kept[0].schlagwort,
            "score": round(kept[0].score, 3),
            "by": by,
            "rules": rules.version,
        },
    )
    return True


def _given(given: Given, best: SchlagwortFinding, tools: Tools) -> str | None:
    """The Schlagwort that came with the document, where it counts."""
    if given.schlagwort in tools.schlagworte:
        return given.schlagwort
    unsure = best.schlagwort == "sonstiges" or best.score < tools.threshold
    if unsure and given.schlagwort_else in tools.schlagworte:
        return given.schlagwort_else
    return None


def document_pages(session: EakteSession, document_id: str) -> Pages:
    """The text of the document's kept pages, in their order."""
    ids = [page.id for row, page in Documents(session).pages(STEP, document_id) if not row.removed]
    texts = Sources(session).texts(STEP, ids)
    return tuple(texts[page_id] for page_id in ids)


def as_read(pages: Pages) -> Pages:
    """Every page the way round in which its lines run upright: what classifiers look at."""
    return tuple(page.turned(page.turn) for page in pages)


def in_place(payload: dict[str, Any], pages: Pages) -> dict[str, Any]:
    """A finding made on ``as_read(pages)``, its boxes where they are on ``pages`` themselves."""
    turns = {number: page.turn for number, page in enumerate(pages, start=1) if page.turn}
    made: dict[str, Any] = laid_back(payload, turns) if turns else payload
    return made
