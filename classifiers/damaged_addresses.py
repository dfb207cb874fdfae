"""Addresses of which a part was lost or misread, once a name or number has led to a case file.

Street and house number with postcode or city name a home as surely as all four together; without
the house number the street must be there sign by sign.  Another house number behind the street, or
another postcode, is another address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from classifiers.damaged import SHEETS
from classifiers.identifiers import AddressSeen, Sheet
from classifiers.layout import Line
from classifiers.page_index import evidence_of
from eakte.domain.pages import Word
from eakte.domain.register import CaseFileFacts
from eakte.language.addresses import street_key
from eakte.language.folding import fold
from eakte.language.misreadings import reading_cost

_ALIKE = 75
"""So many of a hundred signs of the street must stand in a line for a closer look."""
_SHORT, _LONG = 6, 11
"""Streets below the first length must be exact; from the second on two signs may be wrong."""
_EDGES = ".,;:()[]|„“\"'*·•-–_"
_NUMBER = re.compile(r"^(?P<street>.*?)\s*(?P<house>\d{1,4}\s?[a-zA-Z]?)$")
_HOUSE = re.compile(r"\d{1,4}[a-h]?")
_GLUED = re.compile(r"(?P<street>[^\W\d]{3,}\.?)(?P<house>\d{1,4}[a-z]?)")
_OTHER_PLACE = re.compile(r"[A-ZÄÖÜ]\w{3,}")
_POSTCODE = re.compile(r"\d{5}")
_BEHIND = 5
"""So many words behind the street its postcode and city may take."""
_ROW, _UNDER, _COLUMN = 0.012, 0.035, 0.45
_HOUSE_COST, _POSTCODE_COST = 1.0, 1.2


@dataclass(frozen=True, slots=True)
class _Street:
    """Where a street was seen; ``house``: with its number; ``wrong``: so many signs are."""

    words: tuple[Word, ...]
    behind: tuple[Word, ...]
    house: bool
    wrong: int


class Places:
    """The lines of a letter's first sheets, in which homes are looked for."""

    def __init__(self, sheets: Sequence[Sheet]) -> None:
        self._sheets = sheets[:SHEETS]

    @cached_property
    def _keys(self) -> list[list[str]]:
        return [[street_key(line.text) for line in one.index.lines] for one in self._sheets]

    def of(self, file: CaseFileFacts, *, numbered: bool = False) -> Iterator[AddressSeen]:
        """Places of the file's address with a part lost or misread.

        ``numbered``: a file number led here, so that the house number before postcode or city is
        enough where the street was lost.
        """
        written = _NUMBER.match(file.street.strip())
        if written is None or not file.postcode:
            return
        home = _Home(
            street=street_key(written["street"]),
            whole=_plain(written["street"]),
            words=len(written["street"].split()),
            house=fold(written["house"]).replace(" ", ""),
            postcode=file.postcode,
            city=_plain(file.city),
        )
        for sheet, keys in zip(self._sheets, self._keys, strict=True):
            for number, key in enumerate(keys):
                likely = fuzz.partial_ratio(home.street, key) >= _ALIKE
                if not likely and not (numbered and home.house in key):
                    continue
                words = _stands(home, sheet.index.lines, number, numbered=numbered)
                if words:
                    yield AddressSeen(
                        streets=frozenset({street_key(file.street)}),
                        postcode=file.postcode,
                        city=file.city,
                        evidence=evidence_of("kennung.anschrift", sheet.index.number, words),
                        line=number,
                        role=sheet.roles[number],
                    )


@dataclass(frozen=True, slots=True)
class _Home:
    """A registered address in parts, each in its one spelling."""

    street: str
    whole: str
    words: int
    house: str
    postcode: str
    city: str

    @property
    def allowed(self) -> int:
        """So many signs of the street may be wrong."""
        size = len(self.whole)
        return 0 if size < _SHORT else 1 if size < _LONG else 2


def _stands(home: _Home, lines: Sequence[Line], number: int, *, numbered: bool) -> tuple[Word, ...]:
    """The words of the address that begins in this line; empty where it is none."""
    line = lines[number]
    for seen in _streets(home, line.words):
        if not seen.house and seen.wrong:
            continue
        place = _place(home, seen.behind)
        if place is None:
            continue
        around = place
        if not place and not _OTHER_PLACE.fullmatch(_first(seen.behind).strip(_EDGES)):
            around = _place_below(home, lines, number)
        if around:
            return (*seen.words, *around)
    if numbered:
        for at, word in enumerate(line.words):
            if _plain(word.text) == home.house:
                words = _place(home, line.words[at + 1 :])
                if words and any(_is_postcode(home, one) for one in words):
                    return (word, *words)
    return ()


def _streets(home: _Home, words: Sequence[Word]) -> Iterator[_Street]:
    """The street in a line, with or without its own house number, never with another's."""
    for start in range(len(words)):
        for end in range(start + 1, min(start + home.words + 1, len(words)) + 1):
            text = " ".join(word.text for word in words[start:end])
            glued = _GLUED.fullmatch(words[end - 1].text.strip(_EDGES))
            if glued is not None:
                text = " ".join([*(word.text for word in words[start : end - 1]), glued["street"]])
            wrong = _wrong_signs(home, text.strip(_EDGES))
            if wrong > home.allowed:
                continue
            rest = tuple(words[end:])
            if glued is not None:
                if fold(glued["house"]) == home.house:
                    yield _Street(tuple(words[start:end]), rest, house=True, wrong=wrong)
                continue
            taken = _house(home, rest)
            if taken is not None:
                used = (*words[start:end], *rest[:taken])
                yield _Street(used, rest[taken:], house=bool(taken), wrong=wrong)


def _wrong_signs(home: _Home, text: str) -> int:
    """In how many signs the street differs, with „straße“ shortened or in full."""
    short = OSA.distance(home.street, street_key(text), score_cutoff=home.allowed)
    return short and min(short, OSA.distance(home.whole, _plain(text), score_cutoff=home.allowed))


def _house(home: _Home, rest: Sequence[Word]) -> int | None:
    """How many words behind the street are its own house number; None for another number."""
    first = _plain(_first(rest))
    bare = _first(rest).strip(_EDGES)
    if first and len(first) < len(bare) and first != home.house:
        cost = reading_cost(home.house, bare, _HOUSE_COST)
        return 1 if cost is not None else 0 if not any(map(str.isdigit, first)) else None
    if first + _plain(_first(rest[1:])) == home.house and first != home.house:
        return 2
    if first == home.house:
        return 1
    if not any(map(str.isdigit, first)) or _POSTCODE.fullmatch(first):
        return 0
    if _HOUSE.fullmatch(first):
        return None
    cost = reading_cost(home.house, bare, _HOUSE_COST)
    return None if cost is None else 1


def _place(home: _Home, behind: Sequence[Word]) -> tuple[Word, ...] | None:
    """Postcode and city of the home among the next words; None where it is another postcode."""
    found: list[Word] = []
    for at, word in enumerate(behind[:_BEHIND]):
        pair = _plain(word.text) + _plain(_first(behind[at + 1 :]))
        if _is_postcode(home, word):
            found.append(word)
        elif _POSTCODE.fullmatch(_plain(word.text)) and not found:
            return None
        elif home.city and _alike(home.city, _plain(word.text)):
            found.append(word)
        elif home.city and _alike(home.city, pair):
            found.extend(behind[at : at + 2])
    return tuple(found)


def _place_below(home: _Home, lines: Sequence[Line], number: int) -> tuple[Word, ...]:
    """Postcode and city in the same row, the next line or the cell below."""
    box = lines[number].box
    for at, line in enumerate(lines):
        down = line.box.y0 - box.y0
        row = abs(down) < _ROW and line.box.x0 >= box.x1
        under = down > 0 and line.box.y0 - box.y1 < _UNDER and abs(line.box.x0 - box.x0) < _COLUMN
        if at != number and (row or under):
            words = _place(home, line.words)
            if words and words[0] is line.words[0]:
                return words
            if words is None and under:
                return ()
    return ()


def _is_postcode(home: _Home, word: Word) -> bool:
    bare = word.text.strip(_EDGES)
    if bare == home.postcode:
        return True
    cost = reading_cost(home.postcode, bare, _POSTCODE_COST)
    return cost is not None and not _POSTCODE.fullmatch(bare)


def _alike(city: str, read: str) -> bool:
    allowed = 0 if len(city) < _SHORT else 1 if len(city) < _LONG else 2
    return OSA.distance(city, read, score_cutoff=allowed) <= allowed


def _first(words: Sequence[Word]) -> str:
    return words[0].text if words else ""


@lru_cache(maxsize=50_000)
def _plain(text: str) -> str:
    return "".join(char for char in fold(text) if char.isalnum())
