"""What on the pages could say whose they are: numbers, names, birth dates, addresses.

Only facts with their evidence; whose letter it is, :mod:`classifiers.case_match` decides.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from classifiers.layout import Line, Zone, evidence_boxes, lines_of
from eakte.domain.findings import Evidence
from eakte.domain.pages import PageText, Word
from eakte.language.folding import fold
from eakte.language.names import name_parts, text_name_keys
from eakte.language.numbers import (
    AktenzeichenPattern,
    FoundNumber,
    customer_numbers,
    dates,
)

NAMED_PAGES = 10
"""Names are looked for on this many pages; a long enclosure names the whole world."""

_MOST_KEYS = 1500
_PHONE = re.compile(r"(tel|telefon|fon|fax|telefax|mobil|handy|rufnummer|durchwahl)[\w.:/ ]{0,12}$")
_NUMBER_LABEL = re.compile(
    r"(bg|aktenzeichen|az|geschaftszeichen|zeichen|nummer|nr|bedarfsgemeinschaft)[\w.\-:/ ]{0,14}$"
)
_BIRTH_LABEL = re.compile(r"(geb|geboren|geburtsdatum|geburtstag|geb datum|\*)[\w.,:() \n]{0,28}$")
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
_SHARP_S = re.compile(r"(?<=[a-zäöü])[BR](?=[a-zäöü])")
_SURNAME_LABELS = frozenset({"herr", "herrn", "frau", "eheleute", "familie"}) | frozenset(
    {"familienname", "nachname", "mieter", "mieterin", "patient", "patientin"}
)
_EARLIEST_BIRTH = date(1905, 1, 1)


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
class DateSeen:
    """A day on a page that may be a birth date; ``labelled`` where the page says that it is."""

    days: tuple[date, ...]
    evidence: Evidence
    labelled: bool
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NameWord:
    """A capitalised word that may be part of a name, with its folded parts."""

    parts: tuple[str, ...]
    word: Word
    page: int
    line: int
    zone: Zone
    titled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressSeen:
    """A postal address: postcode, city as printed, and what the street with number may be.

    ``streets`` are street keys that begin one word later each, since a sentence may go before:
    „wohnhaft Süderstraße 12“.
    """

    streets: frozenset[str]
    postcode: str
    city: str
    evidence: Evidence
    zone: Zone


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifiers:
    """Everything on the pages that may identify; in the order of reading."""

    numbers: tuple[NumberSeen, ...]
    customer_numbers: tuple[NumberSeen, ...]
    dates: tuple[DateSeen, ...]
    names: tuple[NameWord, ...]
    addresses: tuple[AddressSeen, ...]
    name_keys: frozenset[str]


class PageIndex:
    """The text of a page's lines with a way back from characters to words."""

    def __init__(self, number: int, lines: Sequence[Line]) -> None:
        self.number = number
        self.lines = lines
        self.text = "\n".join(line.text for line in lines)
        lengths = [len(line.text) + 1 for line in lines]
        self._starts = [0, *accumulate(lengths)]

    def line_at(self, place: int) -> int:
        """The index of the line that holds character ``place``."""
        return max(bisect_right(self._starts, place) - 1, 0)

    def words(self, start: int, end: int) -> tuple[Word, ...]:
        """The words that touch ``text[start:end]``."""
        found: list[Word] = []
        for index in range(self.line_at(start), min(self.line_at(end - 1) + 1, len(self.lines))):
            place = self._starts[index]
            for word in self.lines[index].words:
                if place < end and place + len(word.text) > start:
                    found.append(word)
                place += len(word.text) + 1
        return tuple(found)

    def evidence(self, rule: str, start: int, end: int) -> Evidence:
        """Evidence for ``text[start:end]``."""
        return evidence_of(rule, self.number, self.words(start, end))

    def before(self, place: int, length: int = 36) -> str:
        """The folded text right before character ``place``."""
        return fold(self.text[max(place - length, 0) : place])


def evidence_of(rule: str, page: int, words: Sequence[Word]) -> Evidence:
    """Evidence that consists of ``words`` on ``page`` (from 1)."""
    return Evidence(
        rule=rule,
        page=page,
        words=" ".join(word.text for word in words),
        boxes=evidence_boxes(words),
    )


def identify(pages: Iterable[PageText], pattern: AktenzeichenPattern) -> Identifiers:
    """Read every identifying fact off ``pages``; odd input yields fewer facts, never an error."""
    indexes = [
        PageIndex(number, lines_of(page, first=number == 1))
        for number, page in enumerate(pages, start=1)
    ]
    names = tuple(name for index in indexes[:NAMED_PAGES] for name in _name_words(index))
    return Identifiers(
        numbers=tuple(one for index in indexes for one in _file_numbers(index, pattern)),
        customer_numbers=tuple(one for index in indexes for one in _customer_numbers(index)),
        dates=tuple(one for index in indexes[:NAMED_PAGES] for one in _birth_dates(index)),
        names=names,
        addresses=tuple(one for index in indexes[:NAMED_PAGES] for one in addresses_on(index)),
        name_keys=_keys(names),
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


def _name_words(index: PageIndex) -> Iterator[NameWord]:
    titled = False
    for number, line in enumerate(index.lines):
        for word in line.words:
            bare = word.text.strip(".,;:()[]„“\"'*")
            folded = fold(bare)
            if folded in _SURNAME_LABELS:
                titled = True
                continue
            if not _may_be_name(bare, folded, initial=word.text.endswith(".")):
                titled = titled and folded in _PARTICLES
                continue
            yield NameWord(
                parts=name_parts(bare),
                word=word,
                page=index.number,
                line=number,
                zone=line.zone,
                titled=titled,
            )


def _may_be_name(bare: str, folded: str, *, initial: bool) -> bool:
    if (
        len(bare) < (1 if initial else 2)
        or folded in _NOT_NAMES
        or any(char.isdigit() for char in bare)
    ):
        return False
    return bare[0].isupper() or bare[:2] in {"d'", "o'"}


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


def addresses_on(index: PageIndex) -> Iterator[AddressSeen]:
    """Postcode and city with the street before them, in the same line or the one above."""
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
        yield AddressSeen(
            streets=streets,
            postcode=place["postcode"],
            city=place["city"],
            evidence=index.evidence(
                "kennung.anschrift", start if streets else place.start(), place.end()
            ),
            zone=index.lines[number].zone,
        )


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


def street_key(street: str) -> str:
    """A street with house number in one spelling: ``Süderstr. 12 a`` is ``suderstr12a``."""
    folded = re.sub(r"[\W_]+", "", fold(_SHARP_S.sub("ß", street)))
    return re.sub(r"strasse|str(?=\d|$)", "str", folded)
