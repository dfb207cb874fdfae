"""The frame of every screen: who I am, where I may go, what waits there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from eakte.domain.rights import CLEARING, Reader, Role

if TYPE_CHECKING:
    from eakte.services.views import PostboxSummary

ROLE_TITLES = {
    Role.SCAN: "Scanstelle",
    Role.CASEWORKER: "Sachbearbeitung",
    Role.TEAM_LEAD: "Teamleitung",
    Role.LEGAL: "Rechtsstelle",
    Role.ADMINISTRATOR: "Administration",
    Role.COUNTER: "Telefon und Empfang",
}
HAS_POSTBOX = (Role.CASEWORKER, Role.TEAM_LEAD, Role.LEGAL)
READS_FILES = HAS_POSTBOX
EMERGENCIES = (Role.CASEWORKER, Role.TEAM_LEAD, Role.ADMINISTRATOR)
"""Who may open a file by Notzugriff or read the report of them."""
TEAM = ("/abwesenheit/team", "/abwesenheit/personen", "/zustaendigkeiten", "/leitung")


@dataclass(frozen=True, slots=True, kw_only=True)
class NavigationItem:
    """An area of the product; ``count`` None where nothing is counted."""

    title: str
    url: str
    key: str
    current: bool
    count: int | None = None
    count_of: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StandIn:
    """Somebody absent in whose place the reader works today, and what waits in their postbox."""

    login: str
    name: str
    url: str
    tasks: int
    urgent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """What ``base.html`` prints around a screen; empty for a visitor not signed in."""

    csrf: str = ""
    login: str = ""
    name: str = ""
    roles: str = ""
    theme: str = ""
    query: str = ""
    navigation: tuple[NavigationItem, ...] = ()
    standing_in_for: tuple[StandIn, ...] = ()
    may_search: bool = False
    away: bool = False
    emergency: bool = False
    live: bool = False


def navigation(
    reader: Reader, postboxes: Iterable[PostboxSummary], path: str, due: int = 0
) -> tuple[NavigationItem, ...]:
    """The areas this reader may use, with what waits there; ``due`` Wiedervorlagen are."""
    boxes = tuple(postboxes)
    items = []
    if reader.has_role(*HAS_POSTBOX):
        items.append(
            NavigationItem(
                title="Postkorb",
                url="/postkorb",
                key="1",
                current=path.startswith("/postkorb"),
                count=sum(box.tasks for box in boxes if box.kind in {"own", "deputy"}),
                count_of="mine",
            )
        )
        items.append(
            NavigationItem(
                title="Wiedervorlagen",
                url="/wiedervorlagen",
                key="5",
                current=path.startswith("/wiedervorlagen"),
                count=due,
                count_of="wiedervorlagen",
            )
        )
    if reader.at_clearing_desk:
        items.append(
            NavigationItem(
                title="Klärung",
                url="/klaerung",
                key="2",
                current=path.startswith("/klaerung"),
                count=sum(box.tasks for box in boxes if box.id == CLEARING),
                count_of=CLEARING,
            )
        )
        items.append(
            NavigationItem(
                title="Eingang",
                url="/eingang",
                key="3",
                current=path.startswith(("/eingang", "/scanstelle")),
            )
        )
        items.append(
            NavigationItem(
                title="Sichtprüfung",
                url="/sichtpruefung",
                key="4",
                current=path.startswith("/sichtpruefung"),
            )
        )
    if reader.counter:
        items.append(
            NavigationItem(
                title="Auskunft", url="/auskunft", key="7", current=path.startswith("/auskunft")
            )
        )
    if reader.has_role(Role.TEAM_LEAD, Role.ADMINISTRATOR):
        items.append(
            NavigationItem(
                title="Team", url="/abwesenheit/team", key="6", current=path.startswith(TEAM)
            )
        )
    if reader.may_see_trials:
        items.append(
            NavigationItem(
                title="Regeln", url="/regeln", key="8", current=path.startswith("/regeln")
            )
        )
    if reader.settings:
        items.append(
            NavigationItem(
                title="Verwaltung",
                url="/verwaltung/konten",
                key="K",
                current=path.startswith("/verwaltung/konten"),
            )
        )
        items.append(
            NavigationItem(
                title="Einstellungen",
                url="/verwaltung/einstellungen",
                key="E",
                current=path.startswith("/verwaltung/einstellungen"),
            )
        )
    return tuple(items)


def stand_ins(reader: Reader, postboxes: Iterable[PostboxSummary]) -> tuple[StandIn, ...]:
    """Those stood in for, with their open and their urgent tasks; the urgent ones first."""
    boxes = {box.id: box for box in postboxes if box.kind == "deputy"}
    found = []
    for login, name in reader.standing_in_for:
        box = boxes.get(login)
        tasks, urgent = (box.tasks, box.urgent) if box is not None else (0, 0)
        line = StandIn(
            login=login,
            name=name,
            url=f"/postkorb/{quote(login)}",
            tasks=tasks,
            urgent=f"{urgent} eilig" if urgent else "",
        )
        found.append(line)
    return tuple(sorted(found, key=lambda one: not one.urgent))


def shell(
    reader: Reader,
    postboxes: Iterable[PostboxSummary],
    *,
    csrf: str,
    path: str,
    theme: str,
    query: str = "",
    due: int = 0,
) -> Shell:
    """The frame for a signed-in reader."""
    boxes = tuple(postboxes)
    return Shell(
        csrf=csrf,
        name=reader.name or reader.login,
        roles=", ".join(title for role, title in ROLE_TITLES.items() if role.value in reader.roles),
        theme=theme,
        query=query,
        navigation=navigation(reader, boxes, path, due),
        login=reader.login,
        standing_in_for=stand_ins(reader, boxes),
        away=reader.away,
        may_search=reader.has_role(*READS_FILES),
        emergency=reader.has_role(*EMERGENCIES),
        live=reader.has_role(*HAS_POSTBOX) or reader.at_clearing_desk,
    )
