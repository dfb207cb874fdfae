"""Who has a letter before them just now: told to those who may work on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from eakte.domain.rights import Reader
from eakte.models import DeskLook
from eakte.repositories.database import Database, EakteSession
from eakte.repositories.desk_looks import DeskLooks
from eakte.repositories.organisation import Organisation
from eakte.services.clearing_views import LookView
from eakte.services.refusals import DOCUMENT_GONE, attempts_noted, open_document

LOOK_LASTS = timedelta(seconds=60)
"""A screen that did not tell for so long that it is open was closed."""


@dataclass(frozen=True, slots=True)
class Presence:
    """Of shared postboxes. One look a login; it lasts while the screen says that it is open."""

    database: Database

    def look(self, reader: Reader, document_id: str) -> None:
        """The reader has this document before them; raises ``NotFound``."""
        look_at(self.database, reader, document_id)

    def looks(self, reader: Reader) -> dict[str, LookView]:
        """By document in the reader's postboxes: who else has it open, the first of several."""
        with self.database.read() as session:
            since = self.database.clock.now() - LOOK_LASTS
            return look_views(session, DeskLooks(session).in_postboxes(reader, since))


def look_at(
    database: Database, reader: Reader, document_id: str, gone: str = DOCUMENT_GONE
) -> None:
    """Tell colleagues that the reader has this document before them; ``NotFound`` says ``gone``."""
    with attempts_noted(database, reader), database.write() as session:
        open_document(session, reader, document_id, gone=gone)
        DeskLooks(session).put(reader, document_id, database.clock.now())


def look_views(session: EakteSession, rows: Sequence[DeskLook]) -> dict[str, LookView]:
    """By document: who has it before them, the first of several."""
    if not rows:
        return {}
    names = Organisation(session).names(row.login for row in rows)
    answer: dict[str, LookView] = {}
    for row in rows:
        look = LookView(
            document_id=row.document_id,
            login=row.login,
            name=names[row.login],
            since=row.opened_at,
        )
        answer.setdefault(row.document_id, look)
    return answer
