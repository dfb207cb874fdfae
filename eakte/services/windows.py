"""The file follows: who shows what the Fachverfahren, a programme or the postbox calls up.

A call goes to one window: of those that are open and follow, one of the sign-in session that
called, else of the session that was used last.  A call from outside that finds none waits some
minutes for the next window to open; a pinned window is told, keeps its file and offers to open
it.  Whoever calls with a number learns nothing from the answer; what is shown is asked for again,
as the one who looks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from eakte.domain.ids import new_id
from eakte.domain.rights import AccessPolicy, Reader
from eakte.errors import NotPermitted
from eakte.language.aktenzeichen import AktenzeichenPattern
from eakte.models import CaseFile, FileWindow, WaitingCall
from eakte.repositories.audit import AuditLog
from eakte.repositories.case_files import CaseFiles as CaseFileRows
from eakte.repositories.database import Database, EakteSession
from eakte.repositories.documents import Documents as DocumentRows
from eakte.repositories.organisation import Organisation
from eakte.repositories.windows import FileWindows
from eakte.services.by_number import noted_by_number
from eakte.services.refusals import attempts_noted, open_document
from eakte.services.tokens import OPEN_WINDOWS, TokenHolder

ALIVE = timedelta(seconds=75)
"""A window that was not seen for so long is closed."""
LEAVING = timedelta(seconds=3)
"""A window that goes to another page is back within this."""
WAITS = timedelta(minutes=10)
"""How long a call waits for a window, and what was typed is kept."""
FORGOTTEN = timedelta(days=1)
TYPED = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What a window is asked to show; ``aktenzeichen`` None: no file that is open to the reader."""

    seq: int
    aktenzeichen: str | None
    document_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinedWindow:
    """A window that is known now, and the call it has not shown yet."""

    id: str
    seq: int
    call: Call | None


@dataclass(frozen=True, slots=True)
class Windows:
    """File windows of the reader, and calls of others on a reader's behalf."""

    database: Database
    pattern: AktenzeichenPattern
    policy: AccessPolicy

    # -- the window's own life --------------------------------------------------------------

    def join(
        self, reader: Reader, session_sha256: str, window_id: str, shown: int, *, follows: bool
    ) -> JoinedWindow:
        """The window is open, with a page; ``shown`` is the number of the last call it showed.

        A window that nobody knows (any more) gets a new id.  One that follows takes over a call
        that waits; where a pinned one opened it, it waits no more.
        """
        now = self.database.clock.now()
        with self.database.write() as session:
            rows = FileWindows(session)
            rows.forget_before(reader, now - FORGOTTEN, now - WAITS)
            row = rows.get(reader, window_id)
            if row is None:
                shown = 0
                row = FileWindow(
                    id=new_id(),
                    login=reader.login,
                    session_sha256=session_sha256,
                    follows=follows,
                    opened_at=now,
                    used_at=now,
                    seen_at=now,
                    call_seq=0,
                    typed="",
                )
                rows.add(row)
            row.session_sha256, row.follows = session_sha256, follows
            row.used_at = row.seen_at = now
            waiting = rows.waiting(reader)
            shown_here = row.called_at and shown >= row.call_seq
            opened = waiting and shown_here and waiting.called_at <= (row.called_at or now)
            if waiting is not None and (follows or opened):
                rows.forget_waiting(reader)
                if waiting.called_at > now - WAITS and not opened:
                    _put(row, now, waiting.case_file_id, typed=waiting.typed)
            fresh = row.call_seq > shown and row.called_at and row.called_at > now - WAITS
            return JoinedWindow(
                id=row.id,
                seq=row.call_seq,
                call=_call(session, reader, row) if fresh else None,
            )

    def touch(self, reader: Reader, window_id: str) -> None:
        """The window is still open."""
        with self.database.write() as session:
            row = FileWindows(session).get(reader, window_id)
            if row is not None:
                row.seen_at = self.database.clock.now()

    def leave(self, reader: Reader, window_id: str) -> None:
        """The window goes to another page or is closed: soon nobody counts on it."""
        with self.database.write() as session:
            row = FileWindows(session).get(reader, window_id)
            if row is not None:
                row.seen_at = self.database.clock.now() - ALIVE + LEAVING

    def calls(self, reader: Reader) -> Mapping[str, int]:
        """The newest call of every window called within minutes, by window (for the stream)."""
        with self.database.read() as session:
            since = self.database.clock.now() - WAITS
            return FileWindows(session).called_since(reader, since)

    def call(self, reader: Reader, window_id: str) -> Call | None:
        """What the window is asked to show, as far as the reader may see it now."""
        with self.database.read() as session:
            row = FileWindows(session).get(reader, window_id)
            return None if row is None or not row.call_seq else _call(session, reader, row)

    def typed(self, reader: Reader, window_id: str) -> str:
        """The number that the window's last call named, to search for it."""
        with self.database.read() as session:
            row = FileWindows(session).get(reader, window_id)
            return row.typed if row is not None else ""

    # -- calls ------------------------------------------------------------------------------

    def call_file(self, reader: Reader, session_sha256: str, number: str) -> bool:
        """The reader's Fachverfahren called, in the browser of that session.

        Answers whether a window is there to show it; without one the call waits.  The number may
        be in any spelling, unknown or closed to the reader: the answer is the same, the attempt is
        in the audit log.
        """
        with self.database.write() as session:
            cover = noted_by_number(session, reader, self.pattern, number, "case_file.call")
            return self._call_window(session, reader, session_sha256, cover, number)

    def call_for(self, reader: Reader, login: str, number: str) -> None:
        """The same by the operator on behalf of ``login``; unknown logins answer the same."""
        self._for_another(reader, login, number)

    def call_by_programme(
        self, reader: Reader, token: TokenHolder, login: str, number: str
    ) -> None:
        """The same by a programme; raises ``NotPermitted`` where its token may not call windows."""
        if OPEN_WINDOWS not in token.scopes:
            raise NotPermitted(
                "Der Zugangsschlüssel darf keine Akten aufrufen.",
                remedy="Mit „eakte token create NAME --as LOGIN --may windows“ einen machen.",
            )
        self._for_another(reader, login, number)

    def call_document(self, reader: Reader, session_sha256: str, document_id: str) -> bool:
        """The reader went to this document; a window of the same session shows its case file.

        Whether there is such a window.  Raises ``NotFound`` for a document not open to the reader.
        """
        with attempts_noted(self.database, reader), self.database.write() as session:
            open_document(session, reader, document_id)
            windows = self._listening(session, reader, session_sha256, only_there=True)
            filings = DocumentRows(session).filings(reader, [document_id])[document_id]
            covers = CaseFileRows(session)
            seen = [one for _, one in filings if covers.get(reader, one.id) is not None]
            if windows and seen:
                now = self.database.clock.now()
                _put(windows[0], now, seen[0].id, document_id=document_id)
            return bool(windows)

    # -- the pieces -------------------------------------------------------------------------

    def _for_another(self, reader: Reader, login: str, number: str) -> None:
        with self.database.write() as session:
            today = self.database.clock.today()
            other = Organisation(session).reader(login, today, self.policy)
            if other is None:
                AuditLog(session).note(reader, "case_file.refused", "case_file", "unknown")
                return
            cover = noted_by_number(
                session, reader, self.pattern, number, "case_file.call", seen_by=other
            )
            self._call_window(session, other, "", cover, number)

    def _call_window(
        self,
        session: EakteSession,
        reader: Reader,
        session_sha256: str,
        cover: CaseFile | None,
        number: str,
    ) -> bool:
        case_file_id = cover.id if cover is not None else None
        typed = "" if cover is not None else number.strip()[:TYPED]
        now = self.database.clock.now()
        windows = self._listening(session, reader, session_sha256)
        if windows:
            _put(windows[0], now, case_file_id, typed=typed)
            return True
        pinned = self._listening(session, reader, session_sha256, follows=False)
        if pinned:
            _put(pinned[0], now, case_file_id, typed=typed)
        rows = FileWindows(session)
        rows.forget_waiting(reader)
        rows.add(
            WaitingCall(
                login=reader.login,
                called_at=now,  # as in the pinned window: opened there, it waits no more
                case_file_id=case_file_id,
                typed=typed,
            )
        )
        return False

    def _listening(
        self,
        session: EakteSession,
        reader: Reader,
        session_sha256: str,
        *,
        only_there: bool = False,
        follows: bool = True,
    ) -> Sequence[FileWindow]:
        """Windows that may take a call (or are pinned), best first: the calling session's lead."""
        since = self.database.clock.now() - ALIVE
        found = FileWindows(session).listening(reader, since, follows=follows)
        there = [one for one in found if one.session_sha256 == session_sha256]
        return there if only_there or there else found


def _put(
    row: FileWindow,
    now: datetime,
    case_file_id: str | None,
    *,
    document_id: str | None = None,
    typed: str = "",
) -> None:
    row.call_seq, row.called_at = row.call_seq + 1, now
    row.case_file_id, row.document_id, row.typed = case_file_id, document_id, typed


def _call(session: EakteSession, reader: Reader, row: FileWindow) -> Call:
    cover = CaseFileRows(session).get(reader, row.case_file_id) if row.case_file_id else None
    return Call(
        seq=row.call_seq,
        aktenzeichen=cover.aktenzeichen if cover is not None else None,
        document_id=row.document_id if cover is not None else None,
    )
