"""Making a backup while the server runs: the database first, then the bytes it refers to.

The store is written once and never changed, so blobs copied after the database's snapshot are all
that the snapshot needs and perhaps a few more.  Everything in the store is taken, not only what a
column is known to name: a kind of bytes that was forgotten here would be missed too late.
"""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from eakte.domain.rights import Reader, system_reader
from eakte.errors import Damaged, SettingsError, Unavailable
from eakte.ports import BlobStore
from eakte.repositories import snapshots
from eakte.repositories.audit import AuditLog
from eakte.repositories.database import Database
from eakte.services.backup.folder import (
    BLOB_LIST,
    CONFIG,
    DATABASE,
    HEADS,
    KEY,
    BackupFolder,
    Snapshot,
    list_line,
)
from eakte.services.backup.manifest import FORMAT, NAME, FileEntry, Manifest
from eakte.services.backup.progress import Progress, silent
from eakte.services.checking import Checking

BACKUP = system_reader("backup")
_AGAIN = "Platz schaffen oder Rechte prüfen und den Befehl wiederholen; Gesichertes bleibt gültig."
_TELL_EVERY = 100
_SETTINGS = (
    "eakte.toml",
    "rechte.toml",
    "schlagworte/*.toml",
    "musterbriefe/*.txt",
    "musterbriefe/*.toml",
    "suche/*.toml",
    "vorlagen/*.toml",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A finished backup: ``copied`` blobs were new in the folder, ``missing`` no longer stored."""

    snapshot: Snapshot
    manifest: Manifest
    copied: int
    copied_bytes: int

    @property
    def missing(self) -> tuple[str, ...]:
        """Hashes that a row refers to and whose bytes are gone or changed."""
        return self.manifest.missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """Makes backups of one installation.

    ``config`` is the settings' folder, ``heads`` and ``key_file`` belong to the audit chain;
    ``secrets`` are files with keys and passwords, left out wherever they lie; ``never_in`` are
    folders whose content is backed up; ``open_blobs`` opens a folder of blobs, ``lay_out`` makes
    the schema in an empty database.
    """

    database: Database
    store: BlobStore
    checking: Checking
    config: Path
    key_file: Path
    secrets: tuple[Path, ...]
    never_in: tuple[Path, ...]
    product: str
    open_blobs: Callable[[Path], BlobStore]
    lay_out: Callable[[Engine], None]

    def run(
        self, reader: Reader, root: Path, *, with_key: bool = False, progress: Progress = silent
    ) -> Made:
        """One snapshot more in the folder ``root``; continues one that was interrupted.

        Raises ``SettingsError`` for a folder that is no place for a backup, ``Conflict`` while
        another call works on it, ``Unavailable`` where its disk is full or can't be written:
        then no half snapshot stays.
        """
        self._check_place(root)
        with _told_of(root):
            folder = BackupFolder(root)
            folder.prepare()
            with folder.locked():
                self._check_origin(folder)
                work = folder.begin(self.database.clock.now())
                try:
                    made = self._fill(folder, work, with_key=with_key, progress=progress)
                finally:
                    if work.exists():
                        shutil.rmtree(work, ignore_errors=True)
        self._note(reader, made)
        return made

    def _fill(
        self, folder: BackupFolder, work: Path, *, with_key: bool, progress: Progress
    ) -> Made:
        taken_at = self.database.clock.now()
        progress("Einstellungen und Köpfe des Protokolls")
        # Heads go before the rows: one that is newer than the snapshot would not fit its chain.
        self.checking.write_head()
        _copy(self.checking.heads, work / HEADS)
        self._copy_settings(work / CONFIG)
        if with_key:
            _copy(self.key_file, work / KEY)
        progress("Datenbank")
        snapshots.take(self.database, BACKUP, work / DATABASE, self.lay_out)
        blobs = _Blobs(self.store, self.open_blobs(folder.blobs))
        blobs.copy(work / DATABASE, work / BLOB_LIST, progress)
        progress("Verzeichnis")
        manifest = self._manifest(work, blobs, taken_at, with_key=with_key)
        (work / NAME).write_bytes(manifest.to_bytes())
        return Made(
            snapshot=folder.finish(work),
            manifest=manifest,
            copied=blobs.copied,
            copied_bytes=blobs.copied_bytes,
        )

    def _copy_settings(self, target: Path) -> None:
        """The files that are settings, and nothing else that was laid beside them."""
        left_out = {path.resolve() for path in (self.key_file, *self.secrets)}
        for pattern in _SETTINGS:
            for path in sorted(self.config.glob(pattern)):
                if path.is_file() and path.resolve() not in left_out:
                    _copy(path, target / path.relative_to(self.config))

    def _manifest(
        self, work: Path, blobs: _Blobs, taken_at: datetime, *, with_key: bool
    ) -> Manifest:
        trail = self.database.trail
        with snapshots.opened(work / DATABASE) as copy:
            seq, mac = snapshots.audit_head(copy)
            return Manifest(
                format=FORMAT,
                product=self.product,
                revision=snapshots.revision(copy),
                engine=self.database.engine.dialect.name,
                taken_at=taken_at,
                finished_at=self.database.clock.now(),
                origin=snapshots.origin(copy),
                audit_seq=seq,
                audit_mac=mac,
                with_key=with_key,
                tables=snapshots.counts(copy),
                files=tuple(_entries(work)),
                blobs=blobs.count,
                blob_bytes=blobs.bytes,
                missing=tuple(blobs.missing),
            ).sealed(trail.key)

    def _check_place(self, root: Path) -> None:
        place = root.resolve()
        for kept in self.never_in:
            if place.is_relative_to(kept.resolve()):
                raise SettingsError(
                    f"Der Ordner {root} liegt in {kept}, das gesichert werden soll.",
                    remedy="Einen Ordner auf einem anderen Datenträger angeben.",
                )

    def _check_origin(self, folder: BackupFolder) -> None:
        """Two installations in one folder would prune each other's snapshots."""
        with self.database.read() as session:
            own = self.database.trail.mac_at(session, 1)
        for one in reversed(folder.snapshots()):
            try:
                other = one.manifest().origin
            except Damaged:
                continue
            if other and own and other != own:
                raise SettingsError(
                    f"In {folder.root} liegt die Sicherung einer anderen Installation.",
                    remedy="Für jede Installation einen eigenen Ordner angeben.",
                )
            return

    def _note(self, reader: Reader, made: Made) -> None:
        """Who has a copy of everything since when."""
        with self.database.write() as session:
            AuditLog(session).note(
                reader,
                "backup.make",
                "backup",
                made.snapshot.name,
                details={"manifest": made.manifest.sha256, "with_key": made.manifest.with_key},
            )


@contextmanager
def _told_of(root: Path) -> Iterator[None]:
    """Whatever a disk says while a backup is written, as one sentence."""
    try:
        yield
    except Unavailable as error:
        raise Unavailable(error.message, remedy=_AGAIN) from error
    except (OSError, sqlite3.Error) as error:
        raise _unwritten(root, error) from error
    except SQLAlchemyError as error:
        raise _unwritten(root, getattr(error, "orig", None) or error) from error


def _unwritten(root: Path, error: BaseException) -> Unavailable:
    said = getattr(error, "strerror", None) or str(error).partition("\n")[0]
    return Unavailable(
        f"Die Sicherung nach {root} ist nicht fertig geworden: {said}.", remedy=_AGAIN
    )


class _Blobs:
    """Copies what is not there yet, and lists what belongs to the snapshot."""

    def __init__(self, store: BlobStore, target: BlobStore) -> None:
        self.store = store
        self.target = target
        self.count = self.bytes = self.copied = self.copied_bytes = 0
        self.missing: list[str] = []

    def copy(self, database: Path, out: Path, progress: Progress) -> None:
        with snapshots.opened(database) as copy, out.open("w", encoding="ascii") as lines:
            total = snapshots.referred_count(copy)
            stored, needed = self.store.hashes(), snapshots.referred(copy)
            for number, (sha256, is_stored) in enumerate(_merged(stored, needed)):
                if number % _TELL_EVERY == 0:
                    progress("Ablage", number, max(total, number))
                size = self._keep(sha256) if is_stored else None
                if size is None:
                    self.missing.append(sha256)
                    continue
                lines.write(list_line(sha256))
                self.count += 1
                self.bytes += size
            progress("Ablage", self.count, self.count)

    def _keep(self, sha256: str) -> int | None:
        """See that the blob is in the backup; its size, None where the store's own is no good.

        One that is there with the right size is not copied again: names appear only over whole
        files.  ``eakte backup --verify`` reads them all.
        """
        try:
            with self.store.local_path(sha256) as source:
                size = source.stat().st_size
                if self._has(sha256, size):
                    return size
                if self.target.put_file(source) != sha256:
                    return None  # what was stored is another file now, and belongs to no snapshot
        except (Damaged, FileNotFoundError):
            return None  # gone since it was listed, or changed: ``eakte check`` tells which
        self.copied += 1
        self.copied_bytes += size
        return size

    def _has(self, sha256: str, size: int) -> bool:
        try:
            with self.target.local_path(sha256) as path:
                if path.stat().st_size == size:
                    return True
                path.unlink()  # no snapshot's any more: whatever it is, it is not this blob
        except Damaged:
            pass
        return False


def _merged(stored: Iterator[str], needed: Iterator[str]) -> Iterator[tuple[str, bool]]:
    """Both ascending streams as one: every hash once, with whether it is stored."""
    have, want = next(stored, None), next(needed, None)
    while have is not None or want is not None:
        if have is None or (want is not None and want < have):
            yield want or "", False
            want = next(needed, None)
            continue
        yield have, True
        if have == want:
            want = next(needed, None)
        have = next(stored, None)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    target.write_bytes(source.read_bytes())
    target.chmod(0o600)


def _entries(work: Path) -> Iterator[FileEntry]:
    for path in sorted(work.rglob("*")):
        if path.is_file():
            with path.open("rb") as file:
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            name = path.relative_to(work).as_posix()
            yield FileEntry(path=name, size=path.stat().st_size, sha256=sha256)
