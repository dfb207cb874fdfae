"""Identifiers: UUIDs that sort by the time they were made (RFC 9562, version 7)."""

import secrets
import time
import uuid


def new_id() -> str:
    """A fresh UUIDv7 as text; neighbours in time are neighbours in every B-tree."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & ((1 << 48) - 1)) << 80
    value |= 0x7 << 76 | secrets.randbits(12) << 64
    value |= 0b10 << 62 | secrets.randbits(62)
    return str(uuid.UUID(int=value))


def derived_id(*parts: str) -> str:
    """The same UUID for the same parts, so that a step run twice makes one row, not two."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "eakte:" + "\x1f".join(parts)))
