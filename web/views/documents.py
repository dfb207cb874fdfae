"""Dokument: the viewer with its side panel, the images and words of its pages, its archive copy."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Path, Query
from starlette.responses import JSONResponse, Response

from web.desk import AtDesk, Desk
from web.presenters import annotations as annotation_presenter
from web.presenters import documents as presenter
from web.views.postboxes import EntryVersion, address, choices, rule_phrases, titles
from web.views.proof import proof

router = APIRouter(prefix="/dokumente/{document_id}")
IMAGE_CACHE = "private, max-age=86400, immutable"

PageNumber = Annotated[int, Path(ge=1, le=100_000)]
SearchText = Annotated[str, Query(max_length=500)]


@router.get("")
def document(
    desk: AtDesk,
    document_id: str,
    *,
    suche: SearchText = "",
    seite: Annotated[int, Query(ge=1, le=100_000)] = 1,
    entfernte: bool = False,
    neben: Annotated[str, Query(max_length=64)] = "",
) -> Response:
    """The document; ``suche`` are words to mark, ``seite`` the page to begin with.

    ``entfernte``: with the pages that were taken out, at its end; ``neben``: with that other
    document beside it.
    """
    view = desk.services.documents.open(desk.reader, document_id)
    screen = presenter.screen(
        view,
        titles=titles(desk),
        written=rule_phrases(desk),
        search=suche,
        clearing=desk.reader.at_clearing_desk,
    )
    return desk.show(
        "document.html",
        document=screen,
        beside=second(desk, neben) if neben and neben != document_id else None,
        kinds=annotation_presenter.KINDS,
        stamps=annotation_presenter.STAMPS,
        corners=annotation_presenter.CORNERS,
        start=min(seite, max(1, len(screen.pages))),
        search=suche,
        show_removed=entfernte,
        back=screen.url,
        **proof(desk, document_id),
        **choices(desk),
    )


def second(desk: Desk, document_id: str) -> presenter.DocumentScreen:
    """The document that is shown beside another; opening it is recorded as well."""
    return presenter.screen(
        desk.services.documents.open(desk.reader, document_id), titles=titles(desk)
    )


@router.get("/seiten/{number}/worte")
def words(
    desk: AtDesk, document_id: str, number: PageNumber, suche: SearchText = ""
) -> JSONResponse:
    """The words of a page and the indexes of those that the search found (see viewer/layer.js)."""
    found = desk.services.documents.words(desk.reader, document_id, number)
    marked = desk.services.searching.marks(desk.reader, document_id, number, suche) if suche else ()
    return JSONResponse(
        {
            "words": [
                [word.text, *word.box.as_list(), word.block * 10_000 + word.line] for word in found
            ],
            "hits": list(marked),
        }
    )


@router.get("/bilder/{page_id}/seite")
def page_image(desk: AtDesk, document_id: str, page_id: str) -> Response:
    """The page as an image for reading."""
    return image_answer(desk, document_id, page_id, thumbnail=False)


@router.get("/bilder/{page_id}/miniatur")
def page_thumbnail(desk: AtDesk, document_id: str, page_id: str) -> Response:
    """The page as a small image for the overview."""
    return image_answer(desk, document_id, page_id, thumbnail=True)


def image_answer(desk: Desk, document_id: str, page_id: str, *, thumbnail: bool) -> Response:
    """The image, or 304 where the browser has it; rights are asked every time it asks us."""
    image = desk.services.documents.image(desk.reader, document_id, page_id, thumbnail=thumbnail)
    headers = {"ETag": f'"{image.etag}"', "Cache-Control": IMAGE_CACHE, "Vary": "Cookie"}
    if desk.request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return Response(image.data, media_type=image.media_type, headers=headers)


@router.post("/wieder-vorlegen")
def take_up(desk: AtDesk, document_id: str, version: EntryVersion) -> Response:
    """A filed document onto the reader's own desk again, to be corrected there."""
    box = desk.services.postboxes.take_up(desk.reader, document_id, version)
    return desk.go(address(box, dokument=document_id))


@router.post("/eingang")
def set_receipt(
    desk: AtDesk,
    document_id: str,
    version: EntryVersion,
    tag: Annotated[date, Form()],
    stelle: Annotated[Literal["hier", "andere"], Form()],
) -> Response:
    """Take a stamp's day over as the day of receipt, here or at another authority."""
    desk.services.documents.set_receipt(
        desk.reader, document_id, version, tag, here=stelle == "hier"
    )
    return desk.go(f"/dokumente/{document_id}")


@router.get("/archiv.pdf")
def archive_copy(desk: AtDesk, document_id: str) -> Response:
    """The archive copy (PDF/A) to print or to save; the service records it."""
    data, name = desk.services.archive_copies.of_document(desk.reader, document_id)
    return Response(
        data,
        media_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )
