"""``eakte serve``: the supervisor of one process tree.

Imports little, because it stays: what works is in its children.
"""

from __future__ import annotations

import importlib
import threading
import urllib.error
import urllib.request
from contextlib import suppress
from typing import Annotated

import typer

from eakte.bootstrap import Product, require_recognition
from eakte.cli.opening import product_to_run
from eakte.cli.options import ConfigOption, HostOption, PortOption
from eakte.cli.output import say
from eakte.cli.processes import Child, only_one, stop_on_signal, supervise
from eakte.cli.sockets import listen


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("serve")(serve)


def serve(
    *,
    demo: Annotated[bool, typer.Option("--demo", help="Lässt 60 Briefe eingehen.")] = False,
    host: HostOption = None,
    port: PortOption = None,
    config: ConfigOption = None,
) -> None:
    """Startet alles in einem Prozessbaum: Web, Posteingang, Verarbeitung, Index."""
    product = product_to_run(config)
    require_recognition(product.settings)
    values = product.settings.values.web
    host, port = host or values.host, port or values.port
    home = product.settings.home
    with (
        only_one(home / "serve.lock", "Der Server"),
        stop_on_signal() as stop,
        listen(host, port) as door,
    ):
        folder = ["--config", str(product.settings.config)]
        children = [
            Child("web", "--fd", str(door.fileno()), *folder, pass_fds=(door.fileno(),)),
            Child("worker", "--with-inbox", *folder),
        ]
        threading.Thread(
            target=_announce, args=(product, host, port, stop), kwargs={"demo": demo}, daemon=True
        ).start()
        code = supervise(children, stop)
    if code:
        raise typer.Exit(code)


def _announce(product: Product, host: str, port: int, stop: threading.Event, *, demo: bool) -> None:
    """Once it answers, say where it is; then let the demo's post arrive."""
    near = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104
    address = f"http://{near}:{port}"
    while not stop.wait(0.2):
        with (
            suppress(urllib.error.URLError, OSError),
            urllib.request.urlopen(f"{address}/healthz", timeout=2) as answer,  # noqa: S310
        ):
            if answer.status == 200:
                break
    if stop.is_set():
        return
    say(f"\nE-Akte läuft: {address}")
    say(f"Posteingang:   {product.inbox}")
    if demo:
        # Imported here by name: only the demo needs the letter writer and its fonts.
        importlib.import_module("eakte.cli.demo_post").deliver(product, stop)
