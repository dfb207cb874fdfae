"""Saved searches, each the reader's own: nobody is asked for another's."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from eakte.domain.rights import Reader
from eakte.models import SavedSearch


class SavedSearches:
    """What one reader keeps."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def get(self, reader: Reader, search_id: str) -> SavedSearch | None:
        """The reader's search of that id."""
        return self.session.scalar(
            select(SavedSearch).where(
                SavedSearch.id == search_id, SavedSearch.login == reader.login
            )
        )

    def named(self, reader: Reader, name: str) -> SavedSearch | None:
        """The reader's search of that name."""
        return self.session.scalar(
            select(SavedSearch).where(SavedSearch.name == name, SavedSearch.login == reader.login)
        )

    def all(self, reader: Reader) -> Sequence[SavedSearch]:
        """All of the reader's, those with a star first."""
        return self.session.scalars(
            select(SavedSearch)
            .where(SavedSearch.login == reader.login)
            .order_by(SavedSearch.starred.desc(), func.lower(SavedSearch.name), SavedSearch.id)
        ).all()

    # -- writing ----------------------------------------------------------------------------

    def put(self, search: SavedSearch) -> None:
        """Keep it."""
        self.session.add(search)
        self.session.flush()

    def forget(self, reader: Reader, search_id: str) -> None:
        """The reader's search of that id is gone."""
        self.session.execute(
            delete(SavedSearch).where(
                SavedSearch.id == search_id, SavedSearch.login == reader.login
            )
        )
