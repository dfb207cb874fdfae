"""What is handed to and comes back from a search engine.

Engines see finished terms only: ``eakte/language`` has done the German by then.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


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
    """

    id: str
    body: tuple[str, ...]
    head: tuple[str, ...]
    allow: frozenset[str]
    loose: tuple[str, ...] = ()
    deny: frozenset[str] = frozenset()
    received: date | None = None
    fields: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One thing the user asked for.

    ``alternatives`` are phrases, each a tuple of one or more terms in order; any one of them
    satisfies the clause, and so does any of ``prefixes``, phrases whose last term may go on
    (typing while searching). ``field`` limits the clause to one exact field, whose values are
    single terms in any spelling; else body, head and, for single terms, loose are searched.
    """

    alternatives: tuple[tuple[str, ...], ...]
    prefixes: tuple[tuple[str, ...], ...] = ()
    excluded: bool = False
    field: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchQuery:
    """All clauses must hold; ``allow``/``deny`` are the reader's access terms, never optional."""

    clauses: tuple[Clause, ...]
    allow: frozenset[str]
    deny: frozenset[str]
    received_from: date | None = None
    received_to: date | None = None
    limit: int = 20
    offset: int = 0


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A document's id and the engine's score (comparable within one answer only)."""

    id: str
    score: float


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """Hits, best first, and how many documents matched in all."""

    hits: tuple[SearchHit, ...]
    total: int
