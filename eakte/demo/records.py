"""The shapes of the register file, as the demo writes it (see design: "The register file")."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NotRequired, TypedDict

AbsenceRecord = TypedDict("AbsenceRecord", {"login": str, "from": str, "to": str | None})
SurnameRange = TypedDict("SurnameRange", {"function": str, "from": str, "to": str})


class SiteRecord(TypedDict):
    """A site and the postcodes it answers for."""

    id: str
    name: str
    postcodes: list[str]


class TeamRecord(TypedDict):
    """A team of one function; ``site`` is None for a central team."""

    id: str
    site: str | None
    function: str
    name: str


class CaseworkerRecord(TypedDict):
    """A Sachbearbeiter:in with roles, teams and deputies in their order."""

    login: str
    name: str
    roles: list[str]
    teams: list[str]
    deputies: NotRequired[list[str]]
    surname_ranges: NotRequired[list[SurnameRange]]


class RepresentativeRecord(TypedDict):
    """Who acts for a person: a ``betreuer`` (legal guardian) or an ``anwalt`` (lawyer)."""

    kind: str
    name: str
    street: str
    postcode: str
    city: str


class PersonRecord(TypedDict):
    """A member of a Bedarfsgemeinschaft; dates are ISO 8601."""

    first_name: str
    last_name: str
    former_names: list[str]
    birth_date: str
    customer_number: str
    applicant: bool
    responsible: dict[str, str]
    member_from: str | None
    member_to: str | None
    died: str | None
    representatives: list[RepresentativeRecord]


class CaseFileRecord(TypedDict):
    """An Akte with its people."""

    aktenzeichen: str
    site: str
    street: str
    postcode: str
    city: str
    responsible: dict[str, str]
    protected: bool
    protected_reason: str | None
    excluded_logins: list[str]
    former_numbers: list[str]
    closed: str | None
    people: list[PersonRecord]


class RegisterRecord(TypedDict):
    """The whole file."""

    sites: list[SiteRecord]
    teams: list[TeamRecord]
    caseworkers: list[CaseworkerRecord]
    absences: list[AbsenceRecord]
    case_files: list[CaseFileRecord]


def person_record(
    first_name: str,
    last_name: str,
    born: date,
    customer_number: str,
    *,
    former_names: Sequence[str] = (),
    applicant: bool = False,
) -> PersonRecord:
    """Somebody of whom nothing further is known."""
    return {
        "first_name": first_name,
        "last_name": last_name,
        "former_names": list(former_names),
        "birth_date": born.isoformat(),
        "customer_number": customer_number,
        "applicant": applicant,
        "responsible": {},
        "member_from": None,
        "member_to": None,
        "died": None,
        "representatives": [],
    }


def case_file_record(
    aktenzeichen: str, site: str, address: tuple[str, str, str], people: Sequence[PersonRecord]
) -> CaseFileRecord:
    """An ordinary file that nobody answers for yet; ``address`` is street, postcode, city."""
    street, postcode, city = address
    return {
        "aktenzeichen": aktenzeichen,
        "site": site,
        "street": street,
        "postcode": postcode,
        "city": city,
        "responsible": {},
        "protected": False,
        "protected_reason": None,
        "excluded_logins": [],
        "former_numbers": [],
        "closed": None,
        "people": list(people),
    }


def applicant(case: CaseFileRecord) -> PersonRecord:
    """The one who applies for all."""
    return next(person for person in case["people"] if person["applicant"])
