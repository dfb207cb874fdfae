"""A query in the words of Tantivy."""

from __future__ import annotations

from dataclasses import dataclass, replace
from re import escape

import tantivy
from tantivy import FieldType, Occur, Query

from eakte.domain.search import AccessGroup, Clause, SearchQuery
from eakte.search.plan import Together, Way, days, opening, scores, ways

TOO_OPEN = "max expansions"
"""What Tantivy says of a phrase whose last word may go on in more than 16,384 ways."""


@dataclass(frozen=True, slots=True)
class Translation:
    """From clauses to queries of an index of this schema.

    ``loosely``: the open last word of a phrase may stand anywhere in the field, for phrases that
    Tantivy refuses as ``TOO_OPEN``.
    """

    schema: tantivy.Schema
    loosely: bool = False

    def query(self, query: SearchQuery) -> Query:
        """All that must hold; what only chooses does not score."""
        ranked = any(scores(clause) for clause in query.clauses)
        # Where nothing else scores, all are equal and recency decides.
        weight = 0.0 if ranked else 1.0
        groups = opening(query)
        parts: list[tuple[Occur, Query]]
        if len(groups) == 1:
            parts = self._group(groups[0], weight)
        else:
            each = [(Occur.Should, Query.boolean_query(self._group(one, weight))) for one in groups]
            parts = [(Occur.Must, Query.boolean_query(each))]
        if query.without:
            # In one look, for there may be hundreds; a reader's few terms are looked up singly.
            without = Query.term_set_query(self.schema, "id", sorted(query.without))
            parts.append((Occur.MustNot, without))
        if query.received_from or query.received_to:
            start, end = (
                days(day) if day else None for day in (query.received_from, query.received_to)
            )
            parts.append((Occur.Must, self._between("received", start, end)))
        if query.amount_from is not None or query.amount_to is not None:
            parts.append((Occur.Must, self._between("amount", query.amount_from, query.amount_to)))
        for clause in query.clauses:
            translated = self._clause(clause)
            if clause.excluded:
                parts.append((Occur.MustNot, translated))
            else:
                parts.append((Occur.Must, translated if scores(clause) else _silent(translated)))
        return Query.boolean_query(parts)

    def _group(self, group: AccessGroup, weight: float) -> list[tuple[Occur, Query]]:
        allowed = Query.boolean_query(
            [(Occur.Should, self._access("allow", term)) for term in sorted(group.allow)]
        )
        return [
            (Occur.Must, Query.const_score_query(allowed, weight)),
            *((Occur.MustNot, self._access("deny", term)) for term in sorted(group.deny)),
        ]

    def _access(self, field: str, term: str) -> Query:
        return Query.term_query(self.schema, field, term, index_option="basic")

    def _between(self, field: str, start: int | None, end: int | None) -> Query:
        return _silent(
            Query.range_query(
                self.schema, field, FieldType.Integer, lower_bound=start, upper_bound=end
            )
        )

    def _clause(self, clause: Clause) -> Query:
        return Query.boolean_query([(Occur.Should, self._way(way)) for way in ways(clause)])

    def _way(self, way: Way) -> Query:
        if isinstance(way, Together):
            return Query.boolean_query(
                [
                    (
                        Occur.Must,
                        Query.boolean_query([(Occur.Should, self._way(one)) for one in each]),
                    )
                    for each in way.each
                ]
            )
        *before, last = way.terms
        if way.near:
            query = Query.fuzzy_term_query(self.schema, way.field, last, distance=1)
        elif way.open_end and before and self.loosely:
            apart = [replace(way, terms=tuple(before), open_end=False), replace(way, terms=(last,))]
            return Query.boolean_query([(Occur.Must, self._way(one)) for one in apart])
        elif way.open_end and before:
            words: list[str | tuple[int, str]] = [*map(escape, before), f"{escape(last)}.*"]
            query = Query.regex_phrase_query(self.schema, way.field, words)
        elif way.open_end:
            query = Query.fuzzy_term_query(self.schema, way.field, last, distance=0, prefix=True)
        elif before:
            query = Query.phrase_query(self.schema, way.field, list(way.terms))
        else:
            query = Query.term_query(self.schema, way.field, last)
        return Query.boost_query(query, way.weight)


def _silent(query: Query) -> Query:
    """``query`` as a filter: it chooses and does not score."""
    return Query.const_score_query(query, 0.0)
