"""Backup and restore put together: the only place that knows the store of a backup folder."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

from eakte.bootstrap import Product
from eakte.bootstrap.audit_key import read_audit_key
from eakte.errors import SettingsError
from eakte.migrations import upgrade
from eakte.services.backup import Backup, BackupFolder, Verifying
from eakte.settings import Settings
from eakte.storage.folder import FolderStore


def backup_of(product: Product) -> Backup:
    """Makes backups of ``product``."""
    settings, data = product.settings, product.settings.values.data
    return Backup(
        database=product.database,
        store=product.store,
        checking=product.services.checking,
        config=settings.config,
        key_file=settings.path(data.audit_key_file),
        secrets=settings.secret_files,
        never_in=(settings.home, settings.path(data.store), product.inbox, settings.config),
        product=version("eakte"),
        open_blobs=FolderStore,
        lay_out=upgrade,
    )


def verifying(settings: Settings, root: Path) -> Verifying:
    """Verifies the backups in ``root``; with the audit key, where this installation has one.

    Raises ``SettingsError`` where ``root`` is no backup.
    """
    folder = backup_folder(root)
    key_file = settings.path(settings.values.data.audit_key_file)
    key = read_audit_key(key_file) if key_file.exists() else None
    return Verifying(folder, FolderStore(folder.blobs), key)


def backup_folder(root: Path) -> BackupFolder:
    """The backups in ``root``.  Raises ``SettingsError`` where there are none."""
    folder = BackupFolder(root)
    if not folder.snapshots():
        raise SettingsError(
            f"In {root} liegt keine fertige Sicherung.",
            remedy="Den Ordner angeben, in den „eakte backup“ gesichert hat.",
        )
    return folder
