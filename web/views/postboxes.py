"""Postkorb: what waits, the letter beside the list, and what one does with it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Annotated, Any
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

from fastapi import APIRouter, Form, Query
from starlette.responses import Response

from eakte.domain.postbox_filters import PostboxFilter
from eakte.errors import NotFound
from eakte.services.postboxes import EVERYTHING
from eakte.services.views import PostboxEntryView
from web.desk import AtDesk, Desk
from web.presenters import clearing as clearing_presenter
from web.presenters import documents as document_presenter
from web.presenters import postboxes as presenter
from web.presenters import reminders as reminder_presenter
from web.sessions import local_target

router = APIRouter(prefix="/postkorb")
PAGE = 100
MAX_OFFSET = 100_000
NOTICES = {
    "akten": "Zu den Akten genommen.",
    "weiter": "Weitergeleitet.",
    "klaerung": "An die Klärung gegeben.",
    "gesehen": "Als gesehen vermerkt.",
    "uebernommen": "In Ihren Postkorb übernommen.",
    "vorgelegt": "Auf Wiedervorlage gelegt.",
    "vorgang": "Vorgang geändert.",
    "gemeldet": "Der Scanstelle gemeldet.",
    "zurueck": "Zurückgenommen.",
    "schon": "Das war schon geschehen.",
    "erinnert": "Wiedervorlage erledigt.",
    "verschoben": "Wiedervorlage verschoben.",
    "uebergeben": "Wiedervorlage übergeben.",
    "mehrere": "Für alle ausgewählten Eingänge erledigt.",
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
    if desk.partial == "mehrere-listen":
        presenter.find(desk.services.postboxes.summaries(desk.reader), postbox_id)
        return desk.show_part("_bulk_lists.html", **choices(desk))
    if desk.partial == "lage" and dokument:
        return desk.show_part("_presence.html", **presence(desk, postbox_id, dokument))
    return screen(desk, postbox_id, dokument, ab, notice=NOTICES.get(erledigt, ""))


def screen(  # noqa: PLR0917  what the address says
    desk: Desk,
    postbox_id: str,
    document_id: str,
    offset: int,
    notice: str = "",
    problems: Sequence[tuple[str, str]] = (),
    ticked: Collection[str] | None = None,
    typed: presenter.BulkText = presenter.NOTHING_TYPED,
) -> Response:
    """The whole screen, or the list alone; ``problems`` are letters that could not be settled.

    ``ticked`` are entries that were chosen already: then the lists for several are there at once,
    and ``typed`` what was written for them.
    """
    services, reader = desk.services, desk.reader
    boxes = services.postboxes.summaries(reader)
    box = presenter.find(boxes, postbox_id)
    wanted = services.postbox_filters.kept(reader, postbox_id)
    entries, offset = page_of(desk, postbox_id, offset, wanted)
    looks = services.presence.looks(reader)
    here = address(box.id, ab=offset)
    values: dict[str, Any] = {
        "box": box,
        "rows": presenter.rows(entries[:PAGE], here, looks),
        "reminders": [
            reminder_presenter.row(one, desk=False)
            for one in services.wiedervorlagen.due_in(reader, box.id)
        ],
        "filter": presenter.filter_of(
            wanted, box, services.postboxes.filtered(reader, box.id, wanted) if wanted else None
        ),
        "selected": document_id,
        "ticked": ticked or (),
        **turning(address(box.id), offset, len(entries)),
    }
    if desk.partial == "liste":
        return desk.show_part("_postbox_list.html", **values)
    response = desk.show(
        "postbox.html",
        groups=presenter.groups(boxes),
        notice=notice,
        problems=problems,
        undo=presenter.undo_of(services.desk_undo.last(reader)),
        sites=services.postbox_filters.sites(reader),
        bulk_back=here,
        within=presenter.WITHIN,
        frame_boxes=boxes,
        bulk_lists=ticked is not None,
        bulk_text=typed,
        **values,
        **(
            (choices(desk) if ticked is not None else labels(desk))
            | preview(desk, postbox_id, document_id, offset)
        ),
    )
    if problems:  # the answer to a form: a reload must ask for the list
        response.headers["HX-Replace-Url"] = here
    return response


def address(postbox_id: str, **query: object) -> str:
    """Where the list of a postbox is; what is empty or 0 is left out of the ``query``."""
    return with_query(f"/postkorb/{quote(postbox_id)}", **query)


def with_query(path: str, **query: object) -> str:
    """``path`` with those parts of the ``query`` that say something."""
    given = {name: value for name, value in query.items() if value}
    return f"{path}?{urlencode(given)}" if given else path


def page_of(
    desk: Desk, postbox_id: str, offset: int, only: PostboxFilter = EVERYTHING
) -> tuple[Sequence[PostboxEntryView], int]:
    """The page of the list with one entry more than it shows, and where it begins.

    A page that ran empty, because others worked on it as well, gives way to the first.
    """
    listed = desk.services.postboxes.entries
    entries = listed(desk.reader, postbox_id, limit=PAGE + 1, offset=offset, only=only)
    if offset and not entries:
        return listed(desk.reader, postbox_id, limit=PAGE + 1, only=only), 0
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
    services, reader = desk.services, desk.reader
    view = services.documents.open(reader, document_id)
    entry = next((e for e in view.entries if e.postbox == postbox_id), None)
    return {
        "document": document_presenter.screen(
            view, titles=titles(desk), written=rule_phrases(desk)
        ),
        "entry": entry,
        "may_take_over": postbox_id != reader.login and services.postboxes.has_desk(reader),
        "document_reminders": [
            reminder_presenter.row(one)
            for one in services.wiedervorlagen.of_document(reader, document_id)
        ],
        "back": address(postbox_id, ab=offset),
        "here_with_document": address(postbox_id, ab=offset, dokument=document_id),
        **presence(desk, postbox_id, document_id, gone=entry is None),
        **choices(desk),
    }


def presence(
    desk: Desk, postbox_id: str, document_id: str, *, gone: bool | None = None
) -> dict[str, Any]:
    """Who else has the letter before them, or has taken it out; notes that the reader has."""
    services, reader = desk.services, desk.reader
    look = services.presence.looks(reader).get(document_id)
    left = services.postboxes.gone(reader, postbox_id, document_id) if gone is not False else ""
    return {
        "looking": clearing_presenter.looking(look),
        "left": left,
        "lage": address(postbox_id, dokument=document_id),
        "look_url": f"/postkorb/offen/{document_id}",
    }


def choices(desk: Desk) -> dict[str, Any]:
    """What the action forms offer."""
    return {**labels(desk), "targets": desk.services.postboxes.destinations(desk.reader)}


def labels(desk: Desk) -> dict[str, Any]:
    """The Schlagworte to choose from."""
    return {"choices": desk.services.postboxes.schlagwort_choices()}


def titles(desk: Desk) -> dict[str, str]:
    """How the Schlagworte are called."""
    return {one.id: one.title for one in desk.services.postboxes.schlagwort_choices()}


def rule_phrases(desk: Desk) -> dict[str, tuple[str, ...]]:
    """What the rules in force look for, by the rule's id."""
    triggers = desk.services.rules.live.now.catalogue.triggers
    return {trigger.id: trigger.written for trigger in triggers}


def begins_at(target: str) -> int:
    """Where the list of an address begins; 0 where it does not say."""
    given = parse_qs(urlsplit(target).query).get("ab", ["0"])[0]
    return min(int(given), MAX_OFFSET) if given.isdecimal() and len(given) < 10 else 0


def onward(desk: Desk, entry_id: str, back: str, what: str) -> str:
    """Where to go after an action: the letter that follows in the same list, or the list alone.

    Asked before the action, while the letter still stands in the list.
    """
    target = local_target(back)
    postbox_id = unquote(urlsplit(target).path.removeprefix("/postkorb/"))
    offset = begins_at(target)
    if target != address(postbox_id, ab=offset):
        return target
    wanted = desk.services.postbox_filters.kept(desk.reader, postbox_id)
    entries, offset = page_of(desk, postbox_id, offset, wanted)
    following = presenter.neighbour(entries[:PAGE], entry_id)
    return address(postbox_id, erledigt=what, dokument=following, ab=offset)
