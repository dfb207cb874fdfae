"""What a letter says of itself, for the document's head: values in German, with their place."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from eakte.domain.facts import REMEDIES_GIVEN, Fact, FactKind
from eakte.domain.findings import Evidence
from eakte.services.views import Choice, VorgangView
from web.presenters import german

TITLES = {
    FactKind.SENDER: "Absender",
    FactKind.DATED: "Datum",
    FactKind.SUBJECT: "Betreff",
    FactKind.SET_DATE: "Gesetzt",
    FactKind.DECISION: "Bescheid vom",
    FactKind.OBJECTION_DECISION: "Widerspruchsbescheid vom",
    FactKind.NOTIFIED: "Zugegangen am",
    FactKind.POSTED: "Zur Post am",
    FactKind.COURT_NUMBER: "Az. Gericht",
    FactKind.OBJECTION_NUMBER: "Az. Widerspruch",
    FactKind.BENEFITS_UNTIL: "Bewilligt bis",
    FactKind.REMEDIES: "Belehrung",
    FactKind.ABROAD: "Ausland",
    FactKind.AMOUNT: "Beträge",
}
"""In the order of the screen."""

FEW = 3
"""So many values of a kind stand open; the rest unfolds."""

_UNITS = {"D": ("Tag", "Tagen"), "W": ("Woche", "Wochen"), "M": ("Monat", "Monaten")}
_PERIOD = re.compile(r"PT?(\d+)([DWMH])")


@dataclass(frozen=True, slots=True, kw_only=True)
class FactRow:
    """One value; ``marks`` is the JSON that the viewer draws, empty without a place.

    ``choice`` names the fact in the form that corrects it.
    """

    text: str
    uncertain: bool
    by_hand: bool
    marks: str
    place: str
    choice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FactGroup:
    """The values of one kind: those that stand open, and the rest."""

    title: str
    few: tuple[FactRow, ...]
    rest: tuple[FactRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VorgangPanel:
    """The Vorgang that the document belongs to, why, and what else there is to choose from."""

    title: str
    reason: str
    marks: str
    by_hand: bool
    choices: tuple[Choice, ...]
    chosen: str


def groups(facts: Iterable[Fact]) -> tuple[FactGroup, ...]:
    """The facts by kind, in the order of the screen."""
    listed = list(facts)
    made = []
    for kind, title in TITLES.items():
        rows = tuple(_row(one) for one in listed if one.kind is kind)
        if rows:
            made.append(FactGroup(title=title, few=rows[:FEW], rest=rows[FEW:]))
    return tuple(made)


def choices(facts: Iterable[Fact]) -> tuple[Choice, ...]:
    """What may be corrected: every fact there is, then a further or missing one of each kind."""
    listed = sorted(facts, key=lambda one: list(TITLES).index(one.kind))
    present = [Choice(id=_choice(one), title=f"{TITLES[one.kind]}: {shown(one)}") for one in listed]
    missing = [Choice(id=f"{kind}|", title=f"{title}: ergänzen") for kind, title in TITLES.items()]
    return (*present, *missing)


def sender_line(facts: Iterable[Fact]) -> str:
    """``Stadtwerke Husum GmbH, 12.11.2026``."""
    known = {one.kind: shown(one) for one in reversed(list(facts))}
    return german.joined((known.get(FactKind.SENDER), known.get(FactKind.DATED)))


def panel(vorgang: VorgangView | None, beside: tuple[Choice, ...]) -> VorgangPanel | None:
    """None where the case file has no Vorgang at all."""
    if vorgang is None and not beside:
        return None
    return VorgangPanel(
        title=vorgang.title if vorgang else "",
        reason=vorgang.reason if vorgang else "",
        marks=_marks(vorgang.evidence) if vorgang else "",
        by_hand=vorgang.by_hand if vorgang else False,
        choices=beside,
        chosen=vorgang.id if vorgang else "",
    )


def shown(fact: Fact) -> str:
    """The value as a clerk writes it."""
    if fact.kind is FactKind.AMOUNT:
        whole, _, cents = fact.value.partition(".")
        return f"{int(whole):,}".replace(",", ".") + f",{cents} €"
    if fact.kind is FactKind.REMEDIES:
        missing = "nicht gefunden" if fact.given_by is None else "fehlt oder ist unrichtig"
        return "vorhanden" if fact.value == REMEDIES_GIVEN else missing
    if match := _PERIOD.fullmatch(fact.value):
        count, unit = int(match[1]), match[2]
        one, many = ("Stunde", "Stunden") if unit == "H" else _UNITS[unit]
        return f"binnen {count} {one if count == 1 else many}"
    try:
        return german.day(date.fromisoformat(fact.value))
    except ValueError:
        return fact.value


def _row(fact: Fact) -> FactRow:
    return FactRow(
        text=shown(fact),
        uncertain=fact.uncertain,
        by_hand=fact.given_by is not None,
        marks=_marks(fact.evidence),
        place=f"S. {fact.evidence[0].page}" if fact.evidence else "",
        choice=_choice(fact),
    )


def _choice(fact: Fact) -> str:
    return f"{fact.kind}|{fact.value}"


def _marks(evidence: Iterable[Evidence]) -> str:
    for one in evidence:
        return json.dumps({"page": one.page, "boxes": [box.as_list() for box in one.boxes]})
    return ""
