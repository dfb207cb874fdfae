"""What happens elsewhere, told to the browser at once (server-sent events)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from fastapi import APIRouter
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool

from eakte.errors import EakteError
from web.desk import AtDesk, Desk
from web.sessions import session_token

router = APIRouter()
INTERVAL_SECONDS = 1.5
"""How long a letter may lie in a postbox before it shows; every open tab asks this often."""


@router.get("/ereignisse", response_class=EventSourceResponse)
async def events(desk: AtDesk) -> AsyncIterator[ServerSentEvent]:
    """``stand`` with the counts whenever they change, ``ende`` when the session is over."""
    token = session_token(desk.request) or ""
    before = ""
    while True:
        try:
            now = await run_in_threadpool(state, desk)
            if now != before:
                if (
                    await run_in_threadpool(desk.services.accounts.signed_in, token, in_use=False)
                    is None
                ):
                    yield ServerSentEvent(event="ende", raw_data="{}")
                    return
                before = now
                counts = await run_in_threadpool(counted, desk)
                yield ServerSentEvent(event="stand", data={"counts": counts})
        except EakteError:
            return  # the browser connects again by itself
        await asyncio.sleep(INTERVAL_SECONDS)


def state(desk: Desk) -> str:
    """A token that changes with anything that this reader's screens show."""
    token = desk.services.postboxes.changed(desk.reader)
    if desk.reader.at_clearing_desk:
        token += "|" + desk.services.arrivals.changed(desk.reader)
        looks = desk.services.clearing_desk.looks(desk.reader).values()
        token += "|" + " ".join(sorted(f"{look.login}:{look.document_id}" for look in looks))
    return token


def counted(desk: Desk) -> dict[str, int]:
    """Tasks by postbox; ``mine`` is the own one and those stood in for."""
    boxes = desk.services.postboxes.summaries(desk.reader)
    counts = {box.id: box.tasks for box in boxes}
    counts["mine"] = sum(box.tasks for box in boxes if box.kind in {"own", "deputy"})
    return counts
