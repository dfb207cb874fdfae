"""What becomes of a document's paper: suggested by rules, decided by a person."""

from __future__ import annotations

from dataclasses import dataclass

from eakte.domain.proof import PaperFate, QualityRules
from eakte.domain.rights import Reader, system_reader
from eakte.errors import Conflict, EakteError, NotPermitted
from eakte.models import Document
from eakte.repositories.audit import AuditLog
from eakte.repositories.database import Database, EakteSession
from eakte.repositories.organisation import Organisation
from eakte.repositories.proof import Proof
from eakte.repositories.sources import Sources
from eakte.services.proof_views import PaperView
from eakte.services.refusals import attempts_noted, open_document
from eakte.services.release import fate_of, held_by_their_past
from eakte.services.transfer_notes import is_scan, note_again
from eakte.services.withdrawals import releases_of, withdraw

PLACE = system_reader("proof")
WITHDRAWN = "Das Papier wird nach Entscheidung am Dokument aufbewahrt."
EVENTS = {
    PaperFate.DESTROY: "das Papier ist zur Vernichtung vorgesehen",
    PaperFate.KEEP: "das Papier wird aufbewahrt",
    PaperFate.RETURN: "das Papier wird zurückgesandt",
    PaperFate.FORWARD: "das Papier wird weitergegeben",
}


@dataclass(frozen=True, slots=True)
class Paper:
    """Destroy, keep (where), send back or forward; for whoever may open the document."""

    database: Database
    rules: QualityRules

    def of_document(self, reader: Reader, document_id: str) -> PaperView:
        """What becomes of the document's paper as it stands now."""
        with attempts_noted(self.database, reader), self.database.read() as session:
            return self._view(session, open_document(session, reader, document_id))

    def decide(self, reader: Reader, document_id: str, fate: PaperFate, place: str = "") -> None:
        """Decide; ``place`` says where kept paper lies, or where the paper went.

        Raises ``NotPermitted`` for the destruction of what the rules keep (deeds, identity papers,
        powers of attorney, enforceable titles), ``Conflict`` once the paper was released (to keep
        it takes it off the list until its day has come), and ``EakteError`` for
        paper that is kept nowhere.
        """
        place = place.strip()
        if fate is PaperFate.KEEP and not place:
            raise EakteError("Bitte sagen, wo das Papier aufbewahrt wird.")
        with attempts_noted(self.database, reader), self.database.write() as session:
            document = open_document(session, reader, document_id, lock=True)
            schlagworte = _schlagworte(session, document_id)
            if fate is PaperFate.DESTROY and self.rules.must_be_kept(schlagworte):
                raise NotPermitted(
                    "Dieses Papier darf nicht vernichtet werden: Urkunden, Ausweise, Vollmachten "
                    "und Titel bleiben im Original.",
                    remedy="Aufbewahren, zurücksenden oder weitergeben.",
                )
            if fate is PaperFate.DESTROY and held_by_their_past(session, [document_id], self.rules):
                raise NotPermitted(
                    "Dieses Papier darf nicht vernichtet werden: Seiten davon standen in einem "
                    "Dokument, dessen Papier aufbewahrt wird.",
                    remedy="Aufbewahren, zurücksenden oder weitergeben.",
                )
            if was_released(session, document) and not (
                fate is PaperFate.KEEP
                and withdraw(session, reader, document, WITHDRAWN, self.database.clock)
            ):
                raise Conflict("Das Papier dieses Dokuments ist schon freigegeben.")
            document.paper, document.paper_place = fate.value, place or None
            document.paper_by = reader.login
            session.flush()
            AuditLog(session).note(
                reader, "document.paper", "document", document_id, details={"paper": fate.value}
            )
            note_again(
                session, reader, [document.source_id], EVENTS[fate], self.database.clock.now()
            )

    def _view(self, session: EakteSession, document: Document) -> PaperView:
        schlagworte = _schlagworte(session, document.id)
        source = Sources(session).get(PLACE, document.source_id)
        by = document.paper_by
        held = bool(held_by_their_past(session, [document.id], self.rules))
        return PaperView(
            fate=fate_of(document, schlagworte, self.rules, held=held),
            decided=document.paper is not None,
            decided_by=Organisation(session).names([by])[by] if by else "",
            place=document.paper_place or "",
            must_be_kept=held or self.rules.must_be_kept(schlagworte),
            released=was_released(session, document),
            is_paper=source is not None and is_scan(source),
        )


def was_released(session: EakteSession, document: Document) -> bool:
    """Whether its pages stand on a signed-off list, and were not taken off it."""
    return bool(releases_of(session, document))


def _schlagworte(session: EakteSession, document_id: str) -> frozenset[str]:
    return Proof(session).schlagworte_of(PLACE, [document_id]).get(document_id, frozenset())
