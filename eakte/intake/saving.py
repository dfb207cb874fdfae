"""What recognition has read so far, saved every couple of seconds and at the end.

A letter of a page or two costs one transaction; of a run of five hundred pages at most the last
seconds are read again after a crash.  Pictures go into the store at once, rows in their turn.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from eakte.domain.conversion import Prepared
from eakte.domain.pages import RecognisedPage, Remark
from eakte.intake.tools import STEP, Tools, the
from eakte.models import Source
from eakte.repositories.sheets import remarks_to_json
from eakte.repositories.sources import Sources

EVERY_SECONDS = 2.0
SHORT = 8
"""Pages up to which nobody waits to see how many there are."""


@dataclass(slots=True)
class Saving:
    """Gathers what is known of a source; call ``save`` when all of it is read."""

    tools: Tools
    source_id: str
    _prepared: tuple[Prepared, str | None] | None = None
    _pages: list[tuple[RecognisedPage, str, str]] = field(default_factory=list)
    _saved_at: float = field(default_factory=time.monotonic)

    def prepared(self, prepared: Prepared, reading_sha256: str | None) -> None:
        """How many pages there are, and which copy they are read from."""
        self._prepared = (prepared, reading_sha256)
        if prepared.page_count > SHORT or reading_sha256 is not None:
            self.save()

    def add(self, page: RecognisedPage) -> None:
        """A page that was read."""
        store = self.tools.store
        self._pages.append((page, store.put(page.preview), store.put(page.thumbnail)))
        if time.monotonic() - self._saved_at >= EVERY_SECONDS:
            self.save()

    def save(self) -> None:
        """Write what is not written yet, in one transaction."""
        if self._prepared is None and not self._pages:
            return
        now = self.tools.database.clock.now()
        with self.tools.database.write() as session:
            sources = Sources(session)
            source = the(sources.get(STEP, self.source_id), "source")
            if self._prepared is not None:
                prepared, source.reading_sha256 = self._prepared
                source.page_count = prepared.page_count
                source.parts = [part.to_json() for part in prepared.parts]
                add_remarks(source, prepared.remarks)
            for page, preview, thumbnail in self._pages:
                sources.add_page(STEP, self.source_id, page, preview, thumbnail)
            source.changed_at = now
        self._prepared, self._pages = None, []
        self._saved_at = time.monotonic()


def add_remarks(source: Source, remarks: Iterable[Remark]) -> None:
    """Each once, however often the step runs."""
    more = [one for one in remarks_to_json(remarks) if one not in source.remarks]
    source.remarks = [*source.remarks, *more]
