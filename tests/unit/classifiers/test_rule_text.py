"""Rule files as text: where a key stands, and what a form writes can be read again."""

from __future__ import annotations

import time
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.rule_patterns import LONGEST_LINE, PatternError, compiled
from classifiers.rule_text import TriggerText, appended, line_of, quoted, schlagwort_table
from eakte.domain.schlagworte import Schlagwort

FILE = """# Kopf
[schlagworte.reha]
title = "Reha"

[[schlagworte.reha.triggers]]
phrases = ["a"]
weight = 1
[[schlagworte.reha.triggers]]
phrases = [
    "b",
]
weight = 2
[schlagworte.reha_neu]
title = "Neu"
"""


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("schlagworte.reha.title", 3),
        ("schlagworte.reha.triggers.1.weight", 7),
        ("schlagworte.reha.triggers.2.phrases.1", 9),
        ("schlagworte.reha.triggers.2.zones", 8),
        ("schlagworte.reha.function", 2),
        ("schlagworte.reha_neu.function", 13),
        ("schlagworte.fehlt", None),
        ("", None),
    ],
)
def test_the_line_of_a_key_or_of_its_table_is_found(key: str, line: int | None):
    assert line_of(FILE, key) == line


TEXT = st.text(st.characters(codec="utf-8"), max_size=30)


@given(TEXT)
def test_every_text_is_read_back_as_it_was_written(text: str):
    assert tomllib.loads(f"a = {quoted(text)}") == {"a": text}


@given(
    title=TEXT,
    copies=st.lists(st.sampled_from(["recht", "leistung"]), unique=True),
    phrases=st.lists(TEXT, min_size=1, max_size=3),
    weight=st.floats(-10, 10).map(lambda one: round(one, 2)),
    zones=st.lists(st.sampled_from(["subject", "body"]), unique=True),
)
def test_a_form_appends_tables_that_say_the_same(title, copies, phrases, weight, zones):
    urgent, subfile = bool(copies), "recht" if zones else None
    made = Schlagwort(
        id="neu", title=title, function="but", copies=tuple(copies), subfile=subfile, urgent=urgent
    )
    trigger = TriggerText(phrases=tuple(phrases), weight=weight, zones=tuple(zones))
    read = tomllib.loads(appended(FILE, schlagwort_table(made, [trigger])))["schlagworte"]
    assert set(read) == {"reha", "reha_neu", "neu"}
    entry = read["neu"]
    assert (entry["title"], entry.get("copies", [])) == (title, copies)
    assert (entry.get("subfile"), entry.get("urgent", False)) == (subfile, urgent)
    assert entry["triggers"] == [
        {"phrases": phrases, "weight": pytest.approx(weight), **({"zones": zones} if zones else {})}
    ]


@pytest.mark.parametrize(
    "written",
    [
        *("(a+)+b", "(?:x*y?)*", "(a|b+)*c", "([^/]+/)+"),
        *("(?:ab|a|b)+c", "(?:a|aa)+$", r"(?:\s?\d)+x", "(?:a{1,20}){1,20}b"),
        *(".*.*.*x", "(?:a?){20}a{20}", "(?:(?=a|aa)a|aa)*c", "(?:a{1,3}){30}"),
    ],
)
def test_a_pattern_that_might_never_end_is_refused(written: str):
    with pytest.raises(PatternError, match="stehen bleiben"):
        compiled(written)


@pytest.mark.parametrize(
    "written",
    [
        *(r"\bS ?\d{1,3} AS \d+/\d{2}\b", r"(?:ab){1,5}c+", "a+b*", "a{30}", "(?:(?!b)a)*c"),
        *(r"Az\.? .* vom \d{1,2}\.\d{1,2}\.", "(?:Haus|Wohn)geld (?:bis|ab) .*"),
    ],
)
def test_a_plain_pattern_is_compiled(written: str):
    assert compiled(written).pattern == written


@pytest.mark.parametrize("written", ["(", "a{99999999999}", "(" * 2000 + ")" * 2000])
def test_what_is_no_pattern_is_said_so(written: str):
    with pytest.raises(PatternError, match="kein Suchmuster"):
        compiled(written)


@given(st.from_regex(r"(\(?[ab.]{1,2}\)?[*+?|]?){1,6}", fullmatch=True))
def test_what_is_compiled_comes_to_an_end(written: str):
    try:
        pattern = compiled(written)
    except PatternError:
        return
    began = time.process_time()
    pattern.search("ab" * (LONGEST_LINE // 2) + "!")
    pattern.search("a" * LONGEST_LINE)
    assert time.process_time() - began < 5
