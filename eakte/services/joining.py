"""Joining a provisional file with the real one, once the register has it.  Never without a person.

Whoever joins must know both files.  It can't be undone: from then on rights, deadlines and Vorgänge
rest on one file; a letter that went wrong is given to the clearing desk like any other (ADR 132).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC

from eakte.domain.rights import Reader, Role, system_reader
from eakte.errors import Conflict, NotFound, NotPermitted, Unusable
from eakte.language.aktenzeichen import AktenzeichenPattern
from eakte.language.names import name_keys
from eakte.models import CaseFile, Document, Membership, PersonRow
from eakte.repositories.audit import AuditLog
from eakte.repositories.case_files import CaseFiles
from eakte.repositories.database import Database, EakteSession
from eakte.repositories.facts import Facts
from eakte.repositories.joins import Alike, Joins
from eakte.repositories.organisation import Organisation
from eakte.repositories.outbox import Outbox
from eakte.repositories.register import NAME_SEPARATOR
from eakte.repositories.register_terms import RegisterTerms
from eakte.services.by_number import FILE_GONE, by_number
from eakte.services.clearing_views import RegisterHit
from eakte.services.deadlines import plan_wiedervorlagen, reckon_with_its_kin
from eakte.services.documents import person_view, ref_of
from eakte.services.joining_views import Comparison, FileSide, Joined, Proposal, WaitingFile
from eakte.services.views import PersonView
from eakte.services.vorgaenge import attach, merge_equal

PLACE = system_reader("joining")
_READS_FILES = (Role.CASEWORKER, Role.TEAM_LEAD, Role.LEGAL)
_RELOAD = "Die Seite neu laden und noch einmal vergleichen."

People = Sequence[tuple[PersonRow, Membership]]


@dataclass(frozen=True, slots=True)
class Joining:
    """Shows provisional files beside those of the register, and joins the two."""

    database: Database
    pattern: AktenzeichenPattern

    def waiting(self, reader: Reader) -> tuple[WaitingFile, ...]:
        """The provisional files known to the reader, those with a proposal first.

        Raises ``NotPermitted`` for roles that read no files and are not at the clearing desk.
        """
        _check(reader)
        with self.database.read() as session:
            covers = Joins(session).waiting(reader)
            found = self._waiting(session, reader, covers)
            return tuple(sorted(found, key=lambda one: not one.proposals))

    def count(self, reader: Reader) -> int:
        """How many wait."""
        _check(reader)
        with self.database.read() as session:
            return len(Joins(session).waiting(reader))

    def compare(self, reader: Reader, provisional: str, aktenzeichen: str = "") -> Comparison:
        """The provisional file beside the one of that number, in any spelling (empty: none yet).

        Writes an audit row for each. Raises ``NotFound`` where one of them is unknown or not open
        to the reader (audited), ``Conflict`` where it was joined already, ``Unusable`` for a
        number that belongs to a provisional file.
        """
        _check(reader)
        with self.database.write() as session:
            found = self._both(session, reader, provisional, aktenzeichen)
            answer = None
            if found is not None:
                first, second = found
                for cover in (first, second):
                    if cover is not None:
                        AuditLog(session).note(reader, "case_file.compare", "case_file", cover.id)
                answer = self._comparison(session, reader, first, second)
        if answer is None:
            raise NotFound(FILE_GONE)
        return answer

    def join(
        self,
        reader: Reader,
        provisional: str,
        aktenzeichen: str,
        *,
        stand: str,
        same: Mapping[str, str],
        sure: bool = False,
    ) -> Joined:
        """Let all that stands in the provisional file be of the real one; its number leads there.

        ``same`` says which person of the real file each person is. Raises what ``compare`` does,
        ``Conflict`` where something changed since ``stand``, ``Unusable`` where a person is not
        chosen, or where nothing but the reader's word (``sure``) says that they are the same.
        """
        _check(reader)
        with self.database.write() as session:
            found = self._both(session, reader, provisional, aktenzeichen)
            joined = None
            if found is not None and found[1] is not None:
                rows = Joins(session).locked(PLACE, (found[0].id, found[1].id))
                first, second = rows[found[0].id], rows[found[1].id]
                self._check_fresh(session, reader, first)
                comparison = self._comparison(session, reader, first, second, same)
                if comparison.stand != stand:
                    raise Conflict(
                        "Eine der beiden Akten hat sich inzwischen geändert.", remedy=_RELOAD
                    )
                _check_same(comparison, sure=sure)
                joined = self._join(session, reader, first, second, comparison.same)
        if joined is None:
            raise NotFound(FILE_GONE)
        return joined

    def search(self, reader: Reader, text: str, limit: int = 8) -> tuple[RegisterHit, ...]:
        """Files of the register by name, number, birth date or address, while one types.

        Those open to the reader; at the clearing desk all, protected ones by their whole number.
        """
        _check(reader)
        if len(text.strip()) < 2:
            return ()
        keys = {number.value for number in self.pattern.find(text)}
        with self.database.read() as session:
            rows = CaseFiles(session)
            seen_by = PLACE if reader.at_clearing_desk else reader
            found = rows.find(seen_by, text, keys, 2 * limit, without=reader.login)
            known = Joins(session).known(reader, [one.id for one in found])
            shown = [one for one in found if one.id in known and not one.provisional][:limit]
            people = rows.people(PLACE, [one.id for one in shown])
            return tuple(
                RegisterHit(
                    ref=ref_of(one, people[one.id]),
                    people=_views(people[one.id]),
                    address=", ".join(filter(None, (one.street, _place(one)))),
                    closed=one.closed,
                )
                for one in shown
            )

    # -- the pieces -------------------------------------------------------------------------

    def _both(
        self, session: EakteSession, reader: Reader, provisional: str, aktenzeichen: str
    ) -> tuple[CaseFile, CaseFile | None] | None:
        """The two files; None where one of them is unknown to the reader: that is noted."""
        joins, audit = Joins(session), AuditLog(session)
        first = joins.by_number(reader, provisional)
        if first is None or not (first.provisional or first.joined_into):
            there = joins.by_number(PLACE, provisional)
            audit.note(reader, "case_file.refused", "case_file", there.id if there else "unknown")
            return None
        self._check_fresh(session, reader, first)
        if not aktenzeichen.strip():
            return first, None
        second = by_number(session, PLACE, self.pattern, aktenzeichen)
        if second is None or second.id not in joins.known(reader, [second.id]):
            audit.note(reader, "case_file.refused", "case_file", second.id if second else "unknown")
            return None
        if second.provisional:
            raise Unusable(
                f"{second.aktenzeichen} ist selbst eine vorläufige Akte.",
                remedy="Die Nummer der Akte aus dem Register angeben.",
            )
        if first.protected and not second.protected:
            raise NotPermitted(
                "Die vorläufige Akte ist geschützt, die andere nicht.",
                remedy="Zuerst den Schutz im Register eintragen lassen.",
            )
        return first, second

    @staticmethod
    def _check_fresh(session: EakteSession, reader: Reader, first: CaseFile) -> None:
        if first.joined_into is None:
            return
        known = Joins(session).known(reader, [first.joined_into])
        into = f" mit {known[first.joined_into].aktenzeichen}" if known else ""
        who = "Jemand"
        row = AuditLog(session).newest(PLACE, "case_file", first.id, ["case_file.join"])
        if row is not None:
            who = Organisation(session).names([row.actor])[row.actor]
        raise Conflict(
            f"{who} hat die vorläufige Akte schon{into} zusammengeführt.",
            remedy="Dort weiterarbeiten.",
        )

    def _waiting(
        self, session: EakteSession, reader: Reader, covers: Sequence[CaseFile]
    ) -> list[WaitingFile]:
        joins, ids = Joins(session), [one.id for one in covers]
        people = CaseFiles(session).people(PLACE, ids)
        counts = joins.document_counts(reader, ids)
        alike = joins.alike(reader, ids)
        real = joins.known(reader, {one.case_file_id for one in alike})
        members = CaseFiles(session).people(PLACE, real)
        answer = []
        for cover in covers:
            mine = [one for one in alike if one.provisional_id == cover.id]
            best = {one.case_file_id: one for one in sorted(mine, key=_weight)}
            answer.append(
                WaitingFile(
                    side=_side(session, cover, people[cover.id]),
                    opened=cover.opened_at.astimezone(UTC).date(),
                    documents=counts.get(cover.id, 0),
                    proposals=tuple(
                        Proposal(
                            ref=ref_of(real[file_id], members[file_id]),
                            born=one.born,
                            address=one.address,
                        )
                        for file_id, one in sorted(
                            best.items(), key=lambda pair: (-_weight(pair[1]), pair[0])
                        )
                    ),
                )
            )
        return answer

    def _comparison(
        self,
        session: EakteSession,
        reader: Reader,
        first: CaseFile,
        second: CaseFile | None,
        chosen: Mapping[str, str] | None = None,
    ) -> Comparison:
        (waiting,) = self._waiting(session, reader, [first])
        rows = CaseFiles(session)
        mine = rows.people(PLACE, [first.id])[first.id]
        if second is None:
            return Comparison(
                waiting=waiting, real=None, same={}, agrees=False, address=False, stand=""
            )
        theirs = rows.people(PLACE, [second.id])[second.id]
        address = bool(first.address_key) and first.address_key == second.address_key
        members = {person.id: person for person, _ in theirs}
        same = {
            person.id: _likest(person, members.values())
            if chosen is None
            else chosen.get(person.id, "")
            for person, _ in mine
        }
        return Comparison(
            waiting=waiting,
            real=_side(session, second, theirs),
            same={one: other if other in members else "" for one, other in same.items()},
            agrees=bool(mine)
            and all(
                _is_same(person, members.get(same[person.id]), address=address)
                for person, _ in mine
            ),
            address=address,
            stand=_stand((first, mine), (second, theirs)),
        )

    def _join(
        self,
        session: EakteSession,
        reader: Reader,
        first: CaseFile,
        second: CaseFile,
        same: Mapping[str, str],
    ) -> Joined:
        now, today = self.database.clock.now(), self.database.clock.today()
        number, audit = second.aktenzeichen, AuditLog(session)
        old, new = first.id, second.id
        excluded = CaseFiles(session).excluded(PLACE, old)
        moved = Joins(session).move(PLACE, first, second, same)
        cover = session.get_one(CaseFile, new)
        merge_equal(session, new)
        for document_id in moved:
            document = session.get_one(Document, document_id)
            facts = Facts(session).of_document(PLACE, document_id)
            attach(session, document, cover, facts, now)
            for one in reckon_with_its_kin(session, document, now, facts=facts, cover=cover):
                plan_wiedervorlagen(session, session.get_one(Document, one), now, today)
            audit.note(reader, "document.join", "document", document_id, details={"case_file": new})
        RegisterTerms(session).refresh(PLACE, [new])
        outbox = Outbox(session)
        if excluded:
            outbox.put_case_files([new], (), now)
        else:
            outbox.put(moved, now)
        details = {"into": new, "documents": len(moved)}
        audit.note(reader, "case_file.join", "case_file", old, details=details)
        return Joined(aktenzeichen=number, documents=len(moved))


def _check(reader: Reader) -> None:
    if not (reader.at_clearing_desk or reader.has_role(*_READS_FILES)):
        raise NotPermitted("Vorläufige Akten sind für Ihre Rolle nicht offen.")


def _check_same(comparison: Comparison, *, sure: bool) -> None:
    missing = [one for one in comparison.waiting.side.people if not comparison.same.get(one.id)]
    if missing:
        raise Unusable(
            f"Für {missing[0].first_name} {missing[0].last_name} ist keine Person gewählt.",
            remedy="Steht die Person nicht in der anderen Akte, gehören die Akten nicht zusammen.",
        )
    if not comparison.agrees and not sure:
        raise Unusable(
            "Name und Geburtsdatum oder Anschrift stimmen nicht überein.",
            remedy="Beide Akten vergleichen; sind es dieselben Personen, das Feld dafür ankreuzen.",
        )


def _weight(one: Alike) -> int:
    return 2 * one.born + one.address


def _keys(person: PersonRow) -> set[str]:
    former = [one for one in person.former_names.split(NAME_SEPARATOR) if one]
    return set(name_keys(person.first_name, person.last_name, former))


def _is_same(person: PersonRow, other: PersonRow | None, *, address: bool) -> bool:
    if other is None or not _keys(person) & _keys(other):
        return False
    if person.birth_date is None or other.birth_date is None:
        return address
    return person.birth_date == other.birth_date


def _likest(person: PersonRow, others: Iterable[PersonRow]) -> str:
    """The one of the same name and birth date, else the only one of that name; "" for none."""
    named = [one for one in others if _keys(person) & _keys(one)]
    born = [one for one in named if one.birth_date == person.birth_date and one.birth_date]
    chosen = born or named
    return chosen[0].id if len(chosen) == 1 else ""


def _views(people: People) -> tuple[PersonView, ...]:
    return tuple(person_view(one, applicant=member.applicant) for one, member in people)


def _place(cover: CaseFile) -> str:
    return f"{cover.postcode} {cover.city}".strip()


def _side(session: EakteSession, cover: CaseFile, people: People) -> FileSide:
    return FileSide(
        ref=ref_of(cover, people),
        people=_views(people),
        street=cover.street,
        place=_place(cover),
        site=Organisation(session).site_name(cover.site_id),
        closed=cover.closed,
    )


def _stand(*sides: tuple[CaseFile, People]) -> str:
    """A digest of everything that is shown to be compared."""
    shown = [
        [cover.id, cover.version, cover.street, cover.postcode, cover.city]
        + [
            [one.id, one.first_name, one.last_name, str(one.birth_date), member.applicant]
            for one, member in people
        ]
        for cover, people in sides
    ]
    return hashlib.sha256(json.dumps(shown).encode()).hexdigest()[:24]
