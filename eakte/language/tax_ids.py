"""Tax identification numbers, which no file may be ordered or searched by (§ 139b AO).

They are blanked out before any term is made of a text, at indexing and in a query alike.  The
number on the page stays readable; only the index never learns it.
"""

from __future__ import annotations

import re

from stdnum.de import idnr

# Solid or in the printed grouping 2-3-3-3, also broken over a line; a comb of single digits.
# A "+" before it makes it a telephone number; more digits right beside it, another number.
_USUAL = re.compile(
    r"(?<![0-9+])(?=([1-9][0-9][\s./-]?[0-9]{3}[\s./-]?[0-9]{3}[\s./-]?[0-9]{3})(?![0-9]))"
)
_COMB = re.compile(r"(?<![0-9])(?<![0-9] )(?=([1-9](?:[ |][0-9]){10})(?![ |]?[0-9]))")
# Named as such, it goes whatever its grouping and even with a wrong check digit: a misread tax id
# is one digit away from the right one.
_NAMED = re.compile(
    r"(?i:\b(?:steuer[\s-]*id(?:entifikations)?[\s-]*(?:nr|nummer)?|"
    r"(?:steuerliche[rn]?[\s-]+)?identifikations(?:nummer|merkmal)|id-?nr|idnr|tin)\b)"
    r"[^0-9]{0,30}?(?=([0-9](?:[\s./|-]?[0-9]){10})(?![0-9]))"
)
_TELEPHONE = re.compile(r"(?:tel|fon|fax|mobil|handy|phone)[^0-9\n]{0,15}$", re.IGNORECASE)
_DIGIT = re.compile(r"[0-9]")
_ELEVEN = re.compile(r"[0-9][0-9\s./|-]{9,}[0-9]")


def without_tax_ids(text: str) -> str:
    """``text`` with the digits of every tax id replaced by blanks; same length, same places.

    Unnamed numbers go where grouping, check digit and the rule of the one repeated digit fit:
    chance lets 0.4 % of other eleven-digit numbers pass for a tax id.  A number announced as a
    telephone number stays.
    """
    if _ELEVEN.search(text) is None:
        return text
    spans = [match.span(1) for match in _NAMED.finditer(text)]
    for pattern in (_USUAL, _COMB):
        spans += [
            match.span(1)
            for match in pattern.finditer(text)
            if idnr.is_valid(_digits(match.group(1)))
            and not _TELEPHONE.search(text, max(0, match.start() - 30), match.start())
        ]
    for start, end in spans:
        text = text[:start] + _DIGIT.sub(" ", text[start:end]) + text[end:]
    return text


def _digits(number: str) -> str:
    return "".join(_DIGIT.findall(number))
