"""The weaker ways in which a document may say what a query asks for.

``Heizkosten`` is also ``Kosten der Heizung`` and stands in ``Heizkostenabrechnung``; ``WBA`` is a
``Weiterbewilligungsantrag``; ``Miiller`` may be a ``Müller``.  What is weaker ranks lower, by the
weights below, and says as what it was found.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from eakte.domain.search import Likeness, Weaker
from eakte.language.abbreviations import NO_ABBREVIATIONS, Abbreviations
from eakte.language.compounds import said_apart
from eakte.language.known import is_known
from eakte.language.rough import SHORTEST_MISREAD, rough_of
from eakte.language.units import Unit

LONG_FORM_WEIGHT = 0.8
"""An abbreviation for its long form or the other way round."""
IN_A_LONGER_WORD_WEIGHT = 0.6
"""``Bescheid`` in ``Bewilligungsbescheid``."""
SAID_APART_WEIGHT = 0.4
"""``Kosten`` and ``Heizung`` for ``Heizkosten``."""
WORD_OF_A_LONG_FORM_WEIGHT = 0.4
"""``KdU`` for ``Unterkunft``."""
MISREAD_WEIGHT = 0.5
NEAR_WEIGHT = 0.25
"""Each is worth so much of the word itself; ``benchmarks/search`` measures them."""

SHORTEST_NEAR = 5
"""Letters that a word must have to be looked for with one sign wrong."""
_SHORTEST_KNOWN_NEAR = 6
"""Letters of a known word's term: ``Miete`` and ``mit``, ``Haus`` and ``aus`` are neighbours."""
_SHORTEST_PART = 3
_SHORTEST_NUMBER = 5
_SHORTEST_ROUGH = 5
"""Signs that the rough form of a known word must have: ``Hause`` shares its four with ``Hans``."""


def weaker_of(unit: Unit, abbreviations: Abbreviations = NO_ABBREVIATIONS) -> tuple[Weaker, ...]:
    """The weaker ways to find ``unit``, the strongest first; none for dates and paragraphs."""
    found = (*_other_forms(unit, abbreviations), *_of_word(unit), *_of_number(unit))
    return tuple(sorted(dict.fromkeys(found), key=lambda way: -way.weight))


@dataclass(frozen=True, slots=True)
class Expansion:
    """:func:`weaker_of` with an authority's abbreviations."""

    abbreviations: Abbreviations = NO_ABBREVIATIONS

    def __call__(self, unit: Unit) -> tuple[Weaker, ...]:
        """The weaker ways to find ``unit``, the strongest first."""
        return weaker_of(unit, self.abbreviations)

    def of_phrase(self, phrase: tuple[str, ...]) -> tuple[Weaker, ...]:
        """The other forms of several terms in a row (``Kosten der Unterkunft``)."""
        return tuple(
            Weaker(terms=form, like=Likeness.LONG_FORM, weight=LONG_FORM_WEIGHT)
            for form in self.abbreviations.other_forms(phrase)
        )


def _other_forms(unit: Unit, abbreviations: Abbreviations) -> Iterator[Weaker]:
    for form in unit.forms:
        for other in abbreviations.other_forms(form, unit.word):
            yield Weaker(terms=other, like=Likeness.LONG_FORM, weight=LONG_FORM_WEIGHT)
    for form in unit.forms:
        for other in abbreviations.saying(form[0]) if len(form) == 1 else ():
            yield Weaker(terms=other, like=Likeness.LONG_FORM, weight=WORD_OF_A_LONG_FORM_WEIGHT)


def _of_word(unit: Unit) -> Iterator[Weaker]:
    term = unit.forms[-1][0]
    if not unit.word or len(unit.forms[-1]) > 1 or len(term) < _SHORTEST_PART:
        return
    yield Weaker(terms=(term,), like=Likeness.PART, weight=IN_A_LONGER_WORD_WEIGHT)
    for way in said_apart(unit.word):
        yield Weaker(terms=way, like=Likeness.PART, weight=SAID_APART_WEIGHT)
    rough, known = rough_of(unit.word), is_known(unit.word)
    if len(rough) >= (_SHORTEST_ROUGH if known else SHORTEST_MISREAD):
        yield Weaker(terms=(rough,), like=Likeness.MISREAD, weight=MISREAD_WEIGHT)
    if len(term) >= _SHORTEST_KNOWN_NEAR if known else len(unit.word) >= SHORTEST_NEAR:
        yield Weaker(terms=(term,), like=Likeness.NEAR, weight=NEAR_WEIGHT)


def _of_number(unit: Unit) -> Iterator[Weaker]:
    """A number some of whose digits were read as letters; the index has it as it was meant."""
    for form in unit.forms:
        number = "".join(form)
        if len(number) >= _SHORTEST_NUMBER and number.replace(",", "").isdigit():
            yield Weaker(terms=(number,), like=Likeness.MISREAD, weight=MISREAD_WEIGHT)
