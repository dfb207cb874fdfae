"""Does the page name this person, this address? Comparison with forgiveness, words as evidence."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rapidfuzz import process
from rapidfuzz.distance import OSA

from classifiers.identifiers import (
    AddressSeen,
    DateSeen,
    Identifiers,
    NameWord,
    evidence_of,
)
from classifiers.roles import Role
from eakte.domain.findings import Evidence
from eakte.domain.register import CaseFileFacts, Person
from eakte.language.addresses import street_key
from eakte.language.names import name_parts, parts_alike, sound_key, spellings

ALIKE = 0.7
"""From this likeness on two single names are taken for the same, misread or mistyped."""

SAME = 0.97
"""From here on it is the same name in the same or another transliteration, nothing forgiven."""

_NEARLY = 2
"""So many signs of a sound may be wrong in a word that is looked at more closely."""
_HALF = 0.9
"""Half of a double name."""
_SURELY = 0.95
_NUMBER = re.compile(r"\d.*$")
_BLANK = 0.02
"""Widest blank between two words of one name, as a share of the page's width."""
_BIRTH_BELOW, _BIRTH_ABOVE = 4, 2
_UNLABELLED = 2
_OTHERS_ABOVE = 2
_PENSION = 12
"""A pension number stands among the references, the name in the subject below them."""
_SHORTEST, _SHORT = 3, 4
_ADDRESS_BELOW, _ADDRESS_ABOVE = 3, 1
_FAR_BELOW = 0.12
"""So far under a name on the sheet no address is the name's, though no line stands between."""
_ROW, _UNDER, _COLUMN = 0.02, 0.05, 0.4
"""Shares of the page: so far above, below and to the right of a name it is still said of it."""

Forgiven = Callable[[str], bool]
"""Whether a word that is nearly a name may be that name misread: not if it is a name itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NameSeen:
    """A person's full name on a page; ``alike`` is 1 for the exact spelling.

    ``field``: it was read out of a form's fields.
    """

    person: Person
    alike: float
    words: tuple[NameWord, NameWord]
    role: Role
    field: bool = False

    @property
    def evidence(self) -> Evidence:
        """The two words of the name in reading order."""
        first, second = sorted(self.words, key=lambda one: (one.line, one.word.box.x0))
        words = (first.word, second.word) if first is not second else (first.word,)
        return evidence_of("kennung.name", first.page, words)

    def below(self, page: int, line: int) -> int | None:
        """How many lines below the name that line stands; None on another page."""
        if page != self.words[0].page:
            return None
        lines = [word.line for word in self.words]
        if line > max(lines):
            return line - max(lines)
        return min(line - min(lines), 0)

    def right_above(self, evidence: Evidence) -> bool:
        """Whether the evidence stands in the name's row or under it, wherever its line counts.

        The cells of a form and the columns of a payslip are lines of their own.
        """
        if evidence.page != self.words[0].page or not evidence.boxes:
            return False
        name = self.words[0].word.box.union(self.words[1].word.box)
        down = evidence.boxes[0].y0 - name.y1
        return -_ROW < down < _UNDER and evidence.boxes[0].x0 < name.x1 + _COLUMN


def names_seen(
    person: Person, found: Identifiers, forgiven: Forgiven | None = None
) -> tuple[NameSeen, ...]:
    """Every place where ``person`` is named by first and last name, best first.

    Without ``forgiven`` only the same name counts, in whichever transliteration.
    """
    given = frozenset(spellings(person.first_name))
    families = frozenset(
        part for name in (person.last_name, *person.former_names) for part in spellings(name)
    )
    if not given or not families:
        return ()
    seen = [
        *_in_forms(person, found, given, families, forgiven),
        *_in_lines(person, found, given, families, forgiven),
    ]
    return tuple(sorted(seen, key=lambda one: (-one.alike, -one.role)))


def _in_lines(
    person: Person,
    found: Identifiers,
    given: frozenset[str],
    families: frozenset[str],
    forgiven: Forgiven | None,
) -> Iterator[NameSeen]:
    for place in _places(found, families, forgiven):
        word = found.names[place]
        family_alike = _best(word.parts, families, forgiven)
        if family_alike < ALIKE:
            continue
        for other_place in _neighbours(found.names, place):
            other = found.names[other_place]
            given_alike = _best(other.parts, given, forgiven)
            if given_alike < ALIKE:
                continue
            alike = min(family_alike, given_alike)
            if not _whole(person, found.names, place):
                alike = min(alike, _HALF)
            yield NameSeen(
                person=person,
                alike=alike,
                words=(other, word),
                role=min(word.role, other.role) if Role.THIRD in (word.role, other.role)
                else max(word.role, other.role),
            )  # fmt: skip


def _in_forms(
    person: Person,
    found: Identifiers,
    given: frozenset[str],
    families: frozenset[str],
    forgiven: Forgiven | None,
) -> Iterator[NameSeen]:
    for one in found.form_names:
        alike = min(
            _best(one.given.parts, given, forgiven), _best(one.family.parts, families, forgiven)
        )
        if alike >= ALIKE:
            yield NameSeen(
                person=person, alike=alike, words=(one.given, one.family), role=Role.NAMED,
                field=True,
            )  # fmt: skip


def _places(
    found: Identifiers, families: frozenset[str], forgiven: Forgiven | None
) -> Sequence[int]:
    """Where a word may be the surname: by its sound, and nearly so where misreading counts."""
    keys = {sound_key(part) for part in families}
    places = {place for key in keys for place in found.by_sound.get(key, ())}
    if forgiven is not None:
        sounds = list(found.by_sound)
        for key in keys:
            for sound, _, _ in process.extract(
                key, sounds, scorer=OSA.distance, score_cutoff=_NEARLY, limit=None, processor=None
            ):
                places.update(found.by_sound[sound])
    return sorted(places)


def _whole(person: Person, names: Sequence[NameWord], place: int) -> bool:
    """Whether all of a double surname stands there, not only one half of it."""
    parts = name_parts(person.last_name)
    here = set(names[place].parts)
    if len(parts) < 2 or "".join(parts) in here:
        return True
    for beside in (place - 1, place + 1):
        if 0 <= beside < len(names) and names[beside].line == names[place].line:
            here |= set(names[beside].parts)
    former = {part for name in person.former_names for part in spellings(name)}
    return set(parts) <= here or bool(former & set(names[place].parts))


def surname_seen(file: CaseFileFacts, found: Identifiers, is_misread: Forgiven) -> Evidence | None:
    """A member's surname after „Herr“ or „Frau“ or in the head of the letter, without other names.

    None too where a first name stands beside it that no member has: that is somebody else.  A word
    that is nobody's name is none.
    """
    families = frozenset(
        part
        for person in file.people
        for name in (person.last_name, *person.former_names)
        for part in spellings(name)
    )
    given = frozenset(part for person in file.people for part in spellings(person.first_name))
    for place, word in enumerate(found.names):
        if word.role is Role.THIRD or not (word.titled or word.role in {Role.SENDER, Role.SUBJECT}):
            continue
        if _best(word.parts, families, _always) < _SURELY:
            continue
        beside = _first_name_beside(found.names, place)
        if (
            beside is None
            or _best(beside.parts, given | families, _always) >= ALIKE
            or all(map(is_misread, beside.parts))
        ):
            return evidence_of("kennung.nachname", word.page, (word.word,))
    return None


def _always(_word: str) -> bool:
    return True


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
    person: Person, found: Identifiers, names: Sequence[NameSeen], is_name: Forgiven
) -> tuple[DateSeen, bool] | None:
    """The person's birth date, and whether it is said of whoever bears the person's name.

    It is where it stands beside the name; where a writer gives it under the subject and signs far
    below, too, unless another name stands beside it.  Without the name it counts only where the
    page says that it is a birth date.
    """
    if person.birth_date is None:
        return None
    far: DateSeen | None = None
    for seen in found.dates:
        if person.birth_date not in seen.days:
            continue
        if seen.initial and seen.initial not in _initials(person):
            continue
        if any(_beside(seen, name) for name in names):
            return seen, True
        if seen.labelled:
            far = far or seen
    if far is None:
        return None
    own = any(name.alike >= SAME and name.role > Role.THIRD for name in names)
    return far, own and not _others_beside(far, person, found, is_name)


def _others_beside(seen: DateSeen, person: Person, found: Identifiers, is_name: Forgiven) -> bool:
    """Whether somebody else's full name stands in the date's line or one of the two above."""
    own = {*spellings(person.first_name), *spellings(person.last_name)}
    own |= {part for name in person.former_names for part in spellings(name)}
    for one, other in pairwise(found.names):
        near = one.page == seen.evidence.page and 0 <= seen.line - one.line <= _OTHERS_ABOVE
        if not near or one.line != other.line or own & {*one.parts, *other.parts}:
            continue
        if any(map(is_name, one.parts)) and any(map(is_name, other.parts)):
            return True
    return False


def _initials(person: Person) -> set[str]:
    return {part[0] for name in (person.last_name, *person.former_names)
            for part in name_parts(name)}  # fmt: skip


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
        if seen.labelled and not known & set(seen.days) and any(_after(seen, one) for one in names):
            return seen
    return None


def address_seen(
    file: CaseFileFacts,
    found: Identifiers,
    own: Collection[tuple[str, str]],
    *,
    misread: bool = False,
) -> tuple[AddressSeen, ...]:
    """Every place of the file's address; the authority's own (street key, postcode) never count.

    ``misread``: one wrong letter in the street or one wrong digit in the postcode is forgiven.
    """
    if not file.street or not file.postcode:
        return ()
    street = street_key(file.street)
    if (street, file.postcode) in own:
        return ()
    return tuple(
        seen
        for seen in found.addresses
        if (seen.postcode == file.postcode and street in seen.streets)
        or (misread and _misread_address(seen, street, file.postcode))
    )


def _misread_address(seen: AddressSeen, street: str, postcode: str) -> bool:
    if street in seen.streets:
        return OSA.distance(seen.postcode, postcode, score_cutoff=1) == 1
    number = _NUMBER.search(street)
    return (
        seen.postcode == postcode
        and number is not None
        and any(
            one.endswith(number.group()) and OSA.distance(one, street, score_cutoff=1) <= 1
            for one in seen.streets
        )
    )


def lives_there(name: NameSeen, seen: AddressSeen) -> bool:
    """Whether the address is written under or behind the name."""
    if seen.field and name.field:
        return seen.evidence.page == name.words[0].page
    below = name.below(seen.evidence.page, seen.line)
    near = below is not None and -_ADDRESS_ABOVE <= below <= _ADDRESS_BELOW
    if near and seen.evidence.boxes:
        near = seen.evidence.boxes[0].y0 - max(one.word.box.y1 for one in name.words) < _FAR_BELOW
    return near or name.right_above(seen.evidence)


def representative_seen(person: Person, found: Identifiers) -> tuple[Evidence, AddressSeen] | None:
    """The person's guardian or lawyer as writer: both names and the address of the register."""
    for one in person.representatives:
        parts = [part for part in one.name.split() if name_parts(part)]
        street = street_key(one.street)
        if len(parts) < 2 or not street:
            continue
        speaker = Person(id=person.id, first_name=parts[0], last_name=" ".join(parts[1:]))
        names = names_seen(speaker, found)
        for seen in found.addresses if names else ():
            if seen.postcode == one.postcode and street in seen.streets:
                evidence = names[0].evidence
                return evidence_of(
                    "kennung.vertretung", evidence.page, [one.word for one in names[0].words]
                ), seen
    return None


def _neighbours(names: Sequence[NameWord], place: int) -> Iterator[int]:
    """Places of words that can be the other half of the name of which ``place`` is the surname.

    Next to it, or with one more name between; in the same line or the next.
    """
    for step in (-1, 1, -2, 2):
        other = place + step
        if not 0 <= other < len(names):
            continue
        one, word = names[other], names[place]
        if one.page != word.page or abs(one.line - word.line) > 1:
            continue
        between = names[place + step // 2] if abs(step) == 2 else None
        if between is not None and not {between.line} <= {one.line, word.line}:
            continue
        if step > 0 and _others_between(names, place, other):
            continue
        yield other


def _others_between(names: Sequence[NameWord], family: int, given: int) -> bool:
    """„Stefan Müller, Anna Schmidt“ does not name Anna Müller."""
    owned = family > 0 and _adjoins(names[family - 1], names[family])
    owned = owned and not names[family - 1].word.text.endswith(",")
    follows = given + 1 < len(names) and _adjoins(names[given], names[given + 1])
    follows = follows and not names[given].word.text.endswith(",")
    return owned and follows


def _beside(seen: DateSeen, name: NameSeen) -> bool:
    below = name.below(seen.evidence.page, seen.line)
    if below is None:
        return False
    if seen.initial:
        return abs(below) <= _PENSION
    if seen.labelled:
        near = -_BIRTH_ABOVE <= below <= _BIRTH_BELOW
        return near or name.field or name.right_above(seen.evidence)
    return abs(below) <= _UNLABELLED or name.field


def _after(seen: DateSeen, name: NameSeen) -> bool:
    """In the line of the name or the next: farther off it may be somebody else's."""
    below = name.below(seen.evidence.page, seen.line)
    return below is not None and 0 <= below <= 1


def _best(parts: tuple[str, ...], wanted: frozenset[str], forgiven: Forgiven | None) -> float:
    best = 0.0
    for part in parts:
        if part in wanted:
            return 1.0
        for other in wanted:
            alike = _alike(part, other) or (forgiven is not None and _short_alike(part, other))
            if alike > best and (alike >= SAME or (forgiven is not None and forgiven(part))):
                best = alike
    return best


@lru_cache(maxsize=50_000)
def _short_alike(one: str, other: str) -> float:
    """Short names with one wrong letter: only where something else led here, and for no name."""
    shorter = min(len(one), len(other))
    if not _SHORTEST <= shorter <= _SHORT or one[0] != other[0]:
        return 0.0
    return ALIKE if OSA.distance(one, other, score_cutoff=1) == 1 else 0.0


@lru_cache(maxsize=200_000)
def _alike(one: str, other: str) -> float:
    return parts_alike(one, other)
