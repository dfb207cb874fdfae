"""Accounts in words: what roles are called, who gets in, what the register will overwrite."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from eakte.repositories.local_changes import DEPUTIES, RANGES, ROLES, TEAMS
from eakte.services.account_views import AccountFilter, AccountLine, AccountView
from web.presenters import german

HERE = "/verwaltung/konten"
MADE_HERE = (
    "Hier angelegt; das Register kennt diesen Anmeldenamen nicht. Nennt ihn ein Import, gelten "
    "von da an Name, Rollen und Teams des Registers."
)
LISTS = {ROLES: "Rollen", TEAMS: "Teams", RANGES: "Nachnamen", DEPUTIES: "Vertretung"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Somebody in the list; ``state`` is empty where all is as it should be."""

    name: str
    login: str
    url: str
    roles: str
    teams: str
    sites: str
    signed_in: str
    state: str
    kind: str


def url_of(login: str) -> str:
    """The screen of one account."""
    return f"{HERE}/{quote(login, safe='')}"


def line(one: AccountLine, titles: Mapping[str, str]) -> Line:
    """One row; ``titles`` of the roles by id."""
    state, kind = _state(one)
    return Line(
        name=one.name,
        login=one.login,
        url=url_of(one.login),
        roles=german.joined(titles.get(role, role) for role in one.roles) or "keine",
        teams=german.joined(one.teams) or "–",
        sites=german.joined(one.sites) or ("zentral" if one.teams else "–"),
        signed_in=german.moment(one.signed_in_at) if one.signed_in_at else "noch nie",
        state=state,
        kind=kind,
    )


def _state(one: AccountLine) -> tuple[str, str]:
    if one.awaits_second:
        return "wartet auf eine zweite Person", "warnung"
    if one.blocked:
        return "gesperrt", "warnung"
    if not one.has_password:
        return "kein Kennwort", "hinweis"
    if one.paused:
        return "zu viele falsche Kennwörter", "warnung"
    if one.must_change:
        return "Kennwort noch nicht geändert", "hinweis"
    return "", ""


def page_url(wanted: AccountFilter, start: int) -> str:
    """The list from ``start`` on, narrowed as it is."""
    fields = {"q": wanted.text, "rolle": wanted.role, "standort": wanted.site}
    fields |= {"gesperrt": "true" if wanted.blocked else "", "ab": str(start) if start else ""}
    query = urlencode({name: value for name, value in fields.items() if value})
    return f"{HERE}?{query}" if query else HERE


def origins(view: AccountView) -> tuple[str, ...]:
    """Whose word the account is, and what the next import of the register will do to it."""
    if view.line.local:
        return (MADE_HERE,)
    changed = {one.kind: one for one in view.local_lists}
    kept = [title for kind, title in LISTS.items() if kind not in changed]
    said = [
        f"{LISTS[kind]} – hier geändert von {one.changed_by} am {german.moment(one.changed_at)}; "
        f"das Register sagte: {german.joined(one.said) or 'nichts'}. Der nächste Import lässt die "
        "Änderung stehen, solange er dasselbe sagt; sagt er etwas Neues, gilt das Register."
        for kind, one in changed.items()
    ]
    if kept:
        said.append(
            f"{german.joined(['Name', *kept])} – aus dem Register; der nächste Import überschreibt "
            "sie mit dem, was er nennt."
        )
    return tuple(said)
