"""Separator and cover sheets to print; a cover only for a file that the reader may see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from eakte.domain.rights import Reader
from eakte.domain.schlagworte import Schlagwort
from eakte.errors import NotFound
from eakte.language.aktenzeichen import AktenzeichenPattern
from eakte.repositories.audit import AuditLog
from eakte.repositories.database import Database, EakteSession
from eakte.services.by_number import by_number
from scanner_inbox.covers import CoverSheet, cover_sheets, separator_sheets
from scanner_inbox.payloads import cover_key, signed_cover


@dataclass(frozen=True, slots=True)
class CoverSheets:
    """Makes sheets as PDF."""

    database: Database
    schlagworte: Mapping[str, Schlagwort]
    pattern: AktenzeichenPattern

    def separators(self, copies: int) -> bytes:
        """``copies`` separator sheets."""
        return separator_sheets(copies)

    def covers(self, reader: Reader, wanted: Iterable[tuple[str, str]]) -> bytes:
        """A cover for every (file number, Schlagwort); an empty Schlagwort leaves it to the rules.

        Raises ``NotFound`` for a file that is unknown or not open to ``reader``, and for an unknown
        Schlagwort; then nothing is made.
        """
        with self.database.write() as session:
            sheets = [self._sheet(session, reader, *one) for one in wanted]
        return cover_sheets(sheets)

    def _sheet(
        self, session: EakteSession, reader: Reader, number: str, schlagwort: str
    ) -> CoverSheet:
        if schlagwort and schlagwort not in self.schlagworte:
            raise NotFound(
                f"Das Schlagwort „{schlagwort}“ gibt es nicht.",
                remedy="Die Kennung aus config/schlagworte angeben.",
            )
        file = by_number(session, reader, self.pattern, number)
        if file is None:
            raise NotFound(
                f"Die Akte „{number}“ ist nicht bekannt.", remedy="Das Aktenzeichen prüfen."
            )
        AuditLog(session).note(
            reader, "cover.print", "case_file", file.id, details={"schlagwort": schlagwort}
        )
        cover = signed_cover(file.aktenzeichen, schlagwort, cover_key(session.trail.key))
        title = self.schlagworte[schlagwort].title if schlagwort else ""
        return CoverSheet(cover=cover, title=title)
