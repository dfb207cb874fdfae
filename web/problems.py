"""Errors for programmes: ``application/problem+json`` (RFC 9457), for ``/api/`` alone."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from web.limits import API

media_type = "application/problem+json"


class Problem(Exception):
    """An error that only programmes meet: a missing token, too many requests."""

    def __init__(
        self, status: int, detail: str, *, code: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.code = code
        self.headers = dict(headers or {})


def is_for_programmes(request: Request) -> bool:
    """Whether whoever asked expects JSON rather than a page."""
    return request.url.path.startswith(API)


def problem(
    status: int, title: str, detail: str, code: str, headers: Mapping[str, str] | None = None
) -> Response:
    """The answer; ``code`` is stable, ``detail`` is a sentence for whoever reads the log."""
    return JSONResponse(
        {
            "type": "about:blank",
            "title": title,
            "status": status,
            "detail": detail,
            "code": code,
        },
        status_code=status,
        media_type=media_type,
        headers=dict(headers or {}),
    )
