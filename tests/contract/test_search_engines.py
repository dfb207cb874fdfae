"""The contract of :class:`eakte.ports.SearchIndex`, against every engine that finds anything."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from eakte.domain.search import (
    COUNTED,
    AccessGroup,
    Clause,
    IndexDocument,
    Likeness,
    SearchAnswer,
    SearchQuery,
    Weaker,
)
from eakte.errors import Unavailable
from eakte.language.analysis import analyse, head_terms
from eakte.language.query import parse
from eakte.ports import IndexWriter, SearchIndex
from eakte.search import postgresql
from eakte.search.none import NoIndex
from tests.conftest import need_postgres
from tests.index_places import ENGINES, IN_FOLDERS, InDatabase, InFolder, Place
from tests.prepared import postgres_database

EVERYBODY = frozenset({"everybody"})


@pytest.fixture(scope="module")
def postgres() -> Iterator[InDatabase]:
    """One database for all of these tests: each begins without tables."""
    need_postgres()
    with postgres_database() as url:
        place = InDatabase(url)
        yield place
        place.close()


@pytest.fixture(params=ENGINES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if request.param in IN_FOLDERS:
        return InFolder(IN_FOLDERS[request.param], tmp_path / "index")
    database: InDatabase = request.getfixturevalue("postgres")
    database.empty()
    return database


@pytest.fixture
def index(place: Place) -> SearchIndex:
    made = place.open()
    made.ensure()
    return made


def document(
    document_id: str,
    body: str = "",
    *,
    head: str = "",
    allow: frozenset[str] = EVERYBODY,
    deny: frozenset[str] = frozenset(),
    received: date | None = date(2026, 3, 1),
    **fields: str,
) -> IndexDocument:
    tokens = analyse(body)
    return IndexDocument(
        id=document_id,
        body=tuple(token.term for token in tokens if not token.extra),
        loose=tuple(token.term for token in tokens if token.extra),
        head=head_terms([head]),
        allow=allow,
        deny=deny,
        received=received,
        fields={name: (value,) for name, value in fields.items()},
    )


def put(index: SearchIndex, *documents: IndexDocument) -> None:
    with index.writer() as writer:
        for one in documents:
            writer.put(one)


def ask(
    index: SearchIndex,
    text: str,
    *,
    allow: frozenset[str] = EVERYBODY,
    deny: frozenset[str] = frozenset(),
    limit: int = 20,
    offset: int = 0,
    typing: bool = False,
) -> SearchAnswer:
    query = parse(text, typing=typing).search_query(
        access=(AccessGroup(allow, deny),), limit=limit, offset=offset
    )
    return index.search(query)


def asked(*clauses: Clause, **more: Any) -> SearchQuery:
    """A query of somebody who may see everything."""
    return SearchQuery(clauses=clauses, access=(AccessGroup(EVERYBODY),), **more)


def hits(index: SearchIndex, query: SearchQuery) -> list[str]:
    answer = index.search(query)
    assert answer.total == len(answer.hits)
    return [hit.id for hit in answer.hits]


def ids(index: SearchIndex) -> list[str]:
    return sorted(document_id for document_id, _ in index.seals())


def found(index: SearchIndex, text: str, *, typing: bool = False) -> list[str]:
    answer = ask(index, text, typing=typing)
    assert answer.total == len(answer.hits)
    return [hit.id for hit in answer.hits]


# --- what is found ---------------------------------------------------------------------------


def test_a_document_is_found_by_a_word_of_its_body(index: SearchIndex) -> None:
    put(index, document("a", "Die Heizung ist defekt"), document("b", "Die Miete steigt"))
    assert found(index, "Heizungen") == ["a"]


def test_all_words_must_occur(index: SearchIndex) -> None:
    put(index, document("a", "Heizung und Miete"), document("b", "Heizung"))
    assert found(index, "Miete Heizung") == ["a"]


def test_words_may_stand_in_head_and_body(index: SearchIndex) -> None:
    put(index, document("a", "Heizung", head="Müller"), document("b", "Heizung"))
    assert found(index, "Mueller Heizung") == ["a"]


def test_a_phrase_is_found_in_its_order_only(index: SearchIndex) -> None:
    put(index, document("a", "lege ich Widerspruch ein"), document("b", "Widerspruch lege ich ein"))
    assert found(index, '"lege ich Widerspruch"') == ["a"]


def test_a_phrase_is_not_found_across_a_word_between(index: SearchIndex) -> None:
    put(index, document("a", "neue teure Heizung"), document("b", "neue Heizung"))
    assert found(index, '"neue Heizung"') == ["b"]


def test_a_phrase_with_a_word_twice_wants_it_twice(index: SearchIndex) -> None:
    put(index, document("a", "Miete Miete Strom"), document("b", "Miete Strom"))
    assert found(index, '"Miete Miete"') == ["a"]


def test_an_excluded_word_hides_its_documents(index: SearchIndex) -> None:
    put(index, document("a", "Heizung Miete"), document("b", "Heizung", head="Strom"))
    assert found(index, "Heizung -Miete") == ["b"]
    assert found(index, "Heizung -Strom") == ["a"]


def test_oder_finds_either(index: SearchIndex) -> None:
    put(index, document("a", "Heizung"), document("b", "Miete"), document("c", "Strom"))
    assert sorted(found(index, "Heizung ODER Miete")) == ["a", "b"]


def test_a_reference_finds_the_finer_one_and_no_other_law(index: SearchIndex) -> None:
    put(index, document("a", "nach § 22 Abs. 1 SGB II"), document("b", "§ 22 SGB X, SGB II"))
    assert found(index, "§ 22 SGB 2") == ["a"]


@pytest.mark.parametrize("typed", ["12345/0001234", "123450001234", "0001234", "12345BG0001234"])
def test_a_file_number_is_found_however_it_is_typed(index: SearchIndex, typed: str) -> None:
    put(index, document("a", "Zeichen 12345//0001234"), document("b", head="12345//0001235"))
    assert found(index, typed) == ["a"]


def test_a_word_still_being_typed_is_found(index: SearchIndex) -> None:
    put(index, document("a", "Bewilligungen"), document("b", "Bescheid"))
    for length in range(2, len("Bewilligungen") + 1):
        assert "a" in found(index, "Bewilligungen"[:length], typing=True)
    assert found(index, "Bewi", typing=True) == ["a"]


def test_a_phrase_still_being_typed_is_found(index: SearchIndex) -> None:
    put(index, document("a", "neue Heizung"), document("b", "Heizung neue Miete"))
    clause = Clause(alternatives=(), prefixes=(("neu", "hei"),))
    assert hits(index, asked(clause)) == ["a"]


def test_a_phrase_that_may_go_on_in_very_many_ways_is_still_answered(tmp_path: Path) -> None:
    index = InFolder(IN_FOLDERS["tantivy"], tmp_path / "index").open()
    index.ensure()
    words = tuple(word for number in range(16_500) for word in ("der", f"h{number}"))
    put(index, replace(document("a"), body=words), document("b", "der Mieter"))
    query = asked(Clause(alternatives=(), prefixes=(("der", "h"),)))
    assert hits(index, query) == ["a"]
    assert index.facets(query, ["received"], 3) == {"received": {"2026-03": 1}}


def test_an_exact_field_limits_in_every_spelling(index: SearchIndex) -> None:
    put(
        index,
        document("a", "Heizung", akte="12345//0001234", schlagwort="widerspruch"),
        document("b", "Heizung 12345//0001234 Widerspruch", akte="12345//0009999"),
    )
    assert found(index, "Heizung akte:12345/0001234") == ["a"]
    assert found(index, "schlagwort:Widerspruch") == ["a"]
    assert found(index, "Heizung -schlagwort:widerspruch") == ["b"]


@pytest.mark.parametrize(
    ("period", "expected"),
    [("2026-03-01", ["b"]), ("..2026-02", ["a"]), ("2026-03..", ["c", "b"]), ("2025", [])],
)
def test_the_day_of_receipt_limits_to_the_day(
    index: SearchIndex, period: str, expected: list[str]
) -> None:
    put(
        index,
        document("a", "Miete", received=date(2026, 2, 28)),
        document("b", "Miete", received=date(2026, 3, 1)),
        document("c", "Miete", received=date(2026, 3, 2)),
        document("d", "Miete", received=None),
    )
    assert found(index, f"Miete datum:{period}") == expected


def test_a_query_without_clauses_finds_all_that_may_be_seen_newest_first(
    index: SearchIndex,
) -> None:
    put(
        index,
        document("a", received=date(1970, 1, 1)),
        document("b", received=date(2026, 1, 1)),
        document("c", allow=frozenset({"other"})),
    )
    assert found(index, "") == ["b", "a"]


def test_a_clause_that_asks_for_nothing_finds_nothing(index: SearchIndex) -> None:
    put(index, document("a", "Miete"))
    assert index.search(asked(Clause(alternatives=()))) == SearchAnswer((), 0)


def test_strange_terms_are_terms(index: SearchIndex) -> None:
    strange = ("a.*", "§22", "+-&|!(){}[]^~?:\\/", "1234,56", "日本")
    put(index, IndexDocument(id="ä \"'//\\", body=strange, head=strange, allow=EVERYBODY))
    for term in strange:
        for clause in (
            Clause(alternatives=((term,),)),
            Clause(alternatives=(), prefixes=((term,),)),
            Clause(alternatives=(strange,)),
            Clause(alternatives=(), prefixes=(strange,)),
        ):
            assert hits(index, asked(clause)) == ["ä \"'//\\"]


def test_a_whole_file_in_one_document_is_found_to_its_last_word(index: SearchIndex) -> None:
    words = [f"wort{number}" for number in range(17_000)]
    body = (*["miete"] * 300, *words, "letzte", "seite")
    put(index, IndexDocument(id="file", body=body, head=(), allow=EVERYBODY))
    for phrase in (("wort16999",), ("letzte", "seite"), ("miete", "wort0")):
        assert hits(index, asked(Clause(alternatives=(phrase,)))) == ["file"]
    assert hits(index, asked(Clause(alternatives=(("seite", "letzte"),)))) == []


# --- in which order ----------------------------------------------------------------------------


def test_the_head_weighs_more_than_the_body(index: SearchIndex) -> None:
    others = [document(f"x{n}", "Brief ohne Belang", head="Hansen") for n in range(5)]
    put(index, document("a", "Müller"), document("b", "Brief", head="Müller"), *others)
    assert found(index, "Müller") == ["b", "a"]


def test_recent_stands_above_old_for_equal_matches(index: SearchIndex) -> None:
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(5)]
    for day in (days[2], days[0], days[4], days[1], days[3]):
        put(index, document(day.isoformat(), "Heizung", received=day))  # a segment each
    put(index, document("unknown", "Heizung", received=None))
    expected = [day.isoformat() for day in reversed(days)]
    assert found(index, "Heizung") == [*expected, "unknown"]


def test_a_better_match_stands_above_a_newer_one(index: SearchIndex) -> None:
    put(
        index,
        document("old", "Heizung Heizung Heizung", received=date(2006, 1, 1)),
        document("new", "Heizung Miete Strom", received=date(2026, 1, 1)),
    )
    assert found(index, "Heizung") == ["old", "new"]


def test_filters_do_not_change_the_score(index: SearchIndex) -> None:
    put(index, document("a", "Heizung", schlagwort="klage"), document("b", "Miete"))
    (plain,) = ask(index, "Heizung").hits
    (filtered,) = ask(
        index, "Heizung schlagwort:klage datum:2026", allow=EVERYBODY | {"other", "third"}
    ).hits
    assert filtered.score == pytest.approx(plain.score)


def test_pages_of_hits_follow_each_other(index: SearchIndex) -> None:
    put(
        index,
        *(
            document(f"{n:02d}", "Heizung", received=date(2026, 1, 1) + timedelta(days=n))
            for n in range(25)
        ),
    )
    pages = [ask(index, "Heizung", limit=10, offset=offset) for offset in (0, 10, 20, 30)]
    assert [answer.total for answer in pages] == [25] * 4
    assert [len(answer.hits) for answer in pages] == [10, 10, 5, 0]
    ids = [hit.id for answer in pages for hit in answer.hits]
    assert ids == sorted(ids, reverse=True)


def test_beyond_the_newest_that_postgresql_ranks_the_day_decides(
    postgres: InDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql, "RANKED", 3)
    postgres.empty()
    index = postgres.open()
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(5)]
    put(index, *(document(f"{n}", "Heizung", received=day) for n, day in enumerate(days)))
    put(index, document("often", "Heizung Heizung", received=days[3]))
    assert found(index, "Heizung") == ["often", "4", "3", "2", "1", "0"]
    pages = [hit.id for at in range(6) for hit in ask(index, "Heizung", limit=1, offset=at).hits]
    assert pages == ["often", "4", "3", "2", "1", "0"]


def test_no_hits_wanted_still_counts(index: SearchIndex) -> None:
    put(index, document("a", "Heizung"))
    assert ask(index, "Heizung", limit=0) == SearchAnswer((), 1)


# --- weaker ways --------------------------------------------------------------------------------


def weakly(term: str, *terms: str, like: Likeness, weight: float = 0.5) -> Clause:
    """``term``, or in a weaker way ``terms``."""
    return Clause(alternatives=((term,),), weaker=(Weaker(terms=terms, like=like, weight=weight),))


def made_of(document_id: str, body: str, parts: str = "", rough: str = "") -> IndexDocument:
    """A document of finished terms, all of one day."""
    return IndexDocument(
        id=document_id,
        body=tuple(body.split()),
        head=(),
        allow=EVERYBODY,
        parts=tuple(parts.split()),
        rough=tuple(rough.split()),
        received=date(2026, 3, 1),
    )


def test_a_part_of_a_long_word_finds_it_and_ranks_lower(index: SearchIndex) -> None:
    put(
        index,
        made_of("long", "bewilligungsbescheid strom", parts="bewillig bescheid"),
        made_of("same", "bescheid strom"),
        made_of("other", "miete strom", parts="hund"),
    )
    clause = weakly("bescheid", "bescheid", like=Likeness.PART)
    assert hits(index, asked(clause)) == ["same", "long"]


def test_all_parts_of_a_long_word_must_occur_anywhere(index: SearchIndex) -> None:
    put(
        index,
        made_of("apart", "kosten der heizung"),
        made_of("half", "kosten der miete"),
        made_of("in parts", "nebenkosten", parts="neben kosten heizung"),
        made_of("same", "heizkosten"),
    )
    clause = weakly("heizkosten", "heizung", "kosten", like=Likeness.PART)
    found = hits(index, asked(clause))
    assert sorted(found) == ["apart", "in parts", "same"]
    assert hits(index, asked(replace(clause, excluded=True))) == ["half"]


def test_a_long_form_is_found_as_a_phrase(index: SearchIndex) -> None:
    put(
        index,
        made_of("long", "kosten der unterkunft"),
        made_of("apart", "unterkunft und kosten"),
        made_of("short", "kdu"),
    )
    clause = weakly("kdu", "kosten", "der", "unterkunft", like=Likeness.LONG_FORM)
    assert sorted(hits(index, asked(clause))) == ["long", "short"]


def test_a_misread_word_is_found_by_what_its_misreadings_share(index: SearchIndex) -> None:
    put(
        index,
        made_of("misread", "heizunq kalt", rough="he1zung"),
        made_of("same", "heizung kalt"),
        made_of("its body says so", "he1zung kalt"),
    )
    clause = weakly("heizung", "he1zung", like=Likeness.MISREAD, weight=0.3)
    assert hits(index, asked(clause)) == ["same", "misread"]


@pytest.mark.parametrize(
    ("written", "is_near"),
    [
        ("heizumg", True),
        ("heizng", True),
        ("heizuung", True),
        ("eizung", True),
        ("heizungx", True),
        ("hiezung", True),
        ("heziung", True),
        ("heizugn", True),
        ("hezng", False),
        ("heizungen", False),
        ("heitumg", False),
        ("mхeizung", False),
        ("heizуng", True),  # with a Cyrillic letter
    ],
)
def test_one_sign_wrong_is_near_and_two_are_not(
    shared_index: SearchIndex, written: str, is_near: bool
) -> None:
    with shared_index.writer() as writer:
        writer.clear()
        writer.put(made_of("same", "heizung"))
        writer.put(made_of("near", written))
    clause = weakly("heizung", "heizung", like=Likeness.NEAR, weight=0.2)
    assert hits(shared_index, asked(clause)) == ["same", "near"][: 1 + is_near]


# --- amounts, order, counts ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (50_000, None, ["a", "b"]),
        (None, 19_999, ["b", "c"]),
        (45_000, 45_000, ["a"]),
        (45_001, 49_999, []),
        (2, 1, []),
    ],
)
def test_amounts_are_asked_for_as_a_range(
    shared_index: SearchIndex, start: int | None, end: int | None, expected: list[str]
) -> None:
    with shared_index.writer() as writer:
        writer.clear()
        for name, cents in (
            ("a", (45_000, 50_000)),
            ("b", (1_000, 99_900)),
            ("c", (-5,)),
            ("d", ()),
        ):
            writer.put(replace(made_of(name, "miete"), amounts=cents))
    assert sorted(hits(shared_index, asked(amount_from=start, amount_to=end))) == expected


def test_the_newest_come_first_where_asked_for(index: SearchIndex) -> None:
    better = document("old", "Heizung", head="Heizung", received=date(2026, 1, 1))
    put(index, better, document("new", "Heizung und Miete", received=date(2026, 3, 1)))
    put(index, document("newest", "Heizung", received=date(2026, 4, 1)))
    clauses = parse("Heizung").clauses
    assert hits(index, asked(*clauses, newest=True)) == ["newest", "new", "old"]
    pages = [
        [hit.id for hit in index.search(asked(*clauses, newest=True, limit=1, offset=at)).hits]
        for at in range(3)
    ]
    assert pages == [["newest"], ["new"], ["old"]]


def test_counts_name_the_most_frequent_values_first(index: SearchIndex) -> None:
    put(
        index,
        *(
            replace(made_of(f"{sender} {n}", "miete"), facets={"von": (sender, sender)})
            for sender, count in (("AOK", 2), ('Stadtwerke "Nord"', 4), ("Öztürk & Söhne", 3))
            for n in range(count)
        ),
    )
    query = asked(Clause(alternatives=(("miete",),)), limit=1, offset=3)
    counts = index.facets(query, ("von", "schlagwort"), 2)
    assert list(counts["von"].items()) == [('Stadtwerke "Nord"', 4), ("Öztürk & Söhne", 3)]
    assert counts["schlagwort"] == {}


def test_counts_are_exact_among_many_values_in_many_commits(index: SearchIndex) -> None:
    expected: Counter[str] = Counter()
    for commit in range(4):
        drawn = Random(commit).choices(range(700), [1 / (rank + 1) for rank in range(700)], k=500)
        # What is rare in each commit and frequent in all.
        senders = [*(f"sender {number}" for number in drawn), *(["always"] * 20)]
        expected.update(senders)
        put(
            index,
            *(
                IndexDocument(
                    id=f"{commit} {number}",
                    body=(),
                    head=(),
                    allow=EVERYBODY,
                    facets={"von": (sender,)},
                )
                for number, sender in enumerate(senders)
            ),
        )
    for most in (3, 12, 100):
        counts = index.facets(asked(), ("von",), most)["von"]
        assert [*counts.values()] == [count for _, count in expected.most_common(most)]
        assert all(expected[sender] == count for sender, count in counts.items())


def test_counts_of_a_query_that_finds_nothing_are_empty(index: SearchIndex) -> None:
    put(index, replace(made_of("a", "miete"), facets={"von": ("AOK",)}))
    nobody = SearchQuery(clauses=(), access=())
    for query in (nobody, asked(Clause(alternatives=())), asked(Clause(alternatives=(("x",),)))):
        assert not any(index.facets(query, COUNTED, 10).values())


# --- who may see it ----------------------------------------------------------------------------


def test_without_access_terms_nothing_is_found(index: SearchIndex) -> None:
    put(index, document("a", "Heizung"))
    assert ask(index, "Heizung", allow=frozenset()) == SearchAnswer((), 0)


def test_a_denied_reader_finds_nothing_whatever_else_they_hold(index: SearchIndex) -> None:
    put(index, document("a", "Heizung", deny=frozenset({"x:anna"})))
    assert ask(index, "Heizung", deny=frozenset({"x:anna"})).total == 0
    assert ask(index, "Heizung", deny=frozenset({"x:bernd"})).total == 1


def test_any_group_opens_unless_the_same_one_closes(index: SearchIndex) -> None:
    put(
        index,
        document("own", allow=frozenset({"mine"}), deny=frozenset({"x:absent"})),
        document("theirs", allow=frozenset({"theirs"})),
        document("shut", allow=frozenset({"theirs"}), deny=frozenset({"x:absent"})),
    )
    me = AccessGroup(frozenset({"mine"}), frozenset({"x:me"}))
    absent = AccessGroup(frozenset({"theirs"}), frozenset({"x:me", "x:absent"}))
    query = SearchQuery(clauses=(), access=(me, absent))
    assert sorted(hits(index, query)) == ["own", "theirs"]
    assert hits(index, replace(query, without=frozenset({"own"}))) == ["theirs"]


def test_access_terms_are_compared_whole(index: SearchIndex) -> None:
    put(index, document("a", "Heizung", allow=frozenset({"team:husum leistung", "Site:A"})))
    for other in ("team:husum", "leistung", "site:a", "Site:A ", "team:husum leistung x"):
        assert ask(index, "Heizung", allow=frozenset({other})).total == 0
    assert ask(index, "Heizung", allow=frozenset({"team:husum leistung"})).total == 1


def test_a_query_cannot_reach_the_access_terms(index: SearchIndex) -> None:
    put(index, document("a", "Heizung", allow=frozenset({"secret"})))
    for text in ("allow:secret Heizung", "everybody", "secret", "akte:x ODER akte:y"):
        assert found(index, text) == []


TERMS = st.sampled_from(["miet", "heizung", "strom"])
ACCESS = st.frozensets(st.sampled_from(["a", "b", "c", "d"]), max_size=3)
DOCUMENTS = st.lists(
    st.builds(
        IndexDocument,
        id=st.integers(0, 11).map("doc-{}".format),
        body=st.lists(TERMS, max_size=5).map(tuple),
        head=st.lists(TERMS, max_size=2).map(tuple),
        allow=ACCESS,
        deny=ACCESS,
        received=st.none() | st.dates(date(2020, 1, 1), date(2026, 12, 31)),
        parts=st.frozensets(st.sampled_from(["miet", "kost"])).map(tuple),
        rough=st.frozensets(st.sampled_from(["hc1zung", "nniet"])).map(tuple),
        amounts=st.lists(st.sampled_from([99, 100, 50_000, 50_001]), max_size=2).map(tuple),
        facets=st.fixed_dictionaries(
            {
                "schlagwort": st.sampled_from([("klage",), ("miete",), ()]),
                "von": st.lists(st.sampled_from(["Stadtwerke Husum", "AOK"]), max_size=2).map(
                    tuple
                ),
            }
        ),
    ),
    max_size=14,
)
WEAKER = st.one_of(
    st.builds(
        Weaker,
        terms=st.lists(st.sampled_from(["miet", "kost", "strom"]), min_size=1, max_size=2).map(
            tuple
        ),
        like=st.sampled_from((Likeness.PART, Likeness.LONG_FORM)),
        weight=st.just(0.5),
    ),
    st.builds(
        Weaker,
        terms=st.sampled_from([("hc1zung",), ("nniet",)]),
        like=st.just(Likeness.MISREAD),
        weight=st.just(0.4),
    ),
    st.builds(
        Weaker,
        terms=st.sampled_from([("heitung",), ("mie",), ("storm",), ("streom",), ("xstroms",)]),
        like=st.just(Likeness.NEAR),
        weight=st.just(0.2),
    ),
)
PHRASES = st.lists(st.lists(TERMS, min_size=1, max_size=3).map(tuple), max_size=2).map(tuple)
QUERIES = st.builds(
    SearchQuery,
    clauses=st.lists(
        st.builds(
            Clause,
            alternatives=PHRASES,
            prefixes=st.just(()) | st.sampled_from(["m", "he"]).map(lambda p: ((p,),)),
            excluded=st.booleans(),
            weaker=st.lists(WEAKER, max_size=2).map(tuple),
        ),
        max_size=3,
    ).map(tuple),
    access=st.lists(st.builds(AccessGroup, ACCESS, ACCESS), max_size=2).map(tuple),
    received_from=st.none() | st.just(date(2022, 5, 1)),
    amount_from=st.none() | st.just(100),
    amount_to=st.none() | st.just(50_000),
    without=st.just(frozenset()) | st.just(frozenset({"doc-1", "doc-5"})),
    newest=st.booleans(),
    limit=st.just(50),
)


def contains(terms: tuple[str, ...], phrase: tuple[str, ...], *, is_open: bool) -> bool:
    *before, last = phrase
    return any(
        terms[place : place + len(before)] == tuple(before)
        and (terms[place + len(before)].startswith(last) if is_open else True)
        and (is_open or terms[place + len(before)] == last)
        for place in range(len(terms) - len(before))
    )


def satisfies(one: IndexDocument, clause: Clause) -> bool:
    return any(
        contains(terms, phrase, is_open=is_open)
        for terms in (one.body, one.head)
        for is_open, phrases in ((False, clause.alternatives), (True, clause.prefixes))
        for phrase in phrases
    ) or any(satisfies_weakly(one, weaker) for weaker in clause.weaker)


def satisfies_weakly(one: IndexDocument, weaker: Weaker) -> bool:
    if weaker.like is Likeness.PART:
        return {*weaker.terms} <= {*one.body, *one.head, *one.parts}
    if weaker.like is Likeness.MISREAD:
        return weaker.terms[0] in one.rough
    if weaker.like is Likeness.NEAR:
        return any(OSA.distance(weaker.terms[0], term) <= 1 for term in (*one.body, *one.head))
    return satisfies(one, Clause(alternatives=(weaker.terms,)))


def within(one: IndexDocument, query: SearchQuery) -> bool:
    """Whether the document's day and sums are those asked for."""
    start, end = query.amount_from, query.amount_to
    return (
        query.received_from is None
        or (one.received is not None and one.received >= query.received_from)
    ) and (
        (start is None and end is None)
        or any((start or 0) <= cents <= (end or sys.maxsize) for cents in one.amounts)
    )


def model(documents: list[IndexDocument], query: SearchQuery) -> dict[str, IndexDocument]:
    """What a reader may find, in plain Python."""
    last = {one.id: one for one in documents}
    return {
        one.id: one
        for one in last.values()
        if any(one.allow & group.allow and not one.deny & group.deny for group in query.access)
        and one.id not in query.without
        and all(satisfies(one, clause) != clause.excluded for clause in query.clauses)
        and within(one, query)
    }


def counted(found: Iterable[IndexDocument]) -> dict[str, Counter[str]]:
    """What facets have to say of these documents."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in ("schlagwort", "von")}
    counts["received"] = Counter()
    for one in found:
        for name, values in one.facets.items():
            counts[name].update(set(values))
        if one.received:
            counts["received"][f"{one.received:%Y-%m}"] += 1
    return counts


@pytest.fixture(scope="module", params=ENGINES)
def shared_index(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SearchIndex]:
    """One index for many examples: laying it out costs more than asking it."""
    if request.param in IN_FOLDERS:
        made = InFolder(IN_FOLDERS[request.param], tmp_path_factory.mktemp("index")).open()
        made.ensure()
        yield made
        return
    need_postgres()
    with postgres_database() as url:
        place = InDatabase(url)
        made = place.open()
        made.ensure()
        yield made
        place.close()


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(documents=DOCUMENTS, queries=st.lists(QUERIES, min_size=1, max_size=6))
def test_a_reader_finds_what_the_rights_allow_and_nothing_else(
    shared_index: SearchIndex, documents: list[IndexDocument], queries: list[SearchQuery]
) -> None:
    with shared_index.writer() as writer:
        writer.clear()
        for one in documents:
            writer.put(one)
    for query in queries:
        answer = shared_index.search(query)
        expected = model(documents, query)
        assert {hit.id for hit in answer.hits} == expected.keys()
        assert answer.total == len(answer.hits) == len(expected)
        if query.newest:
            days = [expected[hit.id].received or date.min for hit in answer.hits]
            assert days == sorted(days, reverse=True)
        counts = shared_index.facets(query, ("schlagwort", "von", "received"), 100)
        assert counts == counted(expected.values())
    last = {one.id: one for one in documents}
    assert dict(shared_index.seals()) == {one.id: one.seal for one in last.values()}


# --- changes -----------------------------------------------------------------------------------


def test_putting_a_document_again_replaces_it(index: SearchIndex) -> None:
    put(index, document("a", "Heizung"))
    put(index, document("a", "Miete"), document("a", "Strom"))
    assert found(index, "Heizung") == found(index, "Miete") == []
    assert found(index, "Strom") == ["a"]
    assert ids(index) == ["a"]


def test_an_index_says_whether_it_holds_anything(
    index: SearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert index.is_empty()
    put(index, *(document(name, "Heizung") for name in "abcde"))
    assert not index.is_empty()
    monkeypatch.setattr("eakte.search.postgresql._PAGE", 2)
    assert ids(index) == list("abcde")
    with index.writer() as writer:
        writer.clear()
    assert index.is_empty()


def test_a_deleted_document_is_gone(index: SearchIndex) -> None:
    put(index, document("a", "Heizung"), document("b", "Heizung"))
    with index.writer() as writer:
        writer.delete("a")
        writer.delete("never seen")
    assert found(index, "Heizung") == ["b"]
    assert ids(index) == ["b"]


def test_the_last_change_of_a_commit_counts(index: SearchIndex) -> None:
    with index.writer() as writer:
        writer.put(document("a", "Heizung"))
        writer.delete("a")
        writer.delete("b")
        writer.put(document("b", "Heizung"))
    assert found(index, "Heizung") == ["b"]


def test_clearing_removes_all_that_was_there_before(index: SearchIndex) -> None:
    put(index, document("a", "Heizung"))
    with index.writer() as writer:
        writer.put(document("b", "Heizung"))
        writer.clear()
        writer.put(document("c", "Heizung"))
    assert ids(index) == ["c"]


def fail_half_way(writer: IndexWriter) -> None:
    writer.clear()
    writer.put(document("half", "Heizung"))
    raise ZeroDivisionError


def test_a_failed_writer_changes_nothing(index: SearchIndex) -> None:
    put(index, document("a", "Heizung"))
    with pytest.raises(ZeroDivisionError), index.writer() as writer:
        fail_half_way(writer)
    assert ids(index) == ["a"]
    put(index, document("c", "Heizung"))
    assert ids(index) == ["a", "c"]


def test_a_second_writer_is_told_to_wait(place: Place) -> None:
    first, second = place.open(), place.open()
    with first.writer() as writer:
        writer.put(document("a", "Heizung"))
        with pytest.raises(Unavailable, match="anderen Vorgang") as refused, second.writer():
            pass
        assert refused.value.retryable
    put(second, document("b", "Heizung"))
    assert ids(first) == ["a", "b"]


def test_a_reader_sees_a_commit_of_another_one(place: Place) -> None:
    writing, reading = place.open(), place.open()
    put(writing, document("a", "Heizung"))
    assert found(reading, "Heizung") == ["a"]
    put(writing, document("b", "Heizung"))
    assert sorted(found(reading, "Heizung")) == ["a", "b"]


def test_readers_in_many_threads_are_served(index: SearchIndex) -> None:
    put(index, document("0", "Heizung"))
    totals: list[int] = []

    def read() -> None:
        totals.extend(ask(index, "Heizung").total for _ in range(20))

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(1, 6):
        put(index, document(str(number), "Heizung"))
    for thread in threads:
        thread.join()
    assert len(totals) == 80
    assert set(totals) <= set(range(1, 7))
    assert ask(index, "Heizung").total == 6


# --- rebuilding --------------------------------------------------------------------------------


def test_the_old_index_serves_while_a_new_one_is_filled(place: Place) -> None:
    index, reading = place.open(), place.open()
    put(index, document("old", "Heizung"))
    with index.rebuild() as writer:
        writer.put(document("new", "Heizung"))
        assert found(index, "Heizung") == found(reading, "Heizung") == ["old"]
        with pytest.raises(Unavailable), reading.writer():
            pass
    assert found(index, "Heizung") == found(reading, "Heizung") == ["new"]
    put(reading, document("newer", "Heizung"))
    assert ids(index) == ["new", "newer"]


def test_a_failed_rebuild_leaves_the_old_index(place: Place) -> None:
    index = place.open()
    put(index, document("old", "Heizung"))
    before = place.leftovers()
    with pytest.raises(ZeroDivisionError), index.rebuild() as writer:
        fail_half_way(writer)
    assert found(index, "Heizung") == ["old"]
    assert place.leftovers() == before


def test_a_rebuild_does_not_hold_up_searches_behind_a_long_reader(
    postgres: InDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    postgres.empty()
    index = postgres.open()
    put(index, document("old", "Heizung"))
    monkeypatch.setattr(postgresql, "_SWAP_TRIES", 2)
    monkeypatch.setattr(postgresql, "_SWAP_PAUSE", 0.0)
    with postgres.engine.connect() as long_reader:
        long_reader.exec_driver_sql("SELECT id FROM search_document")
        with pytest.raises(Unavailable), index.rebuild() as writer:
            writer.put(document("new", "Heizung"))
        assert found(index, "Heizung") == ["old"]
    with index.rebuild() as writer:
        writer.put(document("new", "Heizung"))
    assert found(index, "Heizung") == ["new"]


def test_words_that_only_an_erased_document_held_are_forgotten(postgres: InDatabase) -> None:
    postgres.empty()
    index = postgres.open()
    put(index, document("a", "Heizung o'hara c:\\x"), document("b", "Heizung"))
    with index.writer() as writer:
        writer.delete("a")
    assert postgres.execute("SELECT term FROM search_word") == ["heizung"]
    with index.writer() as writer:
        writer.clear()
    assert postgres.execute("SELECT term FROM search_word") == []


def test_an_index_of_another_analysis_is_outdated_and_still_serves(place: Place) -> None:
    index = place.open()
    put(index, document("a", "Heizung"))
    assert not index.outdated
    place.pretend(place.version.rpartition("=")[0] + "=0")
    assert index.outdated
    assert found(index, "Heizung") == ["a"]
    with index.rebuild() as writer:
        writer.put(document("a", "Heizung"))
    assert not index.outdated


def test_an_index_of_another_schema_asks_for_a_rebuild(place: Place) -> None:
    index = place.open()
    put(index, document("a", "Heizung"))
    place.pretend("other=1 analysis=1")
    assert index.outdated
    with pytest.raises(Unavailable, match="reindex"):
        ask(index, "Heizung")
    with pytest.raises(Unavailable, match="reindex"), index.writer():
        pass
    with index.rebuild() as writer:
        writer.put(document("b", "Heizung"))
    assert found(index, "Heizung") == ["b"]


# --- when things break -------------------------------------------------------------------------


def test_no_index_is_no_empty_answer(place: Place) -> None:
    index = place.open()
    assert index.outdated
    with pytest.raises(Unavailable, match="noch nicht angelegt"):
        ask(index, "Heizung")
    with pytest.raises(Unavailable):
        index.facets(asked(), COUNTED, 10)
    with pytest.raises(Unavailable):
        ids(index)
    index.ensure()
    assert not index.outdated
    assert ask(index, "Heizung") == SearchAnswer((), 0)


@pytest.mark.parametrize("how", ["rubbish", "cut short", "vanished"])
def test_a_damaged_index_is_a_sentence_and_can_be_rebuilt(place: Place, how: str) -> None:
    put(place.open(), document("a", "Heizung"))
    place.damage(how)
    index = place.open()
    with pytest.raises(Unavailable, match="reindex"):
        ask(index, "Heizung")
    assert index.outdated
    with index.rebuild() as writer:
        writer.put(document("a", "Heizung"))
    assert found(index, "Heizung") == ["a"]
    assert not index.outdated


KILLED_WRITER = """
import sys
from pathlib import Path
from eakte.domain.search import IndexDocument
{imported}
index = {opened}
for number in range(1_000_000):
    with index.writer() as writer:
        writer.put(IndexDocument(
            id=str(number), body=("heizung",) * 50, head=(), allow=frozenset({{"everybody"}})))
    sys.stdout.write(f"{{number}}\\n")
    sys.stdout.flush()
"""


@contextmanager
def writing_process(place: Place) -> Iterator[subprocess.Popen[str]]:
    imported, opened = place.code
    code = KILLED_WRITER.format(imported=imported, opened=opened)
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


@pytest.mark.parametrize("commits", [1, 12])
def test_what_was_committed_survives_a_killed_writer(place: Place, commits: int) -> None:
    with writing_process(place) as process:
        assert process.stdout
        for _ in range(commits):
            last = int(process.stdout.readline())
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        told = [int(line) for line in process.stdout.read().splitlines() if line]
    last = max([last, *told])
    index = place.open()
    kept = sorted(map(int, ids(index)))
    assert kept == list(range(len(kept)))
    assert len(kept) in {last + 1, last + 2}  # one more may have been committed and not told
    put(index, document("after", "Heizung"))
    assert ask(index, "Heizung").total == len(kept) + 1


def test_a_reader_follows_a_writer_in_another_process(place: Place) -> None:
    index = place.open()
    index.ensure()
    with writing_process(place) as process:
        assert process.stdout
        for _ in range(5):
            number = int(process.stdout.readline())
            assert ask(index, "Heizung").total > number


# --- no engine ---------------------------------------------------------------------------------


def test_no_engine_takes_changes_and_says_that_it_cannot_search() -> None:
    index: SearchIndex = NoIndex()
    index.ensure()
    put(index, document("a", "Heizung"))
    with index.rebuild() as writer:
        writer.clear()
        writer.delete("a")
        writer.put(document("a", "Heizung"))
    assert ids(index) == []
    assert not index.outdated
    with pytest.raises(Unavailable, match="Suche") as refused:
        ask(index, "Heizung")
    assert refused.value.remedy.endswith(".")
