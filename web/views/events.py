"""What happens elsewhere, told to the browser at once (server-sent events)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool

from eakte.errors import EakteError
from eakte.services.clearing_views import LookView
from web.desk import AtDesk, Desk
from web.presenters.windows import address
from web.sessions import session_token

router = APIRouter()
INTERVAL_SECONDS = 1.5
"""How long a letter may lie in a postbox before it shows; every open tab asks this often."""
WINDOW_SECONDS = 0.15
"""How often a file window looks whether it was called."""
TOUCH_SECONDS = 25.0
"""How often a file window says that it is still open."""


@router.get("/ereignisse", response_class=EventSourceResponse)
async def events(
    desk: AtDesk,
    fenster: Annotated[str, Query(max_length=64)] = "",
    gezeigt: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
) -> AsyncIterator[ServerSentEvent]:
    """``stand`` with the counts whenever they change, ``ende`` when the session is over.

    To a file window also ``akte`` when it is to show another one than ``gezeigt``, its last call.
    """
    window = WindowCalls(desk, fenster, gezeigt) if fenster else None
    before = ""
    while True:
        try:
            now = await run_in_threadpool(state, desk)
            if now != before:
                if not await run_in_threadpool(signed_in_still, desk):
                    yield ServerSentEvent(event="ende", raw_data="{}")
                    return
                before = now
                counts = await run_in_threadpool(counted, desk)
                yield ServerSentEvent(event="stand", data={"counts": counts})
            if window is None:
                await asyncio.sleep(INTERVAL_SECONDS)
            elif (call := await window.wait(INTERVAL_SECONDS)) is not None:
                yield call
        except EakteError:
            return  # the browser connects again by itself


def signed_in_still(desk: Desk) -> bool:
    """Whether the session of the stream has not ended."""
    token = session_token(desk.request) or ""
    return desk.services.accounts.signed_in(token, in_use=False) is not None


class WindowCalls:
    """The calls of one file window, while its stream is open."""

    def __init__(self, desk: Desk, window_id: str, shown: int) -> None:
        self.desk, self.id, self.shown = desk, window_id, shown
        self.touched = time.monotonic()

    async def wait(self, seconds: float) -> ServerSentEvent | None:
        """The next call, or None after ``seconds`` without one."""
        until = time.monotonic() + seconds
        windows = self.desk.services.windows
        while time.monotonic() < until:
            await asyncio.sleep(WINDOW_SECONDS)
            if time.monotonic() - self.touched > TOUCH_SECONDS:
                self.touched = time.monotonic()
                await run_in_threadpool(windows.touch, self.desk.reader, self.id)
            if await self.desk.request.app.state.following.seq(self.id) <= self.shown:
                continue
            call = await run_in_threadpool(windows.call, self.desk.reader, self.id)
            if call is not None and call.seq > self.shown:
                if not await run_in_threadpool(signed_in_still, self.desk):
                    return None
                self.shown = call.seq
                told = {"seq": call.seq, "url": address(call, self.id), "akte": call.aktenzeichen}
                return ServerSentEvent(event="akte", data=told)
        return None


def state(desk: Desk) -> str:
    """A token that changes with anything that this reader's screens show."""
    token = desk.services.postboxes.changed(desk.reader)
    token += "|" + _looks(desk.services.presence.looks(desk.reader))
    if desk.reader.at_clearing_desk:
        token += "|" + desk.services.arrivals.changed(desk.reader)
        token += "|" + _looks(desk.services.clearing_desk.looks(desk.reader))
    return token


def _looks(looks: Mapping[str, LookView]) -> str:
    return " ".join(sorted(f"{look.login}:{look.document_id}" for look in looks.values()))


def counted(desk: Desk) -> dict[str, int]:
    """Tasks by postbox; ``mine`` is the own one and those stood in for."""
    boxes = desk.services.postboxes.summaries(desk.reader)
    counts = {box.id: box.tasks for box in boxes}
    counts["wiedervorlagen"] = desk.services.wiedervorlagen.due(desk.reader)
    counts["mine"] = sum(box.tasks for box in boxes if box.kind in {"own", "deputy"})
    return counts
