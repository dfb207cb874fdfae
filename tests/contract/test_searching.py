"""What a search tells is what the database opens: hits, counts, filters, suggestions, proposals."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from eakte.domain.facts import Fact, FactKind
from eakte.domain.ids import new_id
from eakte.domain.pages import Box, Word
from eakte.domain.rights import Reader, Standpoint, system_reader
from eakte.domain.search_filters import SearchFilters
from eakte.errors import Conflict, Unavailable
from eakte.intake.indexer import Indexer
from eakte.language.expansion import weaker_of
from eakte.models import CaseFile, Document, DocumentPage, ExcludedLogin, Filing, PageWords
from eakte.repositories.codec import pack_words
from eakte.repositories.database import EakteSession
from eakte.repositories.facts import Facts, fact_to_json
from eakte.repositories.index_facts import CLOSED, IndexFacts
from eakte.repositories.outbox import Outbox
from eakte.repositories.rights import case_file_visible, document_visible
from eakte.search.none import NoIndex
from eakte.search.tantivy_index import TantivyIndex
from eakte.services import searching as searching_module
from eakte.services.index_documents import IndexDocuments
from eakte.services.saved_searches import SavedSearches
from eakte.services.searching import Searching
from tests.authority import MORNING, STEP, Authority
from tests.small_authority import COLLEAGUE, MUELLER, OTHER_SITE, PROTECTED, SCHMIDT

SYSTEM = system_reader("test")
COMMON = "Heizkostenabrechnung"
LETTERS = {
    "Apfelbaum": ("mietvertrag", MUELLER, {}),
    "Birkenholz": ("widerspruch", MUELLER, {}),
    "Citronengras": ("kontoauszug", OTHER_SITE, {}),
    "Distelfink": ("mietvertrag", PROTECTED, {}),
    "Eichenlaub": ("kontoauszug", COLLEAGUE, {}),
    "Fliederbusch": ("widerspruch", SCHMIDT, {}),
    "Ginsterstrauch": ("kontoauszug", MUELLER, {"sub_file": "medizin"}),
    "Haselnuss": ("mietvertrag", SCHMIDT, {"sub_file": "vermittlung"}),
    "Ingwerwurzel": ("sonstiges", None, {"state": "clearing"}),
    "Johannisbeere": ("sonstiges", MUELLER, {}),
}
"""Of each letter the word that it alone has; its sender has it, too."""
ELSEWHERE = {
    "Johannisbeere": ((SCHMIDT, "handakte"), (PROTECTED, "recht")),
}
"""Further places of a letter, all of them older than the one above."""
LOGINS = ("m.petersen", "j.hansen", "k.thomsen", "i.clausen", "a.lead", "r.legal", "s.scan", "x.y")
FUNCTIONS = ("leistung", "vermittlung", "recht")


class Place:
    """An authority whose letters are indexed."""

    def __init__(
        self, authority: Authority, searching: Searching, indexer: Indexer, ids: dict[str, str]
    ) -> None:
        self.authority, self.searching = authority, searching
        self.indexer, self.ids = indexer, ids

    def visible(self, reader: Reader) -> set[str]:
        """The letters that the database opens, by their words."""
        with self.authority.database.read() as session:
            found = session.scalars(
                select(Document.id).where(
                    Document.id.in_(self.ids.values()), document_visible(reader)
                )
            )
            words = {one: word for word, one in self.ids.items()}
            return {words[one] for one in found}


def file_also(
    authority: Authority, session: EakteSession, document_id: str, number: str, sub_file: str
) -> None:
    """Put the document into one more case file, as if it had stood there before."""
    session.add(
        Filing(
            id=new_id(),
            document_id=document_id,
            case_file_id=authority.cover(session, number).id,
            sub_file=sub_file,
            filed_at=MORNING - timedelta(days=1),
        )
    )


@pytest.fixture
def place(authority: Authority, tmp_path: Path) -> Place:
    """Letters in every corner of the small authority."""
    ids = {
        word: authority.letter(schlagwort, number, **more)
        for word, (schlagwort, number, more) in LETTERS.items()
    }
    with authority.database.write() as session:
        for word, places in ELSEWHERE.items():
            for number, sub_file in places:
                file_also(authority, session, ids[word], number, sub_file)
        for word, one in ids.items():
            said = f"Sehr geehrte Damen die {COMMON} von {word} GmbH".split()
            words = tuple(Word(text=text, box=Box(0, 0, 1, 1)) for text in said)
            page = session.scalars(
                select(DocumentPage.page_id).where(DocumentPage.document_id == one)
            ).one()
            session.execute(
                update(PageWords).where(PageWords.page_id == page).values(words=pack_words(words))
            )
            sender = Fact(kind=FactKind.SENDER, value=f"{word} GmbH", score=0.9)
            document = session.get_one(Document, one)
            Facts(session).keep(document, [fact_to_json(sender)], MORNING)
        Outbox(session).put(ids.values(), MORNING)
    index = TantivyIndex(tmp_path / "index")
    index.ensure()
    indexer = Indexer(
        authority.database,
        index,
        IndexDocuments(authority.words, authority.policy.closed_subfiles),
    )
    indexer.drain()
    searching = Searching(
        authority.database, index, authority.words, authority.case_files, weaker=weaker_of
    )
    return Place(authority, searching, indexer, ids)


def _some(values: tuple, most: int) -> st.SearchStrategy[frozenset]:
    return st.frozensets(st.sampled_from(values), max_size=most)


STANDPOINTS = st.builds(
    Standpoint,
    login=st.sampled_from(LOGINS),
    scopes=_some(tuple((s, f) for s in (None, "husum", "toenning") for f in FUNCTIONS), 3),
    teams=_some(("husum-leistung", "recht"), 1),
    colleagues=_some(LOGINS, 2),
    all_files=st.sampled_from((False, False, False, True)),
    clearing=st.sampled_from((False, False, True)),
    open_subfiles=_some(("medizin",), 1),
)


@st.composite
def readers(draw: st.DrawFn) -> Reader:
    points = draw(st.lists(STANDPOINTS, min_size=1, max_size=3, unique_by=lambda one: one.login))
    return Reader(
        login=points[0].login,
        standpoints=tuple(points),
        closed_subfiles=frozenset({"medizin", "hinweise", "handakte"}),
    )


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(reader=readers(), wrong=st.sampled_from(sorted(LETTERS)))
def test_a_search_tells_of_nothing_that_the_database_does_not_open(
    place: Place, reader: Reader, wrong: str
):
    seen, searching = place.visible(reader), place.searching
    found = searching.search(reader, COMMON, limit=100)
    assert {hit.document_id for hit in found.hits} == {place.ids[word] for word in seen}
    assert (found.total, found.counted, found.more) == (len(seen), True, False)

    answer = searching.facets(reader, COMMON)
    counts = {facet.name: {one.id: one.count for one in facet.values} for facet in answer.facets}
    assert counts.get("schlagwort", {}) == Counter(LETTERS[word][0] for word in seen)
    assert counts.get("sender", {}) == dict.fromkeys((f"{word} GmbH" for word in seen), 1)
    assert sum(counts.get("period", {}).values()) == len(seen)

    one = searching.search(reader, wrong)
    assert one.total == len(one.hits) == (wrong in seen)
    # One sign wrong: a proposal names the word only to those who may read it.
    near = searching.search(reader, f"{wrong[0]}x{wrong[2:]}")
    assert {hit.document_id for hit in near.hits} == {place.ids[w] for w in {wrong} & seen}
    assert (near.proposal == wrong) == (wrong in seen)

    proposed = searching.suggest(reader, wrong[:5])
    senders = {one.title for one in proposed if one.kind == "sender"}
    assert senders == {f"{word} GmbH" for word in {wrong} & seen}


@pytest.mark.parametrize("login", ["m.petersen", "r.legal"])
def test_a_search_tells_of_no_place_that_is_closed(place: Place, login: str):
    authority, searching = place.authority, place.searching
    reader = authority.reader(login)
    assert "Johannisbeere" in place.visible(reader)
    (hit,) = searching.search(reader, "Johannisbeere").hits
    assert (hit.aktenzeichen, hit.sub_file) == (MUELLER, "leistung")
    for closed in (f'"{PROTECTED}"', f"akte:{PROTECTED}", f"akte:{PROTECTED[:-1]}*"):
        assert searching.search(reader, f"schlagwort:sonstiges {closed}").total == 0, closed
    facets = {one.name: one for one in searching.facets(reader, "Johannisbeere").facets}
    assert [one.id for one in facets["sub_file"].values] == ["leistung"]


def test_a_number_that_is_not_open_is_asked_for_like_one_that_nobody_has(place: Place):
    authority = place.authority
    with authority.database.write() as session:
        file_also(authority, session, place.ids["Apfelbaum"], OTHER_SITE, "leistung")
        Outbox(session).put([place.ids["Apfelbaum"]], MORNING)
    place.indexer.drain()

    def told(login: str, query: str) -> int:
        return place.searching.search(authority.reader(login), f"Apfelbaum {query}").total

    for login, is_open in (("r.legal", 1), ("j.hansen", 0)):
        for query in (f"akte:{OTHER_SITE}", f"akte:{OTHER_SITE[:-1]}*", "akte:12345BG0002000"):
            assert told(login, query) == is_open, (login, query)
        assert told(login, f"-akte:{OTHER_SITE}") == 1 - is_open
        assert told(login, f"akte:{OTHER_SITE} ODER akte:{MUELLER}") == 1
        assert told(login, "akte:99999//9999999") == told(login, "akte:x") == 0
        assert told(login, "akte:12345*") == 1


def test_case_files_are_suggested_to_those_who_may_open_them(place: Place):
    for login in LOGINS[:-1]:
        reader = place.authority.reader(login)
        with place.authority.database.read() as session:
            covers = select(CaseFile.aktenzeichen).where(case_file_visible(reader))
            open_to = set(session.scalars(covers))
        for number in (MUELLER, OTHER_SITE, PROTECTED, COLLEAGUE, SCHMIDT):
            proposed = place.searching.suggest(reader, number)
            files = {one.value for one in proposed if one.kind == "case_file"}
            assert files == {number} & open_to, login


def test_a_right_taken_away_counts_before_the_index_knows(
    place: Place, monkeypatch: pytest.MonkeyPatch
):
    reader = place.authority.reader("m.petersen")
    before = place.searching.search(reader, COMMON)
    with place.authority.database.write() as session:
        cover = place.authority.cover(session, MUELLER)
        session.add(ExcludedLogin(case_file_id=cover.id, login="m.petersen"))
        Outbox(session).put_case_files([cover.id], [], MORNING)
    after = place.searching.search(reader, COMMON)
    left = {hit.document_id for hit in after.hits}
    assert left == {place.ids[word] for word in place.visible(reader)}
    assert before.total > after.total == len(left)
    assert after.counted
    facets = place.searching.facets(reader, COMMON).facets
    assert {sum(one.count for one in facet.values) for facet in facets} == {len(left)}
    monkeypatch.setattr(searching_module, "MOST_WITHOUT", 0)
    found = place.searching.search(reader, COMMON)
    assert {hit.document_id for hit in found.hits} == left
    assert not found.counted
    assert found.total == len(left)
    assert not place.searching.facets(reader, COMMON).counted


# --- names, filters, order ----------------------------------------------------------------------


def words_found(place: Place, query: str, **more: object) -> list[str]:
    reader = place.authority.reader("r.legal")
    words = {one: word for word, one in place.ids.items()}
    found = place.searching.search(reader, query, **more)  # type: ignore[arg-type]
    return [words[hit.document_id] for hit in found.hits]


def test_a_sub_file_that_was_closed_counts_before_the_index_knows(place: Place):
    authority, indexer = place.authority, place.indexer
    assert "Haselnuss" in place.visible(authority.reader("r.legal"))
    closed = authority.policy.closed_subfiles | {"vermittlung"}
    authority.use_policy(replace(authority.policy, closed_subfiles=closed))
    described = IndexDocuments(authority.words, closed)
    begun_anew = Indexer(authority.database, indexer.index, described)
    begun_anew.take_up_settings()

    def told() -> tuple[int, set[str]]:
        reader = authority.reader("r.legal")
        assert "Haselnuss" not in place.visible(reader)
        facets = place.searching.facets(reader, COMMON).facets
        senders = {one.id for facet in facets if facet.name == "sender" for one in facet.values}
        return place.searching.search(reader, COMMON, limit=100).total, senders

    total, senders = told()
    assert "Haselnuss GmbH" not in senders
    assert total == len(senders) > 1
    with pytest.raises(Unavailable, match="Teilakten"):  # a process that was not begun anew
        indexer.drain()
    assert begun_anew.drain() == 1
    assert told() == (total, senders)
    begun_anew.take_up_settings()
    assert begun_anew.drain() == 0
    with authority.database.read() as session:
        assert IndexFacts(session).told(SYSTEM, CLOSED)
        assert IndexFacts(session).told(authority.reader("r.legal"), CLOSED) is None


def test_an_index_that_missed_changes_is_not_counted(place: Place):
    reader = place.authority.reader("m.petersen")
    before = place.searching.search(reader, COMMON)
    with place.authority.database.write() as session:
        cover = place.authority.cover(session, MUELLER)
        session.add(ExcludedLogin(case_file_id=cover.id, login="m.petersen"))
        Outbox(session).put_case_files([cover.id], [], MORNING)
    Indexer(place.authority.database, NoIndex(), place.indexer.described).drain()
    found = place.searching.search(reader, COMMON)
    assert not found.counted
    assert {hit.document_id for hit in found.hits} == {
        place.ids[word] for word in place.visible(reader)
    }
    assert not place.searching.facets(reader, COMMON).counted
    place.indexer.renew()
    after = place.searching.search(reader, COMMON)
    assert after.counted
    assert before.total > after.total == found.total
    assert place.searching.facets(reader, COMMON).counted


def test_fields_and_filters_take_names_as_people_say_them(place: Place):
    for query, found in {
        "schlagwort:wider": {"Birkenholz", "Fliederbusch"},
        "schlagwort:Widerspruch standort:husum": {"Birkenholz", "Fliederbusch"},
        "standort:Tönning": {"Citronengras"},
        "teilakte:vermittlung": {"Haselnuss"},
        "person:schmidt": {"Fliederbusch", "Haselnuss"},
        'person:"Ole Schmidt" -schlagwort:widerspruch': {"Haselnuss"},
        "von:birkenholz": {"Birkenholz"},
        "akte:12345//0005000": {"Fliederbusch", "Haselnuss"},
    }.items():
        assert set(words_found(place, query)) == found, query
    reader = place.authority.reader("r.legal")
    (hint,) = place.searching.search(reader, "schlagwort:widersprch").hints
    assert "Meinten Sie „Widerspruch“?" in hint
    narrowed = SearchFilters(schlagwort="mietvertrag", site="husum")
    assert set(words_found(place, COMMON, filters=narrowed)) == {"Apfelbaum", "Haselnuss"}
    facets = place.searching.facets(reader, COMMON, filters=narrowed).facets
    assert {sum(one.count for one in facet.values) for facet in facets} == {2}
    assert words_found(place, "", filters=SearchFilters(period="2026-10")) == []


def test_the_newest_come_first_where_asked_for(place: Place):
    with place.authority.database.write() as session:
        old = session.get_one(Document, place.ids["Fliederbusch"])
        old.received_here = old.received_here.replace(year=2020)
        Outbox(session).put([old.id], MORNING)
    place.indexer.drain()
    assert words_found(place, COMMON, newest=True)[-1] == "Fliederbusch"


# --- saved searches -----------------------------------------------------------------------------


def test_a_saved_search_tells_what_came_since_one_looked(place: Place):
    authority = place.authority
    saved = SavedSearches(authority.database, place.searching)
    reader = authority.reader("r.legal")
    kept = saved.keep(reader, "  Heizung ", COMMON, SearchFilters(site="husum"))
    assert [(one.name, one.fresh) for one in saved.counted(reader)] == [("Heizung", 0)]
    authority.clock.forward(minutes=5)
    later = authority.letter("mietvertrag", SCHMIDT)
    hidden = authority.letter("mietvertrag", PROTECTED)
    with authority.database.write() as session:
        for one in (later, hidden):
            page = session.scalars(
                select(DocumentPage.page_id).where(DocumentPage.document_id == one)
            ).one()
            words = (Word(text=COMMON, box=Box(0, 0, 1, 1)),)
            session.execute(
                update(PageWords).where(PageWords.page_id == page).values(words=pack_words(words))
            )
        Outbox(session).put([later, hidden], MORNING)
    place.indexer.drain()
    assert [one.fresh for one in saved.counted(reader)] == [1]
    saved.look(reader, kept)
    assert [one.fresh for one in saved.counted(reader)] == [0]


def test_what_was_delivered_since_one_looked_is_new_however_old_it_is(place: Place):
    authority = place.authority
    saved, reader = SavedSearches(authority.database, place.searching), authority.reader("r.legal")
    late = authority.letter("mietvertrag", SCHMIDT, state="routed")
    authority.clock.forward(minutes=5)
    saved.keep(reader, "", "schlagwort:mietvertrag", SearchFilters())
    authority.clock.forward(minutes=5)
    with authority.database.write() as session:
        document = session.get_one(Document, late)
        delivery = authority.delivery(session)
        to, copies = delivery.receivers(STEP, document, authority.cover(session, SCHMIDT), [])
        delivery.deliver(STEP, document, to, copies, round_key="intake")
        Outbox(session).put([late], MORNING)
    place.indexer.drain()
    assert [one.fresh for one in saved.counted(reader)] == [1]


def test_a_saved_search_is_its_owners_alone(place: Place, monkeypatch: pytest.MonkeyPatch):
    saved = SavedSearches(place.authority.database, place.searching)
    mine, other = place.authority.reader("r.legal"), place.authority.reader("m.petersen")
    kept = saved.keep(mine, "", "Heizung defekt", SearchFilters())
    saved.keep(other, "Zweite", "Miete", SearchFilters())
    saved.forget(other, kept)
    saved.star(other, kept, starred=True)
    saved.look(other, kept)
    (one,) = saved.listed(mine)
    assert (one.name, one.text, one.starred) == ("Heizung defekt", "Heizung defekt", False)
    saved.star(mine, kept, starred=True)
    assert saved.keep(mine, "Heizung defekt", "Therme", SearchFilters()) == kept
    assert [(one.text, one.starred) for one in saved.listed(mine)] == [("Therme", True)]
    saved.forget(mine, kept)
    assert saved.listed(mine) == ()
    assert len(saved.listed(other)) == 1
    saved.keep(mine, "Miete", "Miete", SearchFilters())
    monkeypatch.setattr("eakte.services.saved_searches.MOST", 1)
    with pytest.raises(Conflict, match="schon 1 Suchen"):
        saved.keep(mine, "Noch eine", "Miete", SearchFilters())
