"""``eakte web``: the web server alone, or as a child of ``eakte serve``."""

from __future__ import annotations

from typing import Annotated

import typer
import uvicorn

from eakte.bootstrap.live_settings import kept_current
from eakte.cli.opening import product_to_run
from eakte.cli.options import ConfigOption, HostOption, PortOption
from eakte.cli.processes import end_with_parent
from eakte.cli.sockets import inherited, listen
from web.app import create_app
from web.limits import Limits


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("web")(web)


def web(
    *,
    host: HostOption = None,
    port: PortOption = None,
    fd: Annotated[int | None, typer.Option("--fd", hidden=True)] = None,
    config: ConfigOption = None,
) -> None:
    """Startet nur den Webserver."""
    end_with_parent()
    product = product_to_run(config)
    values = product.settings.values.web
    upload, api = product.settings.values.upload, product.settings.values.api
    app = create_app(
        product.services,
        secure_cookies=values.secure_cookies,
        allowed_origins=values.allowed_origins,
        authority=product.settings.values.authority.name,
        limits=Limits(
            upload_megabytes=upload.max_megabytes,
            files=upload.max_files,
            api_megabytes=api.max_megabytes,
            per_minute=api.per_minute,
        ),
    )
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=3,
        )
    )
    door = listen(host or values.host, port or values.port) if fd is None else inherited(fd)
    with door as socket, kept_current(product.settings, product.services):
        server.run(sockets=[socket])
