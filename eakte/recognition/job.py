"""What runs inside an OCR process.  It opens files, never the database.

A process watches itself: it dies with its parent, and it ends itself when one page takes more
memory than allowed, so that the pool can say so and the server's memory is never touched.
"""

from __future__ import annotations

import ctypes
import errno
import os
import resource
import signal
import threading
import traceback
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, TypeVar

from eakte.errors import EakteError, EngineError, IntakeError
from eakte.recognition.archive import archived
from eakte.recognition.conversion.archives import unfold
from eakte.recognition.conversion.prepare import prepare
from eakte.recognition.engines import open_engine
from eakte.recognition.reader import Reader
from eakte.recognition.reading import unexamined

if TYPE_CHECKING:
    from collections.abc import Callable

    from eakte.domain.conversion import Prepared, Unfolded
    from eakte.domain.pages import RecognisedPage, Remark
    from eakte.domain.proof import TransferNote
    from eakte.ports import OcrEngine
    from eakte.recognition.limits import Limits
    from eakte.recognition.reading import Examine
    from eakte.recognition.spool import PageSpool

T = TypeVar("T")

EXIT_MEMORY = 77
"""Exit code of a process that took too much memory."""

EXIT_ORPHAN = 78

_PR_SET_PDEATHSIG = 1
_LOOK_EVERY_SECONDS = 0.05
_HARD_MARGIN_MB = 40
"""Above the limit at which a process ends itself; what it has allocated beyond is refused."""

_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobSettings:
    """What a process needs to know; must survive pickling.

    ``examine`` is a function of a module, which every process imports for itself.
    """

    engine: str
    tessdata: Path | None
    memory_mb: int
    limits: Limits
    parent: int
    examine: Examine = unexamined


class _Process:
    """The state of this process: one reader, one engine, loaded when first needed."""

    def __init__(self, settings: JobSettings) -> None:
        self.settings = settings
        self.reader = Reader(self.engine, settings.limits, settings.examine)
        self._engine: OcrEngine | None = None
        self._busy = threading.Lock()
        self._working = False

    def engine(self) -> OcrEngine:
        """The engine, loaded once."""
        if self._engine is None:
            self._engine = open_engine(self.settings.engine, self.settings.tessdata)
        return self._engine

    def run(self, work: Callable[[], T]) -> T:
        """Do one job under the eyes of the watchdog."""
        with self._busy:
            self._working = True
        try:
            return work()
        except EakteError:
            raise
        except MemoryError as error:
            # What the page had taken must be free before the next one comes.
            traceback.clear_frames(error.__traceback__)
            raise memory_exceeded(self.settings.memory_mb) from error
        except Exception as error:  # what a parser throws at a file is its fault
            if isinstance(error, OSError) and error.errno in _DISK:
                raise EngineError(
                    f"Der Zwischenspeicher nimmt nichts mehr auf ({error.strerror}).",
                    remedy="Bitte Platz schaffen; es geht dann von selbst weiter.",
                ) from error
            raise IntakeError(
                f"Diese Seite ließ sich nicht lesen ({type(error).__name__}: {error}).",
                remedy="Bitte das Blatt prüfen und erneut scannen.",
                reason="page_crashed",
            ) from error
        finally:
            _give_back()
            with self._busy:
                self._working = False

    def watch(self) -> None:
        """Look at parent and memory for as long as the process lives (a daemon thread)."""
        page_kb = resource.getpagesize() // 1024
        limit_kb = self.settings.memory_mb * 1024
        statm = Path("/proc/self/statm")
        pause = threading.Event()
        while not pause.wait(_LOOK_EVERY_SECONDS):
            if os.getppid() != self.settings.parent:
                os._exit(EXIT_ORPHAN)
            if int(statm.read_text().split()[1]) * page_kb > limit_kb:
                with self._busy:  # never in the middle of an answer to the pool
                    if self._working:
                        os._exit(EXIT_MEMORY)


_process: _Process | None = None


def start(settings: JobSettings) -> None:
    """Prepare a fresh process (the pool's initializer)."""
    global _process  # noqa: PLW0603 - one per process, by design
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, who closes us
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # at once, not after the page
    _die_with_parent(settings.parent)
    _limit_memory(settings.memory_mb)
    _process = _Process(settings)
    threading.Thread(target=_process.watch, name="watchdog", daemon=True).start()


def count_pages(path: Path) -> int:
    """How many pages the file has."""
    process = _started()
    return process.run(lambda: process.reader.page_count(path))


def read_page(path: Path, number: int, turn: int | None) -> RecognisedPage:
    """One page as words and pictures, turned by ``turn`` where it is given."""
    process = _started()
    return process.run(lambda: process.reader.read_page(path, number, turn))


def make_archive_copy(
    path: Path, pages: PageSpool, into: Path, note: TransferNote | None
) -> tuple[Remark, ...]:
    """The file as PDF/A-2b with its words, in the file ``into``."""
    process = _started()
    return process.run(lambda: archived(path, pages, into, process.settings.limits, note))


def make_reading_copy(path: Path, folder: Path) -> Prepared:
    """The file made ready for reading; every try begins with a folder of its own."""
    process = _started()
    scratch = Path(mkdtemp(dir=folder))
    return process.run(lambda: prepare(path, scratch, process.settings.limits))


def unfold_archive(path: Path, folder: Path) -> Unfolded | None:
    """The members of a ZIP."""
    process = _started()
    scratch = Path(mkdtemp(dir=folder))
    return process.run(lambda: unfold(path, scratch, process.settings.limits))


def memory_exceeded(memory_mb: int) -> IntakeError:
    """What a page that wants too much memory is called."""
    return IntakeError(
        f"Diese Seite braucht mehr als {memory_mb} MB Arbeitsspeicher.",
        remedy="Bitte das Blatt mit höchstens 300 dpi erneut scannen.",
        reason="page_memory",
    )


def _started() -> _Process:
    if _process is None:
        raise EngineError("Der Prozess der Texterkennung wurde nicht vorbereitet.")
    return _process


def _die_with_parent(parent: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it died before we asked
        os._exit(EXIT_ORPHAN)


def _give_back() -> None:
    """Return to the system what a large page had taken; glibc would keep it for the next one."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def _limit_memory(memory_mb: int) -> None:
    """A backstop for single huge allocations, which the watchdog would see too late.

    RLIMIT_DATA counts private writable memory; RLIMIT_AS would count the mapped model and the
    libraries too, and says little about what a page needs.
    """
    most = (memory_mb + _HARD_MARGIN_MB) * 1024 * 1024
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    if hard == resource.RLIM_INFINITY or most <= hard:
        resource.setrlimit(resource.RLIMIT_DATA, (most, hard))
