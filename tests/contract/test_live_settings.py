"""Settings changed at run time: who may, what the second hears, and that they count everywhere."""

from __future__ import annotations

import threading
import time
from dataclasses import replace

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from eakte.bootstrap import Product, open_product
from eakte.bootstrap.intake import intake_tools
from eakte.bootstrap.live_settings import kept_current
from eakte.domain.live_settings import LiveValues
from eakte.domain.rights import Reader, system_reader
from eakte.errors import Conflict, NotFound, NotPermitted, Unusable
from eakte.models import AuditRow, DailyFigure, SettingChange
from eakte.repositories.live_settings import SettingChanges
from eakte.services.live_settings import LiveSettings
from eakte.services.postbox_lines import pressing_until
from eakte.services.settings_in_force import SettingsInForce
from tests.authority import Authority
from tests.plain_intake import PoolInThisProcess
from tests.small_authority import MUELLER, OTHER_SITE

DAYS, SHARE, PEOPLE = "counter.days", "quality.sample_percent", "statistics.per_person"
WORKER = system_reader("absences")


@pytest.fixture
def admin(authority: Authority) -> Reader:
    return authority.reader("x.admin")


@pytest.fixture
def second(authority: Authority, admin: Reader) -> Reader:
    """Another administrator."""
    return replace(authority.reader("a.lead"), settings=True)


@pytest.fixture
def live(authority: Authority) -> LiveSettings:
    return authority.live_settings


def traces(authority: Authority, key: str) -> list[tuple[str, str, dict[str, object]]]:
    query = select(AuditRow).where(AuditRow.subject_id == key).order_by(AuditRow.seq)
    with authority.database.read() as session:
        return [(row.actor, row.action, row.details) for row in session.scalars(query)]


def test_a_change_counts_at_once_and_says_who_when_and_from_what_to_what(
    authority: Authority, live: LiveSettings, admin: Reader
):
    assert live.change(admin, SHARE, 0, "6,5", reason="  Prüfung  im Herbst ")
    assert authority.live().quality_sample_percent == 6.5
    found = live.get(admin, SHARE)
    assert (found.value, found.in_file, found.version) == (6.5, 4.0, 1)
    (change,) = live.history(admin)
    assert found.changed == change
    assert (change.login, change.at) == ("x.admin", authority.clock.now())
    assert (change.before, change.after, change.reason) == ("4 %", "6,5 %", "Prüfung im Herbst")
    assert traces(authority, SHARE) == [
        ("x.admin", "setting.change", {"before": "4", "after": "6.5"})
    ]


def test_what_counts_already_is_no_change(authority: Authority, live: LiveSettings, admin: Reader):
    assert not live.change(admin, DAYS, 0, "60")
    assert not live.back(admin, DAYS, 0)
    assert live.change(admin, DAYS, 0, "61")
    assert not live.change(admin, DAYS, 1, "61")
    assert [one.version for one in live.all(admin) if one.changed] == [1]
    assert len(traces(authority, DAYS)) == 1


def test_one_press_leads_back_to_the_file(
    authority: Authority, live: LiveSettings, admin: Reader, second: Reader
):
    live.change(admin, DAYS, 0, "90")
    authority.clock.forward(minutes=1)
    assert live.back(second, DAYS, 1)
    found = live.get(admin, DAYS)
    assert (found.value, found.changed, found.version) == (60, None, 2)
    assert authority.live() == LiveValues()
    back, first = live.history(admin, DAYS)
    assert (back.name, back.before, back.after) == ("Anke Lead", "90 Tage", "60 Tage")
    assert (back.from_file, first.from_file) == (True, False)
    assert traces(authority, DAYS)[-1][1] == "setting.back"
    # What the file says later counts then.
    later = SettingsInForce(replace(LiveValues(), counter_days=30))
    later.refresh(authority.database)
    assert later().counter_days == 30


def test_the_second_of_two_administrators_hears_what_the_first_has_set(
    authority: Authority, live: LiveSettings, admin: Reader, second: Reader
):
    shown = live.get(second, DAYS)
    live.change(admin, DAYS, 0, "90")
    said = r"Xaver Admin hat „Rückblick der Auskunft“ am .* auf 90 Tage gestellt\."
    with pytest.raises(Conflict, match=said):
        live.change(second, DAYS, shown.version, "30")
    live.back(admin, DAYS, 1)
    with pytest.raises(Conflict, match=r"auf 60 Tage gestellt \(zurück zur Datei\)"):
        live.back(second, DAYS, 1)
    assert len(traces(authority, DAYS)) == 2


def test_of_two_at_the_same_moment_one_counts_and_the_other_hears_it(
    authority: Authority, live: LiveSettings, admin: Reader, second: Reader
):
    engine, told = authority.database.engine, []
    reached, one_database = threading.Event(), engine.dialect.name == "sqlite"

    def be_the_other() -> None:
        try:
            live.change(second, DAYS, 0, "30")
        except Conflict as conflict:
            told.append(str(conflict))
        finally:
            reached.set()

    other = threading.Thread(target=be_the_other)

    def on_its_way(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("INSERT INTO setting_changes"):
            reached.set()

    with authority.database.write() as session:
        now = authority.clock.now()
        given = {"key": DAYS, "number": 1, "at": now, "login": "x.admin", "reason": ""}
        change = SettingChange(**given, before="60", after="90", from_file=False, decided_by="")
        SettingChanges(session).add(admin, change)
        event.listen(engine, "before_cursor_execute", on_its_way)
        other.start()
        if not one_database:  # there the other waits at its beginning, and looks afterwards
            assert reached.wait(20)
    other.join(20)
    event.remove(engine, "before_cursor_execute", on_its_way)
    assert not other.is_alive()
    (conflict,) = told
    assert "auf 90 Tage gestellt" in conflict
    assert live.get(admin, DAYS).value == 90


def test_figures_of_people_need_somebody_who_decided_it_and_a_reason(
    authority: Authority, live: LiveSettings, admin: Reader
):
    for given in ({}, {"reason": "DV 7/2026"}, {"decided_by": "Personalrat", "reason": "  "}):
        with pytest.raises(Unusable, match="wer es entschieden hat"):
            live.change(admin, PEOPLE, 0, "ja", **given)
    assert live.change(admin, PEOPLE, 0, "ja", reason="DV 7/2026", decided_by="Personalrat")
    (change,) = live.history(admin)
    assert (change.decided_by, change.reason) == ("Personalrat", "DV 7/2026")
    assert "Personalrat" not in str(traces(authority, PEOPLE))
    assert live.change(admin, PEOPLE, 1, "nein"), "to end it takes no decision"


def test_back_to_a_file_that_shows_people_needs_the_decision_as_well(
    authority: Authority, admin: Reader
):
    shown = SettingsInForce(replace(LiveValues(), statistics_per_person=True))
    live = LiveSettings(authority.database, shown)
    live.change(admin, PEOPLE, 0, "nein")
    with pytest.raises(Unusable, match="In der Datei steht"):
        live.back(admin, PEOPLE, 1)
    assert not shown().statistics_per_person


def test_a_decision_is_kept_also_where_the_file_says_yes_already(
    authority: Authority, admin: Reader
):
    shown = SettingsInForce(replace(LiveValues(), statistics_per_person=True))
    live = LiveSettings(authority.database, shown)
    decision = {"reason": "DV 7/2026", "decided_by": "Personalrat"}
    assert live.change(admin, PEOPLE, 0, "ja", **decision)
    changed = live.get(admin, PEOPLE).changed
    assert changed is not None
    assert (changed.before, changed.after, changed.decided_by) == ("ja", "ja", "Personalrat")
    assert not live.change(admin, PEOPLE, 1, "ja", **decision)


def test_what_a_setting_does_not_take_is_refused(
    authority: Authority, live: LiveSettings, admin: Reader
):
    for text in ("0", "viel", ""):
        with pytest.raises(Unusable, match="1 bis 3660 Tage"):
            live.change(admin, DAYS, 0, text)
    for key in ("data.database_url", "login.max_failures"):
        with pytest.raises(NotFound):
            live.change(admin, key, 0, "1")
    with pytest.raises(Unusable, match="zu lang"):
        live.change(admin, DAYS, 0, "61", reason="x" * 401)
    for given in ({"reason": "a\0b"}, {"decided_by": "a\0b"}):
        with pytest.raises(Unusable, match="nicht speichern"):
            live.change(admin, DAYS, 0, "61", **given)
    assert live.history(admin) == ()
    assert traces(authority, DAYS) == []


@pytest.mark.parametrize("login", ["m.petersen", "a.lead", "r.legal", "s.scan"])
def test_nobody_else_sees_or_changes_them(authority: Authority, live: LiveSettings, login: str):
    who = authority.reader(login)
    for ask in (
        lambda: live.all(who),
        lambda: live.get(who, DAYS),
        lambda: live.history(who),
        lambda: live.change(who, DAYS, 0, "90"),
        lambda: live.back(who, DAYS, 0),
    ):
        with pytest.raises(NotPermitted):
            ask()
    with authority.database.read() as session:
        rows = SettingChanges(session)
        for look in (
            lambda: rows.last(who),
            lambda: rows.last_of(who, DAYS),
            lambda: rows.history(who, 1),
            lambda: rows.add(who, SettingChange()),
        ):
            with pytest.raises(NotPermitted):
                look()
    assert traces(authority, DAYS) == []


def kept_by_another_release(authority: Authority, live: LiveSettings, admin: Reader) -> None:
    live.change(admin, DAYS, 0, "90")
    with authority.database.write() as session:
        session.get_one(SettingChange, (DAYS, 1)).after = "99999"


def test_what_another_release_allowed_gives_way_to_the_file_and_is_logged_once(
    authority: Authority, live: LiveSettings, admin: Reader
):
    kept_by_another_release(authority, live, admin)
    with capture_logs() as logged:
        for _ in range(3):
            authority.live.refresh(authority.database)
            live.all(admin)
    told = [(one["key"], one["kept"]) for one in logged if one["event"] == "settings.unusable"]
    assert told == [(DAYS, "99999")]
    assert authority.live().counter_days == 60
    view = live.get(admin, DAYS)
    assert (view.changed, view.unusable) == (None, "99999 Tage")
    assert live.change(admin, DAYS, 1, "80")
    assert authority.live().counter_days == 80


@pytest.mark.parametrize("press", ["back", "change"])
def test_it_can_be_cleared(authority: Authority, live: LiveSettings, admin: Reader, press: str):
    kept_by_another_release(authority, live, admin)
    cleared = live.back(admin, DAYS, 1) if press == "back" else live.change(admin, DAYS, 1, "60")
    view = live.get(admin, DAYS)
    assert cleared
    assert (view.unusable, view.version, view.value) == ("", 2, 60)


def test_a_file_beyond_the_form_is_shown_and_taken_as_it_is(authority: Authority, admin: Reader):
    of_file = replace(LiveValues(), quality_sample_percent=0.5, classify_threshold=0.98765)
    live = LiveSettings(authority.database, SettingsInForce(of_file))
    assert not live.change(admin, SHARE, 0, "0,5")
    assert not live.change(admin, "classify.threshold", 0, "0,98765")
    with pytest.raises(Unusable, match="1 bis 100 %"):
        live.change(admin, SHARE, 0, "0,6")
    assert live.change(admin, SHARE, 0, "2")
    assert live.change(admin, "classify.threshold", 0, "0,9")
    assert {one.before for one in live.history(admin)} == {"0,5 %", "0,98765"}


# -- what they do ----------------------------------------------------------------------------


def test_telephone_and_counter_follow(authority: Authority, live: LiveSettings, admin: Reader):
    caller = authority.reader("d.deputy")
    authority.letter("kontoauszug", MUELLER)
    authority.counter_receipts.make(caller, OTHER_SITE, "Yıldız", "Mietvertrag")
    authority.clock.forward(days=10)

    def told() -> tuple[int, bool]:
        (answer,) = authority.lookup.by_number(caller, MUELLER)
        (receipt,) = authority.counter_receipts.waiting(caller)
        return len(answer.letters), receipt.late

    assert told() == (1, True)
    live.change(admin, DAYS, 0, "9")
    live.change(admin, "counter.receipt_days", 0, "11")
    assert told() == (0, False)


def test_the_figures_follow_and_people_come_and_go(
    authority: Authority, live: LiveSettings, admin: Reader
):
    lead, statistics = authority.reader("a.lead"), authority.statistics
    authority.letter("kontoauszug", MUELLER)
    authority.clock.forward(days=8)
    statistics.keep_days(WORKER)

    def kept() -> bool:
        with authority.database.read() as session:
            return "m.petersen" in set(session.scalars(select(DailyFigure.postbox)))

    view = statistics.view(lead)
    assert (view.teams[0].boxes[0].old, len(view.days), view.per_person) == (1, 28, False)
    live.change(admin, "statistics.old_days", 0, "10")
    live.change(admin, "statistics.span_days", 0, "7")
    live.change(admin, PEOPLE, 0, "ja", reason="DV 7/2026", decided_by="Personalrat")
    view = statistics.view(lead)
    (box,) = view.teams[0].boxes
    assert (box.title, box.old, len(view.days)) == ("Maike Petersen", 0, 7)
    assert view.decision is not None
    assert (view.decision.decided_by, view.decision.at) == ("Personalrat", authority.clock.now())
    authority.letter("kontoauszug", MUELLER)
    authority.clock.forward(days=1)
    statistics.keep_days(WORKER)
    assert not kept(), "that day had begun when it was decided"
    authority.letter("kontoauszug", MUELLER)
    authority.clock.forward(days=1)
    statistics.keep_days(WORKER)
    assert kept()
    assert live.get(admin, PEOPLE).asks_back
    with pytest.raises(Unusable, match="nicht zurücknehmen"):
        live.change(admin, PEOPLE, 1, "nein")
    with pytest.raises(Unusable, match="nicht zurücknehmen"):
        live.back(admin, PEOPLE, 1)
    live.change(admin, PEOPLE, 1, "nein", confirmed=True)
    statistics.keep_days(WORKER)
    assert not kept()
    assert statistics.view(lead).teams[0].boxes[0].title == "Mitglieder zusammen"


def test_a_late_count_names_nobody_on_days_before_the_decision(
    authority: Authority, live: LiveSettings, admin: Reader
):
    for _ in range(3):
        authority.letter("kontoauszug", OTHER_SITE)
        authority.clock.forward(days=1)
    live.change(admin, PEOPLE, 0, "ja", reason="DV 7/2026", decided_by="Personalrat")
    authority.letter("kontoauszug", OTHER_SITE)

    def of_small_team() -> int:
        teams = {one.id: one for one in authority.statistics.view(admin).teams}
        return sum(one.arrived for one in teams["toenning-leistung"].days)

    assert authority.statistics.keep_days(WORKER) == 3
    with authority.database.read() as session:
        assert set(session.scalars(select(DailyFigure.postbox))) == {""}
    assert of_small_team() == 0, "nor do today's figures show them"
    authority.clock.forward(days=1)
    authority.letter("kontoauszug", OTHER_SITE)
    assert of_small_team() == 1


def test_a_running_process_follows_within_seconds_in_all_it_does(product: Product):
    admin = product.services.accounts.reader("x.admin")
    elsewhere = open_product(product.settings)
    tools = intake_tools(elsewhere, PoolInThisProcess())
    begun = tools.settled()
    with elsewhere.database.read() as session:
        before = pressing_until(session)
    changes = {"classify.threshold": "0,9", "deadlines.lead_days": "17"}
    with kept_current(elsewhere.settings, elsewhere.services):
        for key, value in changes.items():
            product.services.live_settings.change(admin, key, 0, value)
        until = time.monotonic() + 20
        while (
            elsewhere.services.live_settings.in_force() != product.services.live_settings.in_force()
        ):
            assert time.monotonic() < until
            time.sleep(0.02)
    with elsewhere.database.read() as session:
        assert (pressing_until(session) - before).days == 10
    assert tools.threshold == 0.9
    assert begun.threshold == 0.6, "a document in the middle is judged by one value"
    elsewhere.database.close()
    again = open_product(product.settings)
    assert again.services.live_settings.in_force().deadlines_lead_days == 17, "after a restart too"
    again.database.close()


def test_while_the_database_is_away_a_change_stays_kept_and_the_watcher_catches_up(
    authority: Authority, admin: Reader, monkeypatch: pytest.MonkeyPatch
):
    force = SettingsInForce(LiveValues())
    live = LiveSettings(authority.database, force)
    looks, really = [], SettingChanges.last

    def fail_twice(rows: SettingChanges, reader: Reader) -> dict[str, SettingChange]:
        looks.append(force().counter_days)
        if len(looks) < 3:
            raise OperationalError("SELECT", {}, ConnectionError("away"))
        return really(rows, reader)

    monkeypatch.setattr(SettingChanges, "last", fail_twice)
    assert live.change(admin, DAYS, 0, "90")
    stop = threading.Event()
    watch = threading.Thread(target=force.watch, args=(authority.database, stop, 0.01))
    watch.start()
    until = time.monotonic() + 20
    while force().counter_days != 90 and time.monotonic() < until:
        time.sleep(0.01)
    stop.set()
    watch.join(20)
    assert force().counter_days == 90
    assert looks[:3] == [60, 60, 60], "the change's own look, one of the watcher, and the next"


def test_every_service_asks_for_the_value_in_force(product: Product):
    live, services = product.services.live_settings.in_force, product.services
    users = (services.quality, services.lookup, services.counter_receipts, services.statistics)
    assert all(one.live is live for one in users)
