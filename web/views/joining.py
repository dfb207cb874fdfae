"""Vorläufige Akten: the list, and one of them beside the register's file that it may be."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from eakte.services.joining_views import Joined
from web.desk import AtDesk
from web.presenters import clearing as hits
from web.presenters import joining as presenter
from web.presenters.case_files import aktenzeichen_of
from web.presenters.shell import READS_FILES
from web.views.postboxes import with_query

router = APIRouter(prefix=presenter.HERE)
PERSON = "person-"

Number = Annotated[str, Query(max_length=64)]


@router.get("")
def waiting(
    desk: AtDesk,
    erledigt: Number = "",
    dokumente: Annotated[int, Query(ge=0, le=100_000)] = 0,
) -> Response:
    """All that wait; ``erledigt`` is the file with which one was just joined."""
    found = presenter.rows(desk.services.joining.waiting(desk.reader))
    done = Joined(aktenzeichen=erledigt, documents=dokumente) if erledigt else None
    return desk.show(
        "joining.html", rows=found, notice=presenter.joined(done) if done is not None else ""
    )


@router.get("/akten")
def suggestions(desk: AtDesk, akte: Annotated[str, Query(max_length=200)] = "") -> Response:
    """Files of the register, while one types."""
    found = desk.services.joining.search(desk.reader, akte)
    return desk.show_part("_suggestions.html", found=hits.hits(found), text=akte.strip())


@router.get("/{segment}")
def compare(
    desk: AtDesk, segment: str, akte: Annotated[list[str] | None, Query(max_length=3)] = None
) -> Response:
    """One provisional file, beside the one of the number ``akte`` where it is given.

    Of several the last counts: what was chosen among the hits stands behind what was typed.
    """
    typed = next((one.strip()[:200] for one in reversed(akte or []) if one.strip()), "")
    view = desk.services.joining.compare(desk.reader, aktenzeichen_of(segment), typed)
    return desk.show(
        "joining_file.html",
        row=presenter.row(view.waiting),
        comparison=presenter.comparison(view),
        typed=typed,
        reads_files=desk.reader.has_role(*READS_FILES),
    )


async def _form(request: Request) -> FormData:
    """The whole form: its people are counted, not named one by one."""
    return await request.form()


@router.post("/{segment}/zusammenfuehren")
def join(desk: AtDesk, segment: str, form: Annotated[FormData, Depends(_form)]) -> Response:
    """Join the two; the form names the other file, the people, and what was compared."""
    values = {key: value for key, value in form.items() if isinstance(value, str)}
    same = {
        key.removeprefix(PERSON): value
        for key, value in values.items()
        if key.startswith(PERSON) and value
    }
    done = desk.services.joining.join(
        desk.reader,
        aktenzeichen_of(segment),
        values.get("akte", ""),
        stand=values.get("stand", ""),
        same=same,
        sure=values.get("trotzdem") == "ja",
    )
    return desk.go(
        with_query(presenter.HERE, erledigt=done.aktenzeichen, dokumente=str(done.documents))
    )
