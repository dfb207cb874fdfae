"""Who has a letter of a shared postbox before them just now: told to those who may work on it."""

from __future__ import annotations

from dataclasses import dataclass

from eakte.domain.rights import Reader
from eakte.repositories.database import Database
from eakte.repositories.desk_looks import DeskLooks
from eakte.repositories.documents import Documents
from eakte.repositories.organisation import Organisation
from eakte.services.clearing_desk import LOOK_LASTS
from eakte.services.clearing_views import LookView
from eakte.services.refusals import Refused, attempts_noted


@dataclass(frozen=True, slots=True)
class Presence:
    """One look a login; it lasts while the screen says that it is open."""

    database: Database

    def look(self, reader: Reader, document_id: str) -> None:
        """The reader has this document before them; raises ``NotFound``."""
        with attempts_noted(self.database, reader), self.database.write() as session:
            if Documents(session).get(reader, document_id) is None:
                raise Refused(document_id)
            DeskLooks(session).put(reader, document_id, self.database.clock.now())

    def looks(self, reader: Reader) -> dict[str, LookView]:
        """By document in the reader's postboxes: who else has it open, the first of several."""
        with self.database.read() as session:
            since = self.database.clock.now() - LOOK_LASTS
            rows = DeskLooks(session).in_postboxes(reader, since)
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
