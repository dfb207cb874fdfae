"""What on the pages could say whose they are: numbers, names, birth dates, addresses.

Only facts with their evidence; whose letter it is, :mod:`classifiers.case_match` decides.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache

from classifiers.form_fields import Field, fields_on
from classifiers.layout import Line, lines_of
from classifiers.page_index import PageIndex, evidence_of
from classifiers.roles import Role, is_business, is_form, is_third, line_roles, may_be_third
from eakte.domain.findings import Evidence
from eakte.domain.pages import PageText, Word
from eakte.language.addresses import street_key
from eakte.language.folding import fold
from eakte.language.names import sound_key, spellings, text_name_keys
from eakte.language.numbers import (
    AktenzeichenPattern,
    FoundNumber,
    birth_dates_in,
    customer_numbers,
    dates,
    pension_numbers,
)
from eakte.language.references import INSURED, FoundReference, references

__all__ = [
    "AddressSeen",
    "DateSeen",
    "FormName",
    "Identifiers",
    "NameWord",
    "NumberSeen",
    "PageIndex",
    "ReferenceSeen",
    "Sheet",
    "addresses_on",
    "evidence_of",
    "identify",
    "street_key",
]

NAMED_PAGES = 10
"""Names are looked for on this many pages; a long enclosure names the whole world."""

_FORM_PAGES = 3
_MOST_KEYS = 1500
_PHONE = re.compile(r"(tel|telefon|fon|fax|telefax|mobil|handy|rufnummer|durchwahl)[\w.:/ ]{0,12}$")
_NUMBER_LABEL = re.compile(
    r"(bg|aktenzeichen|az|geschaftszeichen|zeichen|nummer|nr|bedarfsgemeinschaft)[\w.\-:/ ]{0,14}$"
)
_BIRTH_LABEL = re.compile(r"(?:(?<![a-z])geb(?:oren\w*|urts\w*)?(?![a-z])|\*)[\w.,:() \n]{0,28}$")
_LABELS = (
    "name nachname familienname vorname vornamen geburtsname geb geborene geburtsdatum wohnhaft "
    "der die das und sehr geehrte geehrter damen herren mit freundlichen grüßen betreff ihr ihre "
    "mein meine bescheid straße str kundin kunde patient patientin mieter mieterin telefon bg nr "
    "antragsteller antragstellerin versicherter versicherte name/vorname"
)
_NOT_NAMES = frozenset(fold(_LABELS).split())
_PARTICLES = frozenset({"von", "van", "de", "der", "zu", "vom", "zur", "al", "el", "geb", "und"})
_STREET = re.compile(
    r"(?P<street>[A-ZÄÖÜa-zäöüß][\wÄÖÜäöüß.\-' ]{2,60}?)\s+(?P<number>\d{1,4}\s?[a-zA-Z]?)\b"
)
_PLACE = re.compile(r"(?<!\d)(?P<postcode>\d{5})\s+(?P<city>[A-ZÄÖÜ][\wÄÖÜäöüß.\-/]+)")
_TITLED = frozenset({"herr", "herrn", "frau", "eheleute", "familie"})
_SURNAME_LABELS = (
    _TITLED
    | frozenset({"familienname", "nachname", "mieter", "mieterin", "patient", "patientin"})
    | frozenset({"versicherte", "versicherter", "kundin", "kunde", "antragstellerin"})
    | frozenset({"mieters", "schuldner", "schuldnerin", "betreute", "betreuten", "mandantin"})
)
_DIGIT = re.compile(r"\d")
_RUN_TOGETHER = re.compile(r"([A-ZÄÖÜ][a-zäöüßéèç]{2,})([A-ZÄÖÜ][a-zäöüßéèç]{2,})")
_AROUND_NAMES = ".,;:()[]„“\"'*-–_|~^<>«»©°"
_EARLIEST_BIRTH = date(1905, 1, 1)
_AROUND = 40
_CELL = 3
"""Words of a form's cell that may be a name."""
_MOST_PAIRS = 24
_SAME_ROW = 0.006


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberSeen:
    """A file number or customer number on a page.

    ``labelled``: a label stands before it or its form leaves no doubt, so that it is no phone
    number; ``repaired``: a letter was read as a digit.
    """

    value: str
    evidence: Evidence
    labelled: bool
    repaired: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceSeen:
    """A reference that a filed document may bear as well: a court's, ours, an insurance number."""

    reference: FoundReference
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class DateSeen:
    """A day on a page that may be a birth date; ``labelled`` where the page says that it is.

    ``initial`` is the folded first letter of the birth name where a pension number tells both.
    """

    days: tuple[date, ...]
    evidence: Evidence
    labelled: bool
    line: int
    initial: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NameWord:
    """A capitalised word that may be part of a name, in the folded spellings it may have."""

    parts: tuple[str, ...]
    word: Word
    page: int
    line: int
    role: Role
    titled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FormName:
    """First and last name out of a form's fields, however far apart they stand."""

    given: NameWord
    family: NameWord


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressSeen:
    """A postal address: postcode, city as printed, and what the street with number may be.

    ``streets`` are street keys that begin one word later each, since a sentence may go before:
    „wohnhaft Süderstraße 12“; ``keys`` the same as look-up keys.  ``field``: out of a form's
    fields, however far apart they stand.
    """

    streets: frozenset[str]
    postcode: str
    city: str
    evidence: Evidence
    line: int
    role: Role
    keys: frozenset[str] = frozenset()
    field: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page with the role of names in each of its lines."""

    index: PageIndex
    roles: Sequence[Role]


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifiers:
    """Everything on the pages that may identify; in the order of reading.

    ``by_sound`` has the places in ``names`` of every spelling; ``business`` says that the
    letterhead is a firm's or an office's; ``sheets`` are the pages that may name people, for a
    second look.
    """

    numbers: tuple[NumberSeen, ...]
    customer_numbers: tuple[NumberSeen, ...]
    references: tuple[ReferenceSeen, ...]
    dates: tuple[DateSeen, ...]
    names: tuple[NameWord, ...]
    form_names: tuple[FormName, ...]
    addresses: tuple[AddressSeen, ...]
    name_keys: frozenset[str]
    by_sound: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    business: bool = False
    sheets: tuple[Sheet, ...] = ()


def identify(pages: Iterable[PageText], pattern: AktenzeichenPattern) -> Identifiers:
    """Read every identifying fact off ``pages``; odd input yields fewer facts, never an error."""
    indexes = [
        PageIndex(number, lines_of(page, first=number == 1))
        for number, page in enumerate(pages, start=1)
    ]
    roles = [line_roles(one.lines, first=one.number == 1) for one in indexes[:NAMED_PAGES]]
    named = list(zip(indexes, roles, strict=False))
    names = tuple(name for index, role in named for name in _name_words(index, role))
    read = [(one, _form_fields(one)) for one in indexes[:_FORM_PAGES]]
    forms = tuple(
        one
        for index, fields in read
        for one in (*_form_names(index, fields), *_row_names(index, names))
    )
    homes = tuple(one for index, fields in read for one in _form_addresses(index, fields))
    return Identifiers(
        numbers=tuple(one for index in indexes for one in _file_numbers(index, pattern)),
        customer_numbers=tuple(one for index in indexes for one in _customer_numbers(index)),
        references=tuple(one for index in indexes for one in _references(index)),
        dates=tuple(one for index in indexes[:NAMED_PAGES] for one in _birth_dates(index)),
        names=names,
        form_names=forms,
        addresses=(
            *homes,
            *(one for index, role in named for one in addresses_on(index, role)),
        ),
        name_keys=_keys(names) | _form_keys(forms),
        by_sound=_by_sound(names),
        business=bool(indexes) and is_business(indexes[0].lines),
        sheets=tuple(Sheet(index, role) for index, role in named),
    )


def _file_numbers(index: PageIndex, pattern: AktenzeichenPattern) -> Iterator[NumberSeen]:
    for found in pattern.find(index.text):
        before = index.before(found.start)
        if _PHONE.search(before.rpartition("\n")[2]):
            continue
        written = index.text[found.start : found.end]
        clear = "//" in written.replace(" ", "") or any(char.isalpha() for char in written)
        yield _seen(
            "kennung.aktenzeichen", index, found, clear or bool(_NUMBER_LABEL.search(before))
        )


def _customer_numbers(index: PageIndex) -> Iterator[NumberSeen]:
    for found in customer_numbers(index.text):
        yield _seen("kennung.kundennummer", index, found, labelled=True)


def _seen(rule: str, index: PageIndex, found: FoundNumber, labelled: bool) -> NumberSeen:
    return NumberSeen(
        value=found.value,
        evidence=index.evidence(rule, found.start, found.end),
        labelled=labelled,
        repaired=found.repaired,
    )


def _references(index: PageIndex) -> Iterator[ReferenceSeen]:
    for found in references(index.text):
        rule = "kennung.versichertennummer" if found.kind == INSURED else "kennung.zeichen"
        yield ReferenceSeen(reference=found, evidence=index.evidence(rule, found.start, found.end))


def _birth_dates(index: PageIndex) -> Iterator[DateSeen]:
    for found in dates(index.text):
        days = tuple(
            day for day in (found.value, found.other) if day is not None and day >= _EARLIEST_BIRTH
        )
        if days:
            yield DateSeen(
                days=days,
                evidence=index.evidence("kennung.geburtsdatum", found.start, found.end),
                labelled=bool(_BIRTH_LABEL.search(index.before(found.start))),
                line=index.line_at(found.start),
            )
    for number in pension_numbers(index.text):
        days = birth_dates_in(number.value)
        if days:
            yield DateSeen(
                days=days,
                evidence=index.evidence("kennung.rentennummer", number.start, number.end),
                labelled=False,
                line=index.line_at(number.start),
                initial=number.value[8].lower(),
            )


def _name_words(index: PageIndex, roles: Sequence[Role]) -> Iterator[NameWord]:
    titled = False
    for number, line in enumerate(index.lines):
        place = 0
        third = may_be_third(fold(line.text))
        for word in line.words:
            start, place = place, place + len(word.text) + 1
            bare = word.text.strip(_AROUND_NAMES)
            folded = fold(bare)
            if folded in _SURNAME_LABELS:
                titled = True
                continue
            if not _may_be_name(bare, folded, initial=word.text.endswith(".")):
                titled = titled and folded in _PARTICLES
                continue
            role = roles[number]
            if third and _is_third(line, start, place):
                role = Role.THIRD
            elif titled and role is Role.BODY:
                role = Role.NAMED
            for parts in _names_in(bare):
                yield NameWord(
                    parts=parts,
                    word=word,
                    page=index.number,
                    line=number,
                    role=role,
                    titled=titled,
                )


@lru_cache(maxsize=20_000)
def _names_in(bare: str) -> tuple[tuple[str, ...], ...]:
    """The spellings of a word, or of both that were run together: „AnnaSchmidt“, „McDonald“."""
    whole = spellings(bare)
    together = _RUN_TOGETHER.fullmatch(bare)
    if together is None:
        return (whole,)
    first, second = (spellings(part) for part in together.groups())
    return (first, tuple(dict.fromkeys((*second, *whole))))


def _is_third(line: Line, start: int, end: int) -> bool:
    before = fold(line.text[max(start - _AROUND, 0) : start])
    return is_third(before, fold(line.text[end - 1 : end + _AROUND]))


def _may_be_name(bare: str, folded: str, *, initial: bool) -> bool:
    if len(bare) < (1 if initial else 2) or not (bare[0].isupper() or bare[:2] in {"d'", "o'"}):
        return False
    return folded not in _NOT_NAMES and _DIGIT.search(bare) is None


def _form_fields(index: PageIndex) -> tuple[Field, ...]:
    """The fields of a page that asks for a first name; others are no forms about people."""
    if "vorname" not in index.text.lower():
        return ()
    return tuple(fields_on(index.number, index.lines))


def _form_addresses(index: PageIndex, fields: Iterable[Field]) -> Iterator[AddressSeen]:
    """The form's first address, put together of its fields."""
    first: dict[str, Field] = {}
    for one in fields:
        first.setdefault(one.name, one)
    if not {"street", "postcode"} <= first.keys():
        return
    street, code = first["street"], first["postcode"].value
    city = first["city"].value if "city" in first else ""
    key = street_key(street.value)
    words = [*street.words, *(one for one in first["postcode"].words if one not in street.words)]
    yield AddressSeen(
        streets=frozenset({key}),
        postcode=code,
        city=city,
        evidence=evidence_of("kennung.anschrift", index.number, words),
        line=_line_of(index, street.words[0]),
        role=Role.NAMED,
        keys=frozenset({f"{code}:{key}"[:120]}),
        field=True,
    )


def _form_names(index: PageIndex, fields: Iterable[Field]) -> Iterator[FormName]:
    """Each pair of a first and a last name in a form's fields, in whichever order they stand."""
    waiting: dict[str, NameWord] = {}
    for one in fields:
        if one.name not in {"first_name", "last_name"} or one.name in waiting:
            continue
        waiting[one.name] = NameWord(
            parts=spellings(one.value),
            word=one.words[0],
            page=index.number,
            line=_line_of(index, one.words[0]),
            role=Role.NAMED,
            titled=True,
        )
        if len(waiting) == 2:
            yield FormName(given=waiting["first_name"], family=waiting["last_name"])
            waiting.clear()


def _row_names(index: PageIndex, names: Sequence[NameWord]) -> Iterator[FormName]:
    """Single words in neighbouring cells of a form's row, whose labels may have been lost.

    Which is the first name is not known: each pair is given both ways.
    """
    if not is_form(index.lines):
        return
    cells = [
        name
        for name in names
        if name.page == index.number
        and name.role is not Role.THIRD
        and len(index.lines[name.line].words) <= _CELL
    ]
    pairs = 0
    for place, one in enumerate(cells):
        for other in cells[place + 1 :]:
            apart = abs(one.word.box.y0 - other.word.box.y0)
            if one.line == other.line or apart > _SAME_ROW or pairs >= _MOST_PAIRS:
                continue
            pairs += 1
            left, right = replace(one, role=Role.NAMED), replace(other, role=Role.NAMED)
            yield FormName(given=left, family=right)
            yield FormName(given=right, family=left)


def _line_of(index: PageIndex, word: Word) -> int:
    return next((n for n, line in enumerate(index.lines) if word in line.words), 0)


def _form_keys(forms: Iterable[FormName]) -> frozenset[str]:
    return frozenset(
        key
        for one in forms
        for given in one.given.parts
        for family in one.family.parts
        for key in text_name_keys((given, family))
    )


def _keys(names: Sequence[NameWord]) -> frozenset[str]:
    """Look-up keys of neighbouring name words: in one line, or across two short lines."""
    keys: set[str] = set()
    run: list[NameWord] = []
    for name in names:
        if run and (name.page != run[-1].page or name.line > run[-1].line + 2):
            keys |= text_name_keys([one.word.text for one in run])
            run = []
        run.append(name)
        if len(keys) > _MOST_KEYS:
            break
    keys |= text_name_keys([one.word.text for one in run])
    return frozenset(keys)


def _by_sound(names: Sequence[NameWord]) -> dict[str, tuple[int, ...]]:
    places: dict[str, list[int]] = defaultdict(list)
    for place, name in enumerate(names):
        for key in {sound_key(part) for part in name.parts}:
            places[key].append(place)
    return {key: tuple(found) for key, found in places.items()}


def addresses_on(index: PageIndex, roles: Sequence[Role] = ()) -> Iterator[AddressSeen]:
    """Postcode and city with the street before them, in the same line or the one above.

    ``roles`` are those of the page's lines; left out, every address stands in the body.
    """
    for place in _PLACE.finditer(index.text):
        number = index.line_at(place.start())
        line_start = index.text.rfind("\n", 0, place.start()) + 1
        same_line = index.text[line_start : place.start()].strip(" ,;·•|*-–")
        streets = _streets_in(same_line)
        start = line_start
        if not streets and number > 0:
            above = index.lines[number - 1].text
            streets = _streets_in(above)
            start = line_start - len(above) - 1
        cell = None if streets or same_line else _cell_before(index, number)
        evidence = index.evidence(
            "kennung.anschrift", start if streets else place.start(), place.end()
        )
        if cell is not None:
            streets = _streets_in(cell.text)
            words = (*cell.words, *index.words(place.start(), place.end()))
            evidence = evidence_of("kennung.anschrift", index.number, words)
        yield AddressSeen(
            streets=streets,
            postcode=place["postcode"],
            city=place["city"],
            evidence=evidence,
            line=number,
            role=roles[number] if roles else Role.BODY,
            keys=frozenset(f"{place['postcode']}:{street}"[:120] for street in streets),
        )


def _cell_before(index: PageIndex, number: int) -> Line | None:
    """The cell left of this line, in its row, if it holds a street with house number."""
    here = index.lines[number].box
    for line in index.lines:
        left = abs(line.box.y0 - here.y0) <= _SAME_ROW and line.box.x1 <= here.x0
        if left and _STREET.fullmatch(line.text.strip(" ,;|")):
            return line
    return None


def _streets_in(text: str) -> frozenset[str]:
    """The keys of the street with house number at the end of ``text``; empty without one."""
    for piece in reversed(re.split(r"\s*[,;·•|*–]\s*", text)):
        match = _STREET.search(piece.strip())
        if match is not None:
            words = match["street"].split()
            return frozenset(
                street_key(" ".join([*words[first:], match["number"]]))
                for first in range(len(words))
            )
    return frozenset()
