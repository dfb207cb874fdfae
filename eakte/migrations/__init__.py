"""The schema's history (Alembic), the same on SQLite and PostgreSQL.

A new migration: ``alembic -c eakte/migrations/alembic.ini revision --autogenerate -m "..."``, then
read it, and let ``tests/contract/test_migrations.py`` compare it with the mappings.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, column, inspect, select, table

FOREIGN_TABLES = ("transaction_completion", "transaction_outputs", "dbos_", "datasource_")
"""Prefixes of tables that belong to the durable engine, not to this schema."""

VERSIONS = Path(__file__).parent / "versions"
HEAD = max(path.name.partition("_")[0] for path in VERSIONS.glob("[0-9]*_*.py"))
"""The newest revision.  Revisions are numbered, and their files begin with the number."""

_STAND = table("alembic_version", column("version_num"))


def upgrade(engine: Engine, revision: str = HEAD) -> None:
    """Bring the schema to ``revision`` in one transaction; does nothing where it is."""
    # The one import inside a function: Alembic would cost every command its start, and only
    # setting up needs it.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def is_current(engine: Engine) -> bool:
    """Whether the schema is the one that this version of the product expects."""
    with engine.connect() as connection:
        if not inspect(connection).has_table(_STAND.name):
            return False
        return connection.scalar(select(_STAND.c.version_num)) == HEAD
