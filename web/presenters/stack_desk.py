"""Stacks that wait to be cut, as a list and page by page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from eakte.services.stack_desk import StackPage, StackView, WaitingStack
from web.presenters import german
from web.presenters.pages import NO_TEXT, THUMBNAIL_WIDTH

KINDS = {"blank": "leer", "separator": "Trennblatt", "cover": "Deckblatt"}


@dataclass(frozen=True, slots=True, kw_only=True)
class StackRow:
    """A stack in the list."""

    name: str
    url: str
    received: str
    pages: str
    open: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StackCell:
    """A page; ``score`` is empty where no cut before it was proposed; ``cut``: ja, nein, empty.

    ``own_sheet``: a separator, where it is divided anyway.
    """

    id: str
    number: int
    mark: str
    thumbnail_url: str
    image_url: str
    height: int
    score: str
    reasons: tuple[str, ...]
    cut: str
    own_sheet: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StackScreen:
    """Everything that the template asks of a stack."""

    url: str
    name: str
    received: str
    count: str
    open: int
    pages: tuple[StackCell, ...]


def address(source_id: str) -> str:
    """Where the stack is cut."""
    return f"/klaerung/stapel/{quote(source_id)}"


def rows(stacks: Iterable[WaitingStack]) -> tuple[StackRow, ...]:
    """The list in the order of the service."""
    return tuple(
        StackRow(
            name=one.name,
            url=address(one.source_id),
            received=german.weekday(one.received),
            pages=german.plural(one.pages, "Seite", "Seiten"),
            open=german.plural(one.open, "Vorschlag", "Vorschläge"),
        )
        for one in stacks
    )


def screen(view: StackView) -> StackScreen:
    """The stack page by page."""
    base = address(view.source_id)
    return StackScreen(
        url=base,
        name=view.name,
        received=german.weekday(view.received),
        count=german.plural(len(view.pages), "Seite", "Seiten"),
        open=sum(page.proposal is not None and page.cut is None for page in view.pages),
        pages=tuple(_cell(base, page) for page in view.pages),
    )


def _cell(base: str, page: StackPage) -> StackCell:
    pictures = f"{base}/bilder/{quote(page.page_id)}"
    return StackCell(
        id=page.page_id,
        number=page.number,
        mark=KINDS.get(page.kind, "" if page.words else NO_TEXT),
        thumbnail_url=f"{pictures}/miniatur",
        image_url=f"{pictures}/seite",
        height=round(THUMBNAIL_WIDTH * (page.height_mm or 297.0) / (page.width_mm or 210.0)),
        score="" if page.proposal is None else german.percent(page.proposal),
        reasons=page.reasons,
        cut={True: "ja", False: "nein", None: ""}[page.cut],
        own_sheet=page.kind == "separator",
    )
