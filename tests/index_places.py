"""Where an index lies, and what can be done to it behind its engine's back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from eakte.ports import SearchIndex
from eakte.repositories.database import make_engine
from eakte.search.postgresql import PostgresIndex
from eakte.search.tantivy_index import TantivyIndex
from eakte.search.whoosh_index import WhooshIndex


class InFolder:
    """An engine whose index is a folder."""

    def __init__(self, engine: type[TantivyIndex | WhooshIndex], folder: Path) -> None:
        self.made_by, self.folder = engine, folder

    def open(self) -> SearchIndex:
        """The index, as one more process has it."""
        return self.made_by(self.folder)

    @property
    def generation(self) -> Path:
        return self.folder / (self.folder / "current").read_text()

    def pretend(self, version: str) -> None:
        """Let the index be of another version."""
        (self.generation / "version").write_text(version)

    @property
    def version(self) -> str:
        return (self.generation / "version").read_text()

    def damage(self, how: str) -> None:
        """Spoil every file, the largest alone, or take the generation away."""
        files = [path for path in self.generation.iterdir() if path.name != "version"]
        if how == "vanished":
            (self.folder / "current").write_text("00000099")
        elif how == "rubbish":
            for path in files:
                path.write_bytes(b"rubbish")
        else:
            largest = max(files, key=lambda path: path.stat().st_size)
            largest.write_bytes(largest.read_bytes()[:-9])

    def leftovers(self) -> list[str]:
        """What lies there."""
        return sorted(path.name for path in self.folder.iterdir())

    def stamp(self) -> str:
        """What a rebuild changes."""
        return (self.folder / "current").read_text()

    @property
    def code(self) -> tuple[str, str]:
        """How another process opens it: import and expression."""
        name = self.made_by.__name__
        return (
            f"from {self.made_by.__module__} import {name}",
            f"{name}(Path({str(self.folder)!r}))",
        )

    def close(self) -> None:
        """Nothing is held."""


class InDatabase:
    """The engine whose index lies in a PostgreSQL database."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = make_engine(url)

    def open(self) -> SearchIndex:
        """The index, as one more process has it."""
        return PostgresIndex(self.engine)

    def execute(self, statement: str, *values: str) -> list[Any]:
        """The first column of what the statement answers."""
        with self.engine.begin() as connection:
            made = connection.exec_driver_sql(statement, values or None)
            return list(made.scalars()) if made.returns_rows else []

    def pretend(self, version: str) -> None:
        """Let the index be of another version."""
        self.execute("UPDATE search_state SET version = %s", version)

    @property
    def version(self) -> str:
        return str(self.execute("SELECT version FROM search_state")[0])

    def damage(self, how: str) -> None:
        """Take away a column, a table, or what says of which version it is."""
        self.execute(
            {
                "rubbish": "ALTER TABLE search_document DROP COLUMN words",
                "cut short": "DROP TABLE search_document",
                "vanished": "DROP TABLE search_state",
            }[how]
        )

    def leftovers(self) -> list[str]:
        """What lies there."""
        return self.execute(
            "SELECT tablename FROM pg_tables WHERE starts_with(tablename, 'search') ORDER BY 1"
        )

    def stamp(self) -> str:
        """What a rebuild changes."""
        return str(self.execute("SELECT 'search_document'::regclass::oid")[0])

    @property
    def code(self) -> tuple[str, str]:
        """How another process opens it: import and expression."""
        imported = (
            "from eakte.repositories.database import make_engine\n"
            "from eakte.search.postgresql import PostgresIndex"
        )
        return imported, f"PostgresIndex(make_engine({self.url!r}))"

    def empty(self) -> None:
        """As before the first ``ensure``."""
        self.execute("DROP TABLE IF EXISTS search_state, search_word, search_document")

    def close(self) -> None:
        """End its connections."""
        self.engine.dispose()


Place = InFolder | InDatabase
"""Where an index lies, and what can be done to it behind the engine's back."""
ENGINES = ("tantivy", "whoosh", "postgresql")
IN_FOLDERS: dict[str, type[TantivyIndex | WhooshIndex]] = {
    "tantivy": TantivyIndex,
    "whoosh": WhooshIndex,
}
