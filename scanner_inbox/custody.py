"""Taking an original out of the inbox without ever being its only loser.

Invariant 1: an original leaves the inbox only after its bytes are fsynced in the store and the row
is committed.  In the order of :func:`take`, a kill at any line leaves either the original in the
inbox (taken again later, under the same :attr:`Arrival.key`, so that ``receive`` can tell it is the
same arrival) or the original in the inbox and the store both.

The last step moves the file into a hidden folder beside it before it is deleted: only there can it
be looked at once more without somebody putting another file under its name in between.
:func:`finish` clears such folders after a crash.
"""

from __future__ import annotations

import contextlib
import enum
import errno
import fcntl
import hashlib
import os
import signal
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from eakte.errors import Unavailable

if TYPE_CHECKING:
    from eakte.ports import BlobStore

R = TypeVar("R")

HOLDING_PREFIX = ".eakte-"
"""Hidden folder for files on their way out: the prefix, then the SHA-256 of what was stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One file as it arrived.

    ``key`` is the same whenever the same file is taken again after a crash, and another one for
    the same bytes put there anew: ``receive`` must be idempotent by it.  ``folder`` is the folder
    below the inbox (scanner profile or batch), with ``/`` and without a leading one; "" at the top.
    ``name`` is fit for display: bytes that are no UTF-8 are replaced.  ``modified_ns`` is the
    file's own time stamp (Unix nanoseconds).
    """

    key: str
    sha256: str
    name: str
    folder: str
    size: int
    modified_ns: int


class LeftBecause(enum.StrEnum):
    """Why a file stays where it is."""

    VANISHED = "vanished"
    NOT_A_FILE = "not_a_file"
    LINK = "link"
    EMPTY = "empty"
    UNREADABLE = "unreadable"
    CHANGED = "changed"
    IN_USE = "in_use"
    NOT_REMOVED = "not_removed"
    UNAVAILABLE = "unavailable"
    WAITING = "waiting"
    ALONE = "alone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """A file that was not taken; it is untouched.  ``retry``: may work later without a change."""

    path: Path
    because: LeftBecause
    message: str
    remedy: str = ""
    retry: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken(Generic[R]):
    """A file in custody and gone from the inbox, with what ``receive`` answered."""

    arrival: Arrival
    received: R


def take(
    path: Path, store: BlobStore, receive: Callable[[Arrival], R], *, inbox: Path | None = None
) -> Taken[R] | Left:
    """Store the file at ``path``, have its row committed by ``receive``, remove it.

    ``receive`` returns only once the row is durable; its exceptions pass through, and the file
    stays.  ``inbox`` is the top folder, from which ``Arrival.folder`` counts.
    """
    before = _look(path)
    if isinstance(before, Left):
        return before
    sha256 = _stored(path, store)
    if isinstance(sha256, Left):
        return sha256
    after = _look(path)
    if isinstance(after, Left):
        return after
    if _identity(after) != _identity(before) or after.st_ctime_ns != before.st_ctime_ns:
        return _changed(path)
    arrival = _arrival(path, inbox or path.parent, sha256, before)
    received = receive(arrival)
    left = _remove(path, sha256, before)
    return left or Taken(arrival=arrival, received=received)


def finish(inbox: Path) -> tuple[Path, ...]:
    """Complete the removals that a crash interrupted.  Call it before watching begins.

    A file in a holding folder was committed before it was moved there; if its bytes are no longer
    those that were stored, it is put back.  Returns the paths that were put back.
    """
    put_back: list[Path] = []
    for holding in sorted(inbox.rglob(f"{HOLDING_PREFIX}*")):
        sha256 = holding.name.removeprefix(HOLDING_PREFIX)
        if not holding.is_dir() or holding.is_symlink() or len(sha256) != 64:
            continue
        for held in sorted(holding.iterdir()):
            with held.open("rb") as file:
                same = hashlib.file_digest(file, "sha256").hexdigest() == sha256
            if same:
                held.unlink()
            else:
                put_back.append(_put_back(held, holding.parent / held.name))
        holding.rmdir()
        _sync_folder(holding.parent)
    return tuple(put_back)


def _look(path: Path) -> os.stat_result | Left:
    """The file's state, or why it can't be taken; never follows a link, never blocks on a pipe."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return Left(path=path, because=LeftBecause.VANISHED, message="Die Datei ist nicht mehr da.")
    except OSError as error:
        return _unreadable(path, error)
    if stat.S_ISLNK(found.st_mode):
        return Left(
            path=path,
            because=LeftBecause.LINK,
            message=f"„{display_name(path)}“ ist eine Verknüpfung; sie wird nicht verfolgt.",
            remedy="Bitte die Datei selbst in den Eingangsordner legen.",
        )
    if not stat.S_ISREG(found.st_mode):
        return Left(
            path=path,
            because=LeftBecause.NOT_A_FILE,
            message=f"„{display_name(path)}“ ist keine gewöhnliche Datei.",
            remedy="Bitte aus dem Eingangsordner entfernen.",
        )
    if found.st_size == 0:
        return Left(
            path=path,
            because=LeftBecause.EMPTY,
            message=f"„{display_name(path)}“ ist leer und bleibt liegen, bis etwas darin steht.",
            remedy="Kommt nichts mehr: bitte erneut scannen und die leere Datei löschen.",
        )
    return found


def _stored(path: Path, store: BlobStore) -> str | Left:
    """The SHA-256 of the file's bytes, now in the store, or why it can't be taken yet."""
    try:
        if _is_being_written(path):
            return _in_use(path)
        return _store(path, store)
    except Unavailable as error:
        return Left(
            path=path,
            because=LeftBecause.UNAVAILABLE,
            message=error.message,
            remedy=error.remedy,
            retry=True,
        )
    except OSError as error:
        return _unreadable(path, error)


def _store(path: Path, store: BlobStore) -> str:
    """Store exactly the file that is opened here: no link is followed, no pipe waited for."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        return store.put_file(Path(f"/proc/self/fd/{descriptor}"))
    finally:
        os.close(descriptor)


def _is_being_written(path: Path) -> bool:
    """Whether a process of this machine still has the file open for writing.

    A copy over a slow line pauses for longer than any file is waited for; what it writes after the
    file was taken would be lost.  The kernel refuses a read lease on such a file.  Where it gives
    none at all (files on network shares, files of another user) the waiting alone decides.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        # Should a writer come in between the next two calls, the kernel says so by a signal: by
        # one that is ignored unless somebody waits for it, not by the one that ends the process.
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, int(signal.SIGURG))
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError as error:
        return error.errno == errno.EAGAIN
    finally:
        os.close(descriptor)
    return False


def _identity(found: os.stat_result) -> tuple[int, int, int]:
    return found.st_ino, found.st_size, found.st_mtime_ns


def _arrival(path: Path, inbox: Path, sha256: str, found: os.stat_result) -> Arrival:
    relative = path.relative_to(inbox) if path.is_relative_to(inbox) else Path(path.name)
    # The change time tells a second copy of a file from the same file taken twice, even where
    # inode and time stamp are used again (cp -p onto ext4).
    facts = (
        os.fsencode(relative),
        *(
            str(number).encode()
            for number in (found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
        ),
        sha256.encode(),
    )
    folder = relative.parent.as_posix()
    return Arrival(
        key=hashlib.sha256(b"\0".join(facts)).hexdigest(),
        sha256=sha256,
        name=display_name(path),
        folder="" if folder == "." else os.fsencode(folder).decode("utf-8", "replace"),
        size=found.st_size,
        modified_ns=found.st_mtime_ns,
    )


def _remove(path: Path, sha256: str, expected: os.stat_result) -> Left | None:
    """Delete exactly the file that was stored; None when it is gone."""
    holding = path.parent / f"{HOLDING_PREFIX}{sha256}"
    held = holding / path.name
    try:
        holding.mkdir(mode=0o700, exist_ok=True)
        path.rename(held)
    except FileNotFoundError:
        with contextlib.suppress(OSError):
            holding.rmdir()
        return None  # somebody else removed it; we have it
    except OSError as error:
        with contextlib.suppress(OSError):
            holding.rmdir()
        return _not_removed(path, error)
    if _identity(held.lstat()) != _identity(expected) or _is_being_written(held):
        back = _put_back(held, path)
        holding.rmdir()
        return _changed(back)
    held.unlink()
    with contextlib.suppress(OSError):  # another file of the same bytes may be on its way out
        holding.rmdir()
    _sync_folder(path.parent)
    return None


def _put_back(held: Path, target: Path) -> Path:
    """Back into the inbox under its name, or under a free one beside it; replaces nothing."""
    for free in _free_names(target):
        try:
            os.link(held, free)
        except FileExistsError:
            continue
        except OSError as error:
            if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.ENOSYS):
                raise
            if free.exists():
                continue
            held.rename(free)
            return free
        held.unlink()
        return free
    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), target)


def _free_names(target: Path) -> Iterator[Path]:
    yield target
    for number in range(2, 1000):
        yield target.with_name(f"{target.stem}-{number}{target.suffix}")


def display_name(path: Path) -> str:
    """The file's name as text that can be stored and shown."""
    return os.fsencode(path.name).decode("utf-8", "replace")


def _unreadable(path: Path, error: OSError) -> Left:
    return Left(
        path=path,
        because=LeftBecause.UNREADABLE,
        message=f"„{display_name(path)}“ lässt sich nicht lesen: {error.strerror}.",
        remedy="Bitte die Rechte der Datei prüfen; danach geht es von selbst weiter.",
        retry=True,
    )


def _not_removed(path: Path, error: OSError) -> Left:
    return Left(
        path=path,
        because=LeftBecause.NOT_REMOVED,
        message=f"„{display_name(path)}“ ist eingegangen, lässt sich aber nicht aus dem "
        f"Eingangsordner entfernen: {error.strerror}.",
        remedy="Bitte die Rechte des Ordners prüfen; danach geht es von selbst weiter.",
        retry=True,
    )


def _changed(path: Path) -> Left:
    return Left(
        path=path,
        because=LeftBecause.CHANGED,
        message=f"„{display_name(path)}“ wurde noch geändert, während sie gelesen wurde.",
        remedy="Sie wird genommen, sobald sie vollständig ist.",
        retry=True,
    )


def _in_use(path: Path) -> Left:
    return Left(
        path=path,
        because=LeftBecause.IN_USE,
        message=f"„{display_name(path)}“ wird noch geschrieben.",
        remedy="Sie wird genommen, sobald das andere Programm sie schließt.",
        retry=True,
    )


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
