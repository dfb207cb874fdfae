"""What file windows are called to show, as this process knows it: one question for all streams."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool

from eakte.domain.rights import system_reader

if TYPE_CHECKING:
    from eakte.services.windows import Windows

STREAM = system_reader("events")
FRESH_SECONDS = 0.15
"""How old the answer may be: a call must be on the second monitor within half a second."""


class Following:
    """The newest call of every window, asked of the database once for all that wait here."""

    def __init__(self, windows: Windows) -> None:
        self.windows = windows
        self._known: Mapping[str, int] = {}
        self._asked = float("-inf")
        self._asking = asyncio.Lock()

    async def seq(self, window_id: str) -> int:
        """The number of the newest call for that window; 0 without one of the last minutes."""
        async with self._asking:
            if time.monotonic() - self._asked > FRESH_SECONDS:
                self._known = await run_in_threadpool(self.windows.calls, STREAM)
                self._asked = time.monotonic()
        return self._known.get(window_id, 0)
