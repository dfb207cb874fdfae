"""The virtual postbox: what lies there, and what its owner or their deputy does with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from eakte.domain.ids import new_id
from eakte.domain.postbox_filters import PostboxFilter
from eakte.domain.rights import CLEARING, AccessPolicy, Reader
from eakte.domain.schlagworte import Schlagwort
from eakte.errors import Conflict, NotFound, NotPermitted
from eakte.models import Document, PostboxEntry
from eakte.repositories.audit import AuditLog
from eakte.repositories.database import Database, EakteSession
from eakte.repositories.documents import Documents
from eakte.repositories.organisation import Organisation
from eakte.repositories.outbox import Outbox
from eakte.repositories.postbox_filters import matching
from eakte.repositories.postboxes import Postboxes as PostboxRows
from eakte.repositories.vorgaenge import Vorgaenge
from eakte.services.delivery import Delivery
from eakte.services.desk_undo import keep_deed
from eakte.services.examples import Keeping
from eakte.services.filing import Filing
from eakte.services.forwarding import Forwarding
from eakte.services.postbox_entries import PLACE, finish, for_whom, refused_entry, take
from eakte.services.postbox_lines import entry_views, pressing_until
from eakte.services.refusals import DOCUMENT_GONE, attempts_noted, open_document, require_version
from eakte.services.routing import Receiver
from eakte.services.views import Choice, PostboxEntryView, PostboxKind, PostboxSummary
from eakte.services.vorgaenge import attach_by_hand
from eakte.services.waiting_post import WaitingPost
from eakte.services.who_did_what import who_did_what

PAGE = 100
EVERYTHING = PostboxFilter()
TAKEN_OVER = "taken_over"


@dataclass(frozen=True, slots=True)
class Postboxes:
    """Lists and actions; each action is one transaction with its audit row."""

    database: Database
    schlagworte: Mapping[str, Schlagwort]
    policy: AccessPolicy
    keeping: Keeping = field(default_factory=Keeping)

    # -- looking ----------------------------------------------------------------------------

    def summaries(self, reader: Reader) -> tuple[PostboxSummary, ...]:
        """The reader's postboxes with live counts: own, teams', those stood in for, clearing."""
        with self.database.read() as session:
            counts = PostboxRows(session).counts(reader)
            return tuple(
                PostboxSummary(
                    id=postbox,
                    title=title,
                    kind=kind,
                    tasks=counts.get(postbox, (0, 0, 0))[0],
                    copies=counts.get(postbox, (0, 0, 0))[1],
                    urgent=counts.get(postbox, (0, 0, 0))[2],
                )
                for postbox, title, kind in self._boxes(session, reader)
            )

    def _boxes(
        self, session: EakteSession, reader: Reader
    ) -> Iterable[tuple[str, str, PostboxKind]]:
        names = dict(reader.standing_in_for)
        seen: set[str] = set()
        for point in reader.standpoints:
            kind: PostboxKind = "own" if point.login == reader.login else "deputy"
            title = "Mein Postkorb" if kind == "own" else f"In Vertretung für {names[point.login]}"
            yield point.login, title, kind
        for point in reader.standpoints:
            for team, title in sorted(Organisation(session).team_names(point.teams).items()):
                if team not in seen:
                    seen.add(team)
                    yield team, title, "team"
        if reader.at_clearing_desk:
            yield CLEARING, "Klärung", "clearing"

    def entries(
        self,
        reader: Reader,
        postbox: str,
        *,
        limit: int = PAGE,
        offset: int = 0,
        only: PostboxFilter = EVERYTHING,
    ) -> tuple[PostboxEntryView, ...]:
        """Open entries of a postbox: urgent first, then oldest receipt first.

        ``only`` those that a filter asks for. Raises ``NotFound`` where the postbox is none of the
        reader's.
        """
        with self.database.read() as session:
            if postbox not in {box for box, _, _ in self._boxes(session, reader)}:
                raise NotFound("Diesen Postkorb gibt es nicht.")
            rows = PostboxRows(session).open_in(
                reader,
                postbox,
                limit,
                offset,
                pressing=pressing_until(session),
                only=matching(only, self.database.clock.today()),
            )
            return entry_views(session, reader, self.schlagworte, rows)

    def filtered(self, reader: Reader, postbox: str, only: PostboxFilter) -> tuple[int, int]:
        """How many open entries a filter shows, and how many of them are urgent tasks."""
        with self.database.read() as session:
            conditions = matching(only, self.database.clock.today())
            return PostboxRows(session).counts_in(reader, postbox, conditions)

    def document_of(self, reader: Reader, entry_id: str) -> str:
        """The document of an entry, done or open, in one of the reader's postboxes.

        Raises ``NotFound``; an attempt at somebody else's is noted.
        """
        with attempts_noted(self.database, reader), self.database.read() as session:
            for entry, document in PostboxRows(session).some(reader, [entry_id]):
                if entry.id == entry_id:
                    return document.id
            raise refused_entry(session, entry_id)

    def gone(self, reader: Reader, postbox: str, document_id: str) -> str:
        """Who took a document out of the postbox, and how; empty while it lies there.

        Raises ``NotFound`` for a document that is not open to the reader.
        """
        with self.database.read() as session:
            if Documents(session).get(reader, document_id) is None:
                raise NotFound(DOCUMENT_GONE)
            rows = PostboxRows(session).open_for_document(reader, document_id)
            if any(one.postbox == postbox for one in rows):
                return ""
            return who_did_what(session, document_id, but=reader.login)

    def changed(self, reader: Reader) -> str:
        """A token that changes when anything in the reader's postboxes changes."""
        with self.database.read() as session:
            return PostboxRows(session).last_change(reader)

    def destinations(self, reader: Reader) -> tuple[Choice, ...]:
        """Postboxes that a document can be forwarded to."""
        with self.database.read() as session:
            return self._forwarding(session).destinations(reader)

    def has_desk(self, reader: Reader) -> bool:
        """Whether ``reader`` has a postbox of their own."""
        return has_desk(reader)

    def schlagwort_choices(self) -> tuple[Choice, ...]:
        """The catalogue for a form, by title."""
        return tuple(
            Choice(id=entry.id, title=entry.title, detail=entry.description)
            for entry in sorted(self.schlagworte.values(), key=lambda one: one.title.casefold())
        )

    # -- acting -----------------------------------------------------------------------------

    def file(
        self, reader: Reader, entry_id: str, version: int, schlagwort: str, *, round_id: str = ""
    ) -> None:
        """Zu den Akten under ``schlagwort``: leaves the postbox, stays in the file.

        Raises ``NotFound``, ``Conflict`` (somebody was quicker; says who), ``DoneAlready``,
        ``NotPermitted`` for a document that stands in no case file yet. Every action takes a
        ``round_id``: what was done together is taken back together.
        """
        if schlagwort not in self.schlagworte:
            raise NotFound(f"Das Schlagwort „{schlagwort}“ gibt es nicht.")
        with attempts_noted(self.database, reader), self.database.write() as session:
            entry, document = take(
                session,
                reader,
                entry_id,
                version,
                again=lambda done, its: (done.done_how, its.schlagwort) == ("filed", schlagwort),
            )
            self._filing(session).file(reader, entry, document, schlagwort, round_id)

    def acknowledge(
        self, reader: Reader, entry_id: str, version: int, *, round_id: str = ""
    ) -> None:
        """Zur Kenntnis genommen: a copy leaves the postbox."""
        with attempts_noted(self.database, reader), self.database.write() as session:
            entry, document = take(
                session, reader, entry_id, version, again=lambda done, _: done.done_how == "seen"
            )
            if not entry.copy:
                raise NotPermitted("Eine Aufgabe wird abgelegt oder weitergeleitet.")
            self._filing(session).see(reader, entry, document, round_id)

    def forward(
        self,
        reader: Reader,
        entry_id: str,
        version: int,
        postbox: str,
        note: str,
        *,
        round_id: str = "",
    ) -> None:
        """Give the document to another postbox with a word; an absent receiver's deputy gets it.

        A task stays a task, a copy a copy. Raises ``NotFound`` for an unknown postbox,
        ``NotPermitted`` where a protected file is not open to the receiver, and for a copy that
        is to be cleared: the task lies on another desk.
        """
        with attempts_noted(self.database, reader), self.database.write() as session:
            entry, document = take(
                session,
                reader,
                entry_id,
                version,
                again=lambda done, its: (
                    done.done_how == "forwarded"
                    and postbox in {one.postbox for one in lying(session, its)}
                ),
            )
            if entry.copy and postbox == CLEARING:
                raise NotPermitted(
                    "Was zur Kenntnis kam, kann nicht in die Klärung.",
                    remedy="An die Person weiterleiten, bei der die Aufgabe liegt.",
                )
            delivery = self._delivery(session)
            receiver = self._forwarding(session).receiver(reader, document, postbox)
            before = {"state": document.state, "reason": document.clearing_reason}
            finish(session, reader, entry, "forwarded", self.database.clock.now())
            AuditLog(session).note(
                reader,
                "document.forward",
                "document",
                document.id,
                on_behalf_of=for_whom(reader, entry),
                details={"from": entry.postbox, "to": receiver.postbox},
            )
            main, copies = (None, (receiver,)) if entry.copy else (receiver, ())
            with newly_lying(session, document) as made:
                delivery.deliver(
                    reader, document, main, copies, round_key=new_id(), note=note.strip()
                )
            Outbox(session).put([document.id], self.database.clock.now())
            keep_deed(
                session, reader, "forwarded", entry, document, before | {"made": made}, round_id
            )

    def take_over(self, reader: Reader, entry_id: str, version: int, *, round_id: str = "") -> None:
        """Out of a team's postbox, or that of a colleague, onto the reader's own desk.

        A task stays a task; for whom it is done stays said. Raises ``NotPermitted`` for who has no
        postbox of their own and for what lies on the own desk.
        """
        with attempts_noted(self.database, reader), self.database.write() as session:
            entry, document = take(
                session,
                reader,
                entry_id,
                version,
                again=lambda done, _: done.done_how == TAKEN_OVER,
            )
            if entry.login == reader.login:
                raise NotPermitted("Das liegt schon in Ihrem Postkorb.")
            if not has_desk(reader):
                raise NotPermitted("Für Sie ist kein Postkorb eingerichtet.")
            clock = self.database.clock
            to = Receiver(
                postbox=reader.login,
                login=reader.login,
                rule="hand",
                deputy_for=for_whom(reader, entry),
            )
            post = WaitingPost(session, today=clock.today(), now=clock.now())
            with newly_lying(session, document) as made:
                post.lay(reader, entry, to, TAKEN_OVER)
            keep_deed(session, reader, TAKEN_OVER, entry, document, {"made": made}, round_id)

    def take_up(self, reader: Reader, document_id: str, version: int) -> str:
        """Put a filed document back on the reader's own desk, to be corrected; returns the postbox.

        Raises ``NotFound``, ``NotPermitted`` for readers without a postbox, ``Conflict`` where it
        is not filed any more.
        """
        with attempts_noted(self.database, reader), self.database.write() as session:
            document = open_document(session, reader, document_id, lock=True)
            if not may_take_up(reader, document.state):
                raise Conflict(
                    "Das Dokument ist nicht abgelegt oder für Sie nur zur Ansicht.",
                    remedy="Die Seite neu laden.",
                )
            require_version(document, version)
            document.filed_at, document.filed_by = None, None
            AuditLog(session).note(reader, "document.take_up", "document", document.id)
            own = Receiver(postbox=reader.login, login=reader.login, rule="hand")
            self._delivery(session).deliver(reader, document, own, (), round_key=new_id())
            Outbox(session).put([document.id], self.database.clock.now())
        return reader.login

    def attach(
        self, reader: Reader, entry_id: str, version: int, vorgang_id: str, *, round_id: str = ""
    ) -> None:
        """Put the document into a Vorgang of its case file, or (empty) out of every one.

        Raises ``NotFound`` for a Vorgang that is none of the file's.
        """
        with attempts_noted(self.database, reader), self.database.write() as session:
            entry, document = take(session, reader, entry_id, version)
            filings = Documents(session).filings(reader, [document.id])[document.id]
            known = Vorgaenge(session).of_case_file(reader, filings[0][1].id) if filings else ()
            chosen = next((one for one in known if one.id == vorgang_id), None)
            if vorgang_id and chosen is None:
                raise NotFound("Diesen Vorgang gibt es in der Akte nicht.")
            link = Vorgaenge(session).link(PLACE, document.id)
            before = {
                "vorgang": link.vorgang_id if link else None,
                "by": link.attached_by if link else None,
                "payload": link.payload if link else {},
                "after": chosen.id if chosen else None,
            }
            attach_by_hand(session, reader, document, chosen, self.database.clock.now())
            keep_deed(session, reader, "vorgang", entry, document, before, round_id)

    def to_clearing(
        self, reader: Reader, entry_id: str, version: int, note: str, *, round_id: str = ""
    ) -> None:
        """Give a document back to the clearing desk: wrong file, wrong person, unreadable."""
        self.forward(reader, entry_id, version, CLEARING, note, round_id=round_id)

    # -- the pieces -------------------------------------------------------------------------

    def _filing(self, session: EakteSession) -> Filing:
        return Filing(session, self.schlagworte, self.policy, self.keeping, self.database.clock)

    def _delivery(self, session: EakteSession) -> Delivery:
        return Delivery.at(session, self.schlagworte, self.policy, self.database.clock)

    def _forwarding(self, session: EakteSession) -> Forwarding:
        return Forwarding(session, self.policy, self.database.clock.today())


def may_take_up(reader: Reader, state: str) -> bool:
    """Whether ``reader`` may put a document in this state back on their own desk."""
    return state == "filed" and has_desk(reader)


def has_desk(reader: Reader) -> bool:
    """Whether ``reader`` has a postbox of their own."""
    return any(
        point.login == reader.login and (point.scopes or point.all_files)
        for point in reader.standpoints
    )


def lying(session: EakteSession, document: Document) -> Sequence[PostboxEntry]:
    """The open entries of a document, whosever."""
    return PostboxRows(session).all_open_of(PLACE, document.id)


@contextmanager
def newly_lying(session: EakteSession, document: Document) -> Iterator[list[str]]:
    """The ids of the open entries that the document gets meanwhile; known at the end."""
    there = {one.id for one in lying(session, document)}
    made: list[str] = []
    yield made
    session.flush()
    made += [one.id for one in lying(session, document) if one.id not in there]
