"""``eakte worker`` and ``eakte inbox``: the work behind the screens."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from functools import partial
from typing import Annotated

import typer

from eakte.bootstrap import Product, require_recognition
from eakte.bootstrap.channels import court_mail, inboxes, mailboxes
from eakte.bootstrap.intake import intake_tools, open_pool, trial_runner
from eakte.bootstrap.live_settings import kept_current
from eakte.bootstrap.rules import FolderWatch
from eakte.cli.opening import product_to_run
from eakte.cli.options import ConfigOption
from eakte.cli.processes import end_with_parent, only_one, stop_on_signal
from eakte.intake.day_change import DayChange
from eakte.intake.durable import Durable, DurableSettings
from eakte.intake.pick_up import PickUp
from eakte.intake.receive import Received
from eakte.intake.worker import Worker, regularly, run_steadily
from eakte.repositories.planner import keep_informed
from eakte.settings import Settings
from scanner_inbox.custody import finish
from scanner_inbox.watch import Inbox

Parts = dict[str, Callable[[threading.Event], None]]
PLANNER_SECONDS = 600
"""How often it is asked whether the database grew beyond what its planner knows."""


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("inbox")(inbox)
    app.command("worker")(worker)


def inbox(*, config: ConfigOption = None) -> None:
    """Überwacht nur den Posteingang; verarbeitet wird auf Hosts mit „eakte worker“."""
    end_with_parent()
    product = product_to_run(config)
    with (
        _only_inbox(product),
        stop_on_signal() as stop,
        kept_current(product.settings, product.services),
        open_pool(product.settings) as pool,
    ):
        tools = intake_tools(product, pool)
        durable = Durable(tools, _durable(product.settings, "inbox", listens=False))
        parts = _channels(product, durable)
        durable.launch()
        threads = [
            threading.Thread(target=run_steadily, args=(name, stop, one), name=name, daemon=True)
            for name, one in parts.items()
        ]
        for thread in threads:
            thread.start()
        stop.wait()
        for thread in threads:
            thread.join(timeout=5)
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
    product = product_to_run(config)
    require_recognition(product.settings)
    with (
        only_one(product.settings.home / "worker.lock", "Die Verarbeitung"),
        _only_inbox(product) if with_inbox else nullcontext(),
        stop_on_signal() as stop,
        kept_current(product.settings, product.services),
        open_pool(product.settings) as pool,
    ):
        tools = intake_tools(product, pool)
        tools.rules()  # what classifies is ready before the first letter, and the log says of what
        durable = Durable(tools, _durable(product.settings, "worker", listens=True))
        process = Worker(
            durable=durable,
            indexer=product.indexer,
            checking=product.services.checking,
            rescue_seconds=product.settings.values.work.dead_after_seconds / 4,
        )
        more: Parts = {
            "pick-up": PickUp(product.database, durable.enqueue, durable.read_anew).run,
            "rule trials": trial_runner(product, durable.settings.executor_id).run,
            "rules folder": FolderWatch(
                settings=product.settings, rules=product.services.rules
            ).run,
        }
        more["examples"] = product.services.examples.run
        more["planner"] = regularly(PLANNER_SECONDS, partial(keep_informed, product.database))
        more["day-change"] = DayChange(
            absences=product.services.absences,
            handovers=product.services.handovers,
            moving_files=product.services.moving_files,
            statistics=product.services.statistics,
            filters=product.services.postbox_filters,
            seconds=product.settings.values.work.absence_seconds,
        ).run
        if with_inbox:
            more |= _channels(product, durable)
        process.run(stop, more)


def _only_inbox(product: Product) -> AbstractContextManager[None]:
    """Two processes that take from one folder would take the same file twice."""
    return only_one(product.settings.home / "inbox.lock", "Der Posteingang")


def _channels(product: Product, durable: Durable) -> Parts:
    """Everything that brings post in by itself; a wrong setting stops the start."""
    parts: Parts = {}
    for name, watched in inboxes(product, durable.enqueue):
        finish(watched.folder)  # before any of them is watched: one may lie inside another
        parts[name] = partial(_watch, watched)
    for name, channel in mailboxes(product, durable.enqueue):
        parts[name] = channel.run
    court = court_mail(product, durable.enqueue)
    if court is not None:
        parts["court mail"] = court.run
    return parts


def _watch(watched: Inbox[Received], stop: threading.Event) -> None:
    def wake_to_end() -> None:
        stop.wait()
        watched.wake()

    threading.Thread(target=wake_to_end, daemon=True).start()
    watched.run(stop)


def _durable(settings: Settings, kind: str, *, listens: bool) -> DurableSettings:
    work = settings.values.work
    return DurableSettings(
        url=settings.durable_url,
        executor_id=f"{kind}-{socket.gethostname()}-{settings.home_id}",
        listens=listens,
        parallel_sources=work.parallel_sources,
        heartbeat_seconds=work.heartbeat_seconds,
        dead_after=timedelta(seconds=work.dead_after_seconds),
    )
