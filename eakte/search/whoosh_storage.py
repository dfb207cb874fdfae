"""What Whoosh writes, on disk before it counts, and under names that no two writers choose."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self
from uuid import uuid4
from weakref import WeakSet

from whoosh.codec.whoosh3 import W3Codec, W3Segment
from whoosh.filedb.filestore import FileStorage

from eakte.search.folder import fsync


class DurableStorage(FileStorage):  # type: ignore[misc] # whoosh has no types
    """A folder that commits durably: what a new table of contents names is on disk before it."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self._written: set[str] = set()
        self._open: WeakSet[Any] = WeakSet()

    @contextmanager
    def closing_on_failure(self) -> Iterator[Self]:
        """Close what was opened if it turns out to be damaged; Whoosh leaves it open."""
        try:
            yield self
        except BaseException:
            for file in tuple(self._open):
                if not file.is_closed:
                    file.close()
            raise

    def open_file(self, name: str, **kwargs: Any) -> Any:  # noqa: ANN401
        """Remember the file, so that it can be closed."""
        file = super().open_file(name, **kwargs)
        self._open.add(file)
        return file

    def create_file(self, name: str, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        """Remember ``name`` as not yet on disk."""
        self._written.add(name)
        return super().create_file(name, *args, **kwargs)

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        """Rename once everything written so far is on disk."""
        folder = Path(self.folder)
        for name in self._written:
            if (folder / name).exists():
                fsync(folder / name)
        self._written.clear()
        super().rename_file(oldname, newname, safe)
        fsync(folder)


class NamingCodec(W3Codec):  # type: ignore[misc] # whoosh has no types
    """Names segments so that no two writers ever choose the same name.

    Whoosh asks ``random``, whose state forked processes share.
    """

    def new_segment(self, storage: FileStorage, indexname: str) -> W3Segment:  # noqa: ARG002
        """An empty segment."""
        return W3Segment(self, indexname, segid=uuid4().hex[:16])
