"""What a document's reader says of its paper: what becomes of it, and that a page can't be read."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form
from starlette.responses import Response

from eakte.domain.proof import PaperFate
from web.desk import AtDesk, Desk
from web.presenters import quality as presenter

router = APIRouter(prefix="/dokumente/{document_id}")


def proof(desk: Desk, document_id: str) -> dict[str, Any]:
    """Paper and reports of a document, for its screen."""
    paper = desk.services.paper.of_document(desk.reader, document_id)
    reports = desk.services.bad_scans.of_document(desk.reader, document_id)
    return {
        "paper": presenter.paper_screen(paper),
        "bad_scans": presenter.bad_scan_lines(reports),
    }


@router.post("/papier")
def decide(
    desk: AtDesk,
    document_id: str,
    *,
    papier: Annotated[PaperFate, Form()],
    ort: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """What becomes of the paper."""
    desk.services.paper.decide(desk.reader, document_id, papier, ort)
    return desk.go(f"/dokumente/{document_id}")


@router.post("/schlechter-scan")
def report(
    desk: AtDesk,
    document_id: str,
    *,
    seite: Annotated[int, Form(ge=1, le=100_000)],
    grund: Annotated[str, Form(max_length=2000)],
) -> Response:
    """The page on screen can't be read; the scan centre learns of it."""
    desk.services.bad_scans.report(desk.reader, document_id, seite, grund)
    return desk.go(f"/dokumente/{document_id}?seite={seite}")
