"""What all engines have in common: how a document and a query are laid out in fields.

================ ==============================================================================
``body``         terms of the pages, with their places
``head``         terms of names, numbers and headings, with their places; weigh more
``loose``        terms without a place
``parts``        what long words are made of; each term once
``rough``        words in the spelling that their misreadings share; each term once
``exact``        ``name=value`` of the exact fields, in one spelling
``allow, deny``  access terms; they choose documents and never score
``received``     day of receipt as days since 1970; absent where unknown
``recency``      the same for ranking, never absent
``amount``       sums of money in cents
``seal``         what ``eakte check`` compares with the database
facets           the values to count by, as the database spells them; of ``received`` the month
================ ==============================================================================
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from eakte.domain.search import (
    COUNTED,
    AccessGroup,
    Clause,
    IndexDocument,
    Likeness,
    SearchQuery,
    Weaker,
)
from eakte.language.analysis import exact_key

HEAD_WEIGHT = 3.0
BODY_WEIGHT = 1.0
LOOSE_WEIGHT = 0.8
PARTS_WEIGHT = 0.8
ROUGH_WEIGHT = 1.0
PREFIX_WEIGHT = 0.5
MOST_EXPANSIONS = 256
"""So many continuations of an unfinished word inside a phrase are looked at."""

_EPOCH = date(1970, 1, 1)
_OLDEST = (date(2000, 1, 1) - _EPOCH).days


def days(day: date) -> int:
    """Days since 1970."""
    return (day - _EPOCH).days


def recency(day: date | None) -> int:
    """What the score is weighted by, as ``log2(2 + recency)``.

    Ten years weigh 2 %, a day 0.0005 %: enough to put the newer of two equal documents first, and
    too little to put it above a better one.  Unknown days and such before 2000 count as old.
    """
    return _OLDEST if day is None else max(days(day), _OLDEST)


@lru_cache(maxsize=50_000)
def exact_term(name: str, value: str) -> str:
    """The term of an exact field; most values stand in many documents."""
    return f"{name}={exact_key(value)}"


def exact_terms(document: IndexDocument) -> list[str]:
    """All terms of a document's exact fields."""
    return [exact_term(name, value) for name, values in document.fields.items() for value in values]


def facet_values(document: IndexDocument) -> dict[str, tuple[str, ...]]:
    """What the document is counted by: each field of ``COUNTED`` with its values, each once."""
    values = {name: document.facets.get(name, ()) for name in COUNTED}
    for name, listed in values.items():
        if len(listed) > 1:
            values[name] = tuple(dict.fromkeys(listed))
    day = document.received
    values["received"] = (day.isoformat()[: len("2026-03")],) if day else ()
    return values


@dataclass(frozen=True, slots=True)
class Match:
    """A phrase (often one term) in one field, and what finding it is worth.

    ``open_end``: its last term may go on.  ``near``: its one term may have one sign wrong.
    """

    field: str
    terms: tuple[str, ...]
    weight: float
    open_end: bool = False
    near: bool = False


@dataclass(frozen=True, slots=True)
class Together:
    """Several things in one document, each in any of its ways."""

    each: tuple[tuple[Match, ...], ...]


Way = Match | Together


def ways(clause: Clause) -> Iterator[Way]:
    """Every way to satisfy ``clause``, each once; none where it asks for nothing."""
    told: set[object] = set()
    for way in _all_ways(clause):
        # The same place in a weaker way says nothing more: the word itself comes first.
        what = replace(way, weight=0.0) if isinstance(way, Match) else way
        if what not in told:
            told.add(what)
            yield way


def _all_ways(clause: Clause) -> Iterator[Way]:
    if clause.field is not None:
        for is_open, phrases in ((False, clause.alternatives), (True, clause.prefixes)):
            for phrase in phrases:
                yield Match("exact", (exact_term(clause.field, " ".join(phrase)),), 0.0, is_open)
        return
    for phrase in dict.fromkeys(clause.alternatives):
        yield from _in_fields(phrase, 1.0)
    for phrase in dict.fromkeys(clause.prefixes):
        yield from _in_fields(phrase, PREFIX_WEIGHT, open_end=True)
    for weaker in dict.fromkeys(clause.weaker):
        if weaker.terms and all(weaker.terms):
            yield from _weaker(weaker)


def _in_fields(
    phrase: tuple[str, ...], weight: float, *, open_end: bool = False
) -> Iterator[Match]:
    if not phrase or not all(phrase):
        return
    yield Match("head", phrase, HEAD_WEIGHT * weight, open_end)
    yield Match("body", phrase, BODY_WEIGHT * weight, open_end)
    if len(phrase) == 1:
        yield Match("loose", phrase, LOOSE_WEIGHT * weight, open_end)


def _weaker(weaker: Weaker) -> Iterator[Way]:
    terms, weight = weaker.terms, weaker.weight
    if weaker.like is Likeness.MISREAD:
        yield Match("rough", terms[:1], ROUGH_WEIGHT * weight)
    elif weaker.like is Likeness.NEAR:
        yield Match("head", terms[:1], HEAD_WEIGHT * weight, near=True)
        yield Match("body", terms[:1], BODY_WEIGHT * weight, near=True)
    elif weaker.like is not Likeness.PART:
        yield from _in_fields(terms, weight)
    elif len(terms) == 1:
        yield from _anywhere(terms[0], weight)
    else:
        yield Together(tuple(tuple(_anywhere(term, weight)) for term in terms))


def _anywhere(term: str, weight: float) -> Iterator[Match]:
    yield from _in_fields((term,), weight)
    yield Match("parts", (term,), PARTS_WEIGHT * weight)


def swapped_neighbours(term: str) -> list[str]:
    """``term`` with two neighbouring signs swapped, in every place where that changes it."""
    return [
        term[:at] + term[at + 1] + term[at] + term[at + 2 :]
        for at in range(len(term) - 1)
        if term[at] != term[at + 1]
    ]


def scores(clause: Clause) -> bool:
    """Whether ``clause`` ranks documents, beside choosing them."""
    return clause.field is None and not clause.excluded


def opening(query: SearchQuery) -> tuple[AccessGroup, ...]:
    """The groups of the query that open anything."""
    return tuple(group for group in query.access if group.allow)


def finds_nothing(query: SearchQuery) -> bool:
    """Whether no document can match, whatever the index holds."""
    return (
        not opening(query)
        or query.limit < 0
        or any(not clause.excluded and not any(ways(clause)) for clause in query.clauses)
        or _backwards(query.received_from, query.received_to)
        or _backwards(query.amount_from, query.amount_to)
    )


def _backwards(start: date | int | None, end: date | int | None) -> bool:
    return start is not None and end is not None and start > end  # type: ignore[operator]
