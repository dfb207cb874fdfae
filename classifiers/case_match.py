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
from classifiers.contradictions import contradict
from classifiers.decision import decide
from classifiers.identifiers import AddressSeen, Identifiers, NumberSeen, identify
from classifiers.look_again import Again
from classifiers.roles import Role
from classifiers.sightings import (
    SAME,
    Forgiven,
    NameSeen,
    address_seen,
    birth_date_seen,
    lives_there,
    names_seen,
    other_birth_date,
    representative_seen,
    surname_seen,
)
from eakte.domain.findings import CaseFileFinding
from eakte.domain.pages import PageText
from eakte.domain.register import CaseFileFacts, Person
from eakte.language.addresses import street_key
from eakte.language.numbers import AktenzeichenPattern, near
from eakte.language.references import INSURED
from eakte.ports import Register

_MOST_LOOK_UPS = 60
_MOST_DATES = 12
_NAMED_SURELY = 0.95

Numbered = Mapping[str, tuple[CaseFileFacts, ...]]
"""The files of every number on the letter, empty where the register knows none."""


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
        self._misread: dict[str, bool] = {}

    def match(self, pages: tuple[PageText, ...]) -> CaseFileFinding:
        """The file that ``pages`` belong to, or why none was chosen.

        Any text will do: what can't be read identifies nobody.  What the register raises passes
        through.
        """
        found = identify(pages, self._pattern)
        numbered = self._by_numbers(found)
        referred = self._register.by_references([one.reference for one in found.references])
        cases = self._cases(found, numbered, referred)
        for case, forgiven in cases.values():
            self._collect(case, found, numbered, forgiven)
            self._refer(case, found, referred)
        collected = {identifier: case for identifier, (case, _) in cases.items()}
        if not any(map(_settled, collected.values())):
            self._look_again(collected, found, numbered, referred)
        contradict(collected, found, numbered)
        return decide(list(collected.values()), found, numbered, self._own)

    def _by_numbers(self, found: Identifiers) -> dict[str, tuple[CaseFileFacts, ...]]:
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
        self, found: Identifiers, numbered: Numbered, referred: Numbered
    ) -> dict[str, tuple[Case, Forgiven | None]]:
        """Every file that anything leads to; misread names are forgiven where more than a name did.

        A name leads to files whose names are spelled so: there nothing is to be forgiven.
        """
        cases: dict[str, tuple[Case, Forgiven | None]] = {}
        days = {day for seen in found.dates if seen.labelled or seen.initial for day in seen.days}
        keys = {
            key
            for seen in found.addresses
            for key in seen.keys
            if (key.partition(":")[2], seen.postcode) not in self._own
        }
        for files in (*numbered.values(), *referred.values(),
                      self._register.by_birth_dates(sorted(days)[:_MOST_DATES]) if days else (),
                      self._register.by_addresses(keys) if keys else ()):  # fmt: skip
            for file in files:
                cases.setdefault(file.id, (Case(file), self._is_misread))
        if found.name_keys:
            for file in self._register.by_names(found.name_keys):
                cases.setdefault(file.id, (Case(file), None))
        return cases

    def _look_again(
        self,
        cases: dict[str, Case],
        found: Identifiers,
        numbered: Numbered,
        referred: Numbered,
    ) -> None:
        """Put cases in place of those of which a fact stands on the letter damaged."""
        again = Again(found)
        days = again.days()
        for file in self._register.by_birth_dates(days) if days else ():
            if file.id not in cases:
                cases[file.id] = Case(file)
                self._collect(cases[file.id], found, numbered, self._is_misread)
        known = [case for case in cases.values() if not case.agreeing]
        settled = {place for case in cases.values() if case.agreeing for place in case.names_at}
        numberless = not any(numbered.values())
        for case in known:
            named = case.alike >= SAME and case.role > Role.THIRD and not settled & case.names_at
            if named:
                more = again.of(case.file, numbers=numberless)
            elif "number" in case.facts:
                more = again.of_numbered(case.file)
            else:
                continue
            read = {
                **numbered,
                **{
                    one.value: (case.file,)
                    for one in (*more.numbers, *more.customer_numbers)
                    if one.value not in numbered
                },
            }
            anew = Case(case.file)
            self._collect(anew, more, read, None if named else self._is_misread)
            self._refer(anew, more, referred)
            cases[case.file.id] = anew

    def _is_misread(self, word: str) -> bool:
        """Whether a word that is nearly a name can be that name misread: it is no name itself."""
        if word not in self._misread:
            self._misread[word] = not self._register.known_words([word])
        return self._misread[word]

    def _is_name(self, word: str) -> bool:
        return not self._is_misread(word)

    def _collect(
        self, case: Case, found: Identifiers, numbered: Numbered, forgiven: Forgiven | None
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
                        case.roles[person.id] = Role.NAMED
        names = [
            name
            for person in case.file.people
            for name in _collect_person(case, person, found, forgiven, self._is_name)
        ]
        self._collect_address(case, names, found)
        if "number" in case.facts and "name" not in case.facts:
            surname = surname_seen(case.file, found, self._is_misread)
            if surname is not None:
                case.add("surname", surname)
        if "number" not in case.facts:
            self._note_near_number(case, found)

    def _collect_address(self, case: Case, names: list[NameSeen], found: Identifiers) -> None:
        """The file's address; a proof where it is written to a member's name, or as their flat."""
        exact = case.alike >= SAME
        for seen in address_seen(case.file, found, self._own, misread=exact):
            case.add("address", seen.evidence)
            for name in names:
                if lives_there(name, seen):
                    case.join("address", min(name.role, max(seen.role, Role.SENDER)))
                elif (
                    name.role >= Role.NAMED
                    and name.alike >= _NAMED_SURELY
                    and seen.role is Role.BODY
                ):
                    case.join("address", name.role)
                elif _both_senders(name, seen):
                    case.join("address", Role.SENDER)

    def _refer(self, case: Case, found: Identifiers, referred: Numbered) -> None:
        """What filed documents of this file bear as well."""
        for one in found.references:
            reference = one.reference
            if not any(file.id == case.file.id for file in referred.get(reference.value, ())):
                continue
            if reference.kind != INSURED:
                case.add("reference", one.evidence)
                continue
            person_id = self._register.person_of(reference)
            if person_id in {person.id for person in case.file.people}:
                case.add("insured", one.evidence)
                case.people[person_id] = case.people.get(person_id, 0) + 2.0

    def _note_near_number(self, case: Case, found: Identifiers) -> None:
        own = {
            self._pattern.normalise(number) or number
            for number in (case.file.aktenzeichen, *case.file.former_numbers)
        }
        for number in found.numbers:
            if any(near(number.value, one) for one in own) and case.facts:
                case.add("near_number", number.evidence)


def match(
    pages: tuple[PageText, ...],
    register: Register,
    pattern: AktenzeichenPattern,
    own_addresses: Iterable[tuple[str, str]] = (),
) -> CaseFileFinding:
    """One document against ``register``; see :class:`CaseFileMatcher`."""
    return CaseFileMatcher(register, pattern, own_addresses).match(pages)


def _collect_person(
    case: Case,
    person: Person,
    found: Identifiers,
    forgiven: Forgiven | None,
    is_name: Forgiven,
) -> tuple[NameSeen, ...]:
    names = names_seen(person, found, forgiven)
    born = birth_date_seen(person, found, names, is_name)
    if names:
        best = names[0]
        case.alike = max(case.alike, best.alike)
        role = max(name.role for name in names)
        case.sends = case.sends or any(name.role is Role.SENDER for name in names)
        case.role = max(case.role, role)
        case.roles[person.id] = max(case.roles.get(person.id, Role.THIRD), role)
        stranger = other_birth_date(person, found, names, case.file.people)
        if stranger is not None and born is None:
            case.contradictions.append(
                f"Neben dem Namen {person.first_name} {person.last_name} steht das Geburtsdatum "
                f"{stranger.evidence.words}; im Register steht "
                f"{person.birth_date:%d.%m.%Y}."
            )
        case.add("name", best.evidence, best.alike)
        case.people[person.id] = case.people.get(person.id, 0) + best.alike + 0.5 * (role > 2)
        spoken_for = representative_seen(person, found)
        if spoken_for is not None:
            case.add("representative", spoken_for[0])
            case.join("representative", role)
    if born is not None:
        seen, beside = born
        case.add("birth_date", seen.evidence)
        case.people[person.id] = case.people.get(person.id, 0) + 1.5
        if beside:
            case.join("birth_date", max(Role.NAMED, *(name.role for name in names)))
            case.roles[person.id] = max(case.roles.get(person.id, Role.THIRD), Role.NAMED)
    return names


def _settled(case: Case) -> bool:
    """Whether two facts agree as they were read, said of more than the letter's sender."""
    return case.agreeing and (case.explicit or case.said_as > Role.SENDER)


def _both_senders(name: NameSeen, seen: AddressSeen) -> bool:
    """The name of the signature and the address of the letterhead, whose own name was misread."""
    same_page = name.words[0].page == seen.evidence.page
    return same_page and name.role is seen.role is Role.SENDER and name.alike >= SAME


def _leads_to(number: NumberSeen, case: Case, numbered: Numbered) -> bool:
    return any(file.id == case.file.id for file in numbered.get(number.value, ()))
