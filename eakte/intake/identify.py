"""identify: whose it is.  Two independent agreeing facts, or a person decides."""

from __future__ import annotations

from dataclasses import replace

from eakte.domain.arrivals import Given
from eakte.domain.findings import CaseFileFinding
from eakte.intake.classify import as_read, document_pages, in_place
from eakte.intake.given import given_facts, sender_of, whose
from eakte.intake.provisional import open_provisional_file
from eakte.intake.tools import STEP, Pages, Tools, the
from eakte.models import Document
from eakte.repositories.audit import AuditLog
from eakte.repositories.codec import case_finding_to_json
from eakte.repositories.database import EakteSession
from eakte.repositories.documents import Documents


def identify(session: EakteSession, tools: Tools, document_id: str) -> None:
    """Keep the finding with all candidates; the people it concerns; a provisional file."""
    documents = Documents(session)
    document = the(documents.get(STEP, document_id, lock=True), "document")
    if document.state != "classified":
        return
    texts = document_pages(session, document_id)
    pages = as_read(texts)
    given = given_facts(session, document)
    finding = whose(session, tools, document, given, pages)
    if finding.chosen is None and given.aktenzeichen is None:
        finding = _applied_for(session, tools, document, pages, given, finding)
    finding = _still_overruled(documents.case_finding(STEP, document_id), finding)
    documents.keep_findings(
        document,
        "case_file",
        [
            (
                finding.chosen.aktenzeichen if finding.chosen else "",
                finding.chosen.score if finding.chosen else 0.0,
                in_place(case_finding_to_json(finding), texts),
            )
        ],
        tools.database.clock.now(),
    )
    documents.set_people(document, finding.chosen.person_ids if finding.chosen else ())
    document.state = "identified"
    AuditLog(session).note(
        STEP,
        "document.identify",
        "document",
        document_id,
        details={
            "case_file": finding.chosen.case_file_id if finding.chosen else None,
            "candidates": len(finding.candidates),
        },
    )


def _still_overruled(before: CaseFileFinding | None, finding: CaseFileFinding) -> CaseFileFinding:
    """A file out of which a person took the document (Fehlablage) is not named anew."""
    if before is None or not before.overruled:
        return finding
    chosen = finding.chosen
    return replace(
        finding,
        chosen=None if chosen and chosen.case_file_id in before.overruled else chosen,
        candidates=tuple(
            one for one in finding.candidates if one.case_file_id not in before.overruled
        ),
        overruled=before.overruled,
    )


def _applied_for(  # noqa: PLR0917  what the step has at hand
    session: EakteSession,
    tools: Tools,
    document: Document,
    pages: Pages,
    given: Given,
    finding: CaseFileFinding,
) -> CaseFileFinding:
    """A first application that fits no file opens a provisional one."""
    sure = document.schlagwort == "erstantrag" and document.score >= tools.threshold
    if not sure or finding.candidates:
        return finding
    sender = sender_of(given) or tools.read_application(pages)
    if sender is None:
        return finding
    return open_provisional_file(session, tools, document, sender) or finding
