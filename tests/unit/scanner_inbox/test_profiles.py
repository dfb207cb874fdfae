"""The day of receipt by a folder's rule, and what a side-car says."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner_inbox.profiles import BatchMode, Profile, ReceiptRule
from scanner_inbox.sidecar import SidecarKind, SidecarRule, read_sidecar

FRIDAY = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)  # 15:00 in Berlin
BUSS_UND_BETTAG = date(2026, 11, 18)


def works(day: date) -> bool:
    return day.weekday() < 5 and day != BUSS_UND_BETTAG


def ns(at: datetime) -> int:
    return int(at.timestamp() * 1e9)


def day(rule: str, at: datetime, now: datetime = FRIDAY, said: date | None = None):
    return ReceiptRule.parse(rule).day(ns(at), now, works, said)


def test_today_is_the_day_in_berlin_whatever_the_file_says():
    assert day("today", FRIDAY - timedelta(days=30)) == (date(2026, 11, 20), None)
    assert day("today", FRIDAY, datetime(2026, 11, 20, 23, 30, tzinfo=UTC))[0] == date(2026, 11, 21)


def test_the_files_own_time_counts_in_berlin():
    at = datetime(2026, 11, 18, 23, 30, tzinfo=UTC)
    assert day("file_time", at) == (date(2026, 11, 19), None)


def test_a_time_in_the_future_counts_as_today_and_is_remarked():
    found, remark = day("file_time", FRIDAY + timedelta(days=2))
    assert found == date(2026, 11, 20)
    assert remark is not None
    assert remark.code == "receipt_in_future"


@pytest.mark.parametrize(
    ("arrived", "expected"),
    [
        ("2026-11-19T09:00", "2026-11-19"),  # Thursday morning
        ("2026-11-19T16:00", "2026-11-20"),  # from closing time on
        ("2026-11-17T17:00", "2026-11-19"),  # Tuesday evening before a holiday
        ("2026-11-18T08:00", "2026-11-19"),  # on the holiday
        ("2026-11-14T10:00", "2026-11-16"),  # Saturday
        ("2026-11-13T18:00", "2026-11-16"),  # Friday evening
    ],
)
def test_after_closing_time_the_next_working_day_counts(arrived: str, expected: str):
    at = datetime.fromisoformat(arrived + "+01:00")
    assert day("next_working_day_after 16:00", at)[0] == date.fromisoformat(expected)


def test_the_side_cars_day_counts_where_it_names_one():
    assert day("sidecar", FRIDAY, said=date(2026, 11, 17)) == (date(2026, 11, 17), None)
    without, remark = day("sidecar", FRIDAY)
    assert (without, remark.code) == (date(2026, 11, 20), "receipt_unknown")
    ahead, remark = day("sidecar", FRIDAY, said=date(2027, 1, 1))
    assert (ahead, remark.code) == (date(2026, 11, 20), "receipt_in_future")


@pytest.mark.parametrize("text", ["gestern", "next_working_day_after 25:00", "today 16:00", ""])
def test_a_rule_that_is_none_is_refused(text: str):
    with pytest.raises(ValueError, match="„"):
        ReceiptRule.parse(text)


@given(
    st.integers(0, 4 * 10**18),
    st.sampled_from(["today", "file_time", "sidecar", "next_working_day_after 16:00"]),
)
def test_no_rule_dates_far_into_the_future_and_only_one_past_today(modified: int, rule: str):
    found, _ = ReceiptRule.parse(rule).day(modified, FRIDAY, works, None)
    today = date(2026, 11, 20)
    assert found <= today or (rule.startswith("next") and found == date(2026, 11, 23))


def test_a_run_is_a_batch_of_its_own_and_a_letter_part_of_its_folders():
    run = Profile(id="kopierer", folder=Path("x"), batch=BatchMode.RUN)
    assert run.batch_name("", "stapel-07.pdf") == "stapel-07"
    assert run.batch_name("raum 2", "stapel-07.pdf") == "raum 2/stapel-07"
    letter = Profile(id="fax", folder=Path("x"), batch=BatchMode.LETTER)
    assert letter.batch_name("", "1.tif") == "fax"
    assert Profile(id="standard", folder=Path("x")).batch_name("", "a.pdf") == "inbox"


XML = SidecarRule(
    kind=SidecarKind.XML,
    names={"sheets": "SheetCount", "operator": "@user", "received": "ScanDate"},
)


def test_an_xml_side_car_is_read_by_element_and_attribute_whatever_its_namespace():
    data = (
        b'<?xml version="1.0"?><b:Batch xmlns:b="urn:scan" user="s.brodersen"><b:SheetCount> 41 '
        b"</b:SheetCount><b:ScanDate>19.11.2026</b:ScanDate><device>fi-7900</device></b:Batch>"
    )
    found = read_sidecar(data, XML)
    assert (found.sheets, found.operator, found.device) == (41, "s.brodersen", "fi-7900")
    assert (found.received, found.remarks) == (date(2026, 11, 19), ())


def test_a_json_side_car_is_read_by_dotted_keys():
    rule = SidecarRule(kind=SidecarKind.JSON, names={"sheets": "job.sheets"})
    data = json.dumps({"job": {"sheets": 3}, "aktenzeichen": "12345//0001234"}).encode()
    found = read_sidecar(data, rule)
    assert (found.sheets, found.aktenzeichen) == (3, "12345//0001234")


def test_an_entity_in_a_side_car_is_not_followed(tmp_path: Path):
    secret = tmp_path / "geheim.txt"
    secret.write_text("geheim")
    data = (
        f'<!DOCTYPE a [<!ENTITY x SYSTEM "file://{secret}">]><a><device>&x;</device></a>'
    ).encode()
    assert read_sidecar(data, XML).device is None


@pytest.mark.parametrize("kind", list(SidecarKind))
@given(data=st.binary(max_size=200))
def test_a_broken_side_car_is_a_remark_never_an_error(kind: SidecarKind, data: bytes):
    found = read_sidecar(data, SidecarRule(kind=kind))
    assert all(one.code == "sidecar_broken" for one in found.remarks)


def test_what_can_not_be_read_in_it_is_remarked_and_the_rest_counts():
    found = read_sidecar(
        b'{"sheets": "viele", "received": "neulich", "operator": "s.scan"}',
        SidecarRule(kind=SidecarKind.JSON),
    )
    assert (found.operator, found.sheets, found.received) == ("s.scan", None, None)
    assert len(found.remarks) == 2


def test_deep_and_huge_side_cars_are_remarked():
    rule = SidecarRule(kind=SidecarKind.JSON)
    for data in (b"[" * 500_000, b" " * 1_000_001):
        assert [one.code for one in read_sidecar(data, rule).remarks] == ["sidecar_broken"]
