"""Where a letter leads to two files: both get a sentence that says why, and neither is chosen."""

from __future__ import annotations

from collections.abc import Mapping

from classifiers.candidates import Case
from classifiers.identifiers import Identifiers
from eakte.domain.register import CaseFileFacts

_EXACT = 0.95


def contradict(
    cases: Mapping[str, Case],
    found: Identifiers,
    numbered: Mapping[str, tuple[CaseFileFacts, ...]],
) -> None:
    """Write down where a number and the names lead to different files."""
    explicit = [case for case in cases.values() if case.explicit]
    named = [case for case in cases.values() if not case.explicit and "name" in case.facts]
    doubtful = [
        (case, other)
        for case in explicit
        for other in named
        if case.contradictions or _outdone(case, other)
    ]
    for case, other in doubtful:
        _contradict_each_other(case, other)
    for case in explicit:
        for other in explicit:
            if case is not other and "number" in case.facts and "number" in other.facts:
                case.contradictions.append(
                    f"Auf dem Schreiben steht auch {other.file.aktenzeichen} "
                    f"({other.holder}), eine andere Akte."
                )
                break
    unknown = [one for one in found.numbers if one.labelled and not numbered[one.value]]
    for case in named:
        if unknown and not case.facts & {"near_number", "birth_date"}:
            case.contradictions.append(
                f"Auf dem Schreiben steht {unknown[0].value}; diese Nummer kennt das Register "
                f"nicht, die Akte von {case.holder} hat {case.file.aktenzeichen}."
            )


def _outdone(case: Case, other: Case) -> bool:
    """Whether ``other``, named in the letter, makes the number's file ``case`` doubtful.

    A file whose number and full name are both there stands, whoever else is named.  A number
    without that name does not, nor with one that had to be forgiven while the other's is exact,
    nor with a name that may as well be a namesake's whose address or birth date is there.
    """
    if "name" in case.facts:
        namesake = case.names_at & other.names_at and other.alike >= case.alike
        if namesake and (other.joined - case.joined) & {"address", "birth_date"}:
            return True
        return case.alike < _EXACT and other.alike > case.alike and "birth_date" not in case.joined
    strong = bool(other.joined or other.facts & {"near_number"}) or not other.marginal
    return strong or not case.facts & {"surname", "address", "birth_date"}


def _contradict_each_other(case: Case, other: Case) -> None:
    number = next((one.words for one in case.evidence if "nummer" in one.rule), "")
    number = number or case.file.aktenzeichen
    case.contradictions.append(
        f"Die Nummer {number} gehört zur Akte von {case.holder}, genannt wird aber "
        f"{_called(other)}."
    )
    other.contradictions.append(
        f"Genannt wird {_called(other)}, die Nummer {number} gehört aber zur Akte von "
        f"{case.holder}."
    )


def _called(case: Case) -> str:
    best = max(case.people, key=lambda one: case.people[one], default="")
    for person in case.file.people:
        if person.id == best:
            return f"{person.first_name} {person.last_name}"
    return case.holder
