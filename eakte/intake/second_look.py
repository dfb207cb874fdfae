"""What a document's text says beside Schlagwort and file: receipt stamps, and letters like it.

Both only propose: the day of receipt is changed by a person, and a letter that came twice is
flagged with a link, never dropped.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from classifiers.likeness import Fingerprint, fingerprint, likeness
from classifiers.receipt import receipt_stamps
from eakte.intake.tools import STEP, Pages, Tools
from eakte.models import Document
from eakte.repositories.audit import AuditLog
from eakte.repositories.codec import receipt_to_json
from eakte.repositories.database import EakteSession
from eakte.repositories.documents import Documents

SINCE = timedelta(days=90)
OLDEST_STAMP = timedelta(days=3 * 365)
_MOST = 5


def stamps_on(document: Document, pages: Pages) -> list[tuple[str, dict[str, Any]]]:
    """Stamps (day, finding) that could be a receipt: not after the arrival, not years before it."""
    latest = document.received_here
    return [
        (one.day.isoformat(), receipt_to_json(one))
        for one in receipt_stamps(pages)
        if latest - OLDEST_STAMP <= one.day <= latest
    ]


def keep_likeness(session: EakteSession, tools: Tools, document: Document, pages: Pages) -> None:
    """Flag documents of the same file and the last 90 days that say the same."""
    documents, now = Documents(session), tools.database.clock.now()
    own = fingerprint(pages)
    prints = [] if own is None else [("", 1.0, own.to_json())]
    documents.keep_findings(document, "fingerprint", prints, now)
    found: list[tuple[float, str]] = []
    if own is not None:
        near = documents.fingerprints_near(STEP, document, document.received_here - SINCE)
        scored = ((likeness(own, Fingerprint.from_json(one)), other) for other, one in near)
        found = sorted((pair for pair in scored if pair[0] > 0), reverse=True)[:_MOST]
    documents.keep_findings(
        document,
        "likeness",
        [
            (other, score, {"document_id": other, "score": round(score, 3)})
            for score, other in found
        ],
        now,
    )
    if found:
        AuditLog(session).note(
            STEP,
            "document.like",
            "document",
            document.id,
            details={"document": found[0][1], "score": round(found[0][0], 3)},
        )
