"""Inbox folders with profiles: whose batch, which day, and the side-car beside the scan."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from eakte.intake.inbox import InboxChannel, watched
from eakte.models import Batch, Source
from scanner_inbox.profiles import BatchMode, Profile, ReceiptRule
from scanner_inbox.settled import SettledRule
from scanner_inbox.sidecar import SidecarKind, SidecarRule
from scanner_inbox.watch import WatchSettings
from tests.authority import Authority
from tests.small_authority import MUELLER

XML = SidecarRule(kind=SidecarKind.XML, wait_seconds=30)
SETTINGS = WatchSettings(rule=SettledRule(looks=2, seconds=0))


class Stand:
    """A watched folder with a clock to set."""

    def __init__(self, authority: Authority, folder: Path, **profile: Any) -> None:
        folder.mkdir()
        self.authority, self.folder, self.now = authority, folder, 0.0
        self.begun: list[str] = []
        values = {"id": "kopierer", "site": "husum", "operator": "s.scan", "device": "fi-7900"}
        self.profile = Profile(folder=folder, **(values | profile))
        self.open()

    def open(self) -> None:
        """As after a start of the process."""
        self.channel = InboxChannel(
            database=self.authority.database,
            store=self.authority.store,
            profile=self.profile,
            begin=self.begun.append,
            is_working_day=lambda day: day.weekday() < 5,
            quiet_seconds=1,
            clock=lambda: self.now,
        )
        self.inbox = watched(self.channel, SETTINGS)

    def put(self, name: str, content: bytes = b"Brief") -> Path:
        path = self.folder / name
        path.write_bytes(content)
        return path

    def look(self, seconds: float = 2, times: int = 4) -> None:
        for _ in range(times):
            self.inbox.look()
            self.now += seconds

    def left(self) -> list[str]:
        return sorted(one.name for one in self.folder.iterdir())

    def sources(self) -> list[Source]:
        with self.authority.database.read() as session:
            return list(session.scalars(select(Source).order_by(Source.name)))

    def batch(self, source: Source) -> Batch:
        with self.authority.database.read() as session:
            return session.get_one(Batch, source.batch_id)


def side_car(**told: Any) -> bytes:
    return ("<s>" + "".join(f"<{n}>{v}</{n}>" for n, v in told.items()) + "</s>").encode()


def test_a_profile_says_whose_scanner_it_was_and_a_run_is_its_own_batch(
    authority: Authority, tmp_path: Path
):
    stand = Stand(authority, tmp_path / "in", batch=BatchMode.RUN)
    stand.put("stapel-07.pdf")
    stand.look()
    (source,) = stand.sources()
    batch = stand.batch(source)
    assert (batch.name, batch.profile, batch.site_id) == ("stapel-07", "kopierer", "husum")
    assert (batch.operator, batch.device) == ("s.scan", "fi-7900")
    assert (source.channel, source.form, source.given) == ("scanner", "paper", {})
    assert stand.begun == [source.id]


def test_a_fax_after_closing_time_is_received_on_the_next_working_day(
    authority: Authority, tmp_path: Path
):
    authority.clock.at = datetime(2026, 11, 20, 19, tzinfo=UTC)
    rule = ReceiptRule.parse("next_working_day_after 16:00")
    stand = Stand(authority, tmp_path / "fax", form="fax", receipt=rule, batch=BatchMode.LETTER)
    path = stand.put("fax.tif")
    at = datetime(2026, 11, 20, 18, tzinfo=UTC).timestamp()
    os.utime(path, (at, at))
    stand.look()
    (source,) = stand.sources()
    assert (source.form, source.received_here) == ("fax", date(2026, 11, 23))
    assert source.given == {"one_letter": True}


def test_a_side_car_goes_into_custody_with_its_scan_and_tells_of_it(
    authority: Authority, tmp_path: Path
):
    rule = ReceiptRule.parse("sidecar")
    stand = Stand(authority, tmp_path / "in", sidecar=XML, batch=BatchMode.RUN, receipt=rule)
    told = side_car(operator="Frau Beer", sheets=12, received="2026-11-19", aktenzeichen=MUELLER)
    stand.put("stapel-07.pdf")
    stand.put("stapel-07.xml", told)
    stand.look()
    (source,) = stand.sources()
    assert (source.name, source.received_here) == ("stapel-07.pdf", date(2026, 11, 19))
    batch = stand.batch(source)
    assert (batch.operator, batch.device, batch.sheets_reported) == ("Frau Beer", "fi-7900", 12)
    assert source.given["claims"] == [f"Aktenzeichen {MUELLER}"]
    (kept,) = source.given["files"]
    assert authority.store.read(kept["sha256"]) == told
    assert stand.left() == []
    assert [one.problem for one in authority.checking.run() if one.check == "store"] == []


def test_a_scan_waits_for_its_side_car_and_then_goes_without(authority: Authority, tmp_path: Path):
    stand = Stand(authority, tmp_path / "in", sidecar=XML)
    stand.put("stapel.pdf")
    stand.look(times=10)  # 20 seconds
    assert stand.sources() == []
    stand.look(times=10)
    (source,) = stand.sources()
    assert [one["code"] for one in source.remarks] == ["sidecar_missing"]


def test_a_side_car_that_comes_later_is_waited_for(authority: Authority, tmp_path: Path):
    stand = Stand(authority, tmp_path / "in", sidecar=XML)
    stand.put("stapel.pdf")
    stand.look(times=5)
    stand.put("stapel.xml", side_car(sheets=3))
    stand.look()
    (source,) = stand.sources()
    assert stand.batch(source).sheets_reported == 3
    assert source.remarks == []


def test_a_broken_side_car_is_a_remark_and_the_scan_goes_its_way(
    authority: Authority, tmp_path: Path
):
    stand = Stand(authority, tmp_path / "in", sidecar=XML)
    stand.put("stapel.pdf")
    stand.put("stapel.xml", b"<s><sheets>3</s")
    stand.look()
    (source,) = stand.sources()
    assert [one["code"] for one in source.remarks] == ["sidecar_broken"]
    assert authority.store.read(source.given["files"][0]["sha256"]) == b"<s><sheets>3</s"
    assert stand.left() == []


def test_after_a_crash_between_the_two_the_side_car_follows(
    authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    stand = Stand(authority, tmp_path / "in", sidecar=XML)
    stand.put("stapel.pdf")
    stand.put("stapel.xml", side_car(sheets=3))
    with monkeypatch.context() as patch:
        patch.setattr(InboxChannel, "_remove", lambda *_: None)
        stand.look()
    assert stand.left() == ["stapel.xml"]
    stand.open()
    stand.look(times=20)
    assert stand.left() == []
    assert len(stand.sources()) == 1


def test_a_side_car_without_its_scan_stays(authority: Authority, tmp_path: Path):
    stand = Stand(authority, tmp_path / "in", sidecar=XML)
    stand.put("einsam.xml", side_car(sheets=3))
    stand.look(times=30)
    assert stand.left() == ["einsam.xml"]
    assert stand.sources() == []


def test_an_online_application_is_one_document_whose_data_are_claims(
    authority: Authority, tmp_path: Path
):
    rule = SidecarRule(kind=SidecarKind.JSON, wait_seconds=30)
    stand = Stand(authority, tmp_path / "in", sidecar=rule, form="online")
    stand.put("antrag-1.pdf")
    stand.put(
        "antrag-1.json",
        b'{"schlagwort": "weiterbewilligung", "first_name": "Fatma",'
        b'"last_name": "Y\\u0131ld\\u0131z",'
        b'"birth_date": "1990-01-15", "postcode": "25832", "aktenzeichen": "12345//0002000"}',
    )
    stand.look()
    (source,) = stand.sources()
    assert (source.channel, source.form) == ("online", "online")
    assert source.given["schlagwort"] == "weiterbewilligung"
    assert source.given["claims"] == [
        "Fatma Yıldız",
        "geboren am 15.01.1990",
        "25832",
        "Aktenzeichen 12345//0002000",
    ]
    assert "aktenzeichen" not in source.given


def test_a_folder_inside_another_is_left_to_its_own_profile(authority: Authority, tmp_path: Path):
    outer = Stand(authority, tmp_path / "in")
    inner = Stand(authority, tmp_path / "in" / "fax", id="fax", form="fax")
    outer.inbox = watched(outer.channel, SETTINGS, without=[inner.folder])
    inner.put("fax.pdf", b"Fax")
    outer.put("brief.pdf", b"Papier")
    for stand in (outer, inner):
        stand.look()
    assert {row.name: row.form for row in outer.sources()} == {
        "brief.pdf": "paper",
        "fax.pdf": "fax",
    }
