"""The product's own web application, telling with every answer what it cost.

    python benchmarks/web/server.py --documents N [--database URL] --fd 3

``x-measured`` on an answer: milliseconds from the request's head to the answer's last byte but
one, CPU milliseconds of the process meanwhile (its own alone only where nobody else asks), SQL
statements, milliseconds within them.
"""

from __future__ import annotations

import argparse
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

import httpx2
import uvicorn
from seed import settings_of
from sqlalchemy import Engine, event
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from eakte.bootstrap import open_product

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from web.app import create_app
from web.limits import Limits

HEADER = "x-measured"
START_SECONDS = 180


@dataclass(slots=True)
class Cost:
    """Of one request."""

    statements: int = 0
    seconds: float = 0.0
    began: float = 0.0


_cost: ContextVar[Cost | None] = ContextVar("cost", default=None)


def count_statements(engine: Engine) -> None:
    """Every statement is put down to the request in whose context it runs."""

    @event.listens_for(engine, "before_cursor_execute")
    def begin(*_: object) -> None:
        if (cost := _cost.get()) is not None:
            cost.statements += 1
            cost.began = time.perf_counter()

    @event.listens_for(engine, "after_cursor_execute")
    def end(*_: object) -> None:
        if (cost := _cost.get()) is not None:
            cost.seconds += time.perf_counter() - cost.began


class Measured:
    """Around the whole application."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(("/ereignisse", "/static")):
            await self.app(scope, receive, send)
            return
        cost, wall, cpu = Cost(), time.perf_counter(), time.process_time()
        _cost.set(cost)

        async def send_told(message: Message) -> None:
            # Every answer here is one body: what follows its head is no work any more.
            if message["type"] == "http.response.start":
                told = (
                    (time.perf_counter() - wall) * 1000,
                    (time.process_time() - cpu) * 1000,
                    cost.statements,
                    cost.seconds * 1000,
                )
                MutableHeaders(scope=message)[HEADER] = " ".join(f"{one:.3f}" for one in told)
            await send(message)

        await self.app(scope, receive, send_told)


@contextmanager
def served(documents: int, database: str | None) -> Iterator[str]:
    """The product in a process of its own; gives its address."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        command = [sys.executable, str(Path(__file__)), "--documents", str(documents)]
        command += ["--fd", str(door.fileno())]
        command += ["--database", database] if database else []
        with subprocess.Popen(command, pass_fds=[door.fileno()]) as process:
            address = f"http://127.0.0.1:{door.getsockname()[1]}"
            try:
                # The door is open before the product is: the first answer says that it is.
                httpx2.get(f"{address}/healthz", timeout=START_SECONDS).raise_for_status()
                yield address
            finally:
                process.terminate()


def main() -> None:
    """Serve at the socket that was handed over."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, required=True)
    parser.add_argument("--database")
    parser.add_argument("--fd", type=int, required=True)
    asked = parser.parse_args()
    product = open_product(settings_of(asked.documents, asked.database))
    for engine in product.database.engines:
        count_statements(engine)
    app = create_app(product.services, limits=Limits())
    config = uvicorn.Config(Measured(app), log_level="warning", access_log=False)
    with socket.socket(fileno=asked.fd) as door:
        uvicorn.Server(config).run(sockets=[door])
    product.database.close()


if __name__ == "__main__":
    main()
