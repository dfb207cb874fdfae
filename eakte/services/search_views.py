"""What the search answers with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from eakte.domain.search_filters import NO_FILTERS, SearchFilters
from eakte.language.snippets import FoundAs
from eakte.services.views import CaseFileRef


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchHitView:
    """A found document: the page and the words that matched, marked.

    ``found_as`` tells what was found otherwise than as it was typed; ``marked`` is False where the
    query stands in names, numbers or the Schlagwort and not on a page.
    """

    document_id: str
    page: int
    score: float
    snippet: tuple[tuple[str, bool], ...]
    schlagwort: str | None
    schlagwort_title: str
    aktenzeichen: str | None
    people: tuple[str, ...]
    received: date
    pages: int
    sender: str = ""
    sub_file: str = ""
    found_as: tuple[FoundAs, ...] = ()

    @property
    def marked(self) -> bool:
        """Whether words on the page were found."""
        return any(is_marked for _, is_marked in self.snippet)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """Hits best first; ``hints`` are sentences for a query that could be put better.

    ``counted``: ``total`` is exact.  It is not while too much waits to be indexed: then ``total``
    is only what is shown.  ``more``: there are further hits behind these.  ``proposal`` is a query
    that may have been meant, and finds something.
    """

    query: str
    hits: tuple[SearchHitView, ...]
    total: int
    hints: tuple[str, ...] = ()
    case_files: tuple[CaseFileRef, ...] = ()
    counted: bool = True
    more: bool = False
    proposal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetValue:
    """A value to narrow by, and how many of the hits have it."""

    id: str
    title: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """What hits can be narrowed by: ``schlagwort``, ``sender``, ``period``, ``site``, ``sub_file``.

    ``values`` are the most frequent first, periods the newest first.
    """

    name: str
    values: tuple[FacetValue, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetAnswer:
    """All counts of a query; ``counted`` False: too much waits to be indexed, so there are none.

    ``chosen`` names the filters that are on, as they are called on screen.
    """

    facets: tuple[Facet, ...] = ()
    counted: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """Something that may have been meant while typing.

    ``kind``: ``case_file`` (``value`` its number, to be opened), ``schlagwort`` or ``sender``
    (``value`` is what to search for).
    """

    kind: str
    value: str
    title: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedSearchView:
    """A search that somebody keeps for themselves.

    ``fresh``: documents that came since they last looked, None while nobody counted;
    ``fresh_is_more``: there are more than that.
    """

    id: str
    name: str
    text: str
    filters: SearchFilters = NO_FILTERS
    starred: bool = False
    looked_at: datetime
    fresh: int | None = None
    fresh_is_more: bool = False
