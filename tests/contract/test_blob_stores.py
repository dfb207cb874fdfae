"""Every store behind the port ``BlobStore`` keeps these promises."""

import errno
import hashlib
import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eakte.errors import Damaged, Unavailable
from eakte.ports import BlobStore
from eakte.storage.folder import LEFTOVER_SECONDS, FolderStore

STORES = {"folder": FolderStore}


@pytest.fixture(params=STORES, name="root")
def root_(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return tmp_path / str(request.param)


@pytest.fixture(name="store")
def store_(root: Path) -> BlobStore:
    return STORES[root.name](root)


def blob(root: Path, sha256: str) -> Path:
    return root / sha256[:2] / sha256[2:4] / sha256


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(data=st.binary(max_size=4000))
def test_what_is_put_can_be_read_under_its_hash(store: BlobStore, data: bytes):
    sha256 = store.put(data)
    assert sha256 == hashlib.sha256(data).hexdigest()
    assert store.read(sha256) == data
    with store.local_path(sha256) as path:
        assert path.read_bytes() == data
    store.verify(sha256)


def test_a_file_larger_than_one_chunk_is_stored_whole(store: BlobStore, tmp_path: Path):
    source = tmp_path / "stapel.pdf"
    data = os.urandom(2_500_000)
    source.write_bytes(data)
    sha256 = store.put_file(source)
    assert store.read(sha256) == data
    assert source.read_bytes() == data


def test_the_same_bytes_are_stored_once(store: BlobStore):
    first = store.put(b"Bescheid")
    assert store.put(b"Bescheid") == first
    assert list(store.hashes()) == [first]


def test_every_hash_is_listed(store: BlobStore):
    stored = {store.put(bytes([n])) for n in range(20)}
    assert set(store.hashes()) == stored


def test_an_unknown_hash_is_damage(store: BlobStore):
    unknown = hashlib.sha256(b"nie gesehen").hexdigest()
    with pytest.raises(Damaged):
        store.read(unknown)
    with pytest.raises(Damaged):
        store.verify(unknown)
    with pytest.raises(Damaged), store.local_path(unknown):
        pass


def test_what_is_no_hash_is_never_turned_into_a_path(store: BlobStore):
    with pytest.raises(ValueError, match="not a SHA-256"):
        store.read("../../etc/passwd")


def test_one_changed_byte_is_noticed_on_reading_and_on_checking(root: Path, store: BlobStore):
    sha256 = store.put(b"Der Betrag ist 100 Euro")
    path = blob(root, sha256)
    path.chmod(0o600)
    path.write_bytes(b"Der Betrag ist 900 Euro")
    with pytest.raises(Damaged, match=sha256):
        store.read(sha256)
    with pytest.raises(Damaged, match=sha256):
        store.verify(sha256)
    with pytest.raises(Damaged, match=sha256):
        store.put(b"Der Betrag ist 100 Euro")


def test_nobody_else_may_read_the_store(root: Path, store: BlobStore):
    sha256 = store.put(b"Sozialdaten")
    path = blob(root, sha256)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for folder in (root, path.parent, path.parent.parent):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_bytes_and_names_are_on_the_disk_before_put_returns(
    store: BlobStore, monkeypatch: pytest.MonkeyPatch
):
    order: list[str] = []
    real_fsync, real_link = os.fsync, os.link

    def fsync(descriptor: int) -> None:
        kind = "folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file"
        order.append(kind)
        real_fsync(descriptor)

    def link(source: str, target: str) -> None:
        order.append("link")
        real_link(source, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "link", link)
    store.put(b"Widerspruch")
    assert order.index("file") < order.index("link")
    assert order[-1] == "folder"


def test_a_full_disk_is_said_clearly_and_leaves_nothing_behind(
    root: Path, store: BlobStore, monkeypatch: pytest.MonkeyPatch
):
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(Unavailable, match="voll") as raised:
            store.put(b"zu viel")
    assert raised.value.retryable
    assert list(store.hashes()) == []
    assert [path for path in root.rglob("*") if path.is_file()] == []
    assert store.read(store.put(b"zu viel")) == b"zu viel"


def test_a_source_that_cannot_be_read_is_the_sources_fault(store: BlobStore, tmp_path: Path):
    with pytest.raises(FileNotFoundError):
        store.put_file(tmp_path / "fort.pdf")
    assert list(store.hashes()) == []


def test_leftovers_of_a_crash_go_after_a_day_and_not_before(root: Path):
    FolderStore(root)
    old, young = root / "tmp" / "alt", root / "tmp" / "jung"
    old.write_bytes(b"halb")
    young.write_bytes(b"halb")
    yesterday = time.time() - LEFTOVER_SECONDS - 60
    os.utime(old, (yesterday, yesterday))
    FolderStore(root)
    assert not old.exists()
    assert young.exists()


def test_two_processes_may_put_the_same_bytes_at_once(root: Path, store: BlobStore):
    program = (
        "import sys; from pathlib import Path; from eakte.storage.folder import FolderStore\n"
        "s = FolderStore(Path(sys.argv[1]))\n"
        "for n in range(200): s.put(b'%d' % n)\n"
    )
    both = [subprocess.Popen([sys.executable, "-c", program, str(root)]) for _ in range(2)]
    assert [process.wait(timeout=60) for process in both] == [0, 0]
    assert len(list(store.hashes())) == 200
    assert list((root / "tmp").iterdir()) == []
