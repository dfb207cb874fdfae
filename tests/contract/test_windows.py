"""The file follows: which window shows what is called up, and what the callers learn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from eakte.domain.rights import Reader, system_reader
from eakte.errors import NotFound, NotPermitted
from eakte.models import AuditRow, UserSession
from eakte.services.tokens import TokenHolder
from eakte.services.windows import Call, JoinedWindow, Windows
from tests.authority import Authority, SetClock
from tests.small_authority import MUELLER, OTHER_SITE, SCHMIDT

OPERATOR = Reader(login="operator")
HOME, OFFICE = "a" * 64, "b" * 64
"""Two browsers of the same person."""


@dataclass
class Ticking:
    """The authority's clock, which goes on between two looks as real ones do."""

    clock: SetClock

    def now(self) -> datetime:
        self.clock.forward(microseconds=30)
        return self.clock.now()

    def today(self) -> date:
        return self.clock.today()


@pytest.fixture
def windows(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Windows:
    monkeypatch.setattr(authority.database, "clock", Ticking(authority.clock))
    return Windows(authority.database, authority.pattern, authority.policy)


@pytest.fixture
def petersen(authority: Authority) -> Reader:
    """Signed in at the office, later than at home."""
    now = authority.clock.now()
    with authority.database.write() as session:
        for digest, age in ((HOME, 60), (OFFICE, 5)):
            session.add(
                UserSession(
                    token_sha256=digest,
                    login="m.petersen",
                    csrf_token="x",
                    created_at=now,
                    seen_at=now - timedelta(minutes=age),
                )
            )
    return authority.reader("m.petersen")


def opened(
    windows: Windows, reader: Reader, where: str = OFFICE, *, follows: bool = True
) -> JoinedWindow:
    return windows.join(reader, where, "", 0, follows=follows)


def test_the_window_that_is_open_shows_what_the_fachverfahren_calls(
    windows: Windows, petersen: Reader
):
    window = opened(windows, petersen)
    assert window.call is None
    assert windows.call_file(petersen, OFFICE, "12345BG0001234")
    assert windows.call(petersen, window.id) == Call(seq=1, aktenzeichen=MUELLER, document_id=None)
    assert windows.calls(system_reader("events")) == {window.id: 1}


def test_a_call_that_finds_no_window_waits_for_the_next_one_to_open(
    windows: Windows, petersen: Reader
):
    assert not windows.call_file(petersen, OFFICE, MUELLER)
    first, second = opened(windows, petersen), opened(windows, petersen)
    assert first.call is not None
    assert first.call.aktenzeichen == MUELLER
    assert second.call is None


def test_a_call_is_forgotten_after_minutes(
    windows: Windows, petersen: Reader, authority: Authority
):
    windows.call_file(petersen, OFFICE, "12345//9999999")
    authority.clock.forward(minutes=11)
    assert opened(windows, petersen).call is None


def test_unknown_and_closed_numbers_answer_alike_and_both_are_in_the_log(
    windows: Windows, petersen: Reader, authority: Authority
):
    window = opened(windows, petersen)
    answers = []
    for number in ("12345//9999999", OTHER_SITE):
        answers.append(windows.call_file(petersen, OFFICE, number))
        call = windows.call(petersen, window.id)
        assert call is not None
        assert call.aktenzeichen is None
        assert windows.typed(petersen, window.id) == number
    assert answers == [True, True]
    with authority.database.read() as session:
        said = session.scalars(select(AuditRow.action).order_by(AuditRow.seq.desc()).limit(2)).all()
    assert said == ["case_file.refused"] * 2


def test_two_browsers_of_one_person_do_not_take_each_others_calls(
    windows: Windows, petersen: Reader
):
    home, office = opened(windows, petersen, HOME), opened(windows, petersen, OFFICE)
    windows.call_file(petersen, HOME, MUELLER)
    windows.call_file(petersen, OFFICE, SCHMIDT)
    shown = [windows.call(petersen, one.id) for one in (home, office)]
    assert [one.aktenzeichen for one in shown if one] == [MUELLER, SCHMIDT]


def test_a_call_from_outside_goes_to_the_browser_that_was_used_last(
    windows: Windows, petersen: Reader
):
    office, home = opened(windows, petersen, OFFICE), opened(windows, petersen, HOME)
    windows.call_for(OPERATOR, "m.petersen", MUELLER)
    assert windows.call(petersen, home.id) is None
    assert windows.call(petersen, office.id) is not None


def test_a_pinned_window_keeps_its_file(windows: Windows, petersen: Reader):
    pinned = opened(windows, petersen, follows=False)
    assert not windows.call_file(petersen, OFFICE, MUELLER)
    again = windows.join(petersen, OFFICE, pinned.id, 0, follows=True)
    assert again.id == pinned.id
    assert again.call is not None


def test_a_pinned_window_is_told_of_a_call_and_opening_it_there_ends_the_waiting(
    windows: Windows, petersen: Reader
):
    pinned = opened(windows, petersen, follows=False)
    elsewhere = opened(windows, petersen, HOME, follows=False)
    assert not windows.call_file(petersen, OFFICE, MUELLER)
    assert windows.calls(system_reader("events")) == {pinned.id: 1}
    assert windows.call(petersen, pinned.id) == Call(seq=1, aktenzeichen=MUELLER, document_id=None)
    assert windows.call(petersen, elsewhere.id) is None
    back = windows.join(petersen, OFFICE, pinned.id, 0, follows=False)
    assert back.call is not None, "another page of it offers it again"
    assert windows.join(petersen, OFFICE, pinned.id, back.seq, follows=False).call is None
    assert windows.join(petersen, OFFICE, pinned.id, back.seq, follows=True).call is None
    assert opened(windows, petersen).call is None


def test_a_call_that_a_pinned_window_did_not_open_waits_for_a_window_that_follows(
    windows: Windows, petersen: Reader
):
    opened(windows, petersen, follows=False)
    windows.call_file(petersen, OFFICE, MUELLER)
    fresh = opened(windows, petersen)
    assert fresh.call is not None
    assert fresh.call.aktenzeichen == MUELLER


def test_a_window_that_was_closed_or_whose_session_ended_hears_nothing(
    windows: Windows, petersen: Reader, authority: Authority
):
    window = opened(windows, petersen)
    windows.leave(petersen, window.id)
    authority.clock.forward(seconds=4)
    assert not windows.call_file(petersen, OFFICE, MUELLER)
    opened(windows, petersen, "c" * 64)  # nobody is signed in there
    assert not windows.call_file(petersen, OFFICE, MUELLER)


def test_a_window_that_went_to_another_page_shows_what_was_called_meanwhile(
    windows: Windows, petersen: Reader
):
    window = opened(windows, petersen)
    windows.leave(petersen, window.id)
    assert windows.call_file(petersen, OFFICE, MUELLER)
    back = windows.join(petersen, OFFICE, window.id, 0, follows=True)
    assert back.call is not None
    assert back.call.aktenzeichen == MUELLER
    assert windows.join(petersen, OFFICE, window.id, back.seq, follows=True).call is None


def test_a_letter_of_the_postbox_moves_the_window_of_the_same_browser_alone(
    windows: Windows, petersen: Reader, authority: Authority
):
    home = opened(windows, petersen, HOME)
    letter = authority.letter("kontoauszug", MUELLER)
    assert not windows.call_document(petersen, OFFICE, letter)
    assert windows.call_document(petersen, HOME, letter)
    assert windows.call(petersen, home.id) == Call(seq=1, aktenzeichen=MUELLER, document_id=letter)
    with pytest.raises(NotFound):
        windows.call_document(authority.reader("d.deputy"), HOME, letter)


def test_a_file_that_was_closed_to_the_reader_meanwhile_is_not_shown(
    windows: Windows, petersen: Reader, authority: Authority
):
    window = opened(windows, petersen)
    windows.call_file(petersen, OFFICE, MUELLER)
    other = Reader(login="m.petersen")  # all rights gone
    call = windows.call(other, window.id)
    assert call is not None
    assert call.aktenzeichen is None
    assert windows.call(authority.reader("d.deputy"), window.id) is None


def test_a_programme_needs_a_token_for_it_and_learns_nothing(windows: Windows, petersen: Reader):
    window = opened(windows, petersen)
    holder = TokenHolder(
        id="1", name="fachverfahren", reader=petersen, scopes=frozenset({"documents.create"})
    )
    with pytest.raises(NotPermitted):
        windows.call_by_programme(petersen, holder, "m.petersen", MUELLER)
    may = TokenHolder(
        id="1", name="fachverfahren", reader=petersen, scopes=frozenset({"windows.open"})
    )
    windows.call_by_programme(petersen, may, "nobody", MUELLER)
    windows.call_by_programme(petersen, may, "m.petersen", MUELLER)
    assert windows.call(petersen, window.id) is not None
