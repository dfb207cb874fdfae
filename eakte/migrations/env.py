"""Alembic's entry: runs on the connection that ``upgrade`` hands over, or on ``-x url=...``."""

from __future__ import annotations

from typing import Any

from alembic import context
from sqlalchemy import Connection, create_engine

from eakte.migrations import FOREIGN_TABLES
from eakte.models import Base


def _ours(name: str | None, kind: str, _parents: Any) -> bool:  # noqa: ANN401  alembic's own type
    return kind != "table" or name is None or not name.startswith(FOREIGN_TABLES)


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_name=_ours,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given: Connection | None = context.config.attributes.get("connection")
if given is not None:
    _run(given)
else:
    url = context.get_x_argument(as_dictionary=True)["url"]
    engine = create_engine(url)
    with engine.begin() as own:
        _run(own)
    engine.dispose()
