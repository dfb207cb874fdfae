"""The watched scanner inbox bound to ``receive``: settled files become sources."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import structlog

from eakte.intake.receive import Arrival, Received, receive
from eakte.ports import BlobStore
from eakte.repositories.database import Database
from scanner_inbox import custody
from scanner_inbox.watch import Inbox, WatchSettings

log = structlog.get_logger(__name__)


def scanner_inbox(
    database: Database,
    store: BlobStore,
    folder: Path,
    settings: WatchSettings,
    begin: Callable[[str], None],
) -> Inbox[Received]:
    """The inbox at ``folder``; ``begin`` starts the work on a source once its row is committed."""

    def received(arrival: custody.Arrival) -> Received:
        taken = receive(database, _arrival(arrival, database.clock.today()))
        if taken.state == "received":
            begin(taken.source_id)
        return taken

    def take(path: Path) -> custody.Taken[Received] | custody.Left:
        return custody.take(path, store, received, inbox=folder)

    def report(left: custody.Left) -> None:
        log.warning("inbox.left", file=str(left.path), reason=left.message, remedy=left.remedy)

    return Inbox(folder, take, report=report, settings=settings)


def _arrival(arrival: custody.Arrival, today: date) -> Arrival:
    return Arrival(
        key=arrival.key,
        channel="scanner",
        batch=arrival.folder or "inbox",
        name=arrival.name,
        sha256=arrival.sha256,
        size=arrival.size,
        received=today,
    )
