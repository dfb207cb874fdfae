"""Akte: head, SubFiles and Vorgänge, documents by receipt date, what stands in them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response

from eakte.errors import Unavailable
from web.desk import AtDesk, Desk
from web.presenters import case_files as presenter
from web.presenters import search as search_presenter

router = APIRouter(prefix="/akten")
HITS = 20
LIST_PARTS = frozenset({"dokumente", "mehr"})
"""What htmx asks for of a file that is open already."""

Words = Annotated[str, Query(max_length=200)]
Id = Annotated[str, Query(max_length=64)]


def day_of(value: Annotated[str, Query(max_length=10)] = "") -> date | None:
    """A day of a form; an empty or unfinished one asks for nothing."""
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


@router.get("/{segment}")
def case_file(  # noqa: PLR0917  every way to narrow the list
    desk: AtDesk,
    segment: str,
    teilakte: Annotated[str, Query(max_length=40)] = "",
    schlagwort: Id = "",
    vorgang: Id = "",
    absender: Words = "",
    von: Annotated[str, Query(max_length=10)] = "",
    bis: Annotated[str, Query(max_length=10)] = "",
    text: Words = "",
    *,
    neu: bool = False,
    nach: Id = "",
    dokument: Id = "",
    neben: Id = "",
    suche: Annotated[str, Query(max_length=500)] = "",
    ab: Annotated[int, Query(ge=0, le=10_000)] = 0,
) -> Response:
    """The file; the list is narrowed by all that is given, and goes on behind ``nach``.

    ``dokument`` is marked (a window that follows), ``neben`` chooses a second one beside that
    document, ``suche`` shows what stands in the file's documents instead of the list.
    """
    narrowed = presenter.Narrowed(
        teilakte=teilakte,
        schlagwort=schlagwort,
        vorgang=vorgang,
        absender=absender,
        von=von,
        bis=bis,
        text=text,
        neu=neu,
        neben=neben,
    )
    number = presenter.aktenzeichen_of(segment)
    view = desk.services.case_files.open(
        desk.reader,
        number,
        narrowed.wanted(day_of(von), day_of(bis)),
        after=nach,
        again=desk.partial in LIST_PARTS,
    )
    return desk.show(
        "case_file.html",
        akte=presenter.screen(view, narrowed, after=nach),
        filter=narrowed,
        called=dokument,
        **found(desk, view.aktenzeichen, suche.strip(), ab),
    )


def found(desk: Desk, number: str, query: str, offset: int) -> dict[str, Any]:
    """What stands in the file's documents; a search that is down says so, the file works on."""
    values: dict[str, Any] = {"suche": query, "down": "", "answer": None}
    if not query:
        return values
    try:
        result = desk.services.searching.search_in_file(
            desk.reader, number, query, limit=HITS, offset=offset
        )
    except Unavailable as error:
        values["down"] = str(error)
    else:
        values["answer"] = search_presenter.answer_in_file(
            result, f"/akten/{presenter.path_of(number)}", offset=offset, page=HITS
        )
    return values
