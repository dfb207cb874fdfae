"""What the search found, as rows with marked snippets, and every way to narrow it as an address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import groupby
from urllib.parse import quote, urlencode

from eakte.domain.search import Likeness
from eakte.domain.search_filters import NO_FILTERS, SearchFilters
from eakte.language.snippets import FoundAs
from eakte.services.search_views import (
    FacetAnswer,
    SavedSearchView,
    SearchHitView,
    SearchResult,
    Suggestion,
)
from eakte.services.views import CaseFileRef
from web.presenters import german
from web.presenters.case_files import path_of, sub_file

LONGEST_MARKED = 500
"""Characters of a query that a document's address takes along, to mark its words."""
_LIKE = {
    Likeness.SAME: "gefunden als",
    Likeness.LONG_FORM: "gefunden als",
    Likeness.PART: "gefunden als",
    Likeness.MISREAD: "ähnlich gelesen",
    Likeness.NEAR: "ähnlich geschrieben",
}
_NAMES_OF_MONTHS = (
    "Januar Februar März April Mai Juni Juli August September Oktober November Dezember"
)
_MONTHS = tuple(_NAMES_OF_MONTHS.split())
_FACETS = {
    "schlagwort": "Schlagwort",
    "sender": "Absender",
    "period": "Eingang",
    "site": "Standort",
    "sub_file": "Teilakte",
}
_NAMES = {
    "schlagwort": "schlagwort",
    "sender": "absender",
    "period": "zeit",
    "site": "standort",
    "sub_file": "teilakte",
}
"""How filters are called in an address."""
EXAMPLES = (
    ("Heizung defekt", "Worte, die im Schreiben stehen, in jeder Form"),
    ("Müller 07.03.1984", "Personen und Akten: Name, Geburtsdatum, Anschrift, Nummer"),
    ('"nicht in voller Höhe"', "eine feste Wortfolge"),
    ("Kündigung -Wohnung", "ohne ein Wort"),
    ("Miete ODER Nebenkosten", "eines von beiden"),
    ("schlagwort:widerspruch seit:2026-09", "ein Schlagwort, ab einem Tag"),
    ("von:stadtwerke betrag:>400", "ein Absender und eine Summe"),
)
HELP = (
    ("Heizung defekt", "beide Wörter, in jeder Form und Schreibweise"),
    ('"Heizung defekt"', "genau diese Wortfolge"),
    ("Heizung -Strom", 'ohne dieses Wort; auch -"feste Wortfolge" und -schlagwort:klage'),
    ("Miete ODER Heizung", "eines von beiden"),
    ("Bescheid*", "alles, was so beginnt"),
    ("schlagwort:widerspruch", "unter diesem Schlagwort; der Anfang des Namens genügt"),
    ("von:stadtwerke", "von diesem Absender"),
    ("akte:12345//0001234", "in dieser Akte"),
    ("person:müller", "zu Personen dieses Namens"),
    ('az:"S 12 AS 345/26"', "mit diesem Aktenzeichen von Gericht oder Behörde"),
    ("betrag:412,60", "mit dieser Summe; auch betrag:>500 und betrag:100..200"),
    ("datum:2026-03..2026-05", "in diesem Zeitraum eingegangen; auch datum:gestern, datum:März"),
    ("seit:01.10.2026", "ab einem Tag; ebenso bis:, vor: und nach:"),
    ("standort:husum", "aus Akten dieses Standorts"),
    ("teilakte:leistung", "in dieser Teilakte"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the address asks for."""

    query: str = ""
    filters: SearchFilters = NO_FILTERS
    newest: bool = False
    grouped: bool = False
    path: str = "/suche"
    field: str = "q"

    @property
    def is_empty(self) -> bool:
        """Nothing is asked."""
        return not self.query and self.filters.is_empty

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """All of it but the place in the list, as fields of a form."""
        filters = asdict(self.filters)
        said = {self.field: self.query, **{_NAMES[name]: filters[name] for name in _NAMES}}
        said |= {"neueste": "1" if self.newest else "", "akten": "1" if self.grouped else ""}
        return tuple((name, value) for name, value in said.items() if value)

    def url(self, start: int = 0, path: str = "", **more: str) -> str:
        """The address of the list from hit ``start`` on."""
        given = dict(self.pairs()) | ({"ab": str(start)} if start else {}) | more
        return f"{path or self.path}?{urlencode(given)}" if given else path or self.path

    def narrowed(self, name: str, value: str) -> Asked:
        """The same with one filter set, or taken away where ``value`` is empty."""
        return replace(self, filters=replace(self.filters, **{name: value}))


@dataclass(frozen=True, slots=True, kw_only=True)
class HitRow:
    """A hit: where it leads, what it is, and the words around.

    ``why`` says why it was found where the words do not show it.
    """

    id: str
    url: str
    preview: str
    title: str
    whose: str
    sender: str
    received: str
    page: str
    snippet: tuple[tuple[str, bool], ...]
    why: tuple[str, ...]
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRows:
    """The hits of one case file, the best first."""

    number: str
    url: str
    people: str
    count: str
    rows: tuple[HitRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchScreen:
    """Everything that the template asks of an answer."""

    count: str
    hits: tuple[HitRow, ...]
    files: tuple[FileRows, ...]
    hints: tuple[str, ...]
    case_files: tuple[tuple[str, str, str], ...]
    proposal: str
    proposal_url: str
    counted: bool
    previous: str
    following: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """A filter that is on, and the address without it."""

    kind: str
    title: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetRow:
    """A value to click; ``chosen``: the filter is on, and the click takes it away."""

    title: str
    count: int
    url: str
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedRow:
    """A saved search: where it leads and what is new."""

    id: str
    name: str
    url: str
    starred: bool
    fresh: str


def answer(result: SearchResult, asked: Asked, *, offset: int, page: int) -> SearchScreen:
    """The answer; addresses of the neighbouring pages of hits are empty where there are none."""
    return _screen(result, asked, offset=offset, page=page)


def answer_in_file(result: SearchResult, url: str, *, offset: int, page: int) -> SearchScreen:
    """The same within the case file that has this address."""
    asked = Asked(query=result.query, path=url, field="suche")
    return _screen(result, asked, offset=offset, page=page)


def _screen(result: SearchResult, asked: Asked, *, offset: int, page: int) -> SearchScreen:
    rows = tuple(_hit(hit, result.query) for hit in result.hits)
    proposed = replace(asked, query=result.proposal)
    return SearchScreen(
        count=_count(result),
        hits=rows,
        files=_by_file(rows, result.hits) if asked.grouped else (),
        hints=result.hints,
        case_files=tuple(_case_file(ref) for ref in result.case_files),
        proposal=result.proposal,
        proposal_url=proposed.url() if result.proposal else "",
        counted=result.counted,
        previous=asked.url(max(0, offset - page), **_first(offset, page)) if offset else "",
        following=asked.url(offset + page) if result.more else "",
    )


def _first(offset: int, page: int) -> Mapping[str, str]:
    return {"ab": "0"} if offset <= page else {}


def _count(result: SearchResult) -> str:
    if result.counted:
        return german.plural(result.total, "Dokument", "Dokumente")
    return "Dokumente"


def _hit(hit: SearchHitView, query: str) -> HitRow:
    marked = query[:LONGEST_MARKED]
    parameters = urlencode({"seite": hit.page, "suche": marked})
    return HitRow(
        id=hit.document_id,
        url=f"/dokumente/{quote(hit.document_id)}?{parameters}",
        preview="/suche/vorschau?"
        + urlencode({"dokument": hit.document_id, "seite": hit.page, "q": marked}),
        title=hit.schlagwort_title or "Ohne Schlagwort",
        whose=german.joined((hit.aktenzeichen, "; ".join(hit.people)), " · "),
        sender=hit.sender,
        received=german.day(hit.received),
        page=f"Seite {hit.page} von {hit.pages}" if hit.pages > 1 else "",
        snippet=hit.snippet,
        why=tuple(_why(hit.found_as)),
        number=hit.aktenzeichen or "",
    )


def _why(found_as: Sequence[FoundAs]) -> Iterable[str]:
    said = {one.words: _LIKE[one.like] for one in found_as}
    for like, words in groupby(sorted(said, key=lambda word: said[word]), key=lambda w: said[w]):
        yield f"{like}: {', '.join(list(words)[:3])}"


def _by_file(rows: Sequence[HitRow], hits: Sequence[SearchHitView]) -> tuple[FileRows, ...]:
    """Hits by case file, in the order of each file's best; those in none come one by one."""
    grouped: dict[str, list[HitRow]] = {}
    people: dict[str, str] = {}
    for row, hit in zip(rows, hits, strict=True):
        key = row.number or row.id
        grouped.setdefault(key, []).append(row)
        people.setdefault(key, "; ".join(hit.people))
    return tuple(
        FileRows(
            number=listed[0].number or "Ohne Akte",
            url=f"/akten/{path_of(listed[0].number)}" if listed[0].number else "",
            people=people[key],
            count=german.plural(len(listed), "Treffer", "Treffer"),
            rows=tuple(listed),
        )
        for key, listed in grouped.items()
    )


def _case_file(ref: CaseFileRef) -> tuple[str, str, str]:
    return f"/akten/{path_of(ref.aktenzeichen)}", ref.aktenzeichen, ref.title


def chips(asked: Asked, titles: Mapping[str, str], sites: Mapping[str, str]) -> tuple[Chip, ...]:
    """The filters that are on; ``titles`` of Schlagworte and ``sites`` by id."""
    filters = asdict(asked.filters)
    called = {
        "schlagwort": lambda value: titles.get(value, value),
        "sender": lambda value: value,
        "period": period,
        "site": lambda value: sites.get(value, value),
        "sub_file": sub_file,
    }
    return tuple(
        Chip(kind=_FACETS[name], title=called[name](value), url=asked.narrowed(name, "").url())
        for name, value in filters.items()
        if value
    )


def period(value: str) -> str:
    """``März 2026`` for ``2026-03``."""
    year, _, month = value.partition("-")
    if month.isdecimal() and 1 <= int(month) <= len(_MONTHS):
        return f"{_MONTHS[int(month) - 1]} {year}"
    return value


def facet_rows(found: FacetAnswer, asked: Asked) -> tuple[tuple[str, tuple[FacetRow, ...]], ...]:
    """Each kind of filter with what can be clicked."""
    now = asdict(asked.filters)
    called = {"period": period, "sub_file": sub_file}
    return tuple(
        (
            _FACETS[facet.name],
            tuple(
                FacetRow(
                    title=called[facet.name](one.id) if facet.name in called else one.title,
                    count=one.count,
                    url=asked.narrowed(
                        facet.name, "" if now[facet.name] == one.id else one.id
                    ).url(),
                    chosen=now[facet.name] == one.id,
                )
                for one in facet.values
            ),
        )
        for facet in found.facets
    )


def saved_rows(saved: Iterable[SavedSearchView]) -> tuple[SavedRow, ...]:
    """The reader's saved searches."""
    return tuple(
        SavedRow(
            id=one.id,
            name=one.name,
            url=Asked(query=one.text, filters=one.filters).url(gespeichert=one.id),
            starred=one.starred,
            fresh=f"{one.fresh}{'+' if one.fresh_is_more else ''}" if one.fresh else "",
        )
        for one in saved
    )


def suggestion_rows(suggestions: Iterable[Suggestion]) -> tuple[tuple[str, str, str, str], ...]:
    """Kind, title, detail and address of each."""
    kinds = {"case_file": "Akte", "schlagwort": "Schlagwort", "sender": "Absender"}
    return tuple(
        (
            kinds[one.kind],
            one.title,
            one.detail,
            f"/akten/{path_of(one.value)}"
            if one.kind == "case_file"
            else Asked(query=one.value).url(),
        )
        for one in suggestions
    )
