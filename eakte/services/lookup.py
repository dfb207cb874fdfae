"""„Ist mein Brief angekommen?“: the look-up for telephone and counter.

It answers with days, hours and the office that has a letter, never with a name, a title or a page,
and opens no file.  Protected files, files that exclude who asks, letters that others wrote about
the client (a hint, a request of the police), and what lies in a closed SubFile (medizin) that who
asks may not open, are as if they were not there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from eakte.domain.live_settings import Live, LiveValues
from eakte.domain.rights import CLEARING, Reader, system_reader
from eakte.domain.schlagworte import Schlagwort
from eakte.errors import NotPermitted, Unusable
from eakte.language.aktenzeichen import AktenzeichenPattern
from eakte.language.names import name_parts
from eakte.models import CaseFile, Document, PostboxEntry
from eakte.repositories.audit import AuditLog
from eakte.repositories.case_files import CaseFiles
from eakte.repositories.counter import CounterRows
from eakte.repositories.database import Database, EakteSession
from eakte.repositories.documents import Documents
from eakte.services.by_number import by_number
from eakte.services.explaining import function_title
from eakte.services.names_agree import is_called

PLACE = system_reader("lookup")
MOST = 20
SOME_LETTER = "Brief"


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterRules:
    """``[counter]`` of the settings.

    ``silent`` are Schlagworte, ``silent_subfiles`` SubFiles of which the look-up never speaks;
    ``groups`` are the words it may use, each with its Schlagworte.
    """

    silent: frozenset[str] = frozenset()
    silent_subfiles: frozenset[str] = frozenset()
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def group_of(self, schlagwort: str | None) -> str:
        """What the letter may be called."""
        named = (title for title, ids in self.groups.items() if schlagwort in ids)
        return next(named, SOME_LETTER)


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterAnswer:
    """One letter as it may be spoken of.

    ``office`` has it since ``since``; ``done``: nobody has to, since then.
    """

    group: str
    received: date
    office: str
    since: datetime | None
    done: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FileAnswer:
    """The letters of one file, newest first."""

    aktenzeichen: str
    letters: tuple[LetterAnswer, ...]


@dataclass(frozen=True, slots=True)
class Lookup:
    """Answers, and writes down that it was asked."""

    database: Database
    schlagworte: Mapping[str, Schlagwort]
    pattern: AktenzeichenPattern
    rules: CounterRules
    live: Live = LiveValues

    def by_number(self, reader: Reader, aktenzeichen: str) -> tuple[FileAnswer, ...]:
        """The letters of the file of that number; empty where there is none to speak of.

        Raises ``NotPermitted`` without the grant ``counter``.
        """
        check_counter(reader)
        with self.database.write() as session:
            cover = by_number(session, PLACE, self.pattern, aktenzeichen)
            return self._answers(session, reader, [cover] if cover else [], "number")

    def by_name(self, reader: Reader, last_name: str, born: date) -> tuple[FileAnswer, ...]:
        """The letters of the files to which somebody of that surname and birth date belongs.

        Raises ``NotPermitted``, ``Unusable`` without a surname.
        """
        check_counter(reader)
        if not name_parts(last_name):
            raise Unusable("Der Nachname fehlt.", remedy="Nachname und Geburtsdatum angeben.")
        today = self.database.clock.today()
        with self.database.write() as session:
            covers = {
                cover.id: cover
                for person, cover, member in CounterRows(session).born_on(reader, born)
                if is_called(person, last_name)
                and (member.member_to is None or member.member_to >= today)
            }
            return self._answers(session, reader, list(covers.values()), "name")

    # -- the pieces -------------------------------------------------------------------------

    def _answers(
        self, session: EakteSession, reader: Reader, covers: list[CaseFile], asked_by: str
    ) -> tuple[FileAnswer, ...]:
        rows, audit = CaseFiles(session), AuditLog(session)
        answers = []
        for cover in covers:
            hidden = cover.protected or rows.excludes(reader, cover.id)
            action = "counter.refused" if hidden else "counter.lookup"
            audit.note(reader, action, "case_file", cover.id, details={"by": asked_by})
            if not hidden:
                letters = self._letters(session, reader, cover)
                answers.append(FileAnswer(aktenzeichen=cover.aktenzeichen, letters=letters))
        if not covers:
            audit.note(reader, "counter.lookup", "case_file", "unknown", details={"by": asked_by})
        return tuple(answers)

    def _letters(
        self, session: EakteSession, reader: Reader, cover: CaseFile
    ) -> tuple[LetterAnswer, ...]:
        rows = CounterRows(session)
        since = self.database.clock.today() - timedelta(days=self.live().counter_days)
        found = rows.letters(reader, cover.id, since, 5 * MOST)
        closed = [one.id for one, filing in found if filing.sub_file in reader.closed_subfiles]
        known = Documents(session).many(reader, closed) if closed else {}
        told = [
            document
            for document, filing in found
            if self._may_be_told(document, filing.sub_file)
            and (document.id in known or filing.sub_file not in reader.closed_subfiles)
        ][:MOST]
        lying = rows.lying(reader, [one.id for one in told])
        return tuple(self._letter(one, lying.get(one.id)) for one in told)

    def _may_be_told(self, document: Document, sub_file: str) -> bool:
        known = self.schlagworte.get(document.schlagwort or "")
        return (
            known is not None
            and known.incoming
            and known.id not in self.rules.silent
            and sub_file not in self.rules.silent_subfiles
        )

    def _letter(self, document: Document, entry: PostboxEntry | None) -> LetterAnswer:
        known = self.schlagworte[document.schlagwort or ""]
        at_desk = entry is not None and entry.postbox == CLEARING
        return LetterAnswer(
            group=self.rules.group_of(document.schlagwort),
            received=document.received_here,
            office="Posteingang" if at_desk else function_title(known.function),
            since=entry.arrived_at if entry else document.filed_at,
            done=entry is None,
        )


def check_counter(reader: Reader) -> None:
    """Raises ``NotPermitted`` without the grant ``counter``."""
    if not reader.counter:
        raise NotPermitted("Die Auskunft ist für Ihre Rolle nicht offen.")
