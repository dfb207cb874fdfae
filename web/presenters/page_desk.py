"""The page desk as rows of thumbnails."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from eakte.services.page_desk_views import DeskPage, DeskRow, LastChange, PageDeskView
from web.presenters import german
from web.presenters.pages import NO_TEXT, REMOVALS, THUMBNAIL_WIDTH, image_url

CHANGES = {
    "split": "Teilen",
    "merge": "Zusammenfügen",
    "move": "Umordnen",
    "turn": "Drehen",
    "remove": "Entfernen",
    "restore": "Zurückholen",
    "undo": "Rückgängig",
}
NOTICES = {
    "teilen": "Das Dokument ist geteilt.",
    "zusammenfuegen": "Die Dokumente sind zusammengefügt.",
    "rechts": "Nach rechts gedreht.",
    "links": "Nach links gedreht.",
    "entfernen": "Entfernt. Die Seite bleibt am Ende sichtbar.",
    "zurueckholen": "Zurückgeholt.",
    "vor": "Nach vorn gerückt.",
    "nach": "Nach hinten gerückt.",
    "verschieben": "Verschoben.",
    "rueckgaengig": "Zurückgenommen.",
    "wiederholen": "Wiederholt.",
}
READING = "wird neu gelesen"
GIVEN_UP = "nicht neu lesbar"
STATES = {
    "clearing": "in Klärung",
    "delivered": "im Postkorb",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PageCell:
    """A thumbnail; ``mark`` says why it was removed or what else is special about it."""

    id: str
    title: str
    sheet: str
    thumbnail_url: str
    image_url: str
    height: int
    turn: int
    removed: bool
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RowScreen:
    """A document of the stack."""

    id: str
    number: int
    stand: str
    url: str
    title: str
    place: str
    state: str
    count: str
    pages: tuple[PageCell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WayBack:
    """What an undo or a redo would do, and the change that it names."""

    change_id: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskScreen:
    """Everything that the template asks of the desk."""

    url: str
    document_url: str
    source: str
    rows: tuple[RowScreen, ...]
    notice: str
    undo: WayBack | None
    redo: WayBack | None
    rereads: str
    elsewhere: str


def address(document_id: str) -> str:
    """Where the desk of a document is."""
    return f"/dokumente/{quote(document_id)}/seiten"


def screen(view: PageDeskView, *, done: str = "") -> DeskScreen:
    """The desk; ``done`` names the action that was just done."""
    return DeskScreen(
        url=address(view.document_id),
        document_url=f"/dokumente/{quote(view.document_id)}",
        source=view.source_name,
        rows=tuple(_row(row, number) for number, row in enumerate(view.rows, start=1)),
        notice=NOTICES.get(done, ""),
        undo=_way_back(view.undo, "Rückgängig"),
        redo=_way_back(view.redo, "Wiederholen"),
        rereads=german.plural(view.rereads, "Dokument", "Dokumente") if view.rereads else "",
        elsewhere=(
            german.plural(view.elsewhere, "weiteres Dokument", "weitere Dokumente")
            if view.elsewhere
            else ""
        ),
    )


def _row(row: DeskRow, number: int) -> RowScreen:
    return RowScreen(
        id=row.document_id,
        number=number,
        stand=f"{row.document_id}:{row.version}",
        url=f"/dokumente/{quote(row.document_id)}",
        title=row.title,
        place=german.joined((row.aktenzeichen, "; ".join(row.people)), " · "),
        state=STATES.get(row.state, "wird zugeordnet"),
        count=german.plural(row.kept, "Seite", "Seiten"),
        pages=tuple(_cell(row.document_id, page) for page in row.pages),
    )


def _cell(document_id: str, page: DeskPage) -> PageCell:
    return PageCell(
        id=page.page_id,
        title=f"Seite {page.number}" if page.number else "Entfernt",
        sheet=f"Blatt {page.source_page}",
        thumbnail_url=image_url(document_id, page.page_id, "miniatur"),
        image_url=image_url(document_id, page.page_id, "seite"),
        height=round(THUMBNAIL_WIDTH * (page.height_mm or 297.0) / (page.width_mm or 210.0)),
        turn=page.turn,
        removed=page.removed is not None,
        mark=_mark(page),
    )


def _mark(page: DeskPage) -> str:
    """Why it was removed (its title says that it was), or what is special about it."""
    if page.removed:
        return REMOVALS[page.removed]
    if page.waits:
        return READING
    if page.given_up:
        return GIVEN_UP
    if page.kind == "blank":
        return "leer"
    return "" if page.words else NO_TEXT


def _way_back(change: LastChange | None, verb: str) -> WayBack | None:
    if change is None:
        return None
    what = "" if change.action == "undo" else f"{CHANGES.get(change.action, change.action)} "
    return WayBack(
        change_id=change.change_id,
        title=f"{verb}: {what}({change.by}, {german.moment(change.at)})",
    )
