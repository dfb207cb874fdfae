"""Sums of money in German spellings, also as recognition misreads them.

``1.234,56 €``, ``1234,56 EUR``, ``EUR 1 234,56``, ``€ 12,50``, ``500,- Euro``, ``1.234.56 €``
(a comma read as a point), ``12O,50 €`` (a zero read as a letter).  A sum is found by how much it
is: whether it is added or taken away is no part of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

_N = "[0-9OoIl]"
_WHOLE = rf"(?P<whole>{_N}{{1,3}}(?:[.'’ \u00a0]{_N}{{3}})+(?!{_N})|{_N}{{1,9}})"
_CENTS = rf"(?:\s?[,.]\s?(?P<cents>{_N}{{2}})(?![0-9])|,\s?(?P<dash>[-–—]{{1,2}}|[=]))"
_SIGN = r"(?:[-–−]\s?)?"
_CURRENCY = r"(?:€|EUR\b|EURO\b|Euro\b|euro\b|Eur\b)"
_START = r"(?<![\w.,/§])"
_AFTER = re.compile(rf"{_START}{_SIGN}{_WHOLE}{_CENTS}?\s?{_CURRENCY}")
_BEFORE = re.compile(rf"(?<![\w]){_CURRENCY}:?\s?{_SIGN}{_WHOLE}{_CENTS}(?!\w)")
_BARE = re.compile(
    r"(?<![\w.,/])(?:[-–−]\s?)?(?P<whole>\d{1,3}(?:\.\d{3})+|\d{1,9}),(?P<cents>\d{2})(?![\w,.]\d|\w)"
    r"(?P<dash>(?!))?"
)
_MEANT = str.maketrans("OoIl", "0011")
_SIGNS = re.compile(r"[.'’ \u00a0]")


@dataclass(frozen=True, slots=True)
class FoundAmount:
    """A sum in euros with its place; ``repaired``: letters were read as digits."""

    value: Decimal
    start: int
    end: int
    repaired: bool = False


def amounts(text: str) -> Iterator[FoundAmount]:
    """The sums in ``text`` that name their currency, in their order."""
    found: dict[int, FoundAmount] = {}
    for pattern in (_AFTER, _BEFORE):
        for match in pattern.finditer(text):
            one = _read(match)
            if one is not None and not any(
                other.start < one.end and one.start < other.end for other in found.values()
            ):
                found[one.start] = one
    for start in sorted(found):
        yield found[start]


def bare_amounts(text: str) -> Iterator[FoundAmount]:
    """Numbers with two places behind the comma, whether or not they name a currency."""
    for match in _BARE.finditer(text):
        one = _read(match)
        if one is not None:
            yield one


def amount_of(typed: str) -> Decimal | None:
    """The one sum that ``typed`` is, with or without currency; None where it is none."""
    text = typed.strip()
    plain = re.fullmatch(r"[-–−]?\s?[0-9][0-9.,'’ \u00a0]*(?:,[-–—]{1,2})?", text)
    with_currency = f"{text} €" if plain else text
    found = list(amounts(with_currency))
    if len(found) != 1 or with_currency[: found[0].start].strip() not in ("", "€", "EUR"):
        return None
    return found[0].value if found[0].end >= len(with_currency.rstrip()) else None


def canonical(value: Decimal) -> str:
    """``1234.56``: a point, two places, no signs of thousands."""
    return f"{value:.2f}"


def _read(match: re.Match[str]) -> FoundAmount | None:
    written = match["whole"] + (match["cents"] or "")
    digits = written.translate(_MEANT)
    if not any(char.isdigit() for char in written):
        return None
    whole = _SIGNS.sub("", match["whole"].translate(_MEANT))
    value = Decimal(f"{whole}.{(match['cents'] or '00').translate(_MEANT)}")
    return FoundAmount(value, match.start(), match.end(), repaired=digits != written)
