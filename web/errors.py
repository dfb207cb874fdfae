"""Which error becomes which page.  Domain errors know no HTTP; this table does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from eakte import errors
from web.desk import Desk, theme
from web.presenters.shell import Shell
from web.problems import Problem, is_for_programmes, problem
from web.rendering import Screens
from web.security import HEADERS, SAFE_METHODS
from web.sessions import CHOOSE_ANOTHER, SIGN_IN, PasswordChangeNeeded, SignInNeeded, signed_in

if TYPE_CHECKING:
    from eakte.services.accounts import SignedIn

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """Status and heading; ``message`` replaces the error's own where that would tell too much."""

    status: int
    title: str
    message: str | None = None


NOT_FOUND = ErrorPage(
    404,
    "Nicht gefunden",
    "Diese Seite gibt es nicht, oder sie ist für Sie nicht freigegeben.",
)
PAGES: dict[type[Exception], ErrorPage] = {
    errors.NotFound: NOT_FOUND,
    errors.NotPermitted: ErrorPage(403, "Nicht erlaubt"),
    errors.Conflict: ErrorPage(409, "Inzwischen geändert"),
    errors.Unavailable: ErrorPage(503, "Vorübergehend nicht verfügbar"),
    errors.EngineError: ErrorPage(503, "Vorübergehend nicht verfügbar"),
    errors.Unusable: ErrorPage(422, "So nicht anzunehmen"),
    errors.ServiceMissing: ErrorPage(503, "Ein Dienst fehlt"),
    errors.Damaged: ErrorPage(500, "Gespeicherte Daten sind beschädigt"),
    errors.EakteError: ErrorPage(400, "Das ging nicht"),
}
UNEXPECTED = ErrorPage(
    500,
    "Fehler im Programm",
    "Das hätte nicht geschehen dürfen. Es ist nichts verloren; der Fehler ist aufgezeichnet.",
)
HTTP_PAGES = {
    404: NOT_FOUND,
    405: NOT_FOUND,
    413: ErrorPage(413, "Zu groß", "Die gesendeten Daten sind zu groß."),
    422: ErrorPage(
        400, "Angaben unvollständig", "In der Anfrage fehlten Angaben, oder sie waren ungültig."
    ),
}


def page_for(error: Exception) -> ErrorPage:
    """The page of the nearest class in the table."""
    for kind in type(error).__mro__:
        if issubclass(kind, Exception) and kind in PAGES:
            return PAGES[kind]
    return UNEXPECTED


def answer(request: Request, page: ErrorPage, error: Exception) -> Response:
    """The error as a page, as a part of a page for htmx, with the frame where one is signed in."""
    if is_for_programmes(request):
        return _as_problem(page, error)
    screens: Screens = request.app.state.screens
    known = error if isinstance(error, errors.EakteError) else None
    # A lookup must not tell unknown from forbidden; an action may name what was not found.
    fixed = None if known and request.method not in SAFE_METHODS else page.message
    values: dict[str, Any] = {
        "error_status": page.status,
        "title": page.title,
        "text": fixed or (known.message if known else ""),
        "remedy": "" if fixed or known is None else known.remedy,
        "retryable": known.retryable if known else False,
    }
    if request.headers.get("hx-request") == "true":
        return as_message(screens.render("_error.html", Shell(), values, status=page.status))
    session = None if page.status in {500, 503} else _session(request)
    if session is not None:
        return Desk(request, session).show("error.html", status=page.status, **values)
    frame = Shell(theme=theme(request))
    return screens.render("error.html", frame, values, status=page.status)


def _as_problem(page: ErrorPage, error: Exception) -> Response:
    """The same for a programme; what is wrong with a request is told by field."""
    detail, code = page.message or page.title, f"http_{page.status}"
    if isinstance(error, errors.EakteError):
        detail, code = (page.message if page is NOT_FOUND else None) or str(error), error.code
    elif isinstance(error, RequestValidationError):
        first = error.errors()[0]
        detail = f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
        return problem(422, "Angaben unvollständig", detail, "invalid")
    return problem(page.status, page.title, detail, code)


def as_message(response: Response) -> Response:
    """For the message area: what was typed elsewhere on the page stays there."""
    response.headers["HX-Retarget"] = "#meldungen"
    response.headers["HX-Reswap"] = "innerHTML"
    response.headers["HX-Reselect"] = ".meldung"
    return response


def _session(request: Request) -> SignedIn | None:
    try:
        return signed_in(request)
    except (SignInNeeded, errors.EakteError):  # the error page needs nobody; then without frame
        return None


def _to_the_door(request: Request, error: SignInNeeded) -> Response:
    """Where somebody signs in, or first chooses a password of their own."""
    shows_pages = "text/html" in request.headers.get("accept", "")
    if isinstance(error, PasswordChangeNeeded) and shows_pages:
        return RedirectResponse(CHOOSE_ANOTHER, status_code=303)
    if request.headers.get("hx-request") == "true":
        return as_message(
            request.app.state.screens.render("_signed_out.html", Shell(), {}, status=401)
        )
    if not shows_pages:
        return Response(status_code=401)
    target = request.url.path
    if request.method not in SAFE_METHODS:
        target = "/"
    elif request.url.query:
        target += f"?{request.url.query}"
    suffix = "" if target == "/" else f"?weiter={quote(target, safe='')}"
    return RedirectResponse(SIGN_IN + suffix, status_code=303)


def install(app: FastAPI) -> None:
    """Register the handlers."""

    @app.exception_handler(errors.EakteError)
    def on_known(request: Request, error: errors.EakteError) -> Response:
        return answer(request, page_for(error), error)

    @app.exception_handler(HTTPException)
    def on_http(request: Request, error: HTTPException) -> Response:
        page = HTTP_PAGES.get(error.status_code, ErrorPage(error.status_code, "Das ging nicht"))
        return answer(request, page, error)

    @app.exception_handler(RequestValidationError)
    def on_invalid(request: Request, error: RequestValidationError) -> Response:
        in_path = any(problem["loc"][0] == "path" for problem in error.errors())
        return answer(request, NOT_FOUND if in_path else HTTP_PAGES[422], error)

    @app.exception_handler(Problem)
    def on_problem(_request: Request, error: Problem) -> Response:
        return problem(error.status, error.detail, error.detail, error.code, error.headers)

    @app.exception_handler(SignInNeeded)
    def on_stranger(request: Request, error: SignInNeeded) -> Response:
        return _to_the_door(request, error)

    @app.exception_handler(Exception)
    def on_bug(request: Request, error: Exception) -> Response:
        # The route, never the address: the address of a case file holds its number.
        route = getattr(request.scope.get("route"), "path", "")
        log.error("unexpected error", route=route, exc_info=error)
        response = answer(request, UNEXPECTED, error)
        for name, value in HEADERS:  # this handler runs outside the security middleware
            response.headers.setdefault(name, value)
        return response
