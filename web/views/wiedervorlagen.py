"""Wiedervorlagen: due, overdue, coming; mine and those of whom I stand in for, the team's."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Query
from starlette.responses import Response

from eakte.domain.rights import Role
from eakte.errors import NotPermitted
from eakte.services.postbox_entries import DoneAlready
from web.desk import DONE, AtDesk, Desk
from web.presenters import documents as document_presenter
from web.presenters import reminders as presenter
from web.presenters.shell import HAS_POSTBOX
from web.sessions import local_target
from web.views.postboxes import NOTICES, Back, EntryVersion, Note, titles, with_query

router = APIRouter(prefix="/wiedervorlagen")
HERE = "/wiedervorlagen"


def _at_a_desk(desk: Desk) -> Desk:
    if not desk.reader.has_role(*HAS_POSTBOX):
        raise NotPermitted("Wiedervorlagen gibt es nur für Rollen mit Postkorb.")
    return desk


@router.get("")
def reminders(
    desk: AtDesk,
    team: bool = False,
    erledigt: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """The list; ``team``: that of the people whom the reader leads."""
    services, reader = _at_a_desk(desk).services, desk.reader
    leads = reader.has_role(Role.TEAM_LEAD)
    listed = services.wiedervorlagen.listed(reader, team=team and leads)
    return desk.show(
        "reminders.html",
        groups=presenter.groups(listed),
        leads=leads,
        team=team and leads,
        notice=NOTICES.get(erledigt, ""),
        targets=services.postboxes.destinations(reader),
        here=with_query(HERE, team="1" if team and leads else ""),
    )


@router.get("/neu/{document_id}")
def new(desk: AtDesk, document_id: str) -> Response:
    """The form for a document, wherever one came from."""
    view = desk.services.documents.open(desk.reader, document_id)
    return desk.show(
        "reminder_new.html",
        document=document_presenter.screen(view, titles=titles(desk), written={}),
        desks=desk.services.wiedervorlagen.desks(desk.reader),
    )


@router.post("/neu/{document_id}")
def make(
    desk: AtDesk,
    document_id: str,
    tag: Annotated[date, Form()],
    notiz: Note = "",
    tisch: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    """Put the document on a desk on a day."""
    desk.services.wiedervorlagen.make(desk.reader, document_id, tag, notiz, tisch)
    return desk.go(f"/dokumente/{document_id}")


@router.post("/{reminder_id}/erledigt")
def finish(desk: AtDesk, reminder_id: str, version: EntryVersion, zurueck: Back = HERE) -> Response:
    """It comes back no more."""
    try:
        desk.services.wiedervorlagen.finish(desk.reader, reminder_id, version)
    except DoneAlready:
        return back(desk, zurueck, "schon")
    return back(desk, zurueck, "erinnert")


@router.post("/{reminder_id}/verschieben")
def move(
    desk: AtDesk,
    reminder_id: str,
    version: EntryVersion,
    tag: Annotated[date, Form()],
    zurueck: Back = HERE,
) -> Response:
    """To another day."""
    desk.services.wiedervorlagen.move(desk.reader, reminder_id, version, tag)
    return back(desk, zurueck, "verschoben")


@router.post("/{reminder_id}/uebergeben")
def hand_over(
    desk: AtDesk,
    reminder_id: str,
    version: EntryVersion,
    ziel: Annotated[str, Form(max_length=64)],
    zurueck: Back = HERE,
) -> Response:
    """Onto another desk."""
    desk.services.wiedervorlagen.hand_over(desk.reader, reminder_id, version, ziel)
    return back(desk, zurueck, "uebergeben")


def back(desk: Desk, target: str, what: str) -> Response:
    """To where the form stood, with what was done."""
    path = local_target(target)
    return desk.go(f"{path}{'&' if '?' in path else '?'}{DONE}={what}")
