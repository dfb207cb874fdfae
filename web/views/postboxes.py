"""Postkorb: what waits, the letter beside the list, and what one does with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

from fastapi import APIRouter, Form, Query
from starlette.responses import Response

from eakte.errors import NotFound
from eakte.services.views import PostboxEntryView
from web.desk import AtDesk, Desk
from web.presenters import documents as document_presenter
from web.presenters import postboxes as presenter
from web.sessions import local_target

router = APIRouter(prefix="/postkorb")
PAGE = 100
MAX_OFFSET = 100_000
NOTICES = {
    "akten": "Zu den Akten genommen.",
    "weiter": "Weitergeleitet.",
    "klaerung": "An die Klärung gegeben.",
    "gesehen": "Als gesehen vermerkt.",
}

Offset = Annotated[int, Query(ge=0, le=MAX_OFFSET)]
"""How many entries of a list stand before the page that is shown."""
EntryVersion = Annotated[int, Form(ge=0, le=2**31 - 1)]
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
    ab: Offset = 0,
    erledigt: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """The list with the chosen letter; htmx asks for the list or the letter alone."""
    if desk.partial == "vorschau":
        return desk.show_part("_preview.html", **preview(desk, postbox_id, dokument, ab))
    boxes = desk.services.postboxes.summaries(desk.reader)
    box = presenter.find(boxes, postbox_id)
    entries, ab = page_of(desk, postbox_id, ab)
    values: dict[str, Any] = {
        "box": box,
        "rows": presenter.rows(entries[:PAGE], address(box.id, ab=ab)),
        "selected": dokument,
        **turning(address(box.id), ab, len(entries)),
    }
    if desk.partial == "liste":
        return desk.show_part("_postbox_list.html", **values)
    return desk.show(
        "postbox.html",
        groups=presenter.groups(boxes),
        notice=NOTICES.get(erledigt, ""),
        **values,
        **preview(desk, postbox_id, dokument, ab),
    )


def address(postbox_id: str, **query: object) -> str:
    """Where the list of a postbox is; what is empty or 0 is left out of the ``query``."""
    return with_query(f"/postkorb/{quote(postbox_id)}", **query)


def with_query(path: str, **query: object) -> str:
    """``path`` with those parts of the ``query`` that say something."""
    given = {name: value for name, value in query.items() if value}
    return f"{path}?{urlencode(given)}" if given else path


def page_of(desk: Desk, postbox_id: str, offset: int) -> tuple[Sequence[PostboxEntryView], int]:
    """The page of the list with one entry more than it shows, and where it begins.

    A page that ran empty, because others worked on it as well, gives way to the first.
    """
    listed = desk.services.postboxes.entries
    entries = listed(desk.reader, postbox_id, limit=PAGE + 1, offset=offset)
    if offset and not entries:
        return listed(desk.reader, postbox_id, limit=PAGE + 1), 0
    return entries, offset


def turning(base: str, offset: int, found: int) -> dict[str, Any]:
    """Where the page of a list refreshes itself, and where the pages beside it are."""
    return {
        "here": with_query(base, ab=offset),
        "previous": with_query(base, ab=max(0, offset - PAGE)) if offset else "",
        "following": with_query(base, ab=offset + PAGE) if found > PAGE else "",
    }


def preview(desk: Desk, postbox_id: str, document_id: str, offset: int) -> dict[str, Any]:
    """What the preview prints; opening the letter is recorded by the service."""
    if not document_id:
        return {"document": None}
    view = desk.services.documents.open(desk.reader, document_id)
    return {
        "document": document_presenter.screen(
            view, titles=titles(desk), written=rule_phrases(desk)
        ),
        "entry": next((e for e in view.entries if e.postbox == postbox_id), None),
        "back": address(postbox_id, ab=offset),
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


def rule_phrases(desk: Desk) -> dict[str, tuple[str, ...]]:
    """What the rules in force look for, by the rule's id."""
    triggers = desk.services.rules.live.now.catalogue.triggers
    return {trigger.id: trigger.written for trigger in triggers}


def onward(desk: Desk, entry_id: str, back: str, what: str) -> str:
    """Where to go after an action: the letter that follows in the same list, or the list alone.

    Asked before the action, while the letter still stands in the list.
    """
    target = local_target(back)
    parts = urlsplit(target)
    postbox_id = unquote(parts.path.removeprefix("/postkorb/"))
    given = parse_qs(parts.query).get("ab", ["0"])[0]
    offset = min(int(given), MAX_OFFSET) if given.isdecimal() and len(given) < 10 else 0
    if target != address(postbox_id, ab=offset):
        return target
    entries, offset = page_of(desk, postbox_id, offset)
    following = presenter.neighbour(entries[:PAGE], entry_id)
    return address(postbox_id, erledigt=what, dokument=following, ab=offset)


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
