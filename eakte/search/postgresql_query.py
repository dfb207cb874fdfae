r"""A query in the words of PostgreSQL: one ``tsquery`` over all terms, and what it can't say.

The terms of a document stand in one ``tsvector``, those of ``head`` with the weight A and those of
``body`` with D; the others are told apart by a sign that no term holds:

====== ===== ===================================
sign   weight
====== ===== ===================================
none   A, D  ``head`` and ``body``
\x01   B     ``parts``
\x02   B     ``rough``
\x03         ``exact``
\x04         ``allow``
\x05   C     ``loose``
====== ===== ===================================

So everything that must hold is looked up in one index at once, rarest first.  Places of terms are
left out of it: phrases are looked for in ``head`` and ``body`` as text, which knows no longest
document.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eakte.domain.search import AccessGroup, Clause, SearchQuery
from eakte.search.plan import (
    BODY_WEIGHT,
    HEAD_WEIGHT,
    LOOSE_WEIGHT,
    PARTS_WEIGHT,
    ROUGH_WEIGHT,
    Match,
    Together,
    Way,
    days,
    opening,
    scores,
    ways,
)

SIGNS = {
    "head": "",
    "body": "",
    "parts": "\x01",
    "rough": "\x02",
    "exact": "\x03",
    "allow": "\x04",
    "loose": "\x05",
}
LABELS = {"head": "A", "body": "D", "loose": "C", "parts": "B", "rough": "B"}
_WEIGHTS = {
    "head": HEAD_WEIGHT,
    "body": BODY_WEIGHT,
    "loose": LOOSE_WEIGHT,
    "parts": PARTS_WEIGHT,
    "rough": ROUGH_WEIGHT,
}
_HEAVIEST = max(_WEIGHTS.values())
# ts_rank divides by the sum of 1/n², so that one place counts as much as it weighs only then.
_ONE_PLACE = 1.64493406685

Neighbours = Mapping[str, Sequence[str]]
"""Of each term asked for with one sign wrong, the terms of the index that it may mean."""


@dataclass(frozen=True, slots=True)
class Sql:
    """A piece of a statement with the values of its ``%s``."""

    text: str
    values: tuple[Any, ...] = ()


def joined(separator: str, pieces: Iterable[Sql]) -> Sql:
    """The pieces behind each other."""
    listed = list(pieces)
    return Sql(
        separator.join(piece.text for piece in listed),
        tuple(value for piece in listed for value in piece.values),
    )


def quoted(lexeme: str) -> str:
    """A lexeme as tsvector and tsquery take it whole."""
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


def near_terms(query: SearchQuery) -> set[str]:
    """The terms of ``query`` whose neighbours are to be looked up first."""
    return {
        way.terms[0]
        for clause in query.clauses
        for way in ways(clause)
        if isinstance(way, Match) and way.near
    }


def condition(query: SearchQuery, neighbours: Neighbours) -> Sql:
    """What a document must be, as the text behind WHERE."""
    groups = opening(query)
    together = [f"({_any_allowed(groups)})"]
    more = list(_beside_terms(query, groups))
    for clause in query.clauses:
        asked = _asked(ways(clause), neighbours)
        has_phrase = any(_is_phrase(way) for way in ways(clause))
        if clause.excluded:
            if has_phrase:
                held = _held(clause, neighbours)
                more.append(Sql(f"NOT ({held.text})", held.values))
            elif asked:
                together.append(f"!({asked})")
        elif not asked:
            return Sql("FALSE")
        else:
            together.append(f"({asked})")
            if has_phrase:
                more.append(_held(clause, neighbours))
    return joined(" AND ", [_terms_hold(" & ".join(together)), *more])


def score(query: SearchQuery, neighbours: Neighbours) -> Sql:
    """What a document is worth; the newer of two equal ones a little more (``plan.recency``).

    Empty where the day alone decides.  ``unpacked`` is the row's vector.
    """
    if query.newest:
        return Sql("")
    worth = [
        piece
        for clause in query.clauses
        if scores(clause)
        for piece in _worth(list(ways(clause)), neighbours)
    ]
    if not worth:
        return Sql("")
    total = joined(" + ", worth)
    return Sql(
        f"({total.text}) / (1 + ln(1 + length / 200.0) / 4) * ln(2 + search_document.recency)",
        total.values,
    )


def _any_allowed(groups: Sequence[AccessGroup]) -> str:
    allowed = sorted({term for group in groups for term in group.allow})
    return " | ".join(quoted(SIGNS["allow"] + term) for term in allowed)


def _beside_terms(query: SearchQuery, groups: Sequence[AccessGroup]) -> Iterator[Sql]:
    """Conditions on other columns."""
    if len(groups) == 1:
        yield _not_denied(groups[0])
    else:
        each = [
            joined(" AND ", [_terms_hold(_any_allowed([group])), _not_denied(group)])
            for group in groups
        ]
        ways_in = joined(") OR (", [Sql("deny = '{}'"), *each])
        yield Sql(f"(({ways_in.text}))", ways_in.values)
    if query.without:
        yield Sql("id <> ALL(%s::text[])", (sorted(query.without),))
    if query.received_from:
        yield Sql("day >= %s", (days(query.received_from),))
    if query.received_to:
        yield Sql("day <= %s", (days(query.received_to),))
    start, end = query.amount_from, query.amount_to
    if start is not None or end is not None:
        yield Sql(
            "EXISTS (SELECT FROM unnest(amounts) AS cents"
            " WHERE cents >= coalesce(%s, cents) AND cents <= coalesce(%s, cents))",
            (start, end),
        )


def _not_denied(group: AccessGroup) -> Sql:
    return Sql("NOT deny && %s::text[]", (sorted(group.deny),))


def _terms_hold(asked: str) -> Sql:
    return Sql("words @@ %s::tsquery", (asked,))


def _held(clause: Clause, neighbours: Neighbours) -> Sql:
    """``clause`` to the word, phrases included."""
    all_ways = list(ways(clause))
    pieces = [_phrase(way) for way in all_ways if isinstance(way, Match) and _is_phrase(way)]
    if single := _asked((way for way in all_ways if not _is_phrase(way)), neighbours):
        pieces.append(_terms_hold(single))
    held = joined(" OR ", pieces)
    return Sql(f"({held.text})", held.values)


def _is_phrase(way: Way) -> bool:
    return isinstance(way, Match) and len(way.terms) > 1


def _phrase(match: Match) -> Sql:
    end = "" if match.open_end else " "
    return Sql(f"strpos({match.field}, %s) > 0", (f" {' '.join(match.terms)}{end}",))


def _asked(all_ways: Iterable[Way], neighbours: Neighbours) -> str:
    """The ways as one tsquery; of a phrase that all its terms occur.  Empty: no way at all."""
    alternatives: dict[str, None] = {}
    labels: dict[str, set[str]] = defaultdict(set)
    for way in all_ways:
        if isinstance(way, Together):
            each = [_asked(word, neighbours) for word in way.each]
            if all(each):
                alternatives["(" + " & ".join(f"({word})" for word in each) + ")"] = None
        elif _is_phrase(way):
            *before, last = way.terms
            atoms = [*map(quoted, before), quoted(last) + (":*" if way.open_end else "")]
            alternatives["(" + " & ".join(atoms) + ")"] = None
        else:
            for lexeme in _lexemes(way, neighbours):
                labels[lexeme + (":*" if way.open_end else ":")].add(LABELS.get(way.field, ""))
    for atom, where in labels.items():
        # A weight is looked up in the row, not in the index: only asked for where it matters.
        alternatives[(atom + min(where) if where in ({"A"}, {"D"}) else atom).rstrip(":")] = None
    return " | ".join(alternatives)


def _lexemes(match: Match, neighbours: Neighbours) -> list[str]:
    terms = neighbours.get(match.terms[0], ()) if match.near else match.terms
    return [quoted(SIGNS[match.field] + term) for term in terms]


def _worth(all_ways: Sequence[Way], neighbours: Neighbours) -> Iterator[Sql]:
    """What each way that holds adds; a word counts by how often it occurs."""
    counted: dict[tuple[float, bool], dict[str, None]] = defaultdict(dict)
    for way in all_ways:
        if isinstance(way, Match) and not (way.near or way.open_end or _is_phrase(way)):
            share = round(way.weight / _WEIGHTS[way.field], 6)
            counted[share, way.field == "rough"].update(dict.fromkeys(_lexemes(way, neighbours)))
            continue
        if isinstance(way, Match) and _is_phrase(way):
            holds, weight = _phrase(way), way.weight * len(way.terms)
        else:
            asked = _asked([way], neighbours)
            if not asked:
                continue
            holds, weight = Sql("unpacked @@ %s::tsquery", (asked,)), _weight(way)
        yield Sql(f"CASE WHEN {holds.text} THEN {weight:.6f} ELSE 0 END", holds.values)
    for (share, is_rough), lexemes in counted.items():
        weights = [
            round(weight / _HEAVIEST, 6)
            for weight in (
                BODY_WEIGHT,
                LOOSE_WEIGHT,
                ROUGH_WEIGHT if is_rough else PARTS_WEIGHT,
                HEAD_WEIGHT,
            )
        ]
        factor = share * len(lexemes) * _HEAVIEST * _ONE_PLACE
        yield Sql(
            f"{factor:.6f} * ts_rank(%s::float4[], unpacked, %s::tsquery)",
            (weights, " | ".join(lexemes)),
        )


def _weight(way: Way) -> float:
    if isinstance(way, Together):
        return sum(min(match.weight for match in word) for word in way.each)
    return way.weight
