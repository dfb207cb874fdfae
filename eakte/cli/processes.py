"""Processes and signals: one process tree that ends as a whole."""

from __future__ import annotations

import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from eakte.cli.output import hint
from eakte.errors import Conflict, EakteError

_PR_SET_PDEATHSIG = 1
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 10.0
_STABLE_SECONDS = 30.0
PARENT = "EAKTE_SUPERVISOR"
_ENDS_WITHIN_SECONDS = 15.0
_EXIT_AFTER_ALL = 1


def end_with_parent() -> None:
    """Where a supervisor started this process: end when it does, however it ends."""
    parent = os.environ.get(PARENT)
    if parent is None:
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != int(parent):  # it ended before the line above
        sys.exit(1)


@contextmanager
def stop_on_signal() -> Iterator[threading.Event]:
    """An event that SIGTERM and SIGINT set.

    Work in progress may be ended at any moment, so a process that can't end in an orderly way
    (the database is away, a disk hangs) ends all the same: it must not hold its lock for ever.
    """
    stop = threading.Event()

    def ask_to_end(*_: object) -> None:
        if not stop.is_set():
            stop.set()
            last = threading.Timer(_ENDS_WITHIN_SECONDS, os._exit, (_EXIT_AFTER_ALL,))
            last.daemon = True
            last.start()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ask_to_end)
    yield stop


@contextmanager
def only_one(lock: Path, what: str) -> Iterator[None]:
    """Hold ``lock`` while the context lasts; a second process is refused with ``Conflict``.

    A child of a new supervisor waits for that of a killed one, which needs a moment to end.
    """
    until = time.monotonic() + (2 * _ENDS_WITHIN_SECONDS if PARENT in os.environ else 0)
    with lock.open("w") as held:
        while True:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError as error:
                if time.monotonic() > until:
                    raise Conflict(
                        f"{what} läuft mit diesem Datenordner schon.",
                        remedy="Das laufende Programm beenden oder einen anderen EAKTE_HOME "
                        "wählen.",
                    ) from error
            time.sleep(0.1)
        yield


class Child:
    """A command of this product as a process that is started again when it falls."""

    def __init__(self, *arguments: str, pass_fds: Sequence[int] = ()) -> None:
        self.arguments = arguments
        self.pass_fds = pass_fds
        self.process: subprocess.Popen[bytes] | None = None
        self._pause = _FIRST_PAUSE
        self._again_at = 0.0
        self._started_at = 0.0
        self._starts = 0

    @property
    def refused(self) -> bool:
        """Whether it said at its very first start that it can't run like this."""
        return (
            self._starts == 1
            and self.process is not None
            and self.process.poll() == EakteError.exit_code
        )

    def watch(self) -> None:
        """Start it, or start it again after a pause that grows while it keeps falling."""
        now = time.monotonic()
        if self.process is not None and self.process.poll() is not None:
            if now - self._started_at > _STABLE_SECONDS:
                self._pause = _FIRST_PAUSE
            hint(
                f"„eakte {self.arguments[0]}“ ist ausgefallen "
                f"(Code {self.process.returncode}) und wird neu gestartet."
            )
            self.process = None
            self._again_at = now + self._pause
            self._pause = min(self._pause * 2, _LONGEST_PAUSE)
        if self.process is None and now >= self._again_at:
            self._started_at = now
            self._starts += 1
            self.process = subprocess.Popen(
                [sys.executable, "-m", "eakte", *self.arguments],
                env={**os.environ, PARENT: str(os.getpid())},
                pass_fds=self.pass_fds,
            )

    def end(self, seconds: float = 10) -> None:
        """Ask it to end; after ``seconds`` end it."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def supervise(children: Sequence[Child], stop: threading.Event) -> int:
    """Keep the children running until told to stop, then end them all; returns the exit code.

    A child that refuses to start has said why, and would refuse again: then nothing is started.
    Later on, what it misses may come back (a database), so it is tried again.
    """
    try:
        while not stop.wait(0.2):
            if any(child.refused for child in children):
                return EakteError.exit_code
            for child in children:
                child.watch()
    finally:
        for child in children:
            child.end()
    return 0
