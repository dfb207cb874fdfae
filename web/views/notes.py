"""Vermerk and Telefonnotiz: written at the desk from a template, a document of the file at once."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from eakte.errors import NotFound, NotPermitted, Unusable
from web.desk import AtDesk, Desk
from web.errors import page_for
from web.presenters import german
from web.presenters.case_files import path_of
from web.presenters.shell import HAS_POSTBOX

router = APIRouter(prefix="/notizen")
Id = Annotated[str, Query(max_length=64)]
LONGEST = 20_000


def _at_a_desk(desk: Desk) -> Desk:
    if not desk.reader.has_role(*HAS_POSTBOX):
        raise NotPermitted("Vermerke schreibt nur, wer einen Postkorb hat.")
    return desk


@router.get("/neu")
def new(desk: AtDesk, akte: Id = "", dokument: Id = "", vorlage: Id = "") -> Response:
    """The form; ``akte`` or ``dokument`` is where somebody came from."""
    return show(_at_a_desk(desk), akte=akte, document_id=dokument, template_id=vorlage)


@router.post("")
async def write(desk: AtDesk) -> Response:
    """Take the note in; its fields are those of the template."""
    _at_a_desk(desk)
    form = {
        name: value[:LONGEST]
        for name, value in (await desk.request.form()).items()
        if isinstance(value, str)
    }
    return await run_in_threadpool(written, desk, form)


def written(desk: Desk, form: dict[str, str]) -> Response:
    """The note handed in, or the form again with what was typed."""
    values = {
        name.removeprefix("feld_"): value
        for name, value in form.items()
        if name.startswith("feld_")
    }
    akte, document_id = form.get("akte", "").strip()[:64], form.get("dokument", "")[:64]
    template_id = form.get("vorlage", "")[:64]
    try:
        desk.services.note_writing.write(
            desk.reader,
            template_id,
            akte,
            values,
            document_id=document_id,
            deputy_for=form.get("fuer", "")[:64],
        )
    except Unusable as error:
        return show(
            desk,
            akte=akte,
            document_id=document_id,
            template_id=template_id,
            values=values,
            problem=str(error),
            status=page_for(error).status,
            draft=form.get("entwurf", "")[:64],
        )
    return desk.go(f"/akten/{path_of(akte)}")


def show(
    desk: Desk,
    *,
    akte: str = "",
    document_id: str = "",
    template_id: str = "",
    values: dict[str, str] | None = None,
    problem: str = "",
    status: int = 200,
    draft: str | None = None,
) -> Response:
    """The form of the chosen template.

    ``draft`` names what somebody began to write about: a text that was left half written never
    comes up again in the note of another file.
    """
    services, reader = desk.services, desk.reader
    templates = services.note_writing.templates(reader)
    if not templates:
        raise NotFound("Es sind keine Vorlagen eingerichtet.", remedy="Siehe config/vorlagen.")
    subject = services.note_writing.about(reader, document_id) if document_id else None
    chosen = next((one for one in templates if one.id == template_id), templates[0])
    return desk.show(
        "note.html",
        status=status,
        templates=templates,
        chosen=chosen,
        values=values or {},
        akte=(subject.aktenzeichen or "") if subject and not akte else akte,
        subject=subject,
        subject_line=f"{subject.title}, Eingang {german.day(subject.received)}" if subject else "",
        absent=reader.standing_in_for,
        problem=problem,
        draft=(document_id or akte) if draft is None else draft,
    )
