"""Which documents lie side by side on the page desk, and what can be taken back there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from eakte.domain.page_lists import PageList, kept
from eakte.domain.pages import TextSource
from eakte.domain.rights import CLEARING, Reader
from eakte.errors import NotFound, NotPermitted
from eakte.models import AuditRow, Document
from eakte.repositories.audit import AuditLog
from eakte.repositories.database import EakteSession
from eakte.repositories.documents import Documents
from eakte.repositories.page_lists import Change, PageLists
from eakte.repositories.postboxes import Postboxes
from eakte.repositories.rights import UNDELIVERED
from eakte.services.page_changes import MERGED, PLACE, Held
from eakte.services.refusals import Refused

MOVES = ("document.assign", "document.file", "document.forward")
"""What gives a document another place: its pages may stand in another case file from then on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """The reader's documents of one source with their lists, in the order of the source.

    ``document_id`` is the one that the desk was opened for; ``changes`` what can be looked back
    on, oldest first; ``undo`` and ``redo`` the change that the next undo or redo takes back.
    """

    document_id: str
    source_id: str
    desk: dict[str, Held]
    lists: dict[str, PageList]
    undo: Change | None
    redo: Change | None

    def rows_of(self, pages: Iterable[str]) -> list[str]:
        """The documents that hold these pages, in the order of the desk.

        Raises ``NotFound`` where one of the pages is not on the desk.
        """
        wanted = set(pages)
        found = {page.page_id: one for one, listed in self.lists.items() for page in listed}
        if not wanted or wanted - found.keys():
            raise NotFound(
                "Diese Seiten liegen nicht mehr auf dem Tisch.", remedy="Die Seite neu laden."
            )
        rows = {found[page] for page in wanted}
        return [one for one in self.lists if one in rows]


def take_stack(session: EakteSession, reader: Reader, document_id: str, *, lock: bool) -> Stack:
    """The stack around a document; ``lock``: to change it.

    Raises ``Refused`` for what is not open to the reader, ``NotPermitted`` for what does not lie
    on the reader's desk.
    """
    anchor = _living(session, reader, document_id)
    lists = PageLists(session)
    desk: dict[str, Held] = {}
    for document in lists.of_source(reader, anchor.source_id, lock=lock):
        held = hold(session, reader, document)
        if held is not None:
            desk[document.id] = held
    if anchor.id not in desk:
        raise NotPermitted(
            "Die Seiten ordnet, wer das Dokument im Postkorb hat.",
            remedy="Ein abgelegtes Dokument zuerst wieder vorlegen.",
        )
    undo, redo = _ways_back(session, set(desk), anchor.source_id)
    return Stack(
        document_id=anchor.id,
        source_id=anchor.source_id,
        desk=desk,
        lists=lists.current(reader, desk),
        undo=undo,
        redo=redo,
    )


def hold(session: EakteSession, reader: Reader, document: Document) -> Held | None:
    """The document with its open task where it lies on the reader's desk, else None."""
    if document.state in UNDELIVERED:
        return Held(document=document, entry=None) if reader.at_clearing_desk else None
    if document.state not in ("clearing", "delivered"):
        return None
    at_desk = document.state == "clearing"
    for entry in Postboxes(session).open_for_document(reader, document.id):
        if not entry.copy and (entry.postbox == CLEARING) == at_desk:
            return Held(document=document, entry=entry)
    return None


def is_for_the_machine(session: EakteSession, held: Held, read_as: dict[str, int]) -> bool:
    """Whether „Fertig“ lets the machine read and deliver the document anew.

    No person has sent or labelled it so far, and its Schlagwort was found on other pages than it
    has now, on pages that were turned and read again since, or it was never read. What lies in a
    postbox stays there, unless it is new.
    """
    document = held.document
    if held.entry is None or not held.entry.sent_by.startswith("system:"):
        return False
    rows = Documents(session).schlagworte(PLACE, document.id)
    if any(row.given_by != "rules" for row in rows):
        return False
    version = read_as.get(document.id)
    if version is None:
        return True
    if document.state != "clearing":
        return False
    return _reads_otherwise(PageLists(session), document, version)


def _reads_otherwise(lists: PageLists, document: Document, version: int) -> bool:
    """Whether other words stand on the kept pages than on those of that ``version``."""
    then = lists.at(PLACE, document.id, version)
    now = lists.at(PLACE, document.id, document.pages_version)
    if kept(then) != kept(now):
        return True
    was = {page.page_id: page.turn for page in then}
    turned = [page.page_id for page in now if not page.removed and page.turn != was[page.page_id]]
    if not turned:
        return False
    pages = lists.pages(PLACE, [document.id])
    return any(pages[one].text_source != TextSource.EMBEDDED for one in turned)


def _living(session: EakteSession, reader: Reader, document_id: str) -> Document:
    """The document, or the one that its pages went into."""
    seen: set[str] = set()
    known = Documents(session).get(PLACE, document_id)
    while known is not None and known.state == MERGED and known.id not in seen:
        seen.add(known.id)
        known = Documents(session).get(PLACE, known.merged_into or "")
    found = Documents(session).get(reader, known.id) if known is not None else None
    if found is None:
        raise Refused(document_id)
    return found


def _ways_back(
    session: EakteSession, ids: set[str], source_id: str
) -> tuple[Change | None, Change | None]:
    lists = PageLists(session)
    emptied = {
        one.id: one.merged_into for one in lists.of_source(PLACE, source_id) if one.state == MERGED
    }
    known = set(ids)
    while more := {one for one, into in emptied.items() if into in known} - known:
        known |= more
    undo, redo = _replay(lists.changes(PLACE, known))
    return _open(lists, session, undo, known), _open(lists, session, redo, known)


def moved_since(session: EakteSession, change: Change) -> AuditRow | None:
    """Who placed one of the documents since the change, and how: no undo leads across that."""
    return AuditLog(session).moved_since(PLACE, change.versions, change.id, MOVES)


def _open(
    lists: PageLists, session: EakteSession, change: Change | None, known: set[str]
) -> Change | None:
    if change is None or not _is_last(lists, session, change, known):
        return None
    return change if moved_since(session, change) is None else None


def _replay(changes: list[Change]) -> tuple[Change | None, Change | None]:
    by_id = {change.id: change for change in changes}
    done: list[Change] = []
    undone: list[Change] = []
    for change in changes:
        if change.undoes is None:
            done.append(change)
            undone.clear()
        elif change.action == "undo":
            done = [one for one in done if one.id != change.undoes]
            undone.append(change)
        else:
            undone = [one for one in undone if one.id != change.undoes]
            done.append(by_id[by_id[change.undoes].undoes or ""])
    return (done[-1] if done else None), (undone[-1] if undone else None)


def _is_last(lists: PageLists, session: EakteSession, change: Change, known: set[str]) -> bool:
    """Whether everything that the change touched is on this desk and still as it left it."""
    if not known.issuperset(change.versions):
        return False
    return all(
        lists.at(PLACE, one, version)
        == lists.at(PLACE, one, session.get_one(Document, one).pages_version)
        for one, version in change.versions.items()
    )
