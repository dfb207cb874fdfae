"""Suche: one box over all files that the reader may open."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response

from eakte.errors import Unavailable
from web.desk import AtDesk
from web.presenters import search as presenter

router = APIRouter(prefix="/suche")
PAGE = 20


@router.get("")
def search(
    desk: AtDesk,
    q: Annotated[str, Query(max_length=500)] = "",
    ab: Annotated[int, Query(ge=0, le=10_000)] = 0,
) -> Response:
    """Hits with the words marked; a search that is down says so and the rest goes on."""
    query = q.strip()
    values: dict[str, Any] = {"query": query, "down": "", "answer": None}
    if query:
        try:
            result = desk.services.searching.search(desk.reader, query, limit=PAGE, offset=ab)
        except Unavailable as error:
            values["down"] = str(error)
        else:
            values["answer"] = presenter.answer(result, offset=ab, page=PAGE)
    return desk.show("search.html", status=503 if values["down"] else 200, **values)
