"""The table of settings that may change at run time agrees with itself and with the file."""

from __future__ import annotations

import dataclasses
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eakte.bootstrap.live_settings import values_of_file
from eakte.domain.live_settings import LIVE_SETTINGS, Kind, LiveSetting, LiveValues, setting_of
from eakte.errors import Unusable
from eakte.settings import EakteToml, load_settings
from tests.conftest import REPOSITORY

SETTINGS = st.sampled_from(LIVE_SETTINGS)


def values(setting: LiveSetting) -> st.SearchStrategy[bool | int | float]:
    """What may be put in."""
    if setting.kind is Kind.YES_NO:
        return st.booleans()
    if setting.kind is Kind.CHOICE:
        return st.sampled_from([value for value, _ in setting.choices])
    if setting.kind is Kind.WHOLE:
        return st.integers(int(setting.least), int(setting.most))
    thousandths = st.integers(int(setting.least * 1000), int(setting.most * 1000))
    return thousandths.map(lambda one: one / 1000)


def test_every_value_has_its_setting_and_stands_in_the_file_with_the_same_default():
    assert {one.field for one in LIVE_SETTINGS} == {
        one.name for one in dataclasses.fields(LiveValues)
    }
    shipped = load_settings(config=REPOSITORY / "config")
    assert values_of_file(shipped) == LiveValues()


def test_the_file_marks_exactly_those_that_the_screen_changes():
    section, marked = "", set()
    for line in (REPOSITORY / "config" / "eakte.toml").read_text("utf-8").splitlines():
        if head := re.fullmatch(r"\[(\w+)\]", line):
            section = head[1]
        if "# [screen]" in line:
            marked.add(f"{section}.{line.split(' ')[0]}")
    assert marked == {one.key for one in LIVE_SETTINGS}


@given(st.data())
def test_what_the_screen_allows_the_file_allows_as_well(data: st.DataObject):
    setting = data.draw(SETTINGS)
    value = data.draw(values(setting))
    section, _, name = setting.key.partition(".")
    EakteToml.model_validate({section: {name: value}})


@given(st.data())
def test_what_is_kept_is_read_as_the_same_value(data: st.DataObject):
    setting = data.draw(SETTINGS)
    value = data.draw(values(setting))
    assert setting.parse(setting.written(value)) == value
    assert setting.told(value)


@given(SETTINGS, st.text(max_size=60))
def test_any_other_text_is_refused_with_what_may_be_put_in(setting: LiveSetting, text: str):
    try:
        value = setting.parse(text)
    except Unusable as refused:
        told = refused
    else:
        assert setting.parse(setting.written(value)) == value
        return
    assert setting.title in told.message
    assert told.remedy


@pytest.mark.parametrize(
    ("key", "text", "value", "told"),
    [
        ("quality.sample_percent", " 4,5 ", 4.5, "4,5 %"),
        ("classify.threshold", "0.7", 0.7, "0,7"),
        ("deadlines.lead_days", "1", 1, "1 Tag"),
        ("counter.days", "90", 90, "90 Tage"),
        ("statistics.per_person", "Ja", True, "ja"),
        ("statistics.span_days", "90", 90, "3 Monate"),
    ],
)
def test_values_are_written_as_people_write_them(key: str, text: str, value: object, told: str):
    setting = setting_of(key)
    assert setting is not None
    assert setting.parse(text) == value
    assert setting.told(setting.parse(text)) == told


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("quality.sample_percent", "0"),
        ("quality.sample_percent", "101"),
        ("classify.threshold", "nan"),
        ("classify.threshold", "1"),
        ("deadlines.lead_days", "2,5"),
        ("deadlines.lead_days", "-1"),
        ("counter.days", "1_0"),
        ("statistics.per_person", "1"),
        ("statistics.span_days", "8"),
        ("statistics.old_days", ""),
    ],
)
def test_what_lies_outside_its_bounds_is_refused(key: str, text: str):
    setting = setting_of(key)
    assert setting is not None
    with pytest.raises(Unusable, match=setting.title):
        setting.parse(text)


def test_a_share_finer_than_thousandths_is_refused_with_the_reason():
    share = setting_of("quality.sample_percent")
    assert share is not None
    with pytest.raises(Unusable) as refused:
        share.parse("4,1234")
    assert refused.value.remedy == "1 bis 100 % angeben, mit höchstens drei Nachkommastellen."
