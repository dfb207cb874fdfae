"""Seiten ordnen: the page desk.  Every action is a plain form; scripts only make it quick."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Query
from starlette.responses import Response

from eakte.domain.page_lists import Removal
from eakte.errors import NotFound
from eakte.services.page_desk import PageDesk, Pick
from eakte.services.page_desk_views import Done
from web.desk import AtDesk, Desk
from web.presenters import page_desk as presenter
from web.views.postboxes import with_query

router = APIRouter(prefix="/dokumente/{document_id}/seiten")
MAX_PAGES = 5000

Pages = Annotated[list[str], Form(default_factory=list, max_length=MAX_PAGES)]
Stand = Annotated[list[str], Form(default_factory=list, max_length=MAX_PAGES)]
"""The versions of the documents as they were shown: ``id:version``."""
Short = Annotated[str, Form(max_length=64)]
From = Annotated[Literal["", "klaerung"], Form()]
"""Where the pages were picked, if not at the page desk."""

CLEARING = "klaerung"

SIMPLE: dict[str, Callable[[PageDesk, Desk, Pick], Done]] = {
    "teilen": lambda service, desk, pick: service.split(desk.reader, pick),
    "zusammenfuegen": lambda service, desk, pick: service.merge(desk.reader, pick),
    "rechts": lambda service, desk, pick: service.turn(desk.reader, pick, 90),
    "links": lambda service, desk, pick: service.turn(desk.reader, pick, -90),
    "zurueckholen": lambda service, desk, pick: service.restore(desk.reader, pick),
    "vor": lambda service, desk, pick: service.step(desk.reader, pick, -1),
    "nach": lambda service, desk, pick: service.step(desk.reader, pick, 1),
}


@router.get("")
def page_desk(
    desk: AtDesk, document_id: str, erledigt: Annotated[str, Query(max_length=20)] = ""
) -> Response:
    """The documents of the stack as rows of pages."""
    view = desk.services.page_desk.open(desk.reader, document_id)
    return desk.show("page_desk.html", desk=presenter.screen(view, done=erledigt))


@router.post("/entfernen")
def remove(
    desk: AtDesk,
    document_id: str,
    *,
    seite: Pages,
    stand: Stand,
    grund: Annotated[Removal, Form()],
    von: From = "",
) -> Response:
    """Take pages out, for a reason."""
    pick = picked(document_id, seite, stand)
    done = desk.services.page_desk.remove(desk.reader, pick, grund)
    return back(desk, done, "entfernen", von)


@router.post("/verschieben")
def move(
    desk: AtDesk, document_id: str, *, seite: Pages, stand: Stand, ziel: Short, vor: Short = ""
) -> Response:
    """Move pages into the document ``ziel``, before its page ``vor`` or to its end."""
    done = desk.services.page_desk.move(
        desk.reader, picked(document_id, seite, stand), target=ziel, before=vor or None
    )
    return back(desk, done, "verschieben")


@router.post("/rueckgaengig")
def undo(desk: AtDesk, document_id: str, aenderung: Short, von: From = "") -> Response:
    """Take back the last change."""
    done = desk.services.page_desk.undo(desk.reader, document_id, aenderung, read=von == CLEARING)
    return back(desk, done, "rueckgaengig", von)


@router.post("/wiederholen")
def redo(desk: AtDesk, document_id: str, aenderung: Short) -> Response:
    """Do again what was taken back."""
    done = desk.services.page_desk.redo(desk.reader, document_id, aenderung)
    return back(desk, done, "wiederholen")


@router.post("/fertig")
def finish(desk: AtDesk, document_id: str) -> Response:
    """Send on what is to be read and delivered anew; then back to where the work came from."""
    desk.services.page_desk.finish(desk.reader, document_id)
    return desk.go("/klaerung" if desk.reader.at_clearing_desk else "/postkorb")


@router.post("/{action}")
def simple(
    desk: AtDesk, document_id: str, action: str, *, seite: Pages, stand: Stand, von: From = ""
) -> Response:
    """The actions that need nothing but the pages."""
    if action not in SIMPLE:
        raise NotFound("Diese Aktion gibt es nicht.")
    pick = picked(document_id, seite, stand)
    if action == "teilen" and von == CLEARING:
        done = desk.services.page_desk.split(desk.reader, pick, read=True)
    else:
        done = SIMPLE[action](desk.services.page_desk, desk, pick)
    return back(desk, done, action, von, seite[0])


def picked(document_id: str, pages: list[str], stand: list[str]) -> Pick:
    """What the form says; raises ``NotFound`` where no page is chosen."""
    if not pages:
        raise NotFound("Bitte zuerst eine Seite wählen.")
    seen = {}
    for one in stand:
        name, _, version = one.partition(":")
        if version.isdecimal() and len(version) < 10:
            seen[name] = int(version)
    return Pick(document_id=document_id, pages=tuple(pages), seen=seen)


def back(desk: Desk, done: Done, what: str, came_from: str = "", page: str = "") -> Response:
    """To the desk again, saying what was done; where nothing changed there is nothing to say."""
    said = what if done.change_id else ""
    if came_from:
        change = done.change_id if said else ""
        query = {"dokument": done.document_id, "seiten": said, "aenderung": change, "bei": page}
        return desk.go(with_query("/klaerung", **query))
    return desk.go(with_query(presenter.address(done.document_id), erledigt=said))
