"""Fehlablage: take a document out of the wrong file, and report it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Form
from starlette.responses import Response

from eakte.services.misfiled_views import RightFile
from web.desk import AtDesk
from web.presenters import misfiled as presenter
from web.presenters.misfiled import HERE
from web.views.postboxes import EntryVersion

router = APIRouter()
ONE = "/dokumente/{document_id}/fehlablage"


@router.get(ONE)
def form(desk: AtDesk, document_id: str) -> Response:
    """What is about to be taken out of where, and where to."""
    found = desk.services.misfiled.form(desk.reader, document_id)
    return desk.show("misfiled_form.html", document=found)


@router.post(ONE)
def take_out(
    desk: AtDesk,
    document_id: str,
    version: EntryVersion,
    grund: Annotated[str, Form(max_length=2000)],
    *,
    wohin: Annotated[Literal["klaerung", "akte"], Form()] = "klaerung",
    akte: Annotated[str, Form(max_length=64)] = "",
    nachname: Annotated[str, Form(max_length=200)] = "",
    geboren: Annotated[str, Form(max_length=10, pattern=r"^(\d{4}-\d\d-\d\d)?$")] = "",
) -> Response:
    """Out of the wrong file everywhere; then the report."""
    right = None
    if wohin == "akte":
        born = date.fromisoformat(geboren) if geboren else None
        right = RightFile(aktenzeichen=akte, last_name=nachname, birth_date=born)
    made = desk.services.misfiled.take_out(
        desk.reader, document_id, version, reason=grund, right=right
    )
    return desk.go(presenter.url_of(made))


@router.get(HERE)
def reports(desk: AtDesk) -> Response:
    """The reports that the reader may see."""
    found = desk.services.misfiled.reports(desk.reader)
    return desk.show("misfiled_list.html", reports=presenter.rows(found))


@router.get(HERE + "/{misfiling_id}")
def report(desk: AtDesk, misfiling_id: str) -> Response:
    """Who saw it, and the notice to print or to copy."""
    found = desk.services.misfiled.report(desk.reader, misfiling_id)
    return desk.show("misfiled_report.html", report=presenter.screen(found))
