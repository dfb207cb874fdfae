"""Abwesenheit: everybody their own, the lead the team's."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Query
from starlette.responses import Response

from eakte.errors import NotPermitted
from web.desk import AtDesk, Desk
from web.presenters import absences as presenter
from web.presenters.absences import HERE, url_of
from web.views.quality import Done

router = APIRouter(prefix=HERE)
WEEKS = 6
NOTICES = {
    "eingetragen": "Die Abwesenheit ist eingetragen.",
    "zusammen": "Eingetragen und mit einer anstoßenden Abwesenheit zusammengefasst.",
    "beendet": "Die Abwesenheit ist beendet.",
    "geloescht": "Die Abwesenheit ist gelöscht.",
    "vertretung": "Die Vertretung ist geändert; sie gilt sofort.",
    "zurueck": "Die Eingänge sind zurückgegeben.",
}
Login = Annotated[str, Form(max_length=64)]
Stand = Annotated[str, Form(max_length=16)]
Day = Annotated[date, Form()]
Weeks = Annotated[date | None, Query(ge=date(2000, 1, 1), le=date(2199, 12, 31))]


@router.get("")
def own(desk: AtDesk, erledigt: Done = "") -> Response:
    """One's own absences and deputies."""
    return _screen(desk, desk.reader.login, erledigt)


@router.get("/team")
def team(desk: AtDesk, ab: Weeks = None) -> Response:
    """Week after week who is away, and who stands in."""
    if not desk.services.absence_lists.leads(desk.reader):
        raise NotPermitted("Die Abwesenheiten eines Teams sieht nur, wer es leitet.")
    today = desk.services.absence_lists.today(desk.reader)
    view = desk.services.absence_lists.team(desk.reader, ab or today, WEEKS)
    step = timedelta(weeks=WEEKS)
    return desk.show(
        "absences_team.html",
        weeks=presenter.week_lines(view, today),
        people=[(url_of(one.login), one.name, one.away) for one in view.people],
        previous=f"{HERE}/team?ab={view.first - step}",
        following=f"{HERE}/team?ab={view.first + step}",
    )


@router.get("/personen/{login}")
def person(desk: AtDesk, login: str, erledigt: Done = "") -> Response:
    """The absences of somebody whom the reader cares for."""
    return _screen(desk, login, erledigt)


def _screen(desk: Desk, login: str, done: str) -> Response:
    view = desk.services.absence_lists.person(desk.reader, login)
    return desk.show(
        "absences.html",
        person=presenter.person_screen(view),
        leads=desk.services.absence_lists.leads(desk.reader),
        choices=desk.services.absence_lists.possible_deputies(desk.reader, login),
        notice=NOTICES.get(done, ""),
    )


def _back(desk: Desk, login: str, done: str) -> Response:
    where = HERE if login == desk.reader.login else url_of(login)
    return desk.go(f"{where}?erledigt={done}")


@router.post("/personen/{login}/eintragen")
def enter(
    desk: AtDesk,
    login: str,
    *,
    stand: Stand,
    von: Day,
    bis: Annotated[date | Literal[""], Form()] = "",
    offen: Annotated[bool, Form()] = False,
) -> Response:
    """Away from a day to another, or until further notice; no last day: that one day."""
    ends = None if offen else (bis or von)
    span = desk.services.absences.enter(desk.reader, login, stand, von, ends)
    return _back(
        desk, login, "eingetragen" if (span.starts, span.ends) == (von, ends) else "zusammen"
    )


@router.post("/personen/{login}/beenden")
def end(desk: AtDesk, login: str, *, stand: Stand, beginn: Day, letzter: Day) -> Response:
    """Back earlier; what a deputy did not begin comes back at once."""
    desk.services.absences.end(desk.reader, login, stand, beginn, letzter)
    return _back(desk, login, "beendet")


@router.post("/personen/{login}/loeschen")
def remove(desk: AtDesk, login: str, *, stand: Stand, beginn: Day) -> Response:
    """A future absence is taken away."""
    desk.services.absences.remove(desk.reader, login, stand, beginn)
    return _back(desk, login, "geloescht")


@router.post("/personen/{login}/vertretung")
def deputies(
    desk: AtDesk,
    login: str,
    *,
    stand: Stand,
    vertretung: Annotated[list[str], Form(max_length=20)],
) -> Response:
    """Who stands in, in this order; what is left empty is left out."""
    wanted = [one for one in vertretung if one]
    desk.services.absences.set_deputies(desk.reader, login, stand, wanted)
    return _back(desk, login, "vertretung")


@router.post("/zurueckgeben")
def hand_back(desk: AtDesk, *, postkorb: Login, fuer: Login) -> Response:
    """What was begun in somebody's place goes to them after all."""
    desk.services.absences.hand_back(desk.reader, postkorb, fuer)
    return desk.go(f"{HERE}?erledigt=zurueck")
