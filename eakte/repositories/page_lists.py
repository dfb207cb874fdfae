"""The page desk's rows: the documents of one source, their lists of pages and how they changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from eakte.domain.page_lists import ListedPage, PageList, Removal
from eakte.domain.rights import Reader
from eakte.models import (
    Document,
    DocumentPage,
    DocumentSchlagwort,
    DocumentVersion,
    FindingRow,
    Page,
    PostboxEntry,
    RelevantFunction,
)
from eakte.repositories.current_list import in_current_list
from eakte.repositories.documents import Documents
from eakte.repositories.rights import document_visible


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One action of the desk: the versions that it made, by document id.

    ``undoes`` is the change that an undo or a redo takes back.
    """

    id: str
    action: str
    made_at: datetime
    made_by: str
    undoes: str | None
    versions: dict[str, int]


class PageLists:
    """Reads and writes lists of pages; a new list never replaces an old one."""

    def __init__(self, session: Session) -> None:
        self.session = session

    # -- reading ----------------------------------------------------------------------------

    def of_source(
        self, reader: Reader, source_id: str, *, lock: bool = False
    ) -> Sequence[Document]:
        """Every document ever made of the source that is open to ``reader``, emptied ones too.

        In the order of the source's pages with which they once began.
        """
        first = (
            select(func.min(Page.number))
            .join(DocumentPage, DocumentPage.page_id == Page.id)
            .where(
                DocumentPage.document_id == Document.id,
                DocumentPage.version == 1,  # rows keep their place, whatever wanders between them
            )
            .scalar_subquery()
        )
        if lock:  # always in the same order: two desks must not wait for each other
            self.session.scalars(
                select(Document)
                .where(Document.source_id == source_id, document_visible(reader))
                .order_by(Document.id)
                .with_for_update(of=Document)
                .execution_options(populate_existing=True)
            ).all()
        return self.session.scalars(
            select(Document)
            .where(Document.source_id == source_id, document_visible(reader))
            .order_by(first, Document.created_at, Document.id)
        ).all()

    def current(self, reader: Reader, ids: Iterable[str]) -> dict[str, PageList]:
        """The present lists of those documents that are open to ``reader``."""
        return self._lists(
            reader,
            and_(
                Document.id.in_(list(ids)),
                DocumentPage.version == Document.pages_version,
            ),
            ids,
        )

    def at(self, reader: Reader, document_id: str, version: int) -> PageList:
        """The list that the document had in ``version``; version 0 is empty."""
        found = self._lists(
            reader,
            and_(Document.id == document_id, DocumentPage.version == version),
            [document_id],
        )
        return found[document_id]

    def _lists(
        self, reader: Reader, where: ColumnElement[bool], ids: Iterable[str]
    ) -> dict[str, PageList]:
        rows = self.session.scalars(
            select(DocumentPage)
            .join(Document, Document.id == DocumentPage.document_id)
            .where(where, document_visible(reader))
            .order_by(DocumentPage.document_id, DocumentPage.position)
        )
        found: dict[str, list[ListedPage]] = {one: [] for one in ids}
        for row in rows:
            found[row.document_id].append(_listed(row))
        return {one: tuple(pages) for one, pages in found.items()}

    def pages(self, reader: Reader, ids: Iterable[str]) -> dict[str, Page]:
        """The pages in the present lists of these documents, by page id."""
        rows = self.session.scalars(
            select(Page)
            .join(DocumentPage, DocumentPage.page_id == Page.id)
            .join(Document, in_current_list())
            .where(
                Document.id.in_(list(ids)),
                document_visible(reader),
            )
        )
        return {page.id: page for page in rows}

    def changes(self, reader: Reader, ids: Iterable[str]) -> list[Change]:
        """What the desk did to any of these documents, oldest first, with all that it touched."""
        touching = (
            select(DocumentVersion.change_id)
            .join(Document, Document.id == DocumentVersion.document_id)
            .where(
                DocumentVersion.document_id.in_(list(ids)),
                DocumentVersion.change_id.is_not(None),
                document_visible(reader),
            )
        )
        by_id: dict[str, list[DocumentVersion]] = defaultdict(list)
        for row in self.session.scalars(
            select(DocumentVersion)
            .where(DocumentVersion.change_id.in_(touching))
            .order_by(DocumentVersion.change_id, DocumentVersion.document_id)
        ):
            by_id[row.change_id or ""].append(row)
        return [
            Change(
                id=change_id,
                action=rows[0].action,
                made_at=rows[0].made_at,
                made_by=rows[0].made_by,
                undoes=rows[0].undoes,
                versions={row.document_id: row.number for row in rows},
            )
            for change_id, rows in sorted(by_id.items())
        ]

    def last_change_of_source(self, reader: Reader, source_id: str) -> str | None:
        """The id of the newest change of any document of the source (for the next one's id)."""
        if not reader.is_system:
            return None
        return self.session.scalar(
            select(DocumentVersion.change_id)
            .join(Document, Document.id == DocumentVersion.document_id)
            .where(Document.source_id == source_id, DocumentVersion.change_id.is_not(None))
            .order_by(DocumentVersion.change_id.desc())
            .limit(1)
        )

    def read_as(self, reader: Reader, ids: Iterable[str]) -> dict[str, int]:
        """On which version of its pages each document was read; unread ones are absent."""
        rows = self.session.execute(
            select(FindingRow.document_id, func.max(FindingRow.pages_version))
            .join(Document, Document.id == FindingRow.document_id)
            .where(
                Document.id.in_(list(ids)),
                FindingRow.kind == "schlagwort",
                document_visible(reader),
            )
            .group_by(FindingRow.document_id)
        )
        return dict(rows.all())

    def entries_closed_as(
        self, reader: Reader, document_id: str, how: str
    ) -> Sequence[PostboxEntry]:
        """The postbox entries that were closed together, as ``how``, when that happened last."""
        if not reader.is_system:
            return []
        closed = self.session.scalars(
            select(PostboxEntry)
            .where(PostboxEntry.document_id == document_id, PostboxEntry.done_how == how)
            .order_by(PostboxEntry.done_at.desc())
        ).all()
        return [entry for entry in closed if entry.done_at == closed[0].done_at]

    # -- writing ----------------------------------------------------------------------------

    def write(
        self,
        reader: Reader,
        document: Document,
        pages: PageList,
        *,
        action: str,
        change_id: str,
        undoes: str | None,
        now: datetime,
        first: bool = False,
    ) -> None:
        """A new version of the document's list; ``first``: it has none yet."""
        number = 1 if first else document.pages_version + 1
        self.session.add(
            DocumentVersion(
                document_id=document.id,
                number=number,
                made_at=now,
                made_by=reader.login,
                action=action,
                change_id=change_id,
                undoes=undoes,
            )
        )
        self.session.flush()
        self.session.add_all(
            DocumentPage(
                document_id=document.id,
                version=number,
                position=position,
                page_id=page.page_id,
                turn=page.turn,
                removed=page.removed is not None,
                reason=page.removed,
            )
            for position, page in enumerate(pages, start=1)
        )
        document.pages_version = number
        self.session.flush()

    def add(self, document: Document) -> None:
        """Keep a document that was split off."""
        self.session.add(document)
        self.session.flush()

    def copy_place(
        self, reader: Reader, first: Document, document: Document, now: datetime
    ) -> None:
        """Put ``document`` where ``first`` stands: Schlagworte, people, case file, functions."""
        rows = Documents(self.session)
        self.session.add_all(
            DocumentSchlagwort(
                document_id=document.id,
                schlagwort=label.schlagwort,
                position=label.position,
                pages=[],
                given_by=label.given_by,
            )
            for label in rows.schlagworte(reader, first.id)
        )
        rows.set_people(document, [one.id for one in rows.people(reader, [first.id])[first.id]])
        filings = rows.filings(reader, [first.id])[first.id]
        relevant = self.session.scalars(
            select(RelevantFunction.function).where(RelevantFunction.document_id == first.id)
        ).all()
        place = next(((one.case_file_id, one.sub_file, one.person_id) for one, _ in filings), None)
        rows.set_filing(document, place, relevant, now)


def _listed(row: DocumentPage) -> ListedPage:
    removed = Removal(row.reason) if row.reason else Removal.BLANK
    return ListedPage(page_id=row.page_id, turn=row.turn, removed=removed if row.removed else None)
