"""What people hand in through the web, or split at the desk, is picked up here.

The web process queues no work and reads nothing.  A look every half second at indexed states; a
source is queued once by this process, and beginning a thing twice changes nothing anyway.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from eakte.intake.tools import STEP
from eakte.repositories.database import Database
from eakte.repositories.documents import Documents
from eakte.repositories.sources import Sources
from eakte.services.handing_in import HANDED_IN

EVERY_SECONDS = 0.5


class PickUp:
    """Begins the work on handed-in sources, and on documents whose pages somebody ordered."""

    def __init__(
        self,
        database: Database,
        begin: Callable[[str], None],
        read: Callable[[str], None] = lambda _document_id: None,
    ) -> None:
        self.database = database
        self.begin = begin
        self.read = read
        self._begun: frozenset[str] = frozenset()

    def look(self) -> int:
        """Begin what waits and was not begun yet; returns how many.

        ``read`` is told of a document as often as it is seen waiting: it knows what runs already.
        """
        with self.database.read() as session:
            sources = Sources(session).waiting_in(STEP, HANDED_IN)
            documents = Documents(session).split_and_unread(STEP)
        fresh = [one for one in sources if one not in self._begun]
        for source_id in fresh:
            self.begin(source_id)
        for document_id in documents:
            self.read(document_id)
        self._begun = frozenset(sources)
        return len(fresh) + len(documents)

    def run(self, stop: threading.Event) -> None:
        """Look until ``stop`` is set."""
        while not stop.wait(EVERY_SECONDS):
            self.look()
