"""Taking back what somebody did at their desk just now, as long as nobody built on it.

Every action leaves what was before (``deed``); the versions that it left behind guard the way
back.  What a receiver has opened stays with them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from eakte.domain.ids import new_id
from eakte.domain.rights import AccessPolicy, Reader, system_reader
from eakte.domain.schlagworte import Schlagwort
from eakte.errors import Conflict, EakteError
from eakte.models import DeskDeed, Document, PostboxEntry, Vorgang, Wiedervorlage
from eakte.repositories.assignments import Assignments
from eakte.repositories.audit import AuditLog
from eakte.repositories.database import Database, EakteSession
from eakte.repositories.desk_deeds import DeskDeeds
from eakte.repositories.documents import Documents
from eakte.repositories.outbox import Outbox
from eakte.repositories.postboxes import Postboxes
from eakte.repositories.vorgaenge import Vorgaenge
from eakte.repositories.wiedervorlagen import Wiedervorlagen
from eakte.services.deadlines import plan_wiedervorlagen
from eakte.services.delivery import Delivery
from eakte.services.describing import titles
from eakte.services.document_pictures import put_back
from eakte.services.examples import Corrections, Keeping
from eakte.services.postbox_entries import for_whom
from eakte.services.views import DeedView, RoundResult
from eakte.services.who_did_what import who_did_what

PLACE = system_reader("undo")
UNDO_FOR = timedelta(minutes=10)
"""So long one notices a slip; after that the letter is corrected like any other."""
KEPT_FOR = timedelta(days=1)
_ALONE = frozenset({"seen", "reminded"})
"""What others do with the document does not touch these."""
SOME_LETTER = "Ein Dokument"
NO_MORE = "Das lässt sich nicht mehr zurücknehmen."


def keep_deed(  # noqa: PLR0917  who did what, and what was before
    session: EakteSession,
    reader: Reader,
    kind: str,
    entry: PostboxEntry | None,
    document: Document,
    before: Mapping[str, Any],
    round_id: str,
) -> None:
    """Keep an action with what was before it; the last thing that its transaction does."""
    session.flush()
    now = session.trail.clock.now()
    deed = DeskDeed(
        id=new_id(),
        round_id=round_id or new_id(),
        login=reader.login,
        on_behalf_of=for_whom(reader, entry) if entry is not None else None,
        at=now,
        kind=kind,
        document_id=document.id,
        entry_id=entry.id if entry is not None else None,
        entry_version=entry.version if entry is not None else 0,
        document_version=document.version,
        before=dict(before),
        undone_at=None,
    )
    DeskDeeds(session).add(reader, deed, now - KEPT_FOR)


@dataclass(frozen=True, slots=True)
class DeskUndo:
    """The reader's own last round, for some minutes."""

    database: Database
    schlagworte: Mapping[str, Schlagwort]
    policy: AccessPolicy
    keeping: Keeping = field(default_factory=Keeping)

    def last(self, reader: Reader) -> DeedView | None:
        """What could be taken back now; None where there is nothing."""
        with self.database.read() as session:
            since = session.trail.clock.now() - UNDO_FOR
            deeds = DeskDeeds(session).last_round(reader, since)
            if not deeds:
                return None
            first = deeds[0].document_id
            called = self._called(
                session, reader, [one for one in deeds if one.document_id == first]
            )
            return DeedView(
                round_id=deeds[0].round_id,
                kind=deeds[0].kind,
                count=len({one.document_id for one in deeds}),
                title=called.get(first, SOME_LETTER),
                at=deeds[-1].at,
            )

    def take_back(self, reader: Reader, round_id: str) -> RoundResult:
        """Take the whole round back, each letter by itself; says what could not be.

        Raises ``Conflict`` where it is not the reader's last one any more.
        """
        with self.database.read() as session:
            since = session.trail.clock.now() - UNDO_FOR
            deeds = DeskDeeds(session).last_round(reader, since)
            if not deeds or deeds[0].round_id != round_id:
                raise Conflict(NO_MORE, remedy="Die Liste neu laden.")
            called = self._called(session, reader, deeds)
        done, problems = [], []
        for deed in reversed(deeds):
            try:
                self._take_back(reader, deed.id)
                done.append(deed.document_id)
            except EakteError as error:
                problems.append((called.get(deed.document_id, SOME_LETTER), str(error)))
        return RoundResult(
            round_id=round_id, done=tuple(dict.fromkeys(done)), problems=tuple(problems)
        )

    def _called(
        self, session: EakteSession, reader: Reader, deeds: Iterable[DeskDeed]
    ) -> dict[str, str]:
        """What the letters are called; as others changed them only where they are still open."""
        left: dict[str, int] = {}
        for one in deeds:
            left[one.document_id] = max(one.document_version, left.get(one.document_id, 0))
        known = Documents(session).many(PLACE, left)
        changed = [one.id for one in known.values() if one.version != left[one.id]]
        still_open = Documents(session).many(reader, changed) if changed else {}
        told = [one for one in known.values() if one.id in still_open or one.id not in changed]
        return titles(session, PLACE, self.schlagworte, told)

    def _take_back(self, reader: Reader, deed_id: str) -> None:
        now = self.database.clock.now()
        with self.database.write() as session:
            deed = session.get_one(DeskDeed, deed_id, with_for_update=True)
            document = Documents(session).get(PLACE, deed.document_id, lock=True)
            if document is None or deed.undone_at is not None or deed.login != reader.login:
                raise Conflict(NO_MORE)
            self._check_untouched(session, reader, deed, document)
            if deed.kind == "reminded":
                _forget_reminder(session, deed)
            elif deed.kind == "vorgang":
                _put_back_vorgang(session, document, deed, now)
            else:
                self._reopen(session, reader, deed, document)
            deed.undone_at = now
            AuditLog(session).note(
                reader,
                "document.taken_back",
                "document",
                document.id,
                on_behalf_of=deed.on_behalf_of,
                details={"kind": deed.kind},
            )
            Outbox(session).put([document.id], now)

    def _check_untouched(
        self, session: EakteSession, reader: Reader, deed: DeskDeed, document: Document
    ) -> None:
        entry = None
        if deed.entry_id is not None:
            entry = Postboxes(session).get(PLACE, deed.entry_id)
            if entry is None or not _is_open_to(reader, entry):
                raise Conflict("Dieser Postkorb ist für Sie nicht mehr offen.")
            if entry.version != deed.entry_version:
                raise Conflict(who_did_what(session, document.id, since=deed.at) or NO_MORE)
        if deed.kind in _ALONE:
            return
        gone_on = bool(deed.before.get("made"))
        if gone_on and _was_taken_up(session, deed.before["made"]):
            said = who_did_what(session, document.id, but=reader.login, since=deed.at, looks=True)
            raise Conflict(said or NO_MORE)
        others = who_did_what(session, document.id, but=reader.login, since=deed.at, looks=gone_on)
        if others:
            raise Conflict(others, remedy="Um Rückgabe bitten." if gone_on else "")
        if document.version != deed.document_version:
            raise Conflict(NO_MORE)

    def _reopen(
        self, session: EakteSession, reader: Reader, deed: DeskDeed, document: Document
    ) -> None:
        """The letter lies where it lay; what the action put elsewhere goes."""
        before = deed.before
        made = set(before.get("made", ()))
        assignments = Assignments(session)
        for one in Postboxes(session).all_open_of(PLACE, document.id):
            if one.id in made:
                assignments.remove(one)
        entry = session.get_one(PostboxEntry, deed.entry_id)
        entry.done_at, entry.done_by, entry.done_how = None, None, None
        if "state" in before:
            document.state = before["state"]
            document.clearing_reason = before["reason"]
            document.filed_at, document.filed_by = None, None
        delivery = Delivery.at(session, self.schlagworte, self.policy, self.database.clock)
        if "picture" in before:
            label = document.schlagwort
            put_back(session, document, before["picture"], delivery)
            if label != document.schlagwort:
                corrections = Corrections(session, self.keeping, self.policy.closed_subfiles)
                corrections.schlagwort(reader, document, document.schlagwort or "sonstiges")
        if made:
            clock = self.database.clock
            plan_wiedervorlagen(session, document, clock.now(), clock.today())
        session.flush()


def _is_open_to(reader: Reader, entry: PostboxEntry) -> bool:
    if entry.team_id is not None:
        return any(entry.team_id in point.teams for point in reader.standpoints)
    return any(entry.login in point.logins for point in reader.standpoints)


def _was_taken_up(session: EakteSession, made: Iterable[str]) -> bool:
    """Whether anything that the action put on another desk was dealt with there."""
    there = (session.get(PostboxEntry, one) for one in made)
    return any(one is None or one.done_at is not None for one in there)


def _forget_reminder(session: EakteSession, deed: DeskDeed) -> None:
    row = session.get(Wiedervorlage, deed.before["reminder"])
    if row is None or row.done_at is not None or row.version != 1:
        raise Conflict("Die Wiedervorlage wurde inzwischen geändert.")
    Wiedervorlagen(session).remove(row)


def _put_back_vorgang(
    session: EakteSession, document: Document, deed: DeskDeed, now: datetime
) -> None:
    before, vorgaenge = deed.before, Vorgaenge(session)
    present = vorgaenge.link(PLACE, document.id)
    there = present.vorgang_id if present is not None else None
    if there != before["after"]:
        raise Conflict("Der Vorgang wurde inzwischen geändert.")
    earlier = before["vorgang"]
    if earlier is not None and session.get(Vorgang, earlier) is None:
        raise Conflict("Den früheren Vorgang gibt es nicht mehr.")
    if before["by"] is None:
        vorgaenge.forget(document.id)
    else:
        vorgaenge.attach(document.id, earlier, before["by"], before["payload"], now)
    if there is not None and there != earlier:
        vorgaenge.close_if_empty(there)
