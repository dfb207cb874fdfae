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
_LETTER = re.compile(r"[^\W\d_]")
_UNTIL = re.compile(r"[-–](?<=[0-9]{4}.)(?=[0-9]{1,2}\.\s?[0-9]{1,2}\.\s?[0-9])")
_NAMES = "januar februar marz april mai juni juli august september oktober november dezember"
_MONTHS = {name: number for number, name in enumerate(_NAMES.split(), start=1)}
# Years are rare and quickly found; what stands before one is looked at only then.
_YEAR = re.compile(r"[12](?<=[\s./].)(?:(?<=1)9|(?<=2)0)[0-9]{2}(?!\w)(?![./-][0-9])")
_BEFORE_YEAR = re.compile(
    r"(?:(?<![\w./-])(?P<number>[01]?[0-9])[./]|(?<!\w)(?P<name>[^\W\d_]{3,9})\s)$"
)
_LONGEST_MONTH = 12
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
    for year in _YEAR.finditer(text):
        before = _BEFORE_YEAR.search(text, max(0, year.start() - _LONGEST_MONTH), year.start())
        if before is None:
            continue
        written = before["number"]
        number = int(written) if written else _MONTHS.get(fold(before["name"]), 0)
        if 1 <= number <= 12:
            yield _month(text, before.start(), year, number)


def _month(text: str, start: int, year: re.Match[str], number: int) -> Unit:
    extras = [year.group(), *_month_names(text[start : year.start()])]
    return single(
        f"{year.group()}{number:02d}",
        start,
        year.end(),
        *(Token(extra, start, year.end(), extra=True) for extra in extras),
    )


def _month_names(written: str) -> Iterator[str]:
    """The terms of the month's name, if ``written`` has one: ``April`` alone finds it too."""
    if not _LETTER.search(written):
        return
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
