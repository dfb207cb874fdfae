"""The secret of the audit chain: drawn once, before the chain begins, and never again."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from sqlalchemy import Engine, inspect, literal, select

from eakte.errors import SettingsError
from eakte.models import AuditHead, AuditRow

AUDIT_KEY_BYTES = 32


def make_audit_key(path: Path, engine: Engine) -> None:
    """Draw a key where there is none.

    Raises ``SettingsError`` where a chain has begun: with another key every row of it would look
    forged, and nobody could tell any more whether one is.
    """
    if path.exists():
        return
    if _has_chain(engine):
        raise SettingsError(
            f"Der Protokollschlüssel {path} fehlt, die Datenbank hat aber schon ein Protokoll.",
            remedy="Den gesicherten Schlüssel zurücklegen; mit einem neuen wäre das Protokoll "
            "nicht mehr prüfbar.",
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as out:
        out.write(secrets.token_hex(AUDIT_KEY_BYTES))


def read_audit_key(path: Path) -> bytes:
    """The key.  Raises ``SettingsError`` where it is missing, unreadable or too short."""
    try:
        key = bytes.fromhex(path.read_text("ascii").strip())
    except (OSError, ValueError) as error:
        raise SettingsError(
            f"Der Protokollschlüssel {path} fehlt oder ist nicht lesbar.",
            remedy="Den gesicherten Schlüssel zurücklegen; ist der Datenordner neu, „eakte init“ "
            "aufrufen.",
        ) from error
    if len(key) < AUDIT_KEY_BYTES:
        raise SettingsError(
            f"Der Protokollschlüssel {path} ist zu kurz.",
            remedy="Den gesicherten Schlüssel zurücklegen.",
        )
    return key


def _has_chain(engine: Engine) -> bool:
    """Whether rows or a head stand in this database, of whatever version its schema is."""
    with engine.connect() as connection:
        tables = inspect(connection)
        return any(
            tables.has_table(row.__tablename__)
            and connection.execute(select(literal(1)).select_from(row).limit(1)).first() is not None
            for row in (AuditRow, AuditHead)
        )
