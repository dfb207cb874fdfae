"""Who is signed in: the session cookie, and the token that forms carry against forgery.

The cookie holds an opaque token; the session itself, with the token of its forms, is the services'
affair.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from eakte.errors import NotPermitted
from web.limits import API
from web.security import FROM_ELSEWHERE, SAFE_METHODS

if TYPE_CHECKING:
    from starlette.responses import Response

    from eakte.services.accounts import SignedIn

FORM_FIELD = "csrf"
BY_ITSELF = "x-eakte-von-selbst"
"""On requests that a page makes by itself: they do not keep a session from idling."""
EVENTS = "/ereignisse"
FORM_HEADER = "X-CSRF-Token"
SIGN_IN = "/anmelden"
CHOOSE_ANOTHER = "/kennwort"
OPEN_BEFORE_CHANGE = frozenset({CHOOSE_ANOTHER, "/abmelden", "/darstellung"})
"""What is open while a generated password is yet to be changed."""


class SignInNeeded(Exception):
    """Nobody is signed in; the browser is sent to the sign-in page."""


class PasswordChangeNeeded(SignInNeeded):
    """Signed in with a generated password: the browser is sent to choose one of their own."""


def is_secure(request: Request) -> bool:
    """Whether cookies may travel over https only: the settings say so, or the request does."""
    return bool(request.app.state.secure_cookies) or request.url.scheme == "https"


def cookie_name(request: Request) -> str:
    """``__Host-`` binds the cookie to this host, which browsers allow over https only."""
    return "__Host-eakte" if is_secure(request) else "eakte"


def session_token(request: Request) -> str | None:
    """The opaque token that the browser sent."""
    return request.cookies.get(cookie_name(request)) or None


def start_session(request: Request, response: Response, token: str) -> None:
    """Hand the token to the browser.

    ``SameSite=Lax`` rather than ``Strict``: a link from the specialist application must open a
    file without a second sign-in; forged POSTs are stopped by origin and form token.
    """
    response.set_cookie(
        cookie_name(request),
        token,
        httponly=True,
        samesite="lax",
        secure=is_secure(request),
        path="/",
    )


def end_session(request: Request, response: Response) -> None:
    """Make the browser forget the token."""
    response.delete_cookie(
        cookie_name(request),
        httponly=True,
        samesite="lax",
        secure=is_secure(request),
        path="/",
    )


def signed_in(request: Request) -> SignedIn:
    """Who is signed in, looked up once a request; raises ``SignInNeeded`` for everybody else.

    Raises ``PasswordChangeNeeded`` wherever a password must be changed first.
    """
    known: SignedIn | None = getattr(request.state, "signed_in", None)
    if known is None:
        token = session_token(request)
        by_itself = request.headers.get(BY_ITSELF) is not None or request.url.path == EVENTS
        accounts = request.app.state.services.accounts
        known = accounts.signed_in(token, in_use=not by_itself) if token else None
        if known is None:
            raise SignInNeeded
        if known.must_change and request.url.path not in OPEN_BEFORE_CHANGE:
            raise PasswordChangeNeeded
        request.state.signed_in = known
    return known


async def verify_form(request: Request) -> None:
    """Refuse an unsafe request without the session's form token.

    Signing in has no session to take a token from; there the origin check stands alone.  No cookie
    counts for programmes (``/api/``), nor for the call of the Fachverfahren, which changes nothing.
    """
    path = request.url.path
    if request.method in SAFE_METHODS or path in {SIGN_IN, FROM_ELSEWHERE} or path.startswith(API):
        return
    session = await run_in_threadpool(signed_in, request)
    sent = request.headers.get(FORM_HEADER)
    if sent is None:
        field = (await request.form()).get(FORM_FIELD)
        sent = field if isinstance(field, str) else ""
    if not hmac.compare_digest(sent.encode(), session.csrf_token.encode()):
        raise NotPermitted(
            "Das Formular gehört nicht zu dieser Anmeldung; nichts wurde geändert.",
            remedy="Bitte die Seite neu laden und den Schritt wiederholen.",
        )


def local_target(value: str) -> str:
    """Where to go after signing in: only a path of this server, never another site."""
    if value.startswith("/") and not value.startswith(("//", "/\\")) and value.isprintable():
        return value
    return "/"
