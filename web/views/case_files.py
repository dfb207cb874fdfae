"""Akte: head, SubFiles, documents by receipt date."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from web.desk import AtDesk
from web.presenters import case_files as presenter

router = APIRouter(prefix="/akten")


@router.get("/{segment}")
def case_file(
    desk: AtDesk,
    segment: str,
    teilakte: Annotated[str, Query(max_length=40)] = "",
    schlagwort: Annotated[str, Query(max_length=64)] = "",
    text: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """The file; ``teilakte``, ``schlagwort`` and ``text`` narrow the list of documents."""
    view = desk.services.case_files.open(desk.reader, presenter.aktenzeichen_of(segment))
    return desk.show(
        "case_file.html",
        akte=presenter.screen(view, chosen=teilakte, schlagwort=schlagwort, text=text),
        chosen=teilakte,
        schlagwort=schlagwort,
        text=text,
    )
