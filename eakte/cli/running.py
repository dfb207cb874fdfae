"""``eakte serve`` and its parts: ``web``, ``inbox``, ``worker``."""

from __future__ import annotations

import socket
import threading
import urllib.error
import urllib.request
from contextlib import suppress
from datetime import timedelta
from typing import Annotated

import typer
import uvicorn

from eakte.bootstrap import Product, intake_tools, open_pool
from eakte.cli.options import ConfigOption, product_of
from eakte.cli.output import say
from eakte.cli.processes import Child, end_with_parent, only_one, stop_on_signal, supervise
from eakte.demo.authority import DEMO_PASSWORD, demo_logins, demo_register
from eakte.demo.delivery import drop
from eakte.demo.letters import generate
from eakte.intake.durable import Durable, DurableSettings
from eakte.intake.inbox import scanner_inbox
from eakte.intake.worker import Worker
from eakte.settings import Settings
from scanner_inbox.custody import finish
from scanner_inbox.settled import SettledRule
from scanner_inbox.watch import ObserverKind, WatchSettings
from web.app import create_app

DEMO_LETTERS = 60
DEMO_SECONDS = 3.0

HostOption = Annotated[str | None, typer.Option("--host", help="Adresse (sonst web.host).")]
PortOption = Annotated[int | None, typer.Option("--port", help="Port (sonst web.port).")]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("serve")(serve)
    app.command("web")(web)
    app.command("inbox")(inbox)
    app.command("worker")(worker)


def serve(
    *,
    demo: Annotated[bool, typer.Option("--demo", help="Lässt 60 Briefe eingehen.")] = False,
    host: HostOption = None,
    port: PortOption = None,
    config: ConfigOption = None,
) -> None:
    """Startet alles in einem Prozessbaum: Web, Posteingang, Verarbeitung, Index."""
    product = product_of(config)
    values = product.settings.values.web
    where = (host or values.host, port or values.port)
    with only_one(product.settings.home / "serve.lock", "Der Server"), stop_on_signal() as stop:
        folder = ["--config", str(product.settings.config)]
        children = [
            Child("web", "--host", where[0], "--port", str(where[1]), *folder),
            Child("worker", "--with-inbox", *folder),
        ]
        announcer = threading.Thread(
            target=_announce, args=(product, where, stop), kwargs={"demo": demo}, daemon=True
        )
        announcer.start()
        supervise(children, stop)


def _announce(
    product: Product, where: tuple[str, int], stop: threading.Event, *, demo: bool
) -> None:
    """Once it answers, say where it is; then let the demo's post arrive."""
    address = f"http://{'127.0.0.1' if where[0] == '0.0.0.0' else where[0]}:{where[1]}"  # noqa: S104
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
        _demo(product, stop)


def _demo(product: Product, stop: threading.Event) -> None:
    today = product.database.clock.today()
    register = demo_register(today=today)
    say(f"\nAnmelden mit einem dieser Namen, Kennwort überall: {DEMO_PASSWORD}")
    for login, purpose in demo_logins(register):
        say(f"  {login:<16} {purpose}")
    marker = product.settings.home / "demo-letters-dropped"
    if marker.exists():
        say("\nDie Briefe der Demo sind schon eingegangen; eigene Dateien gehören in den Ordner.")
        return
    say(f"\n{DEMO_LETTERS} Briefe gehen jetzt nacheinander ein.")
    letters = generate(register, count=DEMO_LETTERS, today=today)
    if drop(letters, product.inbox, every=DEMO_SECONDS, stop=stop) == DEMO_LETTERS:
        marker.touch()


def web(*, host: HostOption = None, port: PortOption = None, config: ConfigOption = None) -> None:
    """Startet nur den Webserver."""
    end_with_parent()
    product = product_of(config)
    values = product.settings.values.web
    app = create_app(
        product.services,
        secure_cookies=values.secure_cookies,
        allowed_origins=values.allowed_origins,
    )
    uvicorn.run(
        app,
        host=host or values.host,
        port=port or values.port,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=3,
    )


def inbox(*, config: ConfigOption = None) -> None:
    """Überwacht nur den Posteingang; verarbeitet wird auf Hosts mit „eakte worker“."""
    end_with_parent()
    product = product_of(config)
    with (
        only_one(product.settings.home / "inbox.lock", "Der Posteingang"),
        stop_on_signal() as stop,
        open_pool(product.settings) as pool,
    ):
        tools = intake_tools(product, pool)
        durable = Durable(tools, _durable(product.settings, "inbox", listens=False))
        durable.launch()
        _watch(product, durable, stop)
        durable.close()


def worker(
    *,
    with_inbox: Annotated[
        bool, typer.Option("--with-inbox", help="Auch den Posteingang überwachen.")
    ] = False,
    config: ConfigOption = None,
) -> None:
    """Startet nur die Verarbeitung: Erkennung, Zuordnung, Zustellung, Index."""
    end_with_parent()
    product = product_of(config)
    with (
        only_one(product.settings.home / "worker.lock", "Die Verarbeitung"),
        stop_on_signal() as stop,
        open_pool(product.settings) as pool,
    ):
        tools = intake_tools(product, pool)
        durable = Durable(tools, _durable(product.settings, "worker", listens=True))
        process = Worker(
            durable=durable,
            indexer=product.indexer,
            checking=product.services.checking,
            heartbeat_seconds=product.settings.values.work.heartbeat_seconds,
        )
        more = [lambda halt: _watch(product, durable, halt)] if with_inbox else []
        process.run(stop, *more)


def _watch(product: Product, durable: Durable, stop: threading.Event) -> None:
    values = product.settings.values.inbox
    settings = WatchSettings(
        observer=ObserverKind(values.mode),
        poll_seconds=values.poll_seconds,
        rule=SettledRule(
            looks=values.settle_polls, seconds=values.poll_seconds * (values.settle_polls - 1)
        ),
    )
    finish(product.inbox)
    watched = scanner_inbox(
        product.database, product.store, product.inbox, settings, durable.enqueue
    )

    def wake_to_end() -> None:
        stop.wait()
        watched.wake()

    threading.Thread(target=wake_to_end, daemon=True).start()
    watched.run(stop)


def _durable(settings: Settings, kind: str, *, listens: bool) -> DurableSettings:
    work = settings.values.work
    return DurableSettings(
        url=settings.durable_url,
        executor_id=f"{kind}-{socket.gethostname()}",
        listens=listens,
        parallel_sources=work.parallel_sources,
        dead_after=timedelta(seconds=work.dead_after_seconds),
    )
