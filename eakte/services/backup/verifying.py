"""Reading a backup again, byte by byte: is all of it there, and is it what was written?"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from eakte.errors import Damaged
from eakte.ports import BlobStore
from eakte.repositories import snapshots
from eakte.repositories.checks import Problem
from eakte.services.backup.folder import BLOB_LIST, DATABASE, BackupFolder, Snapshot
from eakte.services.backup.manifest import FORMAT, FileEntry, Manifest
from eakte.services.backup.progress import Progress, silent

_OLDER = "Einen anderen Stand nehmen und mit „eakte backup“ einen neuen machen."
_BLOB = "Die Datei löschen; der nächste „eakte backup“ kopiert sie neu, wenn die Ablage sie hat."
_TELL_EVERY = 100


@dataclass(frozen=True, slots=True)
class Verifying:
    """Verifies snapshots; ``key`` (of the audit chain) tells a made-up one from a real one."""

    folder: BackupFolder
    blobs: BlobStore
    key: bytes | None = None

    def all(self, progress: Progress = silent) -> Iterator[Problem]:
        """Every problem of every snapshot; each blob is read once."""
        found = self.folder.snapshots()
        for one in found:
            yield from self.files(one, progress)
        yield from self._blobs(self.folder.hashes(), None, progress)

    def one(self, snapshot: Snapshot, progress: Progress = silent) -> Iterator[Problem]:
        """Every problem of one snapshot, its blobs included."""
        broken = False
        for problem in self.files(snapshot, progress):
            broken = True
            yield problem
        if not broken:
            yield from self._blobs(snapshot.hashes(), snapshot.manifest().blobs, progress)

    def files(self, snapshot: Snapshot, progress: Progress = silent) -> Iterator[Problem]:
        """Manifest, database, settings and lists, without the blobs."""
        progress(f"Stand {snapshot.name}")
        try:
            manifest = snapshot.manifest()
        except Damaged as error:
            yield _problem(snapshot.name, error.message, error.remedy)
            return
        if manifest.format != FORMAT:
            yield _problem(
                snapshot.name,
                f"Die Sicherung hat die Form {manifest.format}, bekannt ist {FORMAT}.",
                "Mit der Version zurückspielen, die sie gemacht hat, oder mit einer neueren.",
            )
            return
        if self.key is not None and not manifest.is_sealed_with(self.key):
            yield _problem(
                snapshot.name,
                "Das Siegel gehört nicht zu diesem Protokollschlüssel.",
                "Den Schlüssel der Installation nehmen, die gesichert wurde.",
            )
        broken = False
        for problem in self._entries(snapshot, manifest.files):
            broken = True
            yield problem
        if not broken:
            yield from self._database(snapshot, manifest)

    def _entries(self, snapshot: Snapshot, entries: Iterable[FileEntry]) -> Iterator[Problem]:
        listed = {entry.path for entry in entries}
        for name in sorted({DATABASE, BLOB_LIST} - listed):
            subject = f"{snapshot.name}/{name}"
            yield _problem(subject, "Die Datei steht nicht im Verzeichnis.", _OLDER)
        for entry in entries:
            path = snapshot.path / entry.path
            if _sha256(path) != entry.sha256:
                what = "wurde verändert" if path.is_file() else "fehlt"
                yield _problem(f"{snapshot.name}/{entry.path}", f"Die Datei {what}.", _OLDER)

    def _database(self, snapshot: Snapshot, manifest: Manifest) -> Iterator[Problem]:
        subject = f"{snapshot.name}/{DATABASE}"
        try:
            with snapshots.opened(snapshot.path / DATABASE) as copy:
                found, stands = snapshots.counts(copy), snapshots.revision(copy)
        except SQLAlchemyError as error:
            said = str(getattr(error, "orig", error)).partition("\n")[0]
            yield _problem(subject, f"Die Datenbank ist nicht lesbar: {said}.", _OLDER)
            return
        if stands != manifest.revision or any(
            manifest.tables.get(name) != count for name, count in found.items()
        ):
            yield _problem(subject, "Die Datenbank passt nicht zu ihrem Verzeichnis.", _OLDER)

    def _blobs(
        self, hashes: Iterator[str], expected: int | None, progress: Progress
    ) -> Iterator[Problem]:
        count = 0
        for count, sha256 in enumerate(hashes, start=1):
            if count % _TELL_EVERY == 0:
                progress("Ablage", count, expected)
            try:
                self.blobs.verify(sha256)
            except Damaged:
                path = self.folder.blob(sha256)
                what = "wurde verändert" if path.exists() else "fehlt"
                subject = path.relative_to(self.folder.root).as_posix()
                yield _problem(subject, f"Die Datei {what}.", _BLOB)
        progress("Ablage", count, count)


def _problem(subject: str, problem: str, remedy: str) -> Problem:
    return Problem(check="backup", subject=subject, problem=problem, remedy=remedy)


def _sha256(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
