"""Zuständigkeiten: teams and surname ranges, files handed over, what a change would do before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Query
from starlette.responses import Response

from eakte.domain.rights import Role
from eakte.services.handovers import Plan
from eakte.services.responsibilities import ListChange
from web.desk import AtDesk, Desk
from web.presenters import responsibilities as presenter
from web.presenters.absences import url_of as absences_of
from web.presenters.responsibilities import HERE, url_of
from web.views.postboxes import EntryVersion
from web.views.quality import Done

router = APIRouter(prefix=HERE)
NOTICES = {
    "geaendert": "Geändert. Es gilt sofort für neue Post.",
    "uebergeben": "Die Akten sind übergeben.",
    "geplant": "Die Übergabe ist vorgemerkt und geschieht an ihrem Tag.",
    "zurueck": "Die Übergabe ist zurückgenommen.",
    "team": "Das Team ist gespeichert.",
    "umgezogen": "Die Akte ist umgezogen, mit offener Post und Wiedervorlagen.",
    "akte": "Die Zuständigkeit für diese Akte ist geändert.",
}
Login = Annotated[str, Form(max_length=64)]
Text = Annotated[str, Form(max_length=400)]
Word = Annotated[str, Query(max_length=64)]
Teams = Annotated[list[str], Form(max_length=100)]
ONE_FILE = f"{HERE}/akte"


@router.get("")
def overview(desk: AtDesk, erledigt: Done = "") -> Response:
    """The teams that the reader leads."""
    teams = desk.services.responsibilities.teams(desk.reader)
    return desk.show(
        "responsibilities.html",
        teams=presenter.team_blocks(teams),
        handovers=presenter.handover_lines(desk.services.handovers.planned(desk.reader)),
        functions=sorted({(team.function, team.function_title) for team in teams}),
        people=_people(desk),
        sites=desk.services.probe.sites(desk.reader),
        keeps_teams=desk.reader.has_role(Role.ADMINISTRATOR),
        today=desk.services.absence_lists.today(desk.reader).isoformat(),
        notice=NOTICES.get(erledigt, ""),
    )


def _people(desk: Desk) -> list[tuple[str, str, bool]]:
    """Login, name and whether they only might join."""
    found = desk.services.responsibilities.colleagues(desk.reader)
    return [(one.id, one.title, bool(one.detail)) for one in found]


@router.get("/personen/{login}")
def person(desk: AtDesk, login: str) -> Response:
    """One person's teams and surname ranges."""
    view = desk.services.responsibilities.person(desk.reader, login)
    return desk.show(
        "responsibility_person.html",
        person=view,
        url=url_of(login),
        absences=absences_of(login),
    )


@router.get("/personen/{login}/vorschau")
def preview(
    desk: AtDesk,
    login: str,
    *,
    stand: Word,
    funktion: Word = "",
    bereiche: Annotated[str, Query(max_length=400)] = "",
    teams: Annotated[list[str] | None, Query(max_length=100)] = None,
    was: Word = "bereiche",
) -> Response:
    """What the change would do, before it counts."""
    wanted = tuple(one for one in teams or () if one)
    change = _change(login, was, funktion, bereiche, wanted)
    effect = desk.services.responsibilities.effect(desk.reader, change)
    people = {one: (name, new) for one, name, new in _people(desk)}
    name, new = people.get(login, (login, False))
    return desk.show(
        "responsibility_effect.html",
        effect=presenter.effect_lines(effect),
        title=f"{name}: {'Teams' if was == 'teams' else 'Nachnamen ' + (bereiche or 'keine')}",
        action=f"{url_of(login)}/{'teams' if was == 'teams' else 'bereiche'}",
        fields=[
            ("stand", stand),
            ("funktion", funktion),
            ("bereiche", bereiche),
            *(("teams", one) for one in wanted),
        ],
        back=HERE if new else url_of(login),
        button="Jetzt ändern",
        post_label="Wartende Post mitnehmen",
    )


def _change(
    login: str, what: str, function: str, ranges: str, teams: tuple[str, ...]
) -> ListChange:
    if what == "teams":
        return ListChange(login=login, teams=teams)
    return ListChange(login=login, function=function, ranges=ranges)


@router.post("/personen/{login}/bereiche")
def put_ranges(
    desk: AtDesk,
    login: str,
    *,
    stand: Login,
    funktion: Login,
    bereiche: Text = "",
    mit_post: Annotated[bool, Form()] = False,
) -> Response:
    """Other surname ranges in a function."""
    change = ListChange(login=login, function=funktion, ranges=bereiche)
    desk.services.responsibilities.put(desk.reader, change, stand, with_post=mit_post)
    return desk.go(f"{HERE}?erledigt=geaendert")


@router.post("/personen/{login}/teams")
def put_teams(
    desk: AtDesk,
    login: str,
    *,
    stand: Login,
    teams: Teams = [],  # noqa: B006  FastAPI copies it
    mit_post: Annotated[bool, Form()] = False,
) -> Response:
    """Other teams."""
    change = ListChange(login=login, teams=tuple(one for one in teams if one))
    desk.services.responsibilities.put(desk.reader, change, stand, with_post=mit_post)
    return desk.go(f"{HERE}?erledigt=geaendert")


@router.get("/neu")
def newcomer(desk: AtDesk, login: Word) -> Response:
    """Somebody who is in no team yet: the teams to choose from."""
    view = desk.services.responsibilities.newcomer(desk.reader, login)
    return desk.show(
        "responsibility_person.html", person=view, url=url_of(login), absences=absences_of(login)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverForm:
    """The fields of a handover, in the preview and when it is made."""

    von: str
    an: str
    ab: date
    funktion: str = ""
    geschuetzte: bool = False

    def plan(self, *, with_post: bool) -> Plan:
        """What the service is told."""
        return Plan(
            giver=self.von,
            taker=self.an,
            function=self.funktion,
            effective=self.ab,
            with_protected=self.geschuetzte,
            with_post=with_post,
        )


def _asked(
    *, von: Word, an: Word, ab: date, funktion: Word = "", geschuetzte: bool = False
) -> HandoverForm:
    return HandoverForm(von=von, an=an, ab=ab, funktion=funktion, geschuetzte=geschuetzte)


def _sent(
    *,
    von: Login,
    an: Login,
    ab: Annotated[date, Form()],
    funktion: Login = "",
    geschuetzte: Annotated[bool, Form()] = False,
) -> HandoverForm:
    return HandoverForm(von=von, an=an, ab=ab, funktion=funktion, geschuetzte=geschuetzte)


@router.get("/uebergabe")
def preview_handover(desk: AtDesk, form: Annotated[HandoverForm, Depends(_asked)]) -> Response:
    """What a handover would do."""
    effect = desk.services.handovers.effect(desk.reader, form.plan(with_post=False))
    names = {login: name for login, name, _ in _people(desk)}
    fields = [("von", form.von), ("an", form.an), ("ab", form.ab.isoformat())]
    fields += [("funktion", form.funktion)] if form.funktion else []
    fields += [("geschuetzte", "true")] if form.geschuetzte else []
    return desk.show(
        "responsibility_effect.html",
        effect=presenter.effect_lines(effect),
        title=f"Alle Akten von {names[form.von]} an {names[form.an]}",
        action=f"{HERE}/uebergabe",
        fields=fields,
        back=HERE,
        button="Übergeben",
        post_label="Wartende Post mitgeben",
    )


@router.post("/uebergabe")
def hand_over(
    desk: AtDesk,
    form: Annotated[HandoverForm, Depends(_sent)],
    *,
    mit_post: Annotated[bool, Form()] = False,
) -> Response:
    """All files of one to another, today or on their day."""
    done = desk.services.handovers.hand_over(desk.reader, form.plan(with_post=mit_post))
    return desk.go(f"{HERE}?erledigt={'uebergeben' if done else 'geplant'}")


@router.post("/uebergabe/{handover_id}/zuruecknehmen")
def take_back(desk: AtDesk, handover_id: str, *, version: EntryVersion) -> Response:
    """A handover that waits for its day is given up."""
    desk.services.handovers.take_back(desk.reader, handover_id, version)
    return desk.go(f"{HERE}?erledigt=zurueck")


@router.post("/teams")
def create_team(
    desk: AtDesk, *, kennung: Login, name: Text, funktion: Login, standort: Login = ""
) -> Response:
    """A new team, for the administration."""
    desk.services.team_list.create(desk.reader, kennung, name, standort, funktion)
    return desk.go(f"{HERE}?erledigt=team")


@router.post("/teams/{team_id}/name")
def rename_team(desk: AtDesk, team_id: str, *, bisher: Text, name: Text) -> Response:
    """Another name of a team."""
    desk.services.team_list.rename(desk.reader, team_id, bisher, name)
    return desk.go(f"{HERE}?erledigt=team")


@router.get("/akte")
def one_file(desk: AtDesk, aktenzeichen: Word, erledigt: Done = "") -> Response:
    """Who answers for one file."""
    view = desk.services.file_responsibles.case(desk.reader, aktenzeichen)
    return desk.show(
        "responsibility_case.html",
        case=view,
        people=[one for one in _people(desk) if not one[2]],
        notice=NOTICES.get(erledigt, ""),
    )


@router.post("/akte")
def put_one(
    desk: AtDesk,
    *,
    aktenzeichen: Login,
    funktion: Login,
    person: Login = "",
    bisher: Login = "",
    login: Login = "",
) -> Response:
    """Somebody else answers for one file."""
    place = (person or None, funktion)
    desk.services.file_responsibles.put_one(desk.reader, aktenzeichen, place, bisher, login)
    query = urlencode({"aktenzeichen": aktenzeichen, "erledigt": "akte"})
    return desk.go(f"{ONE_FILE}?{query}")
