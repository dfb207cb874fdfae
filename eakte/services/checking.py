"""``eakte check``: custody, hashes, audit chain, index against database.

Finds what cannot be right and names it; changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from eakte.domain.rights import system_reader
from eakte.errors import Damaged
from eakte.ports import BlobStore
from eakte.repositories.checks import Checks, Problem
from eakte.repositories.database import Database
from eakte.services.heads import Head, HeadFile

CHECKER = system_reader("check")
HEADS_EVERY = timedelta(days=2)
"""A chain this old has had its head written down at least once."""
_RESTORE = "Aus der Datensicherung zurückholen und prüfen, wer Zugriff auf die Daten hatte."

__all__ = ["Checking", "Problem"]


@dataclass(frozen=True, slots=True)
class Checking:
    """All checks; ``heads`` is the file outside the database with the chain's daily heads.

    ``rules`` tells what is to be said of the rules, ``index`` what of the index.
    """

    database: Database
    store: BlobStore
    heads: Path
    rules: Callable[[], Iterable[Problem]] = tuple
    index: Callable[[], Iterable[Problem]] = tuple

    def run(self, progress: Callable[[str], None] = lambda _what: None) -> Iterator[Problem]:
        """Every problem found, as soon as it is found; ``progress`` hears what is looked at."""
        progress("Verbleib jedes Blattes")
        with self.database.read() as session:
            yield from Checks(session, CHECKER).custody()
        progress("Wörter jeder Seite")
        with self.database.read() as session:
            yield from Checks(session, CHECKER).words()
        progress("Prüfsummen der Ablage")
        yield from self._hashes(progress)
        progress("Protokollkette")
        yield from self._chain()
        progress("Volltextindex")
        yield from self.index()
        progress("Regeln der Schlagworte")
        yield from self.rules()

    def _hashes(self, progress: Callable[[str], None]) -> Iterator[Problem]:
        referred: dict[str, list[str]] = {}
        with self.database.read() as session:
            for what, sha256 in Checks(session, CHECKER).blobs():
                referred.setdefault(sha256, []).append(what)
        for sha256, things in referred.items():
            try:
                self.store.verify(sha256)
            except Damaged as error:
                for what in things:
                    yield Problem(
                        check="store",
                        subject=what,
                        problem=error.message,
                        remedy=error.remedy or _RESTORE,
                    )
        # A crash between storing and committing leaves bytes without a row; the original was not
        # taken from the inbox then and came again.  That is no problem, yet worth a remark.
        leftover = sum(1 for sha256 in self.store.hashes() if sha256 not in referred)
        if leftover:
            progress(f"{leftover} Dateien der Ablage ohne Eintrag (Reste abgebrochener Annahmen)")

    def _chain(self) -> Iterator[Problem]:
        trail = self.database.trail
        with self.database.read() as session:
            for found in trail.verify(session):
                yield Problem(
                    check="audit",
                    subject=f"row {found.subject}",
                    problem=found.problem,
                    remedy=_RESTORE,
                )
            for head in HeadFile(self.heads).lines():
                if isinstance(head, int):
                    yield self._of_heads(f"Zeile {head} ist nicht lesbar.")
                elif head.seq and trail.mac_at(session, head.seq) != head.mac:
                    yield Problem(
                        check="audit",
                        subject=f"row {head.seq}",
                        problem="Das Protokoll passt nicht zu seinem außerhalb notierten Kopf.",
                        remedy=_RESTORE,
                    )
            began = trail.began(session)
        due = self.database.clock.now() - HEADS_EVERY
        if began is not None and began < due and HeadFile(self.heads).last_day() is None:
            yield self._of_heads("Die täglich notierten Köpfe des Protokolls fehlen.")

    def _of_heads(self, problem: str) -> Problem:
        return Problem(check="audit", subject=str(self.heads), problem=problem, remedy=_RESTORE)

    def write_head(self) -> None:
        """Note the chain's head outside the database (once a day, and at every backup)."""
        clock = self.database.clock
        with self.database.read() as session:
            seq, mac = self.database.trail.head(session)
        HeadFile(self.heads).append(Head(day=clock.today(), seq=seq, mac=mac), clock.now())

    def head_is_due(self) -> bool:
        """Whether today's head is still to be written down."""
        return HeadFile(self.heads).last_day() != self.database.clock.today()
