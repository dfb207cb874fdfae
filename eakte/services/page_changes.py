"""What a change of page lists brings about, within the caller's transaction.

New versions and their audit rows, documents that are split off, emptied or come back, postbox
entries, the index.  Who may do it is decided before, in ``page_desk.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from eakte.domain.ids import derived_id, new_id
from eakte.domain.page_lists import PageList, kept
from eakte.domain.pages import Remark
from eakte.domain.proof import stricter
from eakte.domain.rights import Reader, system_reader
from eakte.errors import NotPermitted
from eakte.models import Document, PostboxEntry
from eakte.repositories.audit import AuditLog
from eakte.repositories.database import EakteSession
from eakte.repositories.documents import Documents
from eakte.repositories.outbox import Outbox
from eakte.repositories.page_lists import PageLists
from eakte.repositories.postboxes import Postboxes
from eakte.repositories.rights import UNDELIVERED
from eakte.repositories.sources import Sources
from eakte.services.delivery import Delivery
from eakte.services.heirs import entry_like, hand_over, take_back
from eakte.services.routing import CLEARING_DESK
from eakte.services.transfer_notes import note_again
from eakte.services.withdrawals import CAME_TOGETHER, withdraw_where_kept

PLACE = system_reader("page-desk")
IN_HAND = "Die Seiten werden gerade geordnet; danach „Fertig“ am Seitentisch oder hier zuordnen."
READING = "Die Teile werden gelesen."
MERGED = "merged"
PLACE_LENGTH = 200
"""As much as fits ``Document.paper_place``."""
GIVEN_UP = Remark(
    code="not_read_again",
    message="Gedreht ließ sich die Seite nicht neu lesen; ihr Text ist der von vorher.",
)
ORDERED = "Seiten wurden am Seitentisch geordnet; der Verlauf steht am Dokument"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A document that lies on the reader's desk; ``entry`` is None before it is delivered."""

    document: Document
    entry: PostboxEntry | None

    def for_whom(self, reader: Reader) -> str | None:
        """The absent one in whose place a deputy acts."""
        if self.entry is None:
            return None
        if self.entry.login is not None and self.entry.login != reader.login:
            return self.entry.login
        return self.entry.deputy_for


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A document to be split off ``of`` another one."""

    of: str
    pages: PageList


class PageChanges:
    """Writes one change of the desk; everything in it shares its ``id``."""

    def __init__(
        self, session: EakteSession, delivery: Delivery, reader: Reader, source_id: str
    ) -> None:
        self.session = session
        self.delivery = delivery
        self.reader = reader
        self.source_id = source_id
        self.now: datetime = delivery.now
        self.lists = PageLists(session)
        self.handed: dict[str, dict[str, Any]] = {}
        self.id = _later_id(self.lists.last_change_of_source(PLACE, source_id))

    def write(
        self,
        desk: Mapping[str, Held],
        before: Mapping[str, PageList],
        after: Mapping[str, PageList],
        *,
        action: str,
        parts: tuple[Part, ...] = (),
        undoes: str | None = None,
    ) -> list[str]:
        """Make ``after`` of ``before``; returns the ids of all documents that changed.

        ``before`` and ``after`` are lists by document id; emptied documents among them need not be
        on the ``desk``. Raises ``NotPermitted`` where pages would wander between case files.
        """
        changed = [one for one in before if before[one] != after[one]]
        rows = {
            one: desk[one].document if one in desk else self.session.get_one(Document, one)
            for one in changed
        }
        for one, document in rows.items():
            if document.state in UNDELIVERED and kept(before[one]) != kept(after[one]):
                self._take_in_hand(document)
        self._check_places(before, after)
        if action != "undo":  # which brings pages back to a decision that stands there already
            self._carry_paper(before, after)
        for one, document in rows.items():
            self._list(document, after[one], action, undoes)
            if not after[one]:
                self._retire(document, _heir(before[one], after))
            elif not before[one]:
                self._revive(document)
            self._relabel(document)
        made = [
            self._split_off(desk[part.of], part.pages, number, action)
            for number, part in enumerate(parts, start=1)
        ]
        self._take_off_lists(before, after)
        self._ask_to_read(before, after)
        for one in (*changed, *made):
            self._note(desk, one, action, before, made)
        Outbox(self.session).put((*changed, *made), self.now)
        note_again(self.session, self.reader, [self.source_id], ORDERED, self.now)
        return [*changed, *made]

    def restart(self, held: Held) -> None:
        """Let the machine read and deliver the document anew, with its present pages."""
        document = held.document
        for entry in Postboxes(self.session).all_open_of(PLACE, document.id):
            self._close(entry, "superseded")
        Documents(self.session).set_filing(document, None, (), self.now)
        document.state, document.clearing_reason = "cut", None
        AuditLog(self.session).note(
            self.reader,
            "document.reread",
            "document",
            document.id,
            on_behalf_of=held.for_whom(self.reader),
        )
        Outbox(self.session).put([document.id], self.now)
        self.session.flush()

    def read_here(self, held: Held) -> None:
        """Let the machine look for Schlagwort, file and facts anew; it stays on the desk."""
        held.document.state, held.document.clearing_reason = "cut", READING
        self.session.flush()

    # -- the pieces -------------------------------------------------------------------------

    def _list(
        self,
        document: Document,
        pages: PageList,
        action: str,
        undoes: str | None,
        *,
        first: bool = False,
    ) -> None:
        self.lists.write(
            self.reader,
            document,
            pages,
            action=action,
            change_id=self.id,
            undoes=undoes,
            now=self.now,
            first=first,
        )

    def _take_in_hand(self, document: Document) -> None:
        """The machine is still at it: from here on it waits at the clearing desk for a person."""
        document.clearing_reason = IN_HAND
        document.state = "clearing"
        Documents(self.session).set_filing(document, None, (), self.now)
        self.delivery.deliver(PLACE, document, CLEARING_DESK, (), round_key=self.id)
        self.session.flush()

    def _split_off(self, held: Held, pages: PageList, number: int, action: str) -> str:
        first = held.document
        document = Document(
            id=derived_id("document", self.id, str(number)),
            source_id=first.source_id,
            state=first.state,
            created_at=self.now,
            received_here=first.received_here,
            received_elsewhere=first.received_elsewhere,
            schlagwort=first.schlagwort,
            score=first.score,
            clearing_reason=first.clearing_reason,
            shares_bytes_with=first.shares_bytes_with,
            paper=first.paper,
            paper_place=first.paper_place,
            paper_by=first.paper_by,
        )
        self.lists.add(document)
        self._list(document, pages, action, None, first=True)
        self.lists.copy_place(PLACE, first, document, self.now)
        for entry in Postboxes(self.session).all_open_of(PLACE, first.id):
            if not entry.copy:
                Postboxes(self.session).add(entry_like(entry, document.id, self.id, self.now))
        return document.id

    def _retire(self, document: Document, heir: str | None) -> None:
        """All pages went elsewhere: it leaves postboxes and search until an undo."""
        if heir is not None:
            self.handed[document.id] = hand_over(
                self.session, self.reader, document, heir, change_id=self.id, now=self.now
            )
        for entry in Postboxes(self.session).all_open_of(PLACE, document.id):
            self._close(entry, MERGED)
        document.state, document.merged_into = MERGED, heir
        self.session.flush()

    def _revive(self, document: Document) -> None:
        take_back(self.session, self.reader, document, self.now)
        closed = self.lists.entries_closed_as(PLACE, document.id, MERGED)
        for entry in closed:
            entry.done_at, entry.done_by, entry.done_how = None, None, None
        at_desk = any(entry.postbox == CLEARING_DESK.postbox for entry in closed)
        document.state, document.merged_into = "clearing" if at_desk else "delivered", None
        self.session.flush()

    def _close(self, entry: PostboxEntry, how: str) -> None:
        entry.done_at, entry.done_by, entry.done_how = self.now, self.reader.login, how
        self.session.flush()

    def _relabel(self, document: Document) -> None:
        """The page ranges of what the rules found follow the list; people's choices have none."""
        documents = Documents(self.session)
        found = {
            one.schlagwort: one.pages for one in documents.schlagwort_findings(PLACE, document.id)
        }
        for row in documents.schlagworte(PLACE, document.id):
            if row.given_by == "rules" and row.schlagwort in found:
                row.pages = list(found[row.schlagwort])

    def _carry_paper(self, before: Mapping[str, PageList], after: Mapping[str, PageList]) -> None:
        """What was decided about paper goes with its pages: the strictest fate, and every place."""
        for giver_id, taker_id in _wanderings(before, after):
            giver = self.session.get_one(Document, giver_id)
            taker = self.session.get_one(Document, taker_id)
            fate = stricter(giver.paper, taker.paper)
            of_fate = [one for one in (taker, giver) if one.paper == fate]
            places = dict.fromkeys(one.paper_place for one in of_fate if one.paper_place)
            taker.paper, taker.paper_by = fate, of_fate[0].paper_by
            taker.paper_place = "; ".join(places)[:PLACE_LENGTH] or None

    def _take_off_lists(
        self, before: Mapping[str, PageList], after: Mapping[str, PageList]
    ) -> None:
        """Released paper that now lies with paper that stays is not destroyed."""
        for taker_id in sorted({to for _, to in _wanderings(before, after)}):
            taker = self.session.get_one(Document, taker_id)
            clock = self.session.trail.clock
            withdraw_where_kept(self.session, self.reader, taker, clock, CAME_TOGETHER)

    def _ask_to_read(self, before: Mapping[str, PageList], after: Mapping[str, PageList]) -> None:
        """What is turned is read again that way round; the worker takes it up from the rows."""
        was = {page.page_id: page.turn for pages in before.values() for page in pages}
        turned = {
            page.page_id: page.turn
            for pages in after.values()
            for page in pages
            if page.turn != was.get(page.page_id, page.turn)
        }
        Sources(self.session).ask_again(PLACE, turned)

    def _check_places(self, before: Mapping[str, PageList], after: Mapping[str, PageList]) -> None:
        """Documents between which pages wander stand in the same case file; emptied ones too."""
        pairs = set(_wanderings(before, after))
        filings = Documents(self.session).filings(PLACE, {one for pair in pairs for one in pair})
        for pair in pairs:
            files = [{filing.case_file_id for filing, _ in filings[one]} for one in pair]
            shelves = [{filing.sub_file for filing, _ in filings[one]} for one in pair]
            if files[0] != files[1]:
                raise NotPermitted(
                    "Die Dokumente stehen nicht in derselben Akte.",
                    remedy="Zuerst eines von beiden an die Klärung geben, damit die Akte stimmt.",
                )
            if shelves[0] != shelves[1] and self.reader.closed_subfiles & (shelves[0] | shelves[1]):
                raise NotPermitted(
                    "Eines der Dokumente steht in einer geschlossenen Teilakte.",
                    remedy="Beide zuerst unter dasselbe Schlagwort nehmen.",
                )

    def _note(
        self,
        desk: Mapping[str, Held],
        document_id: str,
        action: str,
        before: Mapping[str, PageList],
        made: list[str],
    ) -> None:
        held = desk.get(document_id)
        now_listed = self.lists.current(PLACE, [document_id])[document_id]
        AuditLog(self.session).note(
            self.reader,
            f"document.{action}",
            "document",
            document_id,
            on_behalf_of=held.for_whom(self.reader) if held else None,
            details={
                "change": self.id,
                "pages": len(kept(now_listed)),
                "before": len(kept(before.get(document_id, ()))),
                "new": document_id in made,
                **self.handed.get(document_id, {}),
            },
        )


def _wanderings(
    before: Mapping[str, PageList], after: Mapping[str, PageList]
) -> list[tuple[str, str]]:
    """Between which documents pages wander: from, to; each pair once."""
    came_from = {page.page_id: one for one, pages in before.items() for page in pages}
    pairs = {
        (came_from[page.page_id], one)
        for one, pages in after.items()
        for page in pages
        if page.page_id in came_from and came_from[page.page_id] != one
    }
    return sorted(pairs)


def _heir(pages: PageList, after: Mapping[str, PageList]) -> str | None:
    """Where the first of ``pages`` stands now."""
    first = pages[0].page_id
    return next(
        (one for one, listed in after.items() if any(page.page_id == first for page in listed)),
        None,
    )


def _later_id(last: str | None) -> str:
    """An id that sorts behind ``last``, also within one millisecond and where clocks differ."""
    fresh = new_id()
    return fresh if last is None or fresh > last else str(UUID(int=UUID(last).int + 1))
