"""Tax identification numbers, which no file may be ordered or searched by (§ 139b AO).

They are blanked out before any term is made of a text, at indexing and in a query alike.  The
number on the page stays readable; only the index never learns it.
"""

from __future__ import annotations

import re

from stdnum.de import idnr

_ELEVEN = re.compile(r"[0-9](?<![0-9].)(?=(?:[\s./|-]?[0-9]){10}(?![0-9]))")
"""Where eleven digits begin, whatever parts them."""
# Solid or in the printed grouping 2-3-3-3, also broken over a line; a comb of single digits.
# A "+" before it makes it a telephone number.
_USUAL = re.compile(r"(?<!\+)[1-9][0-9][\s./-]?[0-9]{3}[\s./-]?[0-9]{3}[\s./-]?[0-9]{3}")
_COMB = re.compile(r"(?<![0-9] )[1-9](?:[ |][0-9]){10}(?![ |][0-9])")
_ANY = re.compile(r"[0-9](?:[\s./|-]?[0-9]){10}")
# Named as such, it goes whatever its grouping and even with a wrong check digit: a misread tax id
# is one digit away from the right one.
_NAMED = re.compile(
    r"(?:\bsteuer[\s-]*id(?:entifikations)?[\s-]*(?:nr|nummer)?|"
    r"identifikations(?:nummer|merkmal)|\bid-?nr|\btin)\b[^0-9]{0,30}$",
    re.IGNORECASE,
)
_LOOK_BACK = 80
"""Characters before a number that may name it."""
_TELEPHONE = re.compile(r"(?:tel|fon|fax|mobil|handy|phone)[^0-9\n]{0,15}$", re.IGNORECASE)
_DIGIT = re.compile(r"[0-9]")


def without_tax_ids(text: str) -> str:
    """``text`` with the digits of every tax id replaced by blanks; same length, same places.

    Unnamed numbers go where grouping, check digit and the rule of the one repeated digit fit:
    chance lets 0.4 % of other eleven-digit numbers pass for a tax id.  A number announced as a
    telephone number stays.
    """
    for begin in [match.start() for match in _ELEVEN.finditer(text)]:
        if end := _end_of_tax_id(text, begin):
            text = text[:begin] + _DIGIT.sub(" ", text[begin:end]) + text[end:]
    return text


def _end_of_tax_id(text: str, begin: int) -> int:
    """Where the tax id ends whose first digit stands at ``begin``; 0 where there is none."""
    before = text[max(0, begin - _LOOK_BACK) : begin]
    named = _NAMED.search(before)
    if named:
        match = _ANY.match(text, begin)
        return match.end() if match else 0
    match = _USUAL.match(text, begin) or _COMB.match(text, begin)
    if match is None or _TELEPHONE.search(before):
        return 0
    return match.end() if idnr.is_valid("".join(_DIGIT.findall(match.group()))) else 0
