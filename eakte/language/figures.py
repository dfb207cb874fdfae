"""Dates, months, bank accounts and court numbers: one term each, however they are written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from eakte.language import numbers
from eakte.language.codes import units_of
from eakte.language.folding import fold
from eakte.language.units import Token, Unit, single

_IBAN = re.compile(r"[Dd](?<!\w.)[Ee] ?[0-9]{2}(?: ?[0-9]{4}){4} ?[0-9]{2}(?!\w)")
_GROUP = re.compile(r"\w{4}")
_UNTIL = re.compile(r"[-–](?<=[0-9]{4}.)(?=[0-9]{1,2}\.\s?[0-9]{1,2}\.\s?[0-9])")
_NAMES = "januar februar marz april mai juni juli august september oktober november dezember"
_MONTHS = {name: number for number, name in enumerate(_NAMES.split(), start=1)}
_YEAR = r"(?P<year>(?:19|20)[0-9]{2})(?!\w)(?![./-][0-9])"
_MONTH = re.compile(rf"(?P<number>[01]?(?<![\w./-].)[0-9])[./]{_YEAR}")
_NAMED_MONTH = re.compile(
    r"(?P<name>[JFMASONDjfmasond](?<!\w.)(?i:anuar|ebruar|ärz|a?erz|arz|pril|ai|uni|uli|ugust|"
    rf"eptember|ktober|ovember|ezember))\s{_YEAR}"
)
_WITH_BG = re.compile(r"([0-9]+)bg([0-9]+)")


def figures(text: str) -> Iterator[Unit]:
    """All of them, kind by kind."""
    yield from _dates(text)
    yield from _months(text)
    yield from _accounts(text)
    yield from _court_numbers(text)


def exact_key(value: str) -> str:
    """``value`` of an exact field in the one spelling that engines compare.

    Letters and digits only, folded; ``12345//0001234`` and ``12345BG0001234`` are one.
    """
    key = fold("".join(char for char in fold(value) if char.isalnum()))
    if with_bg := _WITH_BG.fullmatch(key):
        return "".join(with_bg.groups())
    return key


def _dates(text: str) -> Iterator[Unit]:
    for day in numbers.dates(_UNTIL.sub(" ", text)):
        term = day.value.strftime("%Y%m%d")
        written = text[day.start : day.end]
        extras = [term[:6], term[:4], *_month_names(written)]
        yield single(
            term,
            day.start,
            day.end,
            *(Token(extra, day.start, day.end, extra=True) for extra in extras),
        )


def _months(text: str) -> Iterator[Unit]:
    for match in _MONTH.finditer(text):
        if 1 <= int(match["number"]) <= 12:
            yield _month(match, int(match["number"]))
    for match in _NAMED_MONTH.finditer(text):
        if number := _MONTHS.get(fold(match["name"])):
            yield _month(match, number)


def _month(match: re.Match[str], number: int) -> Unit:
    extras = [match["year"], *_month_names(match.group())]
    return single(
        f"{match['year']}{number:02d}",
        match.start(),
        match.end(),
        *(Token(extra, match.start(), match.end(), extra=True) for extra in extras),
    )


def _month_names(written: str) -> Iterator[str]:
    """The terms of the month's name, if ``written`` has one: ``April`` alone finds it too."""
    for unit in units_of(written, 0, len(written)):
        for token in unit.tokens:
            if token.term.isalpha():
                yield token.term


def _accounts(text: str) -> Iterator[Unit]:
    spans = [(match.start(), match.end()) for match in _IBAN.finditer(text)]
    spans += [(found.start, found.end) for found in numbers.ibans(text)]
    for start, end in dict.fromkeys(spans):
        written = text[start:end]
        compact = "".join(written.split()).lower()
        groups = [
            Token(group.group().lower(), start + group.start(), start + group.end(), extra=True)
            for group in _GROUP.finditer(written)
        ]
        yield single(compact, start, end, *groups)


def _court_numbers(text: str) -> Iterator[Unit]:
    """``S 12 AS 345/26``: its parts in a row, since it is typed in pieces, and itself in one."""
    for found in numbers.court_numbers(text):
        parts = tuple(
            token for unit in units_of(text, found.start, found.end) for token in unit.tokens
        )
        joined = exact_key(found.value)
        whole = Token(joined, found.start, found.end, extra=True)
        yield Unit((*parts, whole), ((joined,),), found.start, found.end)
