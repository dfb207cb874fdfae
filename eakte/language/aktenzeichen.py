r"""The authority's own file numbers (Aktenzeichen) in all the spellings that arrive.

The patterns are settings, written as regular expressions of a small kind: ``\d``, ``[A-Z]``,
``{n}``, plain signs and ``?`` behind a plain sign.  That is enough to know which places vary, so
``12345//0001234``, ``12345/0001234``, ``12345 // 0001234``, ``12345BG0001234`` and what a scanner
makes of them (``12345//OOOl234``) come out as one canonical form: the variable places, joined the
way the first pattern of the same shape joins them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from eakte.errors import SettingsError

DIGIT_SHAPES = "0-9OoQDlIi|!ZSBGqg"
"""Inside a character class: digits, and the letters that OCR puts in their place."""
_DIGITS = str.maketrans("OoQDlIi|!ZSBGqg", "000011111258699")

DEFAULT_PATTERNS = (r"\d{5}//?\d{7}", r"\d{5}BG\d{7}")

_PIECE = re.compile(r"(\\d|\[A-Z\]|\\[^\w\s]|[A-Za-z0-9 /_.:-])(?:\{(\d{1,2})\})?(\?)?")
_LETTER_SHAPES = {"B": "B8", "G": "GC6", "S": "S5", "O": "O0", "I": "Il1", "Z": "Z2"}
_SLASH_SHAPES = "/\\\\|lI"
_MOSTLY = 0.6
"""At least this share of the digit places must hold real digits, or it is a word."""


@dataclass(frozen=True, slots=True)
class FoundNumber:
    """A number in a text: its canonical form and where it stands (``text[start:end]``).

    ``repaired`` is true where a letter had to be read as the digit it resembles.
    """

    value: str
    start: int
    end: int
    repaired: bool = False


@dataclass(frozen=True, slots=True)
class _Run:
    """Consecutive places of one kind: ``d`` digits, ``a`` letters, or fixed ``literal`` text."""

    kind: str
    length: int = 0
    literal: str = ""
    optional: str = ""


class AktenzeichenPattern:
    """Finds and normalises file numbers after the authority's patterns.

    Raises ``SettingsError`` for a pattern beyond the small language above.
    """

    def __init__(self, patterns: Sequence[str] = DEFAULT_PATTERNS) -> None:
        if not patterns:
            raise SettingsError(
                "Es ist kein Muster für Aktenzeichen eingestellt.",
                remedy=r"Mindestens eines angeben, zum Beispiel \d{5}//?\d{7}.",
            )
        self._forms: list[tuple[re.Pattern[str], tuple[_Run, ...]]] = []
        self._canonical: dict[tuple[tuple[str, int], ...], tuple[_Run, ...]] = {}
        for pattern in patterns:
            runs = _parse(pattern)
            self._forms.append((_compile(runs), runs))
            self._canonical.setdefault(_shape_of(runs), runs)

    def find(self, text: str) -> Iterator[FoundNumber]:
        """File numbers in ``text`` in their order, each in canonical form."""
        found: list[FoundNumber] = []
        for compiled, runs in self._forms:
            for match in compiled.finditer(text):
                number = self._read(match, runs)
                if number is not None and not any(_overlap(number, one) for one in found):
                    found.append(number)
        yield from sorted(found, key=lambda one: one.start)

    def normalise(self, text: str) -> str | None:
        """The canonical form of ``text`` where it is one file number and nothing else."""
        stripped = text.strip()
        for number in self.find(stripped):
            if number.start == 0 and number.end == len(stripped):
                return number.value
        return None

    def key(self, written: str) -> str:
        """What a case file is looked up by: the canonical form, else ``written`` as it stands."""
        return self.normalise(written) or written.strip()

    def _read(self, match: re.Match[str], runs: tuple[_Run, ...]) -> FoundNumber | None:
        values: list[str] = []
        real = places = 0
        lost = False
        for run, written in zip(runs, match.groups(), strict=True):
            compact = re.sub(r"\s", "", written)
            if run.kind == "d":
                real += sum(char.isdigit() for char in compact)
                places += run.length
                values.append(digits_of(compact))
            elif run.kind == "a":
                values.append(compact.upper())
            elif set(run.literal) == {"/"} and "/" not in written:
                # Both strokes were read as digits: ``43217110004929``.
                lost = True
            elif run.literal.isalpha() and not set(compact.upper()) & set(run.literal.upper()):
                return None
        if places and real < _MOSTLY * places:
            return None
        canonical = self._canonical[_shape_of(runs)]
        rest = iter(values)
        value = "".join(
            run.literal + run.optional if run.kind == "literal" else next(rest) for run in canonical
        )
        return FoundNumber(value, match.start(), match.end(), repaired=lost or real < places)


def digits_of(text: str) -> str:
    """``text`` with every letter that OCR confuses with a digit replaced by that digit."""
    return text.translate(_DIGITS)


def near(one: str, other: str) -> bool:
    """Whether two canonical numbers differ in exactly one place, or in two that were swapped."""
    if len(one) != len(other) or one == other:
        return False
    places = [place for place, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(places) == 1:
        return True
    if len(places) == 2 and places[1] == places[0] + 1:
        first, second = places
        return one[first] == other[second] and one[second] == other[first]
    return False


def _parse(pattern: str) -> tuple[_Run, ...]:
    runs: list[_Run] = []
    place = 0
    while place < len(pattern):
        match = _PIECE.match(pattern, place)
        if match is None or (match[3] and match[1] in {r"\d", "[A-Z]"}):
            raise SettingsError(
                f"Das Aktenzeichen-Muster „{pattern}“ ist ab Stelle {place + 1} unverständlich.",
                remedy=r"Erlaubt sind \d, [A-Z], {n}, feste Zeichen und ? hinter einem festen.",
            )
        _append(runs, match)
        place = match.end()
    if not any(run.kind == "d" for run in runs):
        raise SettingsError(
            f"Das Aktenzeichen-Muster „{pattern}“ enthält keine Ziffern.",
            remedy=r"Ziffern stehen als \d, zum Beispiel \d{5}//?\d{7}.",
        )
    return tuple(runs)


def _append(runs: list[_Run], match: re.Match[str]) -> None:
    piece, count, optional = match[1], int(match[2] or 1), bool(match[3])
    kind = {r"\d": "d", "[A-Z]": "a"}.get(piece, "literal")
    last = runs[-1] if runs and runs[-1].kind == kind else None
    if kind != "literal":
        if last is not None:
            runs.pop()
        runs.append(_Run(kind, count + (last.length if last else 0)))
        return
    sign = piece.removeprefix("\\") * count
    if last is not None:
        runs.pop()
    literal, tail = (last.literal, last.optional) if last else ("", "")
    if optional:
        runs.append(_Run(kind, literal=literal, optional=tail + sign))
    else:
        # A required sign behind an optional one: the optional becomes part of the spelling.
        runs.append(_Run(kind, literal=literal + tail + sign))


def _compile(runs: tuple[_Run, ...]) -> re.Pattern[str]:
    parts = [_expression(run) for run in runs]
    return re.compile(rf"(?<![\w/])(?:\b|(?=\W)){''.join(parts)}(?![\w])(?!/\d)")


def _expression(run: _Run) -> str:
    if run.kind == "d":
        place = f"[{DIGIT_SHAPES}]"
        return f"({place}(?:\\s?{place}){{{run.length - 1}}})"
    if run.kind == "a":
        return f"([A-Z](?:\\s?[A-Z]){{{run.length - 1}}})"
    if set(run.literal) == {"/"}:
        more = len(run.literal + run.optional) - 1
        loose = f"(?:\\s*[{_SLASH_SHAPES}]){{0,{more}}}"
        lost = rf"|(?<=\d)[1lI|]{{{more + 1}}}(?=\d)" if more else ""
        return rf"(\s*(?:/{loose}|[{_SLASH_SHAPES}]\s*/)\s*{lost})"
    signs = "".join(rf"\s?{_sign(char)}" for char in run.literal)
    optional = "".join(rf"(?:\s?{_sign(char)})?" for char in run.optional)
    return rf"({signs}{optional}\s*)"


def _sign(char: str) -> str:
    if char.isspace():
        return r"\s?"
    if char.isalpha():
        shapes = _LETTER_SHAPES.get(char.upper(), char.upper())
        return f"[{shapes}{char.lower()}]"
    return re.escape(char)


def _shape_of(runs: tuple[_Run, ...]) -> tuple[tuple[str, int], ...]:
    return tuple((run.kind, run.length) for run in runs if run.kind != "literal")


def _overlap(one: FoundNumber, other: FoundNumber) -> bool:
    return one.start < other.end and other.start < one.end
