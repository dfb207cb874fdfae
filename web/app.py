"""The web application: routes, errors, security, files.  No rule of the field lives here."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import Depends, FastAPI
from starlette.routing import Route

from web import assets, errors
from web.characters import refuse_zeros
from web.following import Following
from web.limits import BodyLimit, Limits, RateLimit
from web.rendering import Screens
from web.security import SecurityMiddleware
from web.sessions import verify_form
from web.views import ROUTERS

if TYPE_CHECKING:
    from eakte.services import Services


def create_app(
    services: Services,
    *,
    secure_cookies: bool = False,
    allowed_origins: Iterable[str] = (),
    authority: str = "",
    node_modules: Path = assets.NODE_MODULES,
    limits: Limits | None = None,
) -> FastAPI:
    """The application over ``services``; ``node_modules`` holds the front-end packages.

    ``secure_cookies``: cookies travel over https only, also where a proxy ends it before us.
    ``authority``: whose product this is, shown on every screen.
    ``limits``: how much may be sent.
    ``allowed_origins``: further origins from which forms may come (``https://akte.example``).
    Raises ``ServiceMissing`` where a front-end package is not installed.
    """
    files = assets.collect(node_modules)
    app = FastAPI(
        title="E-Akte",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        dependencies=[Depends(verify_form), Depends(refuse_zeros)],
    )
    app.state.services = services
    app.state.following = Following(services.windows)
    app.state.screens = Screens(files, authority)
    app.state.secure_cookies = secure_cookies
    app.state.limits = limits or Limits()
    app.state.rate = RateLimit(app.state.limits.per_minute)
    app.add_middleware(BodyLimit, limits=app.state.limits)
    app.add_middleware(
        SecurityMiddleware, secure=secure_cookies, allowed_origins=frozenset(allowed_origins)
    )
    errors.install(app)
    app.router.routes.append(Route("/static/{digest}/{name:path}", files.serve))
    for router in ROUTERS:
        app.include_router(router)
    return app
