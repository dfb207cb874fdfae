"""What a clerk at the clearing desk looks up before deciding; who else is at the same letter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from eakte.domain.rights import CLEARING, AccessPolicy, Reader
from eakte.domain.schlagworte import Schlagwort
from eakte.errors import NotFound, Unusable
from eakte.language.aktenzeichen import AktenzeichenPattern
from eakte.models import CaseFile, Membership, PersonRow
from eakte.repositories.case_files import CaseFiles
from eakte.repositories.database import Database, EakteSession
from eakte.repositories.desk_looks import DeskLooks
from eakte.repositories.documents import Documents
from eakte.repositories.organisation import Organisation
from eakte.repositories.postboxes import Postboxes
from eakte.repositories.rights import UNDELIVERED
from eakte.services.by_number import by_number
from eakte.services.clearing import (
    GONE,
    NO_POSTBOX,
    PLACE,
    check_at_desk,
    cover_of,
    people_of,
    team_or_login_title,
)
from eakte.services.clearing_undo import can_take_back
from eakte.services.clearing_views import (
    Assigned,
    GoneFromDesk,
    LookView,
    PreviewView,
    ReceiverView,
    RegisterHit,
)
from eakte.services.delivery import Delivery
from eakte.services.describing import titles
from eakte.services.desk_presence import LOOK_LASTS, look_at, look_views
from eakte.services.documents import case_file_ref, person_view, ref_of
from eakte.services.page_changes import MERGED
from eakte.services.refusals import Refused, attempts_noted, open_document
from eakte.services.routing import Receiver
from eakte.services.views import CaseFileRef

PROTECTED = "eine Person, die für die geschützte Akte benannt ist"


@dataclass(frozen=True, slots=True)
class ClearingDesk:
    """Answers for the desk alone; nothing here changes a document."""

    database: Database
    schlagworte: Mapping[str, Schlagwort]
    policy: AccessPolicy
    pattern: AktenzeichenPattern

    def preview(
        self,
        reader: Reader,
        document_id: str,
        *,
        schlagwort: str,
        aktenzeichen: str | None,
        person_id: str | None = None,
    ) -> PreviewView:
        """Who would get a waiting document by the routing rule; changes nothing.

        Raises ``NotPermitted`` away from the desk and ``NotFound`` for a document that does not
        lie there; an unknown file or Schlagwort is told in the answer.
        """
        check_at_desk(reader)
        with attempts_noted(self.database, reader), self.database.read() as session:
            document = Documents(session).get(reader, document_id)
            if document is None or document.state != "clearing":
                raise Refused(document_id, GONE, remedy="Die Liste neu laden.")
            if schlagwort not in self.schlagworte:
                return PreviewView(main=None, problem="Zuerst ein Schlagwort wählen.")
            try:
                cover = (
                    None
                    if aktenzeichen is None
                    else cover_of(session, reader, self.pattern, aktenzeichen)
                )
                people = people_of(session, document, cover, person_id)
            except (NotFound, Unusable) as error:
                return PreviewView(main=None, problem=error.message)
            main, copies = self._delivery(session).receivers_under(PLACE, schlagwort, cover, people)
            if cover is None:
                if main.postbox == CLEARING:
                    return PreviewView(main=None, problem=NO_POSTBOX)
                return PreviewView(main=_receiver(session, main))
            if cover.protected:
                return PreviewView(
                    main=ReceiverView(postbox="", title=PROTECTED),
                    ref=case_file_ref(session, PLACE, cover.id),
                )
            members = CaseFiles(session).people(PLACE, [cover.id])[cover.id]
            return PreviewView(
                main=_receiver(session, main),
                copies=tuple(_receiver(session, one) for one in copies),
                people=tuple(
                    person_view(person, applicant=member.applicant) for person, member in members
                ),
                person_ids=tuple(people),
                ref=case_file_ref(session, PLACE, cover.id),
            )

    def search(self, reader: Reader, text: str, limit: int = 8) -> tuple[RegisterHit, ...]:
        """Case files by name, number, birth date or address, while one types.

        Protected files only by their whole number; never files that exclude the reader. Raises
        ``NotPermitted`` away from the desk.
        """
        check_at_desk(reader)
        if len(text.strip()) < 2:
            return ()
        keys = {number.value for number in self.pattern.find(text)}
        with self.database.read() as session:
            rows = CaseFiles(session)
            # Hidden ones must not leave the list empty where others fit as well.
            covers = [
                cover
                for cover in rows.find(PLACE, text, keys, 2 * limit, without=reader.login)
                if not cover.protected or self.pattern.normalise(cover.aktenzeichen) in keys
            ]
            shown = covers[:limit]
            people = rows.people(PLACE, [cover.id for cover in shown])
            return tuple(_hit(cover, people[cover.id]) for cover in shown)

    def refs(self, reader: Reader, numbers: Iterable[str]) -> dict[str, CaseFileRef]:
        """Whose these case files are, by number: the candidates of a waiting document.

        Raises ``NotPermitted`` away from the desk; files that exclude the reader are left out.
        """
        check_at_desk(reader)
        with self.database.read() as session:
            rows, answer = CaseFiles(session), {}
            for number in dict.fromkeys(numbers):
                cover = by_number(session, PLACE, self.pattern, number)
                if cover is not None and not rows.excludes(reader, cover.id):
                    ref = case_file_ref(session, PLACE, cover.id)
                    if ref is not None:
                        answer[number] = ref
            return answer

    def is_being_read(self, reader: Reader, document_id: str) -> bool:
        """Whether the machine still reads a document that was split at the desk.

        Raises ``NotFound`` for one that does not lie there.
        """
        check_at_desk(reader)
        with attempts_noted(self.database, reader), self.database.read() as session:
            document = open_document(
                session, reader, document_id, gone=GONE, remedy="Die Liste neu laden."
            )
            return document.state in UNDELIVERED

    def page_ids(self, reader: Reader, document_id: str) -> tuple[str, ...]:
        """The kept pages of a waiting document, so that the screen may fetch them ahead."""
        check_at_desk(reader)
        with self.database.read() as session:
            return tuple(Documents(session).kept_page_ids(reader, [document_id])[document_id])

    def assigned(self, reader: Reader, document_id: str) -> Assigned | None:
        """What the reader just assigned, and where it went, while they can take it back.

        None afterwards, and where somebody else did it: what it is called then is no business of
        the desk.
        """
        check_at_desk(reader)
        with self.database.read() as session:
            document = Documents(session).get(PLACE, document_id)
            if (
                document is None
                or document.state == "clearing"
                or Postboxes(session).cleared_by(PLACE, document_id) != reader.login
                or not can_take_back(session, reader, document_id, self.database.clock.now())
            ):
                return None
            lying = [
                one for one in Postboxes(session).all_open_of(PLACE, document_id) if not one.copy
            ]
            called = titles(session, PLACE, self.schlagworte, [document])[document_id]
            filings = Documents(session).filings(PLACE, [document_id])[document_id]
            hidden = any(cover.protected for _, cover in filings)
            title = PROTECTED if hidden else ""
            if lying and not hidden:
                title = team_or_login_title(session, lying[0].postbox)
            return Assigned(document_id=document_id, postbox=title, title=called)

    def gone(self, reader: Reader, document_id: str) -> GoneFromDesk | None:
        """What became of a letter that lay here (somebody went back in the browser).

        None for what lies here, never did, or went into a file that excludes the reader.
        """
        check_at_desk(reader)
        with self.database.read() as session:
            document = Documents(session).get(PLACE, document_id)
            if document is not None and document.state == MERGED:
                heir = Documents(session).get(reader, document.merged_into or "")
                return GoneFromDesk(name="", own=None, joined=True) if heir is not None else None
            by = Postboxes(session).cleared_by(PLACE, document_id)
            if document is None or by is None or document.state == CLEARING:
                return None
            filings = Documents(session).filings(PLACE, [document_id])[document_id]
            rows = CaseFiles(session)
            if any(rows.excludes(reader, cover.id) for _, cover in filings):
                return None
            name = Organisation(session).names([by])[by]
        own = self.assigned(reader, document_id)
        return GoneFromDesk(name=name, own=own, mine=by == reader.login)

    def look(self, reader: Reader, document_id: str) -> None:
        """Tell colleagues at the desk that the reader has this document before them."""
        check_at_desk(reader)
        look_at(self.database, reader, document_id, GONE)

    def looks(self, reader: Reader) -> dict[str, LookView]:
        """By document: who else has it before them now, the first of several."""
        if not reader.at_clearing_desk:
            return {}
        with self.database.read() as session:
            since = self.database.clock.now() - LOOK_LASTS
            return look_views(session, DeskLooks(session).of_others(reader, since))

    def _delivery(self, session: EakteSession) -> Delivery:
        return Delivery.at(session, self.schlagworte, self.policy, self.database.clock)


def _receiver(session: EakteSession, receiver: Receiver) -> ReceiverView:
    names = Organisation(session).names([receiver.deputy_for or ""])
    return ReceiverView(
        postbox=receiver.postbox,
        title=team_or_login_title(session, receiver.postbox),
        deputy_for=names[receiver.deputy_for] if receiver.deputy_for else None,
    )


def _hit(cover: CaseFile, people: list[tuple[PersonRow, Membership]]) -> RegisterHit:
    return RegisterHit(
        ref=ref_of(cover, people),
        people=tuple(person_view(one, applicant=member.applicant) for one, member in people),
        address=", ".join(filter(None, (cover.street, f"{cover.postcode} {cover.city}".strip()))),
        closed=cover.closed,
    )
