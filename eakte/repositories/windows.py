"""File windows of a reader, calls that wait for one, and visits to case files.

All of it is about the reader alone: nobody learns of another's windows or visits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from eakte.domain.rights import Reader
from eakte.models import CaseFileVisit, FileWindow, UserSession, WaitingCall


class FileWindows:
    """Windows and calls of one reader at a time."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def get(self, reader: Reader, window_id: str) -> FileWindow | None:
        """The reader's window of that id."""
        return self.session.scalar(
            select(FileWindow).where(FileWindow.id == window_id, FileWindow.login == reader.login)
        )

    def listening(
        self, reader: Reader, since: datetime, *, follows: bool = True
    ) -> Sequence[FileWindow]:
        """Open windows that follow (or are pinned), that of the session used last first.

        Only sessions that were not signed out; ``since``: an open window was seen after it.
        """
        return self.session.scalars(
            select(FileWindow)
            .join(UserSession, UserSession.token_sha256 == FileWindow.session_sha256)
            .where(
                FileWindow.login == reader.login,
                UserSession.login == reader.login,
                FileWindow.follows.is_(follows),
                FileWindow.seen_at > since,
            )
            .order_by(UserSession.seen_at.desc(), FileWindow.used_at.desc(), FileWindow.id)
        ).all()

    def called_since(self, reader: Reader, since: datetime) -> Mapping[str, int]:
        """The newest call of every window that had one since then (for the stream of events)."""
        if not reader.is_system:
            return {}
        rows = self.session.execute(
            select(FileWindow.id, FileWindow.call_seq).where(FileWindow.called_at > since)
        )
        return dict(rows.all())

    def waiting(self, reader: Reader) -> WaitingCall | None:
        """The call that found no window."""
        return self.session.get(WaitingCall, reader.login)

    # -- writing ----------------------------------------------------------------------------

    def add(self, row: FileWindow | WaitingCall) -> None:
        """Keep a new window or a call that waits."""
        self.session.add(row)
        self.session.flush()

    def forget(self, reader: Reader, window_id: str) -> None:
        """The reader closed the window."""
        self.session.execute(
            delete(FileWindow).where(FileWindow.id == window_id, FileWindow.login == reader.login)
        )

    def forget_waiting(self, reader: Reader) -> None:
        """The call that waited was shown."""
        self.session.execute(delete(WaitingCall).where(WaitingCall.login == reader.login))

    def forget_before(self, reader: Reader, closed: datetime, typed: datetime) -> None:
        """What is over goes: windows not seen since ``closed``, calls older than ``typed``.

        Of everybody; it tells nothing to ``reader``.
        """
        del reader
        self.session.execute(delete(FileWindow).where(FileWindow.seen_at < closed))
        self.session.execute(delete(WaitingCall).where(WaitingCall.called_at < typed))
        self.session.execute(
            update(FileWindow)
            .where(FileWindow.called_at < typed, FileWindow.typed != "")
            .values(typed="")
        )


class Visits:
    """When a reader was in case files."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def note(
        self, reader: Reader, case_file_id: str, now: datetime, pause: datetime
    ) -> datetime | None:
        """The reader is in the file; when their visit before this one ended.

        A new visit begins where the last opening is older than ``pause``. None at the first visit.
        """
        row = self.session.get(CaseFileVisit, (reader.login, case_file_id))
        if row is None:
            self.session.add(
                CaseFileVisit(
                    login=reader.login, case_file_id=case_file_id, seen_at=now, before=None
                )
            )
            return None
        if row.seen_at < pause:
            row.before = row.seen_at
        row.seen_at = now
        return row.before
