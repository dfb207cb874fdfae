"""The schema's history (Alembic), the same on SQLite and PostgreSQL.

A new migration: ``alembic -c eakte/migrations/alembic.ini revision --autogenerate -m "..."``, then
read it, and let ``tests/contract/test_migrations.py`` compare it with the mappings.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

FOREIGN_TABLES = ("transaction_completion", "transaction_outputs", "dbos_", "datasource_")
"""Prefixes of tables that belong to the durable engine, not to this schema."""


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    return config


def upgrade(engine: Engine) -> None:
    """Bring the schema up to date in one transaction; does nothing where it is."""
    config = _config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def is_current(engine: Engine) -> bool:
    """Whether the schema is the one that this version of the product expects."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == head
