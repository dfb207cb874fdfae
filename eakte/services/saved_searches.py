"""Searches that a person keeps, and how many documents came since they last looked.

They are the person's own working aids: nobody else sees them, and no trace is kept of them.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

from eakte.domain.ids import new_id
from eakte.domain.rights import Reader
from eakte.domain.search_filters import SearchFilters
from eakte.errors import Conflict
from eakte.models import SavedSearch
from eakte.repositories.database import Database
from eakte.repositories.found import Found
from eakte.repositories.saved_searches import SavedSearches as SavedSearchRows
from eakte.services.search_views import SavedSearchView
from eakte.services.searching import Searching

MOST = 30
"""Searches that one person keeps."""
LONGEST_NAME = 80
LONGEST_TEXT = 1_000
COUNTED = 50
"""New documents up to which they are counted."""


@dataclass(frozen=True, slots=True)
class SavedSearches:
    """The reader's own saved searches."""

    database: Database
    searching: Searching

    def listed(self, reader: Reader) -> tuple[SavedSearchView, ...]:
        """All of the reader's, those with a star first; nothing is counted."""
        with self.database.read() as session:
            return tuple(_view(row) for row in SavedSearchRows(session).all(reader))

    def counted(self, reader: Reader) -> tuple[SavedSearchView, ...]:
        """The same, each with the documents that came since it was last asked.

        Raises ``Unavailable`` while the engine is down.
        """
        listed = self.listed(reader)
        newest = {
            one.id: self.searching.newest(reader, one.text, one.filters, COUNTED + 1)
            for one in listed
        }
        with self.database.read() as session:
            came = Found(session).visible(reader, {i for ids in newest.values() for i in ids})
        answer = []
        for one in listed:
            fresh = sum(1 for i in newest[one.id] if i in came and came[i] > one.looked_at)
            answer.append(_view_of(one, min(fresh, COUNTED), more=fresh > COUNTED))
        return tuple(answer)

    def keep(self, reader: Reader, name: str, text: str, filters: SearchFilters) -> str:
        """Keep a query under a name (else its own words); one of that name is replaced.

        Returns its id.  Raises ``Conflict`` where there are too many.
        """
        text = text[:LONGEST_TEXT].strip()
        called = (" ".join(name.split()) or text or "Gefilterte Suche")[:LONGEST_NAME]
        now = self.database.clock.now()
        with self.database.write() as session:
            rows = SavedSearchRows(session)
            row = rows.named(reader, called)
            if row is None:
                if len(rows.all(reader)) >= MOST:
                    raise Conflict(
                        f"Sie haben schon {MOST} Suchen gespeichert.",
                        remedy="Löschen Sie erst eine, die Sie nicht mehr brauchen.",
                    )
                row = SavedSearch(id=new_id(), login=reader.login, name=called, made_at=now)
            row.text, row.filters, row.looked_at = text, asdict(filters), now
            rows.put(row)
            return row.id

    def look(self, reader: Reader, search_id: str) -> None:
        """The reader asks it now: what came before is no longer new."""
        with self.database.write() as session:
            row = SavedSearchRows(session).get(reader, search_id)
            if row is not None:
                row.looked_at = self.database.clock.now()

    def star(self, reader: Reader, search_id: str, *, starred: bool) -> None:
        """Put it on top of the list, or no longer."""
        with self.database.write() as session:
            row = SavedSearchRows(session).get(reader, search_id)
            if row is not None:
                row.starred = starred

    def forget(self, reader: Reader, search_id: str) -> None:
        """It is no longer needed."""
        with self.database.write() as session:
            SavedSearchRows(session).forget(reader, search_id)


def _view(row: SavedSearch) -> SavedSearchView:
    known = asdict(SearchFilters())
    kept = {name: str(value) for name, value in row.filters.items() if name in known}
    return SavedSearchView(
        id=row.id,
        name=row.name,
        text=row.text,
        filters=SearchFilters(**kept),
        starred=row.starred,
        looked_at=row.looked_at,
    )


def _view_of(one: SavedSearchView, fresh: int, *, more: bool) -> SavedSearchView:
    return SavedSearchView(
        id=one.id,
        name=one.name,
        text=one.text,
        filters=one.filters,
        starred=one.starred,
        looked_at=one.looked_at,
        fresh=fresh,
        fresh_is_more=more,
    )
