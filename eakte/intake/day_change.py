"""The worker's part at the change of the day: absences, handovers, and the figures of the day.

What begins, ends or falls due is brought in line; a day that is over is counted, and what was
typed into filters on it is forgotten.

It looks at how things are and not at events, every minute: at the change of the day (Europe/Berlin)
as after an import of the register, and after days on which no server ran.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

import structlog

from eakte.domain.rights import system_reader
from eakte.services.absences import Absences
from eakte.services.handovers import Handovers
from eakte.services.moving_files import MovingFiles
from eakte.services.postbox_filters import PostboxFilters
from eakte.services.statistics import Statistics

log = structlog.get_logger(__name__)

WORKER = system_reader("absences")


@dataclass(frozen=True, slots=True, kw_only=True)
class DayChange:
    """Looks every ``seconds`` until told to stop; where nothing is due, nothing is written."""

    absences: Absences
    handovers: Handovers
    moving_files: MovingFiles
    statistics: Statistics
    filters: PostboxFilters
    seconds: float

    def run(self, stop: threading.Event) -> None:
        """Look at once, then regularly."""
        while True:
            self.look()
            if stop.wait(self.seconds):
                return

    def look(self) -> None:
        """Once."""
        handed_over = self.handovers.apply_due(WORKER)
        settled = self.absences.keep_up(WORKER)
        self.moving_files.apply_due(WORKER)
        self.statistics.keep_days(WORKER)
        self.filters.forget_typed(WORKER)
        if handed_over or settled:
            log.info(
                "absences.settled",
                begun=settled.begun,
                returned=settled.returned,
                handovers=handed_over,
            )
