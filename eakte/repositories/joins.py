"""Provisional case files, the register's files they may be, and the joining of the two.

What refers to a case file or to a person stands in the lists below; a test compares them with the
schema, so that a new table says what becomes of its rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, delete, exists, func, insert, or_, select, update
from sqlalchemy.orm import Session

from eakte.domain.ids import new_id
from eakte.domain.rights import Reader
from eakte.models import (
    Annotation,
    CaseFile,
    CaseFileNumber,
    CounterReceipt,
    DocumentPerson,
    ExcludedLogin,
    Filing,
    KnownReference,
    LocalChange,
    Membership,
    NameKey,
    PersonRow,
    RegisterTerm,
    Representative,
    Responsibility,
    SubFile,
    Vorgang,
)
from eakte.repositories.bulk import table_of
from eakte.repositories.rights import case_file_visible

OF_CASE_FILES = frozenset(
    {
        "annotations",
        "case_file_numbers",
        "counter_receipts",
        "excluded_logins",
        "filings",
        "memberships",
        "register_terms",
        "responsibilities",
        "sub_files",
        "vorgaenge",
    }
)
"""Tables whose rows go over to the real file, or go."""
STAY = frozenset(
    {"case_file_visits", "emergency_accesses", "file_moves", "file_windows", "misfilings"}
)
"""Tables whose rows stay with the empty cover: who opened it in an emergency opened no other, and
what was reported of it or called up for it is told as it was."""
OF_PEOPLE = frozenset(
    {
        "document_people",
        "filings",
        "known_references",
        "memberships",
        "name_keys",
        "representatives",
        "responsibilities",
        "sub_files",
    }
)
"""Tables whose rows name the person of the real file afterwards, or go."""

_KEYS_AT_ONCE = 500


class _Named(NamedTuple):
    """A member of a file, as far as it is compared."""

    case_file_id: str
    person_id: str
    born: date | None
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """A person of a provisional file and one of the register's with the same name.

    ``born`` and ``address``: what else is the same; at least one of them is.
    """

    provisional_id: str
    person_id: str
    case_file_id: str
    other_id: str
    born: bool
    address: bool


class Joins:
    """Looks up within a reader's rights; moving is the system's, within the caller's transaction.

    A file counts as known to whom it is open, and at the clearing desk unless it is protected or
    excludes the reader: so does the desk assign letters.
    """

    def __init__(self, session: Session) -> None:
        self.session = session

    def waiting(self, reader: Reader) -> Sequence[CaseFile]:
        """The provisional files that wait for their number, oldest first."""
        return self.session.scalars(
            select(CaseFile)
            .where(CaseFile.provisional, CaseFile.joined_into.is_(None), _known_to(reader))
            .order_by(CaseFile.opened_at, CaseFile.id)
        ).all()

    def known(self, reader: Reader, case_file_ids: Iterable[str]) -> dict[str, CaseFile]:
        """Those of the case files that are known to ``reader``, by id."""
        ids = list(case_file_ids)
        if not ids:
            return {}
        rows = self.session.scalars(select(CaseFile).where(CaseFile.id.in_(ids), _known_to(reader)))
        return {row.id: row for row in rows}

    def by_number(self, reader: Reader, aktenzeichen: str) -> CaseFile | None:
        """The file with that number on its cover, also one that was joined already."""
        return self.session.scalar(
            select(CaseFile).where(CaseFile.aktenzeichen == aktenzeichen, _known_to(reader))
        )

    def locked(self, reader: Reader, case_file_ids: Iterable[str]) -> dict[str, CaseFile]:
        """The files with their rows locked, the system's alone: nothing is filed meanwhile."""
        if not reader.is_system:
            return {}
        rows = self.session.scalars(
            select(CaseFile)
            .where(CaseFile.id.in_(list(case_file_ids)))
            .order_by(CaseFile.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        return {row.id: row for row in rows}

    def alike(self, reader: Reader, provisional_ids: Iterable[str]) -> list[Alike]:
        """People of the register who bear the name of one of these files' people.

        And were born on the same day, or live at the same address and were not born on another.
        Only in files known to ``reader``.
        """
        wanted: dict[str, list[_Named]] = defaultdict(list)
        for key, one in self._named(CaseFile.id.in_(list(provisional_ids))):
            wanted[key].append(one)
        found: dict[tuple[str, str, str], Alike] = {}
        real = and_(~CaseFile.provisional, CaseFile.joined_into.is_(None))
        keys = sorted(wanted)
        for start in range(0, len(keys), _KEYS_AT_ONCE):
            part = NameKey.name_key.in_(keys[start : start + _KEYS_AT_ONCE])
            for key, other in self._named(part, real):
                for one in wanted[key]:
                    born = one.born is not None and one.born == other.born
                    address = bool(one.address) and one.address == other.address
                    if born or (address and None in {one.born, other.born}):
                        found[one.case_file_id, one.person_id, other.person_id] = Alike(
                            provisional_id=one.case_file_id,
                            person_id=one.person_id,
                            case_file_id=other.case_file_id,
                            other_id=other.person_id,
                            born=born,
                            address=address,
                        )
        shown = self.known(reader, {one.case_file_id for one in found.values()})
        return [one for one in found.values() if one.case_file_id in shown]

    def _named(self, *which: ColumnElement[bool]) -> list[tuple[str, _Named]]:
        """The members of files, each under every key of their names."""
        rows = self.session.execute(
            select(
                NameKey.name_key,
                Membership.case_file_id,
                PersonRow.id,
                PersonRow.birth_date,
                CaseFile.address_key,
            )
            .join(PersonRow, PersonRow.id == NameKey.person_id)
            .join(Membership, Membership.person_id == PersonRow.id)
            .join(CaseFile, CaseFile.id == Membership.case_file_id)
            .where(*which)
        )
        return [
            (key, _Named(case_file_id, person_id, born, address))
            for key, case_file_id, person_id, born, address in rows
        ]

    def document_counts(self, reader: Reader, case_file_ids: Iterable[str]) -> dict[str, int]:
        """How many documents stand in each of the files, as far as these are known to the reader.

        A number only: whoever joins is told how many letters go over.
        """
        rows = self.session.execute(
            select(Filing.case_file_id, func.count())
            .join(CaseFile, CaseFile.id == Filing.case_file_id)
            .where(CaseFile.id.in_(list(case_file_ids)), _known_to(reader))
            .group_by(Filing.case_file_id)
        )
        return dict(rows.all())

    # -- moving -----------------------------------------------------------------------------

    def move(
        self, reader: Reader, provisional: CaseFile, real: CaseFile, same: Mapping[str, str]
    ) -> list[str]:
        """Let everything of ``provisional`` be of ``real``; the ids of the documents moved.

        ``same`` says by id which person of the real file each person of the provisional one is.
        The number stays as a former one; nothing of the cover is lost but its people's second rows.
        """
        if not reader.is_system:
            return []
        self._numbers(provisional.id, real.id)
        self._excluded(provisional.id, real.id)
        moved = self._documents(provisional.id, real.id)
        for moved_along in (Vorgang, CounterReceipt):
            self.session.execute(
                update(moved_along)
                .where(moved_along.case_file_id == provisional.id)
                .values(case_file_id=real.id)
            )
        self._responsible(provisional.id, real.id, same)
        for model in (Membership, RegisterTerm):
            self.session.execute(delete(model).where(model.case_file_id == provisional.id))
        self.session.execute(delete(LocalChange).where(LocalChange.key.startswith(provisional.id)))
        for person_id, other_id in same.items():
            self._person(person_id, other_id)
        provisional.joined_into = real.id
        self.session.flush()
        self.session.expire_all()
        return moved

    def _numbers(self, old: str, new: str) -> None:
        held = select(CaseFileNumber.number_key).where(CaseFileNumber.case_file_id == new)
        mine = CaseFileNumber.case_file_id == old
        self.session.execute(
            delete(CaseFileNumber).where(mine, CaseFileNumber.number_key.in_(held)),
            execution_options={"synchronize_session": False},
        )
        self.session.execute(
            update(CaseFileNumber).where(mine).values(case_file_id=new, former=True),
            execution_options={"synchronize_session": False},
        )

    def _excluded(self, old: str, new: str) -> None:
        def of(case_file_id: str) -> set[str]:
            return set(
                self.session.scalars(
                    select(ExcludedLogin.login).where(ExcludedLogin.case_file_id == case_file_id)
                )
            )

        rows = [{"case_file_id": new, "login": login} for login in sorted(of(old) - of(new))]
        if rows:
            self.session.execute(insert(table_of(ExcludedLogin)), rows)
        self.session.execute(delete(ExcludedLogin).where(ExcludedLogin.case_file_id == old))

    def _documents(self, old: str, new: str) -> list[str]:
        mine = Filing.case_file_id == old
        moved = list(self.session.scalars(select(Filing.document_id).where(mine)))
        there = select(Filing.document_id).where(Filing.case_file_id == new)
        for statement in (
            delete(Filing).where(mine, Filing.document_id.in_(there)),
            update(Filing).where(mine).values(case_file_id=new),
            update(Annotation).where(Annotation.case_file_id == old).values(case_file_id=new),
        ):
            self.session.execute(statement, execution_options={"synchronize_session": False})
        return sorted(moved)

    def _responsible(self, old: str, new: str, same: Mapping[str, str]) -> None:
        """Who answers for the real file stays; functions that nobody has there come along."""
        taken: dict[str | None, set[str]] = defaultdict(set)
        for row in self.session.scalars(
            select(Responsibility).where(Responsibility.case_file_id == new)
        ):
            taken[row.person_id].add(row.function)
        given = self.session.scalars(
            select(Responsibility).where(Responsibility.case_file_id == old)
        ).all()
        for row in given:
            person = None if row.person_id is None else same.get(row.person_id)
            self.session.delete(row)
            lost = row.person_id is not None and person is None
            if not lost and row.function not in taken[person]:
                taken[person].add(row.function)
                self.session.add(
                    Responsibility(
                        id=new_id(),
                        case_file_id=new,
                        person_id=person,
                        function=row.function,
                        login=row.login,
                    )
                )
        for shelf in self.session.scalars(select(SubFile).where(SubFile.case_file_id == old)):
            shelf.case_file_id = new
            shelf.person_id = same.get(shelf.person_id or "", shelf.person_id)
        self.session.flush()

    def _person(self, old: str, new: str) -> None:
        """Whoever was ``old`` is ``new`` from here on; a person in no other file goes."""
        if old == new:
            return
        about = select(DocumentPerson.document_id).where(DocumentPerson.person_id == new)
        mine = DocumentPerson.person_id == old
        for statement in (
            delete(DocumentPerson).where(mine, DocumentPerson.document_id.in_(about)),
            update(DocumentPerson).where(mine).values(person_id=new),
            *(
                update(model).where(model.person_id == old).values(person_id=new)
                for model in (Filing, KnownReference, Representative)
            ),
        ):
            self.session.execute(statement, execution_options={"synchronize_session": False})
        elsewhere = self.session.scalar(select(exists().where(Membership.person_id == old)))
        if not elsewhere:
            self.session.execute(delete(NameKey).where(NameKey.person_id == old))
            self.session.execute(delete(PersonRow).where(PersonRow.id == old))


def _known_to(reader: Reader) -> ColumnElement[bool]:
    ways = [case_file_visible(reader)]
    for point in reader.standpoints:
        if point.clearing:  # nobody's deputy sees more than they do
            shut = exists(
                select(ExcludedLogin.login).where(
                    ExcludedLogin.case_file_id == CaseFile.id,
                    ExcludedLogin.login.in_(sorted({reader.login, point.login})),
                )
            )
            ways.append(and_(~CaseFile.protected, ~shut))
    return or_(*ways)
