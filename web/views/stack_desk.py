"""Stapel trennen: the proposed cuts of a stack, answered by a person."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query
from starlette.requests import Request
from starlette.responses import Response

from web.desk import AtDesk
from web.presenters import stack_desk as presenter
from web.views.documents import IMAGE_CACHE

HERE = "/klaerung/stapel"
FIELD = "schnitt-"
YES = "ja"
router = APIRouter(prefix=HERE)


async def decisions(request: Request) -> dict[int, bool]:
    """What the form says: by page number, whether a document begins there."""
    found = {}
    for name, value in (await request.form()).multi_items():
        number = name.removeprefix(FIELD)
        if name.startswith(FIELD) and number.isdecimal() and len(number) < 7:
            found[int(number)] = value == YES
    return found


@router.get("")
def stacks(desk: AtDesk, erledigt: Annotated[str, Query(max_length=20)] = "") -> Response:
    """The stacks that wait, oldest first."""
    waiting = desk.services.stack_desk.waiting(desk.reader)
    notice = f"Getrennt in {erledigt} Dokumente." if erledigt.isdecimal() else ""
    return desk.show("stacks.html", rows=presenter.rows(waiting), notice=notice)


@router.get("/{source_id}")
def stack(desk: AtDesk, source_id: str) -> Response:
    """One stack with all its pages and the proposals between them."""
    view = desk.services.stack_desk.open(desk.reader, source_id)
    return desk.show("stack_desk.html", stack=presenter.screen(view))


@router.post("/{source_id}")
def decide(
    desk: AtDesk,
    source_id: str,
    answers: Annotated[dict[int, bool], Depends(decisions)],
    alle: Annotated[str, Form(max_length=4)] = "",
) -> Response:
    """Cut it; the documents go on by themselves."""
    begins = desk.services.stack_desk.decide(
        desk.reader, source_id, answers, accept_rest=alle == YES
    )
    return desk.go(f"{HERE}?erledigt={begins}")


@router.get("/{source_id}/bilder/{page_id}/{kind}")
def image(desk: AtDesk, source_id: str, page_id: str, kind: str) -> Response:
    """The picture of a page: ``seite`` to read, ``miniatur`` for the overview."""
    found = desk.services.stack_desk.image(
        desk.reader, source_id, page_id, thumbnail=kind == "miniatur"
    )
    headers = {"ETag": f'"{found.etag}"', "Cache-Control": IMAGE_CACHE, "Vary": "Cookie"}
    if desk.request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return Response(found.data, media_type=found.media_type, headers=headers)
