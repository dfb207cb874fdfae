"""The scan centre's figures, each with the way to what is behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from eakte.repositories.scan_figures import MOST, BatchOnTheWay
from eakte.services.scan_centre import Queue, ScanCentreView
from web.presenters import german

HERE = "/scanstelle"
OVERDUE = timedelta(hours=1)
"""A machine's step that takes longer is worth a look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    title: str
    why: str
    url: str
    machine: bool = False


KINDS: Mapping[str, _Kind] = {
    "recognition": _Kind(
        title="Texterkennung",
        why="wird gelesen oder wartet auf einen freien Rechenkern",
        url="/eingang?nur=erkennung",
        machine=True,
    ),
    "cut": _Kind(
        title="Trennen",
        why="ist gelesen und wird in Dokumente getrennt",
        url="/eingang?nur=trennen",
        machine=True,
    ),
    "questions": _Kind(
        title="Schnitt offen",
        why="die E-Akte ist unsicher, wo ein Brief beginnt",
        url="/klaerung/stapel",
    ),
    "routing": _Kind(
        title="Zuordnung läuft",
        why="Schlagwort, Akte und Empfänger werden bestimmt",
        url="/eingang",
        machine=True,
    ),
    "clearing": _Kind(
        title="Klärung", why="Akte oder Schlagwort sind nicht sicher", url="/klaerung"
    ),
    "quarantine": _Kind(
        title="Quarantäne",
        why="beschädigt, zu groß oder kein Dokument",
        url="/eingang?nur=quarantaene",
    ),
    "unopened": _Kind(
        title="Nicht geöffnet",
        why="persönliche Post, ungeöffnet weiterzugeben",
        url="/eingang?nur=ungeoeffnet",
    ),
    "check": _Kind(
        title="Sichtprüfung", why="Stapel, die noch niemand gezählt hat", url="/sichtpruefung"
    ),
    "rescan": _Kind(
        title="Nachscannen",
        why="Seiten, die jemand als schlecht lesbar gemeldet hat",
        url="/sichtpruefung/nachscannen",
    ),
    "receipts": _Kind(
        title="Belege ohne Scan",
        why="am Empfang abgegeben, noch nicht gescannt",
        url="/auskunft/belege",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    """A line of „Was wartet“; ``late``: a step of the machine that takes too long."""

    title: str
    why: str
    url: str
    count: str
    oldest: str
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRow:
    """A batch on its way; ``done`` and ``total`` are pages."""

    name: str
    files: str
    done: int
    total: int
    progress: str
    since: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """The figures as they are printed."""

    last_hour: str
    rate: str
    today: str
    batches: tuple[BatchRow, ...]
    queues: tuple[QueueRow, ...]


def screen(view: ScanCentreView) -> Screen:
    """The screen of this moment."""
    return Screen(
        last_hour=german.plural(view.last_hour[0], "Datei", "Dateien"),
        rate=german.plural(view.last_hour[1], "Seite je Stunde", "Seiten je Stunde"),
        today=f"{german.plural(view.today[0], 'Datei', 'Dateien')}, {_pages(view.today[1])}",
        batches=tuple(_batch(one, view.now) for one in view.batches),
        queues=tuple(_queue(one, view.now) for one in view.queues),
    )


def _queue(queue: Queue, now: datetime) -> QueueRow:
    kind, waiting = KINDS[queue.kind], queue.waiting
    oldest = waiting.oldest
    return QueueRow(
        title=kind.title,
        why=kind.why,
        url=kind.url,
        count=f"{MOST} oder mehr" if waiting.count >= MOST else str(waiting.count),
        oldest=german.short_moment(oldest, now) if oldest else "",
        late=kind.machine and oldest is not None and now - oldest > OVERDUE,
    )


def _batch(one: BatchOnTheWay, now: datetime) -> BatchRow:
    total = max(one.pages, one.read)
    return BatchRow(
        name=one.name,
        files=german.plural(one.files, "Datei", "Dateien"),
        done=one.read,
        total=max(total, 1),
        progress=f"{one.read} von {_pages(total)} gelesen" if total else "noch nicht gezählt",
        since=german.short_moment(one.first, now),
    )


def _pages(count: int) -> str:
    return german.plural(count, "Seite", "Seiten")
