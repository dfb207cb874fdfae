"""Files handed over: all that somebody answers for go to another, from a day on.

For leads among their people, and for the administration. Protected files go along only where that
is said; nobody takes over a file that excludes them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from eakte.domain.ids import new_id
from eakte.domain.rights import AccessPolicy, Reader, system_reader
from eakte.domain.routing import Receiver
from eakte.errors import Conflict, NotFound, Unusable
from eakte.models import Handover, PostboxEntry
from eakte.repositories.absences import in_whose_place
from eakte.repositories.audit import AuditLog
from eakte.repositories.database import Database, EakteSession
from eakte.repositories.file_moves import FileMoves
from eakte.repositories.organisation import Organisation
from eakte.repositories.responsibilities import Held
from eakte.repositories.responsibilities import Responsibilities as Rows
from eakte.repositories.staff_picture import StaffPicture
from eakte.repositories.waiting_post import WaitingPost as WaitingRows
from eakte.services.effective_days import FAR_OFF, apply_due
from eakte.services.explaining import function_title
from eakte.services.forwarding import Forwarding
from eakte.services.leading import (
    led_functions,
    require_another,
    require_function,
    require_lead,
    require_led,
)
from eakte.services.responsibility_views import Effect, HandoverView, Shift
from eakte.services.waiting_post import REROUTED, WaitingPost

SYSTEM = system_reader("responsibilities")
STILL_SHOWN = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All files of ``giver`` (in ``function``, "" for all) to ``taker`` from ``effective`` on."""

    giver: str
    taker: str
    function: str
    effective: date
    with_protected: bool
    with_post: bool


@dataclass(frozen=True, slots=True)
class Handovers:
    """Trying, making and undoing handovers; each is one transaction with its audit row."""

    database: Database
    policy: AccessPolicy

    # -- all files of one ---------------------------------------------------------------------

    def planned(self, reader: Reader) -> tuple[HandoverView, ...]:
        """Those to come, and those done in the last weeks, among the reader's people."""
        require_lead(reader)
        with self.database.read() as session:
            since = self.database.clock.now() - STILL_SHOWN
            rows = Rows(session).handovers(reader, since)
            logins = {one for row in rows for one in (row.from_login, row.to_login, row.made_by)}
            names = Organisation(session).names(logins)
            return tuple(
                HandoverView(
                    id=row.id,
                    from_name=names[row.from_login],
                    to_name=names[row.to_login],
                    function_title=function_title(row.function) if row.function else "",
                    effective=row.effective,
                    with_protected=row.with_protected,
                    with_post=row.with_post,
                    made_by=names[row.made_by],
                    files=row.files,
                    entries=row.entries,
                    version=row.version,
                )
                for row in rows
            )

    def effect(self, reader: Reader, plan: Plan) -> Effect:
        """What it would do today; nothing is changed. Raises as ``hand_over`` does."""
        require_lead(reader)
        with self.database.read() as session:
            functions = self._checked(session, reader, plan)
            held = Rows(session).held_by(SYSTEM, plan.giver, plan.taker, functions)
            going = _going(held, with_protected=plan.with_protected)
            names = Organisation(session).names([plan.giver, plan.taker])
            waiting = self._waiting(session, plan.giver, going)
            files = len({one.case_file_id for one in going})
            return Effect(
                files=_shift(names, plan, files),
                tasks=_shift(names, plan, len(waiting)),
                protected=len({one.case_file_id for one in held if one.protected}),
                left_out=len({one.case_file_id for one in held if one.shut}),
            )

    def hand_over(self, reader: Reader, plan: Plan) -> HandoverView | None:
        """Make it count: at once where its day is today, else on its day.

        Returns None where it waits for its day. Raises ``NotPermitted``, ``NotFound``,
        ``Unusable`` for a day that is over.
        """
        require_lead(reader)
        today = self.database.clock.today()
        with self.database.write() as session:
            functions = self._checked(session, reader, plan)
            row = Handover(
                id=new_id(),
                from_login=plan.giver,
                to_login=plan.taker,
                function=next(iter(functions)) if functions else None,
                with_protected=plan.with_protected,
                with_post=plan.with_post,
                effective=plan.effective,
                made_by=reader.login,
                made_at=self.database.clock.now(),
            )
            session.add(row)
            session.flush()
            AuditLog(session).note(
                reader,
                "handover.plan",
                "handover",
                row.id,
                on_behalf_of=in_whose_place(reader, plan.giver),
                details={
                    "from": plan.giver,
                    "to": plan.taker,
                    "function": row.function,
                    "effective": plan.effective.isoformat(),
                    "with_protected": plan.with_protected,
                    "with_post": plan.with_post,
                },
            )
            if plan.effective <= today:
                self._apply(session, reader, row)
            made = row.id
        done = (one for one in self.planned(reader) if one.id == made and one.files is not None)
        return next(done, None)

    def take_back(self, reader: Reader, handover_id: str, version: int) -> None:
        """A handover that waits for its day is given up.

        Raises ``NotFound`` (audited), ``Conflict``.
        """
        require_lead(reader)
        with self.database.write() as session:
            row = Rows(session).handover(reader, handover_id)
            if row is not None:
                if row.done_at is not None or row.version != version:
                    raise Conflict(
                        "Die Übergabe ist schon geschehen.", remedy="Die Seite neu laden."
                    )
                AuditLog(session).note(reader, "handover.take_back", "handover", row.id)
                session.delete(row)
                return
            known = session.get(Handover, handover_id)
            asked = known.id if known is not None else "unknown"
            AuditLog(session).note(reader, "handover.refused", "handover", asked)
        raise NotFound("Diese Übergabe gibt es nicht.", remedy="Die Seite neu laden.")

    def apply_due(self, reader: Reader) -> int:
        """The worker's part at the day's change: what is due counts from now on; how many."""
        return apply_due(self.database, reader, Rows, self._apply)

    # -- the pieces -------------------------------------------------------------------------

    def _checked(self, session: EakteSession, reader: Reader, plan: Plan) -> Collection[str] | None:
        """The functions that go over; None: all. Raises what forbids it."""
        picture = StaffPicture.load(session)
        require_led(reader, plan.giver, picture)
        require_led(reader, plan.taker, picture)
        require_another(session, reader, plan.taker)
        today = self.database.clock.today()
        if plan.giver == plan.taker:
            raise Unusable("Von wem und an wen ist dieselbe Person.", remedy="Zwei wählen.")
        Forwarding(session, self.policy, today).require_able(plan.taker)
        if not today <= plan.effective <= today + FAR_OFF:
            raise Unusable(
                "Der Tag der Übergabe liegt nicht im kommenden Jahr.", remedy="Den Tag berichtigen."
            )
        mine = led_functions(reader, picture)
        if plan.function:
            require_function(mine, plan.function)
            return {plan.function}
        if mine is not None and len(mine) > 1:
            raise Unusable("Sie leiten mehrere Funktionen.", remedy="Eine Funktion wählen.")
        return mine

    def _apply(self, session: EakteSession, reader: Reader, row: Handover) -> None:
        now = self.database.clock.now()
        wanted = {row.function} if row.function else None
        rows = Rows(session)
        held = rows.held_by(SYSTEM, row.from_login, row.to_login, wanted)
        going = _going(held, with_protected=row.with_protected)
        waiting = self._waiting(session, row.from_login, going) if row.with_post else []
        rows.give(reader, going, row.from_login, row.to_login, now)
        post = WaitingPost(session, today=self.database.clock.today(), now=now)
        to = Receiver(postbox=row.to_login, login=row.to_login, rule="hand")
        for entry in waiting:
            post.lay(reader, entry, to, REROUTED)
        files = {one.case_file_id for one in going}
        for reminder, case_file_id in FileMoves(session).reminders_of(SYSTEM, row.from_login):
            if case_file_id in files:
                reminder.login = row.to_login
        row.done_at, row.files, row.entries = (
            now,
            len({one.case_file_id for one in going}),
            len(waiting),
        )
        AuditLog(session).note(
            reader,
            "handover.done",
            "handover",
            row.id,
            details={
                "from": row.from_login,
                "to": row.to_login,
                "files": row.files,
                "entries": row.entries,
            },
        )
        session.flush()

    @staticmethod
    def _waiting(session: EakteSession, giver: str, going: Collection[Held]) -> list[PostboxEntry]:
        """Open entries of these files that lie with ``giver``, or with a deputy in that place."""
        files = {one.case_file_id for one in going}
        found = WaitingRows(session).open_in_postboxes(SYSTEM, [giver])
        return [
            entry
            for entry, _, case_file_id in found
            if case_file_id in files and entry.deputy_for in {None, giver}
        ]


def _going(held: Collection[Held], *, with_protected: bool) -> list[Held]:
    return [one for one in held if not one.shut and (with_protected or not one.protected)]


def _shift(names: Mapping[str, str], plan: Plan, count: int) -> tuple[Shift, ...]:
    if not count:
        return ()
    return (Shift(before=names[plan.giver], after=names[plan.taker], count=count),)
