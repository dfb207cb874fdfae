"""Scanstelle: what is arriving and what waits; it follows by itself."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from web.desk import AtDesk
from web.presenters import scan_centre as presenter

router = APIRouter()


@router.get(presenter.HERE)
def scan_centre(desk: AtDesk) -> Response:
    """The figures, or the part of the page that follows."""
    values: dict[str, Any] = {
        "figures": presenter.screen(desk.services.scan_centre.view(desk.reader))
    }
    if desk.partial == "zahlen":
        return desk.show_part("_scan_centre.html", **values)
    return desk.show("scan_centre.html", **values)
