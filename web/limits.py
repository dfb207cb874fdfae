"""How much a request may send: refused at its first line, or as soon as it sends more.

Without it a form of a few fields could fill the disk with what nobody asked for.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

API = "/api/"
UPLOAD = "/eingang/hochladen"
FORM_BYTES = 4_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """``[upload]`` and ``[api]`` of the settings; sizes in millions of bytes.

    ``files`` is how many an upload without JavaScript may hold; ``per_minute`` how many requests a
    token may make.
    """

    upload_megabytes: int = 200
    files: int = 50
    api_megabytes: int = 100
    per_minute: int = 300

    def bytes_for(self, path: str) -> int:
        """The most that a request to ``path`` may send."""
        if path.startswith(API):
            return self.api_megabytes * 1_000_000 + FORM_BYTES
        if path == UPLOAD:
            return self.upload_megabytes * 1_000_000 + FORM_BYTES
        return FORM_BYTES


class BodyLimit:
    """Stops a body that is larger than its address allows: 413, before it is stored."""

    def __init__(self, app: ASGIApp, *, limits: Limits) -> None:
        self.app = app
        self.limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        most = FORM_BYTES
        if "authorization" in headers or "cookie" in headers:  # strangers send no files
            most = self.limits.bytes_for(scope["path"])
        said = headers.get("content-length", "")
        too_large = said.isdecimal() and int(said) > most
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            if too_large:
                raise HTTPException(413)
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > most:
                raise HTTPException(413)
            return message

        await self.app(scope, counted, send)


@dataclass(slots=True)
class RateLimit:
    """At most so many requests a minute for each key, in this process (a leaky bucket)."""

    per_minute: int
    clock: Callable[[], float] = time.monotonic
    _levels: dict[str, tuple[float, float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait_seconds(self, key: str) -> int:
        """0 where the request may go on (and counts), else after how many seconds it may."""
        now = self.clock()
        rate = self.per_minute / 60
        with self._lock:
            level, since = self._levels.get(key, (0.0, now))
            level = max(0.0, level - (now - since) * rate)
            if level + 1 > self.per_minute:
                return math.ceil((level + 1 - self.per_minute) / rate)
            self._levels[key] = (level + 1, now)
            return 0
