"""The command line as a channel: a file that somebody names is stored and received.

The file itself stays where it is.  Custody of what lies in the inbox: ``scanner_inbox.custody``.
"""

from __future__ import annotations

import hashlib
import os
import stat
import uuid
from datetime import date
from pathlib import Path

from eakte.errors import IntakeError
from eakte.intake.receive import Arrival, receive
from eakte.ports import BlobStore
from eakte.repositories.database import Database


def take(path: Path, store: BlobStore, database: Database, day: date) -> str:
    """Store the bytes, commit the row; returns the source's id.

    Raises what :func:`store_file` raises.
    """
    sha256, size = store_file(path, store)
    return receive(database, _arrival(path, sha256, size, day)).source_id


def store_file(path: Path, store: BlobStore) -> tuple[str, int]:
    """Store the bytes of a file that stays where it is; their hash and number.

    Raises ``IntakeError`` (``vanished``, ``unreadable``, ``not_a_file``, ``still_written``) for a
    file that is not taken, and what the store raises where it can't keep anything.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise _unreadable(path, error) from error
    try:
        before = os.fstat(descriptor)
        if not stat.S_ISREG(before.st_mode):
            raise IntakeError(
                f"{path} ist keine gewöhnliche Datei.",
                remedy="Eine Datei oder einen Ordner angeben.",
                reason="not_a_file",
            )
        try:
            sha256 = store.put_file(Path(f"/proc/self/fd/{descriptor}"))
        except OSError as error:
            raise _unreadable(path, error) from error
        after = os.fstat(descriptor)
    finally:
        os.close(descriptor)
    if (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
        raise IntakeError(
            f"{path} wird gerade noch geschrieben.",
            remedy="Noch einmal einreichen, sobald die Datei vollständig ist.",
            reason="still_written",
        )
    return sha256, after.st_size


def _arrival(path: Path, sha256: str, size: int, day: date) -> Arrival:
    return Arrival(
        key=hashlib.sha256(f"command\x1f{sha256}\x1f{uuid.uuid4().hex}".encode()).hexdigest(),
        channel="command",
        batch=day.isoformat(),
        name=os.fsencode(path.name).decode("utf-8", "replace"),
        sha256=sha256,
        size=size,
        received=day,
    )


def _unreadable(path: Path, error: OSError) -> IntakeError:
    vanished = isinstance(error, FileNotFoundError)
    return IntakeError(
        f"{path} ist nicht mehr da." if vanished else f"{path} ist nicht lesbar: {error.strerror}.",
        remedy="Pfad und Rechte prüfen.",
        reason="vanished" if vanished else "unreadable",
    )
