"""The clearing desk: the letter, whose it could be, who would get it, what comes next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import quote

from eakte.errors import Unusable
from eakte.language.numbers import dates
from eakte.services.clearing_views import (
    Assigned,
    GoneFromDesk,
    LookView,
    PreviewView,
    RegisterHit,
)
from eakte.services.views import CaseFileRef, DocumentView, PersonView, PostboxEntryView
from web.presenters import german, joining
from web.presenters.documents import DocumentScreen
from web.presenters.findings import CandidateRow
from web.presenters.pages import image_url

CHOICE_KEYS = "12345678"
"""Digits that choose a candidate; 9 and 0 are the viewer's."""
LABEL_KEYS = "qwe"
"""Letters that choose what else the Schlagwort could be."""
PAGE_NOTICES = {
    "teilen": "Getrennt. Schlagwort und Akte der Teile werden neu gesucht.",
    "rechts": "Nach rechts gedreht.",
    "links": "Nach links gedreht.",
    "entfernen": "Seite entfernt; sie bleibt sichtbar und lässt sich zurückholen.",
    "rueckgaengig": "Zurückgenommen.",
}
AHEAD = 2
"""Pages of the next document that are fetched ahead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A case file to choose: its key, whose it is, whether it is chosen already."""

    row: CandidateRow
    key: str
    title: str
    provisional: bool
    chosen: bool
    join_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelChoice:
    """A further Schlagwort that the rules saw, with its key."""

    id: str
    title: str
    score: float
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageChoice:
    """A kept page, for the tools that work on one."""

    id: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What was done, and where its undo is sent to (``url`` empty: none)."""

    text: str
    url: str = ""
    change: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A case file found in the register, with what tells it from its namesakes."""

    aktenzeichen: str
    title: str
    detail: str
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonChoice:
    """A member of the chosen case file."""

    id: str
    title: str
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """Who would get it, as sentences; ``problem`` instead of them where it can't be assigned."""

    goes_to: str
    copies: str
    people: tuple[PersonChoice, ...]
    problem: str
    whose: str


def choices(document: DocumentScreen, refs: Mapping[str, CaseFileRef]) -> tuple[Choice, ...]:
    """The candidates, best first; the first is chosen where nothing contradicts it."""
    made = []
    for place, row in enumerate(document.candidates):
        ref = refs.get(row.aktenzeichen)
        made.append(
            Choice(
                row=row,
                key=CHOICE_KEYS[place] if place < len(CHOICE_KEYS) else "",
                title=ref.title if ref else "",
                provisional=ref.provisional if ref else False,
                join_url=joining.address(ref.aktenzeichen) if ref and ref.provisional else "",
                chosen=place == 0 and not row.contradictions,
            )
        )
    return tuple(made)


def labels(document: DocumentScreen) -> tuple[LabelChoice, ...]:
    """What else it could be."""
    others = [one for one in document.findings if one.id != document.schlagwort]
    return tuple(
        LabelChoice(id=one.id, title=one.title, score=one.score, key=key)
        for key, one in zip(LABEL_KEYS, others, strict=False)
    )


def pages(view: DocumentView) -> tuple[PageChoice, ...]:
    """The kept pages in order."""
    return tuple(
        PageChoice(id=page.page_id, number=page.number)
        for page in view.pages
        if page.number is not None
    )


def start_page(view: DocumentView, page_id: str) -> int:
    """The number of the page to begin with; 1 where it is not there any more."""
    return next((one.number for one in pages(view) if one.id == page_id), 1)


def looking(look: LookView | None) -> str:
    """Who else has it before them, as a sentence."""
    if look is None:
        return ""
    since = look.since.astimezone(german.BERLIN).strftime("%H:%M")
    return f"{look.name} hat dieses Dokument seit {since} Uhr offen."


def following(
    entries: Iterable[PostboxEntryView], document_id: str, looks: Mapping[str, LookView]
) -> str:
    """What to show after ``document_id``: the next one that nobody else has open."""
    ids = [entry.document_id for entry in entries]
    at = ids.index(document_id) if document_id in ids else -1
    rest = [one for one in (*ids[at + 1 :], *ids[: max(at, 0)]) if one != document_id]
    free = [one for one in rest if one not in looks]
    return (free or rest or [""])[0]


def image_urls(document_id: str, page_ids: Iterable[str]) -> tuple[str, ...]:
    """The first images of a document that is fetched ahead."""
    return tuple(image_url(document_id, one, "seite") for one in list(page_ids)[:AHEAD])


def assigned_notice(assigned: Assigned | None) -> Notice:
    """What was assigned just now, with its undo; not more than that once it can't be undone."""
    if assigned is None:
        return Notice(text="Zugeordnet.")
    to = f" an {assigned.postbox}" if assigned.postbox else ""
    return Notice(
        text=f"Zugeordnet: {assigned.title}{to}.",
        url=f"/klaerung/{quote(assigned.document_id)}/zuruecknehmen",
    )


def page_notice(document: DocumentScreen, what: str, change: str) -> Notice | None:
    """What was done with pages, with its undo."""
    if what not in PAGE_NOTICES:
        return None
    undo = change if what != "rueckgaengig" else ""
    return Notice(
        text=PAGE_NOTICES[what],
        url=f"{document.url}/seiten/rueckgaengig" if undo else "",
        change=undo,
    )


def gone_notice(gone: GoneFromDesk) -> Notice:
    """What became of a letter that somebody went back to."""
    if gone.joined:
        return Notice(text="Die Seiten dieses Dokuments liegen jetzt in einem anderen.")
    if gone.own is None:
        who = "haben Sie" if gone.mine else f"hat {gone.name}"
        return Notice(text=f"Dieses Dokument {who} schon zugeordnet.")
    to = f" an {gone.own.postbox}" if gone.own.postbox else ""
    return replace(
        assigned_notice(gone.own),
        text=f"Dieses Dokument haben Sie schon zugeordnet: {gone.own.title}{to}.",
    )


def birth_date(text: str, today: date) -> date | None:
    """A day as people write it: ``15.01.1990``, ``15. Januar 1990``, ``1990-01-15``; None for none.

    A year of two digits is one that is not to come.  Raises ``Unusable`` for what is no day that
    was, and for two different ones.
    """
    written = " ".join(text.split())
    if not written:
        return None
    try:
        read = {date.fromisoformat(written)}
    except ValueError:
        read = {
            one.other if one.other is not None and one.value > today else one.value
            for one in dates(written)
        }
    if len(read) != 1 or max(read) > today:
        raise Unusable(f"„{written}“ ist kein Geburtsdatum.", remedy="So schreiben: 15.01.1990.")
    return read.pop()


def hits(found: Iterable[RegisterHit]) -> tuple[Hit, ...]:
    """Case files found while one types."""
    return tuple(
        Hit(
            aktenzeichen=one.ref.aktenzeichen,
            title=one.ref.title,
            detail=german.joined((_members(one.people), one.address), " · "),
            mark=_mark(one),
        )
        for one in found
    )


def preview(view: PreviewView) -> Preview:
    """Who would get it: „Maike Petersen (in Vertretung für …)“."""
    return Preview(
        goes_to=_receiver(view.main.title, view.main.deputy_for) if view.main else "",
        copies=german.joined((_receiver(one.title, one.deputy_for) for one in view.copies), ", "),
        people=tuple(
            PersonChoice(id=one.id, title=_person(one), chosen=list(view.person_ids) == [one.id])
            for one in view.people
        ),
        problem=view.problem,
        whose=german.joined((view.ref.aktenzeichen, view.ref.title)) if view.ref else "",
    )


def _receiver(title: str, deputy_for: str | None) -> str:
    return f"{title} (in Vertretung für {deputy_for})" if deputy_for else title


def _person(one: PersonView) -> str:
    born = f", geb. {german.day(one.birth_date)}" if one.birth_date else ""
    return f"{one.last_name}, {one.first_name}{born}"


def _members(people: Iterable[PersonView]) -> str:
    return german.joined(
        (f"{one.first_name} {german.day(one.birth_date)}".strip() for one in people), ", "
    )


def _mark(hit: RegisterHit) -> str:
    if hit.ref.protected:
        return "geschützt"
    if hit.ref.provisional:
        return "vorläufig"
    return "geschlossen" if hit.closed else ""
