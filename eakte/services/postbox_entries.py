"""Taking an entry in hand and finishing it: the checks that every action at the desk shares.

Works within the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from eakte.domain.rights import CLEARING, Reader, system_reader
from eakte.errors import Conflict, NotPermitted
from eakte.models import Document, PostboxEntry
from eakte.repositories.database import EakteSession
from eakte.repositories.documents import Documents
from eakte.repositories.organisation import Organisation
from eakte.repositories.postboxes import Postboxes
from eakte.services.refusals import Refused
from eakte.services.who_did_what import who_did_what

PLACE = system_reader("postbox")
GONE = "Diesen Eintrag gibt es nicht."
CHANGED = "Der Eintrag hat sich inzwischen geändert."
DONE_TITLES = {
    "": "erledigt",
    "filed": "zu den Akten",
    "seen": "gesehen",
    "forwarded": "weitergeleitet",
    "taken_over": "übernommen",
    "taken_back": "zurückgeholt",
    "assigned": "zugeordnet",
    "returned": "aus der Vertretung zurückgegeben",
    "rerouted": "an die neue Zuständigkeit gegeben",
    "superseded": "überholt",
    "merged": "mit einem anderen Dokument zusammengefügt",
}

Again = Callable[[PostboxEntry, Document], bool]


class DoneAlready(Conflict):
    """The reader has done this very thing: a second click, the back button, another tab."""


def _never(_entry: PostboxEntry, _document: Document) -> bool:
    return False


def take(
    session: EakteSession,
    reader: Reader,
    entry_id: str,
    version: int,
    *,
    again: Again = _never,
) -> tuple[PostboxEntry, Document]:
    """An open entry of the reader's with its document, both locked.

    ``again`` says whether a done entry is what the reader wants to do now. Raises ``Refused``,
    ``DoneAlready``, ``Conflict`` (somebody was quicker; says who did what) and ``NotPermitted`` at
    the clearing desk.
    """
    entry = Postboxes(session).get(reader, entry_id)
    if entry is None:
        raise refused_entry(session, entry_id)
    document = Documents(session).get(reader, entry.document_id, lock=True)
    if document is None:
        raise Refused(entry.document_id, GONE)
    if entry.done_at is not None:
        if entry.done_by == reader.login and again(entry, document):
            raise DoneAlready("Das ist schon geschehen.", remedy="Die Liste neu laden.")
        name = Organisation(session).names([entry.done_by or ""])[entry.done_by or ""]
        raise Conflict(
            f"{name} hat das Dokument schon bearbeitet ({DONE_TITLES[entry.done_how or '']}).",
            remedy="Die Liste neu laden.",
        )
    if entry.version != version:
        raise Conflict(who_did_what(session, document.id) or CHANGED, remedy="Die Liste neu laden.")
    if entry.postbox == CLEARING:
        raise NotPermitted(
            "In der Klärung wird zugeordnet, nicht abgelegt oder weitergeleitet.",
            remedy="Das Dokument in der Klärung einer Akte zuordnen.",
        )
    return entry, document


def refused_entry(session: EakteSession, entry_id: str) -> Refused:
    """An entry that is unknown or none of the reader's: the trail names its document."""
    known = Postboxes(session).some(PLACE, [entry_id])
    return Refused(known[0][0].document_id if known else "unknown", GONE)


def finish(
    session: EakteSession, reader: Reader, entry: PostboxEntry, how: str, now: datetime
) -> None:
    """The entry leaves its postbox."""
    entry.done_at, entry.done_by, entry.done_how = now, reader.login, how
    session.flush()


def for_whom(reader: Reader, entry: PostboxEntry) -> str | None:
    """The absent one for whom a deputy acts; None in one's own or a team's postbox."""
    if entry.login is not None and entry.login != reader.login:
        return entry.login
    return entry.deputy_for
