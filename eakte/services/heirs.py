"""What a document leaves to the one that takes all its pages, and what it gets back by an undo.

Whoever had it zur Kenntnis gets to see its pages in the heir; a task that was urgent stays urgent;
its further Schlagworte are the heir's as well.  What was handed over stands in the giver's audit
row, so that exactly that is taken back.  Works within the caller's transaction.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from eakte.domain.ids import derived_id
from eakte.domain.rights import Reader, system_reader
from eakte.models import Document, DocumentSchlagwort, PostboxEntry
from eakte.repositories.audit import AuditLog
from eakte.repositories.database import EakteSession
from eakte.repositories.documents import Documents
from eakte.repositories.postboxes import Postboxes

PLACE = system_reader("page-desk")
TAKEN_BACK = "superseded"
_HEIR = "heir"
_ROWS = 1000
"""Audit rows of one document that are looked through."""


def hand_over(
    session: EakteSession,
    reader: Reader,
    giver: Document,
    heir_id: str,
    *,
    change_id: str,
    now: datetime,
) -> dict[str, Any]:
    """Give the heir what ``giver`` leaves; returns what it was, for the audit row."""
    postboxes = Postboxes(session)
    left, there = (list(postboxes.all_open_of(PLACE, one)) for one in (giver.id, heir_id))
    lying = {entry.postbox for entry in there}
    copies = [entry for entry in left if entry.copy and entry.postbox not in lying]
    for entry in copies:
        postboxes.add(entry_like(entry, heir_id, change_id, now))
        AuditLog(session).note(
            reader,
            "document.deliver",
            "document",
            heir_id,
            on_behalf_of=entry.deputy_for,
            details={"postbox": entry.postbox, "copy": True, "rule": "page-desk"},
        )
    calm = [entry for entry in there if not entry.copy and not entry.urgent]
    urgent = bool(calm) and any(entry.urgent for entry in left)
    for entry in calm:
        entry.urgent = entry.urgent or urgent
    labels = _labels(session, giver.id, heir_id)
    session.flush()
    return {
        _HEIR: heir_id,
        "copies": [entry.postbox for entry in copies],
        "urgent": urgent,
        "labels": labels,
    }


def take_back(session: EakteSession, reader: Reader, giver: Document, now: datetime) -> None:
    """Take from the heir what it got of ``giver``, which has its pages again."""
    rows = AuditLog(session).of_document(PLACE, giver.id, limit=_ROWS)
    handed = next((row.details for row in rows if _HEIR in row.details), None)
    if handed is None:
        return
    for entry in Postboxes(session).all_open_of(PLACE, handed[_HEIR]):
        if entry.copy and entry.postbox in handed["copies"]:
            entry.done_at, entry.done_by, entry.done_how = now, reader.login, TAKEN_BACK
        elif not entry.copy and handed["urgent"]:
            entry.urgent = False
    for label in Documents(session).schlagworte(PLACE, handed[_HEIR]):
        if label.position > 0 and label.schlagwort in handed["labels"]:
            session.delete(label)
    session.flush()


def entry_like(
    entry: PostboxEntry, document_id: str, change_id: str, now: datetime
) -> PostboxEntry:
    """An open entry for another document, in the same postbox and with the same words."""
    return PostboxEntry(
        id=derived_id("entry", document_id, change_id, entry.postbox),
        document_id=document_id,
        postbox=entry.postbox,
        login=entry.login,
        team_id=entry.team_id,
        copy=entry.copy,
        urgent=entry.urgent,
        deputy_for=entry.deputy_for,
        note=entry.note,
        sent_by=entry.sent_by,
        arrived_at=now,
    )


def _labels(session: EakteSession, giver_id: str, heir_id: str) -> list[str]:
    """The giver's Schlagworte that the heir gets behind its own; their pages are found anew."""
    documents = Documents(session)
    own = list(documents.schlagworte(PLACE, heir_id))
    known = {label.schlagwort for label in own} | {"sonstiges"}
    fresh = [
        label
        for label in documents.schlagworte(PLACE, giver_id)
        if own and label.schlagwort not in known
    ]
    behind = max((label.position for label in own), default=0)
    session.add_all(
        DocumentSchlagwort(
            document_id=heir_id,
            schlagwort=label.schlagwort,
            position=position,
            pages=[],
            given_by=label.given_by,
        )
        for position, label in enumerate(fresh, start=behind + 1)
    )
    return [label.schlagwort for label in fresh]
