"""Notes, highlights and stamps on the pages of a document; and the address of every page."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import Response

from eakte.services.annotations import AnnotationKind
from web.desk import AtDesk
from web.presenters.annotations import box_of
from web.views.postboxes import EntryVersion

router = APIRouter()


@router.get("/blatt/{page_id}")
def page_address(desk: AtDesk, page_id: str) -> Response:
    """The page wherever it stands now: its address stays while documents are cut and merged."""
    document_id, number = desk.services.documents.place_of_page(desk.reader, page_id)
    return desk.go(f"/dokumente/{document_id}?seite={number}")


@router.post("/dokumente/{document_id}/anmerkungen")
def annotate(
    desk: AtDesk,
    document_id: str,
    *,
    seite: Annotated[int, Form(ge=1, le=100_000)],
    art: Annotated[AnnotationKind, Form()],
    platz: Annotated[str, Form(max_length=100)],
    text: Annotated[str, Form(max_length=2000)] = "",
    stempel: Annotated[str, Form(max_length=100)] = "",
) -> Response:
    """Put it on the page; ``platz`` is a corner or a box, as the form sends them."""
    words = stempel if art is AnnotationKind.STAMP else text
    desk.services.annotations.add(desk.reader, document_id, seite, art, box_of(platz, art), words)
    return desk.go(f"/dokumente/{document_id}?seite={seite}#anmerkungen")


@router.post("/dokumente/{document_id}/anmerkungen/{annotation_id}/entfernen")
def remove(
    desk: AtDesk,
    document_id: str,
    annotation_id: str,
    version: EntryVersion,
    seite: Annotated[int, Form(ge=1, le=100_000)] = 1,
) -> Response:
    """Take one's own away."""
    desk.services.annotations.remove(desk.reader, document_id, annotation_id, version)
    return desk.go(f"/dokumente/{document_id}?seite={seite}#anmerkungen")
