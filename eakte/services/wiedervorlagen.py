"""Wiedervorlagen: a document comes back to a desk on a day.

An absence moves none of them: who stands in has them for as long as it lasts, and what they do is
noted as done for the absent one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from eakte.domain.ids import new_id
from eakte.domain.rights import AccessPolicy, Reader, system_reader
from eakte.domain.schlagworte import Schlagwort
from eakte.errors import Conflict, NotFound, NotPermitted, Unusable
from eakte.models import Document, Wiedervorlage
from eakte.repositories.absences import led_by
from eakte.repositories.audit import AuditLog
from eakte.repositories.database import Database, EakteSession
from eakte.repositories.documents import Documents
from eakte.repositories.organisation import Organisation
from eakte.repositories.wiedervorlagen import Wiedervorlagen as Rows
from eakte.services.describing import listed_names, number_of, titles
from eakte.services.desk_undo import keep_deed
from eakte.services.examples import Keeping
from eakte.services.filing import Filing
from eakte.services.forwarding import Forwarding
from eakte.services.postbox_entries import DoneAlready, take
from eakte.services.postboxes import has_desk
from eakte.services.refusals import attempts_noted, open_document
from eakte.services.views import Choice, ReminderView

PLACE = system_reader("wiedervorlagen")
GONE = "Diese Wiedervorlage gibt es nicht."
NOTE_LENGTH = 2000
FURTHEST = 366 * 10
"""Days ahead; whatever is later is a slip of the pen."""


@dataclass(frozen=True, slots=True)
class Wiedervorlagen:
    """Lists and actions, each one transaction with its audit row."""

    database: Database
    schlagworte: Mapping[str, Schlagwort]
    policy: AccessPolicy
    keeping: Keeping = field(default_factory=Keeping)

    # -- looking ----------------------------------------------------------------------------

    def listed(self, reader: Reader, *, team: bool = False) -> tuple[ReminderView, ...]:
        """Open ones: the reader's, those of whom they stand in for and of their teams' desks.

        ``team``: instead those of the people whom the reader leads, and of the teams' desks.
        """
        desks = led_by(reader) - {reader.login} if team else _logins(reader)
        with self.database.read() as session:
            return self._views(
                session, reader, Rows(session).open_on(reader, desks | _teams(reader))
            )

    def due_in(self, reader: Reader, postbox: str) -> tuple[ReminderView, ...]:
        """What is due by today on the desk of this postbox."""
        with self.database.read() as session:
            today = self.database.clock.today()
            return self._views(
                session, reader, Rows(session).open_on(reader, [postbox], until=today)
            )

    def of_document(self, reader: Reader, document_id: str) -> tuple[ReminderView, ...]:
        """Open ones of a document that ``reader`` may open, on desks open to them."""
        with self.database.read() as session:
            rows = Rows(session).of_document(reader, document_id)
            document = Documents(session).get(reader, document_id) if rows else None
            return self._views(session, reader, [(row, document) for row in rows if document])

    def due(self, reader: Reader) -> int:
        """How many are due by today on the reader's own desk and on those stood in for."""
        with self.database.read() as session:
            counts = Rows(session).due_counts(reader, self.database.clock.today())
            return sum(counts.get(desk, 0) for desk in _logins(reader) | _teams(reader))

    def desks(self, reader: Reader) -> tuple[Choice, ...]:
        """Where the reader may put one: their own desk, those stood in for, their teams'."""
        with self.database.read() as session:
            return tuple(self._desks(session, reader))

    def _desks(self, session: EakteSession, reader: Reader) -> Sequence[Choice]:
        names = dict(reader.standing_in_for)
        own = [Choice(id=reader.login, title="Mein Tisch")] if has_desk(reader) else []
        absent = [
            Choice(id=login, title=f"In Vertretung für {name}") for login, name in names.items()
        ]
        teams = Organisation(session).team_names(_teams(reader))
        return [
            *own,
            *absent,
            *(Choice(id=one, title=f"Team {name}") for one, name in sorted(teams.items())),
        ]

    def _views(
        self, session: EakteSession, reader: Reader, rows: Sequence[tuple[Wiedervorlage, Document]]
    ) -> tuple[ReminderView, ...]:
        if not rows:
            return ()  # most desks, most days: nothing more is asked
        documents = Documents(session)
        ids = list(dict.fromkeys(document.id for _, document in rows))
        called = titles(session, reader, self.schlagworte, (document for _, document in rows))
        people, filings = documents.people(reader, ids), documents.filings(reader, ids)
        organisation = Organisation(session)
        names = organisation.names(
            {row.login or "" for row, _ in rows} | {row.made_by for row, _ in rows}
        )
        teams = organisation.team_names({row.team_id for row, _ in rows if row.team_id})
        absent, today = dict(reader.standing_in_for), self.database.clock.today()
        return tuple(
            ReminderView(
                id=row.id,
                version=row.version,
                document_id=document.id,
                title=called[document.id],
                aktenzeichen=number_of(filings[document.id]),
                people=listed_names(people[document.id]),
                due=row.due,
                days=(row.due - today).days,
                note=row.note,
                made_by="" if row.made_by.startswith("system:") else names[row.made_by],
                desk=row.login or row.team_id or "",
                desk_title=names[row.login] if row.login else teams[row.team_id or ""],
                of_team=row.team_id is not None,
                own=row.login == reader.login,
                deputy_for=absent.get(row.login or ""),
            )
            for row, document in rows
        )

    # -- acting -----------------------------------------------------------------------------

    def make(
        self, reader: Reader, document_id: str, due: date, note: str = "", desk: str = ""
    ) -> str:
        """Put a document that ``reader`` may open on a desk on a day; returns the id.

        ``desk`` is one of ``desks`` (empty: the reader's own). Raises ``NotFound``, ``Unusable``
        for a day that has passed, ``NotPermitted`` for who has no desk.
        """
        self._check_day(due)
        with attempts_noted(self.database, reader), self.database.write() as session:
            document = open_document(session, reader, document_id, lock=True)
            chosen = desk or reader.login
            if chosen not in {one.id for one in self._desks(session, reader)}:
                raise NotPermitted("Auf diesen Tisch können Sie nichts legen.")
            return self._put(session, reader, document, due, note, chosen, round_id="")

    def from_entry(
        self,
        reader: Reader,
        entry_id: str,
        version: int,
        due: date,
        note: str = "",
        *,
        leave: bool = False,
        round_id: str = "",
    ) -> str:
        """The same from a postbox, onto that postbox's desk.

        ``leave``: zu den Akten meanwhile (a copy: seen).

        Raises what filing raises.
        """
        self._check_day(due)
        with attempts_noted(self.database, reader), self.database.write() as session:
            entry, document = take(session, reader, entry_id, version)
            together = round_id or new_id()
            clock = self.database.clock
            filing = Filing(session, self.schlagworte, self.policy, self.keeping, clock)
            if leave and entry.copy:
                filing.see(reader, entry, document, together)
            elif leave:
                label = document.schlagwort or "sonstiges"
                filing.file(reader, entry, document, label, together)
            desk = entry.login or entry.team_id or reader.login
            return self._put(session, reader, document, due, note, desk, round_id=together)

    def move(self, reader: Reader, reminder_id: str, version: int, due: date) -> None:
        """To another day."""
        self._check_day(due)
        with self.database.write() as session:
            row = self._held(session, reader, reminder_id, version)
            before, row.due = row.due, due
            self._note(session, reader, row, "moved", before=str(before), due=str(due))

    def finish(self, reader: Reader, reminder_id: str, version: int) -> None:
        """Done: it comes back no more."""
        with self.database.write() as session:
            row = self._held(session, reader, reminder_id, version)
            row.done_at, row.done_by = self.database.clock.now(), reader.login
            row.done_for = _for_whom(reader, row)
            self._note(session, reader, row, "done", due=str(row.due))

    def hand_over(self, reader: Reader, reminder_id: str, version: int, to: str) -> None:
        """Onto another desk, of a person or a team, who may open the document.

        Raises ``NotFound`` for an unknown desk, ``NotPermitted`` where nobody there may open it.
        """
        with self.database.write() as session:
            row = self._held(session, reader, reminder_id, version)
            team = self._check_sees(session, to, row.document_id)
            before = row.login or row.team_id
            self._note(session, reader, row, "handed", to=to, **{"from": before})
            row.login, row.team_id = (None, to) if team else (to, None)

    # -- the pieces -------------------------------------------------------------------------

    def _check_day(self, due: date) -> None:
        days = (due - self.database.clock.today()).days
        if days < 0:
            raise Unusable("Dieser Tag ist vorbei.", remedy="Einen Tag ab heute wählen.")
        if days > FURTHEST:
            raise Unusable("Dieser Tag liegt zu weit in der Zukunft.", remedy="Den Tag prüfen.")

    def _put(  # noqa: PLR0917  what comes back where and when
        self,
        session: EakteSession,
        reader: Reader,
        document: Document,
        due: date,
        note: str,
        desk: str,
        *,
        round_id: str,
    ) -> str:
        team = Organisation(session).knows_team(desk)
        row = Wiedervorlage(
            id=new_id(),
            document_id=document.id,
            login=None if team else desk,
            team_id=desk if team else None,
            due=due,
            note=note.strip()[:NOTE_LENGTH],
            made_by=reader.login,
            made_at=self.database.clock.now(),
        )
        Rows(session).add(row)
        self._note(session, reader, row, "made", due=str(due))
        keep_deed(session, reader, "reminded", None, document, {"reminder": row.id}, round_id)
        return row.id

    def _held(
        self, session: EakteSession, reader: Reader, reminder_id: str, version: int
    ) -> Wiedervorlage:
        row = Rows(session).get(reader, reminder_id)
        if row is None:
            raise NotFound(GONE)
        if row.done_at is not None and row.done_by == reader.login:
            raise DoneAlready("Das ist schon erledigt.", remedy="Die Liste neu laden.")
        if row.done_at is not None:
            name = Organisation(session).names([row.done_by or ""])[row.done_by or ""]
            raise Conflict(
                f"{name} hat diese Wiedervorlage schon erledigt.", remedy="Die Liste neu laden."
            )
        if row.version != version:
            raise Conflict(
                f"Diese Wiedervorlage hat sich geändert; sie ist jetzt am {row.due:%d.%m.%Y}.",
                remedy="Die Liste neu laden.",
            )
        return row

    def _check_sees(self, session: EakteSession, desk: str, document_id: str) -> bool:
        """Whether the desk is a team's; raises unless somebody there may open the document."""
        organisation, today = Organisation(session), self.database.clock.today()
        team = organisation.knows_team(desk)
        if not team and desk not in Forwarding(session, self.policy, today).able():
            raise NotFound(f"Den Postkorb „{desk}“ gibt es nicht.")
        for login in organisation.members_of([desk]) if team else [desk]:
            there = organisation.reader(login, today, self.policy)
            if there is not None and Documents(session).get(there, document_id) is not None:
                return team
        raise NotPermitted(
            "Dort darf niemand dieses Dokument öffnen.",
            remedy="Das Dokument weiterleiten; dann ist es dort zu sehen.",
        )

    def _note(
        self,
        session: EakteSession,
        reader: Reader,
        row: Wiedervorlage,
        what: str,
        **details: str | None,
    ) -> None:
        session.flush()
        AuditLog(session).note(
            reader,
            f"document.reminder_{what}",
            "document",
            row.document_id,
            on_behalf_of=_for_whom(reader, row),
            details={"reminder": row.id, **details},
        )


def _for_whom(reader: Reader, row: Wiedervorlage) -> str | None:
    """The absent one in whose place the reader acts."""
    return row.login if row.login != reader.login else None


def _logins(reader: Reader) -> frozenset[str]:
    """The own desk and those stood in for."""
    return frozenset(point.login for point in reader.standpoints)


def _teams(reader: Reader) -> frozenset[str]:
    return frozenset(team for point in reader.standpoints for team in point.teams)
