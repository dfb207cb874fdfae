"""A query as it was understood, ready to be asked of an engine."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from eakte.domain.search import AccessGroup, Clause, Likeness, SearchQuery, Weaker

MOST_WEAKER = 96
"""Weaker ways of a whole query: each costs the engine another list of documents."""
MOST_NEAR = 4
"""Words of a query that are looked for with one sign wrong: each walks through all terms."""
IN_A_ROW_WEIGHT = 1.0
"""What it is worth that two words stand side by side as they were typed."""
MOST_LOOSENED = 8
"""Words of a query of which any will do; a longer one would find nearly everything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedQuery:
    """A query as understood; ``hints`` are whole German sentences for the person who typed it.

    ``received_from`` and ``received_to`` bound the day of receipt, ``amount_from`` and
    ``amount_to`` one of the sums (cents); both ends are included.
    """

    clauses: tuple[Clause, ...] = ()
    received_from: date | None = None
    received_to: date | None = None
    amount_from: int | None = None
    amount_to: int | None = None
    hints: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Nothing to look for: neither clause nor period nor sum."""
        return self == ParsedQuery(hints=self.hints)

    def search_query(
        self,
        *,
        access: tuple[AccessGroup, ...],
        without: frozenset[str] = frozenset(),
        newest: bool = False,
        limit: int = 20,
        offset: int = 0,
    ) -> SearchQuery:
        """This query as a reader of these standpoints may ask it."""
        return SearchQuery(
            clauses=self.clauses,
            access=access,
            without=without,
            newest=newest,
            received_from=self.received_from,
            received_to=self.received_to,
            amount_from=self.amount_from,
            amount_to=self.amount_to,
            limit=limit,
            offset=offset,
        )

    @property
    def has_near(self) -> bool:
        """Whether a clause has a last resort that :meth:`without_near` leaves out."""
        return any(way.like is Likeness.NEAR for one in self.clauses for way in one.weaker)

    def without_near(self) -> ParsedQuery:
        """The same without words that have one sign wrong: dear, and rarely needed."""
        if not self.has_near:
            return self
        return replace(
            self,
            clauses=tuple(
                replace(
                    clause,
                    weaker=tuple(way for way in clause.weaker if way.like is not Likeness.NEAR),
                )
                for clause in self.clauses
            ),
        )

    def preferring_neighbours(self) -> ParsedQuery:
        """The same, where words that stand side by side as they were typed are worth more.

        It finds nothing else: whoever holds both words in a row holds the first.
        """
        clauses = list(self.clauses)
        for at, (one, other) in enumerate(pairwise(self.clauses)):
            if _is_word(one) and _is_word(other):
                row = (*one.alternatives[-1], *other.alternatives[-1])
                way = Weaker(terms=row, like=Likeness.SAME, weight=IN_A_ROW_WEIGHT)
                clauses[at] = replace(one, weaker=(way, *one.weaker))
        return replace(self, clauses=tuple(clauses))

    def loosened(self) -> ParsedQuery | None:
        """The same where any of its words will do; None where it has one alone, or very many.

        Fields, periods and what is left out hold as before.  Whatever matches this query matches
        the loosened one.
        """
        words = [one for one in self.clauses if one.field is None and not one.excluded]
        if not 1 < len(words) <= MOST_LOOSENED:
            return None
        any_of = Clause(
            alternatives=tuple(way for one in words for way in one.alternatives),
            prefixes=tuple(way for one in words for way in one.prefixes),
            weaker=tuple(way for one in words for way in one.weaker),
        )
        others = (one for one in self.clauses if one.field is not None or one.excluded)
        return replace(self, clauses=(*others, any_of))


def _is_word(clause: Clause) -> bool:
    """Whether it is one word or number that must occur."""
    single = clause.alternatives and len(clause.alternatives[-1]) == 1
    return bool(single) and clause.field is None and not clause.excluded and not clause.prefixes


def bounded(clauses: Iterable[Clause]) -> tuple[Clause, ...]:
    """``clauses`` with no more weaker ways than a query may cost, the strongest of each first."""
    answer = []
    ways, near = MOST_WEAKER, MOST_NEAR
    for clause in clauses:
        kept = []
        for way in clause.weaker:
            last_resort = way.like is Likeness.NEAR
            if ways > 0 and (near > 0 or not last_resort):
                kept.append(way)
                ways, near = ways - 1, near - last_resort
        whole = len(kept) == len(clause.weaker)
        answer.append(clause if whole else replace(clause, weaker=tuple(kept)))
    return tuple(answer)
