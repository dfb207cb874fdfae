"""What is arriving, as rows with steps."""

from __future__ import annotations

from collections.abc import Iterable
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
class Place:
    """Where a document of the source went; ``url`` empty where it may not be opened."""

    title: str
    where: str
    url: str


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
    remark: str
    envelope_url: str
    open_url: str
    places: tuple[Place, ...]
    stack_url: str = ""
    sheets: str = ""


def rows(arrivals: Iterable[ArrivalView], now: datetime) -> tuple[ArrivalRow, ...]:
    """The arrivals in the order of the service: newest first."""
    return tuple(row(arrival, now) for arrival in arrivals)


def row(arrival: ArrivalView, now: datetime) -> ArrivalRow:
    """One source: how far it is, where it went, what went wrong."""
    places = tuple(
        Place(
            title=document.schlagwort_title or "Dokument",
            where=document.postbox_title or ("zu den Akten" if document.state == "filed" else ""),
            url=f"/dokumente/{quote(document.document_id)}" if document.openable else "",
        )
        for document in arrival.documents
    )
    delivered = any(place.where for place in places)
    closed, waiting = arrival.state == "unopened", arrival.state == "waiting"
    return ArrivalRow(
        id=arrival.source_id,
        name=arrival.name,
        time=german.short_moment(arrival.arrived_at, now),
        pages=_pages(arrival),
        steps=_steps(arrival, delivered=delivered),
        status=_status(arrival, delivered=delivered),
        problem=(arrival.reason or "") if arrival.state == "quarantined" else "",
        remark=(arrival.reason or "") if closed else "",
        envelope_url=f"/eingang/{quote(arrival.source_id)}/umschlag" if closed else "",
        open_url=f"/eingang/{quote(arrival.source_id)}/oeffnen" if closed else "",
        places=places,
        stack_url=f"/klaerung/stapel/{quote(arrival.source_id)}" if waiting else "",
        sheets=_sheets(arrival) if arrival.state == "cut" else "",
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
    if any(document.state == "clearing" for document in arrival.documents):
        return "in Klärung"
    return "zugestellt" if delivered else "wird zugeordnet"
