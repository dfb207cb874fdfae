"""Case files with their people and those who answer for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import Session

from eakte.domain.rights import Reader
from eakte.models import (
    CaseFile,
    CaseFileNumber,
    EmergencyAccess,
    ExcludedLogin,
    Membership,
    PersonRow,
    Responsibility,
)
from eakte.repositories.register_terms import found_by, with_number
from eakte.repositories.rights import case_file_visible

_LIKELY = 8
"""Among so many files is likely to be one that a caseworker may open: one of seven sites' is."""
_AT_ONCE = 4_000


class CaseFiles:
    """Case files within a reader's rights."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def get(self, reader: Reader, case_file_id: str) -> CaseFile | None:
        """The case file, or None where it is unknown or not open to ``reader``."""
        return self.session.scalar(
            select(CaseFile).where(CaseFile.id == case_file_id, case_file_visible(reader))
        )

    def by_number(self, reader: Reader, number_key: str) -> Sequence[CaseFile]:
        """Case files of that canonical number, present ones before former ones."""
        return self.session.scalars(
            select(CaseFile)
            .join(CaseFileNumber, CaseFileNumber.case_file_id == CaseFile.id)
            .where(CaseFileNumber.number_key == number_key, case_file_visible(reader))
            .order_by(CaseFileNumber.former, CaseFile.aktenzeichen)
        ).all()

    def numbered(
        self, reader: Reader, digits: str, most: int, *, begun: bool = False
    ) -> list[str] | None:
        """The numbers of case files with a number of these digits (``begun``: that begin so).

        Other numbers that have a part of these digits may be among them.  None where more than
        ``most`` case files come into question, whoever may open them.
        """
        likely = self.session.scalars(with_number(digits, begun=begun).limit(most + 1)).all()
        if len(likely) > most:
            return None
        return list(
            self.session.scalars(
                select(CaseFile.aktenzeichen).where(
                    CaseFile.id.in_(likely), case_file_visible(reader)
                )
            )
        )

    def find(
        self,
        reader: Reader,
        text: str,
        keys: Iterable[str],
        limit: int,
        *,
        without: str | None = None,
    ) -> list[CaseFile]:
        """Case files of which every word of ``text`` begins a term, after those of the ``keys``.

        Terms are names, numbers, birth dates and parts of the address; ``keys`` are canonical
        numbers that ``text`` may mean; ``without``: files that exclude this login are left out.
        """
        shown = case_file_visible(reader)
        if without is not None:
            shut = exists(
                select(ExcludedLogin.login).where(
                    ExcludedLogin.case_file_id == CaseFile.id, ExcludedLogin.login == without
                )
            )
            shown = and_(shown, ~shut)
        meant = list(keys)
        by_number = None
        if meant:
            by_number = CaseFile.id.in_(
                select(CaseFileNumber.case_file_id).where(CaseFileNumber.number_key.in_(meant))
            )
        by_words = found_by(self.session, text)
        answer: dict[str, CaseFile] = {}
        for condition in (by_number, by_words):
            if condition is not None and len(answer) < limit:
                for cover in islice(self._in_order(condition, shown, limit * _LIKELY), limit):
                    answer.setdefault(cover.id, cover)
        return list(answer.values())[:limit]

    def _in_order(
        self, condition: ColumnElement[bool], shown: ColumnElement[bool], size: int
    ) -> Iterator[CaseFile]:
        """The case files that hold ``condition`` and may be shown, by number.

        A right costs many times what an order costs: it is asked for so many as are likely to
        hold enough, and for more where they did not.
        """
        offset = 0
        while True:
            ids = self.session.scalars(
                select(CaseFile.id)
                .where(condition)
                .order_by(CaseFile.aktenzeichen)
                .limit(size)
                .offset(offset)
            ).all()
            yield from self.session.scalars(
                select(CaseFile).where(CaseFile.id.in_(ids), shown).order_by(CaseFile.aktenzeichen)
            )
            if len(ids) < size:
                return
            offset += size
            size = min(size * _LIKELY, _AT_ONCE)

    def people(
        self, reader: Reader, case_file_ids: Iterable[str]
    ) -> dict[str, list[tuple[PersonRow, Membership]]]:
        """The members of each case file, the applicant first."""
        answer: dict[str, list[tuple[PersonRow, Membership]]] = defaultdict(list)
        for person, member in self.session.execute(
            select(PersonRow, Membership)
            .join(Membership, Membership.person_id == PersonRow.id)
            .join(CaseFile, CaseFile.id == Membership.case_file_id)
            .where(CaseFile.id.in_(list(case_file_ids)), case_file_visible(reader))
            .order_by(Membership.applicant.desc(), Membership.position)
        ):
            answer[member.case_file_id].append((person, member))
        return answer

    def responsible(self, reader: Reader, case_file_id: str) -> Sequence[Responsibility]:
        """Who answers for the file, by function."""
        return self.session.scalars(
            select(Responsibility)
            .join(CaseFile, CaseFile.id == Responsibility.case_file_id)
            .where(CaseFile.id == case_file_id, case_file_visible(reader))
            .order_by(Responsibility.function, Responsibility.person_id)
        ).all()

    def numbers(self, reader: Reader, case_file_id: str) -> Sequence[CaseFileNumber]:
        """Every number of the file, the present one first."""
        return self.session.scalars(
            select(CaseFileNumber)
            .join(CaseFile, CaseFile.id == CaseFileNumber.case_file_id)
            .where(CaseFile.id == case_file_id, case_file_visible(reader))
            .order_by(CaseFileNumber.former, CaseFileNumber.written)
        ).all()

    def excluded(self, reader: Reader, case_file_id: str) -> frozenset[str]:
        """Who never sees the file (for the routing step)."""
        if not reader.is_system:
            return frozenset()
        return frozenset(
            self.session.scalars(
                select(ExcludedLogin.login).where(ExcludedLogin.case_file_id == case_file_id)
            )
        )

    def excludes(self, reader: Reader, case_file_id: str) -> bool:
        """Whether the file excludes the reader; asked before anything is told of it."""
        shut = select(ExcludedLogin.login).where(
            ExcludedLogin.case_file_id == case_file_id, ExcludedLogin.login == reader.login
        )
        return self.session.scalar(shut) is not None

    def emergencies(self, reader: Reader, since: date) -> Sequence[tuple[EmergencyAccess, str]]:
        """Every Notzugriff since that day with the file's number; for leads and administrators.

        Nobody learns from it of a file that they are excluded from.
        """
        if not reader.has_role("team_lead", "administrator"):
            return []
        rows = self.session.execute(
            select(EmergencyAccess, CaseFile.aktenzeichen)
            .join(CaseFile, CaseFile.id == EmergencyAccess.case_file_id)
            .where(
                EmergencyAccess.day >= since,
                EmergencyAccess.case_file_id.not_in(
                    select(ExcludedLogin.case_file_id).where(ExcludedLogin.login == reader.login)
                ),
            )
            .order_by(EmergencyAccess.opened_at.desc())
        )
        return [(access, number) for access, number in rows]
