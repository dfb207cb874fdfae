"""Words and numbers: what stands between two blanks, cut into units.

A number is one term without its separators, so that ``12345//0001234``, ``12345/0001234`` and
``123450001234`` meet; its parts are findable too.  Amounts keep their comma and lose the signs of
their thousands.  A hyphenated word gives its parts in a row and, beside them, itself in one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from eakte.language.folding import fold
from eakte.language.stems import LONGEST_TERM, term_of
from eakte.language.units import Token, Unit, single, word

_INVISIBLE = r"\u0300-\u036f\u00ad\u200b-\u200f\u2060\ufeff"
_PIECE = rf"[^\W_]+(?:[{_INVISIBLE}]+[^\W_]*)*"
_HYPHEN = "-‐‑"
BREAKING = f"{_HYPHEN}¬\u00ad"
"""Signs that part a word at a line end."""
_BREAK = rf"[{BREAKING}][ \t]*\r?\n\s*"
_SIGN = rf"(?:{_BREAK}|//|[{_HYPHEN}–'’/.]|(?<=[0-9])[,:](?=[0-9]))"
CHUNK = re.compile(rf"{_PIECE}(?:{_SIGN}{_PIECE})*(?:(?<=[0-9]),[-–—]{{1,2}}(?!\w))?|€")
"""A word or number with the signs inside it; a word broken at a line end in one.  It can be
analysed by itself, whatever stands around it."""

_PARTS = re.compile(rf"({_SIGN})({_PIECE})")
_FIRST = re.compile(_PIECE)
_HAS_DIGIT = re.compile(r"[0-9]")
_AMOUNT = re.compile(r"([0-9]{1,3}(?:\.[0-9]{3})+|[0-9]+)(?:,([0-9]{1,2}))?")
_POINT_AMOUNT = re.compile(r"([0-9]+)\.([0-9]{2})")
_DASH_CENTS = re.compile(r",[-–—]{1,2}(?!\w)")
_WITH_BG = re.compile(r"([0-9]+)bg([0-9]+)")
_WORDY = 4
_SHORTEST_PART = 3
_NOT_CONTINUED = frozenset({"und", "oder", "bzw", "sowie", "u"})
_NO_JOINING = frozenset("/,:")


def units_of(text: str, start: int, end: int) -> Iterator[Unit]:
    """The units of ``text[start:end]``, which holds no paragraph reference and no date."""
    for match in CHUNK.finditer(text, start, end):
        yield from _units_of_chunk(text, match)


def tokens_of(text: str, start: int, end: int) -> Iterator[Token]:
    """The tokens of :func:`units_of`, without the cost of a unit for every plain word."""
    for match in CHUNK.finditer(text, start, end):
        chunk = match.group()
        if not chunk.isalpha():
            for unit in _units_of_chunk(text, match):
                yield from unit.tokens
        elif term := term_of(chunk):
            yield _new(Token, (term, *match.span(), False))


def _units_of_chunk(text: str, match: re.Match[str]) -> Iterator[Unit]:
    chunk = match.group()
    if chunk == "€":
        yield single(term_of(chunk), match.start(), match.end())
    elif chunk.isalpha():
        if term := term_of(chunk):
            yield word(chunk, term, match.start(), match.end())
    elif _HAS_DIGIT.search(chunk) is None:
        yield from _words(_pieces(chunk, match.start()))
    else:
        yield from _mixed(text, _pieces(chunk, match.start()))


def goes_on(following: str) -> bool:
    """Whether what follows a hyphen at a line end is the rest of the broken word.

    ``Bewilligungs-`` / ``bescheid`` is; ``Heiz-`` / ``und`` and ``Müller-`` / ``Lüdenscheidt`` not.
    """
    first = _FIRST.match(following)
    return (
        first is not None
        and first.group()[0].islower()
        and fold(first.group()) not in _NOT_CONTINUED
    )


_new = tuple.__new__  # a third of the time of Token(...), for nine words in ten
_SignedPiece = tuple[str, str, int, int]
"""The sign before a run of letters and digits, the run as written, its start and end."""


def _pieces(chunk: str, offset: int) -> list[_SignedPiece]:
    """``(sign before, piece, start, end)`` of each piece of ``chunk``."""
    first = _FIRST.match(chunk)
    if first is None:
        return []
    pieces = [("", first.group(), offset, offset + first.end())]
    for match in _PARTS.finditer(chunk, first.end()):
        sign, piece = match.groups()
        pieces.append((sign, piece, offset + match.start(2), offset + match.end(2)))
    return pieces


def _words(pieces: list[_SignedPiece]) -> Iterator[Unit]:
    """Units of words: parted at a slash, held together by hyphens and points."""
    group: list[_SignedPiece] = []
    for sign, piece, start, end in pieces:
        broken = bool(group) and "\n" in sign
        if broken and goes_on(piece):
            before, begun, begin, _ = group[-1]
            group[-1] = (before, begun + piece, begin, end)
        elif group and (sign[:1] in _NO_JOINING or (broken and piece[:1].islower())):
            yield from _compound(group)
            group = [("", piece, start, end)]
        else:
            group.append((sign, piece, start, end))
    yield from _compound(group)


def _compound(group: list[_SignedPiece]) -> Iterator[Unit]:
    tokens = [Token(term, s, e) for _, piece, s, e in group if (term := term_of(piece))]
    if not tokens:
        return
    start, end = tokens[0].start, tokens[-1].end
    phrase = tuple(token.term for token in tokens)
    written = "".join(piece for _, piece, *_ in group)
    if len(tokens) == 1:
        yield Unit(tuple(tokens), (phrase,), start, end, written)
        return
    points = any(sign.startswith(".") for sign, *_ in group)
    if points and any(len(piece) >= _WORDY for _, piece, *_ in group):
        yield Unit(tuple(tokens), (phrase,), start, end)
        return
    joined = term_of(written)
    tokens.append(Token(joined, start, end, extra=True))
    yield Unit(tuple(tokens), (phrase, (joined,)), start, end, written)


def _mixed(text: str, pieces: list[_SignedPiece]) -> Iterator[Unit]:
    """Units of a chunk with digits: ``Heizkosten-2026`` is a word and a number, not a code."""
    run: list[_SignedPiece] = []
    run_is_wordy = False
    for signed in pieces:
        piece = signed[1]
        wordy = len(piece) >= _WORDY and _HAS_DIGIT.search(piece) is None
        if run and wordy != run_is_wordy:
            yield from _words(run) if run_is_wordy else _code(text, run)
            run = []
        run_is_wordy = wordy
        run.append(signed if run else ("", *signed[1:]))
    if run:
        yield from _words(run) if run_is_wordy else _code(text, run)


def _code(text: str, pieces: list[_SignedPiece]) -> Iterator[Unit]:
    start, end = pieces[0][2], pieces[-1][3]
    amount = _amount(text, start, end)
    if amount:
        yield amount
        return
    if any(sign == "," for sign, *_ in pieces):  # an enumeration: 12,13,14
        for signed in pieces:
            yield from _code(text, [("", *signed[1:])])
        return
    parts = [(fold(piece)[:LONGEST_TERM], s, e) for _, piece, s, e in pieces]
    joined = "".join(part for part, *_ in parts)[:LONGEST_TERM]
    if not joined:
        return
    forms = [(joined,)]
    extras: list[Token] = []
    if with_bg := _WITH_BG.fullmatch(joined):  # 12345BG0001234 is 12345//0001234
        parts = [(number, start, end) for number in with_bg.groups()]
        plain = "".join(with_bg.groups())
        extras.append(Token(plain, start, end, extra=True))
        forms.append((plain,))
    extras += [
        Token(term, s, e, extra=True)
        for part, s, e in parts
        for term in dict.fromkeys((part, part.lstrip("0")))
        if len(term) >= _SHORTEST_PART and _HAS_DIGIT.search(term) and term != joined
    ]
    yield Unit((Token(joined, start, end), *extras), tuple(forms), start, end)


def _amount(text: str, start: int, end: int) -> Unit | None:
    """``1.234,56`` and ``1234,56`` as ``1234,56``; ``500,-`` as ``500,00``; else None."""
    written = text[start:end]
    match = _AMOUNT.fullmatch(written) or _POINT_AMOUNT.fullmatch(written)
    if match is None:
        return None
    whole = match[1].replace(".", "")[:LONGEST_TERM]
    cents = match[2]
    if cents is None and (dash := _DASH_CENTS.match(text, end)):
        cents, end = "00", dash.end()
    if cents is None:
        extras = [Token(whole.lstrip("0"), start, end, extra=True)] if _padded(whole) else []
        return single(whole, start, end, *extras)
    return single(
        f"{whole},{cents}",
        start,
        end,
        Token(whole + cents, start, end, extra=True),
        Token(whole, start, end, extra=True),
    )


def _padded(digits: str) -> bool:
    return digits.startswith("0") and len(digits.lstrip("0")) >= _SHORTEST_PART
