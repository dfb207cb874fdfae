"""Backups: what is in one, how it is made while the server runs, and how it is verified.

A backup folder holds dated snapshots of the database over one shared folder of blobs::

    LIESMICH.txt                      how to read it without this product
    blobs/ab/cd/<sha256>              as in the store; written once, shared by all snapshots
    snapshots/2026-11-22T09-00-00Z/
        database.sqlite               every table at one moment, whatever the database server
        blobs.sha256                  the blobs of that moment, in the form of ``sha256sum -c``
        audit-heads.jsonl config/     the chain's heads outside the database; the settings
        manifest.json                 sizes and hashes of all that, counts; written last

A snapshot without its manifest was never finished and counts for nothing.  Putting a backup back
is :mod:`eakte.bootstrap.restoring`, because it makes databases.
"""

from eakte.services.backup.folder import BackupFolder, Snapshot
from eakte.services.backup.making import Backup, Made
from eakte.services.backup.manifest import Manifest
from eakte.services.backup.progress import Progress, silent
from eakte.services.backup.verifying import Verifying

__all__ = [
    "Backup",
    "BackupFolder",
    "Made",
    "Manifest",
    "Progress",
    "Snapshot",
    "Verifying",
    "silent",
]
