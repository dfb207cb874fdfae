"""The transfer note of every scan: made when it is recognised, continued after what happens later.

A note is never changed.  What comes later (the check by eye, a page taken out, the release of the
paper) makes the next one, so that the row of notes tells what was known when.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from eakte import __version__
from eakte.domain.pages import Remark
from eakte.domain.proof import QualityRules, TransferNote
from eakte.domain.rights import Reader, system_reader
from eakte.models import Batch, BatchDecision, Page, QualityCheck, Source
from eakte.models import TransferNote as TransferNoteRow
from eakte.repositories.audit import AuditLog
from eakte.repositories.database import EakteSession
from eakte.repositories.proof import SCANNED, Proof
from eakte.repositories.sheets import remarks_from_json
from eakte.repositories.sources import Sources

PLACE = system_reader("proof")
UNKNOWN = "nicht angegeben"
PENDING = "Sichtprüfung: steht noch aus"

_FORMS = {"paper": "Papier", "fax": "Fax"}
_LOSSY = frozenset({"redrawn", "straightened_image", "recompressed"})
_KINDS = {"page": "beschrieben", "blank": "leer", "separator": "Trennblatt", "cover": "Deckblatt"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What does the work, for point (b) of the note: engine of recognition, steps, rules."""

    engine: str = UNKNOWN
    rules: QualityRules = field(default_factory=QualityRules)


def is_scan(source: Source) -> bool:
    """Whether the source came from paper, so that the guideline asks for a note."""
    return source.channel == "scanner" or source.form in SCANNED


def first_note(
    session: EakteSession, source: Source, surroundings: Surroundings
) -> TransferNote | None:
    """Note number 1 of a recognised source; None for what never was paper.

    It says nothing that a repeated step would say otherwise: the same rows give the same note.
    """
    if not is_scan(source):
        return None
    batch = Proof(session).batch(PLACE, source.batch_id)
    if batch is None:
        return None
    pages = Sources(session).pages(PLACE, source.id)
    return TransferNote(
        number=1,
        original_sha256=source.sha256,
        creator=batch.operator or surroundings.rules.operator or UNKNOWN,
        environment=(
            ("Eingang", _FORMS.get(source.form, source.form)),
            ("Profil", batch.profile or UNKNOWN),
            ("Gerät", batch.device or UNKNOWN),
            ("Stapel", batch.name),
            ("Programm", f"E-Akte {__version__}"),
            ("Texterkennung", surroundings.engine),
            ("Schritte", "Ausrichtung, Leerseiten, Texterkennung, Archivfassung PDF/A-2b"),
        ),
        anomalies=_anomalies(source, pages, batch),
        scanned_at=source.arrived_at,
        quality=(*_completeness(source, pages), PENDING),
        identity=_identity(_anomalies(source, pages, batch)),
    )


def keep_first(
    session: EakteSession, reader: Reader, source_id: str, note: TransferNote, now: datetime
) -> None:
    """Keep note number 1, once: a repeated step finds it there."""
    if not Proof(session).notes(PLACE, source_id):
        _keep(session, reader, source_id, note, now)


def note_again(
    session: EakteSession, reader: Reader, source_ids: Iterable[str], event: str, now: datetime
) -> None:
    """The next note of each of ``source_ids`` after ``event``, a sentence in the past tense.

    Sources without a first note (no paper, or not recognised yet) are left alone, and so is a note
    that would only repeat the last one.
    """
    proof = Proof(session)
    said = f"Danach: {event}"
    of_batch: dict[str, list[tuple[QualityCheck, Source]]] = {}
    for source_id in dict.fromkeys(source_ids):
        rows = proof.notes(PLACE, source_id)
        source = Sources(session).get(PLACE, source_id)
        if not rows or source is None:
            continue
        last = TransferNote.from_json(rows[-1].note)
        pages = Sources(session).pages(PLACE, source_id)
        events = tuple(one for one in last.quality if one.startswith("Danach: "))
        if events[-1:] != (said,):
            events = (*events, said)
        if source.batch_id not in of_batch:
            rows_of_batch = proof.checks(PLACE, source.batch_id)
            of_batch[source.batch_id] = [(check, where) for check, _, where, _ in rows_of_batch]
        checked = _checked(of_batch[source.batch_id], source)
        note = replace(
            last,
            number=last.number + 1,
            quality=(
                *_completeness(source, pages),
                *_counted(proof.decisions(PLACE, source.batch_id)),
                checked or PENDING,
                *events,
            ),
            identity=_identity(last.anomalies, checked),
        )
        if replace(note, number=last.number) == last:
            continue
        _keep(session, reader, source_id, note, now)


def _keep(
    session: EakteSession, reader: Reader, source_id: str, note: TransferNote, now: datetime
) -> None:
    Proof(session).add(
        TransferNoteRow(
            source_id=source_id,
            number=note.number,
            made_at=now,
            made_by=reader.login,
            note=note.to_json(),
        )
    )
    AuditLog(session).note(
        reader, "source.transfer_note", "source", source_id, details={"number": note.number}
    )


def _anomalies(source: Source, pages: Iterable[Page], batch: Batch) -> tuple[Remark, ...]:
    found = list(remarks_from_json(source.remarks))
    if batch.sheets_reported is None:
        found.append(Remark(code="no_count", message="Der Scanner nannte keine Blattzahl."))
    for page in pages:
        found += [
            one if one.page is not None else replace(one, page=page.number)
            for one in remarks_from_json(page.remarks)
        ]
        if page.kind == "blank":
            found.append(Remark(code="blank", message="als leer erkannt", page=page.number))
    return tuple(dict.fromkeys(found))


def _completeness(source: Source, pages: Iterable[Page]) -> tuple[str, ...]:
    kinds: dict[str, int] = {}
    for page in pages:
        kinds[page.kind] = kinds.get(page.kind, 0) + 1
    parts = ", ".join(f"{kinds[kind]} {_KINDS.get(kind, kind)}" for kind in sorted(kinds))
    read = sum(kinds.values())
    return (f"Vollständigkeit: {read} von {source.page_count} Seiten der Datei ({parts})",)


def _counted(decisions: Iterable[BatchDecision]) -> tuple[str, ...]:
    counts = [one for one in decisions if one.kind == "counted"]
    if not counts:
        return ()
    said = counts[-1].details
    line = f"Blattzahl des Stapels: {said['sheets']} gezählt, {said['pages']} Seiten"
    if not said["matches"]:
        line += f", erwartet {said['expected']}: {said['explanation']}"
    return (line,)


def _checked(checks: Sequence[tuple[QualityCheck, Source]], source: Source) -> str:
    """The outcome of the check by eye in one line; empty while it is not over."""
    if not checks or any(check.result is None for check, _ in checks):
        return ""
    here = [check for check, where in checks if where.id == source.id]
    good = sum(check.result == "good" for check, _ in checks)
    bad = sum(check.result == "bad" for check in here)
    return (
        f"Sichtprüfung: {good} von {len(checks)} gezogenen Seiten des Stapels gut; "
        f"in dieser Datei {len(here)} geprüft, {bad} beanstandet"
    )


def _identity(anomalies: Iterable[Remark], checked: str = "") -> str:
    changed = sorted({one.page or 0 for one in anomalies if one.code in _LOSSY})
    if changed:
        named = ", ".join(str(page) for page in changed if page) or "alle"
        said = f"Die Bilder sind übernommen; neu gezeichnet oder verändert: Seiten {named}."
    else:
        said = "Die Archivfassung gibt jede Seite des Scans bildlich und inhaltlich wieder."
    if checked:
        return f"{said} Das Ergebnis des Vergleichs mit dem Papier steht bei der Sichtprüfung."
    return f"{said} Der Vergleich mit dem Papier steht noch aus."
