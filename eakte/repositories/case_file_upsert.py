"""Writes case files of the register with their people; marks what the index must learn again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from eakte.domain.ids import new_id
from eakte.domain.rights import Reader
from eakte.errors import RegisterError
from eakte.language.aktenzeichen import AktenzeichenPattern
from eakte.language.names import name_keys
from eakte.models import (
    CaseFile,
    CaseFileNumber,
    Caseworker,
    ExcludedLogin,
    Membership,
    NameKey,
    PersonRow,
    Representative,
    Responsibility,
    Site,
)
from eakte.repositories.outbox import Outbox
from eakte.repositories.register import NAME_SEPARATOR
from eakte.repositories.register_upsert import REMEDY


@dataclass(frozen=True, slots=True, kw_only=True)
class RepresentativeFacts:
    """A representative as the register gives it."""

    kind: str
    name: str
    street: str = ""
    postcode: str = ""
    city: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFacts:
    """A member as the register gives it; None for what was left out."""

    first_name: str
    last_name: str
    former_names: tuple[str, ...] | None = None
    birth_date: date | None = None
    customer_number: str | None = None
    applicant: bool = False
    responsible: Mapping[str, str] | None = None
    member_from: date | None = None
    member_to: date | None = None
    died: date | None = None
    representatives: tuple[RepresentativeFacts, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFileGiven:
    """A case file as the register gives it; ``given`` are the keys that stand in the file."""

    aktenzeichen: str
    site: str
    people: tuple[PersonFacts, ...]
    street: str = ""
    postcode: str = ""
    city: str = ""
    responsible: Mapping[str, str] | None = None
    protected: bool = False
    protected_reason: str | None = None
    excluded_logins: tuple[str, ...] | None = None
    former_numbers: tuple[str, ...] | None = None
    closed: date | None = None
    given: frozenset[str] = field(default_factory=frozenset)


class CaseFileUpsert:
    """Makes or changes case files within the caller's transaction."""

    def __init__(
        self, session: Session, reader: Reader, pattern: AktenzeichenPattern, now: datetime
    ) -> None:
        if not reader.is_system:
            raise RegisterError("Das Register liest nur das System ein.")
        self.session = session
        self.pattern = pattern
        self.now = now
        self._logins = set(session.scalars(select(Caseworker.login)))
        self._sites = set(session.scalars(select(Site.id)))

    def put(self, facts: CaseFileGiven) -> str:
        """Make or change the case file; returns its id."""
        number = facts.aktenzeichen
        if facts.site not in self._sites:
            raise RegisterError(
                f"Die Akte {number} nennt den unbekannten Standort „{facts.site}“.", remedy=REMEDY
            )
        cover = self.session.scalar(select(CaseFile).where(CaseFile.aktenzeichen == number))
        if cover is None:
            cover = CaseFile(
                id=new_id(), aktenzeichen=number, site_id=facts.site, opened_at=self.now
            )
            self.session.add(cover)
        cover.site_id = facts.site
        cover.provisional = False
        for key in ("street", "postcode", "city", "protected", "protected_reason", "closed"):
            if key in facts.given:
                setattr(cover, key, getattr(facts, key))
        self.session.flush()
        self._numbers(cover, facts)
        self._excluded(cover, facts)
        self._responsible(cover.id, None, facts.responsible, number)
        for position, person in enumerate(facts.people):
            self._person(cover, person, position)
        Outbox(self.session).put_case_file(cover.id, self.now)
        return cover.id

    def _numbers(self, cover: CaseFile, facts: CaseFileGiven) -> None:
        key = self.pattern.normalise(cover.aktenzeichen) or cover.aktenzeichen
        other = self.session.scalar(
            select(CaseFile.aktenzeichen)
            .join(CaseFileNumber, CaseFileNumber.case_file_id == CaseFile.id)
            .where(
                CaseFileNumber.number_key == key,
                ~CaseFileNumber.former,
                CaseFile.id != cover.id,
            )
        )
        if other is not None:
            raise RegisterError(
                f"Das Aktenzeichen {cover.aktenzeichen} gibt es schon in der Schreibweise {other}.",
                remedy=REMEDY,
            )
        numbers = {key: (cover.aktenzeichen, False)}
        if facts.former_numbers is None:
            kept = self.session.scalars(
                select(CaseFileNumber.written).where(
                    CaseFileNumber.case_file_id == cover.id, CaseFileNumber.former
                )
            ).all()
        else:
            kept = facts.former_numbers
        for written in kept:
            numbers.setdefault(self.pattern.normalise(written) or written, (written, True))
        self.session.execute(delete(CaseFileNumber).where(CaseFileNumber.case_file_id == cover.id))
        self.session.add_all(
            CaseFileNumber(
                number_key=number_key, case_file_id=cover.id, written=written, former=former
            )
            for number_key, (written, former) in numbers.items()
        )
        self.session.flush()

    def _excluded(self, cover: CaseFile, facts: CaseFileGiven) -> None:
        if facts.excluded_logins is None:
            return
        self._check_logins(facts.excluded_logins, cover.aktenzeichen)
        self.session.execute(delete(ExcludedLogin).where(ExcludedLogin.case_file_id == cover.id))
        self.session.add_all(
            ExcludedLogin(case_file_id=cover.id, login=login)
            for login in dict.fromkeys(facts.excluded_logins)
        )
        self.session.flush()

    def _responsible(
        self,
        case_file_id: str,
        person_id: str | None,
        responsible: Mapping[str, str] | None,
        number: str,
    ) -> None:
        if responsible is None:
            return
        self._check_logins(responsible.values(), number)
        of_person = (
            Responsibility.person_id.is_(None)
            if person_id is None
            else Responsibility.person_id == person_id
        )
        self.session.execute(
            delete(Responsibility).where(Responsibility.case_file_id == case_file_id, of_person)
        )
        self.session.add_all(
            Responsibility(
                id=new_id(),
                case_file_id=case_file_id,
                person_id=person_id,
                function=function,
                login=login,
            )
            for function, login in responsible.items()
        )
        self.session.flush()

    def _person(self, cover: CaseFile, facts: PersonFacts, position: int) -> None:
        row = self._known_person(cover, facts)
        if row is None:
            row = PersonRow(id=new_id(), customer_number=facts.customer_number)
            self.session.add(row)
        row.first_name, row.last_name = facts.first_name, facts.last_name
        row.birth_date, row.died = facts.birth_date, facts.died
        if facts.customer_number is not None:
            row.customer_number = facts.customer_number
        if facts.former_names is not None:
            row.former_names = NAME_SEPARATOR.join(facts.former_names)
        self.session.flush()
        former = (row.former_names or "").split(NAME_SEPARATOR) if row.former_names else []
        self.session.execute(delete(NameKey).where(NameKey.person_id == row.id))
        self.session.add_all(
            NameKey(name_key=key[:200], person_id=row.id)
            for key in name_keys(row.first_name, row.last_name, former)
        )
        member = self.session.get(Membership, (cover.id, row.id))
        if member is None:
            member = Membership(case_file_id=cover.id, person_id=row.id)
            self.session.add(member)
        member.applicant, member.position = facts.applicant, position
        member.member_from, member.member_to = facts.member_from, facts.member_to
        self.session.flush()
        self._responsible(cover.id, row.id, facts.responsible, cover.aktenzeichen)
        self._representatives(row.id, facts.representatives)

    def _known_person(self, cover: CaseFile, facts: PersonFacts) -> PersonRow | None:
        if facts.customer_number is not None:
            found = self.session.scalar(
                select(PersonRow).where(PersonRow.customer_number == facts.customer_number)
            )
            if found is not None:
                return found
        # Names and birth date count within the file; a person who now has a customer number is
        # the same one who had none before.
        return self.session.scalar(
            select(PersonRow)
            .join(Membership, Membership.person_id == PersonRow.id)
            .where(
                Membership.case_file_id == cover.id,
                PersonRow.first_name == facts.first_name,
                PersonRow.last_name == facts.last_name,
                PersonRow.birth_date == facts.birth_date
                if facts.birth_date is not None
                else PersonRow.birth_date.is_(None),
                PersonRow.customer_number.is_(None),
            )
        )

    def _representatives(
        self, person_id: str, representatives: Sequence[RepresentativeFacts] | None
    ) -> None:
        if representatives is None:
            return
        self.session.execute(delete(Representative).where(Representative.person_id == person_id))
        self.session.add_all(
            Representative(
                id=new_id(),
                person_id=person_id,
                kind=entry.kind,
                name=entry.name,
                street=entry.street,
                postcode=entry.postcode,
                city=entry.city,
            )
            for entry in representatives
        )
        self.session.flush()

    def _check_logins(self, logins: Iterable[str], number: str) -> None:
        for login in logins:
            if login not in self._logins:
                raise RegisterError(
                    f"Die Akte {number} nennt den unbekannten Login „{login}“.", remedy=REMEDY
                )
