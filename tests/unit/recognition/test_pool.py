"""One bad page costs one page."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from eakte.domain.pages import TextSource
from eakte.errors import EakteError, EngineError, IntakeError, ServiceMissing
from eakte.recognition.pool import TRIES, RecognitionPool
from tests.unit.recognition.broken_engines import MISCHIEF
from tests.unit.recognition.sheets import LETTER, pdf, saved, scan

PATIENCE = 60


@pytest.fixture(scope="module", name="pool")
def pool_() -> Iterator[RecognitionPool]:
    with RecognitionPool(processes=1) as pool:
        yield pool


def children(of: int) -> set[int]:
    found = set()
    for task in Path(f"/proc/{of}/task").iterdir():
        found |= {int(pid) for pid in (task / "children").read_text().split()}
    return {pid for pid in found if "spawn_main" in command(pid)}


def command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return ""


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False


def wait_until(condition: object) -> None:
    """Look every few milliseconds; fail after a minute."""
    assert callable(condition)
    pause = threading.Event()
    until = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < until
        pause.wait(0.02)


def test_pages_are_read_in_another_process_with_the_same_words(
    pool: RecognitionPool, tmp_path: Path
):
    path = saved(scan(), tmp_path / "brief.png")
    assert pool.page_count(path) == 1
    page = pool.read_page(path, 1).result(PATIENCE)
    assert page.text.source is TextSource.OCR
    assert page.text.text.splitlines() == list(LETTER)
    copy = tmp_path / "copy.pdf"
    assert pool.archive_copy(path, [page], copy, None) == ()
    assert copy.read_bytes().startswith(b"%PDF-")
    assert children(os.getpid())


def test_the_files_own_faults_come_back_as_they_are(pool: RecognitionPool, tmp_path: Path):
    path = tmp_path / "post.pdf"
    path.write_bytes(b"")
    with pytest.raises(IntakeError) as raised:
        pool.page_count(path)
    assert raised.value.reason == "empty"
    assert raised.value.remedy
    with pytest.raises(IntakeError):
        pool.read_page(path, 1).result(PATIENCE)
    with pytest.raises(IntakeError):
        pool.archive_copy(path, [], tmp_path / "copy.pdf", None)


def test_a_missing_model_is_not_the_pages_fault(tmp_path: Path):
    path = saved(scan(dpi=100), tmp_path / "brief.png", dpi=100)
    with (
        RecognitionPool(processes=1, tessdata=tmp_path) as pool,
        pytest.raises(ServiceMissing, match="Latin"),
    ):
        pool.read_page(path, 1).result(PATIENCE)


def test_a_killed_idle_process_is_replaced_without_a_word(pool: RecognitionPool, tmp_path: Path):
    path = tmp_path / "brief.pdf"
    path.write_bytes(pdf())
    pool.page_count(path)
    before = children(os.getpid())
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not any(alive(pid) for pid in before))
    assert pool.page_count(path) == 1
    assert pool.read_page(path, 1).result(PATIENCE).text.source is TextSource.EMBEDDED


@pytest.fixture(name="mischief")
def mischief_(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "mischief"
    folder.mkdir()
    monkeypatch.setenv(MISCHIEF, str(folder))
    return folder


@pytest.fixture(name="stack")
def stack_(tmp_path: Path) -> Path:
    """Three sheets, of which the second makes a broken engine fail."""
    pages = [Image.new("L", (400, 600), 255) for _ in range(3)]
    for page in pages:
        page.paste(0, (100, 100, 300, 120))
    pages[1].paste(100, (0, 0, 60, 60))
    path = tmp_path / "stapel.tif"
    pages[0].save(path, save_all=True, append_images=pages[1:], dpi=(50, 50))
    return path


def broken_pool(kind: str, monkeypatch: pytest.MonkeyPatch, **options: float) -> RecognitionPool:
    monkeypatch.setenv("EAKTE_TEST_FAILURE", kind)
    return RecognitionPool(
        "tests.unit.recognition.broken_engines:BrokenEngine",
        processes=1,
        page_seconds=options.get("page_seconds", PATIENCE),
        memory_mb=int(options.get("memory_mb", 1500)),
    )


def outcomes(pool: RecognitionPool, stack: Path) -> list[str]:
    """What became of the three pages, all asked for at once."""
    said = []
    for future in [pool.read_page(stack, number) for number in (1, 2, 3)]:
        try:
            future.result(PATIENCE * 2)
        except EakteError as error:
            said.append(getattr(error, "reason", error.code))
        else:
            said.append("read")
    return said


@pytest.mark.parametrize(
    ("kind", "reason", "tries"),
    [
        ("crash", "page_crashed", {TRIES}),
        ("hang", "page_timeout", {TRIES}),
        # refused an allocation it says so at once; ended by its watchdog it is tried again
        ("memory", "page_memory", {1, TRIES}),
        ("one huge allocation", "page_memory", {1}),
        ("bug", "page_crashed", {1}),
        ("crash once", "read", {2}),
        ("killed once", "read", {2}),
        ("always killed", "engine", {6}),
    ],
)
def test_one_bad_page_costs_one_page(  # noqa: PLR0917 - fixtures
    mischief: Path,
    stack: Path,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    reason: str,
    tries: set[int],
):
    options = {"page_seconds": 3.0} if kind == "hang" else {"memory_mb": 600}
    with broken_pool(kind, monkeypatch, **options) as pool:
        assert outcomes(pool, stack) == ["read", reason, "read"]
        assert pool.page_count(stack) == 3
    uses = sorted(path.name for path in mischief.iterdir())
    assert len(uses) in tries
    processes = {name.split("-")[0] for name in uses}
    assert len(processes) == len(uses)  # each try in a fresh process


def test_closing_ends_a_page_in_the_middle_and_says_it_may_be_tried_again(
    mischief: Path, stack: Path, monkeypatch: pytest.MonkeyPatch
):
    pool = broken_pool("hang", monkeypatch)
    future = pool.read_page(stack, 2)
    waiting = pool.read_page(stack, 1)
    wait_until(lambda: any(mischief.iterdir()))
    pids = children(os.getpid())
    pool.close()
    with pytest.raises(EngineError) as raised:
        future.result(PATIENCE)
    assert raised.value.retryable
    assert waiting.cancelled() or waiting.exception(PATIENCE) is not None
    wait_until(lambda: not any(alive(pid) for pid in pids - children(os.getpid())))


PARENT = """
import sys
from pathlib import Path
from eakte.recognition.pool import RecognitionPool

if __name__ == "__main__":
    pool = RecognitionPool(processes=1)
    print(pool.page_count(Path(sys.argv[1])), flush=True)
    sys.stdin.read()
"""


def test_processes_die_with_their_parent(tmp_path: Path):
    program, brief = tmp_path / "parent.py", tmp_path / "brief.pdf"
    program.write_text(PARENT)
    brief.write_bytes(pdf())
    with subprocess.Popen(
        [sys.executable, program, brief],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(Path.cwd())},
    ) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "1\n"
        pids = children(parent.pid)
        assert pids
        parent.kill()
        parent.wait(PATIENCE)
        wait_until(lambda: not any(alive(pid) for pid in pids))
