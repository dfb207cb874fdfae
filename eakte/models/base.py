"""What every mapping shares: names of constraints, ids, instants."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Integer, MetaData, String, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant on both databases (SQLite has no time zones of its own)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive values: an instant without a zone is a bug, not a guess."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r} where an instant is needed")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002  the base class names it
    ) -> datetime | None:
        """Give back what went in: aware, UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class UuidText(TypeDecorator[str]):
    """A UUID as text.  What is no UUID names nothing, so that any id from outside may be asked."""

    impl = Uuid(as_uuid=False)
    cache_ok = True

    def process_bind_param(
        self,
        value: str | None,
        dialect: Dialect,  # noqa: ARG002  the base class names it
    ) -> str | None:
        """The canonical form; the nil UUID, which no row has, for anything else."""
        if value is None or _CANONICAL(value):
            return value
        try:
            return str(uuid.UUID(value))
        except ValueError:
            return str(uuid.UUID(int=0))

    def result_processor(
        self, dialect: Dialect, coltype: object
    ) -> Callable[[Any], str | None] | None:
        """SQLite's 32 digits get their dashes back; a screen reads thousands of ids."""
        if dialect.name == "sqlite":
            return _with_dashes
        return super().result_processor(dialect, coltype)


_CANONICAL = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}").fullmatch


def _with_dashes(digits: str | None) -> str | None:
    """The UUID as text; making a ``uuid.UUID`` of it first takes six times as long."""
    if digits is None:
        return None
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


Json = JSON().with_variant(JSONB(), "postgresql")
Counter = BigInteger().with_variant(Integer(), "sqlite")

IdKey = Annotated[str, mapped_column(UuidText, primary_key=True)]
Login = Annotated[str, mapped_column(String(64))]
ShortText = Annotated[str, mapped_column(String(200))]
Sha256 = Annotated[str, mapped_column(String(64))]


class Base(DeclarativeBase):
    """Root of all mappings; no relationship loads by itself."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012  SQLAlchemy reads it as a plain class attribute
        datetime: Instant,
        dict[str, Any]: Json,
        list[Any]: Json,
    }
