"""Handing a document in by hand or by programme: upload, notice of the Fachverfahren, note.

Every way stores the bytes and calls ``receive``, which bootstrap hands over; nothing is read or
parsed here.  What is given with a document is checked first: where a file number or a Schlagwort is
unknown, nothing is kept.
"""

from __future__ import annotations

import hashlib
import html
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import IO, Any
from zoneinfo import ZoneInfo

from eakte.domain.arrivals import (
    INTERFACE,
    NOTE,
    ONLINE,
    UPLOAD,
    Arrival,
    Given,
    Received,
)
from eakte.domain.ids import new_id
from eakte.domain.rights import Reader, system_reader
from eakte.domain.schlagworte import Schlagwort
from eakte.errors import Conflict, NotFound, NotPermitted, Unusable
from eakte.language.aktenzeichen import AktenzeichenPattern
from eakte.models import CaseFile, Source
from eakte.ports import BlobStore
from eakte.repositories.audit import AuditLog
from eakte.repositories.case_files import CaseFiles
from eakte.repositories.database import Database, EakteSession
from eakte.repositories.documents import Documents
from eakte.repositories.sources import Sources
from eakte.services.by_number import by_number
from eakte.services.describing import number_of
from eakte.services.refusals import DOCUMENT_GONE
from eakte.services.tokens import CREATE_DOCUMENTS, TokenHolder

HANDED_IN = frozenset({UPLOAD, INTERFACE, NOTE, ONLINE})
"""Channels whose sources wait for a worker to pick them up: the web process runs no pipeline."""

MAY_UPLOAD = ("caseworker", "team_lead", "legal", "scan")
NAME_LENGTH = 200
_PLACE = system_reader("handing-in")
_BERLIN = ZoneInfo("Europe/Berlin")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What comes with a document; empty where nobody said.

    ``received`` is the day of receipt where it is not today; ``reference`` the sender's own name
    of the document; ``deliver`` asks for a postbox although number and Schlagwort are given;
    ``applicant`` makes it an online application: its data are claims (ADR 0087).
    """

    aktenzeichen: str = ""
    schlagwort: str = ""
    received: date | None = None
    reference: str = ""
    deliver: bool = False
    applicant: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedIn:
    """What was taken: the source's id, the hash of the bytes, the day of receipt."""

    id: str
    sha256: str
    received: date
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedInDocument:
    """A document made of it; ``schlagwort`` and ``aktenzeichen`` only for those who may open it."""

    id: str
    state: str
    schlagwort: str | None
    aktenzeichen: str | None
    openable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far it is: ``state`` waiting, quarantined, or that of its first finished document.

    An archive is ``unfolded`` once each of its files (``members``, in their order) got as far as it
    goes; its ``documents`` are theirs.
    """

    id: str
    name: str
    state: str
    received: date
    reason: str | None
    documents: tuple[HandedInDocument, ...]
    members: tuple[Progress, ...] = ()


@dataclass(frozen=True, slots=True)
class HandingIn:
    """Takes what people and programmes send."""

    database: Database
    store: BlobStore
    schlagworte: Mapping[str, Schlagwort]
    pattern: AktenzeichenPattern
    receive: Callable[[Arrival], Received]

    # -- people -----------------------------------------------------------------------------

    def upload(
        self,
        reader: Reader,
        file: IO[bytes],
        name: str,
        facts: Facts | None = None,
        *,
        at_once: bool = False,
    ) -> HandedIn:
        """A file from the desk; ``at_once``: zu den Akten, to no postbox.

        Raises ``NotPermitted`` for roles without post, ``Unusable`` for an empty file or facts
        that name nothing, also where the file is not open to the reader.
        """
        self._may_hand_in(reader)
        given = self._given(reader, facts or Facts(), reader.login, filed=at_once)
        return self._hand_over(
            file, name, given, channel=UPLOAD, key=new_id(), batch=reader.login, sent_by=reader
        )

    def note(
        self, reader: Reader, aktenzeichen: str, schlagwort: str, text: str, *, title: str = ""
    ) -> HandedIn:
        """A note (Vermerk, Telefonnotiz) of ``reader`` into a file, zu den Akten at once.

        ``title`` is its heading where it is not that of the Schlagwort.
        Raises ``Unusable`` for an empty text, an unknown file or a Schlagwort for incoming post.
        """
        self._may_hand_in(reader)
        if not text.strip():
            raise Unusable("Der Vermerk ist leer.", remedy="Einen Text eingeben.")
        known = self.schlagworte.get(schlagwort)
        if known is not None and known.incoming:
            raise Unusable(
                f"„{known.title}“ ist ein Schlagwort für eingehende Post, nicht für Vermerke.",
                remedy="Zum Beispiel vermerk oder telefonnotiz wählen.",
            )
        facts = Facts(aktenzeichen=aktenzeichen, schlagwort=schlagwort)
        given = self._given(reader, facts, reader.login, filed=True)
        at = self.database.clock.now().astimezone(_BERLIN)
        title = title or (known.title if known else schlagwort)
        page = _note_page(title, given.aktenzeichen or "", reader.name or reader.login, at, text)
        with tempfile.TemporaryFile() as file:
            file.write(page.encode())
            return self._hand_over(
                file,
                f"{schlagwort}-{at:%Y-%m-%d-%H%M}.html",
                given,
                channel=NOTE,
                key=new_id(),
                batch=reader.login,
                sent_by=reader,
            )

    def progress(self, reader: Reader, ids: Iterable[str]) -> tuple[Progress, ...]:
        """How far the sources are that ``reader`` handed in; others are left out."""
        with self.database.read() as session:
            rows = [Sources(session).sent_by(reader, source_id, reader.login) for source_id in ids]
            return tuple(_progress(session, reader, row) for row in rows if row is not None)

    # -- programmes -------------------------------------------------------------------------

    def notice(
        self,
        reader: Reader,
        token: TokenHolder,
        key: str,
        file: IO[bytes],
        *,
        name: str,
        facts: Facts,
    ) -> HandedIn:
        """A document from a programme; the same ``key`` again answers the same.

        With file number and Schlagwort it is filed at once.  Raises ``NotPermitted`` without the
        scope, ``Unusable`` for facts that name nothing, ``Conflict`` for a key that was used for
        other bytes or facts.
        """
        if CREATE_DOCUMENTS not in token.scopes:
            raise NotPermitted("Dieser Zugangsschlüssel darf keine Dokumente einreichen.")
        arrival_key = _key("api", token.id, key)
        filed = bool(facts.aktenzeichen and facts.schlagwort and not facts.deliver)
        given = self._given(
            _PLACE, facts, token.by, filed=filed and not facts.applicant, claims=True
        )
        sha256 = _sha256(file)
        with self.database.read() as session:
            self._same_as_before(session, arrival_key, sha256, given, facts)
        self._hand_over(
            file,
            name,
            given,
            channel=ONLINE if facts.applicant else INTERFACE,
            key=arrival_key,
            batch=token.name,
            sent_by=reader,
            token=token,
            facts=facts,
        )
        with self.database.read() as session:  # two at once: only one of them was kept
            row = self._same_as_before(session, arrival_key, sha256, given, facts)
        if row is None:
            raise NotFound(DOCUMENT_GONE)
        return HandedIn(id=row.id, sha256=row.sha256, received=row.received_here, name=row.name)

    def notice_progress(self, reader: Reader, token: TokenHolder, source_id: str) -> Progress:
        """How far a document is that this token sent; raises ``NotFound`` for all others."""
        with self.database.read() as session:
            row = Sources(session).sent_by(reader, source_id, token.by)
            if row is not None:
                return _progress(session, reader, row)
        with self.database.write() as session:
            AuditLog(session).note(reader, "source.refused", "source", "unknown")
        raise NotFound(DOCUMENT_GONE)

    # -- the pieces -------------------------------------------------------------------------

    @staticmethod
    def _may_hand_in(reader: Reader) -> None:
        if not reader.has_role(*MAY_UPLOAD):
            raise NotPermitted("Hochladen ist für Ihre Rolle nicht vorgesehen.")

    def _given(
        self, reader: Reader, facts: Facts, by: str, *, filed: bool, claims: bool = False
    ) -> Given:
        """The facts, checked against catalogue and register; raises ``Unusable``."""
        schlagwort = facts.schlagwort.strip()
        if schlagwort and schlagwort not in self.schlagworte:
            raise Unusable(
                f"Das Schlagwort „{schlagwort}“ gibt es nicht.", remedy="Das Schlagwort prüfen."
            )
        today = self.database.clock.today()
        if facts.received is not None and facts.received > today:
            raise Unusable(
                f"Der Eingang am {facts.received:%d.%m.%Y} liegt in der Zukunft.",
                remedy="Den Tag prüfen.",
            )
        if facts.applicant and claims:
            return Given(
                schlagwort=schlagwort or None,
                by=by,
                claims=claims_of(facts.aktenzeichen, facts.applicant),
                applicant=facts.applicant,
            )
        cover = self._cover(reader, facts.aktenzeichen) if facts.aktenzeichen.strip() else None
        if filed:
            self._check_can_be_filed(reader, schlagwort, cover)
        return Given(
            aktenzeichen=cover.aktenzeichen if cover else None,
            schlagwort=schlagwort or None,
            by=by if cover or schlagwort else "",
            filed=filed,
        )

    def _cover(self, reader: Reader, aktenzeichen: str) -> CaseFile:
        """The file; the scan centre and programmes know every number, nobody else does.

        Nor they where the file excludes them. Who names one that is closed to them leaves a trace.
        """
        who = _PLACE if reader.at_clearing_desk else reader
        with self.database.read() as session:
            known = by_number(session, _PLACE, self.pattern, aktenzeichen)
            found = by_number(session, who, self.pattern, aktenzeichen)
            if found and CaseFiles(session).excludes(reader, found.id):
                found = None
        if found is None:
            if not reader.is_system:
                with self.database.write() as session:
                    AuditLog(session).note(
                        reader, "case_file.refused", "case_file", known.id if known else "unknown"
                    )
            raise Unusable(
                f"Eine Akte „{aktenzeichen.strip()}“ gibt es nicht.",
                remedy="Das Aktenzeichen prüfen.",
            )
        return found

    def _check_can_be_filed(self, reader: Reader, schlagwort: str, cover: CaseFile | None) -> None:
        if cover is None or not schlagwort:
            raise Unusable(
                "Zu den Akten geht nur, was Aktenzeichen und Schlagwort hat.",
                remedy="Beides angeben oder zustellen lassen.",
            )
        known = self.schlagworte[schlagwort]
        if known.subfile is None:
            raise Unusable(
                f"„{known.title}“ kommt in keine Akte.",
                remedy="Ohne Aktenzeichen einreichen; dann wird es zugestellt.",
            )
        if cover.protected and not self._is_open(reader, cover):
            raise Unusable(
                "In diese Akte nimmt nur zu den Akten, wer für sie zuständig ist.",
                remedy="Zustellen lassen.",
            )

    def _is_open(self, reader: Reader, cover: CaseFile) -> bool:
        with self.database.read() as session:
            return CaseFiles(session).get(reader, cover.id) is not None

    def _hand_over(
        self,
        file: IO[bytes],
        name: str,
        given: Given,
        *,
        channel: str,
        key: str,
        batch: str,
        sent_by: Reader,
        token: TokenHolder | None = None,
        facts: Facts | None = None,
    ) -> HandedIn:
        """Store the bytes as they lie on disk, have the row committed."""
        sha256, size = _store(self.store, file)
        if size == 0:
            raise Unusable(f"Die Datei „{shown(name)}“ ist leer.", remedy="Bitte die Datei prüfen.")
        today = self.database.clock.today()
        received = facts.received if facts and facts.received else today
        extra: dict[str, Any] = {"sent_by": token.by if token else sent_by.login}
        if facts is not None and facts.reference:
            extra["reference"] = facts.reference
        taken = self.receive(
            Arrival(
                key=key if len(key) == 64 else _key(channel, key),
                channel=channel,
                batch=f"{batch} {today.isoformat()}",
                name=shown(name),
                sha256=sha256,
                size=size,
                received=received,
                form=channel,
                given={**given.to_json(), **extra},
            )
        )
        return HandedIn(id=taken.source_id, sha256=sha256, received=received, name=shown(name))

    @staticmethod
    def _same_as_before(
        session: EakteSession, key: str, sha256: str, given: Given, facts: Facts
    ) -> Source | None:
        """What the key stands for; raises ``Conflict`` where that is something else."""
        before = Sources(session).by_arrival(_PLACE, key)
        if before is None:
            return None
        told = {
            name: value
            for name, value in before.given.items()
            if name not in {"sent_by", "reference"}
        }
        same_day = facts.received is None or facts.received == before.received_here
        if before.sha256 != sha256 or told != given.to_json() or not same_day:
            raise Conflict(
                "Dieser Idempotency-Key wurde schon für ein anderes Dokument benutzt.",
                remedy="Für jedes Dokument einen neuen Schlüssel wählen.",
            )
        return before


def claims_of(aktenzeichen: str, applicant: Mapping[str, str]) -> tuple[str, ...]:
    """What an applicant says about himself, as lines that the match reads like a letter's."""
    name = f"{applicant.get('first_name', '')} {applicant.get('last_name', '')}".strip()
    born = applicant.get("birth_date", "")
    if born:
        try:
            born = date.fromisoformat(born).strftime("%d.%m.%Y")
        except ValueError:
            born = ""
    street = applicant.get("street", "")
    city = f"{applicant.get('postcode', '')} {applicant.get('city', '')}".strip()
    return tuple(
        line
        for line in (
            name,
            f"geboren am {born}" if born else "",
            street,
            city,
            f"Aktenzeichen {aktenzeichen.strip()}" if aktenzeichen.strip() else "",
        )
        if line
    )


def shown(name: str) -> str:
    """A file name fit to store and show: no folders, no control signs, not too long."""
    last = name.replace("\\", "/").rpartition("/")[2]
    clean = "".join(sign if sign.isprintable() else " " for sign in last).strip()
    if len(clean) > NAME_LENGTH:
        stem, dot, ending = clean.rpartition(".")
        keep = f"{dot}{ending}" if dot and len(ending) <= 10 else ""
        clean = (stem if keep else clean)[: NAME_LENGTH - len(keep)] + keep
    return clean or "ohne Namen"


def _note_page(title: str, number: str, author: str, at: Any, text: str) -> str:  # noqa: ANN401
    """The note as a page of its own: who wrote it, when, to which file."""
    lines = "".join(f"<p>{html.escape(line)}</p>\n" for line in text.strip().splitlines())
    return (
        '<!doctype html>\n<html lang="de"><head><meta charset="utf-8">'
        f"<title>{html.escape(title)}</title></head><body>\n<h1>{html.escape(title)}</h1>\n"
        f"<p>Aktenzeichen {html.escape(number)}</p>\n"
        f"<p>{html.escape(author)}, {at:%d.%m.%Y, %H:%M} Uhr</p>\n{lines}</body></html>\n"
    )


def _progress(session: EakteSession, reader: Reader, row: Source) -> Progress:
    if row.state == "unfolded":
        members = tuple(
            _progress(session, reader, one) for one in Sources(session).members(_PLACE, row.id)
        )
        return Progress(
            id=row.id,
            name=row.name,
            state="waiting" if any(one.state == "waiting" for one in members) else "unfolded",
            received=row.received_here,
            reason=None,
            documents=tuple(document for one in members for document in one.documents),
            members=members,
        )
    documents = Documents(session)
    found = documents.of_source(_PLACE, row.id)
    openable = documents.many(reader, [one.id for one in found])
    filings = documents.filings(reader, openable)
    views = tuple(
        HandedInDocument(
            id=one.id,
            state=one.state if one.state in {"delivered", "clearing", "filed"} else "waiting",
            schlagwort=one.schlagwort if one.id in openable else None,
            aktenzeichen=number_of(filings[one.id]),
            openable=one.id in openable,
        )
        for one in found
    )
    state = "waiting"
    if row.state in {"quarantined", "duplicate", "unopened"}:
        state = row.state
    elif views:
        state = views[0].state
    return Progress(
        id=row.id,
        name=row.name,
        state=state,
        received=row.received_here,
        reason=row.reason if row.state == "quarantined" else None,
        documents=views,
    )


def _store(store: BlobStore, file: IO[bytes]) -> tuple[str, int]:
    """Hash and size of what was stored; a file that lies on disk is copied from there."""
    rollover = getattr(file, "rollover", None)
    if rollover is not None:
        rollover()  # a spooled upload: what is still in memory goes to disk as well
    file.flush()
    size = file.seek(0, 2)
    file.seek(0)
    return store.put_file(Path(f"/proc/self/fd/{file.fileno()}")), size


def _sha256(file: IO[bytes]) -> str:
    file.seek(0)
    digest = hashlib.sha256()
    while chunk := file.read(1 << 20):
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def _key(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
