"""Hochladen: files from the desk into the intake, several at once, each with its own result.

Works as a plain form; ``js/upload.js`` sends the files one by one and shows how far each is.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, File, Form, Query, UploadFile
from starlette.responses import JSONResponse, Response

from eakte.errors import EakteError, NotPermitted, Unusable
from eakte.services.handing_in import MAY_UPLOAD, Facts, shown
from web.desk import AtDesk, Desk
from web.errors import page_for
from web.limits import UPLOAD, Limits
from web.presenters import upload as presenter

router = APIRouter(prefix=UPLOAD)

Number = Annotated[str, Form(max_length=64)]
Label = Annotated[str, Form(max_length=60)]


def _at_post(desk: Desk) -> Desk:
    """Raises ``NotPermitted`` for roles that have no post."""
    if not desk.reader.has_role(*MAY_UPLOAD):
        raise NotPermitted("Hochladen ist für Ihre Rolle nicht vorgesehen.")
    return desk


@router.get("")
def page(desk: AtDesk, akte: Annotated[str, Query(max_length=64)] = "") -> Response:
    """The form; ``akte`` is the file that somebody came from."""
    return _show(_at_post(desk), akte=akte)


@router.post("")
def upload(
    desk: AtDesk,
    *,
    dateien: Annotated[list[UploadFile], File()],
    aktenzeichen: Number = "",
    schlagwort: Label = "",
    zu_den_akten: Annotated[bool, Form()] = False,
) -> Response:
    """Take every file; what can't be taken says why, and the others are taken all the same."""
    _at_post(desk)
    limits: Limits = desk.request.app.state.limits
    if len(dateien) > limits.files:
        raise Unusable(
            f"Das sind {len(dateien)} Dateien; auf einmal gehen höchstens {limits.files}.",
            remedy="Bitte in mehreren Schritten hochladen; nichts wurde angenommen.",
        )
    facts = Facts(aktenzeichen=aktenzeichen, schlagwort=schlagwort)
    results = [_take(desk, file, facts, at_once=zu_den_akten) for file in dateien]
    if "application/json" in desk.request.headers.get("accept", ""):
        return JSONResponse([presenter.as_json(one) for one in results])
    return _show(desk, akte=aktenzeichen, schlagwort=schlagwort, results=tuple(results))


@router.get("/stand")
def progress(
    desk: AtDesk,
    id: Annotated[list[str], Query(max_length=100)],  # noqa: A002
) -> Response:
    """How far the reader's own uploads are, by id."""
    found = _at_post(desk).services.handing_in.progress(desk.reader, id)
    return JSONResponse({one.id: presenter.as_json(presenter.result(one)) for one in found})


def _take(desk: Desk, file: UploadFile, facts: Facts, *, at_once: bool) -> presenter.Result:
    name = file.filename or "ohne Namen"
    try:
        handed = desk.services.handing_in.upload(
            desk.reader, file.file, name, facts, at_once=at_once
        )
    except EakteError as error:
        if page_for(error).status not in {403, 422}:
            raise
        return presenter.refused(shown(name), str(error))
    return presenter.taken(handed)


def _show(
    desk: Desk, *, akte: str, schlagwort: str = "", results: tuple[presenter.Result, ...] = ()
) -> Response:
    limits: Limits = desk.request.app.state.limits
    return desk.show(
        "upload.html",
        akte=akte,
        schlagwort=schlagwort,
        choices=desk.services.postboxes.schlagwort_choices(),
        results=results,
        summary=presenter.summary(results),
        limits=limits,
    )
