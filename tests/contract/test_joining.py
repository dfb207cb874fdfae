"""A provisional file becomes part of the real one: by a person, with everything that is in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select

from eakte.domain.facts import Fact, FactKind
from eakte.domain.rights import system_reader
from eakte.errors import Conflict, NotFound, NotPermitted, Unusable
from eakte.language.references import references
from eakte.models import (
    Annotation,
    Base,
    CaseFile,
    DocumentPerson,
    ExcludedLogin,
    Filing,
    IndexOutbox,
    Membership,
    NameKey,
    PersonRow,
    Vorgang,
    Wiedervorlage,
)
from eakte.repositories import joins
from eakte.repositories.facts import Facts, fact_to_json
from eakte.repositories.known_references import KnownReferences
from eakte.services.annotations import AnnotationKind, Annotations
from eakte.services.joining_views import Comparison, Joined
from eakte.services.provisional_files import open_for
from eakte.services.routing import Receiver
from tests.authority import Authority
from tests.newcomer import PERSON, REAL, SENDER, in_register
from tests.small_authority import MUELLER, OTHER_SITE

SYSTEM = system_reader("test")


@dataclass
class Newcomer:
    """A first application of somebody whom the register does not know, and its provisional file."""

    authority: Authority
    letter: str
    number: str

    def compare(self, login: str = "m.petersen", other: str = REAL) -> Comparison:
        return self.authority.joining.compare(self.authority.reader(login), self.number, other)

    def join(
        self,
        login: str = "m.petersen",
        other: str = REAL,
        seen: Comparison | None = None,
        **more: Any,
    ) -> Joined:
        seen = seen or self.compare(login, other)
        given = {"stand": seen.stand, "same": seen.same} | more
        return self.authority.joining.join(
            self.authority.reader(login), self.number, other, **given
        )


@pytest.fixture
def newcomer(authority: Authority) -> Newcomer:
    letter = authority.letter("erstantrag", None, state="clearing")
    authority.clearing.open_provisional(
        authority.reader("s.scan"),
        letter,
        authority.document(letter).version,
        schlagwort="erstantrag",
        sender=SENDER,
    )
    with authority.database.read() as session:
        number = session.scalars(select(CaseFile.aktenzeichen).where(CaseFile.provisional)).one()
    return Newcomer(authority, letter, number)


def take_into_register(authority: Authority, **more: Any) -> dict[str, int]:
    return authority.register(in_register(**more))


def proposals(newcomer: Newcomer, login: str = "m.petersen") -> list[str]:
    found = newcomer.authority.joining.waiting(newcomer.authority.reader(login))
    return [one.ref.aktenzeichen for waiting in found for one in waiting.proposals]


def test_an_import_that_brings_the_person_proposes_the_file(newcomer: Newcomer):
    assert proposals(newcomer) == []
    assert take_into_register(newcomer.authority)["provisional"] == 1
    assert proposals(newcomer) == proposals(newcomer, "s.scan") == [REAL]


@pytest.mark.parametrize(
    ("person", "street", "proposed"),
    [
        ({"birth_date": None}, "Norderstraße 5", True),  # the address says it
        ({}, "Süderstraße 99", True),  # the birth date says it
        ({"birth_date": None}, "Süderstraße 99", False),  # a name alone
        ({"birth_date": "1962-02-02"}, "Norderstraße 5", False),  # mother and daughter
        ({"first_name": "Nils"}, "Norderstraße 5", False),
    ],
)
def test_two_facts_propose_and_a_contradiction_never(
    newcomer: Newcomer, person: dict[str, Any], street: str, proposed: bool
):
    take_into_register(newcomer.authority, people=[PERSON | person], street=street)
    assert proposals(newcomer) == ([REAL] if proposed else [])


def test_nobody_hears_of_a_proposal_in_a_file_that_is_not_open_to_them(newcomer: Newcomer):
    take_into_register(newcomer.authority, site="toenning", protected=True)
    assert proposals(newcomer) == proposals(newcomer, "s.scan") == []
    with pytest.raises(NotFound):
        newcomer.compare()
    with pytest.raises(NotFound):
        newcomer.compare("s.scan")


def test_everything_in_the_file_goes_over_and_its_number_leads_there(newcomer: Newcomer):
    authority = newcomer.authority
    take_into_register(authority)
    (number,) = references("In dem Rechtsstreit S 12 AS 345/26")
    with authority.database.write() as session:
        person = session.scalars(select(DocumentPerson.person_id)).one()
        KnownReferences(session).learn(SYSTEM, newcomer.letter, [number], person)
        session.add(
            ExcludedLogin(
                case_file_id=session.scalars(select(CaseFile.id).where(CaseFile.provisional)).one(),
                login="j.hansen",
            )
        )
    entry, clerk = authority.entry(newcomer.letter, "m.petersen"), authority.reader("m.petersen")
    on_it = Annotations(authority.database)
    note = on_it.add(clerk, newcomer.letter, 1, AnnotationKind.NOTE, (0, 0, 1, 1), "Erstantrag")
    done = newcomer.join()
    assert done == Joined(aktenzeichen=REAL, documents=1)
    view = authority.case_files.open(authority.reader("m.petersen"), newcomer.number)
    assert (view.aktenzeichen, view.former_numbers) == (REAL, (newcomer.number,))
    assert [one.id for one in view.documents] == [newcomer.letter]
    assert [one.person for one in view.documents] == ["Nele Albers"]
    assert authority.entry(newcomer.letter, "m.petersen").version == entry.version
    with authority.database.read() as session:
        assert session.scalars(select(PersonRow).where(PersonRow.first_name == "Nele")).one()
        people = set(session.scalars(select(PersonRow.id)))
        assert set(session.scalars(select(Membership.person_id))) <= people
        assert set(session.scalars(select(NameKey.person_id))) <= people
        shut = session.scalars(
            select(ExcludedLogin.login)
            .join_from(ExcludedLogin, CaseFile, CaseFile.id == ExcludedLogin.case_file_id)
            .where(CaseFile.aktenzeichen == REAL)
        ).all()
        assert shut == ["j.hansen"]
        (place,) = KnownReferences(session).places(SYSTEM, [number])
        assert place.case_file_id == authority.cover(session, REAL).id
        assert session.get_one(Annotation, note).case_file_id == place.case_file_id
        assert newcomer.letter in set(session.scalars(select(IndexOutbox.document_id)))
        left = session.scalars(select(CaseFile).where(CaseFile.provisional)).one()
        assert not session.scalars(select(Filing).where(Filing.case_file_id == left.id)).all()
    assert ("m.petersen", "case_file.join", None) in authority.trail_of(left.id)
    assert ("m.petersen", "document.join", None) in authority.trail_of(newcomer.letter)
    found = authority.clearing_desk.search(authority.reader("s.scan"), newcomer.number)
    assert [one.ref.aktenzeichen for one in found] == [REAL]
    assert authority.joining.waiting(authority.reader("m.petersen")) == ()


def test_the_number_given_here_outlives_what_the_register_says_of_former_ones(newcomer: Newcomer):
    take_into_register(newcomer.authority)
    newcomer.join()
    take_into_register(newcomer.authority, former_numbers=["12345//0000777"])
    view = newcomer.authority.case_files.open(
        newcomer.authority.reader("m.petersen"), newcomer.number
    )
    assert set(view.former_numbers) == {newcomer.number, "12345//0000777"}


def test_deadlines_rest_on_the_real_file_and_reminders_follow(newcomer: Newcomer):
    """The posting note stands in the real file, the objection came into the provisional one."""
    authority = newcomer.authority
    take_into_register(authority)
    objection = authority.letter(
        "widerspruch",
        newcomer.number,
        to=Receiver(postbox="m.petersen", login="m.petersen", rule="1"),
    )
    note = authority.letter("versandnachweis", REAL)
    said = {
        objection: [(FactKind.DECISION, "2026-10-26")],
        note: [(FactKind.DECISION, "2026-10-26"), (FactKind.POSTED, "2026-10-27")],
    }
    with authority.database.write() as session:
        for letter, facts in said.items():
            rows = [fact_to_json(Fact(kind=kind, value=value, score=0.9)) for kind, value in facts]
            Facts(session).keep(authority.document(letter), rows, authority.clock.now())
    before = authority.documents.open(authority.reader("m.petersen"), objection).deadlines
    newcomer.join()
    after = authority.documents.open(authority.reader("m.petersen"), objection).deadlines
    assert before != after
    assert any("Versandnachweis vom 27.10.2026" in one.reason for one in after)
    with authority.database.read() as session:
        (vorgang,) = session.scalars(select(Vorgang)).all()
        assert session.get_one(CaseFile, vorgang.case_file_id).aktenzeichen == REAL
        reminders = session.scalars(
            select(Wiedervorlage).where(Wiedervorlage.document_id == objection)
        ).all()
        assert {one.login for one in reminders} == {"m.petersen"}


def test_a_stale_comparison_is_a_conflict(newcomer: Newcomer):
    take_into_register(newcomer.authority)
    seen = newcomer.compare()
    take_into_register(newcomer.authority, street="Westerende 1")
    with pytest.raises(Conflict, match="inzwischen geändert"):
        newcomer.join(seen=seen)


def test_who_comes_second_hears_who_joined_it(newcomer: Newcomer):
    take_into_register(newcomer.authority)
    seen = newcomer.compare("a.lead")
    newcomer.join()
    with pytest.raises(Conflict, match=f"Maike Petersen hat .* schon mit {REAL}"):
        newcomer.join("a.lead", seen=seen)


def test_files_of_other_people_are_joined_by_no_slip(newcomer: Newcomer):
    with pytest.raises(Unusable, match="keine Person gewählt"):
        newcomer.join(other=MUELLER)
    seen = newcomer.compare(other=MUELLER)
    (person,) = seen.same
    joerg = newcomer.authority.person("Jörg").id
    with pytest.raises(Unusable, match="stimmen nicht überein"):
        newcomer.join(other=MUELLER, same={person: joerg})
    assert newcomer.join(other=MUELLER, same={person: joerg}, sure=True).aktenzeichen == MUELLER


@pytest.mark.parametrize("login", ["d.deputy", "i.clausen"])
def test_only_those_to_whom_both_files_are_open_join_them(newcomer: Newcomer, login: str):
    take_into_register(newcomer.authority)
    with pytest.raises(NotFound):
        newcomer.compare(login)
    with pytest.raises(NotFound):
        newcomer.compare("m.petersen", OTHER_SITE)
    assert newcomer.authority.joining.waiting(newcomer.authority.reader(login)) == ()


def test_the_administration_has_no_business_here(newcomer: Newcomer):
    with pytest.raises(NotPermitted):
        newcomer.compare("x.admin")


def test_a_real_file_is_not_joined_away(newcomer: Newcomer):
    take_into_register(newcomer.authority)
    reader = newcomer.authority.reader("m.petersen")
    with pytest.raises(NotFound):
        newcomer.authority.joining.compare(reader, REAL, MUELLER)
    with pytest.raises(Unusable, match="selbst eine vorläufige Akte"):
        newcomer.compare(other=newcomer.number)


def test_a_letter_on_its_way_into_the_provisional_file_arrives_in_the_real_one(
    newcomer: Newcomer,
):
    authority = newcomer.authority
    take_into_register(authority)
    with authority.database.read() as session:
        cover = authority.cover(session, newcomer.number)
        person = session.scalars(select(DocumentPerson.person_id)).one()
    newcomer.join()
    letter = authority.letter("kontoauszug", None, state="clearing")
    with authority.database.write() as session:
        document = authority.document(letter)
        delivery = authority.delivery(session)
        joined = session.get_one(CaseFile, cover.id)
        delivery.file_into(SYSTEM, session.merge(document), joined, [person])
        main, _ = delivery.receivers(SYSTEM, document, joined, [person])
    assert main.postbox == "m.petersen"
    with authority.database.read() as session:
        (filing,) = session.scalars(select(Filing).where(Filing.document_id == letter))
        assert session.get_one(CaseFile, filing.case_file_id).aktenzeichen == REAL


def test_taking_back_an_assignment_after_the_joining_breaks_nothing(newcomer: Newcomer):
    take_into_register(newcomer.authority)
    newcomer.join()
    with pytest.raises(Conflict):
        newcomer.authority.clearing.take_back(newcomer.authority.reader("s.scan"), newcomer.letter)


def test_the_application_read_again_finds_the_real_file(newcomer: Newcomer):
    take_into_register(newcomer.authority)
    newcomer.join()
    with newcomer.authority.database.write() as session:
        document = newcomer.authority.document(newcomer.letter)
        now = newcomer.authority.clock.now()
        cover, person = open_for(session, SYSTEM, document, SENDER, site="husum", now=now)
        assert (cover.aktenzeichen, session.get_one(PersonRow, person).first_name) == (REAL, "Nele")


def test_every_table_that_names_a_case_file_or_a_person_is_thought_of():
    def naming(table: str) -> set[str]:
        return {
            key.parent.table.name
            for one in Base.metadata.tables.values()
            for key in one.foreign_keys
            if key.column.table.name == table
        }

    assert joins.OF_CASE_FILES <= naming("case_files") <= joins.OF_CASE_FILES | joins.STAY
    assert naming("people") == joins.OF_PEOPLE
