"""A case file by its number as somebody wrote it; who looks for one leaves a trace."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from eakte.domain.rights import Reader, system_reader
from eakte.errors import NotFound
from eakte.language.aktenzeichen import AktenzeichenPattern
from eakte.models import CaseFile
from eakte.repositories.audit import AuditLog
from eakte.repositories.case_files import CaseFiles
from eakte.repositories.database import Database, EakteSession

FILE_GONE = "Diese Akte gibt es nicht."
_TRAIL = system_reader("audit")


def files_by_number(
    session: EakteSession, reader: Reader, pattern: AktenzeichenPattern, aktenzeichen: str
) -> Sequence[CaseFile]:
    """Those open to ``reader`` that bear that number, in any spelling, or once bore it (last)."""
    return CaseFiles(session).by_number(reader, pattern.key(aktenzeichen))


def by_number(
    session: EakteSession, reader: Reader, pattern: AktenzeichenPattern, aktenzeichen: str
) -> CaseFile | None:
    """The case file of that number, in any spelling; None where it is not open to ``reader``."""
    found = files_by_number(session, reader, pattern, aktenzeichen)
    return found[0] if found else None


def noted_by_number(  # noqa: PLR0917  who asks for what, and what the trail calls it
    session: EakteSession,
    reader: Reader,
    pattern: AktenzeichenPattern,
    aktenzeichen: str,
    action: str,
    seen_by: Reader | None = None,
) -> CaseFile | None:
    """The same with one audit row: ``action``, or the refused attempt.

    ``seen_by`` is whose rights count (None: the reader's own).  The trail names the file that was
    asked for, never what somebody typed.
    """
    cover = by_number(session, seen_by or reader, pattern, aktenzeichen)
    known = cover or by_number(session, _TRAIL, pattern, aktenzeichen)
    done = action if cover is not None else "case_file.refused"
    AuditLog(session).note(reader, done, "case_file", known.id if known else "unknown")
    return cover


@contextmanager
def file_opened(  # noqa: PLR0917  as ``noted_by_number``
    database: Database,
    reader: Reader,
    pattern: AktenzeichenPattern,
    aktenzeichen: str,
    action: str,
    seen_by: Reader | None = None,
) -> Iterator[tuple[EakteSession, CaseFile]]:
    """The same as a transaction of its own, in which the file may be looked at.

    Raises ``NotFound`` where it is unknown or not open; the refused attempt stays in the trail.
    """
    with database.write() as session:
        cover = noted_by_number(session, reader, pattern, aktenzeichen, action, seen_by)
        if cover is not None:
            yield session, cover
    if cover is None:
        raise NotFound(FILE_GONE)
