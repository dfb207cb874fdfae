"""Numbers written in pieces: telephone, file, customer and insurance numbers, sums with blanks.

Their pieces keep their places, since they are typed in pieces as well; beside them stands the whole
without blanks, so that ``0151 234567``, ``0151/234567`` and ``+49 151 234567`` are one number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from eakte.language.codes import units_of
from eakte.language.folding import fold
from eakte.language.units import Token, Unit, single

# Each begins with a set of characters and looks back only then, which is much faster.
_PHONE = re.compile(
    r"[+0(](?<![\w/.,-].)(?:(?<=\+)49|(?<=0)049|(?<=[0(]))[ \u00a0/-]?(?:\(0\))?[ \u00a0]?"
    r"(?:(?<=\()0|)[1-9][0-9]++\)?"
    r"(?:(?:[ \u00a0]?[-/–][ \u00a0]?|[ \u00a0])(?!0[1-9][0-9]{2})[0-9]++(?![.,:][0-9])){0,6}(?!\w)"
)
_FEWEST, _MOST = 7, 15
_COUNTRY = re.compile(r"\+49|0049")
_PIECES = re.compile(
    r"[0-9](?<![\w/.,-].)(?:"
    r"[0-9]{2,7}(?P<link>[ ]?//?[ ]?|[ ]?[Bb][Gg][ ]?)[0-9]{4,9}"  # a file number
    r"|[0-9]{2}[ ]?[A-Z][ ]?[0-9]{6}"  # a customer number
    r"|[0-9][ ]?[0-9]{6}[ ]?[A-Z][ ]?[0-9]{3}"  # a pension number
    r")(?!\w)(?![/.,-][0-9])"
)
_SUM = re.compile(
    r"[0-9](?<![\w/.,-].)[0-9]{0,2}(?:[ \u00a0'’][0-9]{3})+,(?P<cents>[0-9]{2})(?!\w)"
)
_NO_DIGIT = re.compile(r"[^0-9]")


def spaced_numbers(text: str) -> Iterator[Unit]:
    """All of them, kind by kind; what is written without blanks is left to ``codes.py``."""
    for match in _SUM.finditer(text):
        yield _sum(match)
    for match in _PIECES.finditer(text):
        if " " in match.group():
            written = match.group().replace(match["link"] or " ", "").replace(" ", "")
            yield _in_pieces(text, match, fold(written))
    for match in _PHONE.finditer(text):
        number = _phone(match)
        if _FEWEST <= len(number) <= _MOST and not match.group().isdigit():
            yield _in_pieces(text, match, number)


def _phone(match: re.Match[str]) -> str:
    """The digits as they are dialled within the country."""
    written = match.group().replace("(0)", "")
    digits = _NO_DIGIT.sub("", written)
    if _COUNTRY.match(written.lstrip("(")):
        return "0" + (digits[2:] if "+" in written else digits[4:])
    return digits


def _in_pieces(text: str, match: re.Match[str], whole: str) -> Unit:
    start, end = match.span()
    found = tuple(token for unit in units_of(text, start, end) for token in unit.tokens)
    pieces = tuple(token.term for token in found if not token.extra)
    extra = Token(whole, start, end, extra=True)
    return Unit((*found, extra), tuple(dict.fromkeys(((whole,), pieces))), start, end)


def _sum(match: re.Match[str]) -> Unit:
    start, end = match.span()
    whole = _NO_DIGIT.sub("", match.group())[:-2]
    extras = (whole + match["cents"], whole)
    return single(
        f"{whole},{match['cents']}",
        start,
        end,
        *(Token(extra, start, end, extra=True) for extra in extras),
    )
