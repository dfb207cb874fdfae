"""What is arriving: the scan centre's live list, and the quarantine with its reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from eakte.domain.rights import Reader, system_reader
from eakte.domain.schlagworte import Schlagwort
from eakte.errors import Conflict, NotFound, NotPermitted
from eakte.models import Document, PostboxEntry, Source
from eakte.ports import BlobStore
from eakte.repositories.audit import AuditLog
from eakte.repositories.database import Database, EakteSession
from eakte.repositories.documents import Documents
from eakte.repositories.postboxes import Postboxes
from eakte.repositories.sources import Sources
from eakte.services.clearing import box_titles
from eakte.services.describing import titles
from eakte.services.views import ArrivalDocument, ArrivalView, ImageView

OPENED_BY = "opened_by"
"""Key of ``sources.given``: who opened what was taken for an envelope."""

OPENED_DOCUMENTS = "opened_documents"
"""The same for documents cut from a stack: who opened them, by id."""

UNOPENED = "unopened"
"""State of a source or document that stays closed; the kind of finding that says for whom."""

MOST = 100
"""As many arrivals as a list shows."""

PLACE = system_reader("arrivals")
NO_ENVELOPE = "Diesen Umschlag gibt es nicht."
OPENED = "Das ist schon geöffnet."
_RELOAD = "Die Seite neu laden."


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Sources on their way, for those at the clearing desk."""

    database: Database
    store: BlobStore
    schlagworte: Mapping[str, Schlagwort]

    def recent(self, reader: Reader, *, state: str | None = None) -> tuple[ArrivalView, ...]:
        """The newest arrivals first; raises ``NotPermitted`` for other roles.

        With ``state`` (quarantined, unopened) those alone, however much arrived since.
        """
        self._check(reader)
        with self.database.read() as session:
            sources = Sources(session)
            rows = sources.recent(reader, MOST, state=state)
            ids = [row.id for row in rows]
            sheets = sources.sheets(reader, ids)
            documents = Documents(session).of_sources(reader, ids)
            every = [one for found in documents.values() for one in found]
            all_ids = [document.id for document, _ in every]
            called = titles(
                session, reader, self.schlagworte, (document for document, open_ in every if open_)
            )
            sites = sources.sites(reader, ids)
            places = Postboxes(session).first_places(reader, all_ids)
            boxes = box_titles(session, (entry.postbox for entry in places.values()))
            return tuple(
                _view(
                    row,
                    sheets.get(row.id, {}),
                    tuple(
                        _document(document, places.get(document.id), boxes, called)
                        for document, _ in documents[row.id]
                    ),
                    sites.get(row.id, ""),
                )
                for row in rows
            )

    def changed(self, reader: Reader) -> str:
        """A token that changes when anything on the list changes."""
        self._check(reader)
        with self.database.read() as session:
            changed = Sources(session).last_change(reader)
            places = Postboxes(session).last_change(reader)
            return f"{changed.timestamp() if changed else 0}|{places}"

    def envelope(self, reader: Reader, closed_id: str) -> ImageView:
        """The picture of an envelope that was not opened; every look is audited.

        ``closed_id`` names the file, or the document of a stack.  Raises ``NotFound`` for
        everything else.
        """
        self._check(reader)
        with self.database.write() as session:
            page = Sources(session).envelope(reader, closed_id)
            if page is None:
                raise NotFound(NO_ENVELOPE)
            kind = "source" if page.source_id == closed_id else "document"
            AuditLog(session).note(reader, f"{kind}.envelope", kind, closed_id)
            sha256, media_type = page.preview_sha256, page.media_type
        return ImageView(data=self.store.read(sha256), media_type=media_type, etag=sha256)

    def open_after_all(self, reader: Reader, closed_id: str, reason: str) -> None:
        """Let what was taken for an envelope go the way of a letter; it is read once more.

        ``closed_id`` names the file, or the document of a stack, whose neighbours stay as they are.

        A worker begins by itself (``Durable.resume_forgotten``).  Raises ``NotPermitted`` for other
        roles, ``NotFound``, ``Conflict`` where it is open already or no ``reason`` is said.
        """
        self._check(reader)
        if not reason.strip():
            raise Conflict("Es fehlt der Grund.", remedy="Bitte angeben, warum geöffnet wird.")
        with self.database.write() as session:
            page = Sources(session).envelope(reader, closed_id)
            if page is None:
                raise NotFound(NO_ENVELOPE)
            if page.source_id == closed_id:
                kind, action = "source", "source.open"
                self._open_source(session, reader, closed_id)
            else:
                kind, action = "document", "document.open_envelope"
                self._open_document(session, reader, closed_id)
            AuditLog(session).note(
                reader, action, kind, closed_id, details={"reason": reason.strip()}
            )

    def _open_source(self, session: EakteSession, reader: Reader, source_id: str) -> None:
        source = Sources(session).read_again(reader, source_id)
        if source is None:
            raise Conflict(OPENED, remedy=_RELOAD)
        source.given = {**source.given, OPENED_BY: reader.login}
        source.state, source.changed_at = "received", self.database.clock.now()
        source.reason_code = source.reason = None

    def _open_document(self, session: EakteSession, reader: Reader, document_id: str) -> None:
        """Back to where it was cut; a worker reads its pages before it asks what they say."""
        document = Documents(session).get(PLACE, document_id, lock=True)
        if document is None or document.state != UNOPENED:
            raise Conflict(OPENED, remedy=_RELOAD)
        source = session.get_one(
            Source, document.source_id, with_for_update=True, populate_existing=True
        )
        opened = {**source.given.get(OPENED_DOCUMENTS, {}), document_id: reader.login}
        source.given = {**source.given, OPENED_DOCUMENTS: opened}
        source.changed_at = self.database.clock.now()
        document.state, document.clearing_reason = "cut", None
        if document.paper_by == "rules":
            document.paper = document.paper_by = None
        Documents(session).keep_findings(document, UNOPENED, (), self.database.clock.now())

    @staticmethod
    def _check(reader: Reader) -> None:
        if not reader.at_clearing_desk:
            raise NotPermitted("Der Posteingang ist nur für die Scanstelle offen.")


def _document(
    document: Document,
    entry: PostboxEntry | None,
    boxes: Mapping[str, str],
    called: Mapping[str, str],
) -> ArrivalDocument:
    """``called`` are the titles of those that the reader may open."""
    return ArrivalDocument(
        document_id=document.id,
        state=document.state,
        schlagwort_title=called.get(document.id, "") if document.schlagwort else "",
        postbox=entry.postbox if entry else None,
        postbox_title=boxes[entry.postbox] if entry else None,
        openable=document.id in called,
        closed=(document.clearing_reason or "") if document.state == UNOPENED else "",
    )


def _view(
    row: Source,
    sheets: Mapping[str, int],
    documents: tuple[ArrivalDocument, ...],
    site: str,
) -> ArrivalView:
    return ArrivalView(
        source_id=row.id,
        name=row.name,
        channel=row.channel,
        arrived_at=row.arrived_at,
        changed_at=row.changed_at,
        received=row.received_here,
        state=row.state,
        page_count=row.page_count,
        pages_done=sum(sheets.values()),
        sheets=sheets,
        reason=row.reason,
        documents=documents,
        site=site,
    )
