import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from eakte.storage.folder import FolderStore
from scanner_inbox.custody import Arrival, Left, LeftBecause, Taken, take
from scanner_inbox.settled import SettledRule
from scanner_inbox.watch import Inbox, ObserverKind, WatchSettings

PATIENCE = 20.0


class Desk:
    """Collects what arrives and what is reported; can wait for either."""

    def __init__(self, folder: Path, store: FolderStore) -> None:
        self.folder = folder
        self.store = store
        self.taken: list[Arrival] = []
        self.reports: list[Left] = []
        self.changed = threading.Condition()
        self.fails: Exception | None = None
        self.tries = 0

    def take(self, path: Path) -> Taken[None] | Left:
        return take(path, self.store, self.receive, inbox=self.folder)

    def receive(self, arrival: Arrival) -> None:
        self.tries += 1
        if self.fails is not None:
            raise self.fails
        with self.changed:
            self.taken.append(arrival)
            self.changed.notify_all()

    def report(self, left: Left) -> None:
        with self.changed:
            self.reports.append(left)
            self.changed.notify_all()

    def wait_for(self, what: Callable[[], bool]) -> None:
        with self.changed:
            assert self.changed.wait_for(what, PATIENCE)


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(name="desk")
def desk_(tmp_path: Path) -> Desk:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return Desk(folder, FolderStore(tmp_path / "store"))


@pytest.fixture(name="clock")
def clock_() -> Clock:
    return Clock()


@pytest.fixture(name="inbox")
def inbox_(desk: Desk, clock: Clock) -> Inbox[None]:
    return Inbox(desk.folder, desk.take, report=desk.report, clock=clock)


def look(inbox: Inbox[None], clock: Clock, times: int = 1, *, every: float = 0.5) -> None:
    for _ in range(times):
        clock.now += every
        inbox.look()


@contextmanager
def running(inbox: Inbox[None]) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=inbox.run, args=(stop,))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        inbox.wake()
        thread.join(PATIENCE)
        assert not thread.is_alive()


def test_a_settled_letter_is_taken_and_a_growing_one_is_not(
    desk: Desk, clock: Clock, inbox: Inbox[None]
):
    (desk.folder / "fertig.pdf").write_bytes(b"fertig")
    growing = desk.folder / "stapel.pdf"
    for number in range(5):
        growing.write_bytes(b"x" * (number + 1))
        look(inbox, clock)
    assert [arrival.name for arrival in desk.taken] == ["fertig.pdf"]
    look(inbox, clock, 3)
    assert [arrival.name for arrival in desk.taken] == ["fertig.pdf", "stapel.pdf"]
    assert desk.reports == []


def test_subfolders_are_profiles_and_temporary_files_are_not_letters(
    desk: Desk, clock: Clock, inbox: Inbox[None]
):
    (desk.folder / "husum" / "7").mkdir(parents=True)
    (desk.folder / "husum" / "7" / "a.tif").write_bytes(b"a")
    (desk.folder / "husum" / ".a.tif").write_bytes(b"a")
    (desk.folder / "b.pdf.part").write_bytes(b"b")
    look(inbox, clock, 4)
    assert [(a.folder, a.name) for a in desk.taken] == [("husum/7", "a.tif")]
    assert (desk.folder / "b.pdf.part").exists()


def test_a_file_that_vanishes_while_it_settles_is_no_error(
    desk: Desk, clock: Clock, inbox: Inbox[None]
):
    path = desk.folder / "kurz.pdf"
    path.write_bytes(b"x")
    look(inbox, clock, 2)
    path.unlink()
    look(inbox, clock, 3)
    assert desk.taken == []
    assert desk.reports == []


def test_what_cannot_be_taken_is_reported_once_and_does_not_stop_the_others(
    desk: Desk, clock: Clock, inbox: Inbox[None]
):
    (desk.folder / "leer.pdf").touch()
    (desk.folder / "link.pdf").symlink_to(desk.folder / "leer.pdf")
    (desk.folder / "brief.pdf").write_bytes(b"x")
    look(inbox, clock, 200, every=10)
    assert [a.name for a in desk.taken] == ["brief.pdf"]
    assert {left.because for left in desk.reports} == {LeftBecause.EMPTY, LeftBecause.LINK}
    assert len(desk.reports) == 2


def test_an_empty_file_is_taken_once_something_stands_in_it(
    desk: Desk, clock: Clock, inbox: Inbox[None]
):
    path = desk.folder / "leer.pdf"
    path.touch()
    look(inbox, clock, 4)
    path.write_bytes(b"doch noch")
    look(inbox, clock, 4)
    assert [a.name for a in desk.taken] == ["leer.pdf"]


def test_while_the_database_is_away_letters_wait_with_growing_pauses(
    desk: Desk, clock: Clock, inbox: Inbox[None]
):
    desk.fails = ConnectionError("database is away")
    path = desk.folder / "brief.pdf"
    path.write_bytes(b"x")
    look(inbox, clock, 240)  # two minutes
    assert path.exists()
    assert len(desk.reports) == 1
    assert 4 <= desk.tries <= 8
    assert inbox.pause() > 1
    desk.fails = None
    look(inbox, clock, 240)
    assert [a.name for a in desk.taken] == ["brief.pdf"]


def test_an_inbox_out_of_reach_is_reported_once_and_used_again_when_it_is_back(
    desk: Desk, clock: Clock, inbox: Inbox[None]
):
    desk.folder.rmdir()
    look(inbox, clock, 5)
    assert [left.path for left in desk.reports] == [desk.folder]
    desk.folder.mkdir()
    (desk.folder / "brief.pdf").write_bytes(b"x")
    look(inbox, clock, 4)
    assert [a.name for a in desk.taken] == ["brief.pdf"]


def test_an_idle_inbox_rests_and_a_busy_one_looks_often(
    desk: Desk, clock: Clock, inbox: Inbox[None]
):
    look(inbox, clock)
    assert inbox.pause() == WatchSettings().rescan_seconds
    (desk.folder / "brief.pdf").write_bytes(b"x")
    look(inbox, clock)
    assert inbox.pause() == WatchSettings().poll_seconds


@pytest.mark.parametrize("kind", list(ObserverKind))
def test_a_running_inbox_hears_of_a_letter_long_before_the_next_rescan(
    desk: Desk, kind: ObserverKind
):
    settings = WatchSettings(
        observer=kind,
        poll_seconds=0.05,
        rescan_seconds=3600,
        rule=SettledRule(looks=2, seconds=0.05),
    )
    inbox = Inbox(desk.folder, desk.take, report=desk.report, settings=settings)
    with running(inbox):
        for number in range(3):
            folder = desk.folder / f"stapel-{number}"
            folder.mkdir()
            (folder / "brief.pdf").write_bytes(b"%d" % number)
            desk.wait_for(lambda count=number + 1: len(desk.taken) == count)
    assert desk.reports == []


def test_a_lost_event_costs_no_more_than_a_rescan(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("scanner_inbox.watch._Waker.on_any_event", lambda _self, _event: None)
    settings = WatchSettings(
        poll_seconds=0.05, rescan_seconds=0.2, rule=SettledRule(looks=2, seconds=0.05)
    )
    with running(Inbox(desk.folder, desk.take, report=desk.report, settings=settings)):
        (desk.folder / "brief.pdf").write_bytes(b"x")
        desk.wait_for(lambda: len(desk.taken) == 1)


def test_where_the_kernels_watches_are_used_up_the_inbox_is_polled(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    def used_up(self: object) -> None:
        raise OSError(28, "inotify watch limit reached")

    monkeypatch.setattr("watchdog.observers.api.BaseObserver.start", used_up)
    monkeypatch.setattr("scanner_inbox.watch.PollingObserver.start", _real_start)
    settings = WatchSettings(
        poll_seconds=0.05, rescan_seconds=3600, rule=SettledRule(looks=2, seconds=0.05)
    )
    with running(Inbox(desk.folder, desk.take, report=desk.report, settings=settings)):
        (desk.folder / "brief.pdf").write_bytes(b"x")
        desk.wait_for(lambda: len(desk.taken) == 1)


def _real_start(self: threading.Thread) -> None:
    for emitter in self.emitters:  # type: ignore[attr-defined]
        emitter.start()
    threading.Thread.start(self)
