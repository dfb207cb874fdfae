"""For random authorities, documents and readers: the index opens what the database opens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from eakte.domain.ids import derived_id
from eakte.domain.rights import CLEARING, Reader, Standpoint, system_reader
from eakte.models import (
    Batch,
    CaseFile,
    Caseworker,
    Document,
    ExcludedLogin,
    Filing,
    Membership,
    PersonRow,
    PostboxEntry,
    RelevantFunction,
    Responsibility,
    Source,
    Team,
)
from eakte.repositories.access_terms import AccessFacts, reader_terms
from eakte.repositories.database import EakteSession
from eakte.repositories.rights import (
    UNDELIVERED,
    case_file_visible,
    document_visible,
    filed_visible,
)
from tests.authority import MORNING, Authority

SYSTEM = system_reader("test")
LOGINS = ("a", "b", "c")
TEAMS = ("t1", "t2")
SITES = ("husum", "toenning")
FUNCTIONS = ("leistung", "recht")
CLOSED = frozenset({"medizin", "handakte"})
SUBFILES = (*FUNCTIONS, *sorted(CLOSED))
COVERS, LETTERS, PEOPLE = range(2), range(4), range(2)

Thing = TypeVar("Thing")
Draw = Callable[[st.SearchStrategy[Any]], Any]


def _some(values: Any, most: int = 2) -> st.SearchStrategy[frozenset[Any]]:
    return st.frozensets(st.sampled_from(values), max_size=most)


STANDPOINTS = st.builds(
    Standpoint,
    login=st.sampled_from(LOGINS),
    scopes=_some([(site, function) for site in (None, *SITES) for function in FUNCTIONS]),
    teams=_some(TEAMS, 1),
    colleagues=_some(LOGINS, 1),
    all_files=st.sampled_from((False, False, True)),
    clearing=st.sampled_from((False, False, True)),
    open_subfiles=_some(sorted(CLOSED), 1),
)


@st.composite
def readers(draw: Draw) -> Reader:
    points = tuple(draw(st.lists(STANDPOINTS, min_size=1, max_size=2, unique_by=lambda p: p.login)))
    emergency = draw(_some(COVERS, 1))
    return Reader(
        login=points[0].login,
        standpoints=points,
        emergency_files=frozenset(_cover_id(one) for one in emergency),
        closed_subfiles=CLOSED,
    )


def _cover_id(number: int) -> str:
    return derived_id("random cover", str(number))


def _letter_id(number: int) -> str:
    return derived_id("random letter", str(number))


def _person_id(number: int) -> str:
    return derived_id("random person", str(number))


COVER = st.fixed_dictionaries(
    {
        "site_id": st.sampled_from(SITES),
        "protected": st.booleans(),
        "excluded": _some(LOGINS, 1),
        "responsible": st.frozensets(
            st.tuples(
                st.sampled_from((None, *PEOPLE)),
                st.sampled_from(FUNCTIONS),
                st.sampled_from(LOGINS),
            ),
            max_size=2,
        ),
    }
)
LETTER = st.fixed_dictionaries(
    {
        "state": st.sampled_from((UNDELIVERED[0], "delivered", "clearing", "filed")),
        "filing": st.none()
        | st.tuples(
            st.sampled_from(COVERS), st.sampled_from(SUBFILES), st.sampled_from((None, *PEOPLE))
        ),
        "relevant": _some(FUNCTIONS, 1),
        "entries": st.frozensets(
            st.tuples(st.sampled_from((*LOGINS, *TEAMS, CLEARING)), st.booleans()), max_size=2
        ),
    }
)
WORLDS = st.tuples(
    st.lists(COVER, min_size=len(COVERS), max_size=len(COVERS)),
    st.lists(LETTER, min_size=len(LETTERS), max_size=len(LETTERS)),
)


def _lay_out(session: EakteSession, covers: list[Any], letters: list[Any]) -> None:
    """The random case files and letters as rows."""
    for number, cover in enumerate(covers):
        cover_id = _cover_id(number)
        session.add(
            CaseFile(
                id=cover_id,
                aktenzeichen=f"zufall-{number}",
                site_id=cover["site_id"],
                protected=cover["protected"],
                opened_at=MORNING,
            )
        )
        session.flush()
        session.add_all(
            ExcludedLogin(case_file_id=cover_id, login=login) for login in cover["excluded"]
        )
        session.add_all(
            Membership(
                case_file_id=cover_id, person_id=_person_id(one), applicant=False, position=0
            )
            for one in PEOPLE
        )
        by_place = {(person, function): login for person, function, login in cover["responsible"]}
        session.add_all(
            Responsibility(
                id=derived_id("responsible", cover_id, str(person), function),
                case_file_id=cover_id,
                person_id=None if person is None else _person_id(person),
                function=function,
                login=login,
            )
            for (person, function), login in by_place.items()
        )
    for number, letter in enumerate(letters):
        _lay_letter(session, number, letter)
    session.flush()


def _lay_letter(session: EakteSession, number: int, letter: Any) -> None:
    letter_id = _letter_id(number)
    session.add(
        Document(
            id=letter_id,
            source_id=derived_id("random source"),
            state=letter["state"],
            created_at=MORNING,
            received_here=date(2026, 11, 20),
        )
    )
    session.flush()
    if letter["filing"] is not None:
        cover, sub_file, person = letter["filing"]
        session.add(
            Filing(
                id=derived_id("filing", letter_id),
                document_id=letter_id,
                case_file_id=_cover_id(cover),
                sub_file=sub_file,
                person_id=None if person is None else _person_id(person),
                filed_at=MORNING,
            )
        )
    session.add_all(
        RelevantFunction(document_id=letter_id, function=function)
        for function in letter["relevant"]
    )
    session.add_all(
        PostboxEntry(
            id=derived_id("entry", letter_id, postbox, str(done)),
            document_id=letter_id,
            postbox=postbox,
            login=postbox if postbox in LOGINS else None,
            team_id=postbox if postbox in TEAMS else None,
            sent_by="a",
            arrived_at=MORNING,
            done_at=MORNING if done else None,
        )
        for postbox, done in letter["entries"]
    )


@pytest.fixture
def ground(authority: Authority) -> Authority:
    """Logins, teams and one source that every example shares."""
    with authority.database.write() as session:
        session.add_all(Caseworker(login=login, name=login, position=90) for login in LOGINS)
        session.add_all(
            Team(id=team, site_id=None, function="leistung", name=team, position=90)
            for team in TEAMS
        )
        session.add_all(
            PersonRow(id=_person_id(one), first_name="P", last_name=str(one)) for one in PEOPLE
        )
        batch = Batch(
            id=derived_id("random batch"),
            channel="scanner",
            name="zufall",
            received_here=date(2026, 11, 20),
            opened_at=MORNING,
        )
        session.add(batch)
        session.flush()
        session.add(
            Source(
                id=derived_id("random source"),
                arrival_key="zufall",
                batch_id=batch.id,
                channel="scanner",
                name="zufall.pdf",
                sha256="0" * 64,
                size=1,
                arrived_at=MORNING,
                received_here=date(2026, 11, 20),
                state="cut",
                changed_at=MORNING,
            )
        )
    return authority


@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(world=WORLDS, many=st.lists(readers(), min_size=3, max_size=6))
def test_index_terms_and_predicate_agree(ground: Authority, world: Any, many: list[Reader]):
    covers, letters = world
    with ground.database.session_maker(bind=ground.database.engine) as session:
        _lay_out(session, covers, letters)
        ids = [_letter_id(number) for number in LETTERS]
        terms = AccessFacts(session, CLOSED).terms(SYSTEM, ids)
        for reader in many:
            rows = select(Document.id).where(Document.id.in_(ids), document_visible(reader))
            seen = set(session.scalars(rows))
            _check_filed(session, reader, seen, letters)
            groups = reader_terms(reader)
            for number, letter in enumerate(letters):
                if letter["state"] in UNDELIVERED:
                    continue  # not in the index
                one = _letter_id(number)
                found = any(
                    terms[one].allow & at.allow and not terms[one].deny & at.deny for at in groups
                )
                event(f"open: {one in seen}")
                event(f"absent one excluded: {_absent_one_excluded(reader, letter, covers)}")
                assert (one in seen) == found, (reader, letter, covers)
            _check_covers(session, reader, seen, letters)
        session.rollback()


def _absent_one_excluded(reader: Reader, letter: Any, covers: list[Any]) -> bool:
    """Whether the reader stands in for somebody who is excluded: the case that needs groups."""
    if letter["filing"] is None:
        return False
    excluded = covers[letter["filing"][0]]["excluded"]
    return any(
        point.login in excluded for point in reader.standpoints if point.login != reader.login
    )


def _check_filed(session: EakteSession, reader: Reader, seen: set[str], letters: list[Any]) -> None:
    """What a file's list asks with the filing in hand answers as the right itself does."""
    filed = (
        select(Document.id)
        .join(Filing, Filing.document_id == Document.id)
        .join(CaseFile, CaseFile.id == Filing.case_file_id)
        .where(filed_visible(reader))
    )
    there = {_letter_id(at) for at, letter in enumerate(letters) if letter["filing"] is not None}
    assert set(session.scalars(filed)) & there == seen & there, reader


def _check_covers(
    session: EakteSession, reader: Reader, seen: set[str], letters: list[Any]
) -> None:
    """Whoever may open a delivered document may open the cover of its file."""
    open_covers = set(session.scalars(select(CaseFile.id).where(case_file_visible(reader))))
    for number, letter in enumerate(letters):
        if letter["filing"] is None or letter["state"] in UNDELIVERED:
            continue
        if _letter_id(number) in seen:
            assert _cover_id(letter["filing"][0]) in open_covers, (reader, letter)
