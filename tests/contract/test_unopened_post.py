"""Marked envelopes are logged with their picture alone; every other scan gets its note."""

from __future__ import annotations

import io

import page as page_validation
import pikepdf
import pytest
from sqlalchemy import select

from eakte.bootstrap import Product
from eakte.bootstrap.intake import intake_tools
from eakte.domain.pages import TextSource
from eakte.domain.rights import system_reader
from eakte.errors import Conflict, NotFound, NotPermitted
from eakte.intake.foreground import _told
from eakte.intake.pipeline import process_document, process_source
from eakte.intake.recognise import recognised_pages
from eakte.models import (
    AuditRow,
    Batch,
    CutProposal,
    Document,
    FindingRow,
    Page,
    PageWords,
    Source,
    TransferNote,
)
from eakte.recognition.xmp import read_note
from eakte.repositories.codec import unpack_words
from eakte.repositories.cuts import Cuts
from eakte.repositories.documents import Documents
from eakte.repositories.organisation import Organisation
from eakte.repositories.proof import Proof
from eakte.repositories.sources import Sources
from eakte.services.transfer_notes import note_again
from scanner_inbox.covers import separator_sheets
from tests.authority import recognised_page
from tests.contract.test_cutting import BLANK_PAGE, stack, take
from tests.letters import letter, objection
from tests.plain_intake import PlainSteps, PoolInThisProcess, take_in
from tests.small_authority import MUELLER

STEP = system_reader("test")
ENVELOPE = letter("An den Personalrat", "", "Jobcenter Husum", "Marktstraße 6", "25813 Husum")


def reader(product: Product, login: str):
    clock = product.database.clock
    with product.database.read() as session:
        found = Organisation(session).reader(login, clock.today(), product.settings.access)
    assert found is not None
    return found


def test_of_an_envelope_nothing_is_kept_but_its_picture(product: Product):
    (source_id,) = take_in(product, {"umschlag.pdf": ENVELOPE}).values()
    with product.database.read() as session:
        source = session.get_one(Source, source_id)
        assert (source.state, source.reason_code) == ("unopened", "unopened_personalrat")
        assert source.archive_sha256 is None
        assert session.scalars(select(Document)).all() == []
        (page,) = session.scalars(select(Page))
        assert (page.word_count, page.text_source) == (0, TextSource.NONE)
        assert unpack_words(session.scalars(select(PageWords.words)).one()) == ()
        assert session.scalars(select(TransferNote)).all() == []
        noted = session.scalars(
            select(AuditRow.details).where(AuditRow.action == "source.unopened")
        ).one()
    assert noted == {"whom": "personalrat"}
    silke = reader(product, "s.scan")
    (shown,) = product.services.arrivals.recent(silke)
    assert shown.state == "unopened"
    assert "Personalrat" in (shown.reason or "")
    assert product.services.arrivals.envelope(silke, source_id).media_type.startswith("image/")
    assert list(product.services.checking.run()) == []
    hits = product.services.searching.search(reader(product, "m.petersen"), "Personalrat")
    assert hits.total == 0


def test_a_letter_to_the_same_address_is_opened(product: Product):
    (source_id,) = take_in(product, {"brief.pdf": objection(MUELLER, "vertraulich")}).values()
    with product.database.read() as session:
        assert session.get_one(Source, source_id).state == "cut"
    with pytest.raises(NotFound):
        product.services.arrivals.envelope(reader(product, "s.scan"), source_id)


def test_a_short_letter_that_is_marked_reaches_somebody(product: Product):
    pdf = letter(
        "Jörg Müller-Lüdenscheidt",
        "Süderstraße 12, 25813 Husum",
        "Persönlich",
        f"BG-Nummer {MUELLER}",
        "Hiermit lege ich Widerspruch gegen den Bescheid vom 02.11.2026 ein.",
        "Jörg Müller-Lüdenscheidt",
    )
    take_in(product, {"brief.pdf": pdf})
    with product.database.read() as session:
        assert session.scalars(select(Document.state)).one() == "delivered"


def test_the_scan_centre_opens_after_all_what_was_no_envelope(product: Product):
    (source_id,) = take_in(product, {"umschlag.pdf": ENVELOPE}).values()
    arrivals, silke = product.services.arrivals, reader(product, "s.scan")
    with pytest.raises(NotPermitted):
        arrivals.open_after_all(reader(product, "m.petersen"), source_id, "neugierig")
    with pytest.raises(Conflict):
        arrivals.open_after_all(silke, source_id, " ")
    arrivals.open_after_all(silke, source_id, "ist eine Postkarte")
    with pytest.raises(NotFound):
        arrivals.open_after_all(silke, source_id, "noch einmal")
    process_source(PlainSteps(intake_tools(product, PoolInThisProcess())), source_id)
    with product.database.read() as session:
        assert session.get_one(Source, source_id).state == "cut"
        assert session.scalars(select(Page.word_count)).one() > 3
        assert session.scalars(select(Document.state)).one() == "clearing"
        noted = session.scalars(select(AuditRow).where(AuditRow.action == "source.open")).one()
    assert (noted.actor, noted.details) == ("s.scan", {"reason": "ist eine Postkarte"})
    assert list(product.services.checking.run()) == []


def test_only_envelopes_are_read_again(product: Product):
    (source_id,) = take_in(product, {"brief.pdf": objection(MUELLER, "bleibt")}).values()
    with product.database.write() as session:
        assert Sources(session).read_again(reader(product, "s.scan"), source_id) is None
        assert Sources(session).read_again(reader(product, "m.petersen"), source_id) is None
    with product.database.read() as session:
        assert session.scalars(select(Page.word_count)).one() > 10


def test_only_the_system_forgets_words(product: Product):
    (source_id,) = take_in(product, {"brief.pdf": objection(MUELLER, "bleibt")}).values()
    silke = reader(product, "s.scan")
    with product.database.write() as session:
        (page,) = session.scalars(select(Page))
        before, read = page.word_count, recognised_page(1)
        session.add(
            CutProposal(
                source_id=source_id,
                before=1,
                score=1,
                reasons=[{"code": "salutation", "words": "Hallo"}],
                state="proposed",
            )
        )
        session.flush()
        Sources(session).forget_words(silke, source_id)
        Sources(session).read_after_all(silke, page.id, read)
        Cuts(session).forget_words(silke, source_id, [1])
        assert session.scalars(select(CutProposal)).one().reasons[0]["words"] == "Hallo"
        Cuts(session).forget_words(STEP, source_id, [1])
        assert session.scalars(select(CutProposal)).one().reasons[0]["words"] == ""
    with product.database.read() as session:
        assert session.scalars(select(Page.word_count)).one() == before


def archive_of(product: Product, login: str) -> bytes:
    with product.database.read() as session:
        document = session.scalars(select(Document.id)).one()
    return product.services.archive_copies.of_document(reader(product, login), document)[0]


def note_in(copy: bytes) -> dict[str, str | tuple[str, ...]]:
    report = page_validation.validate_pdf_bytes(copy, profile="2b")
    assert [failure.message for failure in report.failures] == []
    with pikepdf.open(io.BytesIO(copy)) as pdf:
        return read_note(pdf)


def test_a_scan_carries_its_note_and_what_is_handed_out_carries_the_newest(product: Product):
    (source_id,) = take_in(product, {"brief.pdf": objection(MUELLER, "vermerk")}).values()
    first = note_in(archive_of(product, "m.petersen"))
    assert first["Number"] == "1"
    assert first["Creator"] == "nicht angegeben"
    assert any(one.startswith("Programm: E-Akte ") for one in first["Environment"])
    assert "Sichtprüfung: steht noch aus" in first["Quality"]
    with product.database.write() as session:
        stored = session.get_one(Source, source_id).archive_sha256
        row = session.scalars(select(TransferNote)).one()
        assert row.note["creator"] == first["Creator"]
        note_again(session, STEP, [source_id], "eine Seite wurde entfernt", row.made_at)
    second = note_in(archive_of(product, "m.petersen"))
    assert second["Number"] == "2"
    assert second["Quality"][-1] == "Danach: eine Seite wurde entfernt"
    with product.database.read() as session:
        assert session.get_one(Source, source_id).archive_sha256 == stored
        assert list(session.scalars(select(Batch.state))) == ["open"]


def in_a_stack(product: Product) -> tuple[str, str, list[str]]:
    """A run of letter, envelope with a blank back, letter; the source's and documents' ids."""
    sheets = stack(
        objection(MUELLER, "davor"),
        separator_sheets(1),
        ENVELOPE,
        BLANK_PAGE,
        separator_sheets(1),
        objection(MUELLER, "danach"),
    )
    (source_id,) = take_in(product, {"stapel.pdf": sheets}).values()
    with product.database.read() as session:
        found = session.scalars(select(Document).order_by(Document.id)).all()
        (closed,) = [one.id for one in found if one.state == "unopened"]
        return source_id, closed, [one.id for one in found if one.id != closed]


def words_of(product: Product, document_id: str) -> set[str]:
    with product.database.read() as session:
        pages = Documents(session).pages(STEP, document_id)
        texts = Sources(session).texts(STEP, [page.id for _, page in pages])
        return {word.text for text in texts.values() for word in text.words}


def test_an_envelope_in_a_stack_becomes_a_closed_document_and_its_neighbours_go_their_way(
    product: Product,
):
    source_id, closed, others = in_a_stack(product)
    assert words_of(product, closed) == set()
    with product.database.read() as session:
        document = session.get_one(Document, closed)
        assert (document.paper, document.schlagwort) == ("keep", None)
        assert {session.get_one(Document, one).state for one in others} == {"delivered"}
        findings = session.scalars(select(FindingRow).where(FindingRow.document_id == closed))
        assert [(one.kind, one.value) for one in findings] == [("unopened", "personalrat")]
        batch_id = session.get_one(Source, source_id).batch_id
        drawable = [page.number for page in Proof(session).drawable(STEP, batch_id)]
        told = {
            one.source_pages: one
            for one in _told(session, "x", session.get_one(Source, source_id), 0)
        }
    assert drawable == [1, 6]
    assert told[3, 4].reason == (
        "unopened_personalrat",
        "Ungeöffnet weiterzugeben: für Personalrat oder Schwerbehindertenvertretung.",
    )
    assert [told[key].status for key in ((1,), (3, 4), (6,))] == [
        "delivered",
        "unopened",
        "delivered",
    ]
    silke, maike = reader(product, "s.scan"), reader(product, "m.petersen")
    arrivals = product.services.arrivals
    (row,) = arrivals.recent(silke)
    assert [one.closed for one in row.documents if one.closed] == [told[3, 4].reason[1]]
    assert arrivals.envelope(silke, closed).media_type.startswith("image/")
    for who in (silke, maike):
        with pytest.raises(NotFound):
            product.services.documents.open(who, closed)
    assert product.services.searching.search(maike, "Personalrat").total == 0
    assert product.services.searching.search(maike, "danach").total == 1
    assert list(product.services.checking.run()) == []


def test_an_envelope_of_a_stack_is_opened_after_all_and_read(product: Product):
    source_id, closed, others = in_a_stack(product)
    arrivals, silke = product.services.arrivals, reader(product, "s.scan")
    before = [words_of(product, one) for one in others]
    with pytest.raises(NotPermitted):
        arrivals.open_after_all(reader(product, "m.petersen"), closed, "neugierig")
    arrivals.open_after_all(silke, closed, "ist eine Postkarte")
    with pytest.raises(NotFound):
        arrivals.open_after_all(silke, closed, "noch einmal")
    steps = PlainSteps(intake_tools(product, PoolInThisProcess()))
    process_document(steps, closed)
    process_document(steps, closed)
    assert "Personalrat" in words_of(product, closed)
    told = {one.number: one.text.words for one in recognised_pages(steps.tools, source_id)}
    assert "Personalrat" in {word.text for word in told[3]}  # when another one is read again, too
    assert [words_of(product, one) for one in others] == before
    with product.database.read() as session:
        document = session.get_one(Document, closed)
        assert (document.state, document.paper) == ("clearing", None)
        archive = product.store.read(session.get_one(Source, source_id).archive_sha256 or "")
        actions = session.scalars(
            select(AuditRow.action).where(AuditRow.subject_id == closed).order_by(AuditRow.seq)
        ).all()
    assert actions[:4] == [
        "document.cut",
        "document.unopened",
        "document.open_envelope",
        "document.read",
    ]
    assert note_in(archive)["Number"] == "1"
    assert list(product.services.checking.run()) == []


def test_a_page_that_looks_closed_is_read_where_it_is_part_of_a_letter(product: Product):
    whole = stack(ENVELOPE, objection(MUELLER, "darin"))
    source_id = take(product, whole, batch_mode="letter")
    with product.database.read() as session:
        (document,) = Documents(session).of_source(STEP, source_id)
    assert (document.state, "Personalrat" in words_of(product, document.id)) == ("delivered", True)
