"""Case files of the register become rows: an upsert in bulk, some hundred files at a time.

What is already there is loaded at once and compared, so that only differences are written and the
index learns again only what changed.  Works within the caller's transaction: a register is taken
whole or not at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from eakte.domain.ids import new_id
from eakte.domain.provisional import is_provisional_number
from eakte.domain.rights import Reader
from eakte.errors import RegisterError
from eakte.language.addresses import address_key
from eakte.language.aktenzeichen import AktenzeichenPattern
from eakte.models import (
    CaseFile,
    CaseFileNumber,
    Caseworker,
    ExcludedLogin,
    LocalChange,
    Membership,
    NameKey,
    PersonRow,
    Representative,
    Responsibility,
    Site,
)
from eakte.repositories.bulk import Changes
from eakte.repositories.local_changes import RESPONSIBLE, SITE, LocalChanges, by_person
from eakte.repositories.outbox import Outbox
from eakte.repositories.people_upsert import PeopleUpsert
from eakte.repositories.register_facts import CaseFileGiven
from eakte.repositories.register_present import Present
from eakte.repositories.register_terms import RegisterTerms
from eakte.repositories.register_upsert import REMEDY

CHUNK = 500
"""Case files that are loaded, compared and written together."""

ORDER = (
    CaseFile,
    PersonRow,
    CaseFileNumber,
    ExcludedLogin,
    Membership,
    NameKey,
    Representative,
    Responsibility,
    LocalChange,
)
COVER_KEYS = ("street", "postcode", "city", "protected", "protected_reason", "closed")


class CaseFileUpsert:
    """Makes or changes case files within the caller's transaction."""

    def __init__(
        self, session: Session, reader: Reader, pattern: AktenzeichenPattern, now: datetime
    ) -> None:
        if not reader.is_system:
            raise RegisterError("Das Register liest nur das System ein.")
        self.session = session
        self.reader = reader
        self.pattern = pattern
        self.now = now
        self._logins = set(session.scalars(select(Caseworker.login)))
        self._sites = set(session.scalars(select(Site.id)))
        self._spelled: dict[str, str] = {}
        self.overruled = 0
        self._changed_here = by_person(LocalChanges(session).of(RESPONSIBLE))
        self._moved_here = LocalChanges(session).of(SITE)

    def put_all(self, entries: Iterable[CaseFileGiven]) -> int:
        """Make or change the case files; returns how many are new or differ from before.

        A member who is no longer listed is no longer one; the person and all documents stay.
        Raises ``RegisterError`` for an unknown site or login, and for a number that is there in
        another spelling.
        """
        changed = 0
        for chunk in _chunks(entries, CHUNK):
            changed += self._put_chunk(chunk)
        return changed

    def _put_chunk(self, entries: list[CaseFileGiven]) -> int:
        keys = {entry.aktenzeichen: self._key(entry.aktenzeichen) for entry in entries}
        present = Present.load(self.session, entries, keys.values())
        present.changed_here = self._changed_here
        changes = Changes(ORDER)
        people = PeopleUpsert(present, changes)
        touched: set[str] = set()
        for entry in entries:
            self._check(entry, keys[entry.aktenzeichen], present)
            case_file_id, differs = self._cover(entry, present, changes)
            differs |= self._numbers(
                case_file_id, entry, keys[entry.aktenzeichen], present, changes
            )
            differs |= self._excluded(case_file_id, entry, present, changes)
            differs |= people.responsible(case_file_id, None, entry.responsible)
            differs |= people.members(case_file_id, entry.people)
            if differs:
                touched.add(case_file_id)
        people.finish()
        self.overruled += people.overruled
        changes.write(self.session)
        Outbox(self.session).put_case_files(touched, people.renamed, self.now)
        terms = RegisterTerms(self.session)
        terms.refresh(self.reader, touched)
        terms.refresh_people(self.reader, people.renamed)
        return len(touched)

    # -- what is refused --------------------------------------------------------------------

    def _check(self, entry: CaseFileGiven, key: str, present: Present) -> None:
        number = entry.aktenzeichen
        if entry.site not in self._sites:
            raise RegisterError(
                f"Die Akte {number} nennt den unbekannten Standort „{entry.site}“.", remedy=REMEDY
            )
        self._check_logins(entry.responsible, number)
        self._check_logins(entry.excluded_logins, number)
        for person in entry.people:
            self._check_logins(person.responsible, number)
        other = self._spelled.setdefault(key, number)
        if other == number:
            other = present.taken.get(key, number)
        if other != number:
            raise RegisterError(
                f"Das Aktenzeichen {number} gibt es schon in der Schreibweise {other}.",
                remedy=REMEDY,
            )

    def _check_logins(self, given: Mapping[str, str] | Iterable[str] | None, number: str) -> None:
        for login in given.values() if isinstance(given, Mapping) else given or ():
            if login not in self._logins:
                raise RegisterError(
                    f"Die Akte {number} nennt den unbekannten Login „{login}“.", remedy=REMEDY
                )

    # -- the case file itself ---------------------------------------------------------------

    def _cover(self, entry: CaseFileGiven, present: Present, changes: Changes) -> tuple[str, bool]:
        wanted = {"site_id": entry.site, "provisional": False}
        wanted |= {name: getattr(entry, name) for name in COVER_KEYS if name in entry.given}
        case_file_id = present.ids.get(entry.aktenzeichen)
        if case_file_id is None:
            case_file_id = new_id()
            changes.insert(
                CaseFile,
                {
                    "id": case_file_id,
                    "aktenzeichen": entry.aktenzeichen,
                    "opened_at": self.now,
                    "address_key": address_key(entry.street, entry.postcode),
                    **{name: getattr(entry, name) for name in COVER_KEYS},
                    **wanted,
                },
            )
            return case_file_id, True
        before = present.covers[case_file_id]
        after = before | wanted | self._site(case_file_id, entry.site, before)
        after["address_key"] = address_key(after["street"], after["postcode"])
        if after == before:
            return case_file_id, False
        changes.update(CaseFile, {"id": case_file_id}, after)
        return case_file_id, True

    def _site(self, case_file_id: str, said: str, before: Mapping[str, Any]) -> dict[str, Any]:
        """Where a file that was moved here stays, while the register only repeats itself."""
        moved = self._moved_here.get(case_file_id)
        if moved is None:
            return {}
        if moved == [said] and before["site_id"] != said:
            self.overruled += 1
            return {"site_id": before["site_id"]}
        LocalChanges(self.session).forget(SITE, [case_file_id])
        return {}

    def _key(self, written: str) -> str:
        return self.pattern.normalise(written) or written

    def _numbers(
        self,
        case_file_id: str,
        entry: CaseFileGiven,
        number_key: str,
        present: Present,
        changes: Changes,
    ) -> bool:
        before = present.numbers[case_file_id]
        if entry.former_numbers is None:
            former = [(key, written) for key, (written, old) in before.items() if old]
        else:
            former = [(self._key(written), written) for written in entry.former_numbers]
            # What was given here before the register knew the file, the register can't know.
            former += [
                (key, written)
                for key, (written, old) in before.items()
                if old and is_provisional_number(written)
            ]
        wanted = {number_key: (entry.aktenzeichen, False)}
        for key, written in former:
            wanted.setdefault(key, (written, True))
        if wanted == before:
            return False
        for key in before.keys() - {key for key in wanted if before.get(key) == wanted[key]}:
            changes.delete(CaseFileNumber, {"number_key": key, "case_file_id": case_file_id})
        for key, (written, is_former) in wanted.items():
            if before.get(key) != (written, is_former):
                changes.insert(
                    CaseFileNumber,
                    {
                        "number_key": key,
                        "case_file_id": case_file_id,
                        "written": written,
                        "former": is_former,
                    },
                )
        return True

    @staticmethod
    def _excluded(
        case_file_id: str, entry: CaseFileGiven, present: Present, changes: Changes
    ) -> bool:
        if entry.excluded_logins is None:
            return False
        before, wanted = present.excluded[case_file_id], set(entry.excluded_logins)
        for login in before - wanted:
            changes.delete(ExcludedLogin, {"case_file_id": case_file_id, "login": login})
        for login in sorted(wanted - before):
            changes.insert(ExcludedLogin, {"case_file_id": case_file_id, "login": login})
        return before != wanted


def _chunks(entries: Iterable[CaseFileGiven], size: int) -> Iterator[list[CaseFileGiven]]:
    rest = iter(entries)
    while chunk := list(islice(rest, size)):
        yield chunk
