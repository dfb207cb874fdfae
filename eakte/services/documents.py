"""Opening a document: its head, pages, words and images.  Opening leaves a trace."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from eakte.domain.findings import CaseFileFinding
from eakte.domain.page_lists import Removal
from eakte.domain.pages import PageText, Word
from eakte.domain.rights import CLEARING, Reader
from eakte.domain.schlagworte import Schlagwort
from eakte.errors import NotFound
from eakte.models import CaseFile, Document, Membership, PersonRow, Source
from eakte.ports import BlobStore
from eakte.repositories.audit import AuditLog
from eakte.repositories.case_files import CaseFiles
from eakte.repositories.database import Database, EakteSession
from eakte.repositories.documents import Documents as DocumentRows
from eakte.repositories.facts import Facts as FactRows
from eakte.repositories.organisation import Organisation
from eakte.repositories.postboxes import Postboxes as PostboxRows
from eakte.repositories.sources import Sources
from eakte.services.annotations import annotation_views
from eakte.services.daily_trace import leave_trace
from eakte.services.describing import titles, twin_views
from eakte.services.facts import vorgang_view
from eakte.services.postbox_lines import entry_views
from eakte.services.postboxes import may_take_up
from eakte.services.receipt import may_set_receipt, set_receipt
from eakte.services.refusals import PAGE_GONE, Refused, attempts_noted, kept_page, open_document
from eakte.services.views import (
    CaseFileRef,
    DocumentView,
    HistoryRow,
    ImageView,
    PageView,
    PersonView,
    SchlagwortView,
)


@dataclass(frozen=True, slots=True)
class Documents:
    """Reading one document, within rights; unknown and forbidden answer alike."""

    database: Database
    store: BlobStore
    schlagworte: Mapping[str, Schlagwort]

    def open(self, reader: Reader, document_id: str) -> DocumentView:
        """The document's head and page list; writes one audit row.

        Read first, then noted, and given out after that: writers wait for each other, and putting
        a screen together takes ten times as long as the row.  What somebody changed between the
        two is read again beside the row: a Fehlablage in between would not tell of this look.
        Raises ``NotFound`` where it is unknown or not open to ``reader``; that attempt is audited
        as well.
        """
        with attempts_noted(self.database, reader):
            with self.database.read() as session:
                document = open_document(session, reader, document_id)
                view = self._view(session, reader, document)
                for_whom = self._for_whom(session, reader, document.id)
            with self.database.write() as session:
                document = open_document(session, reader, document_id, lock=True)
                if document.version != view.version:
                    view = self._view(session, reader, document)
                    for_whom = self._for_whom(session, reader, document.id)
                AuditLog(session).note(
                    reader, "document.open", "document", view.id, on_behalf_of=for_whom
                )
            return view

    def set_receipt(
        self, reader: Reader, document_id: str, version: int, day: date, *, here: bool
    ) -> None:
        """Change the day of receipt here, or at another authority; audited.

        Raises ``NotFound``, ``NotPermitted``, ``Conflict`` or ``Unusable`` (``services/receipt``).
        """
        with attempts_noted(self.database, reader), self.database.write() as session:
            document = open_document(session, reader, document_id, lock=True)
            set_receipt(self.database, session, reader, document, version, day, here=here)

    def words(self, reader: Reader, document_id: str, number: int) -> tuple[Word, ...]:
        """The words of kept page ``number`` (from 1), for the viewer's text layer."""
        with attempts_noted(self.database, reader), self.database.read() as session:
            open_document(session, reader, document_id)
            page_id = kept_page(session, reader, document_id, number)
            words = Sources(session).words(reader, page_id) or ()
        leave_trace(self.database, reader, "document.open", "document", document_id)
        return words

    def place_of_page(self, reader: Reader, page_id: str) -> tuple[str, int]:
        """The document in which the page stands now, and its number there (from 1; removed: 1).

        Raises ``NotFound`` where it is unknown or in no document open to ``reader``; that attempt
        is audited.
        """
        with attempts_noted(self.database, reader), self.database.read() as session:
            rows = DocumentRows(session)
            document_id = rows.holding(reader, page_id)
            if document_id is None:
                raise Refused(page_id)
            kept = rows.kept_page_ids(reader, [document_id])[document_id]
        return document_id, kept.index(page_id) + 1 if page_id in kept else 1

    def texts(self, reader: Reader, document_id: str) -> tuple[PageText, ...]:
        """The text of every kept page in order; audited (``eakte text``)."""
        with attempts_noted(self.database, reader), self.database.write() as session:
            document = open_document(session, reader, document_id)
            ids = DocumentRows(session).kept_page_ids(reader, [document.id])[document.id]
            texts = Sources(session).texts(reader, ids)
            AuditLog(session).note(reader, "document.text", "document", document.id)
        return tuple(texts[page_id] for page_id in ids)

    def image(
        self, reader: Reader, document_id: str, page_id: str, *, thumbnail: bool = False
    ) -> ImageView:
        """The picture of a page of the document, a removed page's too."""
        with attempts_noted(self.database, reader), self.database.read() as session:
            page = DocumentRows(session).page(reader, document_id, page_id)
            if page is None:
                open_document(session, reader, document_id)
                raise NotFound(PAGE_GONE)
            sha256 = page.thumbnail_sha256 if thumbnail else page.preview_sha256
            media_type = page.media_type
        leave_trace(self.database, reader, "document.open", "document", document_id)
        return ImageView(data=self.store.read(sha256), media_type=media_type, etag=sha256)

    # -- the pieces -------------------------------------------------------------------------

    @staticmethod
    def _for_whom(session: EakteSession, reader: Reader, document_id: str) -> str | None:
        """The absent one whose post a deputy opens."""
        absent = {login for login, _ in reader.standing_in_for}
        for entry in PostboxRows(session).open_for_document(reader, document_id):
            if entry.login in absent:
                return entry.login
            if entry.deputy_for in absent:
                return entry.deputy_for
        return None

    def _view(self, session: EakteSession, reader: Reader, document: Document) -> DocumentView:
        rows, organisation = DocumentRows(session), Organisation(session)
        filings = rows.filings(reader, [document.id])[document.id]
        source = rows.source(reader, document.id)
        entries = PostboxRows(session).open_for_document(reader, document.id)
        places = PostboxRows(session).places(reader, [document.id]).get(document.id, [])
        vorgang, vorgaenge = vorgang_view(session, reader, self.schlagworte, document)
        pages = _pages(rows, reader, document.id)
        numbers = {page.page_id: page.number for page in pages if page.number is not None}
        return DocumentView(
            id=document.id,
            version=document.version,
            state=document.state,
            title=titles(session, reader, self.schlagworte, [document])[document.id],
            received=document.received_here,
            received_elsewhere=document.received_elsewhere,
            source_name=source.name if source else "",
            channel=source.channel if source else "",
            case_file=case_file_ref(session, reader, filings[0][1].id) if filings else None,
            sub_file=filings[0][0].sub_file if filings else None,
            people=tuple(
                person_view(one) for one in rows.people(reader, [document.id])[document.id]
            ),
            schlagworte=self._schlagworte(rows, reader, document.id),
            findings=rows.schlagwort_findings(reader, document.id),
            case_finding=_case_finding(rows, reader, document.id),
            deadlines=rows.deadlines(reader, document.id),
            clearing_reason=document.clearing_reason if reader.at_clearing_desk else None,
            pages=pages,
            annotations=annotation_views(session, reader, document.id, numbers),
            entries=entry_views(
                session, reader, self.schlagworte, [(entry, document) for entry in entries]
            ),
            lies_with=_place_names(organisation, places),
            filed_at=document.filed_at,
            filed_by=organisation.names([document.filed_by])[document.filed_by]
            if document.filed_by
            else None,
            has_archive_copy=bool(source and source.archive_sha256),
            may_take_up=may_take_up(reader, document.state),
            history=_history(session, reader, document.id),
            form=source.form if source else "paper",
            stamps=rows.receipts(reader, document.id),
            may_set_receipt=may_set_receipt(session, reader, document),
            twins=twin_views(session, reader, self.schlagworte, [document.id]).get(document.id, ()),
            signature=_signature(source),
            given_title=rows.given_titles(reader, [document.id]).get(document.id, ""),
            facts=FactRows(session).of_document(reader, document.id),
            vorgang=vorgang,
            vorgaenge=vorgaenge,
        )

    def _schlagworte(
        self, rows: DocumentRows, reader: Reader, document_id: str
    ) -> tuple[SchlagwortView, ...]:
        return tuple(
            SchlagwortView(
                id=row.schlagwort,
                title=self.schlagworte[row.schlagwort].title
                if row.schlagwort in self.schlagworte
                else row.schlagwort,
                position=row.position,
                pages=tuple(row.pages),
                given_by=row.given_by,
            )
            for row in rows.schlagworte(reader, document_id)
        )


def _case_finding(rows: DocumentRows, reader: Reader, document_id: str) -> CaseFileFinding | None:
    """Whose it was thought to be.

    The candidates that were not chosen are other people's data: only the clearing desk sees them.
    """
    found = rows.case_finding(reader, document_id)
    if found is None or reader.at_clearing_desk:
        return found
    candidates = () if found.chosen is None else (found.chosen,)
    return replace(found, candidates=candidates, reason="")


def _pages(rows: DocumentRows, reader: Reader, document_id: str) -> tuple[PageView, ...]:
    views, number = [], 0
    for listed, page in rows.pages(reader, document_id):
        number += not listed.removed
        views.append(
            PageView(
                number=None if listed.removed else number,
                page_id=page.id,
                width_mm=page.width_mm,
                height_mm=page.height_mm,
                turn=listed.turn,
                removed=listed.removed,
                text_source=page.text_source,
                confidence=page.confidence,
                source_page=page.number,
                reason=Removal(listed.reason or Removal.BLANK) if listed.removed else None,
            )
        )
    return tuple(views)


def _signature(source: Source | None) -> str:
    """What the signature report of a court's message said: valid, invalid, unknown; else ""."""
    court = source.given.get("court") if source is not None else None
    return str(court["signature"]["result"]) if court else ""


def _place_names(organisation: Organisation, places: list[str]) -> tuple[str, ...]:
    names = organisation.names(places) | {
        team: name for team, name in organisation.team_names(places).items() if name != team
    }
    return tuple("Klärung" if place == CLEARING else names[place] for place in places)


def _history(session: EakteSession, reader: Reader, document_id: str) -> tuple[HistoryRow, ...]:
    rows = AuditLog(session).of_document(reader, document_id)
    logins = {row.actor for row in rows} | {row.on_behalf_of or "" for row in rows}
    names = Organisation(session).names(logins)
    return tuple(
        HistoryRow(
            at=row.at,
            actor=row.actor,
            actor_name="System" if row.actor.startswith("system:") else names[row.actor],
            on_behalf_of=names[row.on_behalf_of] if row.on_behalf_of else None,
            action=row.action,
            details=row.details,
        )
        for row in rows
    )


def person_view(person: PersonRow, *, applicant: bool = False) -> PersonView:
    """A person in a head or a list."""
    return PersonView(
        id=person.id,
        first_name=person.first_name,
        last_name=person.last_name,
        birth_date=person.birth_date,
        customer_number=person.customer_number,
        applicant=applicant,
    )


def case_file_ref(session: Session, reader: Reader, case_file_id: str) -> CaseFileRef | None:
    """Enough of a case file to name and to link it; None where it is not open to the reader."""
    case_files = CaseFiles(session)
    cover = case_files.get(reader, case_file_id)
    if cover is None:
        return None
    return ref_of(cover, case_files.people(reader, [cover.id])[cover.id])


def ref_of(cover: CaseFile, people: Iterable[tuple[PersonRow, Membership]]) -> CaseFileRef:
    """The case file, called after its applicant; ``people`` are its members."""
    applicant = next((person for person, member in people if member.applicant), None)
    return CaseFileRef(
        id=cover.id,
        aktenzeichen=cover.aktenzeichen,
        provisional=cover.provisional,
        protected=cover.protected,
        title=f"{applicant.last_name}, {applicant.first_name}" if applicant else "",
    )
