"""From collected facts to one case file, or to the reason why none was chosen."""

from __future__ import annotations

from collections.abc import Mapping

from classifiers.candidates import Case
from classifiers.identifiers import Identifiers
from eakte.domain.findings import CaseFileFinding
from eakte.domain.register import CaseFileFacts

_MOST_CANDIDATES = 8


def decide(
    cases: list[Case],
    found: Identifiers,
    numbered: Mapping[str, tuple[CaseFileFacts, ...]],
) -> CaseFileFinding:
    """The only proven file, else None with the candidates and a German sentence that says why.

    ``numbered`` has the files of every number on the letter, empty where the register knows none.
    """
    cases = [case for case in cases if case.facts - {"birth_date", "near_number"} or case.proven]
    cases.sort(key=lambda case: (-case.proven, -case.explicit, -case.strength, case.file.id))
    candidates = tuple(case.candidate() for case in cases[:_MOST_CANDIDATES])
    proven = [case for case in cases if case.proven]
    explicit = [case for case in proven if case.explicit]
    rivals = _same_person_by_number(explicit) or explicit or proven
    if len(rivals) == 1:
        chosen = rivals[0].candidate()
        return CaseFileFinding(chosen=chosen, candidates=candidates, reason=_why(chosen.facts))
    if len(rivals) > 1:
        names = ", ".join(f"{one.file.aktenzeichen} ({one.holder})" for one in rivals[:3])
        return CaseFileFinding(
            chosen=None, candidates=candidates, reason=f"Mehrere Akten passen: {names}."
        )
    return CaseFileFinding(
        chosen=None, candidates=candidates, reason=_why_not(cases, found, numbered)
    )


def _same_person_by_number(explicit: list[Case]) -> list[Case]:
    """The file whose number is there, where all others are other files of the same people.

    Who moved from one benefit unit to another has a customer number in both.
    """
    numbered = [case for case in explicit if "number" in case.facts]
    if len(numbered) == 1 and all(set(one.people) <= set(numbered[0].people) for one in explicit):
        return numbered
    return []


_FACT_WORDS = {
    "number": "Aktenzeichen",
    "customer_number": "Kundennummer",
    "name": "Name",
    "surname": "Nachname",
    "birth_date": "Geburtsdatum",
    "address": "Anschrift",
}


def _why(facts: frozenset[str]) -> str:
    words = [word for fact, word in _FACT_WORDS.items() if fact in facts]
    return f"{', '.join(words[:-1])} und {words[-1]} stimmen überein."


def _why_not(
    cases: list[Case],
    found: Identifiers,
    numbered: Mapping[str, tuple[CaseFileFacts, ...]],
) -> str:
    for case in cases:
        if case.contradictions:
            return case.contradictions[0]
    if cases:
        only = next((word for fact, word in _FACT_WORDS.items() if fact in cases[0].facts), "")
        if len(cases) > 1:
            return f"{only} passt zu {len(cases)} Akten, eine zweite Angabe fehlt."
        return f"Nur {only} passt zu {cases[0].file.aktenzeichen}, eine zweite Angabe fehlt."
    unknown = [one for one in found.numbers if one.labelled and not numbered[one.value]]
    if unknown:
        return f"Die Nummer {unknown[0].value} kennt das Register nicht, und kein Name passt."
    return "Weder Nummer noch Name oder Geburtsdatum führt zu einer Akte."
