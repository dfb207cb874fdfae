"""A query in the words of Whoosh."""

from __future__ import annotations

from collections.abc import Iterator

from whoosh import query
from whoosh.searching import Searcher

from eakte.domain.search import AccessGroup, Clause, SearchQuery
from eakte.search.plan import (
    MOST_EXPANSIONS,
    Match,
    Together,
    Way,
    days,
    opening,
    scores,
    swapped_neighbours,
    ways,
)


def found(asked: SearchQuery, searcher: Searcher) -> list[tuple[float, int]]:
    """Score and number of every document that matches, best first (or newest)."""
    found = searcher.search(limit=None, **_translate(asked, searcher)).top_n
    if not (asked.newest and found):
        return [(float(score), number) for score, number in found]
    day = searcher.reader().column_reader("recency")
    return sorted(((float(day[number]), number) for _, number in found), key=lambda hit: -hit[0])


def _translate(asked: SearchQuery, searcher: Searcher) -> dict[str, query.Query]:
    """``q`` scores, ``filter`` and ``mask`` only choose."""
    ranked = [_clause(clause, searcher) for clause in asked.clauses if scores(clause)]
    chosen = [query.Or([_group(group) for group in opening(asked)])]
    chosen += [
        _clause(clause, searcher)
        for clause in asked.clauses
        if not clause.excluded and not scores(clause)
    ]
    if asked.received_from or asked.received_to:
        start, end = (
            days(day) if day else None for day in (asked.received_from, asked.received_to)
        )
        chosen.append(query.NumericRange("received", start, end))
    if asked.amount_from is not None or asked.amount_to is not None:
        chosen.append(query.NumericRange("amount", asked.amount_from, asked.amount_to))
    hidden = [query.Term("id", document_id) for document_id in sorted(asked.without)]
    hidden += [_clause(clause, searcher) for clause in asked.clauses if clause.excluded]
    return {
        "q": query.And(ranked) if ranked else query.Every(),
        "filter": query.And(chosen),
        "mask": query.Or(hidden) if hidden else None,
    }


def _group(group: AccessGroup) -> query.Query:
    opened = query.Or([query.Term("allow", term) for term in sorted(group.allow)])
    if not group.deny:
        return opened
    closed = query.Or([query.Term("deny", term) for term in sorted(group.deny)])
    return query.AndNot(opened, closed)


def _clause(clause: Clause, searcher: Searcher) -> query.Query:
    return query.Or([part for way in ways(clause) for part in _way(way, searcher)])


def _way(way: Way, searcher: Searcher) -> Iterator[query.Query]:
    if isinstance(way, Together):
        each = ([part for one in word for part in _way(one, searcher)] for word in way.each)
        yield query.And([query.Or(parts) for parts in each])
    elif way.near:
        yield query.FuzzyTerm(way.field, way.terms[0], boost=way.weight, prefixlength=0)
        for swapped in swapped_neighbours(way.terms[0]):
            yield query.Term(way.field, swapped, boost=way.weight)
    else:
        yield from _match(way, searcher)


def _match(match: Match, searcher: Searcher) -> Iterator[query.Query]:
    *before, last = match.terms
    if match.open_end and before:
        goes_on = searcher.reader().expand_prefix(match.field, last)
        for term, _ in zip(goes_on, range(MOST_EXPANSIONS), strict=False):
            words = [*before, term.decode("utf-8")]
            yield query.Phrase(match.field, words, boost=match.weight)
    elif match.open_end:
        yield query.Prefix(match.field, last, boost=match.weight)
    elif before:
        yield query.Phrase(match.field, list(match.terms), boost=match.weight)
    else:
        yield query.Term(match.field, last, boost=match.weight)
