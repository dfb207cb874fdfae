"""The register as the case-file match asks it: exact look-ups by key, nothing else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, Row, Select, bindparam, select
from sqlalchemy.orm import Session

from eakte.domain.register import CaseFileFacts, Person, RepresentativeName
from eakte.domain.rights import Reader, system_reader
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


_KEYS: BindParameter[Any] = bindparam("keys", expanding=True)
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_OF_PEOPLE = select(Membership.case_file_id).join(PersonRow, PersonRow.id == Membership.person_id)
_QUESTIONS: dict[str, Select[str]] = {
    "id": select(CaseFile.id).where(CaseFile.id.in_(_KEYS)),
    "number": select(CaseFileNumber.case_file_id).where(CaseFileNumber.number_key.in_(_KEYS)),
    "address": select(CaseFile.id).where(CaseFile.address_key.in_(_KEYS)),
    "customer": _OF_PEOPLE.where(PersonRow.customer_number.in_(_KEYS)),
    "born": _OF_PEOPLE.where(PersonRow.birth_date.in_(_KEYS)),
    "name": select(Membership.case_file_id)
    .join(NameKey, NameKey.person_id == Membership.person_id)
    .where(NameKey.name_key.in_(_KEYS)),
}
"""Ids of case files by key.  Statements are made once: making them took longer than asking."""


def _seen_by(reader: Reader, key: str) -> Select[str]:
    return (
        select(CaseFile.id)
        .where(CaseFile.id.in_(_QUESTIONS[key]), case_file_visible(reader))
        .order_by(CaseFile.aktenzeichen)
    )


_SYSTEM = {key: _seen_by(system_reader("register"), key) for key in _QUESTIONS}
_FORMER = select(CaseFileNumber.case_file_id, CaseFileNumber.written).where(
    CaseFileNumber.case_file_id.in_(_IDS), CaseFileNumber.former
)
_WHOLE: Select[*tuple[Any, ...]] = (
    select(
        CaseFile.id,
        CaseFile.aktenzeichen,
        CaseFile.site_id,
        CaseFile.street,
        CaseFile.postcode,
        CaseFile.city,
        Membership.applicant,
        PersonRow.id,
        PersonRow.first_name,
        PersonRow.last_name,
        PersonRow.former_names,
        PersonRow.birth_date,
        PersonRow.customer_number,
        Representative.name,
        Representative.street,
        Representative.postcode,
    )
    .outerjoin(Membership, Membership.case_file_id == CaseFile.id)
    .outerjoin(PersonRow, PersonRow.id == Membership.person_id)
    .outerjoin(Representative, Representative.person_id == PersonRow.id)
    .where(CaseFile.id.in_(_IDS))
    .order_by(Membership.applicant.desc(), Membership.position, Representative.id)
)
"""Case files with their people and those who speak for them: few have more than one row each."""
_KNOWN_WORD = select(RegisterTerm.term).where(RegisterTerm.term == bindparam("word")).limit(1)


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
        return self._facts("number", [self.pattern.key(aktenzeichen)])

    def by_customer_number(self, number: str) -> tuple[CaseFileFacts, ...]:
        """Case files with a member of that customer number."""
        return self._facts("customer", [number])

    def by_names(self, keys: Iterable[str]) -> tuple[CaseFileFacts, ...]:
        """Case files with a member under one of the name keys."""
        return self._facts("name", keys)

    def by_birth_dates(self, dates: Iterable[date]) -> tuple[CaseFileFacts, ...]:
        """Case files with a member born on one of ``dates``."""
        return self._facts("born", dates)

    def by_addresses(self, keys: Iterable[str]) -> tuple[CaseFileFacts, ...]:
        """Case files at one of the addresses."""
        return self._facts("address", set(keys) - {""})

    def by_references(
        self, references: Iterable[FoundReference]
    ) -> Mapping[str, tuple[CaseFileFacts, ...]]:
        """By the reference's value: the one case file whose filed documents bear it."""
        places = KnownReferences(self.session).places(self.reader, references)
        found = self._facts("id", {place.case_file_id for place in places})
        files = {file.id: file for file in found}
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
        return frozenset(word for word in words if self._ask(_KNOWN_WORD, {"word": word}))

    def _facts(self, key: str, values: Iterable[object]) -> tuple[CaseFileFacts, ...]:
        wanted = sorted(set(values), key=str)
        if not wanted:
            return ()
        asked = _SYSTEM[key] if self.reader.is_system else _seen_by(self.reader, key)
        ids = [row[0] for row in self._ask(asked, {"keys": wanted})]
        missing = [one for one in ids if one not in self._met]
        if missing:
            self._meet(missing)
        return tuple(self._met[one] for one in ids)

    def _ask(
        self, question: Select[*tuple[Any, ...]], values: Mapping[str, Any]
    ) -> Sequence[Row[*tuple[Any, ...]]]:
        """Plain rows, without what a session does for mapped objects: it took half of the time."""
        self.session.flush()
        return self.session.connection().execute(question, values).all()

    def _meet(self, ids: list[str]) -> None:
        """Load case files whole, as plain rows: mapped objects would cost more than the match."""
        asked = {"ids": ids}
        former: dict[str, list[str]] = defaultdict(list)
        for case_file_id, written in self._ask(_FORMER, asked):
            former[case_file_id].append(written)
        covers: dict[str, Sequence[Any]] = {}
        members: dict[str, dict[str, Sequence[Any]]] = defaultdict(dict)
        speak: dict[str, dict[RepresentativeName, None]] = defaultdict(dict)
        for row in self._ask(_WHOLE, asked):
            one, person = row[0], row[7]
            covers[one] = row[1:6]
            if person is not None:
                members[one].setdefault(person, row[6:13])
                if row[13] is not None:
                    name = RepresentativeName(name=row[13], street=row[14], postcode=row[15])
                    speak[person][name] = None
        for one, (number, site, street, postcode, city) in covers.items():
            self._met[one] = CaseFileFacts(
                id=one,
                aktenzeichen=number,
                former_numbers=tuple(former[one]),
                site=site,
                street=street,
                postcode=postcode,
                city=city,
                people=tuple(_person(values, speak) for values in members[one].values()),
            )


def _person(
    values: Sequence[Any], speak: Mapping[str, Mapping[RepresentativeName, None]]
) -> Person:
    applicant, identifier, first, last, former, born, customer = values
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
