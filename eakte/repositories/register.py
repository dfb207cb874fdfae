"""The register as the case-file match asks it: exact look-ups by key, nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from eakte.domain.register import CaseFileFacts, Person
from eakte.domain.rights import Reader
from eakte.language.aktenzeichen import AktenzeichenPattern
from eakte.models import CaseFile, CaseFileNumber, Membership, NameKey, PersonRow
from eakte.repositories.rights import case_file_visible

NAME_SEPARATOR = "\n"
"""Former names of a person stand in one column, one a line."""


class SqlRegister:
    """The ``Register`` port on the database (indexes on every key it asks for)."""

    def __init__(self, session: Session, reader: Reader, pattern: AktenzeichenPattern) -> None:
        self.session = session
        self.reader = reader
        self.pattern = pattern

    def by_number(self, aktenzeichen: str) -> tuple[CaseFileFacts, ...]:
        """Case files whose present or former number is ``aktenzeichen``."""
        key = self.pattern.normalise(aktenzeichen) or aktenzeichen
        return self._facts(
            select(CaseFileNumber.case_file_id).where(CaseFileNumber.number_key == key)
        )

    def by_customer_number(self, number: str) -> tuple[CaseFileFacts, ...]:
        """Case files with a member of that customer number."""
        return self._facts(
            select(Membership.case_file_id)
            .join(PersonRow, PersonRow.id == Membership.person_id)
            .where(PersonRow.customer_number == number)
        )

    def by_names(self, keys: Iterable[str]) -> tuple[CaseFileFacts, ...]:
        """Case files with a member under one of the name keys."""
        wanted = sorted(set(keys))
        return (
            self._facts(
                select(Membership.case_file_id)
                .join(NameKey, NameKey.person_id == Membership.person_id)
                .where(NameKey.name_key.in_(wanted))
            )
            if wanted
            else ()
        )

    def by_birth_dates(self, dates: Iterable[date]) -> tuple[CaseFileFacts, ...]:
        """Case files with a member born on one of ``dates``."""
        wanted = sorted(set(dates))
        return (
            self._facts(
                select(Membership.case_file_id)
                .join(PersonRow, PersonRow.id == Membership.person_id)
                .where(PersonRow.birth_date.in_(wanted))
            )
            if wanted
            else ()
        )

    def _facts(self, case_file_ids: Select[str]) -> tuple[CaseFileFacts, ...]:
        covers = self.session.scalars(
            select(CaseFile)
            .where(CaseFile.id.in_(case_file_ids), case_file_visible(self.reader))
            .order_by(CaseFile.aktenzeichen)
        ).all()
        if not covers:
            return ()
        ids = [cover.id for cover in covers]
        former: dict[str, list[str]] = {}
        for case_file_id, written in self.session.execute(
            select(CaseFileNumber.case_file_id, CaseFileNumber.written).where(
                CaseFileNumber.case_file_id.in_(ids), CaseFileNumber.former
            )
        ):
            former.setdefault(case_file_id, []).append(written)
        people: dict[str, list[Person]] = {}
        for row, member in self.session.execute(
            select(PersonRow, Membership)
            .join(Membership, Membership.person_id == PersonRow.id)
            .where(Membership.case_file_id.in_(ids))
            .order_by(Membership.applicant.desc(), Membership.position)
        ):
            people.setdefault(member.case_file_id, []).append(_person(row, member))
        return tuple(
            CaseFileFacts(
                id=cover.id,
                aktenzeichen=cover.aktenzeichen,
                former_numbers=tuple(former.get(cover.id, ())),
                site=cover.site_id,
                street=cover.street,
                postcode=cover.postcode,
                city=cover.city,
                people=tuple(people.get(cover.id, ())),
            )
            for cover in covers
        )


def _person(row: PersonRow, member: Membership) -> Person:
    return Person(
        id=row.id,
        first_name=row.first_name,
        last_name=row.last_name,
        former_names=tuple(filter(None, row.former_names.split(NAME_SEPARATOR))),
        birth_date=row.birth_date,
        customer_number=row.customer_number,
        applicant=member.applicant,
    )
