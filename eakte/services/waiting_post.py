"""What becomes of waiting post when an absence begins or ends (``docs/adr/0124-...``).

What lay with the absent one stays there: deputies see it. What came to a deputy and nobody began
(opening is no beginning) goes back on the first day of the return; what was begun stays until it
is done or handed back.
Works within the caller's transaction, from the state of things and not from events: run twice it
does nothing, and a day on which no server ran is made up for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from eakte.domain.ids import derived_id
from eakte.domain.rights import Reader, system_reader
from eakte.models import PostboxEntry
from eakte.repositories.absences import Absences
from eakte.repositories.audit import AuditLog
from eakte.repositories.database import EakteSession
from eakte.repositories.organisation import Organisation
from eakte.repositories.outbox import Outbox
from eakte.repositories.postboxes import Postboxes
from eakte.repositories.waiting_post import WaitingPost as WaitingRows
from eakte.services.heirs import entry_like
from eakte.services.routing import Receiver

PLACE = system_reader("absences")
RETURNED = "returned"
REROUTED = "rerouted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What was brought in line: absences whose beginning was noted, entries that went back."""

    begun: int = 0
    returned: int = 0

    def __bool__(self) -> bool:
        """Whether there was anything to do."""
        return bool(self.begun or self.returned)


class WaitingPost:
    """Within one transaction, on one day."""

    def __init__(self, session: EakteSession, *, today: date, now: datetime) -> None:
        self.session = session
        self.today = today
        self.now = now
        self.rows = WaitingRows(session)

    def is_due(self) -> bool:
        """Whether ``settle`` would find anything; a look that writes nothing."""
        if Absences(self.session).beginning(PLACE, self.today):
            return True
        return any(self._goes_back(entry) for entry in self._held())

    def settle(self) -> Settled:
        """Note the absences that have begun, and send back what belongs to those who are back."""
        returned = [entry for entry in self._held() if self._goes_back(entry)]
        for entry in returned:
            self.give_back(PLACE, entry)
        return Settled(begun=self._begin(), returned=len(returned))

    def give_back(self, reader: Reader, entry: PostboxEntry) -> None:
        """Out of the deputy's postbox into that of the one in whose place it came there."""
        login = str(entry.deputy_for)
        self.lay(reader, entry, Receiver(postbox=login, login=login, rule="hand"), RETURNED)

    def lay(self, reader: Reader, entry: PostboxEntry, to: Receiver, how: str) -> None:
        """Take an open entry out of its postbox and lay it into another as it is.

        A task stays a task. Where the same document lies there already in the same way, it is not
        put there twice.
        """
        before = entry.deputy_for
        entry.done_at, entry.done_by, entry.done_how = self.now, reader.login, how
        self.session.flush()
        postboxes = Postboxes(self.session)
        lying = {(one.postbox, one.copy) for one in postboxes.all_open_of(PLACE, entry.document_id)}
        if (to.postbox, entry.copy) not in lying:
            fresh = entry_like(entry, entry.document_id, f"{how}:{entry.id}", self.now)
            fresh.id = derived_id("entry", entry.document_id, f"{how}:{entry.id}", to.postbox)
            fresh.postbox, fresh.login, fresh.team_id = to.postbox, to.login, to.team
            fresh.deputy_for = to.deputy_for
            postboxes.add(fresh)
        AuditLog(self.session).note(
            reader,
            f"document.{how}",
            "document",
            entry.document_id,
            on_behalf_of=before,
            details={"from": entry.postbox, "to": to.postbox, "copy": entry.copy},
        )
        Outbox(self.session).put([entry.document_id], self.now)

    # -- the pieces -------------------------------------------------------------------------

    def _held(self) -> Iterable[PostboxEntry]:
        return self.rows.held_for_present(PLACE, self.today)

    def _goes_back(self, entry: PostboxEntry) -> bool:
        login = str(entry.deputy_for)
        return not self.rows.begun(PLACE, entry) and self.rows.may_lie_with(
            PLACE, entry.document_id, login
        )

    def _begin(self) -> int:
        """Write down, once an absence, who stands in now and how much waits for them."""
        organisation, audit = Organisation(self.session), AuditLog(self.session)
        begun = Absences(self.session).beginning(PLACE, self.today)
        for absence in begun:
            absence.begun_on = self.today
            present = (
                one
                for one in organisation.deputies_of(absence.login)
                if not organisation.is_away(one, self.today)
            )
            tasks, urgent = self.rows.counts(PLACE, absence.login)
            audit.note(
                PLACE,
                "absence.begin",
                "caseworker",
                absence.login,
                details={"stands_in": next(present, None), "tasks": tasks, "urgent": urgent},
            )
        self.session.flush()
        return len(begun)
