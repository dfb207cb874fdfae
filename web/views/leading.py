"""Zahlen: what lies open in the reader's teams, and what the days brought."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from eakte.domain.live_settings import SPANS
from web.desk import AtDesk
from web.presenters import leading as presenter

router = APIRouter(prefix=presenter.HERE)
Days = Annotated[int, Query(ge=1, le=366)]


@router.get("")
def figures(desk: AtDesk, tage: Days | None = None) -> Response:
    """Charts and tables of the last days; of as many as the setting says, unless asked."""
    view = desk.services.statistics.view(desk.reader, tage)
    return desk.show("leading.html", spans=SPANS, **presenter.values(view))


@router.get("/tage.csv")
def days_file(desk: AtDesk, tage: Days | None = None) -> Response:
    """One line a day and team."""
    view = desk.services.statistics.export(desk.reader, tage)
    return _file(presenter.days_csv(view), "tage.csv")


@router.get("/offen.csv")
def open_file(desk: AtDesk) -> Response:
    """One line a postbox."""
    view = desk.services.statistics.export(desk.reader, 1)
    return _file(presenter.open_csv(view), "offen.csv")


def _file(text: str, name: str) -> Response:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
    }
    return Response(text.encode(), media_type="text/csv; charset=utf-8", headers=headers)
