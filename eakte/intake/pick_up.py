"""What was handed in through the web is picked up here: the web process queues no work.

A look every half second at an indexed state; a source is queued once by this process, and queueing
twice changes nothing anyway.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from eakte.intake.tools import STEP
from eakte.repositories.database import Database
from eakte.repositories.sources import Sources
from eakte.services.handing_in import HANDED_IN

EVERY_SECONDS = 0.5


class PickUp:
    """Begins the work on sources that people and programmes handed in."""

    def __init__(self, database: Database, begin: Callable[[str], None]) -> None:
        self.database = database
        self.begin = begin
        self._begun: frozenset[str] = frozenset()

    def look(self) -> int:
        """Begin what waits and was not begun yet; returns how many."""
        with self.database.read() as session:
            waiting = Sources(session).waiting_in(STEP, HANDED_IN)
        fresh = [one for one in waiting if one not in self._begun]
        for source_id in fresh:
            self.begin(source_id)
        self._begun = frozenset(waiting)
        return len(fresh)

    def run(self, stop: threading.Event) -> None:
        """Look until ``stop`` is set."""
        while not stop.wait(EVERY_SECONDS):
            self.look()
