"""OCR processes: the only place where files from outside are parsed.

Each lane is one thread here and one child process (a pebble pool of one worker), so that a child
that is killed at any moment can disturb no other: no queue and no lock is shared between children.
A page whose own process crashes, takes too long or too much memory is tried once more in a fresh
process and then given up with an ``IntakeError``; everything else goes on.

A child that somebody else ends (SIGKILL, SIGTERM: a restart, an operator, the kernel) says nothing
about the page: such a page is tried again more often, and then fails as ``EngineError``, which is
retryable and never leads to quarantine by itself.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Self, TypeVar

from pebble import ProcessExpired, ProcessPool

from eakte.errors import EngineError, IntakeError
from eakte.recognition import job
from eakte.recognition.limits import Limits
from eakte.recognition.reading import unexamined
from eakte.recognition.spool import PageSpool

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import TracebackType

    from eakte.domain.conversion import Prepared, Unfolded
    from eakte.domain.pages import RecognisedPage, Remark
    from eakte.domain.proof import TransferNote
    from eakte.recognition.reading import Examine

T = TypeVar("T")

TRIES = 2
"""How often a page may bring its own process down before it is given up."""

INTERRUPTIONS = 5
"""How often a page is begun anew because somebody else ended its process."""

PAGES_PER_PROCESS = 500
"""Then the process is replaced, in case a library loses memory; loading the model takes 0.4 s."""

ARCHIVE_SECONDS_PER_PAGE = 3.0

_ANSWER_SECONDS = 60
"""How much longer than the page's own limit to wait for pebble's word on it."""

_FROM_OUTSIDE = (-signal.SIGKILL, -signal.SIGTERM, -signal.SIGINT, -signal.SIGHUP)


class RecognitionPool:
    """Processes that read pages and assemble archive copies; close it when done.

    ``processes``: one a core.  ``page_seconds``: wall-clock limit of one page.  ``memory_mb``:
    resident memory of one process while it works on one page (A4 takes 330 MB, A0 1,010 MB).
    ``tessdata``: where the language models are, if not where the distribution puts them.
    ``examine``: a module's function that says of a page picture what sheet it is.
    """

    def __init__(  # noqa: PLR0917 - named at every call
        self,
        engine: str = "tesserocr",
        processes: int = 2,
        page_seconds: float = 120,
        memory_mb: int = 1100,
        tessdata: Path | None = None,
        limits: Limits | None = None,
        examine: Examine = unexamined,
    ) -> None:
        os.environ.setdefault("OMP_THREAD_LIMIT", "1")  # inherited by the children
        self._page_seconds = page_seconds
        self._memory_mb = memory_mb
        limits = limits or Limits()
        self._prepare_seconds = page_seconds + limits.prepare_seconds + limits.office_seconds
        settings = job.JobSettings(
            engine=engine,
            tessdata=tessdata,
            memory_mb=memory_mb,
            limits=limits,
            parent=os.getpid(),
            examine=examine,
        )
        self._lanes = _Lanes(settings)
        self._threads = ThreadPoolExecutor(processes, thread_name_prefix="recognition")

    def page_count(self, path: Path) -> int:
        """How many pages ``path`` has.  Raises ``IntakeError``; see ``PageReader``."""
        return self._submit(job.count_pages, path, seconds=self._page_seconds).result()

    def read_page(self, path: Path, number: int, turn: int | None = None) -> Future[RecognisedPage]:
        """Page ``number`` (from 1), as soon as a process is free; ``turn`` where a person knows it.

        The future raises ``IntakeError`` for a page that can't be read (``page_crashed``,
        ``page_timeout``, ``page_memory`` or the file's own fault), ``EngineError`` where another
        try may succeed, ``ServiceMissing`` where program or model are not installed.
        """
        return self._submit(job.read_page, path, number, turn, seconds=self._page_seconds)

    def unfold(self, path: Path, folder: Path) -> Unfolded | None:
        """The members of a ZIP as files in ``folder``, None for anything else.

        Raises ``IntakeError`` where the archive is refused as a whole.
        """
        seconds = self._prepare_seconds
        return self._submit(job.unfold_archive, path, folder, seconds=seconds).result()

    def prepare(self, path: Path, folder: Path) -> Prepared:
        """How many pages ``path`` has, with its reading copy in ``folder`` where it needs one.

        Raises like :meth:`read_page`.
        """
        seconds = self._prepare_seconds
        return self._submit(job.make_reading_copy, path, folder, seconds=seconds).result()

    def archive_copy(
        self, path: Path, pages: Iterable[RecognisedPage], into: Path, note: TransferNote | None
    ) -> tuple[Remark, ...]:
        """Write ``path`` as PDF/A-2b with the words of ``pages`` and ``note`` to ``into``.

        Returns what had to be changed for it, which the note then tells too.  Raises like
        :meth:`read_page`.
        """
        with TemporaryDirectory(prefix="eakte-") as folder:
            spool = PageSpool.of(pages, Path(folder) / "pages")
            seconds = self._page_seconds + ARCHIVE_SECONDS_PER_PAGE * len(spool)
            asked = (job.make_archive_copy, path, spool, into, note)
            return self._submit(*asked, seconds=seconds).result()

    def close(self) -> None:
        """Give up what was not begun, end the processes.  May be called twice."""
        self._lanes.close()
        self._threads.shutdown(wait=True, cancel_futures=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _submit(self, function: Callable[..., T], *args: object, seconds: float) -> Future[T]:
        return self._threads.submit(self._run, function, args, seconds)

    def _run(self, function: Callable[..., T], args: tuple[object, ...], seconds: float) -> T:
        """Run one job in this thread's lane until it succeeds or is given up."""
        faults = interruptions = 0
        while True:
            try:
                return self._lanes.mine().run(function, args, seconds)
            except _Interrupted as interruption:
                interruptions += 1
                if self._lanes.closed or interruptions > INTERRUPTIONS:
                    raise EngineError(
                        "Die Texterkennung wurde von außen unterbrochen.",
                        remedy="Die Seite wird beim nächsten Anlauf gelesen.",
                    ) from interruption
            except _Fault as fault:
                faults += 1
                if faults >= TRIES:
                    raise self._given_up(fault.reason, seconds) from fault

    def _given_up(self, reason: str, seconds: float) -> IntakeError:
        if reason == "page_memory":
            return job.memory_exceeded(self._memory_mb)
        if reason == "page_timeout":
            return IntakeError(
                f"Diese Seite ließ sich in {seconds:.0f} Sekunden nicht lesen.",
                remedy="Bitte das Blatt prüfen und einzeln erneut scannen.",
                reason=reason,
            )
        return IntakeError(
            "Diese Seite bringt die Texterkennung zum Absturz.",
            remedy="Bitte das Blatt prüfen und einzeln erneut scannen.",
            reason="page_crashed",
        )


@dataclass(slots=True)
class _Fault(Exception):
    """The page's own process failed: a reason for ``IntakeError``."""

    reason: str


class _Interrupted(Exception):
    """The process ended through no fault of the page."""


class _Lanes:
    """One lane for each thread of the pool."""

    def __init__(self, settings: job.JobSettings) -> None:
        self._settings = settings
        self._local = threading.local()
        self._all: list[_Lane] = []
        self._lock = threading.Lock()
        self.closed = False

    def mine(self) -> _Lane:
        """The lane of the calling thread."""
        lane: _Lane | None = getattr(self._local, "lane", None)
        if lane is None:
            lane = _Lane(self._settings)
            self._local.lane = lane
            with self._lock:
                self._all.append(lane)
        return lane

    def close(self) -> None:
        self.closed = True
        with self._lock:
            for lane in self._all:
                lane.close()


class _Lane:
    """One child process, replaced whenever it is gone."""

    def __init__(self, settings: job.JobSettings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._closed = False
        self._pool: ProcessPool | None = None
        self._future: Any = None

    def run(self, function: Callable[..., T], args: tuple[object, ...], seconds: float) -> T:
        """The function's result or its own exception; ``_Fault``, ``_Interrupted``.

        After anything but an orderly answer the process is replaced together with its pipes: a
        child that died while it was answering leaves half a message in them.
        """
        try:
            future = self._schedule(function, args, seconds)
            result: T = future.result(timeout=seconds + _ANSWER_SECONDS)
        except ProcessExpired as error:
            self._discard()
            raise _what_happened(error) from error
        except TimeoutError as error:
            self._discard()
            raise _Fault("page_timeout") from error
        except (BrokenProcessPool, CancelledError, OSError) as error:
            # pebble calls its pool broken when the only worker was killed between two pages
            self._discard()
            raise _Interrupted from error
        return result

    def close(self) -> None:
        """End the process, also in the middle of a page."""
        with self._lock:
            self._closed = True
            future = self._future
        if future is not None:
            future.cancel()
        self._discard()

    def _schedule(
        self, function: Callable[..., T], args: tuple[object, ...], seconds: float
    ) -> Any:  # noqa: ANN401 - pebble's future
        with self._lock:
            if self._closed:
                raise BrokenProcessPool("closed")
            if self._pool is None:
                self._pool = ProcessPool(
                    max_workers=1,
                    max_tasks=PAGES_PER_PROCESS,
                    initializer=job.start,
                    initargs=(self._settings,),
                    context=multiprocessing.get_context("spawn"),
                )
            try:
                self._future = self._pool.schedule(function, args=args, timeout=seconds)
            except RuntimeError as error:
                raise BrokenProcessPool("the process is gone") from error
            return self._future

    def _discard(self) -> None:
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.stop()  # type: ignore[no-untyped-call]
            pool.join()


def _what_happened(error: ProcessExpired) -> Exception:
    if error.exitcode == job.EXIT_MEMORY:
        return _Fault("page_memory")
    if error.exitcode in _FROM_OUTSIDE:
        return _Interrupted()
    return _Fault("page_crashed")
