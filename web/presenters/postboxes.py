"""Postboxes and their entries as rows of a list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType

from eakte.domain.postbox_filters import PostboxFilter
from eakte.errors import NotFound
from eakte.services.clearing_views import LookView
from eakte.services.views import DeedView, PostboxEntryView, PostboxSummary
from web.presenters import german
from web.presenters.twins import Twin, twins_of

GROUPS = (
    ("own", ""),
    ("deputy", ""),
    ("team", "Team"),
    ("clearing", "Klärung"),
)


_NEAR = timedelta(days=62)
NOBODY: Mapping[str, LookView] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxGroup:
    """Postboxes of one kind under one heading; their titles say it where it is empty."""

    title: str
    boxes: tuple[PostboxSummary, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRow:
    """A letter in the list: what it is, whose, when; and where a click leads."""

    id: str
    url: str
    document_id: str
    title: str
    whose: str
    number: str
    date: str
    pages: str
    urgent: bool
    copy: bool
    deputy_for: str
    provisional: bool
    unfiled: bool
    note: str
    sent_by: str
    version: int
    deadline: str = ""
    pressing: bool = False
    twins: tuple[Twin, ...] = ()
    looking: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterView:
    """The filter of a list: what is set, and a sentence about what it leaves out."""

    on: bool
    schlagwort: str
    site: str
    text: str
    urgent: bool
    within: str
    sentence: str
    hides_urgent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoView:
    """What the key z takes back."""

    round_id: str
    sentence: str
    moment: str


DEEDS = {
    "filed": "zu den Akten",
    "seen": "gesehen",
    "forwarded": "weitergeleitet",
    "taken_over": "übernommen",
    "reminded": "auf Wiedervorlage",
    "vorgang": "Vorgang geändert",
}
WITHIN = (
    ("-1", "Frist überschritten"),
    ("3", "Frist in 3 Tagen"),
    ("7", "Frist in 7 Tagen"),
    ("14", "Frist in 14 Tagen"),
    ("30", "Frist in 30 Tagen"),
)


def groups(boxes: Iterable[PostboxSummary]) -> tuple[BoxGroup, ...]:
    """The postboxes by kind, own first; the clearing desk has a screen of its own."""
    listed = tuple(boxes)
    return tuple(
        BoxGroup(title=title, boxes=tuple(box for box in listed if box.kind == kind))
        for kind, title in GROUPS
        if kind != "clearing" and any(box.kind == kind for box in listed)
    )


def row(entry: PostboxEntryView, base: str, look: LookView | None = None) -> EntryRow:
    """One entry; ``base`` is the address of its list, perhaps of a later page (``?ab=100``).

    ``look``: who else has it before them.
    """
    return EntryRow(
        id=entry.id,
        url=f"{base}{'&' if '?' in base else '?'}dokument={entry.document_id}",
        document_id=entry.document_id,
        title=entry.schlagwort_title,
        whose="; ".join(entry.people) or "ohne Person",
        number=entry.aktenzeichen or "noch ohne Akte",
        date=german.day(entry.received),
        pages=german.plural(entry.pages, "Seite", "Seiten"),
        urgent=entry.urgent,
        copy=entry.copy,
        deputy_for=entry.deputy_for_name or entry.deputy_for or "",
        provisional=entry.provisional,
        unfiled=entry.aktenzeichen is None,
        note=entry.note,
        sent_by=entry.sent_by,
        version=entry.version,
        deadline=german.day(entry.deadline) if _is_near(entry) else "",
        pressing=entry.pressing,
        twins=twins_of(entry.twins),
        looking=look.name if look is not None else "",
    )


def _is_near(entry: PostboxEntryView) -> bool:
    """Six months until somebody may sue for inactivity are no news in a list; a month is."""
    if entry.deadline is None:
        return False
    return entry.pressing or entry.deadline - entry.received <= _NEAR


def rows(
    entries: Iterable[PostboxEntryView], base: str, looks: Mapping[str, LookView] = NOBODY
) -> tuple[EntryRow, ...]:
    """The entries in the order of the service: urgent first."""
    return tuple(row(entry, base, looks.get(entry.document_id)) for entry in entries)


def filter_of(
    wanted: PostboxFilter, box: PostboxSummary, found: tuple[int, int] | None
) -> FilterView:
    """The filter; ``found``: how many letters it shows, and how many of them are urgent."""
    shown, urgent = found or (0, 0)
    total = box.tasks + box.copies
    hidden = box.urgent - urgent
    return FilterView(
        on=bool(wanted),
        schlagwort=wanted.schlagwort,
        site=wanted.site,
        text=wanted.text,
        urgent=wanted.urgent,
        within="" if wanted.within_days is None else str(wanted.within_days),
        sentence=f"Gefiltert: {shown} von {total}" if wanted else "",
        hides_urgent=f"{hidden} eilige ausgeblendet" if wanted and hidden > 0 else "",
    )


def undo_of(last: DeedView | None) -> UndoView | None:
    """``Widerspruch: zu den Akten``, or of several ``3 Eingänge: gesehen``."""
    if last is None:
        return None
    what = last.title if last.count == 1 else german.plural(last.count, "Eingang", "Eingänge")
    return UndoView(
        round_id=last.round_id,
        sentence=f"{what}: {DEEDS[last.kind]}",
        moment=german.moment(last.at),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkText:
    """What stands in the form for several letters, to be shown again."""

    note: str = ""
    due: str = ""
    reminder: str = ""
    leave: bool = True


NOTHING_TYPED = BulkText()


def chosen(values: Iterable[str]) -> list[tuple[str, int]]:
    """Entries with their versions, as the boxes of the list send them; nonsense is left out."""
    parts = (value.partition(":") for value in dict.fromkeys(values))
    return [
        (entry_id, int(version))
        for entry_id, _, version in parts
        if version.isdecimal() and len(version) < 10
    ]


def find(boxes: Iterable[PostboxSummary], postbox_id: str) -> PostboxSummary:
    """The postbox among those open to the reader; raises ``NotFound`` for any other."""
    for box in boxes:
        if box.id == postbox_id:
            return box
    raise NotFound("Diesen Postkorb gibt es nicht, oder er ist nicht für Sie.")


def neighbour(entries: Iterable[PostboxEntryView], done: str) -> str:
    """The document to show once the entry ``done`` leaves the list; empty when none is left."""
    listed = list(entries)
    at = next((index for index, entry in enumerate(listed) if entry.id == done), None)
    if at is None:
        return listed[0].document_id if listed else ""
    rest = listed[:at] + listed[at + 1 :]
    return rest[min(at, len(rest) - 1)].document_id if rest else ""
