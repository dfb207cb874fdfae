"""What the joining of provisional files answers with: frozen values, ready for a presenter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from eakte.services.views import CaseFileRef, PersonView


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A file of the register with somebody of the same name; ``born``, ``address``: what else."""

    ref: CaseFileRef
    born: bool
    address: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSide:
    """One of the two files as it is compared."""

    ref: CaseFileRef
    people: tuple[PersonView, ...]
    street: str
    place: str
    site: str
    closed: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingFile:
    """A provisional file that waits, with what the register proposes, the surest first."""

    side: FileSide
    opened: date
    documents: int
    proposals: tuple[Proposal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A provisional file beside the real one.

    ``same`` says by id which person of the real file each person seems to be ("": none);
    ``agrees``: name and birth date, or name and address, and nothing contradicts. ``stand`` is
    what was compared, sent back with the decision.
    """

    waiting: WaitingFile
    real: FileSide | None
    same: Mapping[str, str]
    agrees: bool
    address: bool
    stand: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """What a joining did."""

    aktenzeichen: str
    documents: int
