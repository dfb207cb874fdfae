"""What was done at the desk just now is taken back, unless somebody built on it."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from eakte.domain.postbox_filters import OVERDUE, PostboxFilter
from eakte.errors import Conflict, NotPermitted
from eakte.models import FindingRow, KeptFilter
from eakte.repositories.documents import Documents
from eakte.repositories.postbox_filters import KeptFilters
from eakte.services.postbox_entries import DoneAlready
from eakte.services.postbox_filters import PostboxFilters
from eakte.services.rounds import Wish
from eakte.services.routing import Receiver
from tests.authority import STEP, Authority
from tests.small_authority import MUELLER, OTHER_SITE, SCHMIDT


@pytest.fixture
def letter(authority: Authority) -> str:
    return authority.letter("kontoauszug", MUELLER)


def back(authority: Authority, login: str):
    """Take back the last round of ``login``."""
    who = authority.reader(login)
    last = authority.desk_undo.last(who)
    assert last is not None
    return authority.desk_undo.take_back(who, last.round_id)


def open_ids(authority: Authority, login: str, box: str = "") -> list[str]:
    entries = authority.postboxes.entries(authority.reader(login), box or login)
    return [one.document_id for one in entries]


def test_filing_under_another_schlagwort_is_taken_back_whole(authority: Authority, letter: str):
    who, entry = authority.reader("m.petersen"), authority.entry(letter, "m.petersen")
    before = authority.documents.open(who, letter)
    authority.postboxes.file(who, entry.id, entry.version, "widerspruch")
    last = authority.desk_undo.last(who)
    assert last is not None
    assert (last.kind, last.count, last.title) == ("filed", 1, authority.words["widerspruch"].title)
    assert back(authority, "m.petersen").done == (letter,)
    after = authority.documents.open(who, letter)
    for part in ("state", "schlagworte", "sub_file", "people", "filed_by", "filed_at", "deadlines"):
        assert getattr(after, part) == getattr(before, part), part
    assert open_ids(authority, "m.petersen") == [letter]
    assert ("m.petersen", "document.taken_back", None) in authority.trail_of(letter)
    assert authority.desk_undo.last(who) is None


def test_what_was_forwarded_comes_back_as_long_as_nobody_opened_it(
    authority: Authority, letter: str
):
    who, entry = authority.reader("m.petersen"), authority.entry(letter, "m.petersen")
    authority.postboxes.forward(who, entry.id, entry.version, "k.thomsen", "bitte")
    back(authority, "m.petersen")
    assert authority.receivers(letter) == ("m.petersen", [])
    entry = authority.entry(letter, "m.petersen")
    authority.postboxes.forward(who, entry.id, entry.version, "j.hansen", "bitte")
    authority.clock.forward(minutes=1)
    authority.documents.open(authority.reader("j.hansen"), letter)
    assert back(authority, "m.petersen").problems == (
        (
            authority.words["kontoauszug"].title,
            "Jens Hansen hat das Dokument geöffnet. Um Rückgabe bitten.",
        ),
    )
    assert authority.receivers(letter) == ("j.hansen", [])


def test_from_the_clearing_desk_it_comes_back_in_its_old_state(authority: Authority, letter: str):
    who, entry = authority.reader("m.petersen"), authority.entry(letter, "m.petersen")
    authority.postboxes.to_clearing(who, entry.id, entry.version, "falsche Akte")
    assert authority.document(letter).state == "clearing"
    back(authority, "m.petersen")
    assert authority.document(letter).state == "delivered"
    assert open_ids(authority, "m.petersen") == [letter]


def test_only_the_last_round_and_only_for_some_minutes(authority: Authority, letter: str):
    who, entry = authority.reader("m.petersen"), authority.entry(letter, "m.petersen")
    authority.postboxes.file(who, entry.id, entry.version, "kontoauszug")
    first = authority.desk_undo.last(who)
    assert first is not None
    other = authority.letter("lohnabrechnung", MUELLER)
    authority.clock.forward(minutes=1)
    entry = authority.entry(other, "m.petersen")
    authority.postboxes.file(who, entry.id, entry.version, "lohnabrechnung")
    with pytest.raises(Conflict, match="nicht mehr zurücknehmen"):
        authority.desk_undo.take_back(who, first.round_id)
    back(authority, "m.petersen")
    back(authority, "m.petersen")
    assert set(open_ids(authority, "m.petersen")) == {letter, other}
    entry = authority.entry(letter, "m.petersen")
    authority.postboxes.file(who, entry.id, entry.version, "kontoauszug")
    authority.clock.forward(minutes=11)
    assert authority.desk_undo.last(who) is None


def test_the_same_done_twice_is_told_apart_from_somebody_elses_work(
    authority: Authority, letter: str
):
    who, entry = authority.reader("m.petersen"), authority.entry(letter, "m.petersen")
    authority.postboxes.forward(who, entry.id, entry.version, "k.thomsen", "")
    with pytest.raises(DoneAlready):
        authority.postboxes.forward(who, entry.id, entry.version, "k.thomsen", "")
    with pytest.raises(Conflict, match="schon bearbeitet") as told:
        authority.postboxes.file(who, entry.id, entry.version, "kontoauszug")
    assert not isinstance(told.value, DoneAlready)


def test_a_form_from_before_an_undo_is_stale_and_says_so(authority: Authority, letter: str):
    who, entry = authority.reader("m.petersen"), authority.entry(letter, "m.petersen")
    authority.postboxes.file(who, entry.id, entry.version, "kontoauszug")
    back(authority, "m.petersen")
    with pytest.raises(Conflict, match="Maike Petersen hat eine Handlung zurückgenommen"):
        authority.postboxes.file(who, entry.id, entry.version, "kontoauszug")


# -- taking over ----------------------------------------------------------------------------------


def test_a_letter_of_the_team_is_taken_over_and_given_back(authority: Authority):
    letter = authority.letter("widerspruch", SCHMIDT)
    who, entry = authority.reader("r.legal"), authority.entry(letter, "recht")
    authority.postboxes.take_over(who, entry.id, entry.version)
    assert open_ids(authority, "r.legal") == [letter]
    assert open_ids(authority, "r.legal", "recht") == []
    back(authority, "r.legal")
    assert open_ids(authority, "r.legal", "recht") == [letter]


def test_a_deputy_who_takes_over_works_in_the_absent_ones_name(authority: Authority, letter: str):
    authority.away("m.petersen", "2026-11-20", "2026-11-24")
    who, entry = authority.reader("j.hansen"), authority.entry(letter, "m.petersen")
    authority.postboxes.take_over(who, entry.id, entry.version)
    assert ("j.hansen", "document.taken_over") in [one[:2] for one in authority.trail_of(letter)]
    mine = authority.entry(letter, "j.hansen")
    assert mine.deputy_for == "m.petersen"
    with pytest.raises(NotPermitted, match="schon in Ihrem"):
        authority.postboxes.take_over(who, mine.id, mine.version)
    authority.postboxes.file(who, mine.id, mine.version, "kontoauszug")
    assert ("j.hansen", "document.file", "m.petersen") in authority.trail_of(letter)


# -- several at once ------------------------------------------------------------------------------


def test_of_several_letters_each_is_checked_by_itself_and_all_are_taken_back(
    authority: Authority,
):
    letters = [authority.letter(one, MUELLER) for one in ("kontoauszug", "lohnabrechnung")]
    copy = authority.letter("widerspruch", MUELLER)
    who = authority.reader("m.petersen")
    chosen = [
        (authority.entry(one, "m.petersen").id, authority.entry(one, "m.petersen").version)
        for one in (*letters, copy)
    ]
    stale = authority.letter("bewerbung", MUELLER, to=None)
    chosen.append((authority.entries(stale)[0].id, 1))
    result = authority.rounds.run(who, chosen, Wish(deed="akten"))
    assert set(result.done) == set(letters)
    assert [title for title, _ in result.problems] == [
        authority.words["widerspruch"].title,
        "Ein Dokument",
    ]
    assert authority.document(letters[1]).schlagwort == "lohnabrechnung"
    assert set(back(authority, "m.petersen").done) == set(letters)
    assert set(letters) <= set(open_ids(authority, "m.petersen"))


# -- filters --------------------------------------------------------------------------------------


def ends_on(authority: Authority, document_id: str, day: str) -> None:
    with authority.database.write() as session:
        for row in session.query(FindingRow).filter_by(document_id=document_id, kind="deadline"):
            session.delete(row)
        document = authority.document(document_id)
        session.flush()
        Documents(session).keep_findings(
            session.merge(document), "deadline", [(day, 1.0, {})], authority.clock.now()
        )


@pytest.mark.parametrize(
    ("wanted", "shown"),
    [
        (PostboxFilter(schlagwort="kontoauszug"), {"calm"}),
        (PostboxFilter(urgent=True), {"urgent"}),
        (PostboxFilter(text="LÜDENSCHEIDT jörg"), {"calm", "urgent"}),
        (PostboxFilter(text="0002000"), {"elsewhere"}),
        (PostboxFilter(text="50%"), set()),
        (PostboxFilter(site="toenning"), {"elsewhere"}),
        (PostboxFilter(urgent=True, schlagwort="kontoauszug"), set()),
        (PostboxFilter(within_days=7), {"calm", "elsewhere"}),
        (PostboxFilter(within_days=OVERDUE), {"elsewhere"}),
    ],
)
def test_a_filter_shows_what_fits_all_its_parts(
    authority: Authority, wanted: PostboxFilter, shown: set[str]
):
    to = Receiver(postbox="m.petersen", login="m.petersen", rule="hand")
    ids = {
        authority.letter("kontoauszug", MUELLER, to=to): "calm",
        authority.letter("mietschulden", MUELLER, to=to): "urgent",
        authority.letter("lohnabrechnung", OTHER_SITE, to=to): "elsewhere",
    }
    for name, day in (
        ("calm", "2026-11-27"),
        ("urgent", "2027-02-01"),
        ("elsewhere", "2026-11-19"),
    ):
        ends_on(authority, next(one for one, called in ids.items() if called == name), day)
    who = authority.reader("m.petersen")
    entries = authority.postboxes.entries(who, "m.petersen", only=wanted)
    assert {ids[one.document_id] for one in entries} == shown
    assert authority.postboxes.filtered(who, "m.petersen", wanted)[0] == len(shown)


def test_what_a_letter_became_elsewhere_is_not_told_to_whom_it_closed(
    authority: Authority, letter: str
):
    who, desk = authority.reader("m.petersen"), authority.reader("s.scan")
    entry = authority.entry(letter, "m.petersen")
    authority.postboxes.to_clearing(who, entry.id, entry.version, "falsch zugeordnet")
    told = authority.desk_undo.last(who)
    assert told is not None
    assert told.title == "Kontoauszug"
    authority.clearing.assign(
        desk,
        letter,
        authority.document(letter).version,
        schlagwort="hinweis_dritter",
        aktenzeichen=OTHER_SITE,
    )
    last = authority.desk_undo.last(who)
    assert last is not None
    assert last.title == "Ein Dokument"
    ((title, _),) = authority.desk_undo.take_back(who, last.round_id).problems
    assert title == "Ein Dokument"


def test_a_filter_stays_and_what_was_typed_goes_with_the_day(authority: Authority):
    filters, who = PostboxFilters(authority.database), authority.reader("m.petersen")
    wanted = PostboxFilter(urgent=True, text="  Müller \n Jörg ", within_days=OVERDUE)
    filters.keep(who, "m.petersen", wanted)
    kept = filters.kept(who, "m.petersen")
    assert (kept.text, kept.urgent, kept.within_days) == ("Müller Jörg", True, OVERDUE)
    assert not filters.kept(authority.reader("j.hansen"), "m.petersen")
    authority.clock.set_day(str(date(2026, 11, 21)))
    kept = filters.kept(who, "m.petersen")
    assert (kept.text, kept.urgent) == ("", True)
    filters.keep(who, "m.petersen", PostboxFilter())
    with authority.database.read() as session:
        assert KeptFilters(session).get(who, "m.petersen") is None


def test_names_typed_into_a_filter_do_not_stay_in_the_database(authority: Authority):
    filters, who = PostboxFilters(authority.database), authority.reader("m.petersen")
    filters.keep(who, "m.petersen", PostboxFilter(text="Müller", urgent=True))
    filters.keep(who, "husum-leistung", PostboxFilter(text="Müller"))
    assert filters.forget_typed(STEP) == 0
    authority.clock.set_day("2026-11-21")
    assert filters.forget_typed(STEP) == 2
    assert filters.forget_typed(STEP) == 0
    with authority.database.read() as session:
        rows = session.scalars(select(KeptFilter)).all()
        assert [(row.postbox, row.filter["text"], row.filter["urgent"]) for row in rows] == [
            ("m.petersen", "", True)
        ]
        assert KeptFilters(session).typed_before(who, date(2026, 11, 22)) == []
    with pytest.raises(NotPermitted):
        filters.forget_typed(who)
