"""Index against database: every document once, with the rights and facts of today.

Part of ``eakte check``; changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from eakte.domain.rights import system_reader
from eakte.errors import Unavailable
from eakte.ports import SearchIndex
from eakte.repositories.checks import Problem
from eakte.repositories.database import Database
from eakte.repositories.outbox import Outbox
from eakte.services.index_documents import IndexDocuments

CHECKER = system_reader("check")
BATCH = 500
"""Documents whose rights are read at once."""
_REINDEX = "„eakte reindex“ aufrufen."
_MISSING = "Das Dokument fehlt im Volltextindex."
_UNKNOWN = "Der Volltextindex kennt ein Dokument, das es nicht gibt."
_STALE = "Der Volltextindex hat andere Rechte oder Angaben als die Datenbank."


@dataclass(frozen=True, slots=True)
class IndexCheck:
    """Compares the ids and seals of the index with what the database says."""

    database: Database
    index: SearchIndex
    described: IndexDocuments

    def run(self) -> Iterator[Problem]:
        """Every document that the index lacks, should not have, or has otherwise."""
        if self.index.name == "none":
            return
        try:
            found = self._compared(None)
            # What changed, and followed into the index, between two looks is no problem.
            found = self._compared(found) if found else found
        except Unavailable as error:
            yield Problem(
                check="index", subject=self.index.name, problem=error.message, remedy=_REINDEX
            )
            return
        for document_id, problem in sorted(found.items()):
            yield Problem(
                check="index", subject=f"document {document_id}", problem=problem, remedy=_REINDEX
            )

    def _compared(self, doubtful: Iterable[str] | None) -> dict[str, str]:
        """What is wrong, by document; ``doubtful``: look at these alone."""
        with self.database.read() as session:
            outbox = Outbox(session)
            waiting = outbox.waiting_ids(CHECKER)
            expected = set(outbox.indexable(CHECKER)) - waiting
        present = {one: seal for one, seal in self.index.seals() if one not in waiting}
        looked_at = expected | present.keys()
        if doubtful is not None:
            looked_at &= set(doubtful)
        found = dict.fromkeys(looked_at - present.keys(), _MISSING)
        found |= dict.fromkeys(looked_at - expected, _UNKNOWN)
        said = self._seals(sorted(looked_at & expected & present.keys()))
        return found | {one: _STALE for one, seal in said.items() if present[one] != seal}

    def _seals(self, ids: list[str]) -> dict[str, str]:
        said = {}
        for start in range(0, len(ids), BATCH):
            with self.database.read() as session:
                for one in self.described.of(CHECKER, session, ids[start : start + BATCH]):
                    said[one.id] = one.seal
        return said
