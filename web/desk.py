"""The desk: what a view needs of a request made by somebody who is signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import Depends
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from web.presenters.shell import HAS_POSTBOX, Shell, shell
from web.rendering import THEMES, Screens
from web.sessions import signed_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eakte.services import Services
    from eakte.services.accounts import SignedIn
    from eakte.services.views import PostboxSummary

THEME_COOKIE = "darstellung"
DONE = "erledigt"
"""The query parameter that says what was just done; it does not stay in the address."""


class Desk:
    """One request of one reader."""

    def __init__(self, request: Request, session: SignedIn) -> None:
        self.request = request
        self.session = session
        self.reader = session.reader
        self.services: Services = request.app.state.services
        self.screens: Screens = request.app.state.screens

    @property
    def partial(self) -> str | None:
        """The id of the element that htmx wants filled, None for a whole page.

        htmx 4 names its target as ``tag#id``.
        """
        if self.request.headers.get("hx-request") != "true":
            return None
        return self.request.headers.get("hx-target", "").partition("#")[2]

    def show(
        self,
        template: str,
        *,
        status: int = 200,
        frame_boxes: Sequence[PostboxSummary] | None = None,
        **values: object,
    ) -> HTMLResponse:
        """A whole page with its frame; ``frame_boxes``: the postboxes, where they are known."""
        frame = shell(
            self.reader,
            self.services.postboxes.summaries(self.reader) if frame_boxes is None else frame_boxes,
            csrf=self.session.csrf_token,
            path=self.request.url.path,
            theme=theme(self.request),
            query=str(values.get("query", "")),
            due=self.services.wiedervorlagen.due(self.reader)
            if self.reader.has_role(*HAS_POSTBOX)
            else 0,
        )
        response = self.screens.render(template, frame, values, status=status)
        if self.partial is not None and status == 200:  # htmx followed a redirect to this page
            response.headers["HX-Replace-Url"] = str(self.request.url.remove_query_params(DONE))
        return response

    def show_part(self, template: str, **values: object) -> HTMLResponse:
        """A part of a page."""
        frame = Shell(csrf=self.session.csrf_token)
        return self.screens.render(template, frame, values)

    def go(self, url: str) -> Response:
        """After a change: the next page is fetched with GET."""
        return RedirectResponse(url, status_code=303)


def theme(request: Request) -> str:
    """``light`` or ``dark`` where the reader chose, else empty: as the system has it."""
    chosen = request.cookies.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else ""


def desk(request: Request) -> Desk:
    """The desk of the signed-in reader; raises ``SignInNeeded`` for everybody else."""
    return Desk(request, signed_in(request))


AtDesk = Annotated[Desk, Depends(desk)]
