"""Does the page name this person, this address? Comparison with forgiveness, words as evidence."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from classifiers.identifiers import (
    AddressSeen,
    DateSeen,
    Identifiers,
    NameWord,
    evidence_of,
    street_key,
)
from classifiers.layout import Zone
from eakte.domain.findings import Evidence
from eakte.domain.register import CaseFileFacts, Person
from eakte.language.names import name_parts, parts_alike

ALIKE = 0.7
"""From this likeness on two single names are taken for the same, misread or mistyped."""

_SURELY = 0.95
_BLANK = 0.02
"""Widest blank between two words of one name, as a share of the page's width."""
_APART = 3
_NEAR_LINES = 2
_SALUTED_ZONES = frozenset({Zone.SUBJECT, Zone.SENDER, Zone.RECIPIENT, Zone.TITLE, Zone.HEADER})


@dataclass(frozen=True, slots=True, kw_only=True)
class NameSeen:
    """A person's full name on a page; ``alike`` is 1 for the exact spelling.

    ``marginal`` where it stands in sender, recipient or signature only, not in what the letter
    says.
    """

    person: Person
    alike: float
    words: tuple[NameWord, NameWord]
    marginal: bool

    @property
    def evidence(self) -> Evidence:
        """The two words of the name in reading order."""
        first, second = sorted(self.words, key=lambda one: (one.line, one.word.box.x0))
        words = (first.word, second.word) if first is not second else (first.word,)
        return evidence_of("kennung.name", first.page, words)


def names_seen(person: Person, found: Identifiers) -> tuple[NameSeen, ...]:
    """Every place where ``person`` is named by first and last name, best first."""
    given = frozenset(name_parts(person.first_name))
    families = frozenset(
        part for name in (person.last_name, *person.former_names) for part in name_parts(name)
    )
    if not given or not families:
        return ()
    seen = []
    for place, word in enumerate(found.names):
        family_alike = _best(word.parts, families)
        if family_alike < ALIKE:
            continue
        for other in _neighbours(found.names, place):
            given_alike = _best(other.parts, given)
            if given_alike >= ALIKE:
                seen.append(
                    NameSeen(
                        person=person,
                        alike=min(family_alike, given_alike),
                        words=(other, word),
                        marginal=word.zone in {Zone.SENDER, Zone.RECIPIENT, Zone.FOOTER},
                    )
                )
    return tuple(sorted(seen, key=lambda one: (-one.alike, one.marginal)))


def surname_seen(file: CaseFileFacts, found: Identifiers) -> Evidence | None:
    """A member's surname after „Herr“ or „Frau“ or in the head of the letter, without other names.

    None too where a first name stands beside it that no member has: that is somebody else.
    """
    families = frozenset(
        part
        for person in file.people
        for name in (person.last_name, *person.former_names)
        for part in name_parts(name)
    )
    given = frozenset(part for person in file.people for part in name_parts(person.first_name))
    for place, word in enumerate(found.names):
        if _best(word.parts, families) < _SURELY:
            continue
        if not word.titled and word.zone not in _SALUTED_ZONES:
            continue
        beside = _first_name_beside(found.names, place)
        if beside is None or _best(beside.parts, given | families) >= ALIKE:
            return evidence_of("kennung.nachname", word.page, (word.word,))
    return None


def _first_name_beside(names: Sequence[NameWord], place: int) -> NameWord | None:
    """The name word right before, or right after a comma: „Petra Müller“, „Müller, Petra“."""
    word = names[place]
    if place > 0 and _adjoins(names[place - 1], word):
        return names[place - 1]
    if word.word.text.endswith(",") and place + 1 < len(names):
        following = names[place + 1]
        return following if _adjoins(word, following) else None
    return None


def _adjoins(left: NameWord, right: NameWord) -> bool:
    gap = right.word.box.x0 - left.word.box.x1
    return left.page == right.page and left.line == right.line and gap < _BLANK


def birth_date_seen(
    person: Person, found: Identifiers, names: Sequence[NameSeen]
) -> DateSeen | None:
    """The person's birth date, said to be one or standing close to the person's name."""
    if person.birth_date is None:
        return None
    for seen in found.dates:
        if person.birth_date in seen.days and (seen.labelled or _beside(seen, names)):
            return seen
    return None


def other_birth_date(
    person: Person, found: Identifiers, names: Sequence[NameSeen], household: Collection[Person]
) -> DateSeen | None:
    """A labelled birth date beside the name that is not this person's: a namesake's.

    A birth date of another member of the household contradicts nothing.
    """
    if person.birth_date is None:
        return None
    known = {one.birth_date for one in household}
    for seen in found.dates:
        if seen.labelled and _right_after(seen, names) and not known & set(seen.days):
            return seen
    return None


def address_seen(
    file: CaseFileFacts, found: Identifiers, own: Collection[tuple[str, str]]
) -> AddressSeen | None:
    """The file's address; the authority's own addresses (street key, postcode) never count."""
    if not file.street or not file.postcode:
        return None
    street = street_key(file.street)
    if (street, file.postcode) in own:
        return None
    for seen in found.addresses:
        if seen.postcode == file.postcode and street in seen.streets:
            return seen
    return None


def _neighbours(names: Sequence[NameWord], place: int) -> list[NameWord]:
    """Name words close by: in the same line, or in the next one where the lines are short."""
    word = names[place]
    low, high = max(place - _APART, 0), place + _APART + 1
    return [
        other
        for other in names[low:high]
        if other.page == word.page and abs(other.line - word.line) <= 1
    ]


def _beside(seen: DateSeen, names: Sequence[NameSeen]) -> bool:
    return any(
        seen.evidence.page == word.page and abs(seen.line - word.line) <= _NEAR_LINES
        for name in names
        for word in name.words
    )


def _right_after(seen: DateSeen, names: Sequence[NameSeen]) -> bool:
    """In the line of the name or the next: farther off it may be somebody else's."""
    return any(
        seen.evidence.page == word.page and seen.line - word.line in {0, 1}
        for name in names
        for word in name.words
    )


def _best(parts: tuple[str, ...], wanted: frozenset[str]) -> float:
    best = 0.0
    for part in parts:
        if part in wanted:
            return 1.0
        for other in wanted:
            best = max(best, _alike(part, other))
    return best


@lru_cache(maxsize=200_000)
def _alike(one: str, other: str) -> float:
    return parts_alike(one, other)
