"""The folder that backups are made into: its snapshots, its lock, and what is pruned."""

from __future__ import annotations

import fcntl
import heapq
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path

from eakte.errors import Conflict, NotFound, SettingsError
from eakte.services.backup.manifest import NAME, Manifest, read_manifest

BLOB_LIST = "blobs.sha256"
DATABASE = "database.sqlite"
HEADS = "audit-heads.jsonl"
KEY = "audit.key"
CONFIG = "config"

_BLOBS, _SNAPSHOTS, _LOCK, _READ_ME = "blobs", "snapshots", "backup.lock", "LIESMICH.txt"
_DATED = "%Y-%m-%dT%H-%M-%SZ"
_NAME = re.compile(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ")
_LINE = re.compile(r"([0-9a-f]{64})  \S+\n?")

_TEXT = """\
Sicherung der elektronischen Akte
=================================
Zurückspielen:  eakte restore DIESER_ORDNER  (mit leerem EAKTE_HOME)
Prüfen:         eakte backup DIESER_ORDNER --verify

Ohne das Programm: snapshots/<Zeitpunkt>/database.sqlite ist eine SQLite-Datenbank mit allen
Tabellen; „cd snapshots/<Zeitpunkt> && sha256sum -c blobs.sha256“ prüft alle Dateien unter blobs/.
Die Tabelle sources nennt zu jeder Datei, wie sie hieß (name) und wo sie liegt (sha256).
Ein Ordner unter snapshots/ ohne manifest.json ist unfertig und zählt nicht.
Diese Sicherung enthält Sozialdaten (§ 67 SGB X): nur verschlüsselt aufbewahren und weitergeben.
"""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A finished snapshot; its name is its moment, UTC."""

    path: Path

    @property
    def name(self) -> str:
        """The moment it was taken, as its folder is called."""
        return self.path.name

    def manifest(self) -> Manifest:
        """What it consists of.  Raises ``Damaged``."""
        return read_manifest(self.path / NAME)

    def hashes(self) -> Iterator[str]:
        """The hash of every blob that belongs to it, ascending."""
        return listed(self.path / BLOB_LIST)


@dataclass(frozen=True, slots=True)
class BackupFolder:
    """A folder that holds backups and nothing else."""

    root: Path

    @property
    def blobs(self) -> Path:
        """The blobs of all snapshots."""
        return self.root / _BLOBS

    def blob(self, sha256: str) -> Path:
        """Where the blob lies, or would."""
        return self.blobs / sha256[:2] / sha256[2:4] / sha256

    @property
    def _snapshots(self) -> Path:
        return self.root / _SNAPSHOTS

    def prepare(self) -> None:
        """Make the folder, or find it as a backup.

        Raises ``SettingsError`` where something else lies in it.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        if any(self.root.iterdir()) and not self._snapshots.is_dir():
            raise SettingsError(
                f"Im Ordner {self.root} liegt etwas anderes als eine Sicherung.",
                remedy="Einen leeren Ordner angeben.",
            )
        self._snapshots.mkdir(mode=0o700, exist_ok=True)
        (self.root / _READ_ME).write_text(_TEXT, "utf-8")

    def snapshots(self) -> list[Snapshot]:
        """Finished snapshots, oldest first."""
        if not self._snapshots.is_dir():
            return []
        return [
            Snapshot(path)
            for path in sorted(self._snapshots.iterdir())
            if _NAME.fullmatch(path.name) and (path / NAME).is_file()
        ]

    def snapshot(self, name: str | None) -> Snapshot:
        """The one called ``name``, or the newest.  Raises ``NotFound``."""
        found = self.snapshots()
        if name is None and found:
            return found[-1]
        for one in found:
            if one.name == name:
                return one
        what = f"den Stand {name}" if name else "keine fertige Sicherung"
        raise NotFound(
            f"In {self.root} gibt es {what}{' nicht' if name else ''}.",
            remedy="Vorhanden: " + (", ".join(one.name for one in found) or "nichts") + ".",
        )

    def begin(self, at: datetime) -> Path:
        """An empty folder for a snapshot that is being made; unfinished ones before it go."""
        for left in self._snapshots.iterdir():
            if left.name.startswith("."):
                shutil.rmtree(left)
        while (self._snapshots / at.astimezone(UTC).strftime(_DATED)).exists():
            at += timedelta(seconds=1)  # the manifest knows the exact moment
        work = self._snapshots / f".{at.astimezone(UTC).strftime(_DATED)}"
        work.mkdir(mode=0o700)
        return work

    def finish(self, work: Path) -> Snapshot:
        """Give the snapshot its name: from here on it counts."""
        sync_tree(work)
        done = work.rename(work.with_name(work.name[1:]))
        sync(self._snapshots)
        sync(self.root)
        return Snapshot(done)

    @contextmanager
    def locked(self, *, shared: bool = False) -> Iterator[None]:
        """Hold the folder: one who writes, or many who read.

        A folder that can't be written to (a backup on a disk mounted read-only) is read unlocked.
        Raises ``Conflict`` where another process holds it.
        """
        path = self.root / _LOCK
        if shared and not path.exists():
            yield
            return
        with path.open("r" if shared else "w") as held:
            try:
                fcntl.flock(held, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise Conflict(
                    f"Mit der Sicherung {self.root} arbeitet gerade ein anderer Aufruf.",
                    remedy="Warten, bis er fertig ist.",
                ) from error
            yield

    def prune(self, keep: int) -> tuple[int, int]:
        """Remove all but the newest ``keep`` snapshots, and blobs that none of those has.

        Returns how many of each went.  Snapshots go first: one without its blobs must not stay.
        """
        old = self.snapshots()[:-keep]
        for one in old:
            one.path.rename(hidden := one.path.with_name(f".{one.name}"))
            sync(self._snapshots)
            shutil.rmtree(hidden)
        kept = _distinct(self.snapshots())
        wanted = next(kept, None)
        removed = 0
        for path in _stored(self.blobs):
            while wanted is not None and wanted < path.name:
                wanted = next(kept, None)
            if path.name != wanted:
                path.unlink()
                removed += 1
        return len(old), removed

    def hashes(self) -> Iterator[str]:
        """The hash of every blob of any snapshot, once, ascending."""
        return _distinct(self.snapshots())


def listed(path: Path) -> Iterator[str]:
    """The hashes of a list in the form of ``sha256sum``; torn lines are left out."""
    with path.open(encoding="ascii", errors="replace") as lines:
        for line in lines:
            found = _LINE.fullmatch(line)
            if found is not None:
                yield found[1]


def list_line(sha256: str) -> str:
    """A line that ``sha256sum -c``, called in the snapshot's folder, understands."""
    return f"{sha256}  ../../{_BLOBS}/{sha256[:2]}/{sha256[2:4]}/{sha256}\n"


def _distinct(snapshots: list[Snapshot]) -> Iterator[str]:
    merged = heapq.merge(*(one.hashes() for one in snapshots))
    return (sha256 for sha256, _ in groupby(merged))


def _stored(blobs: Path) -> Iterator[Path]:
    """Every blob, by hash."""
    for outer in sorted(blobs.glob("[0-9a-f][0-9a-f]")):
        for inner in sorted(outer.glob("[0-9a-f][0-9a-f]")):
            yield from sorted(inner.iterdir())


def sync(path: Path) -> None:
    """Fsync a file or a folder."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_tree(folder: Path) -> None:
    """Fsync everything below ``folder``, and it."""
    for path in sorted(folder.rglob("*"), reverse=True):
        sync(path)
    sync(folder)
