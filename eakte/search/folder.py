"""The folder of an index: its generations, its lock, its version.

::

    FOLDER/current        name of the generation that serves, replaced as a whole
    FOLDER/write.lock     held (flock) by the one writer, freed by the kernel if it dies
    FOLDER/00000003/      a generation, with the engine's files
    FOLDER/00000003/version
    FOLDER/00000003/stamp    what its rebuild gave it, to be known again by

A rebuild fills a generation of its own and then turns ``current`` to it, so that readers in other
processes go from a whole old index to a whole new one.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from eakte.errors import Busy, Unavailable
from eakte.language.analysis import ANALYSIS_VERSION

REINDEX = "Bitte die Administration benachrichtigen; „eakte reindex“ baut ihn neu auf."


class IndexFolder:
    """Where the generations of one engine's index lie; ``schema`` names how its files are made."""

    def __init__(self, path: Path, schema: str) -> None:
        self.path = path
        self.version = f"{schema} analysis={ANALYSIS_VERSION}"
        self._schema = schema

    def current(self) -> Path | None:
        """The generation that serves, or None where there is no index yet."""
        try:
            name = (self.path / "current").read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise unavailable(error) from error
        return self.path / name

    def serving(self) -> Path:
        """The generation that serves; raises ``Unavailable`` where there is none to read."""
        current = self.current()
        if current is None:
            raise Unavailable("Der Suchindex ist noch nicht angelegt.", remedy=REINDEX)
        if self._written_version(current).rpartition(" ")[0] != self._schema:
            raise Unavailable("Der Suchindex passt nicht zu dieser Version.", remedy=REINDEX)
        return current

    @property
    def outdated(self) -> bool:
        """Whether there is no index, or one that was made by another schema or analysis."""
        current = self.current()
        return current is None or self._written_version(current) != self.version

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Be the one writer.  Raises ``Unavailable`` while another process or thread is."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self.path / "write.lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise unavailable(error) from error
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise busy() from error
            yield
        finally:
            os.close(descriptor)

    @property
    def stamp(self) -> str:
        """What the generation that serves was given; empty where there is none."""
        current = self.current()
        return self._written(current, "stamp") if current else ""

    def new_generation(self, stamp: str = "") -> Path:
        """An empty folder for a generation that does not serve yet.  Call under the lock."""
        current = self.current()
        number = int(current.name) + 1 if current else 1
        generation = self.path / f"{number:08d}"
        if generation.exists():  # left by a rebuild that was killed
            shutil.rmtree(generation)
        generation.mkdir()
        for name, said in (("version", self.version), ("stamp", stamp)):
            (generation / name).write_text(said, encoding="utf-8")
            fsync(generation / name)
        fsync(generation)
        return generation

    def publish(self, generation: Path) -> None:
        """Let ``generation`` serve from now on, and drop the others.  Call under the lock."""
        pointer = self.path / "current.new"
        pointer.write_text(generation.name, encoding="utf-8")
        fsync(pointer)
        pointer.replace(self.path / "current")
        fsync(self.path)
        for other in self.path.iterdir():
            if other.is_dir() and other != generation:
                shutil.rmtree(other, ignore_errors=True)  # the next publication tries again

    def discard(self, generation: Path) -> None:
        """Remove a generation that was not published."""
        with suppress(FileNotFoundError):
            shutil.rmtree(generation)

    def _written_version(self, generation: Path) -> str:
        return self._written(generation, "version")

    def _written(self, generation: Path, name: str) -> str:
        try:
            return (generation / name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return ""


def fsync(path: Path) -> None:
    """Have the system write ``path``, a file or a folder, to its disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def unavailable(error: Exception | str) -> Unavailable:
    """``error`` of an engine as the sentence that the desk reads."""
    return Unavailable(f"Der Suchindex ist nicht lesbar ({error}).", remedy=REINDEX)


def busy() -> Busy:
    """Another process holds the writer's lock."""
    return Busy(
        "Der Suchindex wird gerade von einem anderen Vorgang geschrieben.",
        remedy="Bitte später noch einmal versuchen.",
    )
