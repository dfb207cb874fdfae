"""The register's facts as the identifiers and the routing rule see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class RepresentativeName:
    """Who acts for a person (guardian, lawyer): name and address are not the person's own."""

    name: str
    street: str = ""
    postcode: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A member of a benefit unit (Bedarfsgemeinschaft)."""

    id: str
    first_name: str
    last_name: str
    former_names: tuple[str, ...] = ()
    birth_date: date | None = None
    customer_number: str | None = None
    applicant: bool = False
    representatives: tuple[RepresentativeName, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFileFacts:
    """One case file with its people, enough to decide whether a letter belongs to it."""

    id: str
    aktenzeichen: str
    former_numbers: tuple[str, ...] = ()
    site: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""
    people: tuple[Person, ...] = ()
