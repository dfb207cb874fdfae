"""A case file's head, its SubFiles and the rows of its documents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from eakte.services.views import CaseFileDocument, CaseFileView, PersonView, ResponsibleView
from web.presenters import german
from web.presenters.twins import Twin, twins_of

SUB_FILES = {
    "leistung": "Leistung",
    "vermittlung": "Vermittlung",
    "recht": "Recht",
    "forderung": "Forderung",
    "unterhalt": "Unterhalt",
    "but": "Bildung und Teilhabe",
    "owi": "Ordnungswidrigkeit",
    "medizin": "Medizin",
    "hinweise": "Hinweise",
    "handakte": "Handakte",
}
FUNCTIONS = SUB_FILES | {"datenschutz": "Datenschutz", "leitung": "Leitung", "scan": "Scanstelle"}
PROTECTION = {
    "beschaeftigte": "Akte einer Beschäftigten oder eines Beschäftigten",
    "auskunftssperre": "Auskunftssperre",
    "gewaltschutz": "Gewaltschutz",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """A SubFile as a tab; the empty id is all of them."""

    id: str
    title: str
    count: int
    url: str
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRow:
    """One document of the file."""

    url: str
    title: str
    given_title: str
    received: str
    sub_file: str
    person: str
    pages: int
    state: str
    is_new: bool
    twins: tuple[Twin, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFileScreen:
    """Everything that the template asks of a case file."""

    aktenzeichen: str
    url: str
    former: str
    provisional: bool
    protection: str
    closed: str
    site: str
    address: str
    people: tuple[tuple[str, bool, str], ...]
    responsible: tuple[tuple[str, str, str, bool], ...]
    tabs: tuple[Tab, ...]
    rows: tuple[DocumentRow, ...]
    total: int
    schlagworte: tuple[tuple[str, str], ...]


def path_of(aktenzeichen: str) -> str:
    """The number as one segment of an address.

    Servers decode ``%2F`` before they route; ``~`` needs no escape and stands in no number.
    """
    return quote(aktenzeichen.replace("/", "~"), safe="~")


def aktenzeichen_of(segment: str) -> str:
    """The number behind a segment that :func:`path_of` made."""
    return segment.replace("~", "/")


def sub_file(name: str) -> str:
    """How a SubFile is called on screen."""
    return SUB_FILES.get(name, name)


def screen(
    view: CaseFileView, *, chosen: str = "", schlagwort: str = "", text: str = ""
) -> CaseFileScreen:
    """The file with the documents of one SubFile, filtered by Schlagwort and words of the row."""
    url = f"/akten/{path_of(view.aktenzeichen)}"
    shown = tuple(
        document
        for document in view.documents
        if (not chosen or document.sub_file == chosen)
        and (not schlagwort or document.schlagwort == schlagwort)
        and _matches(document, text)
    )
    titles = {
        document.schlagwort: document.schlagwort_title
        for document in view.documents
        if document.schlagwort
    }
    return CaseFileScreen(
        aktenzeichen=view.aktenzeichen,
        url=url,
        former=german.joined(view.former_numbers),
        provisional=view.provisional,
        protection=PROTECTION.get(view.protected_reason or "", view.protected_reason or ""),
        closed=german.day(view.closed),
        site=view.site,
        address=german.joined((view.street, german.joined((view.postcode, view.city), " "))),
        people=tuple(_person(person) for person in view.people),
        responsible=tuple(_responsible(row) for row in view.responsible),
        tabs=_tabs(view, url, chosen),
        rows=tuple(_row(document) for document in shown),
        total=len(view.documents),
        schlagworte=tuple(sorted(titles.items(), key=lambda item: item[1])),
    )


def _matches(document: CaseFileDocument, text: str) -> bool:
    searched = german.joined(
        (
            document.schlagwort_title,
            document.given_title,
            document.person,
            german.day(document.received),
        ),
        " ",
    ).casefold()
    return all(part in searched for part in text.casefold().split())


def _person(person: PersonView) -> tuple[str, bool, str]:
    name = f"{person.last_name}, {person.first_name}"
    born = f"* {german.day(person.birth_date)}" if person.birth_date else ""
    return name, person.applicant, german.joined((born, person.customer_number), " · ")


def _responsible(row: ResponsibleView) -> tuple[str, str, str, bool]:
    return FUNCTIONS.get(row.function, row.function), row.name, row.person or "", row.away


def _tabs(view: CaseFileView, url: str, chosen: str) -> tuple[Tab, ...]:
    every = Tab(id="", title="Alle", count=len(view.documents), url=url, current=not chosen)
    return (
        every,
        *(
            Tab(
                id=name,
                title=sub_file(name),
                count=count,
                url=f"{url}?{urlencode({'teilakte': name})}",
                current=name == chosen,
            )
            for name, count in view.sub_files
        ),
    )


def _row(document: CaseFileDocument) -> DocumentRow:
    return DocumentRow(
        url=f"/dokumente/{quote(document.id)}",
        title=document.schlagwort_title,
        given_title=document.given_title,
        received=german.day(document.received),
        sub_file=sub_file(document.sub_file),
        person=document.person or "",
        pages=document.pages,
        state=german.joined(
            ("zu den Akten" if document.filed_by else "offen", document.filed_by), ", "
        ),
        is_new=document.is_new,
        twins=twins_of(document.twins),
    )


def suggestion_lines(found: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Number and people of suggested files, for a choice."""
    return tuple(found)
