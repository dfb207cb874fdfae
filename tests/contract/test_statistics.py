"""The lead's figures: what is counted, whose, and that nobody is watched unless that is allowed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
from sqlalchemy import func, select

from eakte.domain.live_settings import LiveValues
from eakte.domain.rights import system_reader
from eakte.errors import NotPermitted
from eakte.models import DailyFigure
from eakte.repositories.figures import Figures
from eakte.services.statistics import Statistics
from eakte.services.statistics_views import Decision, LeadingView
from tests.authority import MORNING, STEP, Authority
from tests.small_authority import MUELLER, OTHER_SITE, SCHMIDT
from web.presenters import leading as presenter

WORKER = system_reader("absences")


def finish(authority: Authority, letter: str, who: str) -> None:
    entry = authority.entry(letter, who)
    authority.postboxes.file(authority.reader(who), entry.id, entry.version, "kontoauszug")


def seen(authority: Authority, who: str = "a.lead", days: int = 7) -> LeadingView:
    return authority.statistics.view(authority.reader(who), days)


@pytest.fixture
def busy(authority: Authority) -> Authority:
    """Yesterday three letters came, one of them through clearing; one was finished today."""
    first = authority.letter("kontoauszug", MUELLER)
    authority.letter("kontoauszug", SCHMIDT)
    waiting = authority.letter("sonstiges", None, state="clearing")
    authority.clearing.assign(
        authority.reader("s.scan"),
        waiting,
        authority.document(waiting).version,
        schlagwort="kontoauszug",
        aktenzeichen=MUELLER,
    )
    authority.letter("kontoauszug", OTHER_SITE)
    authority.clock.forward(days=1)
    finish(authority, first, "m.petersen")
    return authority


def test_a_day_is_counted_once_it_is_over_and_today_as_far_as_it_is(busy: Authority):
    assert busy.statistics.keep_days(WORKER) == 1
    assert busy.statistics.keep_days(WORKER) == 0
    yesterday, today = seen(busy).days[-2:]
    assert (yesterday.arrived, yesterday.machine, yesterday.cleared) == (3, 2, 1)
    assert yesterday.untouched == pytest.approx(2 / 3)
    assert (today.arrived, today.finished) == (0, 1)
    assert today.untouched is None
    busy.clock.forward(days=3)
    assert busy.statistics.keep_days(WORKER) == 3
    assert [one.finished for one in seen(busy).days][-4:] == [1, 0, 0, 0]
    assert sum(one.arrived for one in seen(busy, "x.admin").days) == 3


def test_open_post_is_sorted_by_age(busy: Authority):
    busy.letter("kontoauszug", MUELLER)
    busy.clock.forward(days=1, hours=1)
    (team,) = seen(busy).teams
    (box,) = team.boxes
    assert (box.title, box.fresh, box.older, box.old) == ("Mitglieder zusammen", 1, 2, 0)
    assert box.oldest == MORNING
    busy.clock.forward(days=8)
    (team,) = seen(busy).teams
    assert (team.boxes[0].old, team.tasks) == (3, 3)


def test_no_row_and_no_line_is_about_a_person(busy: Authority):
    busy.clock.forward(days=1)
    busy.statistics.keep_days(WORKER)
    with busy.database.read() as session:
        kept = set(session.scalars(select(DailyFigure.postbox)))
    assert kept == {""}
    text = presenter.open_csv(seen(busy)) + presenter.days_csv(seen(busy))
    assert "Petersen" not in text
    assert "m.petersen" not in text
    allowed = Statistics(busy.database, lambda: LiveValues(statistics_per_person=True))
    lines = {one.title for one in allowed.view(busy.reader("a.lead"), 7).teams[0].boxes}
    assert lines == {"Maike Petersen", "Jens Hansen"}


def test_what_was_kept_of_people_is_put_together_once_that_is_allowed_no_more(busy: Authority):
    busy.letter("kontoauszug", OTHER_SITE)
    busy.clock.forward(days=1)
    allowed = Statistics(busy.database, lambda: LiveValues(statistics_per_person=True))
    assert allowed.keep_days(WORKER) == 2
    with busy.database.read() as session:
        assert {"m.petersen", "i.clausen"} <= set(session.scalars(select(DailyFigure.postbox)))

    def small_team() -> int:
        team = {one.id: one for one in seen(busy, "x.admin").teams}["toenning-leistung"]
        return sum(one.arrived for one in team.days)

    before = [one.arrived for one in seen(busy).days]
    assert small_team() == 0
    busy.statistics.keep_days(WORKER)
    with busy.database.read() as session:
        assert set(session.scalars(select(DailyFigure.postbox))) == {""}
        assert session.scalar(select(func.sum(DailyFigure.arrived))) == 5
    assert [one.arrived for one in seen(busy).days] == before
    assert small_team() == 0


@pytest.mark.parametrize(("at", "day"), [("22:59", 20), ("23:01", 21)])
def test_a_decision_covers_the_days_that_begin_after_it_in_berlin(at: str, day: int):
    entered = datetime.fromisoformat(f"2026-11-20T{at}:00+00:00")
    decision = Decision(decided_by="Personalrat", at=entered)
    assert decision.day == date(2026, 11, day)
    assert not decision.covers(decision.day)
    assert decision.covers(date(2026, 11, day + 1))


def test_a_team_of_two_is_left_out_and_says_so(busy: Authority):
    team = {one.id: one for one in seen(busy, "x.admin").teams}["toenning-leistung"]
    assert (team.small, team.boxes, sum(one.arrived for one in team.days)) == (True, (), 0)


def test_what_went_back_is_not_finished(authority: Authority):
    authority.away("m.petersen", "2026-11-20", "2026-11-20")
    authority.letter("kontoauszug", MUELLER)
    authority.clock.set_day("2026-11-21")
    authority.absences.keep_up(WORKER)
    assert seen(authority).days[-1].finished == 0


@pytest.mark.parametrize("login", ["m.petersen", "s.scan", "r.legal"])
def test_who_leads_nobody_sees_no_figures(busy: Authority, login: str):
    with pytest.raises(NotPermitted):
        seen(busy, login)
    with pytest.raises(NotPermitted):
        busy.statistics.keep_days(busy.reader(login))
    with busy.database.read() as session:
        rows, who = Figures(session), busy.reader(login)
        assert rows.open_post(who, MORNING, MORNING) == []
        assert rows.between(who, MORNING, MORNING) == []
        assert rows.days(who, MORNING.date(), None) == rows.of_people(who) == []
        assert (rows.last_day(who), rows.first_arrival(who)) == (None, None)
        assert rows.first_arrival(STEP) == MORNING


def test_a_file_is_audited_and_names_that_look_like_formulas_are_text(busy: Authority):
    view = busy.statistics.export(busy.reader("a.lead"), 2)
    assert ("a.lead", "figures.export", None) in busy.trail_of("teams")
    (team,) = view.teams
    odd = replace(view, teams=(replace(team, title="=1+1"),))
    assert presenter.days_csv(odd).splitlines()[1].split(";")[2] == "'=1+1"
    assert presenter.days_csv(view).splitlines()[0].endswith("unberuehrt;ueber_klaerung")


def test_every_chart_stays_within_its_drawing_and_says_what_it_shows(busy: Authority):
    for days in (1, 7, 90):
        view = seen(busy, "x.admin", days)
        for chart in (
            presenter.per_day(view.days),
            presenter.share(view.days),
            presenter.by_age(view.teams, 7),
        ):
            assert chart.summary.endswith(".")
            for bar in chart.bars:
                assert 0 <= bar.x <= bar.x + bar.width <= chart.width
                assert 0 <= bar.y <= bar.y + bar.height <= chart.height
