"""Court mail: one directory a message, as the client of beBPo or eBO writes it.

A directory is complete when ``xjustiz_nachricht.xml`` stands in it and nothing changes any more.
Every Schriftgutobjekt becomes a source of one batch, in the court's order; the message itself, the
signature report and the receipts are kept beside them.  The directory is moved away only after all
of it is committed; after a crash the same keys find the same sources.
"""

from __future__ import annotations

import fnmatch
import hashlib
import os
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any

import structlog
from lxml import etree

from eakte.domain.arrivals import COURT_MAIL, Given
from eakte.domain.pages import Remark
from eakte.errors import EakteError, IntakeError
from eakte.intake.channels.xjustiz import (
    MAX_BYTES,
    MESSAGE,
    SCHLAGWORTE,
    TECHNICAL,
    CourtDocument,
    CourtMessage,
    read_message,
)
from eakte.intake.receive import Arrival, ScannerRun, receive
from eakte.intake.surroundings import is_passing
from eakte.language.aktenzeichen import AktenzeichenPattern
from eakte.ports import BlobStore
from eakte.repositories.database import Database
from scanner_inbox.custody import display_name
from scanner_inbox.settled import FileState, SettledRule, Settling, is_in_the_making, observe

log = structlog.get_logger(__name__)

BY = "court:xjustiz"
"""Who gave the Schlagwort of a document: the court's own class of it."""

NEVER_DOCUMENTS = (".xml", ".xsd", ".p7s", ".p7m", ".pkcs7", ".sig", ".ber", ".log", ".properties")
"""Endings of files that go with a message and are kept, but are no letters of themselves."""

SIGNED = (".p7m", ".pkcs7")
"""Endings of documents that lie within their signature (CMS); nothing here can unpack them."""

_SIGNED_CODE = "court_signed"
_SIGNED_REASON = (
    "Das Dokument liegt in einer Signaturhülle (CMS) und kann hier nicht gelesen werden. "
    "Bitte im Programm des Postfachs öffnen und das Dokument daraus hochladen."
)
_REFUSED_CODE = "court_directory"
_REFUSED_REASON = (
    "Das Verzeichnis „{name}“ der Gerichtspost konnte nicht übernommen werden und liegt noch im "
    "Ordner. Bitte die Systembetreuung rufen."
)

_DOUBTS = re.compile(
    r"\bungültig|\bunvollständig|\bunbekannt|\bfehlgeschlagen|\bnegativ|\bteilweise\b|"
    r"(?<!nicht )\b(?:abgelaufen|gesperrt|widerrufen)|\bnur \d+ von \d+|"
    r"\bnicht (?:\w+ )?(?:gültig|geprüft|prüfbar|erfolgreich|vertrauenswürdig|positiv)|"
    r"\bkeine?r? (?:\w+ )?(?:prüfung|signatur|positiv)"
)
"""Words (lower case) beside which no other word of a report makes a signature valid."""

_UNKNOWN, _VALID, _INVALID = "unknown", "valid", "invalid"


@dataclass(frozen=True, slots=True, kw_only=True)
class CourtMail:
    """The settings of the folder (``[court_mail]``)."""

    folder: Path
    done_folder: Path
    site: str | None = None
    poll_seconds: float = 5.0
    rule: SettledRule = field(default_factory=SettledRule)
    wait_seconds: float = 600.0
    report_names: tuple[str, ...] = ("*pruefprotokoll*",)
    report_valid: tuple[str, ...] = ("lieferten ein positives Ergebnis",)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Letter:
    """A file of the message that becomes a source, and what the court says about it."""

    path: Path
    order: int
    document: CourtDocument | None
    part_of: str = ""

    @property
    def refused(self) -> tuple[str, str] | None:
        """Why nobody here can read it, as code and sentence."""
        signed = self.path.name.lower().endswith(SIGNED)
        return (_SIGNED_CODE, _SIGNED_REASON) if signed else None


@dataclass(slots=True, kw_only=True)
class CourtMailChannel:
    """Takes complete directories until told to stop."""

    settings: CourtMail
    pattern: AktenzeichenPattern
    database: Database
    store: BlobStore
    begin: Callable[[str], None]
    clock: Callable[[], float] = time.monotonic
    _observed: Mapping[str, Settling] = field(default_factory=dict)
    _told: dict[str, str] = field(default_factory=dict)
    _refused: set[Path] = field(default_factory=set)

    def run(self, stop: threading.Event) -> None:
        """Look at the folder every few seconds."""
        while not stop.is_set():
            self.look()
            stop.wait(self.settings.poll_seconds)

    def look(self) -> tuple[Path, ...]:
        """One look; returns the directories that were taken."""
        now = self.clock()
        try:
            directories = sorted(
                Path(entry.path)
                for entry in os.scandir(self.settings.folder)
                if entry.is_dir(follow_symlinks=False) and not entry.name.startswith(".")
            )
        except OSError as error:
            self._tell(self.settings.folder, f"Der Ordner ist nicht erreichbar: {error.strerror}.")
            return ()
        seen = {path: _states(path) for path in directories}
        flat = {name: state for states in seen.values() for name, state in states.items()}
        self._observed = observe(self._observed, flat, now)
        return tuple(path for path, states in seen.items() if self._try(path, states, now))

    def _try(self, path: Path, states: Mapping[str, FileState], now: float) -> bool:
        if os.fspath(path / MESSAGE) not in states or path in self._refused:
            return False
        settling = [self._observed[name] for name in states]
        if not all(self.settings.rule.holds(one, now) for one in settling):
            return False
        quiet = now - max(one.since for one in settling)
        try:
            return self.take(path, patient=quiet < self.settings.wait_seconds)
        except (EakteError, OSError) as error:
            self._tell(path, str(error))
            return False
        except Exception as error:
            if is_passing(error):
                raise
            log.exception("court_mail.refused", directory=os.fspath(path))
            self._refuse(path)
            return False

    def _refuse(self, path: Path) -> None:
        """Into quarantine, to be seen there; the directory stays, and the next one is looked at.

        It is tried again after a restart.
        """
        self._refused.add(path)
        letter = _Letter(path=path / MESSAGE, order=1, document=None)
        reason = _REFUSED_REASON.format(name=display_name(path))
        signature = {"result": _UNKNOWN, "report": ""}
        self._receive(path, letter, None, (), [], signature, refused=(_REFUSED_CODE, reason))

    def take(self, path: Path, *, patient: bool = True) -> bool:
        """Take one complete directory; False where it waits for a file that the message names.

        What the store or the database raise passes through, and the directory stays.
        """
        files = {os.path.relpath(name, path): Path(name) for name in sorted(_states(path))}
        message, problem = _message(path / MESSAGE)
        letters, missing = _letters(message, files)
        if missing and patient:
            self._tell(path, f"Es fehlt {missing[0]}; darauf wird gewartet.")
            return False
        remarks = (*([problem] if problem else []), *map(_missing, missing))
        companions = [
            self._keep(name, file)
            for name, file in files.items()
            if file not in {letter.path for letter in letters}
        ]
        signature = self._signature(message, files)
        for letter in letters or [_Letter(path=path / MESSAGE, order=1, document=None)]:
            self._receive(path, letter, message, remarks, companions, signature)
        self._move(path)
        return True

    def _receive(  # noqa: PLR0917  one letter with what all of them share
        self,
        path: Path,
        letter: _Letter,
        message: CourtMessage | None,
        remarks: tuple[Remark, ...],
        companions: list[dict[str, str]],
        signature: dict[str, str],
        refused: tuple[str, str] | None = None,
    ) -> None:
        sha256 = self.store.put_file(letter.path)
        number = message.id if message else ""
        relative = os.path.relpath(letter.path, path)
        refused = refused or letter.refused
        parts = (COURT_MAIL, path.name, number, relative, str(letter.order), sha256)
        key = "\x1f".join((*parts, refused[0]) if refused else parts)
        today = self.database.clock.today()
        taken = receive(
            self.database,
            Arrival(
                key=hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest(),
                channel=COURT_MAIL,
                batch=display_name(path)[:200],
                name=display_name(letter.path),
                sha256=sha256,
                size=letter.path.stat().st_size,
                received=today,
                form=COURT_MAIL,
                given=self._given(letter, message, companions, signature),
                remarks=remarks,
                refused=refused,
                run=ScannerRun(profile=COURT_MAIL, site_id=self.settings.site),
            ),
        )
        if taken.state == "received":
            self.begin(taken.source_id)

    def _given(
        self,
        letter: _Letter,
        message: CourtMessage | None,
        companions: list[dict[str, str]],
        signature: dict[str, str],
    ) -> dict[str, Any]:
        """Our number and the parties are the court's claims: checked like those of any letter."""
        document = letter.document
        known = SCHLAGWORTE.get(document.document_class) if document else None
        claims: tuple[str, ...] = ()
        if message is not None:
            numbers = [one.value for one in self.pattern.find(message.own_number)]
            claims = (*message.people, *(f"Aktenzeichen {one}" for one in numbers))
        given = Given(
            schlagwort=known,
            schlagwort_else="gerichtspost",
            by=BY if known else "",
            one_letter=True,
            claims=claims,
        ).to_json()
        given["court"] = {
            "number": message.court_number if message else "",
            "own_number": message.own_number if message else "",
            "message": message.id if message else "",
            "document": document.id if document else "",
            "class": document.document_class if document else "",
            "title": document.title if document else "",
            "order": letter.order,
            "part_of": letter.part_of,
            "signature": signature,
        }
        given["files"] = companions
        return given

    # -- the pieces ----------------------------------------------------------------------------

    def _keep(self, name: str, path: Path) -> dict[str, str]:
        what = "message" if name == MESSAGE else "report" if self._is_report(name) else "companion"
        shown = os.fsencode(name).decode("utf-8", "replace")
        return {"name": shown, "sha256": self.store.put_file(path), "what": what}

    def _is_report(self, name: str) -> bool:
        last = os.path.basename(name).lower()  # noqa: PTH119  the name within the directory
        return any(fnmatch.fnmatch(last, one.lower()) for one in self.settings.report_names)

    def _signature(self, message: CourtMessage | None, files: Mapping[str, Path]) -> dict[str, str]:
        """What the signature report says: valid, invalid, or unknown where that is not plain.

        A file that the message names comes from the sender, who can't attest his own signature.
        """
        sent = (
            {name for document in message.documents for name in document.files} if message else ()
        )
        reports = [name for name in files if self._is_report(name) and name not in sent]
        if len(reports) != 1:
            return {"result": _UNKNOWN, "report": ""}
        (name,) = reports
        text = _plain(files[name])
        if text is None:
            return {"result": _UNKNOWN, "report": name}
        valid = any(words.lower() in text for words in map(_squeezed, self.settings.report_valid))
        if valid and _DOUBTS.search(text):
            return {"result": _UNKNOWN, "report": name}
        return {"result": _VALID if valid else _INVALID, "report": name}

    def _move(self, path: Path) -> None:
        """Out of the folder: everything in it is committed."""
        self.settings.done_folder.mkdir(parents=True, exist_ok=True)
        for number in range(1, 1000):
            name = path.name if number == 1 else f"{path.name}-{number}"
            target = self.settings.done_folder / name
            if not target.exists():
                path.rename(target)
                self._told.pop(os.fspath(path), None)
                return

    def _tell(self, path: Path, sentence: str) -> None:
        """Once for every state of things, not at every look."""
        if self._told.get(os.fspath(path)) != sentence:
            self._told[os.fspath(path)] = sentence
            log.warning("court_mail.left", directory=os.fspath(path), reason=sentence)


def _states(directory: Path) -> dict[str, FileState]:
    """Every file of the directory, folders within it included; links are not followed."""
    found: dict[str, FileState] = {}
    for folder, _, names in os.walk(directory):
        for name in names:
            path = os.path.join(folder, name)  # noqa: PTH118  names need not be UTF-8
            try:
                status = os.lstat(path)
            except OSError:
                continue
            if not is_in_the_making(name) and not os.path.islink(path):  # noqa: PTH114
                found[path] = FileState(
                    size=status.st_size, mtime_ns=status.st_mtime_ns, inode=status.st_ino
                )
    return found


def _message(path: Path) -> tuple[CourtMessage | None, Remark | None]:
    if path.stat().st_size > MAX_BYTES:
        return None, Remark(code="court_message", message=f"{MESSAGE} ist zu groß.")
    try:
        return read_message(path.read_bytes()), None
    except IntakeError as error:
        return None, Remark(code=error.reason, message=error.message)
    except (ValueError, RecursionError, etree.LxmlError):
        log.exception("court_mail.message_unreadable", path=os.fspath(path))
        return None, Remark(code="court_message", message=f"{MESSAGE} ist nicht lesbar.")


def _letters(
    message: CourtMessage | None, files: Mapping[str, Path]
) -> tuple[list[_Letter], list[str]]:
    """The files that become sources in the court's order, and the names that are not there.

    Attachments that the message does not name come last; without a message all of them do.
    """
    letters: list[_Letter] = []
    missing: list[str] = []
    named: set[str] = set()
    for document in message.documents if message else ():
        for part, name in enumerate(document.files):
            if name in named:
                continue
            named.add(name)
            if name not in files:
                missing.append(name)
            elif _is_letter_of(document, name):
                part_of = document.id if part else ""
                letters.append(
                    _Letter(
                        path=files[name], order=document.order, document=document, part_of=part_of
                    )
                )
    last = max((letter.order for letter in letters), default=0)
    rest = [
        name
        for name in files
        if name not in named
        and "." in name
        and (_is_letter(name) or (message is None and name.lower().endswith(SIGNED)))
    ]
    for place, name in enumerate(rest, start=1):
        if not fnmatch.fnmatch(name.lower(), "*.htm*") and not fnmatch.fnmatch(
            name.lower(), "*.txt"
        ):
            letters.append(_Letter(path=files[name], order=last + place, document=None))
    return letters, missing


def _is_letter_of(document: CourtDocument, name: str) -> bool:
    """What the court calls the document itself is never only kept beside the others.

    But for technical data for machines.
    """
    if name in document.originals and name != MESSAGE:
        return document.document_class != TECHNICAL or _is_letter(name)
    return document.document_class != TECHNICAL and _is_letter(name)


def _is_letter(name: str) -> bool:
    return name != MESSAGE and not name.lower().endswith(NEVER_DOCUMENTS)


def _missing(name: str) -> Remark:
    return Remark(
        code="court_file_missing", message=f"Die Nachricht nennt „{name}“; die Datei fehlt."
    )


def _plain(path: Path) -> str | None:
    """The words of a report that is text, lower case; None for anything else."""
    if (
        path.suffix.lower() not in {".xml", ".html", ".htm", ".txt"}
        or path.stat().st_size > 5_000_000
    ):
        return None
    text = path.read_bytes().decode("utf-8", "replace")
    return _squeezed(unescape(re.sub(r"<[^>]*>", " ", text)))


def _squeezed(text: str) -> str:
    return " ".join(text.split()).lower()
