"""ZIP archives: every member comes out or says why not, names are no paths, bombs don't go off."""

from __future__ import annotations

import contextlib
import io
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eakte.domain.conversion import Unfolded
from eakte.errors import EngineError, IntakeError
from eakte.recognition.conversion.archives import shown_name, unfold
from eakte.recognition.limits import Limits
from tests.unit.recognition.sheets import pdf

Unfold = Callable[..., Unfolded]


@pytest.fixture(name="unfolded")
def unfolded_(tmp_path: Path) -> Unfold:
    def make(data: bytes, limits: Limits | None = None) -> Unfolded | None:
        path, folder = tmp_path / "post.zip", tmp_path / "ziel"
        path.write_bytes(data)
        folder.mkdir(exist_ok=True)
        return unfold(path, folder, limits or Limits())

    return make  # type: ignore[return-value]


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def problems(found: Unfolded) -> dict[str, str]:
    return {one.name: one.problem[0] for one in found.members if one.problem}


def test_members_come_out_in_order_with_their_bytes(unfolded: Unfold):
    found = unfolded(zipped({"b/zwei.txt": b"2", "a.txt": b"1"}))
    assert [one.name for one in found.members] == ["b/zwei.txt", "a.txt"]
    assert [one.path.read_bytes() for one in found.members if one.path] == [b"2", b"1"]


def test_what_is_no_archive_is_none(unfolded: Unfold):
    assert unfolded(pdf()) is None
    assert unfolded(zipped({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"})) is None


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "C:\\Windows\\a.txt", "a/../../b", "\x1b[31m.txt"]
)
def test_a_name_is_shown_and_never_a_path(unfolded: Unfold, tmp_path: Path, name: str):
    before = {one for one in tmp_path.parent.rglob("*") if one.is_file()}
    found = unfolded(zipped({name: b"boese"}))
    (member,) = found.members
    assert member.path is not None
    assert member.path.parent == tmp_path / "ziel"
    assert "\x1b" not in member.name
    after = {one for one in tmp_path.parent.rglob("*") if one.is_file()}
    assert after - before == {tmp_path / "post.zip", member.path}


def test_a_link_in_an_archive_is_only_the_text_it_holds(unfolded: Unfold):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        link = zipfile.ZipInfo("link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    (member,) = unfolded(out.getvalue()).members
    assert member.path is not None
    assert not member.path.is_symlink()
    assert member.path.read_bytes() == b"/etc/passwd"


def test_a_member_that_would_swell_is_left_packed_and_the_others_come_out(unfolded: Unfold):
    found = unfolded(zipped({"bombe.txt": b"\0" * 30_000_000, "brief.txt": b"Guten Tag"}))
    assert problems(found) == {"bombe.txt": "bomb"}
    assert found.members[1].path is not None


def test_all_members_together_stay_below_the_limit(unfolded: Unfold):
    found = unfolded(
        zipped({f"{n}.bin": bytes([n]) * 400 for n in range(5)}), Limits(unpacked_bytes=1000)
    )
    assert problems(found) == {"2.bin": "too_large", "3.bin": "too_large", "4.bin": "too_large"}


def test_too_many_members_are_refused_as_a_whole(unfolded: Unfold):
    with pytest.raises(IntakeError) as raised:
        unfolded(zipped({f"{n}": b"" for n in range(11)}), Limits(members=10))
    assert raised.value.reason == "too_large"
    assert "11 Dateien" in raised.value.message


def test_members_that_share_their_bytes_are_a_trap(unfolded: Unfold):
    """Fifield's bomb: many entries of the directory point to the same packed bytes."""
    whole = bytearray(zipped({"a": bytes(range(256)) * 40}))
    start = whole.index(b"PK\x01\x02")
    end = whole.index(b"PK\x05\x06")
    entry = bytes(whole[start:end])
    many = entry * 40
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 40, 40, len(many), start, 0)
    with pytest.raises(IntakeError) as raised:
        unfolded(bytes(whole[:start]) + many + tail)
    assert raised.value.reason == "bomb"


def test_a_member_under_a_password_says_so(unfolded: Unfold):
    data = bytearray(zipped({"geheim.pdf": pdf(), "offen.txt": b"hallo"}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.index(mark) + offset
        data[at] |= 1
    found = unfolded(bytes(data))
    assert problems(found) == {"geheim.pdf": "encrypted"}


def test_a_damaged_member_says_so_and_the_others_come_out(unfolded: Unfold):
    data = bytearray(zipped({"kaputt.pdf": pdf(), "gut.txt": b"hallo"}))
    data[400:420] = b"\xff" * 20
    found = unfolded(bytes(data))
    assert problems(found) == {"kaputt.pdf": "damaged"}
    assert found.members[1].path is not None


@pytest.mark.parametrize("bytes_left", [4, 40, 90])
def test_a_broken_archive_is_damaged(unfolded: Unfold, bytes_left: int):
    with pytest.raises(IntakeError) as raised:
        unfolded(zipped({"a": b"b"})[:bytes_left])
    assert raised.value.reason == "damaged"


def test_an_empty_archive_is_empty_and_system_files_are_left_out(unfolded: Unfold):
    with pytest.raises(IntakeError) as raised:
        unfolded(zipped({}))
    assert raised.value.reason == "empty"
    found = unfolded(zipped({"__MACOSX/._a.pdf": b"x", "a.txt": b"a", "x/.DS_Store": b"y"}))
    assert [one.name for one in found.members] == ["a.txt"]
    assert [one.code for one in found.remarks] == ["members_left_out"]
    assert "2 Verwaltungsdateien" in found.remarks[0].message


def test_a_folder_that_takes_nothing_is_not_the_archives_fault(tmp_path: Path):
    path = tmp_path / "post.zip"
    path.write_bytes(zipped({"a": b"b"}))
    with pytest.raises(EngineError) as raised:
        unfold(path, tmp_path / "gibt-es-nicht", Limits())
    assert raised.value.retryable


@given(st.text(max_size=700))
def test_a_shown_name_is_one_line_and_not_endless(name: str):
    shown = shown_name(name)
    assert 0 < len(shown) <= 500
    assert shown.isprintable() or " " in shown or not shown.isascii()
    assert "\n" not in shown


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 400), junk=st.binary(min_size=1, max_size=30))
def test_a_damaged_archive_is_refused_and_never_surprises(unfolded: Unfold, at: int, junk: bytes):
    data = bytearray(zipped({"a.txt": b"Erster Text" * 9, "b/c.txt": b"Zweiter Text" * 9}))
    data[at : at + len(junk)] = junk
    with contextlib.suppress(IntakeError):
        found = unfolded(bytes(data))
        assert found is None or all(one.path or one.problem for one in found.members)
