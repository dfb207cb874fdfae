"""The trace of the routing rule as German sentences: what did not match and why, and what did."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from eakte.domain.routing import Receiver, Tried, Why

FUNCTIONS = {
    "leistung": "Leistung",
    "vermittlung": "Vermittlung",
    "recht": "Recht",
    "forderung": "Forderung",
    "unterhalt": "Unterhalt",
    "but": "Bildung und Teilhabe",
    "owi": "Ordnungswidrigkeiten",
    "datenschutz": "Datenschutz",
    "leitung": "Leitung",
    "scan": "Scanstelle",
}
"""What a function is called; one that the authority added goes by its own id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """One step of the rule: its number, a sentence, whether the document found a place by it."""

    rule: str
    text: str
    matched: bool


@dataclass(frozen=True, slots=True)
class Names:
    """How people, teams and sites of a trace are called."""

    people: Mapping[str, str]
    teams: Mapping[str, str]
    sites: Mapping[str, str]

    def person(self, login: str | None) -> str:
        """The name, with the login where they differ."""
        return self.people.get(login or "", login or "")

    def team(self, team: str | None) -> str:
        """The team's name."""
        return self.teams.get(team or "", team or "")

    def place(self, site: str | None) -> str:
        """``am Standort Sozialzentrum Husum``, or central."""
        return f"am Standort {self.sites.get(site, site)}" if site else "zentral"


def function_title(function: str) -> str:
    """``Leistung`` for ``leistung``."""
    return FUNCTIONS.get(function, function)


def explained(trace: Iterable[Tried], names: Names, surname: str) -> tuple[Explained, ...]:
    """The steps in words, in the order in which they were taken."""
    return tuple(
        Explained(
            rule=step.rule,
            text=_SENTENCES[step.why](step, names, surname),
            matched=step.why.matches,
        )
        for step in trace
    )


def receiver_title(receiver: Receiver, names: Names) -> str:
    """Whose postbox it is, on screen."""
    if receiver.team is not None:
        return names.team(receiver.team)
    return names.person(receiver.login) if receiver.login is not None else "Klärung"


def _whom(step: Tried) -> str:
    return "für die Person" if step.person else "für die Akte"


def _named(step: Tried, names: Names, _surname: str) -> str:
    title = function_title(step.function)
    return f"In der Funktion {title} ist {_whom(step)} {names.person(step.login)} zuständig."


def _nobody_named(step: Tried, _names: Names, _surname: str) -> str:
    return f"In der Funktion {function_title(step.function)} ist {_whom(step)} niemand eingetragen."


def _no_team(step: Tried, names: Names, _surname: str) -> str:
    place = names.place(step.site)
    return f"Ein Team der Funktion {function_title(step.function)} gibt es {place} nicht."


def _not_covered(step: Tried, names: Names, surname: str) -> str:
    team = names.team(step.team)
    if step.count == 1:
        return f"Der eine Nachnamensbereich im Team {team} umfasst „{surname}“ nicht."
    return f"Keiner der {step.count} Nachnamensbereiche im Team {team} umfasst „{surname}“."


def _covered(step: Tried, names: Names, surname: str) -> str:
    return (
        f"Im Team {names.team(step.team)} umfasst der Bereich {step.range} von "
        f"{names.person(step.login)} den Nachnamen „{surname}“."
    )


def _out_of_the_question(_step: Tried, _names: Names, _surname: str) -> str:
    return "Eine Person, auf die es zuträfe, kommt für diese Akte nicht in Betracht."


Sentence = Callable[[Tried, Names, str], str]
_SENTENCES: Mapping[Why, Sentence] = {
    Why.NAMED: _named,
    Why.NOBODY_NAMED: _nobody_named,
    Why.OUT_OF_THE_QUESTION: _out_of_the_question,
    Why.COVERED: _covered,
    Why.NOT_COVERED: _not_covered,
    Why.NO_RANGE: lambda step, names, _: (
        f"Im Team {names.team(step.team)} hat niemand einen Nachnamensbereich."
    ),
    Why.NO_TEAM: _no_team,
    Why.TEAM: lambda step, names, _: f"Der Postkorb des Teams {names.team(step.team)}.",
    Why.ONLY_NAMED: lambda _step, _names, _: (
        "Die Akte ist geschützt: Bereiche und Teams zählen nicht, nur wer in ihr eingetragen ist."
    ),
    Why.AWAY: lambda step, names, _: f"{names.person(step.login)} ist an diesem Tag abwesend.",
    Why.DEPUTY: lambda step, names, _: f"{names.person(step.login)} vertritt und ist da.",
    Why.DEPUTY_AWAY: lambda step, names, _: (
        f"{names.person(step.login)} würde vertreten, ist aber selbst abwesend."
    ),
    Why.DEPUTY_NOT_NAMED: lambda step, names, _: (
        f"{names.person(step.login)} würde vertreten, ist in der geschützten Akte aber nicht "
        "eingetragen."
    ),
    Why.NOBODY_STANDS_IN: lambda step, names, _: (
        f"Für {names.person(step.login)} ist niemand da, der vertritt."
    ),
    Why.TEAM_INSTEAD: lambda step, names, _: (
        f"Deshalb der Postkorb des Teams {names.team(step.team)}."
    ),
    Why.INSTEAD_LEISTUNG: lambda _step, _names, _: "Nun dieselben Schritte für die Leistung.",
    Why.NEVER_LEISTUNG: lambda step, _names, _: (
        f"Post der Funktion {function_title(step.function)} geht nie ersatzweise an die Leistung."
    ),
    Why.PROTECTED_POSTBOX: lambda _step, _names, _: (
        "Sie geht an den Postkorb, der für geschützte Akten eingestellt ist."
    ),
    Why.DESK: lambda _step, _names, _: "Niemand ist gefunden: Sie geht an die Klärung.",
}
