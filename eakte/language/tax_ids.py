"""Tax identification numbers, which no file may be ordered or searched by (§ 139b AO).

They are blanked out before any term is made of a text, at indexing and in a query alike.  The
number on the page stays readable; only the index never learns it.
"""

from __future__ import annotations

import re

from stdnum.de import idnr

from eakte.language.aktenzeichen import DIGIT_SHAPES, digits_of

_DIGIT = "[0-9]"
_SIGN = f"[{DIGIT_SHAPES}]"
"""A digit, or a letter that recognition puts in its place."""
_MOSTLY = 0.5
"""At least this share must be digits: more letters are read as no number (``rough.py``)."""


class _Shapes:
    """Eleven digits in a row, each of them ``sign``.

    ``eleven``: where such begin, whatever parts them.  ``usual``: solid or in the printed grouping
    2-3-3-3, also broken over a line; a "+" before it makes it a telephone number.  ``comb``: single
    digits.  ``any``: whatever parts them.
    """

    def __init__(self, sign: str) -> None:
        parted = rf"(?:[\s./|-]?{sign}){{10}}"
        three = rf"[\s./-]?{sign}{{3}}"
        self.eleven = re.compile(rf"{sign}(?<!{sign}.)(?={parted}(?!{sign}))")
        self.usual = re.compile(rf"(?<!\+)(?!0){sign}{{2}}{three}{three}{three}")
        self.comb = re.compile(rf"(?<!{sign} )(?!0){sign}(?:[ |]{sign}){{10}}(?![ |]{sign})")
        self.any = re.compile(rf"{sign}{parted}")


_CLEAR, _MISREAD = _Shapes(_DIGIT), _Shapes(_SIGN)
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
_ANY_SIGN = re.compile(_SIGN)


def without_tax_ids(text: str) -> str:
    """``text`` with the digits of every tax id replaced by blanks; same length, same places.

    Unnamed numbers go where grouping, check digit and the rule of the one repeated digit fit:
    chance lets 0.4 % of other eleven-digit numbers pass for a tax id.  A number announced as a
    telephone number stays.  Letters that recognition read in place of digits count as these.
    """
    for shapes in (_CLEAR, _MISREAD):
        for begin in [match.start() for match in shapes.eleven.finditer(text)]:
            if end := _end_of_tax_id(text, begin, shapes):
                text = text[:begin] + _ANY_SIGN.sub(" ", text[begin:end]) + text[end:]
    return text


def _end_of_tax_id(text: str, begin: int, shapes: _Shapes) -> int:
    """Where the tax id ends whose first digit stands at ``begin``; 0 where there is none."""
    before = text[max(0, begin - _LOOK_BACK) : begin]
    if _NAMED.search(before):
        match = shapes.any.match(text, begin)
        return match.end() if match and _digits(match.group()) else 0
    match = shapes.usual.match(text, begin) or shapes.comb.match(text, begin)
    if match is None or _TELEPHONE.search(before):
        return 0
    return match.end() if idnr.is_valid(_digits(match.group())) else 0


def _digits(written: str) -> str:
    """The digits that ``written`` means; none where most of it is letters."""
    signs = _ANY_SIGN.findall(written)
    clear = sum(map(str.isdigit, signs))
    return digits_of("".join(signs)) if clear >= _MOSTLY * len(signs) else ""
