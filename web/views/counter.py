"""Auskunft: where a letter is, for callers and the counter; receipts for papers handed in.

What is asked for goes by POST: names and numbers stand in no address and no log.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query
from starlette.responses import Response

from eakte.services.lookup import check_counter
from web.desk import AtDesk
from web.presenters import counter as presenter
from web.presenters import german
from web.presenters.counter import HERE, RECEIPTS
from web.views.postboxes import EntryVersion

router = APIRouter()
Number = Annotated[str, Form(max_length=64)]
Name = Annotated[str, Form(max_length=200)]
Born = Annotated[str, Form(max_length=10, pattern=r"^(\d{4}-\d\d-\d\d)?$")]


@router.get(HERE)
def form(desk: AtDesk) -> Response:
    """Two ways to ask: by number, or by surname and birth date."""
    check_counter(desk.reader)
    return desk.show("counter.html", answer=None)


@router.post(HERE)
def look_up(desk: AtDesk, akte: Number = "", nachname: Name = "", geboren: Born = "") -> Response:
    """What may be told; every question is in the audit log."""
    lookup = desk.services.lookup
    if akte.strip():
        found = lookup.by_number(desk.reader, akte)
    elif (born := german.date_of(geboren)) is not None:
        found = lookup.by_name(desk.reader, nachname, born)
    else:
        check_counter(desk.reader)
        return desk.show("counter.html", answer=presenter.NOTHING_ASKED)
    today = desk.services.absence_lists.today(desk.reader)
    return desk.show("counter.html", answer=presenter.answer(found, today))


@router.get(RECEIPTS)
def receipts(desk: AtDesk, neu: Annotated[str, Query(max_length=36)] = "") -> Response:
    """A new receipt, and those whose scan has not come yet; ``neu`` was made just now."""
    waiting = desk.services.counter_receipts.waiting(desk.reader)
    return desk.show("counter_receipts.html", **presenter.receipt_values(waiting, desk.reader, neu))


@router.post(RECEIPTS)
def make_receipt(
    desk: AtDesk,
    akte: Number,
    nachname: Name,
    unterlagen: Annotated[str, Form(max_length=400)],
    blaetter: Annotated[str, Form(max_length=4, pattern=r"^\d{0,4}$")] = "",
) -> Response:
    """Papers taken in; then it is printed."""
    made = desk.services.counter_receipts.make(
        desk.reader, akte, nachname, unterlagen, int(blaetter) if blaetter else None
    )
    return desk.go(f"{RECEIPTS}?neu={made}")


@router.get(RECEIPTS + "/{receipt_id}/beleg.pdf")
def sheet(desk: AtDesk, receipt_id: str) -> Response:
    """The receipt to print: the sheet for the papers and the client's page."""
    data = desk.services.counter_receipts.sheet(desk.reader, receipt_id)
    headers = {
        "Content-Disposition": 'inline; filename="beleg.pdf"',
        "Cache-Control": "no-store",
    }
    return Response(data, media_type="application/pdf", headers=headers)


@router.post(RECEIPTS + "/{receipt_id}/erledigt")
def close(
    desk: AtDesk,
    receipt_id: str,
    version: EntryVersion,
    grund: Annotated[str, Form(max_length=400)],
) -> Response:
    """No scan will come."""
    desk.services.counter_receipts.close(desk.reader, receipt_id, version, grund)
    return desk.go(RECEIPTS)
