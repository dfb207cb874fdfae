"""Facts of a document and its Vorgang, corrected from the document's head."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import Response

from web.desk import AtDesk
from web.views.postboxes import EntryVersion

router = APIRouter(prefix="/dokumente/{document_id}")


@router.post("/angaben")
def correct(
    desk: AtDesk,
    document_id: str,
    version: EntryVersion,
    angabe: Annotated[str, Form(max_length=340)],
    wert: Annotated[str, Form(max_length=300)] = "",
) -> Response:
    """Correct a fact: ``angabe`` is kind and present value, ``wert`` what is right."""
    kind, _, replaces = angabe.partition("|")
    desk.services.facts.correct(
        desk.reader, document_id, version, kind=kind, value=wert, replaces=replaces
    )
    return desk.go(f"/dokumente/{document_id}")


@router.post("/vorgang")
def put_into(
    desk: AtDesk,
    document_id: str,
    version: EntryVersion,
    vorgang: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    """Put the document into a Vorgang of its case file, or (empty) out of every one."""
    desk.services.facts.put_into(desk.reader, document_id, version, vorgang or None)
    return desk.go(f"/dokumente/{document_id}")
