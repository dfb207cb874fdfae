"""What the page desk shows: the documents of one stack as rows of pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from eakte.domain.page_lists import PageList, Removal
from eakte.domain.rights import Reader
from eakte.domain.schlagworte import Schlagwort
from eakte.models import Page
from eakte.repositories.database import EakteSession
from eakte.repositories.documents import Documents
from eakte.repositories.organisation import Organisation
from eakte.repositories.page_lists import Change, PageLists
from eakte.services.describing import listed_names, number_of, titles
from eakte.services.page_changes import GIVEN_UP
from eakte.services.page_desk_stack import Stack, is_for_the_machine


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskPage:
    """A page on the desk; ``number`` from 1 over the kept pages, None for a removed one.

    ``kind`` is what it is on paper (page, blank, cover), ``words`` how many were read on it.
    ``waits``: it was turned and is being read again; ``given_up``: that failed.
    """

    page_id: str
    number: int | None
    source_page: int
    turn: int
    removed: Removal | None
    kind: str
    words: int
    waits: bool
    given_up: bool
    width_mm: float
    height_mm: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskRow:
    """A document on the desk; ``version`` goes back with every action. Removed pages come last."""

    document_id: str
    version: int
    state: str
    title: str
    aktenzeichen: str | None
    people: tuple[str, ...]
    pages: tuple[DeskPage, ...]

    @property
    def kept(self) -> int:
        """How many pages it has, the removed ones left out."""
        return sum(page.removed is None for page in self.pages)


@dataclass(frozen=True, slots=True, kw_only=True)
class LastChange:
    """A change that can be taken back (or, of an undo, done again)."""

    change_id: str
    action: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PageDeskView:
    """The desk for one reader.

    ``document_id`` is the document that it was opened for, or the one that took its pages.
    ``rereads`` documents would be read and delivered anew by „Fertig“; ``elsewhere`` further ones
    of the same source lie on other desks (told to the scan centre only).
    """

    document_id: str
    source_name: str
    rows: tuple[DeskRow, ...]
    undo: LastChange | None
    redo: LastChange | None
    rereads: int
    elsewhere: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """An action that was done: where to go on, and what an undo would take back."""

    document_id: str
    change_id: str | None


def view_of(
    session: EakteSession, reader: Reader, stack: Stack, schlagworte: Mapping[str, Schlagwort]
) -> PageDeskView:
    """The stack as it stands now."""
    rows, lists = Documents(session), PageLists(session)
    pages = lists.pages(reader, stack.desk)
    people = rows.people(reader, stack.desk)
    filings = rows.filings(reader, stack.desk)
    read_as = lists.read_as(reader, stack.desk)
    source = rows.source(reader, stack.document_id)
    others = rows.of_sources(reader, [stack.source_id])[stack.source_id]
    desk_rows = []
    called = titles(session, reader, schlagworte, (held.document for held in stack.desk.values()))
    for one, held in stack.desk.items():
        desk_rows.append(
            DeskRow(
                document_id=one,
                version=held.document.version,
                state=held.document.state,
                title=called[one],
                aktenzeichen=number_of(filings[one]),
                people=listed_names(people[one]),
                pages=_desk_pages(stack.lists[one], pages),
            )
        )
    return PageDeskView(
        document_id=stack.document_id,
        source_name=source.name if source else "",
        rows=tuple(desk_rows),
        undo=_last(session, stack.undo),
        redo=_last(session, stack.redo),
        rereads=sum(is_for_the_machine(session, held, read_as) for held in stack.desk.values()),
        elsewhere=sum(document.id not in stack.desk for document, _ in others),
    )


def _desk_pages(listed: PageList, pages: Mapping[str, Page]) -> tuple[DeskPage, ...]:
    shown: list[DeskPage] = []
    aside: list[DeskPage] = []
    number = 0
    for one in listed:
        page = pages[one.page_id]
        number += one.removed is None
        made = DeskPage(
            page_id=one.page_id,
            number=number if one.removed is None else None,
            source_page=page.number,
            turn=one.turn,
            removed=one.removed,
            kind=page.kind,
            words=page.word_count,
            waits=page.asked_turn is not None,
            given_up=any(remark["code"] == GIVEN_UP.code for remark in page.remarks),
            width_mm=page.width_mm,
            height_mm=page.height_mm,
        )
        (aside if one.removed else shown).append(made)
    return (*shown, *aside)


def _last(session: EakteSession, change: Change | None) -> LastChange | None:
    if change is None:
        return None
    name = Organisation(session).names([change.made_by])[change.made_by]
    return LastChange(change_id=change.id, action=change.action, by=name, at=change.made_at)
