"""route: the document's place in its case file, and who receives it by which clause."""

from __future__ import annotations

from eakte.domain.rights import CLEARING
from eakte.intake.classify import document_pages
from eakte.intake.cut import ONLY_BLANK, is_only_blank
from eakte.intake.given import given_facts
from eakte.intake.second_look import keep_likeness
from eakte.intake.tools import STEP, Tools, the
from eakte.models import CaseFile, Document
from eakte.repositories.audit import AuditLog
from eakte.repositories.case_files import CaseFiles
from eakte.repositories.database import EakteSession
from eakte.repositories.documents import Documents
from eakte.repositories.postboxes import Postboxes
from eakte.services.delivery import receiver_to_json
from eakte.services.routing import CLEARING_DESK, Receiver

UNSURE = "Das Schlagwort ist unsicher (Sicherheit {score:.0%})."
NO_TEXT = "Auf den Seiten steht kein lesbarer Text; vielleicht ein Foto oder eine Zeichnung."
READ_HERE = "Nach dem Trennen neu gelesen: bitte Schlagwort und Akte prüfen."
NO_CASE_FILE = "Es wurde keine Akte mit zwei übereinstimmenden Merkmalen gefunden."


def route(session: EakteSession, tools: Tools, document_id: str) -> None:
    """File it and find the receivers; below certainty the clearing desk, with the reason.

    What was given to be filed at once (a notice of the Fachverfahren, a note) has no receiver.
    """
    documents = Documents(session)
    document = the(documents.get(STEP, document_id, lock=True), "document")
    if document.state != "identified":
        return
    here = document.clearing_reason is not None and is_at_desk(session, document_id)
    finding = the(documents.case_finding(STEP, document_id), "case-file finding")
    people = finding.chosen.person_ids if finding.chosen else ()
    cover: CaseFile | None = None
    if finding.chosen is not None:
        cover = CaseFiles(session).get(STEP, finding.chosen.case_file_id)
    document.clearing_reason = _doubt(document, tools, cover, finding.reason)
    pages, given = document_pages(session, document_id), given_facts(session, document)
    told = cover is None and (given.aktenzeichen or given.claims)  # what is wrong is with that
    if document.clearing_reason is not None and not told and not any(one.words for one in pages):
        document.clearing_reason = NO_TEXT
    if is_only_blank(session, document_id):
        document.clearing_reason = ONLY_BLANK
    if here and document.clearing_reason is None:
        document.clearing_reason = READ_HERE
    delivery = tools.delivery(session)
    main: Receiver | None = CLEARING_DESK
    copies: tuple[Receiver, ...] = ()
    if document.clearing_reason is not None or cover is None:
        documents.set_filing(document, None, (), tools.database.clock.now())
    else:
        delivery.file_into(STEP, document, cover, people, given.sub_file)
        if given.filed and documents.filings(STEP, [document_id]):
            main = None
        else:
            main, copies = delivery.receivers(STEP, document, cover, people)
    documents.keep_findings(
        document,
        "route",
        [
            (receiver.postbox, 1.0, {**receiver_to_json(receiver), "copy": position > 0})
            for position, receiver in enumerate((main, *copies) if main else ())
        ],
        tools.database.clock.now(),
    )
    keep_likeness(session, tools, document, pages)
    document.state = "routed"
    AuditLog(session).note(
        STEP,
        "document.route",
        "document",
        document_id,
        details={"postbox": main.postbox, "rule": main.rule} if main else {"filed": True},
    )


def is_at_desk(session: EakteSession, document_id: str) -> bool:
    """Whether it lies at the clearing desk while it is read: who split it there has it in hand."""
    lying = Postboxes(session).all_open_of(STEP, document_id)
    return any(entry.postbox == CLEARING and not entry.copy for entry in lying)


def _doubt(document: Document, tools: Tools, cover: CaseFile | None, reason: str) -> str | None:
    """Why a person must look, or None. ``sonstiges`` is sure enough once the file is certain."""
    if cover is None:
        return reason or NO_CASE_FILE
    if document.schlagwort != "sonstiges" and document.score < tools.threshold:
        return UNSURE.format(score=document.score)
    return None
