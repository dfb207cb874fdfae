"""What is said at the telephone, and the receipts of the counter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote

from eakte.domain.rights import Reader
from eakte.services.counter_receipts import ReceiptLine
from eakte.services.lookup import FileAnswer, LetterAnswer
from web.presenters import german
from web.presenters.german import BERLIN

HERE = "/auskunft"
RECEIPTS = f"{HERE}/belege"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLines:
    """The sentences about one file."""

    aktenzeichen: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the screen says; ``hint`` where there is nothing to say."""

    files: tuple[FileLines, ...] = ()
    hint: str = ""


NOTHING_ASKED = Answer(hint="Geben Sie das Aktenzeichen ein, oder Nachname und Geburtsdatum.")
NOTHING_FOUND = Answer(
    hint="Dazu gibt es nichts zu sagen. Schreibweise prüfen; was heute kam, ist vielleicht noch "
    "keiner Akte zugeordnet."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptRow:
    """A receipt without a scan."""

    id: str
    version: int
    number: str
    aktenzeichen: str
    what: str
    made: str
    made_by: str
    waits: str
    late: bool
    url: str
    close_url: str


def answer(found: Iterable[FileAnswer], today: date) -> Answer:
    """Sentences to be read out."""
    files = tuple(
        FileLines(
            aktenzeichen=one.aktenzeichen,
            lines=tuple(sentence(letter, today) for letter in one.letters),
        )
        for one in found
    )
    return Answer(files=files) if files else NOTHING_FOUND


def sentence(letter: LetterAnswer, today: date) -> str:
    """As it may be read out.

    ``Brief, eingegangen am Do., 12.11.2026: liegt seit heute, 10:40 Uhr, bei Leistung.``
    """
    begin = f"{letter.group}, eingegangen am {german.weekday(letter.received)}:"
    local = letter.since.astimezone(BERLIN) if letter.since is not None else None
    if letter.done:
        on = f" am {german.day(local.date())}" if local else ""
        return f"{begin} bearbeitet von {letter.office}{on}."
    if local is None:
        return f"{begin} liegt bei {letter.office}."
    day = "heute" if local.date() == today else german.day(local.date())
    return f"{begin} liegt seit {day}, {local:%H:%M} Uhr, bei {letter.office}."


def receipt_values(lines: Iterable[ReceiptLine], reader: Reader, fresh: str) -> dict[str, Any]:
    """The screen of the receipts; ``fresh`` is the one made just now."""
    rows = [_row(one) for one in lines]
    made = next((one for one in rows if one.id == fresh), None)
    return {"rows": rows, "made": made, "may_make": reader.counter}


def _row(one: ReceiptLine) -> ReceiptRow:
    sheets = german.plural(one.sheets, "Blatt", "Blätter") if one.sheets else ""
    base = f"{RECEIPTS}/{quote(one.id)}"
    return ReceiptRow(
        id=one.id,
        version=one.version,
        number=one.number,
        aktenzeichen=one.aktenzeichen,
        what=german.joined((one.what, sheets)),
        made=german.moment(one.made_at),
        made_by=one.made_by,
        waits="heute" if one.days == 0 else f"seit {german.plural(one.days, 'Tag', 'Tagen')}",
        late=one.late,
        url=f"{base}/beleg.pdf",
        close_url=f"{base}/erledigt",
    )
