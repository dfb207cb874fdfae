"""No search: for sites that run without, and for the time in which an engine is set up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from eakte.domain.search import Facets, IndexDocument, SearchAnswer, SearchQuery
from eakte.errors import Unavailable


class NoIndex:
    """Takes every change and keeps none; answers every search with a sentence."""

    name = "none"
    outdated = False
    stamp = ""

    def __init__(self, folder: Path | None = None) -> None:
        """Made like the other engines; nothing is kept in ``folder``."""

    def ensure(self) -> None:
        """Nothing to lay out."""

    @contextmanager
    def writer(self) -> Iterator[_Sink]:
        """A writer that drops what it is given."""
        yield _Sink()

    @contextmanager
    def rebuild(self, stamp: str = "") -> Iterator[_Sink]:  # noqa: ARG002 - the port's name
        """A writer that drops what it is given."""
        yield _Sink()

    def search(self, query: SearchQuery) -> SearchAnswer:  # noqa: ARG002 - the port's name
        """Raises ``Unavailable``, always: no hits would be a lie."""
        raise _switched_off()

    def facets(self, query: SearchQuery, fields: Sequence[str], most: int) -> Facets:  # noqa: ARG002
        """Raises ``Unavailable``, always."""
        raise _switched_off()

    def is_empty(self) -> bool:
        """Nothing is in the index."""
        return True

    def seals(self) -> Iterator[tuple[str, str]]:
        """Nothing is in the index."""
        return iter(())


def _switched_off() -> Unavailable:
    return Unavailable(
        "Die Suche ist in dieser Installation abgeschaltet.",
        remedy="Postkörbe und Akten sind ohne sie vollständig; die Administration kann eine "
        "Suchmaschine einstellen.",
    )


class _Sink:
    def put(self, document: IndexDocument) -> None:
        """Dropped."""

    def delete(self, document_id: str) -> None:
        """Dropped."""

    def clear(self) -> None:
        """Nothing to remove."""
