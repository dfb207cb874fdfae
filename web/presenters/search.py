"""What the search found, as rows with marked snippets."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from eakte.services.search_views import SearchHitView, SearchResult
from eakte.services.views import CaseFileRef
from web.presenters import german
from web.presenters.case_files import path_of


@dataclass(frozen=True, slots=True, kw_only=True)
class HitRow:
    """A hit: where it leads, what it is, and the words around."""

    url: str
    title: str
    whose: str
    received: str
    page: str
    snippet: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchScreen:
    """Everything that the template asks of an answer."""

    count: str
    hits: tuple[HitRow, ...]
    hints: tuple[str, ...]
    case_files: tuple[tuple[str, str, str], ...]
    previous: str
    following: str


def answer(result: SearchResult, *, offset: int, page: int) -> SearchScreen:
    """The answer; addresses of the neighbouring pages of hits are empty where there are none."""
    return _screen(result, "/suche", "q", offset=offset, page=page)


def answer_in_file(result: SearchResult, url: str, *, offset: int, page: int) -> SearchScreen:
    """The same within the case file that has this address."""
    return _screen(result, url, "suche", offset=offset, page=page)


def _screen(result: SearchResult, url: str, field: str, *, offset: int, page: int) -> SearchScreen:
    def at(start: int) -> str:
        return f"{url}?{urlencode({field: result.query, 'ab': start})}"

    return SearchScreen(
        count=german.plural(result.total, "Dokument", "Dokumente"),
        hits=tuple(_hit(hit, result.query) for hit in result.hits),
        hints=result.hints,
        case_files=tuple(_case_file(ref) for ref in result.case_files),
        previous=at(max(0, offset - page)) if offset else "",
        following=at(offset + page) if offset + page < result.total else "",
    )


def _hit(hit: SearchHitView, query: str) -> HitRow:
    parameters = urlencode({"seite": hit.page, "suche": query})
    return HitRow(
        url=f"/dokumente/{quote(hit.document_id)}?{parameters}",
        title=hit.schlagwort_title or "Ohne Schlagwort",
        whose=german.joined((hit.aktenzeichen, "; ".join(hit.people)), " · "),
        received=german.day(hit.received),
        page=f"Seite {hit.page} von {hit.pages}" if hit.pages > 1 else "",
        snippet=hit.snippet,
    )


def _case_file(ref: CaseFileRef) -> tuple[str, str, str]:
    return f"/akten/{path_of(ref.aktenzeichen)}", ref.aktenzeichen, ref.title
