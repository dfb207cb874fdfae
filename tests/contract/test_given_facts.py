"""What a channel says about a document: decided, claimed, or only helpful (ADR 0087)."""

from __future__ import annotations

import hashlib
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from eakte.bootstrap import Product
from eakte.bootstrap.intake import intake_tools
from eakte.domain.arrivals import ScannerRun
from eakte.domain.pages import RecognisedPage
from eakte.domain.rights import system_reader
from eakte.intake.given import UNKNOWN_NUMBER
from eakte.intake.pipeline import process_source
from eakte.intake.receive import Arrival, receive
from eakte.intake.route import NO_TEXT
from eakte.models import AuditRow, Document, PostboxEntry
from eakte.repositories.documents import Documents
from tests.letters import letter, objection
from tests.plain_intake import PlainSteps, PoolInThisProcess
from tests.small_authority import MUELLER, OTHER_SITE, SCHMIDT

STEP = system_reader("test")
NOTICE = letter("Bewilligungsbescheid", "Ihnen werden Leistungen bewilligt.")


def take(
    product: Product,
    content: bytes,
    given: dict[str, Any],
    channel: str = "interface",
    site: str | None = None,
    *,
    pool: PoolInThisProcess | None = None,
) -> Document:
    """The one document of a file that arrives with these facts."""
    key = hashlib.sha256(content + repr(given).encode()).hexdigest()
    arrival = Arrival(
        key=key,
        channel=channel,
        batch="test",
        name="schreiben.pdf",
        sha256=product.store.put(content),
        size=len(content),
        received=product.database.clock.today(),
        form=channel,
        given=given,
        run=ScannerRun(site_id=site),
    )
    source = receive(product.database, arrival).source_id
    process_source(PlainSteps(intake_tools(product, pool or PoolInThisProcess())), source)
    with product.database.read() as session:
        (document,) = session.scalars(select(Document).where(Document.source_id == source))
        return document


def case_file(product: Product, document: Document) -> str | None:
    with product.database.read() as session:
        filings = Documents(session).filings(STEP, [document.id])[document.id]
        return filings[0][1].aktenzeichen if filings else None


def test_a_notice_with_number_and_schlagwort_is_filed_at_once_and_lies_in_no_postbox(
    product: Product,
):
    document = take(
        product,
        NOTICE,
        {"aktenzeichen": MUELLER, "schlagwort": "bewilligung", "by": "token:fv", "filed": True},
    )
    assert (document.state, document.schlagwort, document.filed_by) == (
        "filed",
        "bewilligung",
        "token:fv",
    )
    assert case_file(product, document) == MUELLER
    with product.database.read() as session:
        assert session.scalars(select(PostboxEntry)).all() == []
        details = session.scalars(
            select(AuditRow.details).where(
                AuditRow.subject_id == document.id, AuditRow.action == "document.file"
            )
        ).one()
    assert details == {"by": "token:fv"}


def test_where_the_letter_names_another_file_with_two_facts_a_person_looks(product: Product):
    document = take(
        product,
        objection(MUELLER, "anders"),
        {"aktenzeichen": SCHMIDT, "schlagwort": "bewilligung", "by": "token:fv", "filed": True},
    )
    assert document.state == "clearing"
    assert document.clearing_reason == (
        f"Mitgegeben ist die Akte {SCHMIDT}; Nummer und Namen im Schreiben führen aber zu "
        f"{MUELLER}."
    )
    with product.database.read() as session:
        finding = Documents(session).case_finding(STEP, document.id)
    assert finding is not None
    assert finding.chosen is None
    assert {one.aktenzeichen for one in finding.candidates} == {MUELLER, SCHMIDT}


@pytest.mark.parametrize("by", ["m.petersen", "s.scan"])
@pytest.mark.parametrize("filed", [True, False])
def test_a_slip_in_a_number_that_a_person_typed_is_found_as_well(
    product: Product, by: str, filed: bool
):
    facts = {"aktenzeichen": SCHMIDT, "schlagwort": "widerspruch", "by": by, "filed": filed}
    document = take(product, objection(MUELLER, "falsch"), facts, channel="upload")
    assert (document.state, case_file(product, document)) == ("clearing", None)
    with product.database.read() as session:
        finding = Documents(session).case_finding(STEP, document.id)
    assert finding is not None
    assert {one.aktenzeichen for one in finding.candidates} == {MUELLER, SCHMIDT}


def test_a_note_may_speak_of_somebody_else(product: Product):
    facts = {"aktenzeichen": SCHMIDT, "schlagwort": "vermerk", "by": "j.hansen", "filed": True}
    document = take(product, objection(MUELLER, "vermerk"), facts, channel="note")
    assert (document.state, case_file(product, document)) == ("filed", SCHMIDT)


def test_what_a_person_decided_goes_where_the_rule_says(product: Product):
    document = take(
        product,
        letter("Mietvertrag", "Die Wohnung hat zwei Zimmer."),
        {"aktenzeichen": OTHER_SITE, "schlagwort": "mietvertrag", "by": "i.clausen"},
        channel="upload",
    )
    assert document.state == "delivered"
    assert case_file(product, document) == OTHER_SITE
    with product.database.read() as session:
        assert [entry.postbox for entry in session.scalars(select(PostboxEntry))] == ["i.clausen"]


def test_a_number_nobody_knows_leads_to_the_clearing_desk(product: Product):
    document = take(product, NOTICE, {"aktenzeichen": "99999//9999999", "by": "cover"})
    assert document.state == "clearing"
    assert "99999//9999999" in (document.clearing_reason or "")


class Photographs(PoolInThisProcess):
    """Nothing can be read on any page."""

    def read_page(self, path: Path, number: int) -> Future[RecognisedPage]:
        page = super().read_page(path, number).result()
        done: Future[RecognisedPage] = Future()
        done.set_result(replace(page, text=replace(page.text, words=())))
        return done


def test_of_a_photograph_the_desk_learns_what_is_wrong_with_what_was_given(product: Product):
    facts = {"aktenzeichen": "99999//9999999", "by": "s.scan"}
    told = take(product, NOTICE, facts, pool=Photographs())
    alone = take(product, NOTICE, {}, pool=Photographs())
    assert told.clearing_reason == UNKNOWN_NUMBER.format(number="99999//9999999")
    assert alone.clearing_reason == NO_TEXT


def test_a_former_number_is_given_for_the_file_that_it_became(product: Product):
    document = take(
        product,
        NOTICE,
        {"aktenzeichen": "12345//0000999", "schlagwort": "bewilligung", "by": "token:fv"},
    )
    assert case_file(product, document) == SCHMIDT


def test_a_claimed_number_counts_only_with_the_name_that_belongs_to_it(product: Product):
    own = ("Aktenzeichen 12345//0002000", "Fatma Yıldız", "geboren am 15.01.1990")
    strange = ("Aktenzeichen 12345//0002000", "Ole Schmidt", "geboren am 17.07.1971")
    bare = letter("Weiterbewilligungsantrag", "Ich beantrage weiter Leistungen.")
    facts = {"schlagwort": "weiterbewilligung", "by": "online:wba"}
    fits = take(product, bare, {**facts, "claims": list(own)}, "online")
    assert (fits.state, case_file(product, fits)) == ("delivered", OTHER_SITE)
    doubtful = take(product, bare, {**facts, "claims": list(strange)}, "online")
    assert (doubtful.state, case_file(product, doubtful)) == ("clearing", None)


def test_evidence_of_a_claim_points_to_no_place_on_a_page(product: Product):
    claims = ["Aktenzeichen 12345//0002000", "Fatma Yıldız", "geboren am 15.01.1990"]
    document = take(product, letter("Anlage"), {"claims": claims}, "online")
    with product.database.read() as session:
        finding = Documents(session).case_finding(STEP, document.id)
    assert finding is not None
    assert finding.chosen is not None
    assert {(item.page, item.boxes) for item in finding.chosen.evidence} == {(1, ())}
    assert all(item.rule.startswith("angabe.") for item in finding.chosen.evidence)


def test_a_first_application_from_a_stranger_opens_a_provisional_file_by_its_data(
    product: Product,
):
    applicant = {"first_name": "Mina", "last_name": "Neumann", "postcode": "25813"}
    document = take(
        product,
        letter("Antrag auf Bürgergeld"),
        {"schlagwort": "erstantrag", "by": "online:hauptantrag", "applicant": applicant},
        "online",
    )
    number = case_file(product, document)
    assert number is not None
    assert number.startswith("V-")


@pytest.mark.parametrize(
    ("postcode", "taken_at", "opened_at"),
    [
        ("25813", "toenning", "husum"),
        ("10115", "toenning", "toenning"),
        ("10115", None, None),
    ],
)
def test_a_provisional_file_is_opened_where_the_post_came_in_if_no_site_has_the_postcode(
    product: Product, postcode: str, taken_at: str | None, opened_at: str | None
):
    applicant = {"first_name": "Mina", "last_name": "Neumann", "postcode": postcode}
    facts = {"schlagwort": "erstantrag", "by": "online:hauptantrag", "applicant": applicant}
    document = take(product, letter("Antrag auf Bürgergeld"), facts, "online", taken_at)
    with product.database.read() as session:
        filings = Documents(session).filings(STEP, [document.id])[document.id]
    assert [cover.site_id for _, cover in filings] == ([opened_at] if opened_at else [])


def test_a_schlagwort_for_want_of_a_better_one_gives_way_to_what_the_rules_find(product: Product):
    facts = {"schlagwort_else": "gerichtspost", "aktenzeichen": MUELLER, "by": "court:post"}
    assert take(product, letter("Zur Kenntnis."), facts, "court_mail").schlagwort == "gerichtspost"
    found = take(product, objection(MUELLER, "gericht"), facts, "court_mail")
    assert found.schlagwort == "widerspruch"
