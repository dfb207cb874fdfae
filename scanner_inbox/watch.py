"""Watching the inbox: events wake it up, looking decides.

A lost event costs at most one rescan; a network share, where the kernel sees nothing of what others
write, is polled.  Files that can't be taken stay where they are, are reported once, and are tried
again with growing pauses, never in a hot loop.
"""

from __future__ import annotations

import enum
import logging
import os
import threading
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.polling import PollingObserver

from eakte.errors import EakteError
from scanner_inbox.custody import Left, LeftBecause, Taken
from scanner_inbox.settled import (
    FileState,
    SettledRule,
    Settling,
    is_in_the_making,
    observe,
    settled,
)

if TYPE_CHECKING:
    from watchdog.observers.api import BaseObserver

R = TypeVar("R")
log = logging.getLogger(__name__)


class ObserverKind(enum.StrEnum):
    """How changes are noticed: by the kernel, or by comparing (network shares)."""

    INOTIFY = "inotify"
    POLLING = "polling"


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchSettings:
    """How often to look.

    ``poll_seconds``: between two looks while files settle.  ``rescan_seconds``: between two looks
    when nothing is known to happen.  ``retry_seconds``: first pause after a failure, doubled up to
    ``longest_retry_seconds``.
    """

    observer: ObserverKind = ObserverKind.INOTIFY
    poll_seconds: float = 0.5
    rescan_seconds: float = 15.0
    retry_seconds: float = 2.0
    longest_retry_seconds: float = 60.0
    rule: SettledRule = field(default_factory=SettledRule)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Failure:
    """A file that was not taken: in which state, and when to try again (None: once it changes)."""

    state: FileState
    because: str
    again_at: float | None
    pause: float


class Inbox(Generic[R]):
    """A watched folder with its subfolders (scanner profiles, batches).

    ``take`` takes one settled file; ``report`` hears of each file that could not be taken, once
    per state and reason, and of the folder itself being out of reach.  Neither is called twice at
    the same time.  ``without`` are folders below that somebody else watches.  Exceptions of
    ``take`` leave the file where it is and count as a failure.
    """

    def __init__(
        self,
        folder: Path,
        take: Callable[[Path], Taken[R] | Left],
        *,
        report: Callable[[Left], None],
        settings: WatchSettings | None = None,
        clock: Callable[[], float] = time.monotonic,
        without: Collection[Path] = (),
    ) -> None:
        self._folder = folder
        self._take = take
        self._report = report
        self._settings = settings or WatchSettings()
        self._clock = clock
        self._without = frozenset(os.fspath(one) for one in without)
        self._observed: Mapping[str, Settling] = {}
        self._failures: dict[str, _Failure] = {}
        self._out_of_reach: set[Path] = set()
        self._wake = threading.Event()

    def look(self, stop: threading.Event | None = None) -> tuple[Taken[R], ...]:
        """One look at the whole folder; takes what has settled, oldest first, until ``stop``."""
        now = self._clock()
        seen = self._scan()
        self._observed = observe(self._observed, seen, now)
        for name in [n for n, f in self._failures.items() if seen.get(n) != f.state]:
            del self._failures[name]
        taken: list[Taken[R]] = []
        for name in settled(self._observed, self._settings.rule, now):
            if stop is not None and stop.is_set():
                break
            if self._is_due(name, now):
                outcome = self._try(name)
                if outcome is not None:
                    taken.append(outcome)
        return tuple(taken)

    def run(self, stop: threading.Event) -> None:
        """Watch until ``stop`` is set; returns within a second of it, or of the file at hand."""
        observer: BaseObserver | None = None
        try:
            while not stop.is_set():
                self._wake.clear()  # before looking: what happens from now on counts
                observer = self._observing(observer)
                self.look(stop)
                self._rest(stop)
        finally:
            _end(observer)

    @property
    def folder(self) -> Path:
        """The watched folder."""
        return self._folder

    def wake(self) -> None:
        """Look now rather than at the next rescan."""
        self._wake.set()

    def pause(self) -> float:
        """Seconds until the next look is due, if nothing wakes it up before."""
        settings = self._settings
        now = self._clock()
        pause = settings.rescan_seconds
        for name, settling in self._observed.items():
            failure = self._failures.get(name)
            if failure is None:
                return settings.poll_seconds
            if failure.again_at is not None:
                pause = min(pause, max(failure.again_at - now, settings.poll_seconds))
            elif not settings.rule.holds(settling, now):
                return settings.poll_seconds
        return pause

    def _rest(self, stop: threading.Event) -> None:
        pause = self.pause()
        if pause <= self._settings.poll_seconds:
            stop.wait(pause)  # events of a file being written must not speed this up
            return
        until = self._clock() + pause
        while not stop.is_set() and (left := until - self._clock()) > 0:
            if self._wake.wait(min(left, 1.0)):
                return

    def _scan(self) -> dict[str, FileState]:
        """Every entry that might be a letter, by its path; folders are walked, links are not."""
        seen: dict[str, FileState] = {}
        self._walk(self._folder, seen)
        return seen

    def _walk(self, folder: Path, seen: dict[str, FileState]) -> None:
        try:
            with os.scandir(folder) as entries:
                found = [entry for entry in entries if not is_in_the_making(entry.name)]
        except OSError as error:
            self._report_out_of_reach(folder, error)
            return
        self._out_of_reach.discard(folder)
        for entry in found:
            try:
                if entry.is_dir(follow_symlinks=False):
                    if entry.path not in self._without:
                        self._walk(Path(entry.path), seen)
                    continue
                status = entry.stat(follow_symlinks=False)
            except OSError:
                continue  # vanished between listing and looking: nobody's error
            seen[entry.path] = FileState(
                size=status.st_size, mtime_ns=status.st_mtime_ns, inode=status.st_ino
            )

    def _report_out_of_reach(self, folder: Path, error: OSError) -> None:
        vanished = isinstance(error, FileNotFoundError) and folder != self._folder
        if vanished or folder in self._out_of_reach:
            return
        self._out_of_reach.add(folder)
        self._report(_out_of_reach(folder, error))

    def _is_due(self, name: str, now: float) -> bool:
        failure = self._failures.get(name)
        if failure is None:
            return True
        return failure.again_at is not None and now >= failure.again_at

    def _try(self, name: str) -> Taken[R] | None:
        path = Path(name)
        try:
            outcome = self._take(path)
        except EakteError as error:
            outcome = Left(
                path=path,
                because=LeftBecause.UNAVAILABLE,
                message=f"„{path.name}“ bleibt liegen: {error.message}",
                remedy=error.remedy,
                retry=True,
            )
        except Exception as error:
            log.exception("taking a file from the inbox failed; it stays there")
            outcome = Left(
                path=path,
                because=LeftBecause.UNAVAILABLE,
                message=f"„{path.name}“ konnte nicht angenommen werden: {error}",
                remedy="Die Datei bleibt liegen; der Versuch wird wiederholt.",
                retry=True,
            )
        if isinstance(outcome, Taken):
            self._failures.pop(name, None)
            return outcome
        if outcome.because not in {LeftBecause.VANISHED, LeftBecause.WAITING}:
            self._remember(name, outcome)
        return None

    def _remember(self, name: str, left: Left) -> None:
        before = self._failures.get(name)
        settings = self._settings
        pause = (
            min(before.pause * 2, settings.longest_retry_seconds)
            if before
            else (settings.retry_seconds)
        )
        self._failures[name] = _Failure(
            state=self._observed[name].state,
            because=left.because,
            again_at=self._clock() + pause if left.retry else None,
            pause=pause,
        )
        if before is None or before.because != left.because:
            self._report(left)

    def _observing(self, observer: BaseObserver | None) -> BaseObserver | None:
        """A running observer, made anew where the folder came back; None while it is away."""
        if observer is not None and observer.is_alive() and self._folder not in self._out_of_reach:
            return observer
        _end(observer)
        if not self._folder.is_dir():
            return None
        return start_observer(self._folder, self._settings, self._wake)


class _Waker(FileSystemEventHandler):
    def __init__(self, wake: threading.Event) -> None:
        self._event = wake

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Anything but being read may mean a new or a finished file."""
        if event.event_type not in ("opened", "closed_no_write"):
            self._event.set()


def start_observer(folder: Path, settings: WatchSettings, wake: threading.Event) -> BaseObserver:
    """An observer that sets ``wake``; polls where the kernel's watches are used up."""
    handler = _Waker(wake)
    if settings.observer is ObserverKind.INOTIFY:
        observer: BaseObserver = Observer()
        try:
            observer.schedule(handler, str(folder), recursive=True)
            observer.start()
        except OSError as error:
            log.warning("inotify is not available (%s): polling the inbox instead", error)
            _end(observer)
        else:
            return observer
    polling = PollingObserver(timeout=settings.poll_seconds)
    polling.schedule(handler, str(folder), recursive=True)
    polling.start()
    return polling


def _end(observer: BaseObserver | None) -> None:
    if observer is not None and observer.is_alive():
        observer.stop()
        observer.join()


def _out_of_reach(folder: Path, error: OSError) -> Left:
    return Left(
        path=folder,
        because=LeftBecause.UNAVAILABLE,
        message=f"Der Eingangsordner {folder} ist nicht erreichbar: {error.strerror}.",
        remedy="Bitte Laufwerk und Rechte prüfen; danach geht es von selbst weiter.",
        retry=True,
    )
