"""Putting a backup back: into an empty data folder and an empty database, or not at all.

Everything is verified, and every refusal spoken, before anything is written.  The database comes
last but for the settings: until it stands, no command opens the folder.  A restore that was
interrupted is begun again by the same command.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, make_url
from sqlalchemy.exc import SQLAlchemyError

from eakte.bootstrap import no_database, open_product
from eakte.bootstrap.audit_key import read_audit_key
from eakte.bootstrap.backup import backup_folder
from eakte.domain.rights import Reader
from eakte.errors import Damaged, SettingsError
from eakte.migrations import HEAD, upgrade
from eakte.repositories import snapshots
from eakte.repositories.audit import AuditLog
from eakte.repositories.checks import Problem
from eakte.repositories.database import make_engine
from eakte.search.postgresql import discard
from eakte.services.backup import Progress, Snapshot, Verifying, silent
from eakte.services.backup.folder import CONFIG, DATABASE, HEADS, KEY, sync
from eakte.services.backup.manifest import Manifest
from eakte.settings import REHEARSAL, Settings
from eakte.storage.folder import FolderStore

UNFINISHED = ".restore"
"""A folder in the data folder while a restore goes on; what lies beside it may be replaced."""
_OUTSIDE = "outside"
"""A list in it: what outside of the data folder was free when the restore began."""
_TELL_EVERY = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What was put back."""

    snapshot: Snapshot
    manifest: Manifest
    upgraded: bool
    new_config: bool


class Restoring:
    """Puts one snapshot of the backup in ``root`` where ``settings`` point to."""

    def __init__(
        self, settings: Settings, root: Path, name: str | None = None, key_file: Path | None = None
    ) -> None:
        self.settings = settings
        self.folder = backup_folder(root)
        self.snapshot = self.folder.snapshot(name)
        self.blobs = FolderStore(self.folder.blobs)
        self._key_file = key_file

    def refuse_unless_empty(self) -> None:
        """Raises ``SettingsError`` where there is anything that would be lost."""
        home = self.settings.home
        if home.exists() and not (home / UNFINISHED).is_dir():
            allowed = {self._own_key.name} if self._own_key.parent == home else set()
            found = sorted(one.name for one in home.iterdir() if one.name not in allowed)
            if found:
                raise SettingsError(
                    f"Der Datenordner {home} ist nicht leer ({', '.join(found[:3])} …).",
                    remedy="EAKTE_HOME auf einen neuen Ordner setzen oder den alten beiseitelegen.",
                )
        self._refuse_another_key()
        self._refuse_what_lies_outside()
        url = make_url(self.settings.database_url)
        if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
            return
        engine = make_engine(self.settings.database_url)
        try:
            empty = snapshots.is_empty(engine)
        except SQLAlchemyError as error:
            raise no_database(self.settings, error) from error
        finally:
            engine.dispose()
        if not empty:
            raise SettingsError(
                f"Die Datenbank {url.render_as_string(hide_password=True)} ist nicht leer.",
                remedy="Eine neue, leere Datenbank anlegen und in data.database_url nennen.",
            )

    def _refuse_another_key(self) -> None:
        if self._own_key.exists() and read_audit_key(self._own_key) != self.key():
            raise SettingsError(
                f"In {self._own_key} steht ein anderer Protokollschlüssel.",
                remedy="Ihn beiseitelegen und aufheben, oder data.audit_key_file anders setzen.",
            )

    def _refuse_what_lies_outside(self) -> None:
        """Settings may name absolute paths: a rehearsal would write into the house at work."""
        noted = self.settings.home / UNFINISHED / _OUTSIDE
        begun = noted.read_text("utf-8").splitlines() if noted.exists() else []
        for name, path in self._outside():
            if not _holds_something(path) or (str(path) in begun and self._is_begun(path)):
                continue
            raise SettingsError(
                f"{path} (data.{name}) liegt nicht im Datenordner und ist schon da.",
                remedy="Zur Probe mit --rehearse zurückspielen; im Ernst beiseitelegen und "
                "aufheben, oder in eakte.toml einen neuen Ort nennen.",
            )

    def _outside(self) -> list[tuple[str, Path]]:
        """What a restore writes and the settings put elsewhere than into the data folder."""
        data, home = self.settings.values.data, self.settings.home.resolve()
        places = {"store": data.store, "audit_heads": data.audit_heads, "index": data.index}
        listed = [(name, self.settings.path(written)) for name, written in places.items()]
        return [(name, path) for name, path in listed if not path.resolve().is_relative_to(home)]

    def _is_begun(self, path: Path) -> bool:
        """Whether an interrupted restore may go on there; heads never become fewer."""
        saved = self.snapshot.path / HEADS
        return path.is_dir() or (
            saved.exists() and saved.read_bytes().startswith(path.read_bytes())
        )

    def problems(self, progress: Progress = silent) -> Iterator[Problem]:
        """What is wrong with the snapshot; nothing is put back unless nothing is."""
        yield from Verifying(self.folder, self.blobs, self.key()).one(self.snapshot, progress)
        manifest = self.snapshot.manifest()
        if manifest.revision > HEAD:
            yield Problem(
                check="backup",
                subject=self.snapshot.name,
                problem=f"Die Sicherung ist von einer neueren Version ({manifest.product}).",
                remedy="Das Programm erst auf diese Version bringen.",
            )

    def key(self) -> bytes:
        """The secret of the backup's audit chain: given, in the data folder, or in the backup.

        Raises ``SettingsError`` where it is nowhere.
        """
        for path in (self._key_file, self._own_key, self.snapshot.path / KEY):
            if path is not None and (path.exists() or path == self._key_file):
                return read_audit_key(path)
        raise SettingsError(
            "Die Sicherung enthält den Protokollschlüssel nicht.",
            remedy="Mit --key die gesondert aufbewahrte Datei audit.key angeben.",
        )

    def run(self, reader: Reader, progress: Progress = silent) -> Restored:
        """Put everything back; the index is built afterwards.  ``problems`` must have none."""
        self.refuse_unless_empty()
        manifest, data = self.snapshot.manifest(), self.settings.values.data
        work = self.settings.home / UNFINISHED
        self.settings.home.mkdir(parents=True, exist_ok=True)
        self.settings.home.chmod(0o700)
        work.mkdir(exist_ok=True)
        noted = "".join(f"{path}\n" for _, path in self._outside())
        (work / _OUTSIDE).write_text(noted, "utf-8")
        if self.settings.rehearsal:
            (self.settings.home / REHEARSAL).touch()
        self._put_blobs(progress)
        key = self.key().hex()
        _put(self._own_key, key.encode("ascii"))
        heads = self.snapshot.path / HEADS
        if heads.exists():
            _put(self.settings.path(data.audit_heads), heads.read_bytes())
        progress("Datenbank")
        self._put_database(manifest)
        self.settings.path(self.settings.values.inbox.folder).mkdir(parents=True, exist_ok=True)
        new_config = put_config(self.snapshot, self.settings.config)
        shutil.rmtree(work)
        self._note(reader, manifest)
        return Restored(
            snapshot=self.snapshot,
            manifest=manifest,
            upgraded=manifest.revision != HEAD,
            new_config=new_config,
        )

    def _note(self, reader: Reader, manifest: Manifest) -> None:
        """The chain goes on behind what was restored, and tells that it was."""
        product = open_product(self.settings)
        try:
            with product.database.write() as session:
                AuditLog(session).note(
                    reader,
                    "backup.restore",
                    "backup",
                    self.snapshot.name,
                    details={"manifest": manifest.sha256},
                )
        finally:
            product.database.close()

    @property
    def _own_key(self) -> Path:
        return self.settings.path(self.settings.values.data.audit_key_file)

    def _put_blobs(self, progress: Progress) -> None:
        total = self.snapshot.manifest().blobs
        store = FolderStore(self.settings.path(self.settings.values.data.store))
        for number, sha256 in enumerate(self.snapshot.hashes()):
            if number % _TELL_EVERY == 0:
                progress("Ablage zurückspielen", number, total)
            with self.blobs.local_path(sha256) as path:
                if store.put_file(path) != sha256:
                    raise Damaged(
                        f"Die Datei {path} der Sicherung wurde verändert.",
                        remedy="Einen anderen Stand der Sicherung nehmen (--snapshot).",
                    )
        progress("Ablage zurückspielen", total, total)

    def _put_database(self, manifest: Manifest) -> None:
        url = make_url(self.settings.database_url)
        target = self.settings.home / UNFINISHED / DATABASE
        if url.get_backend_name() == "sqlite":
            final = Path(url.database or "").absolute()
            final.parent.mkdir(parents=True, exist_ok=True)
            target = final.with_name(f".{final.name}.restore")
        shutil.copyfile(self.snapshot.path / DATABASE, target)
        target.chmod(0o600)
        if manifest.revision != HEAD:
            with _engine(f"sqlite:///{target}") as copy:
                upgrade(copy)
        if url.get_backend_name() == "sqlite":
            for beside in ("-wal", "-shm"):
                final.with_name(final.name + beside).unlink(missing_ok=True)
            sync(target)
            target.rename(final)
            sync(final.parent)
            return
        with _engine(self.settings.database_url) as empty:
            discard(empty)  # an index of other rows, which would serve as if it were of these
            upgrade(empty)
            snapshots.fill(empty, target)


@contextmanager
def _engine(url: str) -> Iterator[Engine]:
    """An engine whose connections are closed at the end, so that its file is whole."""
    engine = make_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


def _put(path: Path, content: bytes) -> None:
    """Secrets and heads; an interrupted restore may have written them before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    path.chmod(0o600)
    sync(path)


def _holds_something(path: Path) -> bool:
    if path.is_dir():
        return any(path.iterdir())
    return path.exists() and path.stat().st_size > 0


def put_config(snapshot: Snapshot, target: Path) -> bool:
    """Lay the saved settings out at ``target`` where there are none; whether that was done."""
    if target.exists():
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f".{target.name}.restore")
    shutil.rmtree(unfinished, ignore_errors=True)
    shutil.copytree(snapshot.path / CONFIG, unfinished)
    unfinished.rename(target)
    return True


def changed_config(snapshot: Snapshot, present: Path) -> list[str]:
    """Which files of the saved settings differ from those that stand at ``present``."""
    saved = snapshot.path / CONFIG
    return [
        path.relative_to(saved).as_posix()
        for path in sorted(saved.rglob("*"))
        if path.is_file() and not _same(path, present / path.relative_to(saved))
    ]


def _same(one: Path, other: Path) -> bool:
    return other.is_file() and one.read_bytes() == other.read_bytes()
