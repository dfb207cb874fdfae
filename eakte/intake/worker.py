"""A worker process: durable work, the index writer, heartbeats, and the watch over forgotten work.

Each of these is a thread that ends when told to; none of them may take the others down.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog

from eakte.errors import EakteError
from eakte.intake.durable import Durable
from eakte.intake.indexer import Indexer
from eakte.services.checking import Checking

log = structlog.get_logger(__name__)

RESCUE_SECONDS = 15.0
JUST_BEGUN = timedelta(seconds=10)
"""A source this young may still be on its way from ``receive`` into the queue."""
HEAD_SECONDS = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """Runs until ``stop`` is set."""

    durable: Durable
    indexer: Indexer
    checking: Checking
    heartbeat_seconds: float

    def run(self, stop: threading.Event, *more: Callable[[threading.Event], None]) -> None:
        """Launch durable work and keep house; ``more`` (the inbox) run beside it."""
        self.durable.launch()
        threads = [
            threading.Thread(target=self.indexer.run, args=(stop,), name="indexer"),
            self._regularly("heartbeat", stop, self.heartbeat_seconds, self.durable.beat),
            self._regularly("rescue", stop, RESCUE_SECONDS, self._take_up),
            self._regularly("audit-head", stop, HEAD_SECONDS, self._write_head),
            *(threading.Thread(target=one, args=(stop,), name="inbox") for one in more),
        ]
        for thread in threads:
            thread.start()
        stop.wait()
        for thread in threads:
            thread.join(timeout=10)
        self.durable.close(seconds=2)

    def _take_up(self) -> None:
        rescued = self.durable.rescue()
        resumed = self.durable.resume_forgotten(JUST_BEGUN)
        if rescued or resumed:
            log.warning("work.resumed", rescued=rescued, resumed=resumed)

    def _write_head(self) -> None:
        if self.checking.head_is_due():
            self.checking.write_head()

    @staticmethod
    def _regularly(
        name: str, stop: threading.Event, seconds: float, what: Callable[[], object]
    ) -> threading.Thread:
        def loop() -> None:
            due = time.monotonic()
            while not stop.wait(max(0.0, due - time.monotonic())):
                try:
                    what()
                except (EakteError, OSError) as error:
                    log.warning("chore.failed", chore=name, reason=str(error))
                due = time.monotonic() + seconds

        return threading.Thread(target=loop, name=name)
