"""The clearing desk: what the machine was not sure about, decided by a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from eakte.domain.findings import Sender
from eakte.domain.ids import new_id
from eakte.domain.rights import CLEARING, AccessPolicy, Reader, system_reader
from eakte.domain.schlagworte import Schlagwort
from eakte.errors import Conflict, NotFound, NotPermitted, Unusable
from eakte.language.aktenzeichen import AktenzeichenPattern
from eakte.models import CaseFile, Document
from eakte.repositories.audit import AuditLog
from eakte.repositories.case_files import CaseFiles
from eakte.repositories.database import Database, EakteSession
from eakte.repositories.documents import Documents
from eakte.repositories.organisation import Organisation
from eakte.repositories.outbox import Outbox
from eakte.repositories.postboxes import Postboxes
from eakte.services import fact_examples
from eakte.services.by_number import files_by_number
from eakte.services.clearing_undo import remember, take_back
from eakte.services.delivery import Delivery
from eakte.services.examples import Corrections, Keeping
from eakte.services.provisional_files import open_for, site_for
from eakte.services.refusals import DOCUMENT_CHANGED, Refused, attempts_noted
from eakte.services.withdrawals import withdraw_where_kept

PLACE = system_reader("clearing")
CLOSED = "Die Klärung ist für Ihre Rolle nicht offen."
GONE = "Dieses Dokument liegt nicht mehr in der Klärung."
NO_POSTBOX = "Ohne Akte gibt es für dieses Schlagwort keinen Postkorb."


@dataclass(frozen=True, slots=True)
class Clearing:
    """Assigns waiting documents; the receiver follows by the routing rule."""

    database: Database
    schlagworte: Mapping[str, Schlagwort]
    policy: AccessPolicy
    pattern: AktenzeichenPattern
    keeping: Keeping = field(default_factory=Keeping)

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
        check_at_desk(reader)
        if schlagwort not in self.schlagworte:
            raise NotFound(f"Das Schlagwort „{schlagwort}“ gibt es nicht.")
        with attempts_noted(self.database, reader), self.database.write() as session:
            document = self._waiting(session, reader, document_id, version)
            cover = (
                None
                if aktenzeichen is None
                else cover_of(session, reader, self.pattern, aktenzeichen)
            )
            people = people_of(session, document, cover, person_id)
            return self._place(session, reader, document, schlagwort, cover, people)

    def open_provisional(
        self, reader: Reader, document_id: str, version: int, *, schlagwort: str, sender: Sender
    ) -> str:
        """File it in a provisional file of its own: an applicant whom the register does not know.

        Returns the receiving postbox. Raises what ``assign`` does, and ``Unusable`` where the
        name is missing or no site answers for the postcode.
        """
        check_at_desk(reader)
        if schlagwort not in self.schlagworte:
            raise NotFound(f"Das Schlagwort „{schlagwort}“ gibt es nicht.")
        if not (sender.first_name.strip() and sender.last_name.strip()):
            raise Unusable(
                "Für eine vorläufige Akte fehlen Vor- oder Nachname.",
                remedy="Beide so eintragen, wie sie im Antrag stehen.",
            )
        with attempts_noted(self.database, reader), self.database.write() as session:
            document = self._waiting(session, reader, document_id, version)
            site = site_for(session, document, sender.postcode)
            if site is None:
                raise Unusable(
                    f"Für die Postleitzahl „{sender.postcode}“ ist kein Standort zuständig.",
                    remedy="Die Postleitzahl prüfen; stimmt sie, ist eine andere Stelle zuständig.",
                )
            now = self.database.clock.now()
            cover, person_id = open_for(session, reader, document, sender, site=site, now=now)
            return self._place(session, reader, document, schlagwort, cover, [person_id])

    def _place(  # noqa: PLR0917  what is decided, in its order
        self,
        session: EakteSession,
        reader: Reader,
        document: Document,
        schlagwort: str,
        cover: CaseFile | None,
        people: list[str],
    ) -> str:
        """Label, file and deliver it; what the machine suggested otherwise becomes an example."""
        documents = Documents(session)
        remember(session, document, self.database.clock.now())
        document.schlagwort, document.score = schlagwort, 1.0
        document.clearing_reason = None
        documents.set_schlagworte(document, [(schlagwort, ())], reader.login)
        withdraw_where_kept(session, reader, document, self.database.clock)
        delivery = self._delivery(session)
        delivery.file_into(PLACE, document, cover, people)
        main, copies = delivery.receivers(PLACE, document, cover, people)
        if main.postbox == CLEARING and cover is None:
            raise NotPermitted(NO_POSTBOX, remedy="Eine Akte wählen oder das Schlagwort ändern.")
        self._close(session, reader, document)
        AuditLog(session).note(
            reader,
            "document.assign",
            "document",
            document.id,
            details={"schlagwort": schlagwort, "case_file": cover.id if cover else None},
        )
        delivery.deliver(reader, document, main, copies, round_key=new_id())
        corrections = Corrections(session, self.keeping, self.policy.closed_subfiles)
        corrections.schlagwort(reader, document, schlagwort)
        corrections.case_file(reader, document, cover.id if cover else None)
        fact_examples.keep(session, corrections, reader, document)
        Outbox(session).put([document.id], self.database.clock.now())
        return main.postbox

    def take_back(self, reader: Reader, document_id: str) -> None:
        """Undo the reader's own assignment, as long as nobody has looked at the letter.

        Raises ``NotPermitted`` away from the desk, ``NotFound``, ``Conflict`` (says who did what).
        """
        check_at_desk(reader)
        with attempts_noted(self.database, reader), self.database.write() as session:
            document = Documents(session).get(PLACE, document_id, lock=True)
            if document is None or Postboxes(session).cleared_by(PLACE, document_id) is None:
                raise Refused(document_id, GONE, remedy="Die Liste neu laden.")
            now = self.database.clock.now()
            take_back(session, reader, document, self._delivery(session), now)
            corrections = Corrections(session, self.keeping, self.policy.closed_subfiles)
            corrections.forget(reader, document.id, "taken_back")
            Outbox(session).put([document.id], now)

    # -- the pieces -------------------------------------------------------------------------

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
            raise Conflict(DOCUMENT_CHANGED, remedy="Die Liste neu laden.")
        raise Refused(document_id, GONE, remedy="Die Liste neu laden.")

    def _close(self, session: EakteSession, reader: Reader, document: Document) -> None:
        for entry in Postboxes(session).all_open_of(PLACE, document.id):
            if entry.postbox == CLEARING:
                entry.done_at, entry.done_by = self.database.clock.now(), reader.login
                entry.done_how = "assigned"
        session.flush()

    def _delivery(self, session: EakteSession) -> Delivery:
        return Delivery.at(session, self.schlagworte, self.policy, self.database.clock)


def cover_of(
    session: EakteSession, reader: Reader, pattern: AktenzeichenPattern, aktenzeichen: str
) -> CaseFile:
    """The case file of that number, in any spelling, for ``reader`` at the clearing desk.

    Raises ``NotFound``, for a file that excludes the reader as for one that does not exist, and
    ``Unusable`` where several files bore the number once and none does today.
    """
    rows = CaseFiles(session)
    found = [
        cover
        for cover in files_by_number(session, PLACE, pattern, aktenzeichen)
        if not rows.excludes(reader, cover.id)
    ]
    if not found:
        raise NotFound(
            f"Eine Akte „{aktenzeichen.strip()}“ gibt es nicht.",
            remedy="Das Aktenzeichen prüfen oder nach dem Namen suchen.",
        )
    if len(found) > 1 and pattern.key(found[0].aktenzeichen) != pattern.key(aktenzeichen):
        numbers = " und ".join(cover.aktenzeichen for cover in found)
        raise Unusable(
            f"Das Aktenzeichen „{aktenzeichen.strip()}“ trugen früher mehrere Akten: {numbers}.",
            remedy="Das heutige Aktenzeichen der richtigen Akte eingeben.",
        )
    return found[0]


def people_of(
    session: EakteSession, document: Document, cover: CaseFile | None, person_id: str | None
) -> list[str]:
    """Whom it concerns: the person chosen, else what the machine found within this file.

    Raises ``NotFound`` for a person of another file.
    """
    if cover is None:
        return []
    members = {person.id for person, _ in CaseFiles(session).people(PLACE, [cover.id])[cover.id]}
    if person_id is not None:
        if person_id not in members:
            raise NotFound("Diese Person gehört nicht zu der Akte.")
        return [person_id]
    finding = Documents(session).case_finding(PLACE, document.id)
    for candidate in finding.candidates if finding else ():
        if candidate.case_file_id == cover.id:
            return [one for one in candidate.person_ids if one in members]
    return []


def check_at_desk(reader: Reader) -> None:
    """Raises ``NotPermitted`` for everybody to whom the clearing desk is closed."""
    if not reader.at_clearing_desk:
        raise NotPermitted(CLOSED)


def team_or_login_title(session: EakteSession, postbox: str) -> str:
    """The name of a postbox on screen."""
    return box_titles(session, [postbox])[postbox]


def box_titles(session: EakteSession, postboxes: Iterable[str]) -> dict[str, str]:
    """The names of many postboxes on screen, in two questions for all."""
    wanted = set(postboxes)
    organisation = Organisation(session)
    people, teams = organisation.names(wanted), organisation.team_names(wanted)
    named = people | {team: name for team, name in teams.items() if name != team}
    return {box: "Klärung" if box == CLEARING else named[box] for box in wanted}
