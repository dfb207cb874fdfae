"""A whole product as processes, for tests that kill them.

Knows ``eakte`` from outside only: its commands, its folders, its database.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]

IMPATIENT = {
    "poll_seconds = 0.5": "poll_seconds = 0.1",
    "processes = 0 ": "processes = 2 ",
    "heartbeat_seconds = 5 ": "heartbeat_seconds = 0.5 ",
    "dead_after_seconds = 60": "dead_after_seconds = 4",
}
"""Shipped settings that tests shorten, so that what takes a minute takes seconds."""


def impatient_settings(folder: Path, **more: str) -> Path:
    """A copy of the shipped settings with short waits; ``more`` are further lines by their key."""
    shutil.copytree(REPOSITORY / "config", folder)
    toml = folder / "eakte.toml"
    text = toml.read_text("utf-8")
    for shipped, short in IMPATIENT.items():
        assert shipped in text
        text = text.replace(shipped, short)
    for key, value in more.items():
        text, changed = re.subn(rf"(?m)^{key} = \S+", f"{key} = {value}", text)
        assert changed == 1, key
    toml.write_text(text, "utf-8")
    return folder


def wait_for(
    what: Callable[[], object],
    seconds: float,
    message: Callable[[], str] | str,
    every: float = 0.1,
) -> None:
    """Until ``what`` is true; fails with ``message`` after ``seconds``."""
    until = time.monotonic() + seconds
    while not what():
        if time.monotonic() > until:
            told = message if isinstance(message, str) else message()
            raise AssertionError(f"not within {seconds:.0f} s: {told}")
        time.sleep(every)


@dataclass(frozen=True, slots=True)
class Running:
    """One process of the tree: ``kind`` is serve, web, worker, intake, ocr or helper."""

    pid: int
    kind: str


@dataclass
class House:
    """The product's processes over one data folder; every process of it dies with the test."""

    home: Path
    config: Path
    database_url: str
    log: Path
    under: tuple[str, ...] = ()
    """A program with its arguments that starts the background commands (setpriv)."""
    also: dict[str, str] = field(default_factory=dict)
    """Further variables of their environment."""
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def inbox(self) -> Path:
        """The watched folder."""
        return self.home / "inbox"

    @property
    def environment(self) -> dict[str, str]:
        """What tells ``eakte`` which house is meant; also how its processes are found."""
        return {
            **os.environ,
            "EAKTE_HOME": str(self.home),
            "EAKTE_CONFIG": str(self.config),
            "EAKTE_DATABASE_URL": self.database_url,
            "OMP_THREAD_LIMIT": "1",
            **self.also,
        }

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """A command of the product in the background."""
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [*self.under, sys.executable, "-m", "eakte", *arguments],
                env=self.environment,
                cwd=REPOSITORY,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.processes.append(process)
        return process

    def run(self, *arguments: str, seconds: float = 300) -> subprocess.CompletedProcess[str]:
        """A command of the product to its end."""
        return subprocess.run(
            [sys.executable, "-m", "eakte", *arguments],
            env=self.environment,
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=False,
            timeout=seconds,
        )

    def living(self) -> list[Running]:
        """Every process of this house, orphans too, told by their environment."""
        return list(_processes(self.home))

    def end(self) -> None:
        """Ask all to end, in order; then end what is left."""
        for process in self.processes:
            if process.poll() is None:
                process.terminate()
        for process in self.processes:
            with suppress(subprocess.TimeoutExpired):
                process.wait(20)
        self.kill_all()

    def kill_all(self) -> None:
        """SIGKILL to everything at once, as a power cut would end it."""
        while living := self.living():
            for one in living:
                kill(one.pid)
            time.sleep(0.05)
        for process in self.processes:
            process.wait()
        self.processes.clear()


@contextmanager
def house(home: Path, config: Path, database_url: str, log: Path) -> Iterator[House]:
    """A house that is torn down at the end, whatever happened in it."""
    made = House(home, config, database_url, log)
    try:
        yield made
    finally:
        made.kill_all()


def kill(pid: int) -> None:
    """SIGKILL; a process that has just ended by itself is fine."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _processes(home: Path) -> Iterator[Running]:
    mark = f"EAKTE_HOME={home}".encode()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark not in (folder / "environ").read_bytes().split(b"\0"):
                continue
            command = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue  # it ended while we looked, or belongs to somebody else
        if command != [b""]:  # a zombie
            yield Running(int(folder.name), _kind(command))


def _kind(command: list[bytes]) -> str:
    if any(b"spawn_main" in part for part in command):
        return "ocr"
    for name in (b"serve", b"web", b"worker", b"intake"):
        if name in command:
            return name.decode()
    return "helper"


@dataclass
class Tormentor:
    """Kills processes of a house, and begins ``eakte serve`` again where that was the victim."""

    house: House
    serve: tuple[str, ...]
    rng: random.Random
    weights: dict[str, int] = field(
        default_factory=lambda: {"worker": 4, "ocr": 4, "serve": 2, "web": 1}
    )
    victims: list[str] = field(default_factory=list)

    def strike(self) -> str:
        """Kill one process, of a kind drawn by weight among those that live; returns its kind."""
        wait_for(
            lambda: any(one.kind in self.weights for one in self.house.living()),
            60,
            "a process to kill",
        )
        living = [one for one in self.house.living() if one.kind in self.weights]
        kinds = sorted({one.kind for one in living})
        kind = self.rng.choices(kinds, [self.weights[each] for each in kinds])[0]
        victim = self.rng.choice([one for one in living if one.kind == kind])
        kill(victim.pid)
        self.victims.append(kind)
        if kind == "serve":
            self.house.start(*self.serve)
        return kind


def drop_slowly(
    letters: dict[str, bytes], inbox: Path, rng: random.Random, every: float
) -> threading.Thread:
    """Put letters into the inbox as scanners do: in two parts, some under another name first."""

    def run() -> None:
        for name, content in letters.items():
            path = inbox / name
            middle = rng.randrange(1, len(content))
            if rng.random() < 0.5:
                written = path.with_name(f"{name}.part")
                written.write_bytes(content)
                written.rename(path)
            else:
                with path.open("wb") as file:
                    file.write(content[:middle])
                    file.flush()
                    time.sleep(min(every, 0.05))
                    file.write(content[middle:])
            time.sleep(rng.uniform(0, 2 * every))

    thread = threading.Thread(target=run, name="scanner", daemon=True)
    thread.start()
    return thread
