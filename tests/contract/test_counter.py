"""Telephone and counter: what may be told, to whom, and papers that find their own file."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pypdfium2
import pytest
import zxingcpp

from eakte.domain.rights import Reader
from eakte.errors import Conflict, NotFound, NotPermitted, Unusable
from eakte.repositories.counter import CounterRows
from eakte.services.counter_receipts import scan_came
from eakte.services.lookup import LetterAnswer
from scanner_inbox.payloads import Cover, cover_key, cover_on, read_cover
from tests.authority import STEP, Authority
from tests.small_authority import COLLEAGUE, MUELLER, OTHER_SITE, PROTECTED, SCHMIDT

BORN = date(1984, 3, 7)


@pytest.fixture
def caller(authority: Authority) -> Reader:
    """Somebody at the telephone who works at another site."""
    return authority.reader("d.deputy")


def told(authority: Authority, caller: Reader, number: str) -> list[LetterAnswer]:
    return [
        letter for file in authority.lookup.by_number(caller, number) for letter in file.letters
    ]


def test_it_tells_when_a_letter_came_and_which_office_has_it_since_when(
    authority: Authority, caller: Reader
):
    authority.letter("weiterbewilligung", MUELLER)
    authority.letter("widerspruch", MUELLER)
    answers = told(authority, caller, MUELLER)
    assert {(one.group, one.office) for one in answers} == {
        ("Antrag", "Leistung"),
        ("Brief", "Recht"),
    }
    assert {one.since for one in answers} == {authority.clock.now()}
    assert not any(one.done for one in answers)
    assert {one.received for one in answers} == {authority.clock.today()}


def test_a_letter_that_is_done_has_the_day_of_that(authority: Authority, caller: Reader):
    letter = authority.letter("kontoauszug", MUELLER)
    entry = authority.entry(letter, "m.petersen")
    authority.clock.forward(hours=2)
    authority.postboxes.file(authority.reader("m.petersen"), entry.id, entry.version, "kontoauszug")
    (answer,) = told(authority, caller, MUELLER)
    assert (answer.done, answer.since) == (True, authority.clock.now())


def test_name_and_birth_date_lead_there_as_well(authority: Authority, caller: Reader):
    authority.letter("kontoauszug", MUELLER)
    for name in ("Müller-Lüdenscheidt", "mueller", "Luedenscheidt"):
        by_name = authority.lookup.by_name(caller, name, BORN)
        assert [(one.aktenzeichen, len(one.letters)) for one in by_name] == [(MUELLER, 1)]
    assert authority.lookup.by_name(caller, "Müller-Lüdenscheidt", date(1984, 3, 8)) == ()
    with pytest.raises(Unusable):
        authority.lookup.by_name(caller, " - ", BORN)


@pytest.mark.parametrize("schlagwort", ["hinweis_dritter", "sonstiges", "bewilligung"])
def test_what_others_wrote_and_what_went_out_is_not_spoken_of(
    authority: Authority, caller: Reader, schlagwort: str
):
    authority.letter(schlagwort, MUELLER)
    assert told(authority, caller, MUELLER) == []


@pytest.mark.parametrize("sub_file", ["medizin", "hinweise", "handakte"])
def test_a_letter_in_a_closed_subfile_is_told_only_to_who_may_know_of_it(
    authority: Authority, caller: Reader, sub_file: str
):
    authority.letter("kontoauszug", MUELLER, sub_file=sub_file)
    authority.letter("weiterbewilligung", MUELLER)
    assert [one.group for one in told(authority, caller, MUELLER)] == ["Antrag"]
    named = replace(
        caller,
        standpoints=tuple(
            replace(point, open_subfiles=frozenset({sub_file})) for point in caller.standpoints
        ),
    )
    groups = [one.group for one in told(authority, named, MUELLER)]
    assert sorted(groups) == (["Antrag", "Brief"] if sub_file == "medizin" else ["Antrag"])


def test_what_came_long_ago_is_not_spoken_of(authority: Authority, caller: Reader):
    authority.letter("kontoauszug", MUELLER)
    authority.clock.forward(days=61)
    assert told(authority, caller, MUELLER) == []


def test_protected_shut_and_unknown_files_answer_alike_and_are_in_the_log(authority: Authority):
    authority.letter("kontoauszug", PROTECTED)
    authority.letter("kontoauszug", COLLEAGUE)
    jens = authority.reader("j.hansen")
    for number in (PROTECTED, COLLEAGUE, "12345//9999999"):
        assert authority.lookup.by_number(jens, number) == ()
    assert authority.lookup.by_name(jens, "Verborgen", date(1979, 12, 1)) == ()
    with authority.database.read() as session:
        protected = authority.cover(session, PROTECTED).id
        shut = authority.cover(session, COLLEAGUE).id
    assert authority.trail_of(protected) == [("j.hansen", "counter.refused", None)] * 2
    assert authority.trail_of(shut) == [("j.hansen", "counter.refused", None)]
    assert ("j.hansen", "counter.lookup", None) in authority.trail_of("unknown")


@pytest.mark.parametrize("login", ["s.scan", "x.admin", "r.legal"])
def test_only_who_has_the_grant_may_ask(authority: Authority, login: str):
    who = authority.reader(login)
    with pytest.raises(NotPermitted):
        authority.lookup.by_number(who, MUELLER)
    with pytest.raises(NotPermitted):
        authority.lookup.by_name(who, "Müller-Lüdenscheidt", BORN)
    with pytest.raises(NotPermitted):
        authority.counter_receipts.make(who, MUELLER, "Müller-Lüdenscheidt", "x")
    with authority.database.read() as session:
        rows = CounterRows(session)
        assert rows.born_on(who, BORN) == []
        assert rows.lying(who, [MUELLER]) == {}
        assert rows.by_number(who, "ABC-DEF") is None


# -- receipts ------------------------------------------------------------------------------------


def take(authority: Authority, caller: Reader, sheets: int | None = 3) -> str:
    return authority.counter_receipts.make(caller, OTHER_SITE, "Yıldız", "Kontoauszüge", sheets)


def printed(authority: Authority, caller: Reader, receipt: str) -> list[Cover]:
    """The covers on each page of the receipt."""
    pages = pypdfium2.PdfDocument(authority.counter_receipts.sheet(caller, receipt))
    try:
        found = [
            [read_cover(code.text) for code in zxingcpp.read_barcodes(page.render(2).to_pil())]
            for page in pages
        ]
    finally:
        pages.close()
    assert [len(one) for one in found] == [1, 0]
    return [one for one in found[0] if one is not None]


def test_the_printed_sheet_leads_to_the_file_and_names_the_receipt(
    authority: Authority, caller: Reader
):
    receipt = take(authority, caller)
    (line,) = authority.counter_receipts.waiting(caller)
    (cover,) = printed(authority, caller, receipt)
    assert (cover.aktenzeichen, cover.receipt) == (OTHER_SITE, line.number)
    assert cover.is_signed(cover_key(authority.trail.key))


def test_a_receipt_waits_until_its_scan_came_and_the_day_at_the_counter_counts(
    authority: Authority, caller: Reader
):
    take(authority, caller)
    (line,) = authority.counter_receipts.waiting(caller)
    assert (line.what, line.sheets, line.days) == ("Kontoauszüge", 3, 0)
    handed_in = authority.clock.today()
    authority.clock.forward(days=4)
    assert authority.counter_receipts.waiting(authority.reader("s.scan"))[0].days == 4
    assert authority.counter_receipts.waiting(authority.reader("s.scan"))[0].what == ""
    letter = authority.letter("kontoauszug", OTHER_SITE, state="cut")
    with authority.database.write() as session:
        document = session.merge(authority.document(letter))
        scan_came(session, STEP, line.number, document, authority.clock.now())
    assert authority.counter_receipts.waiting(caller) == ()
    assert authority.document(letter).received_here == handed_in
    assert (STEP.login, "document.receipt", None) in authority.trail_of(letter)
    other = authority.letter("kontoauszug", OTHER_SITE, state="cut")
    with authority.database.write() as session:
        copy = session.merge(authority.document(other))
        scan_came(session, STEP, line.number, copy, authority.clock.now())
    assert authority.document(other).received_here == authority.clock.today()


def test_number_and_surname_have_to_belong_together(authority: Authority, caller: Reader):
    for number, name in (
        (SCHMIDT, "Yıldız"),
        ("99999//9999999", "Schmidt"),
        (SCHMIDT, ""),
    ):
        with pytest.raises(Unusable):
            authority.counter_receipts.make(caller, number, name, "Kontoauszüge")
    with pytest.raises(Unusable):
        authority.counter_receipts.make(
            authority.reader("j.hansen"), COLLEAGUE, "Hansen", "Kontoauszüge"
        )
    with pytest.raises(Unusable):
        authority.counter_receipts.make(caller, SCHMIDT, "Schmidt", "  ")
    assert authority.counter_receipts.waiting(caller) == ()


def test_receipts_of_protected_and_shut_files_are_not_told_of(authority: Authority, caller: Reader):
    made = [
        authority.counter_receipts.make(caller, number, name, "Kontoauszüge")
        for number, name in ((PROTECTED, "Verborgen"), (COLLEAGUE, "Hansen"))
    ]

    def seen(login: str) -> list[str]:
        listed = authority.counter_receipts.waiting(authority.reader(login))
        return [one.aktenzeichen for one in listed]

    assert seen(caller.login) == [PROTECTED, COLLEAGUE]
    assert seen("s.scan") == [PROTECTED, COLLEAGUE]
    assert seen("m.petersen") == [PROTECTED, COLLEAGUE]
    assert seen("j.hansen") == []
    assert seen("i.clausen") == [COLLEAGUE]
    jens = authority.reader("j.hansen")
    for receipt in made:
        with pytest.raises(NotFound):
            authority.counter_receipts.sheet(jens, receipt)
        with pytest.raises(NotFound):
            authority.counter_receipts.close(jens, receipt, 1, "wieder mitgenommen")


def test_papers_that_went_back_are_said_so_once(authority: Authority, caller: Reader):
    receipt = take(authority, caller, None)
    (line,) = authority.counter_receipts.waiting(caller)
    desk = authority.reader("s.scan")
    with pytest.raises(Unusable):
        authority.counter_receipts.close(desk, receipt, line.version, " ")
    authority.counter_receipts.close(desk, receipt, line.version, "wieder mitgenommen")
    with pytest.raises(Conflict):
        authority.counter_receipts.close(caller, receipt, line.version, "noch einmal")
    assert authority.counter_receipts.waiting(caller) == ()
    with pytest.raises(NotFound):
        authority.counter_receipts.sheet(caller, OTHER_SITE)


def test_a_cover_without_a_receipt_reads_as_before(authority: Authority):
    text = "EAKTE1|C|12345//0001234|kontoauszug|0123456789abcdef"
    assert read_cover(text) == Cover(
        aktenzeichen="12345//0001234", schlagwort="kontoauszug", signature="0123456789abcdef"
    )
    assert read_cover(f"{text}|K7Q-2MX|x") is None
    assert cover_on([]) is None
