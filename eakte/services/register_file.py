"""The register file (``eakte register import``): its shape, and everything that can be wrong in it.

The format is fixed in ``docs/register.md``.  Unknown keys are errors that name them; a list
given as ``null`` counts as left out.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from eakte.domain.rights import CLEARING, Role
from eakte.errors import RegisterError

Text = Annotated[str, Field(min_length=1, max_length=200)]
Id = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.@-]+$")]


_ISO_DAY = "erwartet wird ein Datum wie 2026-01-31"


def _iso_day(value: Any) -> Any:  # noqa: ANN401  whatever JSON holds
    """Dates are ISO days; numbers and instants are not."""
    if value is None or (isinstance(value, str) and len(value) == len("2026-01-31")):
        return value
    raise ValueError(_ISO_DAY)


Day = Annotated[date, BeforeValidator(_iso_day)]
OptionalDay = Annotated[date | None, BeforeValidator(_iso_day)]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


class SiteEntry(_Entry):
    """A Sozialzentrum."""

    id: Id
    name: Text
    postcodes: tuple[Annotated[str, Field(max_length=10)], ...] | None = None


class TeamEntry(_Entry):
    """A team; ``site`` null: central."""

    id: Id
    site: Id | None
    function: Id
    name: Text


class SurnameRangeEntry(_Entry):
    """``S``–``Sz`` covers Schmidt."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    function: Id
    from_name: Text = Field(alias="from")
    to_name: Text = Field(alias="to")


class CaseworkerEntry(_Entry):
    """Anyone with a login."""

    login: Id
    name: Text
    roles: tuple[Role, ...]
    teams: tuple[Id, ...]
    deputies: tuple[Id, ...] | None = None
    surname_ranges: tuple[SurnameRangeEntry, ...] | None = None


class AbsenceEntry(_Entry):
    """Away, both days inclusive; ``to`` null: until further notice."""

    login: Id
    from_day: Day = Field(alias="from")
    to_day: OptionalDay = Field(default=None, alias="to")


class RepresentativeEntry(_Entry):
    """Guardian, lawyer, ..."""

    kind: Text
    name: Text
    street: str | None = Field(default=None, max_length=200)
    postcode: str | None = Field(default=None, max_length=10)
    city: str | None = Field(default=None, max_length=200)


class PersonEntry(_Entry):
    """A member of the benefit unit."""

    first_name: Text
    last_name: Text
    former_names: tuple[Text, ...] | None = None
    birth_date: OptionalDay = None
    customer_number: Annotated[str, Field(min_length=1, max_length=32)] | None = None
    applicant: bool | None = None
    responsible: dict[Id, Id] | None = None
    member_from: OptionalDay = None
    member_to: OptionalDay = None
    died: OptionalDay = None
    representatives: tuple[RepresentativeEntry, ...] | None = None


class CaseFileEntry(_Entry):
    """One benefit unit."""

    aktenzeichen: Annotated[str, Field(min_length=1, max_length=64)]
    site: Id
    people: tuple[PersonEntry, ...]
    street: str | None = Field(default=None, max_length=200)
    postcode: str | None = Field(default=None, max_length=10)
    city: str | None = Field(default=None, max_length=200)
    responsible: dict[Id, Id] | None = None
    protected: bool | None = None
    protected_reason: Literal["beschaeftigte", "auskunftssperre", "gewaltschutz"] | None = None
    excluded_logins: tuple[Id, ...] | None = None
    former_numbers: tuple[Annotated[str, Field(min_length=1, max_length=64)], ...] | None = None
    closed: OptionalDay = None


class RegisterFile(_Entry):
    """The whole file; every list may be left out."""

    sites: tuple[SiteEntry, ...] = ()
    teams: tuple[TeamEntry, ...] = ()
    caseworkers: tuple[CaseworkerEntry, ...] = ()
    absences: tuple[AbsenceEntry, ...] = ()
    case_files: tuple[CaseFileEntry, ...] = ()


def read_register(path: Path) -> RegisterFile:
    """Read and check a register file; raises ``RegisterError`` naming the first thing wrong."""
    try:
        content = json.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError as error:
        raise RegisterError(
            f"Die Datei {path} gibt es nicht.", remedy="Den Pfad prüfen."
        ) from error
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise RegisterError(
            f"{path} ist kein lesbares JSON: {error}.", remedy="Die genannte Stelle berichtigen."
        ) from error
    return parse_register(content)


def parse_register(content: Any) -> RegisterFile:  # noqa: ANN401  whatever JSON holds
    """The same for JSON that was read already."""
    try:
        register = RegisterFile.model_validate(content)
    except ValidationError as error:
        raise RegisterError(_sentence(error), remedy=_REMEDY) from error
    for problem in _contradictions(register):
        raise RegisterError(problem, remedy=_REMEDY)
    return register


_REMEDY = "Die Registerdatei berichtigen und noch einmal einlesen; nichts wurde geändert."


_EXPECTED = {
    "string_type": "erwartet wird Text in Anführungszeichen",
    "string_too_short": "er ist leer",
    "string_too_long": "er ist zu lang",
    "string_pattern_mismatch": "erlaubt sind Buchstaben ohne Umlaute, Ziffern und _ . @ -",
    "enum": f"erlaubt sind {', '.join(Role)}",
    "bool_type": "erwartet wird true oder false",
    "bool_parsing": "erwartet wird true oder false",
    "tuple_type": "erwartet wird eine Liste in eckigen Klammern",
    "dict_type": "erwartet wird ein Objekt in geschweiften Klammern",
    "model_type": "erwartet wird ein Objekt in geschweiften Klammern",
    "model_attributes_type": "erwartet wird ein Objekt in geschweiften Klammern",
    "literal_error": "erlaubt sind beschaeftigte, auskunftssperre und gewaltschutz",
}


def _sentence(error: ValidationError) -> str:
    first = error.errors()[0]
    kind = first["type"]
    place = ".".join(str(part) for part in first["loc"]) or "(oberste Ebene)"
    if kind == "extra_forbidden":
        return f"Den Schlüssel „{place}“ kennt das Register nicht."
    if kind == "missing":
        return f"Der Schlüssel „{place}“ fehlt."
    if kind.startswith("date"):
        return f"Der Wert von „{place}“ ist falsch: {_ISO_DAY}."
    own = str(first["ctx"]["error"]) if kind == "value_error" else ""
    return f"Der Wert von „{place}“ ist falsch: {own or _EXPECTED.get(kind, 'so nicht erlaubt')}."


def _twice(values: Iterable[object], what: str) -> Iterator[str]:
    for value, count in Counter(values).items():
        if count > 1:
            yield f"{what} „{value}“ steht {count}-mal im Register."


def _contradictions(register: RegisterFile) -> Iterator[str]:
    """What the file says twice or against itself; references are checked at import."""
    yield from _twice((site.id for site in register.sites), "Der Standort")
    yield from _twice((team.id for team in register.teams), "Das Team")
    yield from _twice((worker.login for worker in register.caseworkers), "Der Login")
    yield from _twice((cf.aktenzeichen for cf in register.case_files), "Das Aktenzeichen")
    yield from _twice(
        ((entry.login, entry.from_day.isoformat()) for entry in register.absences),
        "Die Abwesenheit",
    )
    names = {team.id for team in register.teams} | {w.login for w in register.caseworkers}
    if CLEARING in names:
        yield f"„{CLEARING}“ ist der Postkorb der Klärung und kann kein Login und kein Team sein."
    both = {team.id for team in register.teams} & {w.login for w in register.caseworkers}
    if both:
        yield f"„{min(both)}“ ist zugleich Team und Login; Postkörbe brauchen eindeutige Namen."
    for absence in register.absences:
        if absence.to_day is not None and absence.to_day < absence.from_day:
            yield f"Die Abwesenheit von „{absence.login}“ endet vor ihrem Beginn."
    for case_file in register.case_files:
        yield from _case_file_problems(case_file)


def _case_file_problems(case_file: CaseFileEntry) -> Iterator[str]:
    number = case_file.aktenzeichen
    applicants = sum(bool(person.applicant) for person in case_file.people)
    if applicants != 1:
        yield f"Die Akte {number} hat {applicants} antragstellende Personen statt genau einer."
    for person in case_file.people:
        if person.member_from and person.member_to and person.member_to < person.member_from:
            yield f"In der Akte {number} endet eine Mitgliedschaft vor ihrem Beginn."
    yield from _twice(
        (person.customer_number for person in case_file.people if person.customer_number),
        f"In der Akte {number} die Kundennummer",
    )
    yield from _twice(
        (
            (person.last_name, person.first_name, str(person.birth_date))
            for person in case_file.people
            if not person.customer_number
        ),
        f"In der Akte {number} die Person",
    )
