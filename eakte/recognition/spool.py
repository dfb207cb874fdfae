"""Recognised pages in a file, one in memory at a time.

The words of a run of a thousand pages take more memory than everything else of its archive copy;
the process that asks for it and the one that makes it read them page by page.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from eakte.domain.pages import RecognisedPage


class PageSpool(Mapping[int, "RecognisedPage"]):
    """Pages by number, without their pictures, kept in ``path`` by our own processes."""

    def __init__(self, path: Path, places: Mapping[int, int]) -> None:
        self._path = path
        self._places = dict(places)

    @classmethod
    def of(cls, pages: Iterable[RecognisedPage], path: Path) -> PageSpool:
        """Write ``pages`` into ``path``."""
        places: dict[int, int] = {}
        with path.open("wb") as file:
            for page in pages:
                places[page.number] = file.tell()
                pickle.dump(replace(page, preview=b"", thumbnail=b""), file)
        return cls(path, places)

    def __getitem__(self, number: int) -> RecognisedPage:
        with self._path.open("rb") as file:
            file.seek(self._places[number])
            page: RecognisedPage = pickle.load(file)  # noqa: S301  written by ``of``, in our folder
        return page

    def __iter__(self) -> Iterator[int]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)
