"""The clearing desk: what the machine was not sure about, decided by a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from eakte.domain.ids import new_id
from eakte.domain.rights import CLEARING, AccessPolicy, Reader, system_reader
from eakte.domain.schlagworte import Schlagwort
from eakte.errors import Conflict, NotFound, NotPermitted
from eakte.language.aktenzeichen import AktenzeichenPattern
from eakte.models import CaseFile, Document
from eakte.repositories.audit import AuditLog
from eakte.repositories.case_files import CaseFiles
from eakte.repositories.database import Database, EakteSession
from eakte.repositories.documents import Documents
from eakte.repositories.organisation import Organisation
from eakte.repositories.outbox import Outbox
from eakte.repositories.postboxes import Postboxes
from eakte.services.delivery import Delivery
from eakte.services.refusals import Refused, attempts_noted
from eakte.services.withdrawals import withdraw_where_kept

PLACE = system_reader("clearing")


@dataclass(frozen=True, slots=True)
class Clearing:
    """Assigns waiting documents; the receiver follows by the routing rule."""

    database: Database
    schlagworte: Mapping[str, Schlagwort]
    policy: AccessPolicy
    pattern: AktenzeichenPattern

    def assign(
        self,
        reader: Reader,
        document_id: str,
        version: int,
        *,
        schlagwort: str,
        aktenzeichen: str | None,
        person_id: str | None = None,
    ) -> str:
        """Give a waiting document its Schlagwort and case file; returns the receiving postbox.

        ``aktenzeichen`` None: it belongs into no client's file; then the central team of the
        Schlagwort's function gets it. Raises ``NotPermitted`` away from the desk, ``NotFound``,
        ``Conflict`` where somebody else was quicker.
        """
        if not reader.at_clearing_desk:
            raise NotPermitted("Die Klärung ist für Ihre Rolle nicht offen.")
        if schlagwort not in self.schlagworte:
            raise NotFound(f"Das Schlagwort „{schlagwort}“ gibt es nicht.")
        with attempts_noted(self.database, reader), self.database.write() as session:
            document = self._waiting(session, reader, document_id, version)
            cover = None if aktenzeichen is None else self._cover(session, aktenzeichen)
            people = self._people(session, document, cover, person_id)
            documents = Documents(session)
            document.schlagwort, document.score = schlagwort, 1.0
            document.clearing_reason = None
            documents.set_schlagworte(document, [(schlagwort, ())], reader.login)
            withdraw_where_kept(session, reader, document, self.database.clock)
            delivery = self._delivery(session)
            delivery.file_into(PLACE, document, cover, people)
            main, copies = delivery.receivers(PLACE, document, cover, people)
            if main.postbox == CLEARING and cover is None:
                raise NotPermitted(
                    "Ohne Akte gibt es für dieses Schlagwort keinen Postkorb.",
                    remedy="Eine Akte wählen oder das Schlagwort ändern.",
                )
            self._close(session, reader, document)
            AuditLog(session).note(
                reader,
                "document.assign",
                "document",
                document.id,
                details={
                    "schlagwort": schlagwort,
                    "case_file": cover.id if cover else None,
                },
            )
            delivery.deliver(reader, document, main, copies, round_key=new_id())
            Outbox(session).put([document.id], self.database.clock.now())
        return main.postbox

    def _waiting(
        self, session: EakteSession, reader: Reader, document_id: str, version: int
    ) -> Document:
        document = Documents(session).get(reader, document_id, lock=True)
        if document is not None and document.state == "clearing" and document.version == version:
            return document
        # Once assigned, it is no longer open to the desk; that it was quicker is no secret.
        by = Postboxes(session).cleared_by(PLACE, document_id)
        if by is not None:
            name = Organisation(session).names([by])[by]
            raise Conflict(
                f"{name} hat das Dokument schon zugeordnet.", remedy="Die Liste neu laden."
            )
        if document is not None:
            raise Conflict(
                "Das Dokument hat sich inzwischen geändert.", remedy="Die Liste neu laden."
            )
        raise Refused(
            document_id,
            "Dieses Dokument liegt nicht mehr in der Klärung.",
            remedy="Die Liste neu laden.",
        )

    def _cover(self, session: EakteSession, aktenzeichen: str) -> CaseFile:
        key = self.pattern.normalise(aktenzeichen) or aktenzeichen.strip()
        found = CaseFiles(session).by_number(PLACE, key)
        if not found:
            raise NotFound(
                f"Eine Akte „{aktenzeichen.strip()}“ gibt es nicht.",
                remedy="Das Aktenzeichen prüfen oder nach dem Namen suchen.",
            )
        return found[0]

    @staticmethod
    def _people(
        session: EakteSession, document: Document, cover: CaseFile | None, person_id: str | None
    ) -> list[str]:
        """Whom it concerns: the person chosen, else what the machine found within this file."""
        if cover is None:
            return []
        members = {
            person.id for person, _ in CaseFiles(session).people(PLACE, [cover.id])[cover.id]
        }
        if person_id is not None:
            if person_id not in members:
                raise NotFound("Diese Person gehört nicht zu der Akte.")
            return [person_id]
        finding = Documents(session).case_finding(PLACE, document.id)
        for candidate in finding.candidates if finding else ():
            if candidate.case_file_id == cover.id:
                return [one for one in candidate.person_ids if one in members]
        return []

    def _close(self, session: EakteSession, reader: Reader, document: Document) -> None:
        for entry in Postboxes(session).all_open_of(PLACE, document.id):
            if entry.postbox == CLEARING:
                entry.done_at, entry.done_by = self.database.clock.now(), reader.login
                entry.done_how = "assigned"
        session.flush()

    def _delivery(self, session: EakteSession) -> Delivery:
        clock = self.database.clock
        return Delivery(
            session,
            self.schlagworte,
            self.policy.protected_postbox,
            today=clock.today(),
            now=clock.now(),
        )


def team_or_login_title(session: EakteSession, postbox: str) -> str:
    """The name of a postbox on screen."""
    if postbox == CLEARING:
        return "Klärung"
    organisation = Organisation(session)
    if organisation.knows_team(postbox):
        return organisation.team_names([postbox])[postbox]
    return organisation.names([postbox])[postbox]
