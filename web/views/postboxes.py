"""Postkorb: what waits, the letter beside the list, and what one does with it."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote, unquote

from fastapi import APIRouter, Form, Query
from starlette.responses import Response

from eakte.errors import NotFound
from web.desk import AtDesk, Desk
from web.presenters import documents as document_presenter
from web.presenters import postboxes as presenter
from web.sessions import local_target

router = APIRouter(prefix="/postkorb")
PAGE = 100
NOTICES = {
    "akten": "Zu den Akten genommen.",
    "weiter": "Weitergeleitet.",
    "klaerung": "An die Klärung gegeben.",
    "gesehen": "Als gesehen vermerkt.",
}

EntryVersion = Annotated[int, Form()]
Back = Annotated[str, Form(max_length=200)]
Note = Annotated[str, Form(max_length=2000)]


@router.get("")
def own_postbox(desk: AtDesk) -> Response:
    """The reader's own postbox; without one, the first that is open to them."""
    boxes = [b for b in desk.services.postboxes.summaries(desk.reader) if b.kind != "clearing"]
    if not boxes:
        raise NotFound("Für Sie ist kein Postkorb eingerichtet.")
    return desk.go(address(boxes[0].id))


@router.get("/{postbox_id}")
def postbox(
    desk: AtDesk,
    postbox_id: str,
    dokument: Annotated[str, Query(max_length=64)] = "",
    ab: Annotated[int, Query(ge=0)] = 0,
    erledigt: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """The list with the chosen letter; htmx asks for the list or the letter alone."""
    if desk.partial == "vorschau":
        return desk.show_part("_preview.html", **preview(desk, postbox_id, dokument))
    boxes = desk.services.postboxes.summaries(desk.reader)
    box = presenter.find(boxes, postbox_id)
    entries = desk.services.postboxes.entries(desk.reader, postbox_id, limit=PAGE + 1, offset=ab)
    values: dict[str, Any] = {
        "box": box,
        "rows": presenter.rows(entries[:PAGE], address(box.id)),
        "selected": dokument,
        "more": ab + PAGE if len(entries) > PAGE else 0,
    }
    if desk.partial == "liste":
        return desk.show_part("_postbox_list.html", **values)
    return desk.show(
        "postbox.html",
        groups=presenter.groups(boxes),
        notice=NOTICES.get(erledigt, ""),
        **values,
        **preview(desk, postbox_id, dokument),
    )


def address(postbox_id: str) -> str:
    """Where the list of a postbox is."""
    return f"/postkorb/{quote(postbox_id)}"


def preview(desk: Desk, postbox_id: str, document_id: str) -> dict[str, Any]:
    """What the preview prints; opening the letter is recorded by the service."""
    if not document_id:
        return {"document": None}
    view = desk.services.documents.open(desk.reader, document_id)
    return {
        "document": document_presenter.screen(view, titles=titles(desk)),
        "entry": next((e for e in view.entries if e.postbox == postbox_id), None),
        "back": address(postbox_id),
        **choices(desk),
    }


def choices(desk: Desk) -> dict[str, Any]:
    """What the action forms offer."""
    return {
        "choices": desk.services.postboxes.schlagwort_choices(),
        "targets": desk.services.postboxes.destinations(desk.reader),
    }


def titles(desk: Desk) -> dict[str, str]:
    """How the Schlagworte are called."""
    return {one.id: one.title for one in desk.services.postboxes.schlagwort_choices()}


def onward(desk: Desk, entry_id: str, back: str, what: str) -> str:
    """Where to go after an action: the letter that follows in the same list, or the list alone.

    Asked before the action, while the letter still stands in the list.
    """
    target = local_target(back)
    postbox_id = unquote(target.removeprefix("/postkorb/"))
    if target != address(postbox_id):
        return target
    entries = desk.services.postboxes.entries(desk.reader, postbox_id, limit=PAGE)
    following = presenter.neighbour(entries, entry_id)
    choice = f"&dokument={following}" if following else ""
    return f"{target}?erledigt={what}{choice}"


@router.post("/eintraege/{entry_id}/zu-den-akten")
def file_entry(
    desk: AtDesk,
    entry_id: str,
    *,
    version: EntryVersion,
    schlagwort: Annotated[str, Form(max_length=64)],
    zurueck: Back = "/postkorb",
) -> Response:
    """Done: leaves the postbox, stays in the file under this Schlagwort."""
    target = onward(desk, entry_id, zurueck, "akten")
    desk.services.postboxes.file(desk.reader, entry_id, version, schlagwort)
    return desk.go(target)


@router.post("/eintraege/{entry_id}/weiterleiten")
def forward_entry(
    desk: AtDesk,
    entry_id: str,
    *,
    version: EntryVersion,
    ziel: Annotated[str, Form(max_length=64)],
    vermerk: Note = "",
    zurueck: Back = "/postkorb",
) -> Response:
    """Into another postbox, with a note."""
    target = onward(desk, entry_id, zurueck, "weiter")
    desk.services.postboxes.forward(desk.reader, entry_id, version, ziel, vermerk)
    return desk.go(target)


@router.post("/eintraege/{entry_id}/zur-klaerung")
def clear_entry(
    desk: AtDesk,
    entry_id: str,
    *,
    version: EntryVersion,
    vermerk: Note = "",
    zurueck: Back = "/postkorb",
) -> Response:
    """To the clearing desk, saying what is wrong."""
    target = onward(desk, entry_id, zurueck, "klaerung")
    desk.services.postboxes.to_clearing(desk.reader, entry_id, version, vermerk)
    return desk.go(target)


@router.post("/eintraege/{entry_id}/gesehen")
def acknowledge_entry(
    desk: AtDesk, entry_id: str, version: EntryVersion, zurueck: Back = "/postkorb"
) -> Response:
    """A copy was seen."""
    target = onward(desk, entry_id, zurueck, "gesehen")
    desk.services.postboxes.acknowledge(desk.reader, entry_id, version)
    return desk.go(target)
