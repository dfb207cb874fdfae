"""The contract of :class:`eakte.ports.SearchIndex`, against every engine that finds anything."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eakte.domain.search import Clause, IndexDocument, SearchAnswer, SearchQuery
from eakte.errors import Unavailable
from eakte.language.analysis import analyse, head_terms
from eakte.language.query import parse
from eakte.ports import IndexWriter, SearchIndex
from eakte.search.none import NoIndex
from eakte.search.tantivy_index import TantivyIndex
from eakte.search.whoosh_index import WhooshIndex

Engine = Callable[[Path], SearchIndex]
ENGINES: dict[str, Engine] = {"tantivy": TantivyIndex, "whoosh": WhooshIndex}
EVERYBODY = frozenset({"everybody"})


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    return ENGINES[request.param]


@pytest.fixture
def index(engine: Engine, tmp_path: Path) -> SearchIndex:
    made = engine(tmp_path / "index")
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
        allow=allow, deny=deny, limit=limit, offset=offset
    )
    return index.search(query)


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
    query = SearchQuery(clauses=(clause,), allow=EVERYBODY, deny=frozenset())
    assert [hit.id for hit in index.search(query).hits] == ["a"]


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
    query = SearchQuery(clauses=(Clause(alternatives=()),), allow=EVERYBODY, deny=frozenset())
    assert index.search(query) == SearchAnswer((), 0)


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
            query = SearchQuery(clauses=(clause,), allow=EVERYBODY, deny=frozenset())
            assert [hit.id for hit in index.search(query).hits] == ["ä \"'//\\"]


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


def test_no_hits_wanted_still_counts(index: SearchIndex) -> None:
    put(index, document("a", "Heizung"))
    assert ask(index, "Heizung", limit=0) == SearchAnswer((), 1)


# --- who may see it ----------------------------------------------------------------------------


def test_without_access_terms_nothing_is_found(index: SearchIndex) -> None:
    put(index, document("a", "Heizung"))
    assert ask(index, "Heizung", allow=frozenset()) == SearchAnswer((), 0)


def test_a_denied_reader_finds_nothing_whatever_else_they_hold(index: SearchIndex) -> None:
    put(index, document("a", "Heizung", deny=frozenset({"x:anna"})))
    assert ask(index, "Heizung", deny=frozenset({"x:anna"})).total == 0
    assert ask(index, "Heizung", allow=EVERYBODY | {"x:anna"}).total == 0
    assert ask(index, "Heizung", deny=frozenset({"x:bernd"})).total == 1


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
    ),
    max_size=14,
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
        ),
        max_size=3,
    ).map(tuple),
    allow=ACCESS,
    deny=ACCESS,
    received_from=st.none() | st.just(date(2022, 5, 1)),
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
    )


def model(documents: list[IndexDocument], query: SearchQuery) -> set[str]:
    """What a reader may find, in plain Python."""
    last = {one.id: one for one in documents}
    return {
        one.id
        for one in last.values()
        if one.allow & query.allow
        and not one.deny & (query.allow | query.deny)
        and all(satisfies(one, clause) != clause.excluded for clause in query.clauses)
        and (
            query.received_from is None
            or (one.received is not None and one.received >= query.received_from)
        )
    }


@pytest.fixture(scope="module", params=ENGINES)
def shared_index(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> SearchIndex:
    """One index for many examples: laying it out costs more than asking it."""
    made = ENGINES[request.param](tmp_path_factory.mktemp("index"))
    made.ensure()
    return made


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
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
        assert {hit.id for hit in answer.hits} == expected
        assert answer.total == len(answer.hits) == len(expected)
    assert sorted(shared_index.ids()) == sorted({one.id for one in documents})


# --- changes -----------------------------------------------------------------------------------


def test_putting_a_document_again_replaces_it(index: SearchIndex) -> None:
    put(index, document("a", "Heizung"))
    put(index, document("a", "Miete"), document("a", "Strom"))
    assert found(index, "Heizung") == found(index, "Miete") == []
    assert found(index, "Strom") == ["a"]
    assert list(index.ids()) == ["a"]


def test_a_deleted_document_is_gone(index: SearchIndex) -> None:
    put(index, document("a", "Heizung"), document("b", "Heizung"))
    with index.writer() as writer:
        writer.delete("a")
        writer.delete("never seen")
    assert found(index, "Heizung") == ["b"]
    assert list(index.ids()) == ["b"]


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
    assert list(index.ids()) == ["c"]


def fail_half_way(writer: IndexWriter) -> None:
    writer.clear()
    writer.put(document("half", "Heizung"))
    raise ZeroDivisionError


def test_a_failed_writer_changes_nothing(index: SearchIndex) -> None:
    put(index, document("a", "Heizung"))
    with pytest.raises(ZeroDivisionError), index.writer() as writer:
        fail_half_way(writer)
    assert list(index.ids()) == ["a"]
    put(index, document("c", "Heizung"))
    assert sorted(index.ids()) == ["a", "c"]


def test_a_second_writer_is_told_to_wait(engine: Engine, tmp_path: Path) -> None:
    first, second = engine(tmp_path), engine(tmp_path)
    with first.writer() as writer:
        writer.put(document("a", "Heizung"))
        with pytest.raises(Unavailable, match="anderen Vorgang") as refused, second.writer():
            pass
        assert refused.value.retryable
    put(second, document("b", "Heizung"))
    assert sorted(first.ids()) == ["a", "b"]


def test_a_reader_sees_a_commit_of_another_one(engine: Engine, tmp_path: Path) -> None:
    writing, reading = engine(tmp_path), engine(tmp_path)
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


def test_the_old_index_serves_while_a_new_one_is_filled(engine: Engine, tmp_path: Path) -> None:
    index, reading = engine(tmp_path), engine(tmp_path)
    put(index, document("old", "Heizung"))
    with index.rebuild() as writer:
        writer.put(document("new", "Heizung"))
        assert found(index, "Heizung") == found(reading, "Heizung") == ["old"]
        with pytest.raises(Unavailable), reading.writer():
            pass
    assert found(index, "Heizung") == found(reading, "Heizung") == ["new"]
    put(reading, document("newer", "Heizung"))
    assert sorted(index.ids()) == ["new", "newer"]


def test_a_failed_rebuild_leaves_the_old_index(engine: Engine, tmp_path: Path) -> None:
    index = engine(tmp_path)
    put(index, document("old", "Heizung"))
    before = sorted(path.name for path in tmp_path.iterdir())
    with pytest.raises(ZeroDivisionError), index.rebuild() as writer:
        fail_half_way(writer)
    assert found(index, "Heizung") == ["old"]
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_an_index_of_another_analysis_is_outdated_and_still_serves(
    engine: Engine, tmp_path: Path
) -> None:
    index = engine(tmp_path)
    put(index, document("a", "Heizung"))
    assert not index.outdated
    version = tmp_path / (tmp_path / "current").read_text() / "version"
    version.write_text(version.read_text().rpartition("=")[0] + "=0")
    assert index.outdated
    assert found(index, "Heizung") == ["a"]
    with index.rebuild() as writer:
        writer.put(document("a", "Heizung"))
    assert not index.outdated


def test_an_index_of_another_schema_asks_for_a_rebuild(engine: Engine, tmp_path: Path) -> None:
    index = engine(tmp_path)
    put(index, document("a", "Heizung"))
    (tmp_path / (tmp_path / "current").read_text() / "version").write_text("other=1 analysis=1")
    assert index.outdated
    with pytest.raises(Unavailable, match="reindex"):
        ask(index, "Heizung")
    with pytest.raises(Unavailable, match="reindex"), index.writer():
        pass
    with index.rebuild() as writer:
        writer.put(document("b", "Heizung"))
    assert found(index, "Heizung") == ["b"]


# --- when things break -------------------------------------------------------------------------


def test_no_index_is_no_empty_answer(engine: Engine, tmp_path: Path) -> None:
    index = engine(tmp_path / "index")
    assert not index.outdated
    with pytest.raises(Unavailable, match="noch nicht angelegt"):
        ask(index, "Heizung")
    with pytest.raises(Unavailable):
        list(index.ids())
    index.ensure()
    assert ask(index, "Heizung") == SearchAnswer((), 0)


def test_a_damaged_index_is_a_sentence_and_can_be_rebuilt(engine: Engine, tmp_path: Path) -> None:
    put(engine(tmp_path), document("a", "Heizung"))
    for path in (tmp_path / (tmp_path / "current").read_text()).iterdir():
        if path.name != "version":
            path.write_bytes(b"rubbish")
    index = engine(tmp_path)
    with pytest.raises(Unavailable, match="reindex"):
        ask(index, "Heizung")
    with index.rebuild() as writer:
        writer.put(document("a", "Heizung"))
    assert found(index, "Heizung") == ["a"]


def test_a_vanished_generation_is_a_sentence(engine: Engine, tmp_path: Path) -> None:
    index = engine(tmp_path)
    put(index, document("a", "Heizung"))
    (tmp_path / "current").write_text("00000099")
    with pytest.raises(Unavailable, match="reindex"):
        ask(index, "Heizung")


KILLED_WRITER = """
import sys
from pathlib import Path
from eakte.domain.search import IndexDocument
from {module} import {name}
index = {name}(Path(sys.argv[1]))
for number in range(1_000_000):
    with index.writer() as writer:
        writer.put(IndexDocument(
            id=str(number), body=("heizung",) * 50, head=(), allow=frozenset({{"everybody"}})))
    sys.stdout.write(f"{{number}}\\n")
    sys.stdout.flush()
"""


@contextmanager
def writing_process(engine: Engine, folder: Path) -> Iterator[subprocess.Popen[str]]:
    code = KILLED_WRITER.format(module=engine.__module__, name=engine.__name__)
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(folder)], stdout=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


@pytest.mark.parametrize("commits", [1, 12])
def test_what_was_committed_survives_a_killed_writer(
    engine: Engine, tmp_path: Path, commits: int
) -> None:
    with writing_process(engine, tmp_path) as process:
        assert process.stdout
        for _ in range(commits):
            last = int(process.stdout.readline())
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        told = [int(line) for line in process.stdout.read().splitlines() if line]
    last = max([last, *told])
    index = engine(tmp_path)
    kept = sorted(map(int, index.ids()))
    assert kept == list(range(len(kept)))
    assert len(kept) in {last + 1, last + 2}  # one more may have been committed and not told
    put(index, document("after", "Heizung"))
    assert ask(index, "Heizung").total == len(kept) + 1


def test_a_reader_follows_a_writer_in_another_process(engine: Engine, tmp_path: Path) -> None:
    index = engine(tmp_path)
    index.ensure()
    with writing_process(engine, tmp_path) as process:
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
    assert list(index.ids()) == []
    assert not index.outdated
    with pytest.raises(Unavailable, match="Suche") as refused:
        ask(index, "Heizung")
    assert refused.value.remedy.endswith(".")
