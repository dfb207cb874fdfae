"""Make a database of a million documents, once; later runs find it.

    nice python benchmarks/web/seed.py                          1,000,000 documents, SQLite
    nice python benchmarks/web/seed.py --documents 100000
    nice python benchmarks/web/seed.py --database URL           an empty PostgreSQL database

40,000 case files and 300 staff; a few files hold 2,000 documents; 20 to 80 open entries lie in
every postbox, the newest letters.  One document in fifty has words, and so has every one that is
still open; all pages share twenty pictures.  A database that was made before is used again and gets
the tables, columns and indexes that are new; where more changed, it is made anew.  Its audit chain
is as long as a real one, but no chain: ``eakte check`` would say so.
"""

from __future__ import annotations

import argparse
import os
import shutil
import time
from pathlib import Path
from typing import Any

from district import PASSWORD, register
from history import History
from sqlalchemy import Column, inspect, text

from eakte.bootstrap import open_product, prepare
from eakte.domain.rights import system_reader
from eakte.migrations import HEAD
from eakte.models import Base
from eakte.repositories.database import make_engine
from eakte.repositories.planner import keep_informed
from eakte.services.register_file import parse_register
from eakte.settings import Settings, load_settings

ROOT = Path(__file__).resolve().parents[2]
SYSTEM = system_reader("benchmark")
CASE_FILES = 40_000
FORM = "1"
"""To be raised where the seeder makes something else than before."""


def cache() -> Path:
    """Where databases lie (``EAKTE_BENCHMARK_CACHE``, else the user's cache)."""
    named = os.environ.get("EAKTE_BENCHMARK_CACHE")
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(named) if named else base / "eakte-benchmarks"


def settings_of(documents: int, database: str | None = None) -> Settings:
    """The shipped settings over the seeded data folder, without a search engine."""
    kind = "postgresql" if database else "sqlite"
    home = cache() / f"web-{documents}-{kind}"
    shipped = load_settings(home=home, config=ROOT / "config")
    url = database or f"sqlite:///{home / 'eakte.db'}"
    values = shipped.values.model_copy(
        update={
            "data": shipped.values.data.model_copy(update={"database_url": url}),
            "search": shipped.values.search.model_copy(update={"engine": "none"}),
        }
    )
    return Settings(home, shipped.config, values, shipped.access)


def seeded(documents: int, database: str | None = None) -> Settings:
    """Settings of the seeded database, made now where it is not there as it should be."""
    settings = settings_of(documents, database)
    mark = settings.home / "made"
    if not (mark.is_file() and mark.read_text("ascii") == FORM and brought_up(settings)):
        shutil.rmtree(settings.home, ignore_errors=True)
        make(settings, documents)
        mark.write_text(FORM, "ascii")
    product = open_product(settings)
    keep_informed(product.database)  # as the worker does within minutes
    product.database.close()
    return settings


def brought_up(settings: Settings) -> bool:
    """Give an earlier database the tables, columns and indexes that are new; False: it is too old.

    A column is added with its default; one that has none and may not be empty needs it made anew.
    """
    engine = make_engine(settings.database_url)
    try:
        found = inspect(engine)
        there = set(found.get_table_names())
        missing: list[Column[Any]] = []
        for table in Base.metadata.sorted_tables:
            if table.name in there:
                columns = {column["name"] for column in found.get_columns(table.name)}
                if not columns <= set(table.columns.keys()):
                    return False
                missing += [one for one in table.columns if one.name not in columns]
        if not all(one.nullable or _default(one) for one in missing):
            return False
        with engine.begin() as connection:
            for one in missing:
                kind = one.type.compile(connection.dialect)
                connection.exec_driver_sql(
                    f'ALTER TABLE "{one.table.name}" ADD COLUMN "{one.name}" {kind}{_default(one)}'
                )
            Base.metadata.create_all(connection)
            for table in Base.metadata.sorted_tables:
                for index in table.indexes:
                    index.create(connection, checkfirst=True)
            connection.execute(
                text("UPDATE alembic_version SET version_num = :head"), {"head": HEAD}
            )
        return True
    finally:
        engine.dispose()


def _default(column: Column[Any]) -> str:
    """How a column that is added gets its value in the rows that are there; nothing without one."""
    value = getattr(column.default, "arg", None)
    if isinstance(value, bool):
        return f" NOT NULL DEFAULT {str(value).upper()}"
    if isinstance(value, int | str):
        return f" NOT NULL DEFAULT '{value}'"
    return ""


def make(settings: Settings, documents: int) -> None:
    """Fill an empty database and the store; says how long each part took."""
    started = time.monotonic()
    prepare(settings)
    product = open_product(settings)
    files = min(CASE_FILES, max(documents // 25, 400))
    today = product.database.clock.today()
    content = register(today, files)
    product.services.register.run(SYSTEM, parse_register(content))
    logins = [one["login"] for one in content["caseworkers"]]
    product.services.accounts.set_passwords(logins, PASSWORD)
    print(f"register of {files} case files: {time.monotonic() - started:.0f} s", flush=True)
    history = History(product, documents)
    product.database.close()
    history.write(settings.database_url)
    print(f"{documents} documents: {time.monotonic() - started:.0f} s", flush=True)


def main() -> None:
    """Make it, or say that it is there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=1_000_000)
    parser.add_argument("--database", help="an empty PostgreSQL database (default: SQLite)")
    asked = parser.parse_args()
    settings = seeded(asked.documents, asked.database)
    print(settings.home)


if __name__ == "__main__":
    main()
