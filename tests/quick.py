"""What would cost tests most and says nothing: strong password hashes, statements compiled anew.

Only the price changes.  That passwords are kept as strongly as the product keeps them is said by
``tests/contract/test_accounts.py``, with :data:`STRONG`.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import Engine

import eakte.repositories.database

STRONG = PasswordHash.recommended
"""What the product asks for a hasher: 64 MB and a third of a second a password."""
STATEMENTS = 3000
"""Compiled ones that a test process keeps; the product's own number is for one application."""

_first: dict[str, Engine] = {}
"""By dialect: the engine whose compiled statements all others of this process use."""


def hash_weakly() -> PasswordHash:
    """Argon2 with the least work it can do; hashes say of themselves how they were made."""
    return PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))


def create_engine(url: sqlalchemy.URL, **options: Any) -> Engine:
    """An engine that knows the statements which were compiled for the engines before it.

    Every test has a database of its own, and most of its time would go into compiling the long
    statements of the rights once more.  Statements are kept by dialect, so the dialect is shared;
    the first one has to have seen a connection, which tells it what its server can do.
    """
    engine = sqlalchemy.create_engine(url, query_cache_size=STATEMENTS, **options)
    first = _first.setdefault(engine.dialect.name, engine)
    if getattr(first.dialect, "default_isolation_level", None) is not None:
        engine.dialect = first.dialect
        engine._compiled_cache = first._compiled_cache  # there is no public way
    return engine


def be_quick() -> None:
    """Make it so in this process, from now on; may be repeated."""
    PasswordHash.recommended = staticmethod(hash_weakly)  # type: ignore[method-assign,assignment]
    eakte.repositories.database.create_engine = create_engine  # type: ignore[assignment]
