"""What is done with a letter that was taken in hand: zu den Akten, or seen.

Works within the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from eakte.domain.rights import AccessPolicy, Reader
from eakte.domain.schlagworte import Schlagwort
from eakte.errors import NotFound, NotPermitted
from eakte.models import Document, PostboxEntry
from eakte.ports import Clock
from eakte.repositories.audit import AuditLog
from eakte.repositories.database import EakteSession
from eakte.repositories.documents import Documents
from eakte.repositories.outbox import Outbox
from eakte.services.delivery import Delivery
from eakte.services.desk_undo import keep_deed
from eakte.services.document_pictures import picture_of
from eakte.services.examples import Corrections, Keeping
from eakte.services.postbox_entries import PLACE, finish, for_whom
from eakte.services.withdrawals import withdraw_where_kept


@dataclass(frozen=True, slots=True)
class Filing:
    """Each action with its audit row, and with what an undo needs."""

    session: EakteSession
    schlagworte: Mapping[str, Schlagwort]
    policy: AccessPolicy
    keeping: Keeping
    clock: Clock

    def file(
        self,
        reader: Reader,
        entry: PostboxEntry,
        document: Document,
        schlagwort: str,
        round_id: str,
    ) -> None:
        """Zu den Akten: the entry is done, the document stays in its file under ``schlagwort``.

        Raises ``NotPermitted`` for a copy, and for a document in no file that needs one.
        """
        if entry.copy:
            raise NotPermitted("Was zur Kenntnis kam, wird als gesehen vermerkt, nicht abgelegt.")
        self._check_place(document, schlagwort)
        now = self.clock.now()
        before: dict[str, Any] = {"state": document.state, "reason": document.clearing_reason}
        label = document.schlagwort
        if schlagwort != label:
            before["picture"] = picture_of(self.session, document)
            self._relabel(reader, document, schlagwort)
        finish(self.session, reader, entry, "filed", now)
        document.filed_at, document.filed_by = now, reader.login
        document.state = "filed"
        AuditLog(self.session).note(
            reader,
            "document.file",
            "document",
            document.id,
            on_behalf_of=for_whom(reader, entry),
            details={"schlagwort": schlagwort, "before": label},
        )
        Outbox(self.session).put([document.id], now)
        keep_deed(self.session, reader, "filed", entry, document, before, round_id)

    def see(self, reader: Reader, entry: PostboxEntry, document: Document, round_id: str) -> None:
        """A copy was seen: it leaves the postbox."""
        now = self.clock.now()
        finish(self.session, reader, entry, "seen", now)
        AuditLog(self.session).note(
            reader,
            "document.acknowledge",
            "document",
            document.id,
            on_behalf_of=for_whom(reader, entry),
        )
        Outbox(self.session).put([document.id], now)
        keep_deed(self.session, reader, "seen", entry, document, {}, round_id)

    def _check_place(self, document: Document, schlagwort: str) -> None:
        """A document keeps the case file that it stands in, or has none and needs none."""
        if schlagwort not in self.schlagworte:
            raise NotFound(f"Das Schlagwort „{schlagwort}“ gibt es nicht.")
        filings = Documents(self.session).filings(PLACE, [document.id])[document.id]
        in_a_file = self.schlagworte[schlagwort].subfile is not None
        if in_a_file and not filings:
            raise NotPermitted(
                "Das Dokument steht noch in keiner Akte.",
                remedy="Zuerst an die Klärung geben, damit es eine Akte bekommt.",
            )
        if filings and not in_a_file:
            raise NotPermitted(
                f"„{self.schlagworte[schlagwort].title}“ gehört in keine Kundenakte.",
                remedy="An die Klärung geben, damit es aus der Akte genommen wird.",
            )

    def _relabel(self, reader: Reader, document: Document, schlagwort: str) -> None:
        documents = Documents(self.session)
        others = [
            (row.schlagwort, row.pages)
            for row in documents.schlagworte(reader, document.id)
            if row.schlagwort not in (schlagwort, document.schlagwort)
        ]
        filings = documents.filings(PLACE, [document.id])[document.id]
        people = [person.id for person in documents.people(reader, [document.id])[document.id]]
        document.schlagwort, document.score = schlagwort, 1.0
        self.session.flush()
        documents.set_schlagworte(document, [(schlagwort, ()), *others], reader.login)
        withdraw_where_kept(self.session, reader, document, self.clock)
        cover = filings[0][1] if filings else None
        self._delivery().file_into(reader, document, cover, people)
        corrections = Corrections(self.session, self.keeping, self.policy.closed_subfiles)
        corrections.schlagwort(reader, document, schlagwort)

    def _delivery(self) -> Delivery:
        return Delivery.at(self.session, self.schlagworte, self.policy, self.clock)
