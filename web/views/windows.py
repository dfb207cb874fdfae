"""The second monitor: the file window, and the call of the Fachverfahren that moves it.

A number travels as a form field or behind the ``#`` of an address, never in a query: it must stand
in no log.  ``docs/fachverfahren.md`` says how a Fachverfahren calls.
"""

from __future__ import annotations

import hashlib
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Query
from starlette.responses import JSONResponse, RedirectResponse, Response

from web.desk import AtDesk, Desk
from web.presenters import windows as presenter
from web.security import FROM_ELSEWHERE
from web.sessions import session_token

router = APIRouter()

WindowId = Annotated[str, Form(max_length=64)]
Number = Annotated[str, Form(max_length=64)]


def session_of(desk: Desk) -> str:
    """The sign-in session, and so the browser, as the services know it."""
    return hashlib.sha256((session_token(desk.request) or "").encode()).hexdigest()


@router.post(FROM_ELSEWHERE)
def called_from_elsewhere(aktenzeichen: Number = "") -> Response:
    """A form of the Fachverfahren: the number goes behind the ``#``, where no server logs it.

    Changes nothing and knows nobody: browsers send no cookie along.  What follows is a page of
    ours, which asks as whoever is signed in.
    """
    fragment = quote(aktenzeichen.strip(), safe="")
    return RedirectResponse(f"{FROM_ELSEWHERE}#{fragment}", status_code=303)


@router.get(FROM_ELSEWHERE)
def opening(desk: AtDesk) -> Response:
    """Takes the number behind the ``#`` to the file window; without scripts, one types it."""
    return desk.show("opening.html")


@router.post("/oeffnen/akte")
def call_file(desk: AtDesk, aktenzeichen: Number) -> Response:
    """Call a case file up; unknown and closed numbers answer alike."""
    there = desk.services.windows.call_file(desk.reader, session_of(desk), aktenzeichen)
    if "application/json" in desk.request.headers.get("accept", ""):
        return JSONResponse({"fenster": there})
    return desk.go("/fenster/gerufen" if there else "/fenster")


@router.get("/fenster")
def window(desk: AtDesk) -> Response:
    """The file window before anything was called."""
    return desk.show("window.html")


@router.get("/fenster/gerufen")
def called(desk: AtDesk) -> Response:
    """Says that the file window shows what was called, for browsers without scripts."""
    return desk.show("called.html")


@router.get("/fenster/unbekannt")
def unknown(desk: AtDesk, fenster: Annotated[str, Query(max_length=64)] = "") -> Response:
    """A number that names no file open to the reader, with the search for it."""
    typed = desk.services.windows.typed(desk.reader, fenster)
    return desk.show("window_unknown.html", status=404, typed=typed)


@router.post("/fenster/melden")
def join(
    desk: AtDesk,
    fenster: WindowId = "",
    gezeigt: Annotated[int, Form(ge=0, le=2**31 - 1)] = 0,
    folgt: Annotated[bool, Form()] = True,
) -> JSONResponse:
    """A file window has a page; ``gezeigt`` is the last call that it showed."""
    joined = desk.services.windows.join(
        desk.reader, session_of(desk), fenster, gezeigt, follows=folgt
    )
    return JSONResponse(
        {
            "fenster": joined.id,
            "seq": joined.seq,
            "url": presenter.address(joined.call, joined.id) if joined.call else None,
            "akte": joined.call.aktenzeichen if joined.call else None,
        }
    )


@router.post("/fenster/verlassen", status_code=204)
def leave(desk: AtDesk, fenster: WindowId) -> Response:
    """A file window goes away, or to another page."""
    desk.services.windows.leave(desk.reader, fenster)
    return Response(status_code=204)


@router.post("/fenster/zeigen")
def show_document(desk: AtDesk, dokument: Annotated[str, Form(max_length=64)]) -> JSONResponse:
    """The reader went to another letter of the postbox: the file window shows its file."""
    there = desk.services.windows.call_document(desk.reader, session_of(desk), dokument)
    return JSONResponse({"fenster": there})
