"""Plain words of a query: which of them are excluded, which may go on, which count for nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from eakte.domain.search import Clause
from eakte.language.analysis import Unit, units
from eakte.language.stems import term_of, typed_so_far
from eakte.language.tax_ids import without_tax_ids

# So frequent that asking for them changes nothing; only left out beside other words.
_FREQUENT = (
    "am an auf aus bei das dem den der des die ein eine einem einen einer eines es für im in ist "
    "mit nach oder und vom von zu zum zur"
)
_STOP_WORDS = frozenset(map(term_of, _FREQUENT.split()))
_DASHED = re.compile(r"(?<!\S)-(?=[^\s-])(?P<chunk>\S+)")
_FIRST = re.compile(r"\S*[\w§]\S*")


def visible(text: str) -> str:
    """``text`` without signs that show nothing (zero width, directions); controls are blanks."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        " " if kind in ("Cc", "Zl", "Zp") else char
        for char in text
        if (kind := unicodedata.category(char)) != "Cf" or char == "\u00ad"
    )


def says_something(text: str) -> bool:
    """Whether anything in ``text`` may be a word or a number."""
    return _FIRST.search(text) is not None


def parted(text: str, *, exclude: bool = False) -> Iterator[tuple[Unit, bool]]:
    """The units of ``text``, in its places, and whether each is excluded.

    A dash excludes all that begins before the next blank and nothing behind it, also where what
    stands there is no term; ``exclude``: so is what stands first.  Of several words of one such
    chunk those that stand in every letter are left out, since they would exclude nearly all.
    """
    # Without the dashes, or a tax id would not be seen across one.
    masked = without_tax_ids(_DASHED.sub(lambda match: f" {match['chunk']}", text))
    begun = 0
    chunks = [match.span("chunk") for match in _DASHED.finditer(text)]
    if exclude and (first := _FIRST.search(text)):
        chunks = [first.span(), *(chunk for chunk in chunks if chunk[0] > first.end())]
    for start, end in chunks:
        yield from ((unit, False) for unit in _between(masked, begun, start))
        found = list(_between(masked, start, _next(chunks, start, len(text))))
        inside = [unit for unit in found if unit.start < end]
        wordy = [unit for unit in inside if not is_stop_word(unit)]
        yield from ((unit, True) for unit in (wordy or inside[:1]))
        yield from ((unit, False) for unit in found[len(inside) :])
        begun = _next(chunks, start, len(text))
    yield from ((unit, False) for unit in _between(masked, begun, len(text)))


def _next(chunks: list[tuple[int, int]], start: int, last: int) -> int:
    return next((begin for begin, _ in chunks if begin > start), last)


def _between(text: str, start: int, end: int) -> Iterator[Unit]:
    """The units of ``text[start:end]``; what stands around is blanks to them."""
    if start < end:
        yield from units(" " * start + text[start:end])


def is_stop_word(unit: Unit) -> bool:
    """Whether the unit stands in every letter."""
    return len(unit.forms) == 1 and len(unit.forms[0]) == 1 and unit.forms[0][0] in _STOP_WORDS


def opened(unit: Unit, text: str) -> Clause:
    """A unit of ``text`` that may go on."""
    alternatives = list(unit.forms)
    prefixes: list[tuple[str, ...]] = []
    for form, written in _typed_forms(unit, text):
        exact, prefix = typed_so_far(written)
        alternatives += [(*form, term) for term in sorted(exact)]
        if prefix:
            prefixes.append((*form, prefix))
    return Clause(alternatives=tuple(dict.fromkeys(alternatives)), prefixes=tuple(prefixes))


def _typed_forms(unit: Unit, text: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """The terms before the unfinished word, and that word as written."""
    for form in unit.forms:
        *before, last = form
        token = next((token for token in unit.tokens if token.term == last), None)
        written = text[token.start : token.end] if token else last
        yield tuple(before), written if written.isalpha() else last
