"""What every answer says to the browser, and which requests are refused before any view runs.

The second half of the protection against forged requests, the token in the form, is in
``sessions.py``: it needs the session.  Reasons: ``docs/adr/0061-sessions-and-forgery.md``.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.limits import API

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
FROM_ELSEWHERE = "/oeffnen"
"""Forms of the Fachverfahren come here; the view changes nothing and knows nobody."""

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",  # KERN's icons are data: masks
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS: Iterable[tuple[str, str]] = (
    ("Content-Security-Policy", CONTENT_SECURITY_POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
)
STRICT_TRANSPORT = "max-age=31536000"


def same_origin(headers: Headers, host: str, allowed: frozenset[str] = frozenset()) -> bool:
    """Whether an unsafe request comes from a page of this very server.

    ``allowed`` are further origins (``https://akte.example``) under which a proxy publishes it.

    Browsers send ``Sec-Fetch-Site``; those that do not, send ``Origin`` with every POST.  A
    request with neither comes from no browser page and is refused as well: programs use the
    command line.
    """
    site = headers.get("sec-fetch-site")
    if site is not None and site != "same-origin":
        return False
    origin = headers.get("origin")
    if origin is None:
        return site == "same-origin"
    return urlsplit(origin).netloc == host or origin in allowed


class SecurityMiddleware:
    """Refuses unsafe requests from elsewhere; writes the security headers on every answer."""

    def __init__(self, app: ASGIApp, *, secure: bool, allowed_origins: frozenset[str]) -> None:
        self.app = app
        self.secure = secure
        self.allowed_origins = allowed_origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                for name, value in HEADERS:
                    answer.setdefault(name, value)
                answer.setdefault("Cache-Control", "no-store")
                if self.secure or scope["scheme"] == "https":
                    answer.setdefault("Strict-Transport-Security", STRICT_TRANSPORT)
            await send(message)

        # Programmes show a token and no cookie counts for them: there is nothing to forge.
        path = scope["path"]
        from_page = scope["method"] not in SAFE_METHODS and not path.startswith(API)
        from_page = from_page and path != FROM_ELSEWHERE
        if from_page and not same_origin(headers, headers.get("host", ""), self.allowed_origins):
            refusal = PlainTextResponse(
                "Diese Anfrage kam nicht von einer Seite der E-Akte und wurde abgewiesen.",
                status_code=403,
            )
            await refusal(scope, receive, send_with_headers)
            return
        await self.app(scope, receive, send_with_headers)
