"""From what a person typed and clicked to a query: names of Schlagworte and sites resolved.

The language knows words; which Schlagworte and sites there are, the authority knows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches
from functools import lru_cache

from eakte.domain.schlagworte import Schlagwort
from eakte.domain.search import Clause
from eakte.domain.search_filters import SearchFilters
from eakte.language.analysis import exact_key
from eakte.language.folding import fold
from eakte.language.periods import period
from eakte.language.query import ParsedQuery, WeakerWays, parse
from eakte.services.explaining import FUNCTIONS

MOST_MEANT = 12
"""Schlagworte that an incomplete name may stand for."""
SUB_FILES: Mapping[str, str] = {**FUNCTIONS, "medizin": "Medizin", "handakte": "Handakte"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What fields of a query may name: ids by every name that people use, as letters spell it.

    ``titles`` is how they are called, by field and id.
    """

    schlagwort: Mapping[str, str]
    site: Mapping[str, str]
    subfile: Mapping[str, str]
    titles: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def of(self, name: str) -> Mapping[str, str] | None:
        """The names of a field's values; None where any value may be asked for."""
        names: Mapping[str, Mapping[str, str]] = {
            "schlagwort": self.schlagwort,
            "site": self.site,
            "subfile": self.subfile,
        }
        return names.get(name)


_TITLES = {"schlagwort": "Schlagwort", "site": "Standort", "subfile": "Teilakte"}
_ARTICLES = {"schlagwort": "Das", "site": "Den", "subfile": "Die"}


def known(schlagworte: Mapping[str, Schlagwort], sites: Sequence[tuple[str, str]]) -> Known:
    """The names of an authority's Schlagworte and sites (id and name)."""
    return _known(tuple((one.id, one.title) for one in schlagworte.values()), tuple(sites))


@lru_cache(maxsize=8)
def _known(schlagworte: tuple[tuple[str, str], ...], sites: tuple[tuple[str, str], ...]) -> Known:
    kinds = tuple(SUB_FILES.items())
    return Known(
        schlagwort=_by_name(schlagworte),
        site=_by_name(sites),
        subfile=_by_name(kinds),
        titles={"schlagwort": dict(schlagworte), "site": dict(sites), "subfile": SUB_FILES},
    )


def _by_name(listed: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    return {exact_key(name): one for one, title in listed for name in (one, title)}


def understood(
    text: str,
    filters: SearchFilters,
    names: Known,
    *,
    today: date,
    weaker: WeakerWays,
    typing: bool = False,
) -> ParsedQuery:
    """``text`` and ``filters`` as one query; names that nobody knows get a hint."""
    parsed = parse(text, typing=typing, today=today, weaker=weaker)
    hints = list(parsed.hints)
    clauses = [_resolved(clause, names, hints) for clause in parsed.clauses]
    first, last = period(filters.period) or (None, None)
    return replace(
        parsed,
        clauses=(*clauses, *_clauses(filters)),
        received_from=max(filter(None, (parsed.received_from, first)), default=None),
        received_to=min(filter(None, (parsed.received_to, last)), default=None),
        hints=tuple(hints),
    )


def _clauses(filters: SearchFilters) -> list[Clause]:
    asked = {
        "schlagwort": filters.schlagwort,
        "von": filters.sender,
        "site": filters.site,
        "subfile": filters.sub_file,
    }
    return [
        Clause(alternatives=((exact_key(value),),), field=name)
        for name, value in asked.items()
        if exact_key(value)
    ]


def _resolved(clause: Clause, names: Known, hints: list[str]) -> Clause:
    """``clause`` with values that were named in part or by another name put in their own."""
    values = names.of(clause.field) if clause.field else None
    if values is None or clause.field is None or clause.prefixes:
        return clause
    meant: dict[str, None] = {}
    for (typed,) in clause.alternatives:
        found = [values[typed]] if typed in values else _holding(typed, values)
        if not found:
            found = [typed]
            hints.append(_unknown(clause.field, typed, names))
        meant.update(dict.fromkeys(exact_key(one) for one in found))
    return replace(clause, alternatives=tuple((key,) for key in meant))


def _holding(typed: str, values: Mapping[str, str]) -> list[str]:
    """Those whose name begins as typed, else those that have it anywhere; too many are none."""
    begun = {one for key, one in values.items() if key.startswith(typed)}
    found = begun or {one for key, one in values.items() if typed in key}
    return sorted(found) if len(found) <= MOST_MEANT else []


def _unknown(name: str, typed: str, names: Known) -> str:
    values = names.of(name) or {}
    near = get_close_matches(fold(typed), values, n=1, cutoff=0.7)
    meant = names.titles[name][values[near[0]]] if near else ""
    proposed = f" Meinten Sie „{meant}“?" if near else ""
    return f"{_ARTICLES[name]} {_TITLES[name]} „{typed}“ gibt es nicht.{proposed}"
