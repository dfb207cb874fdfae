"""Stacks through the real pipeline: separators, covers, blank sides, proposed cuts, the desk."""

from __future__ import annotations

import io
from collections.abc import Mapping
from email.message import EmailMessage
from typing import Any

import pikepdf
import pytest
from sqlalchemy import select

from eakte.bootstrap import Product
from eakte.bootstrap.intake import intake_tools
from eakte.errors import Conflict, NotFound, NotPermitted
from eakte.intake.foreground import Result, _told
from eakte.intake.pipeline import process_source
from eakte.intake.receive import Arrival, receive
from eakte.language.aktenzeichen import AktenzeichenPattern
from eakte.models import CutProposal, DocumentPage, Page, Source
from eakte.repositories.documents import Documents
from eakte.services.cover_sheets import CoverSheets
from eakte.services.cutting import CutRules, Cutting
from scanner_inbox.covers import CoverSheet, cover_sheets, separator_sheets
from scanner_inbox.payloads import cover_key, signed_cover
from tests.authority import OPERATOR, STEP
from tests.letters import letter, objection
from tests.plain_intake import PlainSteps, PoolInThisProcess
from tests.small_authority import MUELLER, OTHER_SITE

FORM = letter(
    "Angaben zur Weiterbewilligung",
    "Das Konto hat sich geändert, sonst ist alles wie bisher.",
)
BLANK_PAGE = b"blank"


def stack(*parts: bytes) -> bytes:
    """One file of all parts; ``BLANK_PAGE`` is an empty side."""
    joined = pikepdf.Pdf.new()
    for part in parts:
        if part == BLANK_PAGE:
            joined.add_blank_page(page_size=(595, 842))
            continue
        with pikepdf.open(io.BytesIO(part)) as pdf:
            joined.pages.extend(pdf.pages)
    out = io.BytesIO()
    joined.save(out)
    return out.getvalue()


def take(product: Product, content: bytes, channel: str = "scanner", **given: Any) -> str:
    """One file through the whole flow; its source's id."""
    arrival = Arrival(
        key=f"{channel}-{len(content)}-{hash(content)}",
        channel=channel,
        batch="stapel",
        name="stapel.pdf",
        sha256=product.store.put(content),
        size=len(content),
        received=product.database.clock.today(),
        given=given,
    )
    source = receive(product.database, arrival)
    steps = PlainSteps(intake_tools(product, PoolInThisProcess()))
    process_source(steps, source.source_id)
    return source.source_id


def told(product: Product, source_id: str) -> list[Result]:
    """What ``eakte intake --json`` says of the source."""
    with product.database.read() as session:
        source = session.get_one(Source, source_id)
        return list(_told(session, "stapel.pdf", source, 0.1))


def shape(results: list[Result]) -> list[tuple[tuple[int, ...], int, int]]:
    """Source pages, kept and removed ones, of every document."""
    return [(one.source_pages, one.pages, one.blank_pages) for one in results if one.document_id]


def remarks(product: Product, source_id: str) -> list[str]:
    with product.database.read() as session:
        return [one["code"] for one in session.get_one(Source, source_id).remarks]


def custody(product: Product) -> list[str]:
    problems = product.services.checking.run()
    return [one.problem for one in problems if one.check == "custody"]


def cover(product: Product, number: str, schlagwort: str) -> bytes:
    sheets = CoverSheets(
        product.database,
        product.catalogue.schlagworte,
        AktenzeichenPattern(product.settings.values.authority.aktenzeichen_patterns),
    )
    return sheets.covers(OPERATOR, [(number, schlagwort)])


def cutting(product: Product, session: Any) -> Cutting:
    patterns = product.settings.values.authority.aktenzeichen_patterns
    return Cutting(session, AktenzeichenPattern(patterns), CutRules())


def decide(product: Product, source_id: str, answers: Mapping[int, bool], login: str = "s.scan"):
    who = product.services.accounts.reader(login)
    with product.database.write() as session:
        return cutting(product, session).decide(who, source_id, answers)


def test_separators_cut_and_are_recorded(product: Product):
    source_id = take(
        product,
        stack(
            objection(MUELLER, "eins"),
            BLANK_PAGE,
            separator_sheets(1),
            BLANK_PAGE,
            objection(MUELLER, "zwei"),
        ),
    )
    results = told(product, source_id)
    assert [(one.status, one.source_pages) for one in results] == [
        ("delivered", (1, 2)),
        ("separator", (3,)),
        ("delivered", (4, 5)),
    ]
    assert shape(results) == [((1, 2), 1, 1), ((4, 5), 1, 1)]
    assert results[1].document_id is None
    assert all(len(one.source_pages) == one.pages + one.blank_pages for one in results)
    assert custody(product) == []


def test_separators_alone_are_accounted_for(product: Product):
    source_id = take(product, stack(separator_sheets(2), BLANK_PAGE))
    assert [one.status for one in told(product, source_id)] == ["separator"] * 3
    assert custody(product) == []


def test_a_lost_page_is_no_separator(product: Product):
    source_id = take(product, stack(objection(MUELLER, "eins"), separator_sheets(1)))
    with product.database.write() as session:
        session.execute(DocumentPage.__table__.delete())
    assert custody(product) == ["Die Seite steht in keinem Dokument."]
    assert len(told(product, source_id)) == 3


def test_blank_pages_alone_come_to_the_clearing_desk(product: Product):
    source_id = take(product, stack(BLANK_PAGE, BLANK_PAGE))
    (result,) = told(product, source_id)
    assert (result.status, result.pages, result.blank_pages) == ("clearing", 2, 0)
    assert result.reason == ("clearing", "Es sind nur leere Seiten.")


def test_a_cover_takes_what_follows_into_its_file(product: Product):
    source_id = take(
        product,
        stack(objection(MUELLER, "eins"), cover(product, OTHER_SITE, "weiterbewilligung"), FORM),
    )
    first, second = told(product, source_id)
    assert first.case_file["aktenzeichen"] == MUELLER
    assert second.case_file["aktenzeichen"] == OTHER_SITE
    assert (second.source_pages, second.pages, second.blank_pages) == ((2, 3), 1, 1)
    assert (second.status, second.postbox) == ("delivered", "i.clausen")
    with product.database.read() as session:
        document = Documents(session).get(STEP, second.document_id or "")
        assert document is not None
        assert document.schlagwort == "weiterbewilligung"
        removed = [
            (page.kind, listed.reason)
            for listed, page in Documents(session).pages(STEP, document.id)
            if listed.removed
        ]
    assert removed == [("cover", "cover")]
    assert custody(product) == []


def test_a_letter_that_contradicts_its_cover_goes_to_the_desk(product: Product):
    source_id = take(
        product,
        stack(cover(product, OTHER_SITE, "weiterbewilligung"), objection(MUELLER, "fremd")),
    )
    (result,) = told(product, source_id)
    assert result.status == "clearing"
    assert result.case_file["aktenzeichen"] is None
    numbers = {one["aktenzeichen"] for one in result.case_file["candidates"]}
    assert {OTHER_SITE, MUELLER} <= numbers


@pytest.mark.parametrize("key", [b"somebody else", None])
def test_a_cover_of_others_or_for_nobody_is_ignored_with_a_remark(
    product: Product, key: bytes | None
):
    secret = product.database.trail.key if key is None else key
    number = "99999//0000001" if key is None else OTHER_SITE
    forged = CoverSheet(cover=signed_cover(number, "weiterbewilligung", cover_key(secret)))
    source_id = take(product, stack(cover_sheets([forged]), objection(MUELLER, "eins")))
    results = told(product, source_id)
    assert OTHER_SITE not in {one.case_file["aktenzeichen"] for one in results}
    assert sum(one.pages for one in results) == 2
    assert remarks(product, source_id) == ["cover_ignored"]


def test_our_sheets_mean_nothing_in_what_others_send(product: Product):
    content = stack(objection(MUELLER, "eins"), separator_sheets(1), objection(MUELLER, "zwei"))
    (result,) = told(product, take(product, content, channel="upload"))
    assert (result.source_pages, result.pages) == ((1, 2, 3), 3)


def test_letters_in_one_run_are_cut_where_it_is_sure(product: Product):
    ending = letter("Noch eine Bitte zum Schluss.", "Mit freundlichen Grüßen", "Jörg Müller")
    source_id = take(
        product,
        stack(objection(MUELLER, "eins"), ending, objection(MUELLER, "zwei"), BLANK_PAGE),
    )
    assert shape(told(product, source_id)) == [((1, 2), 2, 0), ((3, 4), 1, 1)]
    with product.database.read() as session:
        (made,) = session.scalars(select(CutProposal))
    assert (made.before, made.state, made.decided_by) == (3, "made", "rules")
    assert {"salutation", "closing_before"} <= {one["code"] for one in made.reasons}


def test_a_letter_that_came_as_one_is_not_cut(product: Product):
    content = stack(objection(MUELLER, "eins"), objection(MUELLER, "zwei"))
    (result,) = told(product, take(product, content, batch_mode="letter"))
    assert result.source_pages == (1, 2)


UNSURE = letter(
    "Kreisklinik · Am Hang 2 · 25813 Husum",
    "Jobcenter Husum",
    "Süderstraße 1",
    "25813 Husum",
    "Auskunft erteilt Frau Ohlsen",
    "Husum, 17.11.2026",
    f"Aktenzeichen {OTHER_SITE}",
    "Betreff: Aufenthalt",
    "Eingangsstempel",
)


def test_a_letter_with_an_enclosure_under_a_letterhead_does_not_wait(product: Product):
    ending = letter("Das war alles.", "Mit freundlichen Grüßen", "Jörg Müller-Lüdenscheidt")
    enclosure = letter(
        "Kreisklinik · Am Hang 2 · 25813 Husum",
        "Jobcenter Husum",
        "Süderstraße 1",
        "25813 Husum",
        "Husum, 17.11.2026",
        "Betreff: Aufenthalt",
    )
    (result,) = told(product, take(product, stack(objection(MUELLER, "eins"), ending, enclosure)))
    assert (result.status, result.source_pages) == ("delivered", (1, 2, 3))


def waiting_stack(product: Product) -> str:
    ending = letter("Zu 12345//0001234: das war alles.", "Mit freundlichen Grüßen", "Jörg Müller")
    content = stack(objection(MUELLER, "eins"), ending, UNSURE)
    source_id = take(product, content)
    (result,) = told(product, source_id)
    assert (result.status, result.document_id, result.pages) == ("clearing", None, 3)
    assert result.reason is not None
    assert result.reason[0] == "cuts"
    return source_id


def test_an_unsure_stack_waits_and_the_desk_decides(product: Product):
    source_id = waiting_stack(product)
    assert custody(product) == []
    ids = decide(product, source_id, {3: True})
    assert len(ids) == 2
    with product.database.read() as session:
        pages = [[page.number for _, page in Documents(session).pages(STEP, one)] for one in ids]
        (proposal,) = session.scalars(select(CutProposal))
    assert pages == [[1, 2], [3]]
    assert (proposal.state, proposal.decided_by) == ("made", "s.scan")
    with pytest.raises(Conflict):
        decide(product, source_id, {})


def test_what_the_command_takes_is_cut_where_it_is_sure(product: Product):
    ending = letter("Zu 12345//0001234: das war alles.", "Mit freundlichen Grüßen", "Jörg Müller")
    content = stack(objection(MUELLER, "eins"), ending, objection(MUELLER, "zwei"), BLANK_PAGE)
    source_id = take(product, content, channel="command")
    assert shape(told(product, source_id)) == [((1, 2), 2, 0), ((3, 4), 1, 1)]
    assert custody(product) == []


def test_what_the_command_takes_never_waits_for_the_desk(product: Product):
    ending = letter("Zu 12345//0001234: das war alles.", "Mit freundlichen Grüßen", "Jörg Müller")
    content = stack(objection(MUELLER, "eins"), ending, UNSURE)
    (result,) = told(product, take(product, content, channel="command"))
    assert result.document_id is not None
    assert result.source_pages == (1, 2, 3)
    with product.database.read() as session:
        assert session.scalars(select(CutProposal)).all() == []


def test_a_mail_that_the_command_takes_stays_whole(product: Product):
    message = EmailMessage()
    message["Subject"] = f"BG-Nummer {MUELLER}"
    message.set_content("Sehr geehrte Damen und Herren, hiermit lege ich Widerspruch ein.")
    for name in ("eins", "zwei"):
        message.add_attachment(
            objection(MUELLER, name), maintype="application", subtype="pdf", filename=f"{name}.pdf"
        )
    source_id = take(product, message.as_bytes(), channel="command")
    assert [one.source_pages for one in told(product, source_id)] == [(1, 2, 3)]


def test_what_the_desk_does_not_name_is_refused(product: Product):
    source_id = waiting_stack(product)
    assert len(decide(product, source_id, {2: True})) == 2
    with product.database.read() as session:
        found = {one.before: one.state for one in session.scalars(select(CutProposal))}
    assert found == {2: "made", 3: "refused"}


def test_only_the_desk_decides_and_only_within_the_source(product: Product):
    source_id = waiting_stack(product)
    with pytest.raises(NotPermitted):
        decide(product, source_id, {}, "m.petersen")
    with pytest.raises(NotFound):
        decide(product, source_id, {9: True})


def test_cutting_twice_finds_the_same_documents(product: Product):
    content = stack(objection(MUELLER, "eins"), separator_sheets(1), objection(MUELLER, "zwei"))
    source_id = take(product, content)
    with product.database.write() as session:
        source = session.get_one(Source, source_id)
        again = cutting(product, session).cut(STEP, source)
    assert sorted(again) == sorted(
        one.document_id or "" for one in told(product, source_id) if one.document_id
    )
    with product.database.read() as session:
        listed = session.scalars(select(DocumentPage.page_id)).all()
        assert len(listed) == len(set(listed)) == 2
        assert len(session.scalars(select(Page)).all()) == 3


def test_fronts_and_backs_of_a_one_sided_scanner_are_put_in_order(product: Product):
    pages = [
        letter(f"Seite {number} von 4", f"Text {number} des Gutachtens.") for number in (1, 3, 4, 2)
    ]
    source_id = take(product, stack(*pages))
    (result,) = told(product, source_id)
    assert result.source_pages == (1, 4, 2, 3)
    assert remarks(product, source_id) == ["reordered"]


def test_no_cover_for_a_file_that_is_closed_to_the_reader(product: Product):
    sheets = CoverSheets(
        product.database,
        product.catalogue.schlagworte,
        AktenzeichenPattern(product.settings.values.authority.aktenzeichen_patterns),
    )
    with pytest.raises(NotFound):
        sheets.covers(product.services.accounts.reader("m.petersen"), [(OTHER_SITE, "")])
    with pytest.raises(NotFound):
        sheets.covers(OPERATOR, [(OTHER_SITE, "gibt_es_nicht")])


def with_note(sheet: bytes, note: bytes) -> bytes:
    """One of our sheets after somebody wrote on it."""
    with pikepdf.open(io.BytesIO(sheet)) as page, pikepdf.open(io.BytesIO(note)) as written:
        page.pages[0].add_overlay(written.pages[0], pikepdf.Rectangle(90, 570, 510, 640))
        made = io.BytesIO()
        page.save(made)
    return made.getvalue()


NOTE = letter("Frau Meyer: bitte heute noch, die Anlage fehlt!")


def test_a_separator_with_a_note_separates_and_is_seen_by_a_person(product: Product):
    sheet = with_note(separator_sheets(1), NOTE)
    source_id = take(
        product,
        stack(objection(MUELLER, "eins"), sheet, BLANK_PAGE, objection(MUELLER, "zwei"), sheet),
    )
    results = told(product, source_id)
    assert [(one.status, one.source_pages) for one in results] == [
        ("delivered", (1,)),
        ("clearing", (2, 3)),
        ("delivered", (4,)),
        ("clearing", (5,)),
    ]
    with product.database.read() as session:
        page = session.scalars(select(Page).where(Page.number == 2)).one()
    assert [one["code"] for one in page.remarks] == ["written_separator"]
    assert custody(product) == []


def test_a_cover_with_a_note_leads_into_its_file_and_stays_a_page(product: Product):
    sheet = with_note(cover(product, OTHER_SITE, "weiterbewilligung"), NOTE)
    (result,) = told(product, take(product, stack(sheet, FORM)))
    assert result.case_file["aktenzeichen"] == OTHER_SITE
    assert (result.status, result.source_pages, result.blank_pages) == ("delivered", (1, 2), 0)
