"""What the database already holds about some case files and people, loaded at once.

Plain rows by key, no ORM objects: comparing them with the register must cost next to nothing where
nothing changed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from eakte.models import (
    CaseFile,
    CaseFileNumber,
    ExcludedLogin,
    Membership,
    NameKey,
    PersonRow,
    Representative,
    Responsibility,
)
from eakte.repositories.register_facts import CaseFileGiven, RepresentativeFacts

State = dict[str, Any]
"""A row's changeable columns by name."""

COVER = ("site_id", "street", "postcode", "city", "address_key", "provisional", "protected",
         "protected_reason", "closed")  # fmt: skip
PERSON = ("first_name", "last_name", "former_names", "birth_date", "customer_number", "died")
MEMBER = ("applicant", "position", "member_from", "member_to")


class Present:
    """The rows behind a number of register entries, and the ones that are about to be made.

    ``ids`` case file ids by Aktenzeichen; ``covers`` and ``people`` states by id; ``numbers``
    (written, former) by canonical form by case file; ``taken`` the Aktenzeichen that holds a
    canonical number now; ``responsible`` (row id, login) by function by (case file, person or
    None); ``members`` states by person by case file; ``by_customer`` person ids;
    ``changed_here`` what the register had said of the responsibilities that a person changed.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self.ids: dict[str, str] = {}
        self.covers: dict[str, State] = {}
        self.numbers: dict[str, dict[str, tuple[str, bool]]] = defaultdict(dict)
        self.taken: dict[str, str] = {}
        self.excluded: dict[str, set[str]] = defaultdict(set)
        self.responsible: dict[tuple[str, str | None], dict[str, tuple[str, str]]] = defaultdict(
            dict
        )
        self.members: dict[str, dict[str, State]] = defaultdict(dict)
        self.people: dict[str, State] = {}
        self.by_customer: dict[str, str] = {}
        self.changed_here: dict[tuple[str, str | None], dict[str, str | None]] = {}
        self.name_keys: dict[str, set[str]] = defaultdict(set)
        self.representatives: dict[str, list[RepresentativeFacts]] = defaultdict(list)

    @classmethod
    def load(
        cls, session: Session, entries: Iterable[CaseFileGiven], number_keys: Iterable[str]
    ) -> Present:
        """Everything about ``entries``, whose canonical numbers are ``number_keys``."""
        given = list(entries)
        present = cls(session)
        present._covers(entry.aktenzeichen for entry in given)
        present._numbers(number_keys)
        present._rights()
        present._members()
        present._customers(
            person.customer_number
            for entry in given
            for person in entry.people
            if person.customer_number is not None
        )
        present._of_people()
        return present

    def _covers(self, numbers: Iterable[str]) -> None:
        columns = [getattr(CaseFile, name) for name in COVER]
        for identifier, number, *values in self.session.execute(
            select(CaseFile.id, CaseFile.aktenzeichen, *columns).where(
                CaseFile.aktenzeichen.in_(list(numbers))
            )
        ):
            self.ids[number] = identifier
            self.covers[identifier] = dict(zip(COVER, values, strict=True))

    def _numbers(self, keys: Iterable[str]) -> None:
        for identifier, key, written, former in self.session.execute(
            select(
                CaseFileNumber.case_file_id,
                CaseFileNumber.number_key,
                CaseFileNumber.written,
                CaseFileNumber.former,
            ).where(CaseFileNumber.case_file_id.in_(list(self.covers)))
        ):
            self.numbers[identifier][key] = (written, former)
        self.taken = dict(
            self.session.execute(
                select(CaseFileNumber.number_key, CaseFile.aktenzeichen)
                .join(CaseFile, CaseFile.id == CaseFileNumber.case_file_id)
                .where(CaseFileNumber.number_key.in_(list(keys)), ~CaseFileNumber.former)
            ).all()
        )

    def _rights(self) -> None:
        for identifier, login in self.session.execute(
            select(ExcludedLogin.case_file_id, ExcludedLogin.login).where(
                ExcludedLogin.case_file_id.in_(list(self.covers))
            )
        ):
            self.excluded[identifier].add(login)
        for row_id, identifier, person, function, login in self.session.execute(
            select(
                Responsibility.id,
                Responsibility.case_file_id,
                Responsibility.person_id,
                Responsibility.function,
                Responsibility.login,
            ).where(Responsibility.case_file_id.in_(list(self.covers)))
        ):
            self.responsible[identifier, person][function] = (row_id, login)

    def _members(self) -> None:
        columns = [getattr(Membership, name) for name in MEMBER]
        for identifier, person, *values in self.session.execute(
            select(Membership.case_file_id, Membership.person_id, *columns).where(
                Membership.case_file_id.in_(list(self.covers))
            )
        ):
            self.members[identifier][person] = dict(zip(MEMBER, values, strict=True))
        self._people(
            PersonRow.id.in_({one for members in self.members.values() for one in members})
        )

    def _customers(self, numbers: Iterable[str]) -> None:
        missing = [number for number in numbers if number not in self.by_customer]
        if missing:
            self._people(PersonRow.customer_number.in_(missing))

    def _people(self, which: Any) -> None:  # noqa: ANN401  a clause of SQL
        columns = [getattr(PersonRow, name) for name in PERSON]
        for person, *values in self.session.execute(select(PersonRow.id, *columns).where(which)):
            state = dict(zip(PERSON, values, strict=True))
            self.people[person] = state
            if state["customer_number"] is not None:
                self.by_customer[state["customer_number"]] = person

    def _of_people(self) -> None:
        people = list(self.people)
        for key, person in self.session.execute(
            select(NameKey.name_key, NameKey.person_id).where(NameKey.person_id.in_(people))
        ):
            self.name_keys[person].add(key)
        for row in self.session.scalars(
            select(Representative)
            .where(Representative.person_id.in_(people))
            .order_by(Representative.id)
        ):
            self.representatives[row.person_id].append(
                RepresentativeFacts(
                    kind=row.kind,
                    name=row.name,
                    street=row.street,
                    postcode=row.postcode,
                    city=row.city,
                )
            )
