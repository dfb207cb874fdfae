"""IMAP mailboxes: a message with all its attachments is one source, its bytes as they were sent.

A message leaves its folder only after its row is committed.  Its key is made of the mailbox, the
folder's UIDVALIDITY, its UID and its bytes, so that a crash in between takes nothing twice.  The
day of receipt is that of the server's arrival (INTERNALDATE), never the ``Date`` header, which the
sender writes.
"""

from __future__ import annotations

import hashlib
import imaplib
import re
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email import policy
from email.parser import BytesHeaderParser
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog
from imap_tools import (
    BaseMailBox,
    ImapToolsError,
    MailBox,
    MailboxLoginError,
    MailBoxStartTls,
    MailBoxUnencrypted,
)

from eakte.domain.arrivals import MAIL
from eakte.errors import EakteError, Unavailable
from eakte.intake.receive import Arrival, Received, ScannerRun, receive
from eakte.ports import BlobStore
from eakte.repositories.database import Database

log = structlog.get_logger(__name__)

BERLIN = ZoneInfo("Europe/Berlin")
CONNECT_SECONDS = 30.0
FIRST_PAUSE, LONGEST_PAUSE = 2.0, 300.0
REFUSED_PAUSE = 300.0
"""After a wrong password: asking often would lock the account."""

_IDLE_SLICE = 1.0
"""How long one wait for news lasts before the stop is looked at again."""
_IDLE_AGAIN = 600.0
"""Seconds after which IDLE is begun anew (RFC 2177: before 29 minutes are over)."""
_INTERNALDATE = re.compile(rb'INTERNALDATE "([^"]+)"')
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_NOBODY = "Sein Zertifikat ist von keiner bekannten Stelle ausgestellt"
_WRONG_NAME = "Sein Zertifikat gilt für einen anderen Namen"
_CERTIFICATE = {
    9: "Sein Zertifikat gilt noch nicht",
    10: "Sein Zertifikat ist abgelaufen",
    62: _WRONG_NAME,
    64: _WRONG_NAME,
}
"""What OpenSSL's verify codes mean (X509_V_ERR_*); any other: nobody known vouches for it."""
_TROUBLE = (OSError, imaplib.IMAP4.error, ImapToolsError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """One mailbox; ``tls`` is tls, starttls or none."""

    id: str
    host: str
    port: int
    login: str
    tls: str = "tls"
    ca_file: Path | None = None
    folder: str = "INBOX"
    done_folder: str = "Verarbeitet"
    site: str | None = None
    max_bytes: int = 100_000_000
    wait_seconds: float = 60.0


class Refused(EakteError):
    """The server knows neither login nor password; asking again changes nothing for now."""

    code = "mailbox_refused"


class Untrusted(EakteError):
    """The server's certificate proves nothing; neither login nor password were said to it."""

    code = "mailbox_untrusted"
    retryable = True


@dataclass(slots=True, kw_only=True)
class MailboxChannel:
    """Takes the messages of one mailbox until told to stop; trouble here stops nobody else."""

    mailbox: Mailbox
    password: Callable[[], str]
    database: Database
    store: BlobStore
    begin: Callable[[str], None]
    taken: int = 0
    _told: str = ""
    _too_large: set[str] = field(default_factory=set)

    def run(self, stop: threading.Event) -> None:
        """Connect, take all, wait for news; after trouble once more, with growing pauses."""
        pause = FIRST_PAUSE
        while not stop.is_set():
            before = self.taken
            try:
                with self._connected() as box:
                    self._all_well()
                    pause = FIRST_PAUSE
                    self._stay(box, stop)
            except EakteError as error:
                self._tell(str(error))
                pause = REFUSED_PAUSE if isinstance(error, Refused) else pause
            except _TROUBLE as error:
                self._tell(str(self._away(error)))
            if not stop.is_set():
                stop.wait(pause)
                pause = FIRST_PAUSE if self.taken > before else min(pause * 2, LONGEST_PAUSE)

    def take_all(self) -> int:
        """Connect, take what lies there, and end; returns how many messages were taken.

        Raises ``Refused`` for a wrong password, ``Untrusted`` for a certificate that nobody
        vouches for, ``Unavailable`` for a server that is away.
        """
        before = self.taken
        try:
            with self._connected() as box:
                self._take_waiting(box, threading.Event())
        except _TROUBLE as error:
            raise self._away(error) from error
        return self.taken - before

    # -- the connection ------------------------------------------------------------------------

    @contextmanager
    def _connected(self) -> Iterator[BaseMailBox]:
        box = self._open()
        try:
            try:
                box.login_utf8(self.mailbox.login, self.password(), initial_folder=None)
            except (MailboxLoginError, imaplib.IMAP4.error) as error:
                if isinstance(error, imaplib.IMAP4.abort):
                    raise
                raise self._refused() from error
            if not box.folder.exists(self.mailbox.done_folder):
                box.folder.create(self.mailbox.done_folder)
            box.folder.set(self.mailbox.folder)
            yield box
        finally:
            with suppress(*_TROUBLE):
                box.logout()
            with suppress(*_TROUBLE):
                box.client.shutdown()

    def _open(self) -> BaseMailBox:
        mailbox = self.mailbox
        if mailbox.tls == "none":
            return MailBoxUnencrypted(mailbox.host, mailbox.port, timeout=CONNECT_SECONDS)
        context = self._trust()
        kind = MailBox if mailbox.tls == "tls" else MailBoxStartTls
        try:
            return kind(mailbox.host, mailbox.port, timeout=CONNECT_SECONDS, ssl_context=context)
        except ssl.SSLCertVerificationError as error:
            raise self._untrusted(_CERTIFICATE.get(error.verify_code, _NOBODY)) from error

    def _trust(self) -> ssl.SSLContext:
        """Who may vouch for the server, under the very name that the settings give it."""
        file = self.mailbox.ca_file
        try:
            return ssl.create_default_context(cafile=str(file) if file else None)
        except OSError as error:
            raise self._untrusted(f"{file} enthält kein lesbares Zertifikat") from error

    def _stay(self, box: BaseMailBox, stop: threading.Event) -> None:
        """Take what lies there, wait for more; returns when told to stop."""
        can_tell = "IDLE" in box.client.capabilities
        while not stop.is_set():
            self._take_waiting(box, stop)
            if can_tell:
                self._idle(box, stop)
            else:
                stop.wait(self.mailbox.wait_seconds)

    @staticmethod
    def _idle(box: BaseMailBox, stop: threading.Event) -> None:
        """Until the server tells of a change, ``stop`` is set, or it is time to say IDLE again."""
        with box.idle as idle:
            waited = 0.0
            while not stop.is_set() and waited < _IDLE_AGAIN:
                if idle.poll(timeout=_IDLE_SLICE):
                    return
                waited += _IDLE_SLICE

    # -- the messages --------------------------------------------------------------------------

    def _take_waiting(self, box: BaseMailBox, stop: threading.Event) -> None:
        """Every message of the folder, oldest first; each leaves it by itself."""
        validity = _validity(box)
        for uid in box.uids("ALL"):
            if stop.is_set():
                return
            name = f"{validity}.{uid}"
            if name in self._too_large:
                continue
            self._take(box, uid, validity)

    def _take(self, box: BaseMailBox, uid: str, validity: str) -> None:
        size, arrived = _measures(box, uid)
        if size is None:
            return  # somebody else took it out of the folder meanwhile
        if size > self.mailbox.max_bytes:
            self._leave_too_large(box, uid, validity, size)
            return
        content = _content(box, uid)
        if content is None:
            return
        taken = self._receive(content, uid, validity, arrived)
        if taken.state == "received":
            self.begin(taken.source_id)
        # Committed: now, and only now, the message may leave the folder.
        box.move([uid], self.mailbox.done_folder)
        self.taken += 1

    def _receive(self, content: bytes, uid: str, validity: str, arrived: datetime) -> Received:
        sha256 = self.store.put(content)
        key = "\x1f".join(("mail", self.mailbox.id, self.mailbox.folder, validity, uid, sha256))
        day = self._day(arrived)
        return receive(
            self.database,
            Arrival(
                key=hashlib.sha256(key.encode()).hexdigest(),
                channel=MAIL,
                batch=f"{self.mailbox.id} {day.isoformat()}",
                name=subject_name(content),
                sha256=sha256,
                size=len(content),
                received=day,
                form=MAIL,
                given={"one_letter": True, "mailbox": self.mailbox.id, "uid": uid},
                run=ScannerRun(profile=self.mailbox.id, site_id=self.mailbox.site),
            ),
        )

    def _day(self, arrived: datetime) -> date:
        """The server's day of arrival; a server whose clock is ahead does not make it tomorrow."""
        now = self.database.clock.now()
        return min(arrived, now).astimezone(BERLIN).date()

    def _leave_too_large(self, box: BaseMailBox, uid: str, validity: str, size: int) -> None:
        self._too_large.add(f"{validity}.{uid}")
        box.client.uid("STORE", uid, "+FLAGS", r"(\Flagged)")
        log.warning(
            "mailbox.left",
            mailbox=self.mailbox.id,
            reason=f"Eine Nachricht von {size // 1_000_000} MB ist größer als erlaubt; sie bleibt "
            "markiert im Postfach.",
            remedy="Sie von Hand einreichen oder mailboxes.max_megabytes erhöhen.",
        )

    # -- what went wrong -----------------------------------------------------------------------

    def _refused(self) -> Refused:
        return Refused(
            f"Das Postfach „{self.mailbox.id}“ lehnt die Anmeldung als „{self.mailbox.login}“ ab.",
            remedy="Login und Kennwort prüfen; der nächste Versuch folgt in fünf Minuten.",
        )

    def _untrusted(self, why: str) -> Untrusted:
        return Untrusted(
            f"Dem Mailserver {self.mailbox.host} des Postfachs „{self.mailbox.id}“ wird nicht "
            f"vertraut: {why}.",
            remedy="Die Post bleibt dort liegen; host prüfen oder das Zertifikat der eigenen "
            "Stelle unter ca_file nennen.",
        )

    def _away(self, error: Exception) -> Unavailable:
        return Unavailable(
            f"Das Postfach „{self.mailbox.id}“ auf {self.mailbox.host} ist nicht erreichbar: "
            f"{str(error)[:200]}.",
            remedy="Die Post bleibt dort liegen; der Versuch wird wiederholt.",
        )

    def _tell(self, sentence: str) -> None:
        """Once, not at every attempt."""
        if sentence != self._told:
            log.warning("mailbox.failed", mailbox=self.mailbox.id, reason=sentence)
            self._told = sentence

    def _all_well(self) -> None:
        if self._told:
            log.warning("mailbox.back", mailbox=self.mailbox.id)
            self._told = ""


def subject_name(content: bytes) -> str:
    """The subject as a file name; header values may be anything."""
    head = BytesHeaderParser(policy=policy.default).parsebytes(content[:200_000])
    try:
        subject = str(head.get("Subject", ""))
    except (ValueError, LookupError, IndexError, AttributeError):  # the parser's own weaknesses
        subject = ""
    plain = "".join(sign if sign.isprintable() and sign not in "/\\" else " " for sign in subject)
    return f"{' '.join(plain.split())[:150] or 'ohne Betreff'}.eml"


def _validity(box: BaseMailBox) -> str:
    found = box.client.response("UIDVALIDITY")[1]
    return found[0].decode("ascii") if found and found[0] else "0"


def _measures(box: BaseMailBox, uid: str) -> tuple[int | None, datetime]:
    """Size and arrival of a message; size None where it is gone."""
    kind, parts = box.client.uid("FETCH", uid, "(UID RFC822.SIZE INTERNALDATE)")
    line = b" ".join(part if isinstance(part, bytes) else part[0] for part in parts if part)
    size, arrived = _SIZE.search(line), _INTERNALDATE.search(line)
    if kind != "OK" or size is None or arrived is None:
        return None, datetime.now(UTC)
    return int(size[1]), internal_date(arrived[1].decode("ascii"))


def _content(box: BaseMailBox, uid: str) -> bytes | None:
    """The whole message as it was sent; looking at it does not mark it as seen."""
    _, parts = box.client.uid("FETCH", uid, "(BODY.PEEK[])")
    for part in parts:
        if isinstance(part, tuple):
            return bytes(part[1])
    return None


_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def internal_date(text: str) -> datetime:
    """An INTERNALDATE (RFC 3501, date-time) as an instant: `` 1-Nov-2026 23:30:00 +0100``."""
    day, clock, zone = text.strip().split(" ")
    number, month, year = day.split("-")
    hours, minutes, seconds = (int(part) for part in clock.split(":"))
    offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[3:5]))
    at = datetime(
        int(year),
        _MONTHS.index(month.title()) + 1,
        int(number),
        hours,
        minutes,
        min(seconds, 59),
        tzinfo=UTC,
    )
    return at + offset if zone.startswith("-") else at - offset
