"""What filed documents bear leads later letters to their case file, on both databases."""

from __future__ import annotations

from sqlalchemy import select

from eakte.domain.rights import system_reader
from eakte.language.addresses import address_key
from eakte.language.references import COURT, INSURED, FoundReference
from eakte.models import Document, KnownReference
from eakte.repositories.known_references import KnownReferences
from eakte.repositories.register import SqlRegister
from eakte.services.delivery import Delivery
from tests.authority import Authority
from tests.small_authority import MUELLER, OTHER_SITE, SCHMIDT, small_register

SYSTEM = system_reader("test")
LAWSUIT = FoundReference(COURT, "s31as27014", 0, 0)
INSURED_AS = FoundReference(INSURED, "A123456780", 0, 0)


def bear(authority: Authority, document_id: str, person: str | None = None) -> None:
    with authority.database.write() as session:
        KnownReferences(session).learn(SYSTEM, document_id, [LAWSUIT, INSURED_AS], person)


def leads_to(authority: Authority, reference: FoundReference = LAWSUIT) -> list[str]:
    with authority.database.read() as session:
        register = SqlRegister(session, SYSTEM, authority.pattern)
        return [
            file.aktenzeichen
            for files in register.by_references([reference]).values()
            for file in files
        ]


def person_of(authority: Authority) -> str | None:
    with authority.database.read() as session:
        return SqlRegister(session, SYSTEM, authority.pattern).person_of(INSURED_AS)


def set_filed_by(authority: Authority, document_id: str, login: str | None) -> None:
    with authority.database.write() as session:
        session.get_one(Document, document_id).filed_by = login


def test_a_number_leads_to_the_file_where_a_document_that_bears_it_is_filed(authority: Authority):
    bear(authority, authority.letter("klage", MUELLER))
    assert leads_to(authority) == [MUELLER]


def test_a_document_that_waits_at_the_clearing_desk_tells_nothing(authority: Authority):
    bear(authority, authority.letter("klage", MUELLER, state="clearing"))
    assert leads_to(authority) == []


def test_a_number_that_stands_in_two_files_leads_to_neither(authority: Authority):
    bear(authority, authority.letter("klage", MUELLER))
    bear(authority, authority.letter("klage", SCHMIDT))
    assert leads_to(authority) == []


def test_a_document_that_is_filed_elsewhere_takes_its_numbers_along(authority: Authority):
    document_id = authority.letter("klage", MUELLER)
    bear(authority, document_id)
    with authority.database.write() as session:
        document = session.get_one(Document, document_id)
        delivery: Delivery = authority.delivery(session)
        delivery.documents.set_filing(
            document, (authority.cover(session, OTHER_SITE).id, "recht", None), (), delivery.now
        )
    assert leads_to(authority) == [OTHER_SITE]


def test_what_loses_its_place_is_forgotten(authority: Authority):
    document_id = authority.letter("klage", MUELLER)
    bear(authority, document_id)
    with authority.database.write() as session:
        document = session.get_one(Document, document_id)
        authority.delivery(session).file_into(SYSTEM, document, None, ())
        assert session.scalars(select(KnownReference)).all() == []


def test_an_insurance_number_counts_once_a_person_filed_the_document(authority: Authority):
    document_id = authority.letter("klage", MUELLER, first_name="Lina")
    lina = authority.person("Lina").id
    bear(authority, document_id, lina)
    assert person_of(authority) is None
    set_filed_by(authority, document_id, "m.petersen")
    assert person_of(authority) == lina
    assert leads_to(authority, INSURED_AS) == [MUELLER]


def test_an_insurance_number_of_nobody_in_particular_is_not_kept(authority: Authority):
    bear(authority, authority.letter("klage", MUELLER))
    with authority.database.read() as session:
        assert [row.kind for row in session.scalars(select(KnownReference))] == [COURT]


def test_the_numbers_themselves_stand_nowhere(authority: Authority):
    bear(authority, authority.letter("klage", MUELLER), authority.person("Lina").id)
    with authority.database.read() as session:
        hashes = [row.key_hash for row in session.scalars(select(KnownReference))]
    assert len(hashes) == 2
    assert all(len(one) == 64 and "270" not in one[:3] for one in hashes)
    assert LAWSUIT.value not in hashes


def test_an_address_leads_to_its_files_and_follows_a_move(authority: Authority):
    def at(street: str) -> list[str]:
        with authority.database.read() as session:
            register = SqlRegister(session, SYSTEM, authority.pattern)
            return [
                one.aktenzeichen for one in register.by_addresses([address_key(street, "25813")])
            ]

    assert at("Süderstr. 12") == [MUELLER]
    content = small_register()
    content["case_files"] = [
        {**one, "street": "Neustadt 7 b"}
        for one in content["case_files"]
        if one["aktenzeichen"] == MUELLER
    ]
    authority.register(content)
    assert at("Süderstr. 12") == []
    assert at("Neustadt 7b") == [MUELLER]


def test_names_of_the_register_are_known_words(authority: Authority):
    with authority.database.read() as session:
        register = SqlRegister(session, SYSTEM, authority.pattern)
        assert register.known_words(["schmidt", "yildiz", "schmldt"]) == {"schmidt", "yildiz"}
