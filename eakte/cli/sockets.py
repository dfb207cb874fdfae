"""The socket that the web server listens on.

``serve`` opens it and hands it to its web process: a port in use is noticed before anything is
started, and while the web process is replaced, browsers wait instead of being refused.
"""

from __future__ import annotations

import errno
import socket
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

from eakte.errors import Conflict, SettingsError

_BACKLOG = 1024
_LAST_ONE_ENDS_SECONDS = 5.0
"""The web process of a supervisor that was killed needs a moment to end."""


@contextmanager
def listen(host: str, port: int) -> Iterator[socket.socket]:
    """A listening socket.  Raises ``Conflict`` for a port in use, ``SettingsError`` for others."""
    with closing(_bound(host, port)) as door:
        yield door


@contextmanager
def inherited(descriptor: int) -> Iterator[socket.socket]:
    """The socket that the supervisor opened."""
    with closing(socket.socket(fileno=descriptor)) as door:
        yield door


def _bound(host: str, port: int) -> socket.socket:
    until = time.monotonic() + _LAST_ONE_ENDS_SECONDS
    while True:
        try:
            return _bind(host, port)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise SettingsError(
                    f"Unter {host}, Port {port}, kann der Webserver nicht antworten: "
                    f"{error.strerror}.",
                    remedy="web.host und web.port oder --host und --port berichtigen.",
                ) from error
            if time.monotonic() > until:
                raise Conflict(
                    f"Der Port {port} auf {host} ist schon belegt.",
                    remedy="Das andere Programm beenden oder mit --port einen anderen nehmen.",
                ) from error
        time.sleep(0.1)


def _bind(host: str, port: int) -> socket.socket:
    family, _, _, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    return socket.create_server(address[:2], family=family, backlog=_BACKLOG)
