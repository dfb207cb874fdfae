"""The audit trail of one document in plain German."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from eakte.services.views import HistoryRow
from web.presenters import german

ACTIONS = {
    "document.acknowledge": "zur Kenntnis genommen",
    "document.annotate": "Anmerkung gemacht",
    "document.bad_scan": "schlecht lesbare Seite gemeldet",
    "document.bad_scan_closed": "Meldung der schlechten Seite erledigt",
    "document.paper": "über das Papier entschieden",
    "document.paper_released": "Papier zur Vernichtung freigegeben",
    "document.assign": "in der Klärung zugeordnet",
    "document.classify": "Schlagwort vorgeschlagen",
    "document.cut": "Dokument angelegt",
    "document.deliver": "zugestellt",
    "document.download": "Archivfassung geöffnet",
    "document.fact": "Angabe berichtigt",
    "document.vorgang": "Vorgang bestimmt",
    "document.file": "zu den Akten genommen",
    "document.forward": "weitergeleitet",
    "document.identify": "Akte bestimmt",
    "document.index": "in die Suche aufgenommen",
    "document.merge": "zusammengefügt",
    "document.misfiled": "aus einer falschen Akte genommen (Fehlablage)",
    "document.move": "Seiten umgeordnet",
    "document.open": "geöffnet",
    "document.envelope": "Umschlag angesehen",
    "document.open_envelope": "verschlossene Post doch geöffnet",
    "document.read": "neu gelesen",
    "document.unopened": "als verschlossene Post erkannt",
    "document.redo": "Änderung der Seiten wiederholt",
    "document.join": "mit der vorläufigen Akte in die Akte des Registers genommen",
    "document.like": "gleicht einem anderen Dokument",
    "document.receipt": "Eingang geändert",
    "document.refused": "Öffnen verweigert",
    "document.remove": "Seiten entfernt",
    "document.reread": "neu zuordnen lassen",
    "document.restore": "entfernte Seiten zurückgeholt",
    "document.rerouted": "an die neue Zuständigkeit gegeben",
    "document.returned": "aus der Vertretung zurückgegeben",
    "document.route": "Empfänger bestimmt",
    "document.split": "geteilt",
    "document.take_up": "wieder vorgelegt",
    "document.unassign": "Zuordnung zurückgenommen",
    "document.reminder_done": "Wiedervorlage erledigt",
    "document.reminder_handed": "Wiedervorlage übergeben",
    "document.reminder_made": "auf Wiedervorlage gelegt",
    "document.reminder_moved": "Wiedervorlage verschoben",
    "document.taken_back": "letzte Handlung zurückgenommen",
    "document.taken_over": "übernommen",
    "document.text": "Text ausgelesen",
    "document.turn": "Seiten gedreht",
    "document.unannotate": "Anmerkung entfernt",
    "document.undo": "Änderung der Seiten zurückgenommen",
}
SYSTEM = "E-Akte"


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLine:
    """When, who, what."""

    at: datetime
    moment: str
    who: str
    what: str


def history_lines(rows: Iterable[HistoryRow]) -> tuple[HistoryLine, ...]:
    """One line an audit row, newest first; an unknown action shows its own name."""
    lines = [
        HistoryLine(
            at=row.at,
            moment=german.moment(row.at),
            who=_who(row),
            what=ACTIONS.get(row.action, row.action),
        )
        for row in rows
    ]
    return tuple(sorted(lines, key=lambda line: line.at, reverse=True))


def _who(row: HistoryRow) -> str:
    name = SYSTEM if row.actor.startswith("system:") else row.actor_name
    return f"{name} für {row.on_behalf_of}" if row.on_behalf_of else name
