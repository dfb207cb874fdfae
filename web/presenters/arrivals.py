"""What is arriving, as rows with steps."""

from __future__ import annotations

from collections.abc import Iterable, Sized
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from eakte.services.views import ArrivalView
from web.presenters import german

STEPS = ("Angekommen", "Erkannt", "Zugestellt")
CHANNELS = {
    "scanner": "Scanner",
    "inbox": "Scanner",
    "cli": "Befehlszeile",
    "command": "Befehlszeile",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step: ``fertig``, ``laeuft``, ``wartet`` (auf die Klärung), ``offen`` or ``fehler``."""

    title: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """An envelope that stays closed: for whom, its picture, and where „Doch öffnen“ goes."""

    id: str
    remark: str
    envelope_url: str
    open_url: str


def _closed(closed_id: str, remark: str) -> Closed:
    """``closed_id`` is a file that is nothing else, or a document of a stack."""
    return Closed(
        id=closed_id,
        remark=remark,
        envelope_url=f"/eingang/{quote(closed_id)}/umschlag",
        open_url=f"/eingang/{quote(closed_id)}/oeffnen",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a document of the source went; ``url`` empty where it may not be opened.

    ``closed`` is an envelope of a stack that stays closed.
    """

    title: str
    where: str
    url: str
    closed: Closed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivalRow:
    """One source on its way."""

    id: str
    name: str
    time: str
    pages: str
    steps: tuple[Step, ...]
    status: str
    problem: str
    closed: Closed | None
    places: tuple[Place, ...]
    stack_url: str = ""
    sheets: str = ""
    site: str = ""


def rows(arrivals: Iterable[ArrivalView], now: datetime) -> tuple[ArrivalRow, ...]:
    """The arrivals in the order of the service: newest first."""
    return tuple(row(arrival, now) for arrival in arrivals)


def counted(arrivals: Sized, most: int) -> str:
    """How many there are; ``100+`` where the list ends at ``most``."""
    return f"{len(arrivals)}{'+' if len(arrivals) >= most else ''}"


def row(arrival: ArrivalView, now: datetime) -> ArrivalRow:
    """One source: how far it is, where it went, what went wrong."""
    places = tuple(
        Place(
            title=document.schlagwort_title or "Dokument",
            where=document.postbox_title or ("zu den Akten" if document.state == "filed" else ""),
            url=f"/dokumente/{quote(document.document_id)}" if document.openable else "",
            closed=_closed(document.document_id, document.closed) if document.closed else None,
        )
        for document in arrival.documents
    )
    delivered = any(place.where for place in places) or (
        bool(places) and all(place.closed for place in places)
    )
    closed, waiting = arrival.state == "unopened", arrival.state == "waiting"
    return ArrivalRow(
        id=arrival.source_id,
        name=arrival.name,
        time=german.short_moment(arrival.arrived_at, now),
        pages=_pages(arrival),
        steps=_steps(arrival, delivered=delivered),
        status=_status(arrival, delivered=delivered),
        problem=(arrival.reason or "") if arrival.state == "quarantined" else "",
        closed=_closed(arrival.source_id, arrival.reason or "") if closed else None,
        places=places,
        stack_url=f"/klaerung/stapel/{quote(arrival.source_id)}" if waiting else "",
        sheets=_sheets(arrival) if arrival.state == "cut" else "",
        site=arrival.site,
    )


def _sheets(arrival: ArrivalView) -> str:
    """What lay between the letters, so that the sheets of a stack add up."""
    return german.joined(
        german.plural(arrival.sheets[kind], one, many)
        for kind, one, many in (
            ("separator", "Trennblatt", "Trennblätter"),
            ("cover", "Deckblatt", "Deckblätter"),
            ("blank", "leere Seite", "leere Seiten"),
        )
        if arrival.sheets.get(kind)
    )


def _pages(arrival: ArrivalView) -> str:
    if arrival.page_count is None:
        return ""
    if arrival.state == "received" and arrival.pages_done < arrival.page_count:
        return f"{arrival.pages_done} von {arrival.page_count}"
    return str(arrival.page_count)


def _steps(arrival: ArrivalView, *, delivered: bool) -> tuple[Step, ...]:
    if arrival.state == "quarantined":
        states = ("fertig", "fehler", "offen")
    elif arrival.state in {"duplicate", "unopened"}:
        states = ("fertig", "offen", "offen")
    elif arrival.state == "received":
        states = ("fertig", "laeuft", "offen")
    elif arrival.state == "unfolded":
        states = ("fertig", "fertig", "fertig")
    elif arrival.state == "waiting" or any(
        document.state == "clearing" for document in arrival.documents
    ):
        states = ("fertig", "fertig", "wartet")
    else:
        states = ("fertig", "fertig", "fertig" if delivered else "laeuft")
    return tuple(Step(title=title, state=state) for title, state in zip(STEPS, states, strict=True))


STATUS = {
    "quarantined": "Quarantäne",
    "duplicate": "schon vorhanden",
    "unfolded": "entpackt",
    "unopened": "nicht geöffnet",
    "received": "wird gelesen",
    "waiting": "wartet auf Trennung",
}


def _status(arrival: ArrivalView, *, delivered: bool) -> str:
    known = STATUS.get(arrival.state)
    if known is not None:
        return known
    if arrival.documents and all(document.closed for document in arrival.documents):
        return STATUS["unopened"]
    if any(document.state == "clearing" for document in arrival.documents):
        return "in Klärung"
    return "zugestellt" if delivered else "wird zugeordnet"
