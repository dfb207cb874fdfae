"""What lies open about a case file goes where the routing rule sends it from now on."""

from __future__ import annotations

from eakte.domain.rights import CLEARING, Reader, system_reader
from eakte.domain.routing import Receiver
from eakte.models import CaseFile, Document
from eakte.repositories.database import EakteSession
from eakte.repositories.documents import Documents
from eakte.repositories.file_moves import FileMoves as Rows
from eakte.services.delivery import Delivery
from eakte.services.waiting_post import REROUTED, WaitingPost

SYSTEM = system_reader("moving-files")


class Carrying:
    """What lies open about a file, within the transaction that gave it to others.

    ``losers`` are the logins and teams that no longer answer for it.
    """

    def __init__(
        self,
        session: EakteSession,
        reader: Reader,
        delivery: Delivery,
        cover: CaseFile,
        losers: set[str],
    ) -> None:
        self.session, self.reader, self.cover, self.losers = session, reader, cover, losers
        self.delivery = delivery
        self.post = WaitingPost(session, today=delivery.today, now=delivery.now)
        self.kept: dict[str, bool] = {}

    def entries(self) -> int:
        """Tasks and copies of those who no longer answer for it; how many tasks went."""
        moved = 0
        for entry, document in Rows(self.session).open_entries(SYSTEM, self.cover.id):
            if not self._goes(document, entry.postbox, entry.deputy_for):
                continue
            main, copies = self._receivers(document)
            if entry.copy:
                entry.done_at, entry.done_by = self.post.now, self.reader.login
                entry.done_how = REROUTED
                self.session.flush()
                self.delivery.deliver(
                    self.reader, document, None, copies, round_key=f"{REROUTED}:{entry.id}"
                )
            elif main.postbox not in {CLEARING, entry.postbox}:
                self.post.lay(self.reader, entry, main, REROUTED)
                moved += 1
        return moved

    def reminders(self) -> int:
        """Wiedervorlagen of those who no longer answer for it; how many went."""
        moved = 0
        for row, document in Rows(self.session).open_reminders(SYSTEM, self.cover.id):
            if not self._goes(document, row.login or row.team_id or "", None):
                continue
            main, _ = self._receivers(document)
            if main.postbox != CLEARING:
                row.login, row.team_id = main.login, main.team
                moved += 1
        self.session.flush()
        return moved

    def _goes(self, document: Document, postbox: str, deputy_for: str | None) -> bool:
        if document.id not in self.kept:
            self.kept[document.id] = Rows(self.session).keeper(SYSTEM, document.id) is not None
        return not self.kept[document.id] and not self.losers.isdisjoint({postbox, deputy_for})

    def _receivers(self, document: Document) -> tuple[Receiver, tuple[Receiver, ...]]:
        found = Documents(self.session).people(SYSTEM, [document.id])[document.id]
        people = [one.id for one in found]
        return self.delivery.receivers(SYSTEM, document, self.cover, people)
