"""What the clearing desk says in words: the rule's name, what comes next, a birth date typed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from eakte.domain.findings import Evidence
from eakte.errors import Unusable
from eakte.services.clearing_views import LookView
from web.presenters.clearing import birth_date, following, looking
from web.presenters.findings import rule_name

WRITTEN = {"recht.widerspruch.1": ("erhebe .. widerspruch", "lege ..3 widerspruch ein")}


def seen(rule: str, words: str = "lege hiermit Widerspruch ein") -> Evidence:
    return Evidence(rule=rule, page=1, words=words)


@pytest.mark.parametrize(
    ("rule", "name"),
    [
        ("recht.widerspruch.1", "Regel recht.widerspruch.1: „lege … widerspruch ein“"),
        ("wohnen.umzug.9", "Regel wohnen.umzug.9"),
        ("kennung.geburtsdatum", "Geburtsdatum"),
        ("angabe.token", "Angabe, die mitgeliefert wurde"),
    ],
)
def test_a_rule_is_named_by_the_phrase_that_it_saw(rule: str, name: str):
    assert rule_name(seen(rule), WRITTEN) == name


def look(document_id: str) -> LookView:
    at = datetime(2026, 11, 20, 10, 2, tzinfo=UTC)
    return LookView(document_id=document_id, login="t.scan", name="Tade Scan", since=at)


@pytest.mark.parametrize(
    ("done", "open_elsewhere", "shown"),
    [
        ("a", "", "b"),
        ("a", "b", "c"),
        ("c", "", "a"),
        ("", "a", "b"),
        ("a", "bc", "b"),
        ("x", "", "a"),
    ],
)
def test_the_next_letter_is_one_that_nobody_has_open(done: str, open_elsewhere: str, shown: str):
    entries: Any = [SimpleNamespace(document_id=one) for one in "abc"]
    looks = {one: look(one) for one in open_elsewhere}
    assert following(entries, done, looks) == shown


def test_after_the_last_letter_comes_none():
    entries: Any = [SimpleNamespace(document_id="a")]
    assert following(entries, "a", {}) == ""


def test_who_has_it_open_is_said_in_the_time_of_the_desk():
    assert looking(look("a")) == "Tade Scan hat dieses Dokument seit 11:02 Uhr offen."


TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    "text",
    [
        "03.03.1984",
        "3.3.84",
        "3/3/1984",
        "03-03-1984",
        "3. März 1984",
        "3. MÄRZ 1984",
        "3. Maerz 1984",
        "3. Mrz. 84",
        "1984-03-03",
        "geb. 03.03.1984",
        " 3.  3. 1984 ",
    ],
)
def test_a_birth_date_is_taken_as_people_write_it(text: str):
    assert birth_date(text, TODAY) == date(1984, 3, 3)


def test_a_year_of_two_digits_is_not_to_come():
    assert birth_date("3.4.31", TODAY) == date(1931, 4, 3)
    assert birth_date("3.4.09", TODAY) == date(2009, 4, 3)


@pytest.mark.parametrize(
    "text", ["gestern", "31.02.1990", "03.03.2031", "2031-03-03", "03.03.1984 oder 04.03.1984"]
)
def test_what_is_no_birth_date_is_refused_and_nothing_is_none(text: str):
    with pytest.raises(Unusable):
        birth_date(text, TODAY)
    assert birth_date(" ", TODAY) is None
