"""Taking back an assignment at the clearing desk, as long as nobody has looked at the letter.

What the document was before stands in a finding of kind ``unassigned``, made with the assignment.
Works within the caller's transaction.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from eakte.domain.rights import CLEARING, Reader, system_reader
from eakte.errors import Conflict
from eakte.models import Document
from eakte.repositories.assignments import Assignments
from eakte.repositories.audit import AuditLog
from eakte.repositories.database import EakteSession
from eakte.repositories.documents import Documents
from eakte.repositories.organisation import Organisation
from eakte.repositories.postboxes import Postboxes
from eakte.services.delivery import Delivery
from eakte.services.document_pictures import picture_of, put_back

PLACE = system_reader("clearing")
KIND = "unassigned"
UNDO_FOR = timedelta(minutes=10)
"""So long a clerk notices a slip; after that the letter is corrected like any other."""
_OWN = frozenset({"document.deliver", "document.refused"})
_DONE = {
    "document.open": "geöffnet",
    "document.file": "zu den Akten genommen",
    "document.forward": "weitergeleitet",
    "document.acknowledge": "zur Kenntnis genommen",
}


def remember(session: EakteSession, document: Document, now: datetime) -> None:
    """Keep what the document is before it is assigned."""
    payload = picture_of(session, document)
    Documents(session).keep_findings(document, KIND, [("", 0.0, payload)], now)


def take_back(
    session: EakteSession, reader: Reader, document: Document, delivery: Delivery, now: datetime
) -> None:
    """Put the document back on the desk as it was; what followed from its place goes as well.

    Raises ``Conflict`` where the reader did not assign it just now, or somebody did something
    with it since; it says who and what.
    """
    before = _before(session, reader, document.id, now)
    postboxes = Postboxes(session)
    gone = [one for one in postboxes.all_open_of(PLACE, document.id) if one.postbox != CLEARING]
    assignments = Assignments(session)
    for one in gone:
        assignments.remove(one)
    entry = assignments.entry_at_desk(PLACE, document.id)
    if entry is not None:
        entry.done_at, entry.done_by, entry.done_how = None, None, None
    document.clearing_reason, document.state = before["reason"], "clearing"
    put_back(session, document, before, delivery)
    assignments.forget_plans(document)
    Documents(session).keep_findings(document, KIND, [], now)
    AuditLog(session).note(
        reader,
        "document.unassign",
        "document",
        document.id,
        details={"postboxes": sorted(one.postbox for one in gone)},
    )


def can_take_back(session: EakteSession, reader: Reader, document_id: str, now: datetime) -> bool:
    """Whether ``take_back`` would do it: the reader's own slip, fresh and untouched."""
    try:
        _before(session, reader, document_id, now)
    except Conflict:
        return False
    return True


def _before(
    session: EakteSession, reader: Reader, document_id: str, now: datetime
) -> dict[str, Any]:
    kept = Documents(session).kept(PLACE, document_id, KIND)
    if not kept:
        raise Conflict(
            "Diese Zuordnung lässt sich nicht mehr zurücknehmen.", remedy="Die Liste neu laden."
        )
    _check_untouched(session, reader, document_id, now)
    return kept[0]


def _check_untouched(
    session: EakteSession, reader: Reader, document_id: str, now: datetime
) -> None:
    for row in AuditLog(session).of_document(PLACE, document_id):
        if row.action == "document.assign":
            if row.actor == reader.login and row.at >= now - UNDO_FOR:
                return
            break
        own = row.actor == reader.login and row.action in _OWN
        if own or row.action == "document.refused" or row.actor.startswith("system:"):
            continue
        name = Organisation(session).names([row.actor])[row.actor]
        raise Conflict(
            f"{name} hat das Dokument inzwischen {_DONE.get(row.action, 'bearbeitet')}.",
            remedy="Um Rückgabe an die Klärung bitten.",
        )
    raise Conflict(
        "Diese Zuordnung lässt sich nicht mehr zurücknehmen.",
        remedy="Den Empfänger um Rückgabe an die Klärung bitten.",
    )
