"""Suche: one box over all files that the reader may open, what narrows it, what is kept of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Query
from starlette.responses import Response

from eakte.domain.search_filters import SearchFilters
from eakte.errors import Unavailable
from web.desk import AtDesk, Desk
from web.presenters import documents as document_presenter
from web.presenters import search as presenter
from web.views.postboxes import titles

router = APIRouter(prefix="/suche")
PAGE = 20
GROUPED_PAGE = 60
"""Hits that are put together by case file."""
LONGEST = 20_000
"""Characters that are taken in; the search itself says how many of them count."""

Words = Annotated[str, Query(max_length=LONGEST)]
Value = Annotated[str, Query(max_length=120)]
Id = Annotated[str, Form(max_length=64)]


def asked_by(  # noqa: PLR0917  everything that an address says
    q: Words = "",
    schlagwort: Value = "",
    absender: Value = "",
    zeit: Annotated[str, Query(max_length=7)] = "",
    standort: Value = "",
    teilakte: Value = "",
    *,
    neueste: bool = False,
    akten: bool = False,
) -> presenter.Asked:
    """What the address asks for."""
    return presenter.Asked(
        query=q.strip(),
        filters=SearchFilters(
            schlagwort=schlagwort, sender=absender, period=zeit, site=standort, sub_file=teilakte
        ),
        newest=neueste,
        grouped=akten,
    )


AskedFor = Annotated[presenter.Asked, Depends(asked_by)]


@router.get("")
def search(
    desk: AtDesk,
    asked: AskedFor,
    ab: Annotated[int, Query(ge=0, le=10_000)] = 0,
    gespeichert: Annotated[str, Query(max_length=64)] = "",
    *,
    filter: bool = False,  # noqa: A002  its name in the address
) -> Response:
    """Hits with the words marked; a search that is down says so and the rest goes on.

    ``gespeichert`` is the saved search that is asked; ``filter`` counts what it can be narrowed by
    with the page (without scripts).
    """
    values: dict[str, Any] = {"down": "", "answer": None, "facets": None, "facets_counted": True}
    if not asked.is_empty:
        page = GROUPED_PAGE if asked.grouped else PAGE
        searching = desk.services.searching
        try:
            result = searching.search(
                desk.reader,
                asked.query,
                filters=asked.filters,
                newest=asked.newest,
                limit=page,
                offset=ab,
            )
            if filter:
                values |= _facets(desk, asked)
        except Unavailable as error:
            values["down"] = str(error)
        else:
            values["answer"] = presenter.answer(result, asked, offset=ab, page=page)
            if gespeichert:
                desk.services.saved_searches.look(desk.reader, gespeichert)
    return desk.show(
        "search.html",
        status=503 if values["down"] else 200,
        asked=asked,
        query=asked.query,
        chips=_chips(desk, asked),
        saved=presenter.saved_rows(desk.services.saved_searches.listed(desk.reader)),
        saved_now=gespeichert,
        newest_url=replace(asked, newest=not asked.newest).url(),
        grouped_url=replace(asked, grouped=not asked.grouped).url(),
        examples=presenter.EXAMPLES,
        help=presenter.HELP,
        **values,
    )


@router.get("/filter")
def facets(desk: AtDesk, asked: AskedFor) -> Response:
    """What the hits can be narrowed by, with counts."""
    try:
        values = _facets(desk, asked)
    except Unavailable:
        values = {"facets": (), "facets_counted": True}  # the list says that the search is down
    return desk.show_part("_search_filters.html", **values)


@router.get("/vorschlaege")
def suggestions(desk: AtDesk, q: Annotated[str, Query(max_length=200)] = "") -> Response:
    """What the words may become, while they are typed."""
    found = desk.services.searching.suggest(desk.reader, q)
    return desk.show_part("_search_suggestions.html", rows=presenter.suggestion_rows(found))


@router.get("/vorschau")
def preview(
    desk: AtDesk,
    dokument: Annotated[str, Query(max_length=64)],
    seite: Annotated[int, Query(ge=1, le=100_000)] = 1,
    q: Words = "",
) -> Response:
    """A hit beside the list, at its page; opening it is recorded."""
    view = desk.services.documents.open(desk.reader, dokument)
    marked = q[: presenter.LONGEST_MARKED]
    screen = document_presenter.screen(view, titles=titles(desk), search=marked)
    return desk.show_part(
        "_search_preview.html",
        document=screen,
        start=min(seite, max(1, len(screen.pages))),
        open_url=f"{screen.url}?{urlencode({'seite': seite, 'suche': marked})}",
    )


@router.get("/gespeichert")
def saved(desk: AtDesk) -> Response:
    """The reader's saved searches, each with what came since they last looked."""
    try:
        listed = desk.services.saved_searches.counted(desk.reader)
    except Unavailable:
        listed = desk.services.saved_searches.listed(desk.reader)
    return desk.show_part(
        "_search_saved.html", saved=presenter.saved_rows(listed), saved_now="", counted=True
    )


@router.post("/gespeichert")
def keep(  # noqa: PLR0917  the search with its filters
    desk: AtDesk,
    q: Annotated[str, Form(max_length=LONGEST)] = "",
    name: Annotated[str, Form(max_length=200)] = "",
    schlagwort: Annotated[str, Form(max_length=120)] = "",
    absender: Annotated[str, Form(max_length=120)] = "",
    zeit: Annotated[str, Form(max_length=7)] = "",
    standort: Annotated[str, Form(max_length=120)] = "",
    teilakte: Annotated[str, Form(max_length=120)] = "",
) -> Response:
    """Keep this search."""
    asked = asked_by(q, schlagwort, absender, zeit, standort, teilakte)
    if asked.is_empty:
        return desk.go("/suche")
    kept = desk.services.saved_searches.keep(desk.reader, name, asked.query, asked.filters)
    return desk.go(asked.url(gespeichert=kept))


@router.post("/gespeichert/loeschen")
def forget(desk: AtDesk, suche: Id) -> Response:
    """Keep it no longer."""
    desk.services.saved_searches.forget(desk.reader, suche)
    return desk.go("/suche")


@router.post("/gespeichert/stern")
def star(desk: AtDesk, suche: Id, *, an: Annotated[bool, Form()] = False) -> Response:
    """On top of the list, or no longer."""
    desk.services.saved_searches.star(desk.reader, suche, starred=an)
    return desk.go("/suche")


def _facets(desk: Desk, asked: presenter.Asked) -> dict[str, Any]:
    found = desk.services.searching.facets(desk.reader, asked.query, filters=asked.filters)
    return {"facets": presenter.facet_rows(found, asked), "facets_counted": found.counted}


def _chips(desk: Desk, asked: presenter.Asked) -> tuple[presenter.Chip, ...]:
    sites = {}
    if asked.filters.site:
        sites = {one.id: one.title for one in desk.services.probe.sites(desk.reader)}
    return presenter.chips(asked, titles(desk), sites)
