"""What the index was made with, as far as an engine can't know it by itself.

==================== ==========================================================================
``keeper``           engine that was told last, and the stamp of its index, with a blank between
``closed_subfiles``  kinds of SubFile that the settings closed, with blanks between
==================== ==========================================================================
"""

from __future__ import annotations

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from eakte.domain.rights import Reader
from eakte.models import IndexFact

CLOSED = "closed_subfiles"
KEEPER = "keeper"


def keeper(engine: str, stamp: str) -> str:
    """The fact ``keeper`` for an index of ``engine``."""
    return f"{engine} {stamp}"


class IndexFacts:
    """Facts of the index by name; the indexer's."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def told(self, reader: Reader, name: str) -> str | None:
        """The fact; None where it was never told (the indexer's; a system reader)."""
        if not reader.is_system:
            return None
        return self.session.scalar(select(IndexFact.value).where(IndexFact.name == name))

    def is_behind(self, reader: Reader, engine: str, stamp: str) -> bool:
        """Whether changes were told to another index than this one, which is to be made anew.

        Its counts are those of then; for a system reader.
        """
        told = self.told(reader, KEEPER)
        return told is not None and told != keeper(engine, stamp)

    def tell(self, name: str, value: str) -> None:
        """The fact from now on; two processes that begin at once may both tell it."""
        self.session.execute(
            text(
                "INSERT INTO index_facts (name, value) VALUES (:name, :value)"
                " ON CONFLICT (name) DO UPDATE SET value = excluded.value"
            ),
            {"name": name, "value": value},
        )
