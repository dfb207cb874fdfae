"""Whose is it: the case file a document belongs to, or the candidates for the clearing desk.

A letter in the wrong file is a data breach, so a file is chosen only where two independent facts
agree (a number and a name, a name and a birth date, a name and an address, ...), nothing
contradicts them, and no other file fits about as well.  Everything else goes to the clearing desk
with the candidates, their evidence and a German sentence that says why.

A file number or customer number on the letter is what the writer himself says about whose it is;
names and addresses may be the landlord's, the lawyer's or the doctor's.  So a file with a number
and a second fact goes before one with names and addresses only, and a number that leads to one
file while the name leads to another decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from classifiers.candidates import Case
from classifiers.decision import decide
from classifiers.identifiers import Identifiers, NumberSeen, identify, street_key
from classifiers.sightings import (
    NameSeen,
    address_seen,
    birth_date_seen,
    names_seen,
    other_birth_date,
    surname_seen,
)
from eakte.domain.findings import CaseFileFinding
from eakte.domain.pages import PageText
from eakte.domain.register import CaseFileFacts, Person
from eakte.language.numbers import AktenzeichenPattern, near
from eakte.ports import Register

_FUZZY = 0.95
_MOST_LOOK_UPS = 60


class CaseFileMatcher:
    """Matches documents against the register.

    ``own_addresses`` are the authority's own (street, postcode) pairs: they stand on every letter
    and say nothing.
    """

    def __init__(
        self,
        register: Register,
        pattern: AktenzeichenPattern,
        own_addresses: Iterable[tuple[str, str]] = (),
    ) -> None:
        self._register = register
        self._pattern = pattern
        self._own = frozenset((street_key(street), code) for street, code in own_addresses)

    def match(self, pages: tuple[PageText, ...]) -> CaseFileFinding:
        """The file that ``pages`` belong to, or why none was chosen.

        Any text will do: what can't be read identifies nobody.  What the register raises passes
        through.
        """
        found = identify(pages, self._pattern)
        numbered = self._by_numbers(found)
        cases = self._cases(found, numbered)
        for case in cases.values():
            self._collect(case, found, numbered)
        self._contradict(cases, found, numbered)
        return decide(list(cases.values()), found, numbered)

    def _by_numbers(self, found: Identifiers) -> dict[str, tuple[CaseFileFacts, ...]]:
        """The files of every number seen; an empty tuple where the register knows none."""
        answers: dict[str, tuple[CaseFileFacts, ...]] = {}
        for number in found.numbers:
            if number.value not in answers:
                answers[number.value] = self._register.by_number(number.value)
        # Unrepaired readings first: a bank statement is full of ten digits that may be anything.
        for number in sorted(found.customer_numbers, key=lambda one: one.repaired):
            if number.value not in answers and len(answers) < _MOST_LOOK_UPS:
                answers[number.value] = self._register.by_customer_number(number.value)
        return answers

    def _cases(
        self, found: Identifiers, numbered: Mapping[str, tuple[CaseFileFacts, ...]]
    ) -> dict[str, Case]:
        files = {file.id: file for files in numbered.values() for file in files}
        if found.name_keys:
            for file in self._register.by_names(found.name_keys):
                files.setdefault(file.id, file)
        labelled = {day for seen in found.dates if seen.labelled for day in seen.days}
        if labelled:
            for file in self._register.by_birth_dates(sorted(labelled)):
                files.setdefault(file.id, file)
        return {file.id: Case(file) for file in files.values()}

    def _collect(
        self,
        case: Case,
        found: Identifiers,
        numbered: Mapping[str, tuple[CaseFileFacts, ...]],
    ) -> None:
        for number in found.numbers:
            if _leads_to(number, case, numbered):
                case.add("number", number.evidence, 0.8 if number.repaired else 1.0)
        for number in found.customer_numbers:
            if _leads_to(number, case, numbered):
                case.add("customer_number", number.evidence)
                for person in case.file.people:
                    if person.customer_number == number.value:
                        case.people[person.id] = 2.0
        for person in case.file.people:
            _collect_person(case, person, found)
        address = address_seen(case.file, found, self._own)
        if address is not None:
            case.add("address", address.evidence)
        if "number" in case.facts and "name" not in case.facts:
            surname = surname_seen(case.file, found)
            if surname is not None:
                case.add("surname", surname)
        if "number" not in case.facts:
            self._note_near_number(case, found)

    def _note_near_number(self, case: Case, found: Identifiers) -> None:
        own = {
            self._pattern.normalise(number) or number
            for number in (case.file.aktenzeichen, *case.file.former_numbers)
        }
        for number in found.numbers:
            if any(near(number.value, one) for one in own) and case.facts:
                case.add("near_number", number.evidence)

    def _contradict(
        self,
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
            for number in unknown:
                if "near_number" in case.facts or "birth_date" in case.facts:
                    continue
                case.contradictions.append(
                    f"Auf dem Schreiben steht {number.value}; diese Nummer kennt das Register "
                    f"nicht, die Akte von {case.holder} hat {case.file.aktenzeichen}."
                )
                break


def match(
    pages: tuple[PageText, ...],
    register: Register,
    pattern: AktenzeichenPattern,
    own_addresses: Iterable[tuple[str, str]] = (),
) -> CaseFileFinding:
    """One document against ``register``; see :class:`CaseFileMatcher`."""
    return CaseFileMatcher(register, pattern, own_addresses).match(pages)


def _collect_person(case: Case, person: Person, found: Identifiers) -> None:
    names = names_seen(person, found)
    born = birth_date_seen(person, found, names)
    if names:
        best = names[0]
        if "name" not in case.facts or best.alike > case.alike:
            case.alike = best.alike
        case.marginal = case.marginal and all(name.marginal for name in names)
        stranger = other_birth_date(person, found, names, case.file.people)
        if stranger is not None and born is None:
            case.contradictions.append(
                f"Neben dem Namen {person.first_name} {person.last_name} steht das Geburtsdatum "
                f"{stranger.evidence.words}; im Register steht "
                f"{person.birth_date:%d.%m.%Y}."
            )
        case.add("name", best.evidence, best.alike)
        case.people[person.id] = case.people.get(person.id, 0) + best.alike + _prominence(names)
    if born is not None and (names or born.labelled):
        case.add("birth_date", born.evidence)
        case.people[person.id] = case.people.get(person.id, 0) + 1.5


def _prominence(names: tuple[NameSeen, ...]) -> float:
    """A person named in the subject concerns the letter more than one in the running text."""
    zones = {word.zone.value for name in names for word in name.words}
    return 0.5 if zones & {"subject", "title"} else 0.0


def _leads_to(
    number: NumberSeen, case: Case, numbered: Mapping[str, tuple[CaseFileFacts, ...]]
) -> bool:
    return any(file.id == case.file.id for file in numbered.get(number.value, ()))


def _outdone(case: Case, other: Case) -> bool:
    """Whether ``other``, named in the letter, makes the number's file ``case`` doubtful.

    A file whose number and full name are both there stands, whoever else is named.  A number
    without that name does not, nor with one that had to be forgiven while the other's is exact,
    nor with a name that may as well be a namesake's whose address or birth date is there.
    """
    if "name" in case.facts:
        proofs = {"address", "birth_date"}
        namesake = case.names_at & other.names_at and other.alike >= case.alike
        if namesake and proofs & other.facts - case.facts:
            return True
        return case.alike < _FUZZY and other.alike > case.alike and "birth_date" not in case.facts
    strong = bool(other.facts & {"address", "birth_date", "near_number"}) or not other.marginal
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
