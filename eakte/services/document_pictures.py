"""What a document is taken for at one moment, so that a person's decision can be taken back.

Schlagworte, place and people, as ids.  Works within the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from eakte.domain.rights import system_reader
from eakte.models import Document
from eakte.repositories.assignments import Assignments
from eakte.repositories.case_files import CaseFiles
from eakte.repositories.database import EakteSession
from eakte.repositories.documents import Documents
from eakte.services.delivery import Delivery

PLACE = system_reader("pictures")


def picture_of(session: EakteSession, document: Document) -> dict[str, Any]:
    """What it is now."""
    documents = Documents(session)
    filings = documents.filings(PLACE, [document.id])[document.id]
    return {
        "schlagwort": document.schlagwort,
        "score": document.score,
        "reason": document.clearing_reason,
        "labels": [
            {"id": row.schlagwort, "on": list(row.pages), "by": row.given_by}
            for row in documents.schlagworte(PLACE, document.id)
        ],
        "filing": next(
            ([one.case_file_id, one.sub_file, one.person_id] for one, _ in filings), None
        ),
        "people": [one.id for one in documents.people(PLACE, [document.id])[document.id]],
    }


def put_back(
    session: EakteSession, document: Document, before: Mapping[str, Any], delivery: Delivery
) -> None:
    """Make it again what ``picture_of`` told; its Vorgang and its periods follow."""
    document.schlagwort, document.score = before["schlagwort"], before["score"]
    session.flush()
    Assignments(session).put_labels(document, before["labels"])
    cover, sub_file = None, None
    if before["filing"]:
        case_file_id, sub_file, _ = before["filing"]
        cover = CaseFiles(session).get(PLACE, case_file_id)
    delivery.file_into(PLACE, document, cover, before["people"], sub_file)
