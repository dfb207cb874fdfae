"""The register as the case-file match asks it: exact look-ups by key, nothing else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from eakte.domain.register import CaseFileFacts, Person, RepresentativeName
from eakte.domain.rights import Reader
from eakte.language.aktenzeichen import AktenzeichenPattern
from eakte.language.references import FoundReference
from eakte.models import (
    CaseFile,
    CaseFileNumber,
    Membership,
    NameKey,
    PersonRow,
    RegisterTerm,
    Representative,
)
from eakte.repositories.known_references import KnownReferences
from eakte.repositories.rights import case_file_visible

NAME_SEPARATOR = "\n"
"""Former names of a person stand in one column, one a line."""


class SqlRegister:
    """The ``Register`` port on the database (indexes on every key it asks for).

    Holds what it answered before: one register is asked about one document.
    """

    def __init__(self, session: Session, reader: Reader, pattern: AktenzeichenPattern) -> None:
        self.session = session
        self.reader = reader
        self.pattern = pattern
        self._met: dict[str, CaseFileFacts] = {}

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

    def by_addresses(self, keys: Iterable[str]) -> tuple[CaseFileFacts, ...]:
        """Case files at one of the addresses."""
        wanted = sorted(set(keys) - {""})
        return (
            self._facts(select(CaseFile.id).where(CaseFile.address_key.in_(wanted)))
            if wanted
            else ()
        )

    def by_references(
        self, references: Iterable[FoundReference]
    ) -> Mapping[str, tuple[CaseFileFacts, ...]]:
        """By the reference's value: the one case file whose filed documents bear it."""
        places = KnownReferences(self.session).places(self.reader, references)
        files = {
            file.id: file
            for file in self._facts(
                select(CaseFile.id).where(CaseFile.id.in_([place.case_file_id for place in places]))
            )
        } if places else {}  # fmt: skip
        return {
            place.value: (files[place.case_file_id],)
            for place in places
            if place.case_file_id in files
        }

    def person_of(self, reference: FoundReference) -> str | None:
        """Whose insurance number this is; None where no filed document tells."""
        places = KnownReferences(self.session).places(self.reader, [reference])
        return places[0].person_id if places else None

    def known_words(self, words: Iterable[str]) -> frozenset[str]:
        """Those of the folded ``words`` that stand in the register as (part of) a name."""
        return frozenset(
            word
            for word in words
            if self.session.scalar(
                select(RegisterTerm.term).where(RegisterTerm.term == word).limit(1)
            )
        )

    def _facts(self, case_file_ids: Select[str]) -> tuple[CaseFileFacts, ...]:
        ids = list(
            self.session.scalars(
                select(CaseFile.id)
                .where(CaseFile.id.in_(case_file_ids), case_file_visible(self.reader))
                .order_by(CaseFile.aktenzeichen)
            )
        )
        missing = [one for one in ids if one not in self._met]
        if missing:
            self._meet(missing)
        return tuple(self._met[one] for one in ids)

    def _meet(self, ids: list[str]) -> None:
        """Load case files whole, as plain rows: mapped objects would cost more than the match."""
        former: dict[str, list[str]] = defaultdict(list)
        for case_file_id, written in self.session.execute(
            select(CaseFileNumber.case_file_id, CaseFileNumber.written).where(
                CaseFileNumber.case_file_id.in_(ids), CaseFileNumber.former
            )
        ):
            former[case_file_id].append(written)
        rows = self.session.execute(
            select(
                Membership.case_file_id,
                Membership.applicant,
                PersonRow.id,
                PersonRow.first_name,
                PersonRow.last_name,
                PersonRow.former_names,
                PersonRow.birth_date,
                PersonRow.customer_number,
            )
            .join(PersonRow, PersonRow.id == Membership.person_id)
            .where(Membership.case_file_id.in_(ids))
            .order_by(Membership.applicant.desc(), Membership.position)
        ).all()
        speak = self._representatives([row[2] for row in rows])
        people: dict[str, list[Person]] = defaultdict(list)
        for case_file_id, applicant, *values in rows:
            people[case_file_id].append(_person(applicant, values, speak))
        for row in self.session.execute(
            select(
                CaseFile.id,
                CaseFile.aktenzeichen,
                CaseFile.site_id,
                CaseFile.street,
                CaseFile.postcode,
                CaseFile.city,
            ).where(CaseFile.id.in_(ids))
        ):
            self._met[row.id] = CaseFileFacts(
                id=row.id,
                aktenzeichen=row.aktenzeichen,
                former_numbers=tuple(former[row.id]),
                site=row.site_id,
                street=row.street,
                postcode=row.postcode,
                city=row.city,
                people=tuple(people[row.id]),
            )

    def _representatives(self, people: list[str]) -> dict[str, list[RepresentativeName]]:
        speak: dict[str, list[RepresentativeName]] = defaultdict(list)
        for person, name, street, postcode in self.session.execute(
            select(
                Representative.person_id,
                Representative.name,
                Representative.street,
                Representative.postcode,
            )
            .where(Representative.person_id.in_(people))
            .order_by(Representative.id)
        ):
            speak[person].append(RepresentativeName(name=name, street=street, postcode=postcode))
        return speak


def _person(
    applicant: bool,  # noqa: FBT001  a column of the row
    values: list[Any],
    speak: Mapping[str, list[RepresentativeName]],
) -> Person:
    identifier, first, last, former, born, customer = values
    return Person(
        id=identifier,
        first_name=first,
        last_name=last,
        former_names=tuple(filter(None, former.split(NAME_SEPARATOR))),
        birth_date=born,
        customer_number=customer,
        applicant=applicant,
        representatives=tuple(speak.get(identifier, ())),
    )
