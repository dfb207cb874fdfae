"""Case files and people as the register gives them, before they become rows.

``given`` names the keys that stand in the register file: what was left out stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


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
