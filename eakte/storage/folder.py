"""A :class:`eakte.ports.BlobStore` in a local folder.

A blob is ``ab/cd/<sha256>``.  It appears under that name only when all its bytes are on the disk:
they are written to ``tmp/``, fsynced, linked without replacing anything, and the folders are
fsynced too.  A crash leaves at worst a file in ``tmp/``, which is removed a day later.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

from eakte.errors import Damaged, Unavailable

CHUNK_BYTES = 1024 * 1024
LEFTOVER_SECONDS = 24 * 60 * 60

_SHA256 = re.compile(r"[0-9a-f]{64}")
_FOLDER_MODE = 0o700
_FILE_MODE = 0o600
_FULL = (errno.ENOSPC, errno.EDQUOT)
_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.EMLINK, errno.ENOSYS)


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class FolderStore:
    """Blobs below ``root``, which is created (mode 0700) where it is missing."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._temporary = root / "tmp"
        try:
            _make_folder(root)
            _make_folder(self._temporary)
        except OSError as error:
            raise _unavailable(root, error) from error
        self._remove_leftovers()

    def put(self, data: bytes) -> str:
        """Store ``data``; returns its SHA-256 in hex once everything is on the disk.

        Raises ``Unavailable`` where the disk is full or can't be written, ``Damaged`` where other
        bytes already stand under this hash.
        """
        return self._put(_Bytes(data))

    def put_file(self, path: Path) -> str:
        """Store a copy of the file at ``path``, one chunk at a time.

        Raises ``OSError`` where ``path`` can't be read, else like :meth:`put`.
        """
        with path.open("rb") as source:
            return self._put(source)

    def read(self, sha256: str) -> bytes:
        """The bytes.  Raises ``Damaged`` where they are missing or no longer match."""
        try:
            data = self._path(sha256).read_bytes()
        except FileNotFoundError as error:
            raise _missing(sha256) from error
        if hashlib.sha256(data).hexdigest() != sha256:
            raise _changed(sha256)
        return data

    @contextlib.contextmanager
    def local_path(self, sha256: str) -> Iterator[Path]:
        """The blob's own path: read it, never write it.  Raises ``Damaged`` where it is missing."""
        path = self._path(sha256)
        if not path.is_file():
            raise _missing(sha256)
        yield path

    def verify(self, sha256: str) -> None:
        """Raises ``Damaged`` where the stored bytes are missing or do not have this hash."""
        try:
            with self._path(sha256).open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except FileNotFoundError as error:
            raise _missing(sha256) from error
        if found != sha256:
            raise _changed(sha256)

    def hashes(self) -> Iterator[str]:
        """Every hash in the store, in order."""
        for outer in sorted(self._root.glob("[0-9a-f][0-9a-f]")):
            for inner in sorted(outer.glob("[0-9a-f][0-9a-f]")):
                for blob in sorted(inner.iterdir()):
                    if _SHA256.fullmatch(blob.name):
                        yield blob.name

    def _path(self, sha256: str) -> Path:
        if not _SHA256.fullmatch(sha256):
            raise ValueError(f"not a SHA-256 in hex: {sha256!r}")
        return self._root / sha256[:2] / sha256[2:4] / sha256

    def _put(self, source: _Readable) -> str:
        temporary = self._temporary / uuid.uuid4().hex
        try:
            try:
                sha256 = _copy(source, temporary)
            except _WriteError as error:
                raise _unavailable(self._root, error.cause) from error.cause
            path = self._path(sha256)
            try:
                self._publish(temporary, path)
            except FileExistsError:
                self.verify(sha256)
            except OSError as error:
                raise _unavailable(self._root, error) from error
            _sync_folder(path.parent)  # also the name that another put may have just made
        finally:
            temporary.unlink(missing_ok=True)
        return sha256

    def _publish(self, temporary: Path, path: Path) -> None:
        """Give the finished file its name; ``FileExistsError`` where it is taken."""
        _make_folder(path.parent.parent)
        _make_folder(path.parent)
        try:
            os.link(temporary, path)
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            # A file system without hard links: the same hash can only hold the same bytes.
            if path.exists():
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), path) from error
            temporary.rename(path)

    def _remove_leftovers(self) -> None:
        """Unfinished files of crashed processes; younger ones may still be written to."""
        oldest = time.time() - LEFTOVER_SECONDS
        for leftover in self._temporary.iterdir():
            with contextlib.suppress(FileNotFoundError):
                if leftover.stat().st_mtime < oldest:
                    leftover.unlink()


class _Bytes:
    """Bytes in memory, read chunk by chunk without a copy of the whole."""

    def __init__(self, data: bytes) -> None:
        self._view = memoryview(data)

    def read(self, size: int, /) -> bytes:
        chunk, self._view = self._view[:size], self._view[size:]
        return bytes(chunk)


class _WriteError(Exception):
    """Writing failed; reading errors of the source stay what they are."""

    def __init__(self, cause: OSError) -> None:
        super().__init__(str(cause))
        self.cause = cause


def _copy(source: _Readable, target: Path) -> str:
    """Write and fsync ``target``; the SHA-256 of exactly the bytes written."""
    digest = hashlib.sha256()
    with _created(target) as file:
        while chunk := source.read(CHUNK_BYTES):
            digest.update(chunk)
            try:
                _write_all(file, chunk)
            except OSError as error:
                raise _WriteError(error) from error
        try:
            file.flush()
            os.fsync(file.fileno())
        except OSError as error:
            raise _WriteError(error) from error
    return digest.hexdigest()


def _write_all(file: BinaryIO, chunk: bytes) -> None:
    """A disk that is about to be full takes a part of the bytes, and says so by their number."""
    rest = memoryview(chunk)
    while rest:
        rest = rest[file.write(rest) :]


def _created(path: Path) -> BinaryIO:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, _FILE_MODE)
    except OSError as error:
        raise _WriteError(error) from error
    # unbuffered: a full disk shows in write() or fsync(), not when the file is closed
    return os.fdopen(descriptor, "wb", buffering=0)


def _make_folder(path: Path) -> None:
    """A folder that survives a power cut, by fsyncing the one it stands in."""
    try:
        path.mkdir(mode=_FOLDER_MODE)
    except FileExistsError:
        return
    except FileNotFoundError:
        _make_folder(path.parent)
        _make_folder(path)
        return
    _sync_folder(path.parent)


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _unavailable(root: Path, error: OSError) -> Unavailable:
    if error.errno in _FULL:
        return Unavailable(
            f"Der Datenträger mit der Ablage {root} ist voll.",
            remedy="Bitte Platz schaffen; danach geht es von selbst weiter.",
        )
    return Unavailable(
        f"In die Ablage {root} kann nicht geschrieben werden: {error.strerror}.",
        remedy="Bitte Datenträger und Rechte prüfen.",
    )


def _missing(sha256: str) -> Damaged:
    return Damaged(
        f"In der Ablage fehlt die Datei {sha256}.",
        remedy="Bitte aus der Sicherung wiederherstellen (eakte restore).",
    )


def _changed(sha256: str) -> Damaged:
    return Damaged(
        f"Die Datei {sha256} in der Ablage wurde verändert.",
        remedy="Bitte aus der Sicherung wiederherstellen (eakte restore) und die Ursache klären.",
    )
