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
from eakte.intake.pipeline import process_source
from eakte.models import AuditRow, Batch, Document, Page, PageWords, Source, TransferNote
from eakte.recognition.xmp import read_note
from eakte.repositories.codec import unpack_words
from eakte.repositories.organisation import Organisation
from eakte.repositories.sources import Sources
from eakte.services.transfer_notes import note_again
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
    assert product.services.arrivals.envelope(silke, source_id).media_type == "image/webp"
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
    with product.database.write() as session:
        Sources(session).forget_words(reader(product, "s.scan"), source_id)
    with product.database.read() as session:
        assert session.scalars(select(Page.word_count)).one() > 10


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
