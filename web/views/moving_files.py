"""Umzug einer Akte: to another site or caseworker, on a day."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import Response

from eakte.services.moving_views import MovePlan
from web.desk import AtDesk
from web.presenters import moving_files as presenter
from web.views.postboxes import EntryVersion
from web.views.quality import Done
from web.views.responsibilities import Login, Word

router = APIRouter(prefix=presenter.HERE)
NOTICES = {
    "umgezogen": "Die Akte ist umgezogen, mit offener Post und Wiedervorlagen.",
    "vorgemerkt": "Der Umzug ist vorgemerkt und geschieht an seinem Tag.",
    "zurueck": "Der Umzug ist zurückgenommen.",
}


@router.get("")
def form(desk: AtDesk, aktenzeichen: Word, erledigt: Done = "") -> Response:
    """Where the file goes, when, and what stays."""
    found = desk.services.moving_files.form(desk.reader, aktenzeichen)
    return desk.show(
        "moving_file.html",
        case=found,
        planned=presenter.lines(found.planned),
        people=[
            (one.id, one.title)
            for one in desk.services.responsibilities.colleagues(desk.reader)
            if not one.detail
        ],
        today=desk.services.absence_lists.today(desk.reader).isoformat(),
        notice=NOTICES.get(erledigt, ""),
    )


@router.post("")
def plan(
    desk: AtDesk,
    *,
    aktenzeichen: Login,
    ab: Annotated[date, Form()],
    standort: Login = "",
    funktion: Login = "",
    an: Login = "",
    bleibt: Annotated[list[str] | None, Form(max_length=200)] = None,
    team: Login = "",
) -> Response:
    """Make it count on its day."""
    wanted = MovePlan(
        aktenzeichen=aktenzeichen,
        effective=ab,
        to_site=standort,
        function=funktion if an else "",
        to_login=an,
        keep=tuple(one for one in bleibt or () if one),
        keep_team=team if bleibt else "",
    )
    done = desk.services.moving_files.plan(desk.reader, wanted)
    if done and standort:  # the lead of the old site no longer sees the file
        return desk.go("/zustaendigkeiten?erledigt=umgezogen")
    return desk.go(presenter.url_of(aktenzeichen, erledigt="umgezogen" if done else "vorgemerkt"))


@router.post("/{move_id}/zuruecknehmen")
def take_back(desk: AtDesk, move_id: str, *, version: EntryVersion) -> Response:
    """Give up a move that waits for its day."""
    number = desk.services.moving_files.take_back(desk.reader, move_id, version)
    return desk.go(presenter.url_of(number, erledigt="zurueck"))
