"""A worker process: durable work, the index writer, and the watch over forgotten work.

Each of these is a thread that ends when told to; none of them may take the others down, nor end
unseen.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

import structlog

from eakte.errors import EakteError
from eakte.intake.durable import Durable
from eakte.intake.indexer import Indexer
from eakte.services.checking import Checking

log = structlog.get_logger(__name__)

JUST_BEGUN = timedelta(seconds=10)
"""A source this young may still be on its way from ``receive`` into the queue."""
HEAD_SECONDS = 600.0
PAUSE_SECONDS = 2.0
"""Before a part that failed begins anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """Runs until ``stop`` is set."""

    durable: Durable
    indexer: Indexer
    checking: Checking
    rescue_seconds: float = 15.0

    def run(
        self, stop: threading.Event, more: Mapping[str, Callable[[threading.Event], None]]
    ) -> None:
        """Launch durable work and keep house; ``more`` (the inbox) run beside it, by name."""
        self.durable.launch()
        threads = [
            _thread("indexer", stop, self.indexer.run),
            _thread("rescue", stop, regularly(self.rescue_seconds, self._take_up)),
            _thread("audit-head", stop, regularly(HEAD_SECONDS, self._write_head)),
            *(_thread(name, stop, one) for name, one in more.items()),
        ]
        for thread in threads:
            thread.start()
        stop.wait()
        for thread in threads:
            thread.join(timeout=5)
        self.durable.close(seconds=2)

    def _take_up(self) -> None:
        rescued = self.durable.rescue()
        resumed = self.durable.resume_forgotten(JUST_BEGUN)
        if rescued or resumed:
            log.warning("work.resumed", rescued=rescued, resumed=resumed)

    def _write_head(self) -> None:
        if self.checking.head_is_due():
            self.checking.write_head()


def regularly(seconds: float, what: Callable[[], object]) -> Callable[[threading.Event], None]:
    """A part that does ``what`` at once and then every ``seconds`` until told to stop."""

    def loop(stop: threading.Event) -> None:
        due = time.monotonic()
        while not stop.wait(max(0.0, due - time.monotonic())):
            what()
            due = time.monotonic() + seconds

    return loop


def run_steadily(
    name: str, stop: threading.Event, target: Callable[[threading.Event], None]
) -> None:
    """Run ``target`` until it returns because ``stop`` is set; begin it anew where it fails.

    A worker whose inbox or index writer had ended silently would look alive and do nothing.
    """
    while not stop.is_set():
        try:
            target(stop)
        except (EakteError, OSError) as error:
            log.warning("part.failed", part=name, reason=str(error))
        except Exception:
            log.exception("part.failed", part=name)
        stop.wait(PAUSE_SECONDS)


def _thread(
    name: str, stop: threading.Event, target: Callable[[threading.Event], None]
) -> threading.Thread:
    return threading.Thread(target=run_steadily, args=(name, stop, target), name=name, daemon=True)
