"""What a list of hits tells of each document, many at a time and in few statements.

The index may lag behind a right that was just taken away; here the database has the last word.
"""

from __future__ import annotations

import json
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from eakte.domain.rights import Reader
from eakte.language.snippets import PlainPage
from eakte.models import (
    CaseFile,
    Document,
    DocumentPage,
    DocumentPerson,
    Filing,
    PageWords,
    PersonRow,
    PostboxEntry,
)
from eakte.repositories.current_list import in_current_list
from eakte.repositories.rights import document_visible, filing_visible, place_visible

MOST_PAGES = 60
"""Pages of one document that are looked at for a snippet."""
_PAGES_KEPT = 512
"""Pages whose words stay at hand: whoever goes on typing asks for the same again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundDocument:
    """A document that is open to the reader, with its first kept pages.

    ``aktenzeichen`` and ``sub_file`` are those of the first filing that is open itself; of what
    only a postbox opens, those of the first case file whose cover is open.
    """

    id: str
    schlagwort: str | None
    received: date
    created_at: datetime
    aktenzeichen: str | None
    sub_file: str | None
    people: tuple[str, ...]
    page_count: int
    pages: tuple[PlainPage, ...]


class _Place(NamedTuple):
    aktenzeichen: str
    sub_file: str


class Found:
    """Documents that an engine named, as far as a reader may open them."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def documents(
        self, reader: Reader, ids: Sequence[str], *, with_words: bool = True
    ) -> dict[str, FoundDocument]:
        """Those of ``ids`` that are open to ``reader``; five statements, however many there are."""
        rows = self.session.execute(
            select(
                Document.id, Document.schlagwort, Document.received_here, Document.created_at
            ).where(Document.id.in_(ids), document_visible(reader))
        ).all()
        visible = [row.id for row in rows]
        pages = self._pages(visible)
        wanted = [page for listed in pages.values() for page in listed[:MOST_PAGES]]
        words = self._words(wanted) if with_words else {}
        places, people = self._places(reader, visible), self._people(visible)
        return {
            row.id: FoundDocument(
                id=row.id,
                schlagwort=row.schlagwort,
                received=row.received_here,
                created_at=row.created_at,
                aktenzeichen=places[row.id].aktenzeichen if row.id in places else None,
                sub_file=places[row.id].sub_file if row.id in places else None,
                people=tuple(people[row.id]),
                page_count=len(pages[row.id]),
                pages=tuple(words.get(page, NO_WORDS) for page in pages[row.id][:MOST_PAGES]),
            )
            for row in rows
        }

    def visible(self, reader: Reader, ids: Iterable[str]) -> dict[str, datetime]:
        """Those of ``ids`` that are open to ``reader``, and when they came to the desks.

        That is their first delivery (of what was never delivered its filing): a document may have
        been made days before, and have waited at the clearing desk.
        """
        to_a_desk = or_(PostboxEntry.login.is_not(None), PostboxEntry.team_id.is_not(None))
        delivered = select(func.min(PostboxEntry.arrived_at)).where(
            PostboxEntry.document_id == Document.id, to_a_desk
        )
        filed = select(func.min(Filing.filed_at)).where(Filing.document_id == Document.id)
        rows = self.session.execute(
            select(
                Document.id,
                Document.created_at,
                func.coalesce(
                    delivered.scalar_subquery(), filed.scalar_subquery(), Document.created_at
                ),
            ).where(Document.id.in_(list(ids)), document_visible(reader))
        )
        return {row: max(made, came) for row, made, came in rows}

    # Of documents that are known to be open.

    def _pages(self, ids: Sequence[str]) -> Mapping[str, list[str]]:
        answer: dict[str, list[str]] = defaultdict(list)
        for document_id, page_id in self.session.execute(
            select(DocumentPage.document_id, DocumentPage.page_id)
            .join(Document, in_current_list())
            .where(Document.id.in_(ids), ~DocumentPage.removed)
            .order_by(DocumentPage.document_id, DocumentPage.position)
        ):
            answer[document_id].append(page_id)
        return answer

    def _words(self, page_ids: Sequence[str]) -> dict[str, PlainPage]:
        rows = self.session.execute(
            select(PageWords.page_id, PageWords.words).where(PageWords.page_id.in_(page_ids))
        )
        return {page_id: _plain(bytes(blob)) for page_id, blob in rows}

    def _places(self, reader: Reader, ids: Sequence[str]) -> dict[str, _Place]:
        answer: dict[str, _Place] = {}
        for document_id, aktenzeichen, sub_file in self.session.execute(
            select(Filing.document_id, CaseFile.aktenzeichen, Filing.sub_file)
            .join(CaseFile, CaseFile.id == Filing.case_file_id)
            .join(Document, Document.id == Filing.document_id)
            .where(Document.id.in_(ids), place_visible(reader))
            .order_by(
                case((filing_visible(reader), 0), else_=1),
                case((Filing.sub_file.in_(sorted(reader.closed_subfiles)), 1), else_=0),
                Filing.filed_at,
                Filing.id,
            )
        ):
            answer.setdefault(document_id, _Place(aktenzeichen, sub_file))
        return answer

    def _people(self, ids: Sequence[str]) -> Mapping[str, list[str]]:
        answer: dict[str, list[str]] = defaultdict(list)
        for document_id, last_name, first_name in self.session.execute(
            select(DocumentPerson.document_id, PersonRow.last_name, PersonRow.first_name)
            .join(PersonRow, PersonRow.id == DocumentPerson.person_id)
            .where(DocumentPerson.document_id.in_(ids))
            .order_by(PersonRow.last_name, PersonRow.first_name)
        ):
            answer[document_id].append(f"{last_name}, {first_name}")
        return answer


NO_WORDS = PlainPage()


@lru_cache(maxsize=_PAGES_KEPT)
def _plain(blob: bytes) -> PlainPage:
    """The words of a page as ``codec.pack_words`` keeps them, without their boxes."""
    rows = json.loads(zlib.decompress(blob))
    return PlainPage([row[0] for row in rows], [row[5] for row in rows], [row[6] for row in rows])
