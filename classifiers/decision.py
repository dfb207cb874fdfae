"""From collected facts to one case file, or to the reason why none was chosen."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from classifiers.candidates import Case
from classifiers.identifiers import AddressSeen, Identifiers
from classifiers.roles import Role
from eakte.domain.findings import CaseFileFinding
from eakte.domain.register import CaseFileFacts
from eakte.language.addresses import street_key
from eakte.language.names import sound_key, spellings

_MOST_CANDIDATES = 8
_EXACT = 0.95
_WEAK = frozenset({"birth_date", "near_number", "address", "representative"})
"""Facts that alone make no candidate: a block of flats has forty files."""


def decide(
    cases: list[Case],
    found: Identifiers,
    numbered: Mapping[str, tuple[CaseFileFacts, ...]],
    own: Collection[tuple[str, str]] = (),
) -> CaseFileFinding:
    """The only proven file, else None with the candidates and a German sentence that says why.

    ``numbered`` has the files of every number on the letter, empty where the register knows none;
    ``own`` are the authority's addresses as (street key, postcode).
    """
    cases = [case for case in cases if case.facts - _WEAK or case.proven]
    cases.sort(key=lambda case: (-case.proven, -case.explicit, -case.strength, case.file.id))
    candidates = tuple(case.candidate() for case in cases[:_MOST_CANDIDATES])
    proven = [case for case in cases if case.proven]
    explicit = [case for case in proven if case.explicit]
    rivals = _same_person_by_number(explicit) or explicit or _surest(proven)
    if len(rivals) == 1:
        doubt = None if rivals[0].explicit else _doubt(rivals[0], cases, found, own)
        chosen = rivals[0].candidate()
        return CaseFileFinding(
            chosen=None if doubt else chosen,
            candidates=candidates,
            reason=doubt or _why(chosen.facts),
        )
    if len(rivals) > 1:
        names = ", ".join(f"{one.file.aktenzeichen} ({one.holder})" for one in rivals[:3])
        return CaseFileFinding(
            chosen=None, candidates=candidates, reason=f"Mehrere Akten passen: {names}."
        )
    return CaseFileFinding(
        chosen=None, candidates=candidates, reason=_why_not(cases, found, numbered)
    )


def _surest(proven: list[Case]) -> list[Case]:
    """Of files with a name and a second fact those that are named as more than the sender.

    Where two are named by the same words, the exact spelling goes before a misread one.
    """
    said = [case for case in proven if case.said_as > Role.SENDER]
    kept = said or proven
    return [
        case
        for case in kept
        if not any(
            other.alike >= _EXACT > case.alike and other.names_at & case.names_at for other in kept
        )
    ]


def _doubt(
    case: Case,
    cases: list[Case],
    found: Identifiers,
    own: Collection[tuple[str, str]],
) -> str | None:
    """Why the only file with a name and a second fact may still be the wrong one.

    Its member may be no more than the letter's sender, a landlord or a lawyer say, and somebody
    else is named; or be named in passing while somebody else stands in the subject.
    """
    if case.said_as is Role.THIRD:
        return (
            f"{case.holder} ({case.file.aktenzeichen}) wird nur als dritte Person genannt; "
            "wen das Schreiben betrifft, ist unklar."
        )
    others = [one for one in cases if one is not case and _is_somebody_else(one, case)]
    if case.said_as is Role.SENDER:
        strangers = [one for one in others if one.role > Role.SENDER]
        if strangers or found.business or _names_somebody_else(case, found, own):
            return (
                f"{case.holder} ({case.file.aktenzeichen}) ist der Absender; das Schreiben kann "
                "jemand anderen betreffen."
            )
    surer = [one for one in others if one.role > max(case.said_as, case.role) and not one.sends]
    if surer and "birth_date" not in case.joined:
        return (
            f"{case.holder} ({case.file.aktenzeichen}) wird genannt; deutlicher genannt wird "
            f"{surer[0].holder} ({surer[0].file.aktenzeichen})."
        )
    return None


def _is_somebody_else(one: Case, case: Case) -> bool:
    """Whether ``one`` is named by words of its own: a namesake is named by the same ones."""
    return (
        "name" in one.facts
        and one.alike >= _EXACT
        and not set(one.people) & set(case.people)
        and not one.names_at <= case.names_at
        and one.names_at.isdisjoint(case.names_at)
    )


def _names_somebody_else(case: Case, found: Identifiers, own: Collection[tuple[str, str]]) -> bool:
    """Whether the letter names somebody who is no member: „Herrn Jan Hansen, wohnhaft …“."""
    known = {
        sound_key(part)
        for person in case.file.people
        for name in (person.first_name, person.last_name, *person.former_names)
        for part in spellings(name)
    }
    for one in found.names:
        if one.titled and one.role >= Role.NAMED and not known & set(map(sound_key, one.parts)):
            return True
    home = street_key(case.file.street)
    return any(
        seen.streets and home not in seen.streets and seen.role in {Role.BODY, Role.SUBJECT}
        for seen in found.addresses
        if not _is_authority(seen, own)
    )


def _is_authority(seen: AddressSeen, own: Collection[tuple[str, str]]) -> bool:
    """A post-office box, or the authority's address with a stamp's words in it: nobody's home."""
    return any(
        one.startswith("postfach")
        or any(code == seen.postcode and one.startswith(street) for street, code in own)
        for one in seen.streets
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
    "insured": "Versichertennummer",
    "reference": "Zeichen",
    "name": "Name",
    "surname": "Nachname",
    "birth_date": "Geburtsdatum",
    "address": "Anschrift",
    "representative": "Vertretung",
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
