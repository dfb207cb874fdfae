"""Verwaltung, Konten: who may sign in, with which roles and teams."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query
from starlette.responses import Response

from eakte.services.account_views import AccountFilter, NewAccount
from web.desk import AtDesk, Desk
from web.presenters import accounts as presenter
from web.presenters import german
from web.presenters.absences import url_of as absences_of
from web.presenters.accounts import HERE, url_of
from web.presenters.responsibilities import url_of as responsibilities_of
from web.views.quality import Done

router = APIRouter(prefix=HERE)
PAGE = 100
NOTICES = {
    "rollen": "Die Rollen sind geändert. Sie gelten mit dem nächsten Aufruf.",
    "gesperrt": "Das Konto ist gesperrt, alle Anmeldungen sind beendet.",
    "entsperrt": "Das Konto ist entsperrt.",
    "beendet": "Alle Anmeldungen dieses Kontos sind beendet.",
}
Word = Annotated[str, Query(max_length=100)]
Text = Annotated[str, Form(max_length=200)]
Several = Annotated[list[str], Form(max_length=100)]


@router.get("")
def accounts(
    desk: AtDesk,
    *,
    q: Word = "",
    rolle: Word = "",
    standort: Word = "",
    gesperrt: bool = False,
    ab: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Response:
    """Everybody who has an account or might have one."""
    wanted = AccountFilter(text=q, role=rolle, site=standort, blocked=gesperrt)
    found = desk.services.account_list.page(desk.reader, wanted, ab, PAGE)
    choices = desk.services.account_list.choices(desk.reader)
    titles = {one.id: one.title for one in choices.roles}
    after = ab + PAGE
    return desk.show(
        "accounts.html",
        wanted=wanted,
        total=found.total,
        lines=[presenter.line(one, titles) for one in found.lines],
        choices=choices,
        previous=presenter.page_url(wanted, max(0, ab - PAGE)) if ab else "",
        following=presenter.page_url(wanted, after) if after < found.total else "",
    )


@router.get("/neu")
def new_account(desk: AtDesk) -> Response:
    """The form for an account that the register doesn't know."""
    return desk.show("account_new.html", choices=desk.services.account_list.choices(desk.reader))


@router.post("/neu")
def create(
    desk: AtDesk,
    *,
    anmeldename: Text,
    name: Text,
    rollen: Several = [],  # noqa: B006  FastAPI copies it
    teams: Several = [],  # noqa: B006  FastAPI copies it
) -> Response:
    """Make the account and show its password, this once."""
    login = anmeldename.strip()
    new = NewAccount(login=login, name=name, roles=rollen, teams=[one for one in teams if one])
    password = desk.services.account_list.create(desk.reader, new)
    return _password(desk, login, password, "Das Konto ist angelegt.")


@router.get("/{login}")
def account(desk: AtDesk, login: str, erledigt: Done = "") -> Response:
    """One account and what can be done to it."""
    view = desk.services.account_list.get(desk.reader, login)
    titles = {one.id: one.title for one in view.roles}
    return desk.show(
        "account.html",
        account=view,
        line=presenter.line(view.line, titles),
        held=",".join(view.line.roles),
        origins=presenter.origins(view),
        changed=german.moment(view.changed_at),
        blocked_at=german.moment(view.blocked_at),
        teams_url=responsibilities_of(login),
        absences_url=absences_of(login),
        notice=NOTICES.get(erledigt, ""),
    )


@router.post("/{login}/rollen")
def put_roles(
    desk: AtDesk,
    login: str,
    *,
    bisher: Annotated[str, Form(max_length=500)] = "",
    rollen: Several = [],  # noqa: B006  FastAPI copies it
) -> Response:
    """Other roles."""
    before = [one for one in bisher.split(",") if one]
    desk.services.account_list.set_roles(desk.reader, login, before, rollen)
    return desk.go(f"{url_of(login)}?erledigt=rollen")


@router.post("/{login}/sperren")
def block(desk: AtDesk, login: str) -> Response:
    """Nobody signs in so any more."""
    desk.services.account_list.block(desk.reader, login)
    return desk.go(f"{url_of(login)}?erledigt=gesperrt")


@router.post("/{login}/entsperren")
def unblock(desk: AtDesk, login: str) -> Response:
    """They may sign in again."""
    desk.services.account_list.unblock(desk.reader, login)
    return desk.go(f"{url_of(login)}?erledigt=entsperrt")


@router.post("/{login}/kennwort")
def reset_password(desk: AtDesk, login: str) -> Response:
    """Another password, shown this once."""
    password = desk.services.account_list.reset_password(desk.reader, login)
    return _password(desk, login, password, "Das Kennwort ist zurückgesetzt.")


@router.post("/{login}/abmelden")
def end_sessions(desk: AtDesk, login: str) -> Response:
    """Every browser is signed out."""
    desk.services.account_list.end_sessions(desk.reader, login)
    return desk.go(f"{url_of(login)}?erledigt=beendet")


def _password(desk: Desk, login: str, password: str, said: str) -> Response:
    return desk.show(
        "account_password.html",
        login=login,
        url=url_of(login),
        password=password,
        waits=desk.services.account_list.get(desk.reader, login).line.awaits_second,
        notice=said,
    )
