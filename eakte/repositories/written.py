"""A condition as SQL text with its values beside it, so that using it again costs next to nothing.

A right is a tree of a few hundred parts.  A database is asked with it dozens of times a screen, and
each time the whole tree would be walked through only to find the statement compiled before.
"""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Integer,
    bindparam,
    literal_column,
    select,
    text,
    type_coerce,
)
from sqlalchemy.dialects import postgresql

# Writes truth and falsehood as both databases read them (SQLite's own dialect: ``= 0``).
_DIALECT = postgresql.dialect(paramstyle="named")  # type: ignore[no-untyped-call]
_LISTED = re.compile(r"\(__\[POSTCOMPILE_(\w+)\]\)")
_CAST = re.compile(r"(:\w+)::\w+")
"""PostgreSQL's; its driver adds them again."""


def written(condition: ColumnElement[bool], *about: Any) -> ColumnElement[bool]:  # noqa: ANN401
    """The same condition about a row of each of ``about`` (mapped classes, aliases with names).

    Every other table in it must be an alias with a name of its own: the text can't give way to a
    name in the query around it.
    """
    row = literal_column("1", Integer)
    compiled = select(row).select_from(*about).where(condition).compile(dialect=_DIALECT)
    _, _, said = str(compiled).partition("WHERE ")
    values = (
        bindparam(name, bind.value, type_=bind.type, expanding=bind.expanding, unique=True)
        for bind, name in compiled.bind_names.items()
    )
    said = _CAST.sub(r"\1", _LISTED.sub(r":\1", said))
    return type_coerce(text(f"({said})").bindparams(*values), Boolean())
