"""What is handed to and comes back from a search engine.

Engines see finished terms only: ``eakte/language`` has done the German by then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from hashlib import blake2b


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexDocument:
    """One document as the index holds it.

    ``body`` are the terms of all kept pages in order (positions matter for phrases), ``head`` the
    terms of names, file number, Schlagwort and sender (they weigh more), ``loose`` what a page
    says without taking a place in a phrase: parts of numbers, whole paragraph references.
    ``allow`` are access terms: a reader who has one of them may see the document; ``deny`` are
    terms whose holder may not, whatever else they hold. ``fields`` are exact values to filter by
    (``schlagwort``, ``akte``, ``site``, ``subfile``; of facts ``von``, ``betrag``, ``az`` and
    ``datum``), as the database spells them.

    Two more lists make weaker ways to be found, each term once and without a place: ``parts`` are
    what long words are made of (``bescheid`` of ``Bewilligungsbescheid``), ``rough`` are words in
    the one spelling that all their likely misreadings share.  ``amounts`` are sums of money in
    cents, to be asked for as a range.  ``facets`` are the values to count by, of each of
    :data:`COUNTED` but ``received``, one spelling each.
    """

    id: str
    body: tuple[str, ...]
    head: tuple[str, ...]
    allow: frozenset[str]
    loose: tuple[str, ...] = ()
    deny: frozenset[str] = frozenset()
    received: date | None = None
    fields: dict[str, tuple[str, ...]] = field(default_factory=dict)
    parts: tuple[str, ...] = ()
    rough: tuple[str, ...] = ()
    amounts: tuple[int, ...] = ()
    facets: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def seal(self) -> str:
        """Sixteen hex digits of what the database can say without reading pages.

        Rights, exact values, facets, amounts and day of receipt: ``eakte check`` compares them with
        what the index was given.
        """
        day = self.received.isoformat() if self.received else ""
        said = (
            "\x1f".join(sorted(self.allow)),
            "\x1f".join(sorted(self.deny)),
            "\x1f".join(sorted(_pairs(self.fields))),
            "\x1f".join(sorted(_pairs(self.facets))),
            "\x1f".join(map(str, sorted(self.amounts))),
            day,
        )
        return blake2b("\x1e".join(said).encode(), digest_size=8).hexdigest()


def _pairs(named: dict[str, tuple[str, ...]]) -> list[str]:
    return [f"{name}={value}" for name, values in named.items() for value in values]


COUNTED = ("schlagwort", "von", "akte", "site", "subfile", "received")
"""What counts to click exist of; ``received`` by the month, as ``2026-03``."""


class Likeness(StrEnum):
    """How what was found is like what was asked for; told to whoever wonders why."""

    SAME = "same"
    """The word itself in any spelling or inflection."""
    LONG_FORM = "long_form"
    """An abbreviation of the field for its long form, or the other way round."""
    PART = "part"
    """A longer word that holds it, or the parts of a long word apart from each other."""
    MISREAD = "misread"
    """A word that recognition makes of it."""
    NEAR = "near"
    """Any word with one sign wrong, missing or too many, or two neighbours swapped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weaker:
    """A weaker way to satisfy a clause, worth ``weight`` (0 to 1) of the word itself.

    ``terms`` are in order as a phrase of body or head (``SAME``, ``LONG_FORM``), all of them
    anywhere in body, head, loose or parts (``PART``), one term of ``rough`` (``MISREAD``), or one
    term whose neighbours at one edit in body and head count (``NEAR``).
    """

    terms: tuple[str, ...]
    like: Likeness
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One thing the user asked for.

    ``alternatives`` are phrases, each a tuple of one or more terms in order; any one of them
    satisfies the clause, and so does any of ``prefixes``, phrases whose last term may go on
    (typing while searching). ``field`` limits the clause to one exact field, whose values are
    single terms in any spelling; else body, head and, for single terms, loose are searched.
    ``weaker`` are further ways that rank lower.
    """

    alternatives: tuple[tuple[str, ...], ...]
    prefixes: tuple[tuple[str, ...], ...] = ()
    excluded: bool = False
    field: str | None = None
    weaker: tuple[Weaker, ...] = ()


@dataclass(frozen=True, slots=True)
class AccessGroup:
    """One standpoint of a reader: opens what carries a term of ``allow`` and none of ``deny``."""

    allow: frozenset[str]
    deny: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchQuery:
    """All clauses must hold; ``access`` is what opens documents to the reader, never optional.

    Any of its groups opens; none at all opens nothing.  ``amount_from`` and ``amount_to`` (cents,
    both included) ask for one of the document's amounts; documents of ``without`` (ids, whose
    rights wait to be indexed) are left out.  ``newest``: by day of receipt instead of by score.
    """

    clauses: tuple[Clause, ...]
    access: tuple[AccessGroup, ...]
    received_from: date | None = None
    received_to: date | None = None
    amount_from: int | None = None
    amount_to: int | None = None
    without: frozenset[str] = frozenset()
    newest: bool = False
    limit: int = 20
    offset: int = 0


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A document's id and the engine's score (comparable within one answer only).

    Sorted by day, the score is the day.
    """

    id: str
    score: float


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """Hits, best first, and how many documents matched in all."""

    hits: tuple[SearchHit, ...]
    total: int


Facets = Mapping[str, Mapping[str, int]]
"""Of each field that was asked for the most frequent values, most first, and how many documents
that match carry each."""
