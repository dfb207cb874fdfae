"""Eingang: the scan centre's live list of what is arriving, and the quarantine."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query
from starlette.responses import Response

from eakte.services.arrivals import MOST
from web.desk import AtDesk
from web.presenters import arrivals as presenter

router = APIRouter(prefix="/eingang")
ASIDE = {"quarantaene": "quarantined", "ungeoeffnet": "unopened"}
"""Lists of what did not go its way, and the state that it is in."""
ON_THE_WAY = {"erkennung": "received", "trennen": "recognised"}
"""Lists of what is on its way, behind the figures of the scan centre."""


@router.get("")
def arrivals(desk: AtDesk, nur: Annotated[str, Query(max_length=20)] = "") -> Response:
    """The newest arrivals; ``nur`` shows one of :data:`ASIDE` alone, also what came long ago."""
    listed = desk.services.arrivals.recent
    states = ASIDE | ON_THE_WAY
    found = listed(desk.reader, state=states.get(nur))
    values: dict[str, Any] = {
        "rows": presenter.rows(found, datetime.now(UTC)),
        "only": nur if nur in states else "",
    }
    if desk.partial == "liste":
        return desk.show_part("_arrivals_list.html", **values)
    counts = {
        one: presenter.counted(listed(desk.reader, state=state), MOST)
        for one, state in ASIDE.items()
    }
    return desk.show("arrivals.html", counts=counts, **values)


@router.get("/{source_id}/umschlag")
def envelope(desk: AtDesk, source_id: str) -> Response:
    """The envelope of post that was not opened; nothing else of it is shown."""
    image = desk.services.arrivals.envelope(desk.reader, source_id)
    headers = {"Cache-Control": "no-store"}
    return Response(image.data, media_type=image.media_type, headers=headers)


@router.post("/{source_id}/oeffnen")
def open_after_all(
    desk: AtDesk, source_id: str, grund: Annotated[str, Form(max_length=2000)]
) -> Response:
    """What was taken for an envelope goes the way of a letter."""
    desk.services.arrivals.open_after_all(desk.reader, source_id, grund)
    return desk.go("/eingang")
