"""The manifest: what a snapshot consists of, so that a broken or foreign one is recognised."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from eakte.errors import Damaged

FORMAT = 1
NAME = "manifest.json"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FileEntry(_Part):
    """One file of the snapshot, its path relative to the snapshot's folder."""

    path: str
    size: int
    sha256: str

    @field_validator("path")
    @classmethod
    def _stays_inside(cls, path: str) -> str:
        """A manifest from elsewhere must not name files outside its folder."""
        if path.startswith("/") or ".." in path.split("/"):
            raise ValueError("a path outside the snapshot")
        return path


class Manifest(_Part):
    """All that a snapshot says about itself.

    ``tables`` counts the rows of each table; ``audit_seq`` and ``audit_mac`` are the chain's head;
    ``origin`` is the MAC of the chain's first row, which no two installations share; ``missing``
    are hashes that rows refer to and that the store did not have.  ``sha256`` covers everything
    else; ``seal`` is an HMAC over the same with the audit key, so that a snapshot that somebody
    made up is told from a real one by whoever has the key.
    """

    format: int
    product: str
    revision: str
    engine: str
    taken_at: datetime
    finished_at: datetime
    origin: str
    audit_seq: int
    audit_mac: str
    with_key: bool
    tables: dict[str, int]
    files: tuple[FileEntry, ...]
    blobs: int
    blob_bytes: int
    missing: tuple[str, ...] = ()
    sha256: str = ""
    seal: str = ""

    def sealed(self, key: bytes) -> Manifest:
        """The same with its own hash and seal."""
        return self.model_copy(update={"sha256": self._digest(), "seal": self._mac(key)})

    def is_whole(self) -> bool:
        """Whether nothing in it was changed by accident."""
        return hmac.compare_digest(self.sha256, self._digest())

    def is_sealed_with(self, key: bytes) -> bool:
        """Whether it was made by somebody who has this audit key."""
        return hmac.compare_digest(self.seal, self._mac(key))

    def to_bytes(self) -> bytes:
        """As it stands in the file: JSON for people to read as well."""
        return (self.model_dump_json(indent=1) + "\n").encode()

    def _digest(self) -> str:
        return hashlib.sha256(self._content()).hexdigest()

    def _mac(self, key: bytes) -> str:
        return hmac.new(key, b"backup:" + self._content(), hashlib.sha256).hexdigest()

    def _content(self) -> bytes:
        content: dict[str, Any] = self.model_dump(mode="json", exclude={"sha256", "seal"})
        return json.dumps(content, sort_keys=True, separators=(",", ":")).encode()


def read_manifest(path: Path) -> Manifest:
    """The manifest at ``path``.  Raises ``Damaged`` where it is missing, changed or unreadable."""
    try:
        manifest = Manifest.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise _damaged(path) from error
    if not manifest.is_whole():
        raise _damaged(path)
    return manifest


def _damaged(path: Path) -> Damaged:
    return Damaged(
        f"Das Verzeichnis der Sicherung {path} fehlt oder wurde verändert.",
        remedy="Einen anderen Stand der Sicherung nehmen (--snapshot).",
    )
