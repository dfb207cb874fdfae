"""What the register gives, before it becomes rows: the authority, case files, people.

``given`` names the keys that stand in the register file: what was left out stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFacts:
    """A site; ``postcodes`` None: left out."""

    id: str
    name: str
    postcodes: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamFacts:
    """A team; without a site it is central."""

    id: str
    site: str | None
    function: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeFacts:
    """Surnames from one to another, both included, in a function."""

    function: str
    from_name: str
    to_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseworkerFacts:
    """Anyone with a login; ``deputies`` and ``ranges`` None: left out."""

    login: str
    name: str
    roles: tuple[str, ...]
    teams: tuple[str, ...]
    deputies: tuple[str, ...] | None = None
    ranges: tuple[RangeFacts, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceFacts:
    """Away, both days inclusive; ``ends`` None: until further notice."""

    login: str
    starts: date
    ends: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationGiven:
    """The authority, or the part of it that the register lists, in the order of the register."""

    sites: tuple[SiteFacts, ...] = ()
    teams: tuple[TeamFacts, ...] = ()
    caseworkers: tuple[CaseworkerFacts, ...] = ()
    absences: tuple[AbsenceFacts, ...] = ()


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
    """A member of a case file; lists and maps are None where they were left out."""

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
    given: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFileGiven:
    """A case file with all its people; lists and maps are None where they were left out."""

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
