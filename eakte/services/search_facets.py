"""Counts to click, called as people call them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from eakte.domain.search import Facets
from eakte.services.search_asking import Known
from eakte.services.search_views import Facet, FacetValue

FIELDS = ("schlagwort", "von", "received", "site", "subfile")
MOST = 60
"""Values that the engine counts of each field: months of five years."""
_SHOWN = 12
"""Values that a screen lists of each."""
_FEW_MONTHS = 12
"""Months up to which they are listed; more of them are put together to years."""


def facets(counts: Facets, names: Known) -> tuple[Facet, ...]:
    """Those that have a choice to offer."""
    made = (
        Facet(
            name="schlagwort",
            values=_named(counts.get("schlagwort", {}), names.titles["schlagwort"]),
        ),
        Facet(name="sender", values=_named(counts.get("von", {}), None)),
        Facet(name="period", values=_periods(counts.get("received", {}))),
        Facet(name="site", values=_named(counts.get("site", {}), names.titles["site"])),
        Facet(name="sub_file", values=_named(counts.get("subfile", {}), names.titles["subfile"])),
    )
    return tuple(one for one in made if one.values)


def _named(counts: Mapping[str, int], titles: Mapping[str, str] | None) -> tuple[FacetValue, ...]:
    values = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(
        FacetValue(id=one, title=one if titles is None else titles.get(one, one), count=count)
        for one, count in values[:_SHOWN]
    )


def _periods(counts: Mapping[str, int]) -> tuple[FacetValue, ...]:
    """Months, or years where there are many; the newest first."""
    listed: Mapping[str, int] = counts
    if len(counts) > _FEW_MONTHS:
        years: dict[str, int] = defaultdict(int)
        for month, count in counts.items():
            years[month[:4]] += count
        listed = years
    return tuple(
        FacetValue(id=one, title=one, count=listed[one])
        for one in sorted(listed, reverse=True)[:_SHOWN]
    )
