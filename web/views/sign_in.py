"""Anmelden, Abmelden, Kennwort ändern, Darstellung; and where each role begins."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import RedirectResponse, Response

from eakte.errors import EakteError
from web.desk import THEME_COOKIE, AtDesk, Desk, theme
from web.presenters.shell import Shell, navigation
from web.rendering import THEMES
from web.sessions import (
    SIGN_IN,
    end_session,
    is_secure,
    local_target,
    session_token,
    start_session,
)

router = APIRouter()
YEAR = 365 * 24 * 3600


@router.get(SIGN_IN)
def sign_in_page(
    request: Request,
    weiter: Annotated[str, Query(max_length=500)] = "/",
    abgemeldet: Annotated[bool, Query()] = False,
) -> Response:
    """The form; somebody already signed in goes on at once."""
    token = session_token(request)
    if token and request.app.state.services.accounts.signed_in(token) is not None:
        return RedirectResponse(local_target(weiter), status_code=303)
    notice = "Sie sind abgemeldet." if abgemeldet else ""
    return sign_in_form(request, target=local_target(weiter), notice=notice)


def sign_in_form(
    request: Request,
    *,
    target: str,
    login: str = "",
    error: str = "",
    notice: str = "",
    status: int = 200,
) -> Response:
    """The sign-in page with what was typed before, never the password."""
    screens = request.app.state.screens
    response: Response = screens.render(
        "sign_in.html",
        Shell(theme=theme(request)),
        {"target": target, "login": login, "error": error, "notice": notice},
        status=status,
    )
    return response


@router.post(SIGN_IN)
def sign_in(
    request: Request,
    login: Annotated[str, Form(max_length=200)],
    kennwort: Annotated[str, Form(max_length=1000)],
    weiter: Annotated[str, Form(max_length=500)] = "/",
) -> Response:
    """Start a session, or say plainly that name and password do not fit."""
    try:
        token = request.app.state.services.accounts.sign_in(login.strip(), kennwort)
    except EakteError as error:
        return sign_in_form(
            request,
            target=local_target(weiter),
            login=login.strip(),
            error=str(error),
            status=401,
        )
    response = RedirectResponse(local_target(weiter), status_code=303)
    start_session(request, response, token)
    return response


@router.post("/abmelden")
def sign_out(desk: AtDesk) -> Response:
    """End this session on the server and in the browser."""
    desk.services.accounts.sign_out(session_token(desk.request) or "")
    response = desk.go(f"{SIGN_IN}?abgemeldet=1")
    end_session(desk.request, response)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@router.get("/kennwort")
def password_page(desk: AtDesk, geaendert: Annotated[bool, Query()] = False) -> Response:
    """The form for a new password."""
    return _password_page(desk, done=geaendert)


def _password_page(desk: Desk, *, error: str = "", done: bool = False) -> Response:
    first = desk.session.must_change
    status = 400 if error else 200
    return desk.show("password.html", status=status, error=error, done=done, first=first)


@router.post("/kennwort")
def change_password(
    desk: AtDesk,
    alt: Annotated[str, Form(max_length=1000)],
    neu: Annotated[str, Form(max_length=1000)],
    noch_einmal: Annotated[str, Form(max_length=1000)],
) -> Response:
    """Set the new password, or say what is wrong with it."""
    if neu != noch_einmal:
        return _password_page(desk, error="Die beiden neuen Kennwörter sind verschieden.")
    try:
        desk.services.accounts.change_password(desk.reader, alt, neu)
    except EakteError as error:
        return _password_page(desk, error=str(error))
    response = desk.go("/kennwort?geaendert=1")
    # Every session of the login has ended, this one too; the browser gets a fresh one.
    start_session(desk.request, response, desk.services.accounts.sign_in(desk.reader.login, neu))
    return response


@router.post("/darstellung")
def choose_theme(desk: AtDesk, thema: Annotated[str, Form(max_length=10)] = "") -> Response:
    """Light, dark, or as the system has it; kept in this browser."""
    referer = urlsplit(desk.request.headers.get("referer", "/"))
    target = referer.path + (f"?{referer.query}" if referer.query else "")
    response = desk.go(local_target(target))
    response.set_cookie(
        THEME_COOKIE,
        thema if thema in THEMES else "",
        max_age=YEAR,
        httponly=True,
        samesite="lax",
        secure=is_secure(desk.request),
    )
    return response


@router.get("/")
def start(desk: AtDesk) -> Response:
    """Where this reader's work begins."""
    areas = navigation(desk.reader, (), "/")
    return desk.go(areas[0].url) if areas else desk.show("start.html")
