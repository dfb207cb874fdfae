"""How things read on the screen."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eakte.domain.facts import Fact, FactKind
from eakte.domain.page_lists import Removal
from eakte.services.page_desk_views import DeskPage, DeskRow, PageDeskView
from eakte.services.stack_desk import StackPage, StackView
from eakte.services.views import ArrivalDocument, ArrivalView, HistoryRow, PostboxEntryView
from web.presenters import arrivals, german, page_desk, postboxes, stack_desk
from web.presenters import facts as fact_presenter
from web.presenters.case_files import aktenzeichen_of, path_of
from web.presenters.history import history_lines
from web.presenters.page_desk import PageCell
from web.presenters.pages import ViewerPage
from web.sessions import local_target


@given(st.sets(st.integers(min_value=1, max_value=60), min_size=1))
def test_page_numbers_can_be_read_back(pages: set[int]) -> None:
    read: set[int] = set()
    for part in german.page_numbers(pages).removeprefix("S. ").split(", "):
        first, _, last = part.partition("–")
        read |= set(range(int(first), int(last or first) + 1))
    assert read == pages


def test_no_pages_are_no_words() -> None:
    assert german.page_numbers(()) == ""


@given(st.floats(min_value=0, max_value=1))
def test_only_certainty_is_a_hundred_per_cent(share: float) -> None:
    shown = int(german.percent(share).removesuffix(" %"))
    assert 0 <= shown <= 100
    assert (shown == 100) == (share == 1)
    assert abs(shown - share * 100) <= 1


@given(st.datetimes(timezones=st.just(UTC), min_value=datetime(2000, 1, 1)))  # noqa: DTZ001
def test_an_instant_is_shown_in_the_time_of_the_desk(at: datetime) -> None:
    shown = datetime.strptime(german.moment(at), "%d.%m.%Y, %H:%M Uhr")  # noqa: DTZ007
    hours = (shown - at.replace(tzinfo=None, second=0, microsecond=0)) / timedelta(hours=1)
    assert hours in {1, 2}


def test_today_and_yesterday_are_said_by_the_day_of_the_desk() -> None:
    now = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)  # 00:30 on the 21st in Berlin
    assert german.short_moment(now, now) == "00:30"
    assert german.short_moment(now - timedelta(hours=1), now) == "gestern, 23:30"
    assert german.short_moment(now - timedelta(days=3), now) == "18.11.2026"


@given(st.from_regex(re.compile(r"[0-9A-Z/ .-]{1,30}"), fullmatch=True))
def test_a_file_number_survives_its_address(number: str) -> None:
    segment = path_of(number)
    assert "/" not in segment
    assert aktenzeichen_of(unquote(segment)) == number


@given(st.text(max_size=80))
def test_where_one_goes_after_signing_in_is_always_here(value: str) -> None:
    target = local_target(value)
    assert target.startswith("/")
    assert not target.startswith(("//", "/\\"))


@given(
    st.floats(min_value=50, max_value=2000, allow_nan=False),
    st.floats(min_value=50, max_value=2000, allow_nan=False),
)
def test_the_room_kept_for_a_page_has_the_shape_of_the_page(width: float, height: float) -> None:
    page = ViewerPage(number=1, image_url="", thumbnail_url="", width_mm=width, height_mm=height)
    assert page.width / page.height == pytest.approx(page.aspect, rel=0.02)


def arrival(state: str, **more: object) -> ArrivalView:
    values: dict[str, object] = {
        "source_id": "1",
        "name": "stapel.pdf",
        "channel": "scanner",
        "arrived_at": datetime(2026, 11, 20, 9, 0, tzinfo=UTC),
        "changed_at": datetime(2026, 11, 20, 9, 0, tzinfo=UTC),
        "received": date(2026, 11, 20),
        "state": state,
        "page_count": 3,
        "pages_done": 1,
        "sheets": {},
        "reason": "Beschädigt." if state == "quarantined" else None,
        "documents": (),
    }
    return ArrivalView(**(values | more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("state", "steps", "says"),
    [
        ("received", "fertig laeuft offen", "wird gelesen"),
        ("recognised", "fertig fertig laeuft", "wird zugeordnet"),
        ("cut", "fertig fertig laeuft", "wird zugeordnet"),
        ("quarantined", "fertig fehler offen", "Quarantäne"),
        ("duplicate", "fertig offen offen", "schon vorhanden"),
    ],
)
def test_an_arrival_shows_how_far_it_is(state: str, steps: str, says: str) -> None:
    row = arrivals.row(arrival(state), datetime(2026, 11, 20, 10, 0, tzinfo=UTC))
    assert " ".join(step.state for step in row.steps) == steps
    assert row.status == says
    assert row.problem == ("Beschädigt." if state == "quarantined" else "")


def test_the_sheets_between_the_letters_are_told_so_that_a_stack_adds_up() -> None:
    found = arrival("cut", sheets={"page": 4, "separator": 2, "cover": 1, "blank": 3})
    row = arrivals.row(found, datetime(2026, 11, 20, tzinfo=UTC))
    assert row.sheets == "2 Trennblätter, 1 Deckblatt, 3 leere Seiten"
    nothing = arrival("cut", sheets={"page": 4})
    assert arrivals.row(nothing, datetime(2026, 11, 20, tzinfo=UTC)).sheets == ""


def test_what_waits_for_the_clearing_desk_is_not_called_delivered() -> None:
    waiting = ArrivalDocument(
        document_id="d",
        state="clearing",
        schlagwort_title="Klage",
        postbox="clearing",
        postbox_title="Klärung",
        openable=True,
    )
    row = arrivals.row(arrival("cut", documents=(waiting,)), datetime(2026, 11, 20, tzinfo=UTC))
    assert row.status == "in Klärung"
    assert row.steps[-1].state == "wartet"
    assert row.places[0].url == "/dokumente/d"


def test_a_closed_envelope_of_a_stack_is_shown_under_its_file() -> None:
    closed = ArrivalDocument(
        document_id="d",
        state="unopened",
        schlagwort_title="",
        postbox=None,
        postbox_title=None,
        openable=False,
        closed="Ungeöffnet weiterzugeben: für den Ärztlichen Dienst.",
    )
    row = arrivals.row(arrival("cut", documents=(closed,)), datetime(2026, 11, 20, tzinfo=UTC))
    assert row.status == "nicht geöffnet"
    assert row.closed is None
    (place,) = row.places
    assert place.closed is not None
    assert (place.url, place.closed.open_url) == ("", "/eingang/d/oeffnen")
    assert "Ärztlichen Dienst" in place.closed.remark


def entry(number: int) -> PostboxEntryView:
    return PostboxEntryView(
        id=f"e{number}",
        version=1,
        document_id=f"d{number}",
        postbox="m.petersen",
        urgent=False,
        copy=False,
        deputy_for=None,
        deputy_for_name=None,
        schlagwort=None,
        schlagwort_title="",
        aktenzeichen=None,
        provisional=False,
        people=(),
        received=date(2026, 11, 20),
        arrived_at=datetime(2026, 11, 20, tzinfo=UTC),
        pages=1,
        note="",
        sent_by="",
    )


@given(st.integers(min_value=1, max_value=6), st.integers(min_value=0, max_value=7))
def test_after_an_action_the_next_letter_follows_else_the_last(count: int, done: int) -> None:
    entries = [entry(number) for number in range(count)]
    following = postboxes.neighbour(entries, f"e{done}")
    rest = [one.document_id for one in entries if one.id != f"e{done}"]
    if not rest:
        assert following == ""
    elif done >= count:
        assert following == "d0"
    else:
        assert following == rest[min(done, len(rest) - 1)]


def test_the_history_is_plain_german_newest_first_and_names_the_one_stood_in_for() -> None:
    def row(hour: int, action: str, actor: str, name: str, behalf: str | None) -> HistoryRow:
        return HistoryRow(
            at=datetime(2026, 11, 20, hour, tzinfo=UTC),
            actor=actor,
            actor_name=name,
            on_behalf_of=behalf,
            action=action,
            details={},
        )

    lines = history_lines(
        [
            row(8, "document.deliver", "system:deliver", "System", None),
            row(9, "document.open", "j.hansen", "Jörn Hansen", "Maike Petersen"),
            row(10, "document.new_kind", "j.hansen", "Jörn Hansen", None),
        ]
    )
    assert [f"{line.who}: {line.what}" for line in lines] == [
        "Jörn Hansen: document.new_kind",
        "Jörn Hansen für Maike Petersen: geöffnet",
        "E-Akte: zugestellt",
    ]


def desk_page(*, removed: Removal | None = None, kind: str = "page", words: int = 90) -> PageCell:
    page = DeskPage(
        page_id="p",
        number=None if removed else 1,
        source_page=4,
        turn=0,
        removed=removed,
        kind=kind,
        words=words,
        width_mm=210,
        height_mm=297,
        waits=False,
        given_up=False,
    )
    row = DeskRow(
        document_id="d",
        version=1,
        state="delivered",
        title="Klage",
        aktenzeichen=None,
        people=(),
        pages=(page,),
    )
    view = PageDeskView(
        document_id="d",
        source_name="a.pdf",
        rows=(row,),
        undo=None,
        redo=None,
        rereads=0,
        elsewhere=0,
    )
    return page_desk.screen(view).rows[0].pages[0]


def test_a_removed_page_says_so_once_and_why() -> None:
    cell = desk_page(removed=Removal.DUPLICATE)
    assert (cell.title, cell.mark) == ("Entfernt", "doppelt")


def test_a_page_without_a_word_is_called_so_and_a_blank_one_blank() -> None:
    assert [desk_page(kind=kind, words=0).mark for kind in ("page", "blank")] == [
        "kein lesbarer Text",
        "leer",
    ]
    assert desk_page().mark == ""


@pytest.mark.parametrize(
    ("kind", "words", "mark", "own_sheet"),
    [
        ("page", 90, "", False),
        ("page", 0, "kein lesbarer Text", False),
        ("separator", 0, "Trennblatt", True),
        ("blank", 0, "leer", False),
    ],
)
def test_the_stack_desk_says_what_a_sheet_is(
    kind: str, words: int, mark: str, own_sheet: bool
) -> None:
    page = StackPage(
        page_id="p",
        number=2,
        kind=kind,
        words=words,
        width_mm=210,
        height_mm=297,
        proposal=None,
        reasons=(),
        cut=None,
    )
    view = StackView(source_id="s", name="a.pdf", received=date(2026, 11, 20), pages=(page,))
    (cell,) = stack_desk.screen(view).pages
    assert (cell.mark, cell.own_sheet) == (mark, own_sheet)


@pytest.mark.parametrize(
    ("kind", "value", "by", "shown"),
    [
        (FactKind.SET_DATE, "P14D", None, "binnen 14 Tagen"),
        (FactKind.SET_DATE, "P1M", None, "binnen 1 Monat"),
        (FactKind.SET_DATE, "PT48H", None, "binnen 48 Stunden"),
        (FactKind.AMOUNT, "1234.50", None, "1.234,50 €"),
        (FactKind.REMEDIES, "missing", None, "nicht gefunden"),
        (FactKind.REMEDIES, "missing", "r.legal", "fehlt oder ist unrichtig"),
    ],
)
def test_a_fact_reads_as_a_clerk_writes_it(
    kind: FactKind, value: str, by: str | None, shown: str
) -> None:
    fact = Fact(kind=kind, value=value, score=0.9, given_by=by)
    assert fact_presenter.shown(fact) == shown
