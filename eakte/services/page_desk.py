"""The page desk: split, merge, move, turn, remove and restore pages, with undo.

The original stays as it came in: an action makes new lists of pages, in one transaction with its
audit rows.  Who has a document on the desk may order its pages: the scan centre until it is
delivered and while it waits for clearing, then whoever has the task in their postbox.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from eakte.domain import page_lists
from eakte.domain.page_lists import PageList, Removal
from eakte.domain.rights import AccessPolicy, Reader
from eakte.domain.schlagworte import Schlagwort
from eakte.errors import Conflict, NotFound, NotPermitted
from eakte.models import AuditRow, Document
from eakte.repositories.audit import AuditLog
from eakte.repositories.database import Database, EakteSession
from eakte.repositories.organisation import Organisation
from eakte.repositories.page_lists import PageLists
from eakte.services.delivery import Delivery
from eakte.services.page_changes import PLACE, PageChanges, Part
from eakte.services.page_desk_stack import Stack, is_for_the_machine, moved_since, take_stack
from eakte.services.page_desk_views import Done, PageDeskView, view_of
from eakte.services.refusals import DOCUMENT_CHANGED, attempts_noted

_RELOAD = "Die Seite neu laden."
DONE = {
    "document.split": "geteilt",
    "document.merge": "zusammengefügt",
    "document.move": "Seiten umgeordnet",
    "document.turn": "Seiten gedreht",
    "document.remove": "Seiten entfernt",
    "document.restore": "Seiten zurückgeholt",
    "document.undo": "Änderung zurückgenommen",
    "document.redo": "Änderung wiederholt",
    "document.reread": "neu zuordnen lassen",
    "document.assign": "zugeordnet",
    "document.file": "zu den Akten",
    "document.forward": "weitergeleitet",
    "document.deliver": "zugestellt",
    "document.classify": "eingelesen",
    "document.identify": "eingelesen",
    "document.route": "eingelesen",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """The pages that an action is for, by id, at the desk opened for ``document_id``.

    ``seen``: the version of every document as the reader saw it, by document id.
    """

    document_id: str
    pages: tuple[str, ...]
    seen: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class PageDesk:
    """Every action answers ``Done``; it raises ``Conflict`` where somebody else was quicker."""

    database: Database
    schlagworte: Mapping[str, Schlagwort]
    policy: AccessPolicy

    def open(self, reader: Reader, document_id: str) -> PageDeskView:
        """The stack that the document belongs to; a trace once a day for every document shown.

        Raises ``NotFound``, and ``NotPermitted`` where it does not lie on the reader's desk.
        """
        with attempts_noted(self.database, reader), self.database.write() as session:
            stack = take_stack(session, reader, document_id, lock=False)
            since = self.database.clock.now() - timedelta(days=1)
            audit = AuditLog(session)
            for one, held in stack.desk.items():
                if not audit.opened_since(reader, one, since):
                    audit.note(
                        reader, "document.open", "document", one, on_behalf_of=held.for_whom(reader)
                    )
            return view_of(session, reader, stack, self.schlagworte)

    # -- acting -----------------------------------------------------------------------------

    def split(self, reader: Reader, pick: Pick, *, read: bool = False) -> Done:
        """A new document begins at each of the pages; it lies where the first one lies.

        ``read``: the machine reads the parts at once that wait for clearing; they stay there.
        """

        def cut(stack: Stack) -> _Plan:
            after, parts = dict(stack.lists), []
            for one in stack.rows_of(pick.pages):
                first, *rest = page_lists.split(stack.lists[one], set(pick.pages))
                after[one] = first
                parts += [Part(of=one, pages=part) for part in rest]
            return _Plan(after=after, parts=tuple(parts))

        return self._act(reader, pick, "split", cut, read=read)

    def merge(self, reader: Reader, pick: Pick) -> Done:
        """The documents of the pages become one; a single one joins the row above it.

        Raises ``NotPermitted`` for the first row, and for documents of different case files.
        """

        def join(stack: Stack) -> _Plan:
            rows, order = stack.rows_of(pick.pages), list(stack.lists)
            if len(rows) == 1:
                at = order.index(rows[0])
                if at == 0:
                    raise NotPermitted(
                        "Über dem ersten Dokument steht keines.",
                        remedy="Das zweite Dokument wählen und dann zusammenfügen.",
                    )
                rows = [order[at - 1], *rows]
            after = dict(stack.lists)
            for lower in rows[1:]:
                after = page_lists.merge(after, rows[0], lower)
            return _Plan(after=after)

        return self._act(reader, pick, "merge", join)

    def turn(self, reader: Reader, pick: Pick, degrees: int) -> Done:
        """Turn pages clockwise by ``degrees``, a multiple of 90; negative: the other way."""
        if degrees % 90:
            raise NotPermitted("Seiten werden um 90, 180 oder 270 Grad gedreht.")
        return self._each(
            reader,
            pick,
            "turn",
            lambda listed: page_lists.turn(listed, pick.pages, degrees),
        )

    def remove(self, reader: Reader, pick: Pick, reason: Removal) -> Done:
        """Take pages out for a reason; they stay visible and can be restored."""
        return self._each(
            reader,
            pick,
            "remove",
            lambda listed: page_lists.remove(listed, pick.pages, reason),
        )

    def restore(self, reader: Reader, pick: Pick) -> Done:
        """Put removed pages back where they stood."""
        return self._each(
            reader,
            pick,
            "restore",
            lambda listed: page_lists.restore(listed, pick.pages),
        )

    def step(self, reader: Reader, pick: Pick, forward: int) -> Done:
        """Move pages one place on (``forward`` 1) or back (-1) within their document."""
        return self._each(
            reader,
            pick,
            "move",
            lambda listed: page_lists.step(listed, pick.pages, forward),
        )

    def move(self, reader: Reader, pick: Pick, *, target: str, before: str | None) -> Done:
        """Move pages into the document ``target``, before that page of it (None: at its end)."""

        def shift(stack: Stack) -> _Plan:
            stack.rows_of(pick.pages)
            if target not in stack.lists:
                raise NotFound("Dieses Dokument liegt nicht mehr auf dem Tisch.", remedy=_RELOAD)
            return _Plan(after=page_lists.move(stack.lists, set(pick.pages), target, before))

        return self._act(reader, pick, "move", shift)

    def undo(self, reader: Reader, document_id: str, change_id: str, *, read: bool = False) -> Done:
        """Take back the last change; raises ``Conflict`` where it is not the last any more.

        ``read`` as in ``split``.
        """
        return self._take_back(reader, document_id, change_id, "undo", read=read)

    def redo(self, reader: Reader, document_id: str, change_id: str) -> Done:
        """Do again what ``change_id``, an undo, took back."""
        return self._take_back(reader, document_id, change_id, "redo")

    def finish(self, reader: Reader, document_id: str) -> int:
        """Send on what no person has placed yet and has other pages now; returns how many."""
        with attempts_noted(self.database, reader), self.database.write() as session:
            stack = take_stack(session, reader, document_id, lock=True)
            read_as = PageLists(session).read_as(reader, stack.desk)
            ready = [
                held for held in stack.desk.values() if is_for_the_machine(session, held, read_as)
            ]
            changes = self._changes(session, reader, stack)
            for held in ready:
                changes.restart(held)
            return len(ready)

    # -- the pieces -------------------------------------------------------------------------

    def _each(
        self, reader: Reader, pick: Pick, action: str, change: Callable[[PageList], PageList]
    ) -> Done:
        """An action that changes each document's list by itself."""

        def plan(stack: Stack) -> _Plan:
            rows = stack.rows_of(pick.pages)
            return _Plan(after={**stack.lists, **{one: change(stack.lists[one]) for one in rows}})

        return self._act(reader, pick, action, plan)

    def _act(
        self,
        reader: Reader,
        pick: Pick,
        action: str,
        plan: Callable[[Stack], _Plan],
        *,
        read: bool = False,
    ) -> Done:
        """One action: everything that it would change must be as the reader saw it."""
        with attempts_noted(self.database, reader), self.database.write() as session:
            stack = self._taken(session, reader, pick.document_id)
            try:
                made = plan(stack)
            except (NotFound, NotPermitted) as error:
                # What the reader saw may have been true: then say who changed it.
                self._check_seen(session, reader, stack, pick.seen, error)
                raise
            touched = [one for one in stack.lists if stack.lists[one] != made.after[one]]
            self._check_seen(session, reader, stack, {one: pick.seen.get(one) for one in touched})
            if not touched:
                return Done(document_id=stack.document_id, change_id=None)
            changes = self._changes(session, reader, stack)
            changed = changes.write(
                stack.desk, stack.lists, made.after, action=action, parts=made.parts
            )
            if read:
                self._read(session, reader, stack.document_id, changed)
            return Done(document_id=_still(stack, made.after), change_id=changes.id)

    def _take_back(
        self, reader: Reader, document_id: str, change_id: str, action: str, *, read: bool = False
    ) -> Done:
        with attempts_noted(self.database, reader), self.database.write() as session:
            stack = self._taken(session, reader, document_id)
            change = stack.undo if action == "undo" else stack.redo
            if change is None or change.id != change_id:
                raise Conflict(
                    self._who_moved(session, change_id, stack)
                    or self._who(session, reader, stack.document_id)
                    or "Diese Änderung ist nicht mehr die letzte.",
                    remedy=_RELOAD,
                )
            lists = PageLists(session)
            before, after = {}, {}
            for one, version in change.versions.items():
                document = session.get_one(Document, one)
                before[one] = lists.at(PLACE, one, document.pages_version)
                after[one] = lists.at(PLACE, one, version - 1)
            changes = self._changes(session, reader, stack)
            changed = changes.write(stack.desk, before, after, action=action, undoes=change.id)
            if read:
                self._read(session, reader, _still(stack, after), changed)
            return Done(document_id=_still(stack, after), change_id=changes.id)

    def _read(
        self, session: EakteSession, reader: Reader, document_id: str, changed: list[str]
    ) -> None:
        """Have those of ``changed`` read that wait for clearing and that no person has labelled."""
        stack = take_stack(session, reader, document_id, lock=True)
        read_as = PageLists(session).read_as(reader, stack.desk)
        changes = self._changes(session, reader, stack)
        for one, held in stack.desk.items():
            waits = one in changed and held.document.state == "clearing"
            if waits and is_for_the_machine(session, held, read_as):
                changes.read_here(held)

    def _taken(self, session: EakteSession, reader: Reader, document_id: str) -> Stack:
        """The stack to be changed; what left the desk meanwhile did so by somebody's hand."""
        try:
            return take_stack(session, reader, document_id, lock=True)
        except NotPermitted as error:
            who = self._who(session, reader, document_id)
            if who is None:
                raise
            raise Conflict(who, remedy=_RELOAD) from error

    def _check_seen(
        self,
        session: EakteSession,
        reader: Reader,
        stack: Stack,
        seen: Mapping[str, int | None],
        cause: Exception | None = None,
    ) -> None:
        for one, version in seen.items():
            if one in stack.desk and version != stack.desk[one].document.version:
                raise Conflict(
                    self._who(session, reader, one) or DOCUMENT_CHANGED,
                    remedy=_RELOAD,
                ) from cause

    @staticmethod
    def _who(session: EakteSession, reader: Reader, document_id: str) -> str | None:
        """Who did what to the document last, as a sentence."""
        for row in AuditLog(session).of_document(reader, document_id):
            if row.action in DONE:
                return _told(session, row)
        return None

    @staticmethod
    def _who_moved(session: EakteSession, change_id: str, stack: Stack) -> str | None:
        """Who gave a document of the change another place, as a sentence."""
        for change in PageLists(session).changes(PLACE, stack.desk):
            row = moved_since(session, change) if change.id == change_id else None
            if row is not None:
                return _told(session, row)
        return None

    def _changes(self, session: EakteSession, reader: Reader, stack: Stack) -> PageChanges:
        delivery = Delivery.at(session, self.schlagworte, self.policy, self.database.clock)
        return PageChanges(session, delivery, reader, stack.source_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    after: Mapping[str, PageList]
    parts: tuple[Part, ...] = ()


def _told(session: EakteSession, row: AuditRow) -> str:
    name = Organisation(session).names([row.actor])[row.actor]
    who = "Die E-Akte" if row.actor.startswith("system:") else name
    return f"{who} hat das Dokument inzwischen geändert ({DONE[row.action]})."


def _still(stack: Stack, after: Mapping[str, PageList]) -> str:
    """The document to go on with: the one that was opened, or the one that took its pages."""
    left = [one for one in stack.lists if after.get(one, stack.lists[one])]
    if stack.document_id in left or not left:
        return stack.document_id
    pages = {page.page_id for page in stack.lists[stack.document_id]}
    return next(
        (one for one, listed in after.items() if any(page.page_id in pages for page in listed)),
        left[0],
    )
