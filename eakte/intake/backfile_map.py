"""The map of a backfile: which old file belongs into which case file, read and checked as a whole.

CSV from whatever program the authority had: the delimiter and the encoding (UTF-8 or Windows-1252)
are recognised, the columns may have German or English names.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from eakte.domain.schlagworte import Schlagwort
from eakte.errors import EakteError
from eakte.intake.tools import STEP, Tools
from eakte.repositories.case_files import CaseFiles
from eakte.repositories.database import EakteSession

DEFAULT_SCHLAGWORT = "sonstiges"
DEFAULT_SUB_FILE = "leistung"
TITLE = "Altakte"

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "file": ("file", "datei", "dateiname", "filename"),
    "aktenzeichen": ("case_file", "aktenzeichen", "az", "bg-nummer", "bg_nummer", "nummer"),
    "sub_file": ("sub_file", "teilakte", "subfile"),
    "schlagwort": ("schlagwort", "keyword"),
    "received": ("received", "eingang", "eingegangen", "datum", "date"),
    "title": ("title", "titel", "bezeichnung"),
}
"""Every column by the names it may have, the German one second; the first two must be there."""

_REQUIRED = ("file", "aktenzeichen")
_DELIMITERS = ";\t,|"
_DAYS = ("%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y")


class MapError(EakteError):
    """The map can't be read at all, or has mistakes; nothing was taken."""

    code = "map"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One old file and where it belongs; ``number`` is the case file's canonical number."""

    line: int
    name: str
    path: Path
    size: int
    number: str
    schlagwort: str = DEFAULT_SCHLAGWORT
    sub_file: str = DEFAULT_SUB_FILE
    received: date | None = None
    title: str = TITLE


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong in a line of the map; line 0: with the folder."""

    line: int
    problem: str

    def __str__(self) -> str:
        return f"Zeile {self.line}: {self.problem}" if self.line else self.problem


@dataclass(slots=True)
class Map:
    """The lines that are right, and all mistakes in the others."""

    rows: list[Row] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)


def read_map(path: Path, folder: Path, tools: Tools, *, not_meant: tuple[Path, ...] = ()) -> Map:
    """Read and check every line before anything is taken.

    ``not_meant`` are files of the folder that need no line (the map itself, a report).  Raises
    ``MapError`` where the file can't be read or has not the columns that it needs.
    """
    reading = _Reading(folder.resolve(), tools, _sub_files(tools))
    with tools.database.read() as session:
        for line, values in _lines(path):
            reading.take(session, line, values)
    reading.find_forgotten({path.resolve(), *(one.resolve() for one in not_meant)})
    reading.map.mistakes.sort(key=lambda one: (one.line == 0, one.line))
    return reading.map


def _sub_files(tools: Tools) -> frozenset[str]:
    known = {one.subfile for one in tools.schlagworte.values() if one.subfile is not None}
    return frozenset(known) | tools.policy.closed_subfiles


class _Reading:
    """Collects lines and mistakes."""

    def __init__(self, folder: Path, tools: Tools, sub_files: frozenset[str]) -> None:
        self.folder = folder
        self.tools = tools
        self.sub_files = sub_files
        self.titles = {one.title.casefold(): one for one in tools.schlagworte.values()}
        self.seen: dict[Path, int] = {}
        self.map = Map()

    def take(self, session: EakteSession, line: int, values: Mapping[str, str]) -> None:
        """Check one line; all that is wrong with it is told at once."""
        wrong: list[str] = []
        path = self._file(line, values["file"], wrong)
        number = self._number(session, values["aktenzeichen"], wrong)
        schlagwort = self._schlagwort(values.get("schlagwort", ""), wrong)
        sub_file = self._sub_file(values, schlagwort, wrong)
        received = _day(values.get("received", ""), wrong)
        self.map.mistakes += [Mistake(line, one) for one in wrong]
        if wrong or path is None or number is None:
            return
        self.map.rows.append(
            Row(
                line=line,
                name=values["file"],
                path=path,
                size=path.stat().st_size,
                number=number,
                schlagwort=schlagwort.id if schlagwort else DEFAULT_SCHLAGWORT,
                sub_file=sub_file,
                received=received,
                title=values.get("title") or TITLE,
            )
        )

    def find_forgotten(self, not_meant: set[Path]) -> None:
        """Files of the folder that no line names."""
        for root, folders, names in os.walk(self.folder):
            folders[:] = sorted(one for one in folders if not one.startswith("."))
            for name in sorted(one for one in names if not one.startswith(".")):
                path = Path(root, name)
                if path not in self.seen and path.resolve() not in not_meant:
                    shown = path.relative_to(self.folder)
                    self.map.mistakes.append(
                        Mistake(0, f"Die Datei {shown} steht in keiner Zeile.")
                    )

    def _file(self, line: int, name: str, wrong: list[str]) -> Path | None:
        if not name:
            wrong.append("Die Datei fehlt.")
            return None
        path = Path(os.path.normpath(self.folder / name))
        if not path.is_relative_to(self.folder) or not path.resolve().is_relative_to(self.folder):
            wrong.append(f"Die Datei {name} liegt nicht im Ordner.")
            return None
        first = self.seen.setdefault(path, line)
        if first != line:
            wrong.append(f"Die Datei {name} steht schon in Zeile {first}.")
        elif not path.is_file():
            wrong.append(f"Die Datei {name} gibt es nicht.")
        elif path.stat().st_size == 0:
            wrong.append(f"Die Datei {name} ist leer.")
        return path

    def _number(self, session: EakteSession, written: str, wrong: list[str]) -> str | None:
        key = self.tools.pattern.key(written)
        files = CaseFiles(session).by_number(STEP, key) if written else ()
        if len(files) != 1:
            problem = "ist nicht bekannt" if not files else "führt zu mehreren Akten"
            wrong.append(
                f"Das Aktenzeichen {written} {problem}." if written else "Das Aktenzeichen fehlt."
            )
            return None
        return key

    def _schlagwort(self, written: str, wrong: list[str]) -> Schlagwort | None:
        found = self.tools.schlagworte.get(written.casefold()) or self.titles.get(
            written.casefold()
        )
        if written and found is None:
            wrong.append(f"Das Schlagwort „{written}“ gibt es nicht.")
        return found

    def _sub_file(
        self, values: Mapping[str, str], schlagwort: Schlagwort | None, wrong: list[str]
    ) -> str:
        written = values.get("sub_file", "").casefold()
        if written and written not in self.sub_files:
            wrong.append(f"Die Teilakte „{written}“ gibt es nicht.")
        own = schlagwort.subfile if schlagwort is not None else None
        return written or own or DEFAULT_SUB_FILE


def _day(written: str, wrong: list[str]) -> date | None:
    if not written:
        return None
    for form in _DAYS:
        try:
            # A day of the desk, not an instant: it has no zone.
            return datetime.strptime(written, form).date()  # noqa: DTZ007
        except ValueError:
            continue
    wrong.append(f"„{written}“ ist kein Datum wie 31.12.2019.")
    return None


def _lines(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Lines as (number, values by our column names); empty ones are left out."""
    text = _text(path)
    delimiter = max(_DELIMITERS, key=text.partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    names = _columns(path, next(reader, []))
    for values in reader:
        if any(value.strip() for value in values):
            pairs = zip(names, (value.strip() for value in values), strict=False)
            yield reader.line_num, {"file": "", "aktenzeichen": ""} | dict(pairs)


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise MapError(
            f"Die Zuordnung {path} ist nicht lesbar: {error.strerror}.", remedy="Pfad prüfen."
        ) from error
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise MapError(
        f"Die Zuordnung {path} ist weder UTF-8 noch Windows-1252.",
        remedy="Die Tabelle als „CSV UTF-8“ speichern.",
    )


def _columns(path: Path, header: list[str]) -> list[str]:
    known = {alias: name for name, aliases in COLUMNS.items() for alias in aliases}
    written = [one.strip().casefold() for one in header]
    names = [known.get(one, "") for one in written]
    strange = [one for one, name in zip(header, names, strict=True) if not name and one.strip()]
    missing = [
        aliases[1] for name, aliases in COLUMNS.items() if name in _REQUIRED and name not in names
    ]
    twice = sorted({one for one in names if one and names.count(one) > 1})
    if strange or missing or twice:
        told = [
            *(f"die Spalte „{one}“ ist unbekannt" for one in strange),
            *(f"die Spalte „{one}“ fehlt" for one in missing),
            *(f"die Spalte „{COLUMNS[one][1]}“ steht zweimal da" for one in twice),
        ]
        raise MapError(
            f"In der Zuordnung {path}: {', '.join(told)}.",
            remedy="Die erste Zeile nennt die Spalten: Datei;Aktenzeichen;Teilakte;Schlagwort;"
            "Eingang;Titel (die letzten vier dürfen fehlen).",
        )
    return names
