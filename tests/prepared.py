"""Databases and data folders made once a test process and copied for every test.

Laying out the schema and taking the small register costs a second; a copy costs milliseconds.
"""

from __future__ import annotations

import atexit
import functools
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from sqlalchemy.engine import URL, make_url

from eakte.bootstrap import open_product, prepare
from eakte.domain.rights import system_reader
from eakte.services.register_file import parse_register
from eakte.settings import Settings, load_settings
from tests.quick import be_quick
from tests.small_authority import small_register

be_quick()
REPOSITORY = Path(__file__).resolve().parent.parent


def settings_for(home: Path, database_url: str) -> Settings:
    """The shipped settings with another data folder and database."""
    shipped = load_settings(home=home, config=REPOSITORY / "config")
    data = shipped.values.data.model_copy(update={"database_url": database_url})
    values = shipped.values.model_copy(update={"data": data})
    return Settings(home, shipped.config, values, shipped.access)


def execute(server: URL, statement: str) -> None:
    """Run one statement outside any transaction, as CREATE DATABASE needs it."""
    address = server.set(drivername="postgresql").render_as_string(hide_password=False)
    _connection(address).execute(statement.encode())


@functools.cache
def _connection(address: str) -> psycopg.Connection:
    """The one that makes and drops all databases of this process."""
    connection = psycopg.connect(address, autocommit=True)
    atexit.register(connection.close)
    return connection


@contextmanager
def postgres_database(template: str | None = None) -> Iterator[str]:
    """A database in the cluster that ``EAKTE_TEST_POSTGRES`` names; dropped again afterwards."""
    url = make_url(os.environ["EAKTE_TEST_POSTGRES"])
    name = f"eakte_test_{uuid.uuid4().hex}"
    copied = f' TEMPLATE "{template}" STRATEGY FILE_COPY' if template else ""
    execute(url, f'CREATE DATABASE "{name}"{copied}')
    try:
        yield url.set(database=name).render_as_string(hide_password=False)
    finally:
        # FORCE: a test that was killed half-way leaves connections of its child processes behind.
        execute(url, f'DROP DATABASE "{name}" WITH (FORCE)')


@dataclass
class Prepared:
    """The product over the small authority, once on each engine, made when first asked for."""

    folder: Path
    made: dict[str, str] = field(default_factory=dict)
    """By engine: the URL of the database to copy."""

    def home(self, engine: str) -> Path:
        """The data folder that belongs to the database: its audit key and an empty index."""
        return self.folder / engine

    def make(self, engine: str, url: str) -> None:
        """Lay out schema and index at ``url`` and take the small register."""
        settings = settings_for(self.home(engine), url)
        prepare(settings)
        product = open_product(settings)
        product.services.register.run(system_reader("operator"), parse_register(small_register()))
        product.database.close()
        self.made[engine] = url

    def copy_sqlite(self, target: Path) -> None:
        """A copy of the prepared SQLite file at ``target``."""
        source = self.folder / "sqlite.db"
        if "sqlite" not in self.made:
            self.make("sqlite", f"sqlite:///{source}")
        shutil.copyfile(source, target)

    def postgres_template(self) -> str:
        """The name of the prepared PostgreSQL database."""
        if "postgresql" not in self.made:
            url = make_url(os.environ["EAKTE_TEST_POSTGRES"])
            name = f"eakte_template_{uuid.uuid4().hex}"
            execute(url, f'CREATE DATABASE "{name}"')
            self.make("postgresql", url.set(database=name).render_as_string(hide_password=False))
        return str(make_url(self.made["postgresql"]).database)

    def drop(self) -> None:
        """Remove the prepared PostgreSQL database."""
        if "postgresql" in self.made:
            url = make_url(os.environ["EAKTE_TEST_POSTGRES"])
            execute(url, f'DROP DATABASE "{self.postgres_template()}" WITH (FORCE)')
