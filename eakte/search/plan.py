"""What all engines have in common: how a document and a query are laid out in fields.

================ ==============================================================================
``body``         terms of the pages, with their places
``head``         terms of names, numbers and headings, with their places; weigh more
``loose``        terms without a place
``exact``        ``name=value`` of the exact fields, in one spelling
``allow, deny``  access terms; they choose documents and never score
``received``     day of receipt as days since 1970; absent where unknown
``recency``      the same for ranking, never absent
================ ==============================================================================
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from eakte.domain.search import Clause, IndexDocument, SearchQuery
from eakte.language.analysis import exact_key

HEAD_WEIGHT = 3.0
BODY_WEIGHT = 1.0
LOOSE_WEIGHT = 0.8
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


def exact_term(name: str, value: str) -> str:
    """The term of an exact field."""
    return f"{name}={exact_key(value)}"


def exact_terms(document: IndexDocument) -> list[str]:
    """All terms of a document's exact fields."""
    return [exact_term(name, value) for name, values in document.fields.items() for value in values]


@dataclass(frozen=True, slots=True)
class Match:
    """One way to satisfy a clause: a phrase (often one term) in one field, and its weight.

    ``open_end``: its last term may go on.
    """

    field: str
    terms: tuple[str, ...]
    weight: float
    open_end: bool = False


def matches(clause: Clause) -> Iterator[Match]:
    """Every way to satisfy ``clause``; none where it asks for nothing."""
    if clause.field is not None:
        for is_open, phrases in ((False, clause.alternatives), (True, clause.prefixes)):
            for phrase in phrases:
                yield Match("exact", (exact_term(clause.field, " ".join(phrase)),), 0.0, is_open)
        return
    for phrase in dict.fromkeys(clause.alternatives):
        yield from _in_fields(phrase, 1.0, open_end=False)
    for phrase in dict.fromkeys(clause.prefixes):
        yield from _in_fields(phrase, PREFIX_WEIGHT, open_end=True)


def _in_fields(phrase: tuple[str, ...], weight: float, *, open_end: bool) -> Iterator[Match]:
    if not phrase or not all(phrase):
        return
    yield Match("head", phrase, HEAD_WEIGHT * weight, open_end)
    yield Match("body", phrase, BODY_WEIGHT * weight, open_end)
    if len(phrase) == 1:
        yield Match("loose", phrase, LOOSE_WEIGHT * weight, open_end)


def scores(clause: Clause) -> bool:
    """Whether ``clause`` ranks documents, beside choosing them."""
    return clause.field is None and not clause.excluded


def finds_nothing(query: SearchQuery) -> bool:
    """Whether no document can match, whatever the index holds."""
    return (
        not query.allow
        or query.limit < 0
        or any(not clause.excluded and not any(matches(clause)) for clause in query.clauses)
        or bool(
            query.received_from and query.received_to and query.received_from > query.received_to
        )
    )
