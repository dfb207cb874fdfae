"""Custody: whatever happens, an original is in the inbox, or in the store with its row."""

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from eakte.errors import Unavailable
from eakte.storage.folder import FolderStore
from scanner_inbox.custody import (
    HOLDING_PREFIX,
    Arrival,
    Left,
    LeftBecause,
    Taken,
    finish,
    take,
)

LETTER = b"%PDF-1.7 Ein Brief"


class Rows:
    """Committed rows, idempotent by the arrival's key."""

    def __init__(self) -> None:
        self.by_key: dict[str, Arrival] = {}
        self.calls = 0

    def __call__(self, arrival: Arrival) -> str:
        self.calls += 1
        self.by_key.setdefault(arrival.key, arrival)
        return arrival.key


@pytest.fixture(name="inbox")
def inbox_(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


@pytest.fixture(name="store")
def store_(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "store")


@pytest.fixture(name="rows")
def rows_() -> Rows:
    return Rows()


def put(folder: Path, name: str = "brief.pdf", data: bytes = LETTER) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(data)
    return path


def test_a_letter_is_stored_committed_and_only_then_gone(
    inbox: Path, store: FolderStore, rows: Rows
):
    path = put(inbox / "husum" / "stapel-07")

    def receive(arrival: Arrival) -> str:
        assert path.exists()
        store.verify(arrival.sha256)
        return rows(arrival)

    taken = take(path, store, receive, inbox=inbox)
    assert isinstance(taken, Taken)
    assert taken.arrival.name == "brief.pdf"
    assert taken.arrival.folder == "husum/stapel-07"
    assert taken.arrival.size == len(LETTER)
    assert taken.arrival.sha256 == hashlib.sha256(LETTER).hexdigest()
    assert taken.received == taken.arrival.key
    assert list(path.parent.iterdir()) == []


def test_a_letter_stays_when_its_row_cannot_be_committed(inbox: Path, store: FolderStore):
    path = put(inbox)

    def receive(arrival: Arrival) -> None:
        raise Unavailable("Die Datenbank ist fort.")

    with pytest.raises(Unavailable):
        take(path, store, receive, inbox=inbox)
    assert path.read_bytes() == LETTER


def test_the_same_file_taken_again_after_a_crash_has_the_same_key(
    inbox: Path, store: FolderStore, rows: Rows
):
    path = put(inbox)

    def receive_and_crash(arrival: Arrival) -> None:
        rows(arrival)
        raise ConnectionError

    with pytest.raises(ConnectionError):
        take(path, store, receive_and_crash, inbox=inbox)
    take(path, store, rows, inbox=inbox)
    assert rows.calls == 2
    assert len(rows.by_key) == 1


def test_the_same_bytes_put_there_anew_are_another_arrival(
    inbox: Path, store: FolderStore, rows: Rows, tmp_path: Path
):
    original = put(tmp_path, "original.pdf")
    for _ in range(2):
        shutil.copy2(original, inbox / "brief.pdf")  # keeps the time stamp
        take(inbox / "brief.pdf", store, rows, inbox=inbox)
    assert len(rows.by_key) == 2
    assert len(list(store.hashes())) == 1


def test_the_same_name_in_two_folders_is_two_arrivals(inbox: Path, store: FolderStore, rows: Rows):
    for folder in ("husum", "niebuell"):
        take(put(inbox / folder), store, rows, inbox=inbox)
    assert len(rows.by_key) == 2


def test_a_file_that_changes_while_it_is_stored_is_left(
    inbox: Path, store: FolderStore, rows: Rows
):
    path = put(inbox)

    class Slow(FolderStore):
        def put_file(self, path_: Path) -> str:
            sha256 = super().put_file(path_)
            with path.open("ab") as file:
                file.write(b" und noch ein Blatt")
            return sha256

    left = take(path, Slow(store._root), rows, inbox=inbox)
    assert isinstance(left, Left)
    assert left.because is LeftBecause.CHANGED
    assert left.retry
    assert rows.calls == 0
    assert path.read_bytes().endswith(b"Blatt")


def test_a_file_that_changes_while_its_row_is_committed_is_not_removed(
    inbox: Path, store: FolderStore, rows: Rows
):
    path = put(inbox)

    def receive(arrival: Arrival) -> str:
        path.write_bytes(b"%PDF-1.7 Ein ganz anderer Brief")
        return rows(arrival)

    left = take(path, store, receive, inbox=inbox)
    assert isinstance(left, Left)
    assert left.because is LeftBecause.CHANGED
    assert path.read_bytes() == b"%PDF-1.7 Ein ganz anderer Brief"
    assert [p.name for p in inbox.iterdir()] == ["brief.pdf"]


def test_a_file_put_in_its_place_at_the_last_moment_is_not_removed(
    inbox: Path, store: FolderStore, rows: Rows
):
    path = put(inbox)

    def receive(arrival: Arrival) -> str:
        other = put(inbox, "neu.tmp", b"%PDF-1.7 Zweiter Brief")
        other.rename(path)
        return rows(arrival)

    assert isinstance(take(path, store, receive, inbox=inbox), Left)
    assert path.read_bytes() == b"%PDF-1.7 Zweiter Brief"
    take(path, store, rows, inbox=inbox)
    assert {a.size for a in rows.by_key.values()} == {len(LETTER), len(b"%PDF-1.7 Zweiter Brief")}


def test_a_file_that_somebody_else_removed_meanwhile_is_taken(
    inbox: Path, store: FolderStore, rows: Rows
):
    path = put(inbox)

    def receive(arrival: Arrival) -> str:
        path.unlink()
        return rows(arrival)

    assert isinstance(take(path, store, receive, inbox=inbox), Taken)
    assert list(inbox.iterdir()) == []


@pytest.mark.parametrize(
    ("kind", "because"),
    [
        ("vanished", LeftBecause.VANISHED),
        ("empty", LeftBecause.EMPTY),
        ("folder", LeftBecause.NOT_A_FILE),
        ("pipe", LeftBecause.NOT_A_FILE),
        ("link", LeftBecause.LINK),
        ("broken link", LeftBecause.LINK),
    ],
)
def test_what_is_no_letter_is_left_and_explained(  # noqa: PLR0917 - fixtures
    inbox: Path,
    store: FolderStore,
    rows: Rows,
    tmp_path: Path,
    kind: str,
    because: LeftBecause,
):
    path = inbox / "etwas"
    match kind:
        case "empty":
            path.touch()
        case "folder":
            path.mkdir()
        case "pipe":
            os.mkfifo(path)
        case "link":
            path.symlink_to(put(tmp_path, "geheim.pdf"))
        case "broken link":
            path.symlink_to(tmp_path / "nirgends")
    left = take(path, store, rows, inbox=inbox)
    assert isinstance(left, Left)
    assert left.because is because
    assert left.message
    assert rows.calls == 0
    assert list(store.hashes()) == []


def test_a_file_that_may_not_be_read_is_left_and_tried_again(
    inbox: Path, store: FolderStore, rows: Rows, monkeypatch: pytest.MonkeyPatch
):
    path = put(inbox)

    def refuse(*_: object, **__: object) -> int:
        raise PermissionError(13, "Keine Berechtigung")

    with monkeypatch.context() as patched:
        patched.setattr(os, "open", refuse)
        left = take(path, store, rows, inbox=inbox)
    assert isinstance(left, Left)
    assert left.because is LeftBecause.UNREADABLE
    assert left.retry
    assert isinstance(take(path, store, rows, inbox=inbox), Taken)


def test_a_full_store_leaves_the_letter_where_it_is(inbox: Path, store: FolderStore, rows: Rows):
    path = put(inbox)

    class Full(FolderStore):
        def put_file(self, _path: Path) -> str:
            raise Unavailable("Der Datenträger ist voll.", remedy="Bitte Platz schaffen.")

    left = take(path, Full(store._root), rows, inbox=inbox)
    assert isinstance(left, Left)
    assert (left.because, left.remedy) == (LeftBecause.UNAVAILABLE, "Bitte Platz schaffen.")
    assert path.exists()


def test_a_letter_that_cannot_be_removed_keeps_its_one_row(
    inbox: Path, store: FolderStore, rows: Rows, monkeypatch: pytest.MonkeyPatch
):
    path = put(inbox)

    def refuse(self: Path, target: Path) -> Path:
        raise PermissionError(13, "Keine Berechtigung")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", refuse)
        for _ in range(3):
            left = take(path, store, rows, inbox=inbox)
            assert isinstance(left, Left)
            assert left.because is LeftBecause.NOT_REMOVED
    assert isinstance(take(path, store, rows, inbox=inbox), Taken)
    assert len(rows.by_key) == 1


def test_a_name_that_is_no_text_can_be_taken_and_shown(inbox: Path, store: FolderStore, rows: Rows):
    path = Path(os.fsdecode(os.fsencode(inbox) + b"/bescheid-\xfc.pdf"))
    path.write_bytes(LETTER)
    taken = take(path, store, rows, inbox=inbox)
    assert isinstance(taken, Taken)
    assert taken.arrival.name == "bescheid-\ufffd.pdf"
    assert taken.arrival.name.encode("utf-8")


def test_removals_that_a_crash_interrupted_are_completed(inbox: Path):
    sha256 = hashlib.sha256(LETTER).hexdigest()
    held = put(inbox / "husum" / f"{HOLDING_PREFIX}{sha256}")
    assert finish(inbox) == ()
    assert not held.parent.exists()
    assert list((inbox / "husum").iterdir()) == []


def test_a_held_file_with_other_bytes_is_put_back_beside_its_namesake(inbox: Path):
    sha256 = hashlib.sha256(LETTER).hexdigest()
    put(inbox, "brief.pdf", b"schon wieder einer")
    put(inbox / f"{HOLDING_PREFIX}{sha256}", "brief.pdf", b"nie gespeichert")
    assert finish(inbox) == (inbox / "brief-2.pdf",)
    assert (inbox / "brief-2.pdf").read_bytes() == b"nie gespeichert"
    assert (inbox / "brief.pdf").read_bytes() == b"schon wieder einer"


KILLED_AT_EVERY_LINE = """
import json, os, signal, sys
from pathlib import Path
from eakte.storage.folder import FolderStore
from scanner_inbox.custody import finish, take

LETTER = sys.argv[2].encode()


def receive_into(rows):
    def receive(arrival):
        known = json.loads(rows.read_text()) if rows.exists() else {}
        known[arrival.key] = arrival.sha256
        new = rows.with_suffix(".new")
        new.write_text(json.dumps(known))
        new.replace(rows)
    return receive


def run(home, stop_at):
    steps = 0

    def trace(frame, event, argument):
        nonlocal steps
        if not frame.f_code.co_filename.endswith(("custody.py", "folder.py", "<string>")):
            return None
        if event == "line":
            steps += 1
            if steps == stop_at:
                os.kill(os.getpid(), signal.SIGKILL)
        return trace

    inbox = home / "inbox"
    finish(inbox)
    sys.settrace(trace)
    store = FolderStore(home / "store")
    for path in sorted(p for p in inbox.iterdir() if not p.name.startswith(".")):
        take(path, store, receive_into(home / "rows.json"), inbox=inbox)
    sys.settrace(None)


stop_at = 0
while True:
    stop_at += 1
    home = Path(sys.argv[1]) / str(stop_at)
    (home / "inbox").mkdir(parents=True)
    (home / "inbox" / "brief.pdf").write_bytes(LETTER)
    child = os.fork()
    if child == 0:
        run(home, stop_at)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    stored = [p for p in home.rglob("*") if p.is_file() and p.read_bytes() == LETTER]
    assert stored, stop_at
    run(home, 0)
    rows = json.loads((home / "rows.json").read_text())
    sha256, = rows.values()
    assert FolderStore(home / "store").read(sha256) == LETTER, stop_at
    assert list((home / "inbox").iterdir()) == [], stop_at
    if not os.WIFSIGNALED(status):
        break
print(stop_at)
"""


def test_kill_nine_at_any_line_loses_and_doubles_nothing(tmp_path: Path):
    done = subprocess.run(
        [sys.executable, "-c", KILLED_AT_EVERY_LINE, tmp_path, LETTER.decode()],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.stderr == ""
    assert int(done.stdout) > 80


def test_a_file_that_is_still_open_for_writing_is_left_however_long_it_pauses(
    inbox: Path, store: FolderStore, rows: Rows
):
    path = inbox / "langsam.pdf"
    with path.open("wb") as writer:
        writer.write(LETTER[:9])
        writer.flush()
        left = take(path, store, rows, inbox=inbox)
        assert isinstance(left, Left)
        assert (left.because, left.retry, rows.calls) == (LeftBecause.IN_USE, True, 0)
        writer.write(LETTER[9:])
    assert isinstance(take(path, store, rows, inbox=inbox), Taken)
    assert [one.size for one in rows.by_key.values()] == [len(LETTER)]


def test_a_file_that_somebody_opens_for_writing_at_the_last_moment_is_not_removed(
    inbox: Path, store: FolderStore, rows: Rows
):
    path = put(inbox)
    with contextlib.ExitStack() as opened:

        def receive(arrival: Arrival) -> str:
            opened.enter_context(path.open("ab"))
            return rows(arrival)

        left = take(path, store, receive, inbox=inbox)
    assert isinstance(left, Left)
    assert left.because is LeftBecause.CHANGED
    assert path.read_bytes() == LETTER


def test_a_reader_of_the_file_does_not_hold_it_up(inbox: Path, store: FolderStore, rows: Rows):
    path = put(inbox)
    with path.open("rb"):
        assert isinstance(take(path, store, rows, inbox=inbox), Taken)
