"""A case file's head, its SubFiles and the rows of its documents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date
from urllib.parse import quote, urlencode

from eakte.domain.file_filters import FileFilter
from eakte.services.explaining import function_title
from eakte.services.views import CaseFileDocument, CaseFileView, PersonView, ResponsibleView
from web.presenters import german
from web.presenters.twins import Twin, twins_of

CLOSED = {"medizin": "Medizin", "hinweise": "Hinweise", "handakte": "Handakte"}
"""SubFiles that are closed by default; the others are called as their function is."""
MOST_WORDS = 8
"""Words of the list's filter that count."""
PROTECTION = {
    "beschaeftigte": "Akte einer Beschäftigten oder eines Beschäftigten",
    "auskunftssperre": "Auskunftssperre",
    "gewaltschutz": "Gewaltschutz",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowed:
    """What the list of a file is narrowed by, as it stands in the address and in the form."""

    teilakte: str = ""
    schlagwort: str = ""
    vorgang: str = ""
    absender: str = ""
    von: str = ""
    bis: str = ""
    text: str = ""
    neu: bool = False
    neben: str = ""

    def wanted(self, start: date | None, end: date | None) -> FileFilter:
        """The same for the service, with the days that were read."""
        return FileFilter(
            sub_file=self.teilakte,
            schlagwort=self.schlagwort,
            vorgang_id=self.vorgang,
            sender=self.absender.strip(),
            received_from=start,
            received_to=end,
            words=tuple(self.text.split()[:MOST_WORDS]),
            only_new=self.neu,
        )

    def address(self, url: str, **changes: object) -> str:
        """The file narrowed the same way but for the ``changes``; what is empty is left out."""
        values = asdict(self) | changes
        given = {name: 1 if value is True else value for name, value in values.items() if value}
        return f"{url}?{urlencode(given)}" if given else url

    @property
    def is_set(self) -> bool:
        """Whether anything but the SubFile is narrowed."""
        return replace(self, teilakte="", neben="") != Narrowed()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """A SubFile as a tab, or a Vorgang; the empty id is all of them."""

    id: str
    title: str
    count: int
    url: str
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRow:
    """One document of the file."""

    id: str
    url: str
    title: str
    given_title: str
    received: str
    sub_file: str
    sender: str
    person: str
    pages: int
    state: str
    is_new: bool
    twins: tuple[Twin, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFileScreen:
    """Everything that the template asks of a case file."""

    id: str
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
    vorgaenge: tuple[Tab, ...]
    rows: tuple[DocumentRow, ...]
    total: int
    fresh: str
    fresh_url: str
    following: str
    first: str
    everything: str
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
    return CLOSED.get(name) or function_title(name)


def screen(view: CaseFileView, narrowed: Narrowed, *, after: str = "") -> CaseFileScreen:
    """The file with a page of its documents, as far as it is narrowed."""
    url = f"/akten/{path_of(view.aktenzeichen)}"
    since = f" seit {german.day(view.last_visit.date())}" if view.last_visit else ""
    return CaseFileScreen(
        id=view.id,
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
        tabs=_tabs(view, url, narrowed),
        vorgaenge=_vorgaenge(view, url, narrowed),
        rows=tuple(_row(document, narrowed.neben) for document in view.documents),
        total=view.total,
        fresh=f"{view.fresh} neu{since}" if view.fresh or narrowed.neu else "",
        fresh_url=narrowed.address(url, neu=not narrowed.neu),
        following=narrowed.address(url, nach=view.following) if view.following else "",
        first=narrowed.address(url) if after else "",
        everything=Narrowed(teilakte=narrowed.teilakte, neben=narrowed.neben).address(url),
        schlagworte=tuple((one.id, one.title) for one in view.schlagworte),
    )


def _person(person: PersonView) -> tuple[str, bool, str]:
    name = f"{person.last_name}, {person.first_name}"
    born = f"* {german.day(person.birth_date)}" if person.birth_date else ""
    return name, person.applicant, german.joined((born, person.customer_number), " · ")


def _responsible(row: ResponsibleView) -> tuple[str, str, str, bool]:
    return function_title(row.function), row.name, row.person or "", row.away


def _tabs(view: CaseFileView, url: str, narrowed: Narrowed) -> tuple[Tab, ...]:
    def tab(name: str, title: str, count: int) -> Tab:
        return Tab(
            id=name,
            title=title,
            count=count,
            url=narrowed.address(url, teilakte=name),
            current=name == narrowed.teilakte,
        )

    return (
        tab("", "Alle", view.total),
        *(tab(name, sub_file(name), count) for name, count in view.sub_files),
    )


def _vorgaenge(view: CaseFileView, url: str, narrowed: Narrowed) -> tuple[Tab, ...]:
    """Chosen once more, a Vorgang is left again."""
    return tuple(
        Tab(
            id=one.id,
            title=one.title,
            count=count,
            url=narrowed.address(url, vorgang="" if one.id == narrowed.vorgang else one.id),
            current=one.id == narrowed.vorgang,
        )
        for one, count in view.vorgaenge
    )


def _row(document: CaseFileDocument, beside: str) -> DocumentRow:
    url = f"/dokumente/{quote(document.id)}"
    if beside:
        url = f"/dokumente/{quote(beside)}?{urlencode({'neben': document.id})}"
    return DocumentRow(
        id=document.id,
        url=url,
        title=document.schlagwort_title,
        given_title=document.given_title,
        received=german.day(document.received),
        sub_file=sub_file(document.sub_file),
        sender=document.sender,
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
