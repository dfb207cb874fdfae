"""What is asked and shown where a case file moves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from eakte.services.views import Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class MovePlan:
    """One file from ``effective`` on: ``to_site`` "": it stays; ``to_login`` "": nobody by name.

    ``keep`` are Vorgänge that ``keep_team`` goes on working on.
    """

    aktenzeichen: str
    effective: date
    to_site: str = ""
    function: str = ""
    to_login: str = ""
    keep: tuple[str, ...] = ()
    keep_team: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveView:
    """A move that waits for its day."""

    id: str
    version: int
    effective: date
    site: str
    function: str
    name: str
    kept: int
    made_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveForm:
    """What can be chosen for one file; ``vorgaenge`` only for those who may open them."""

    aktenzeichen: str
    site: str
    protected: bool
    sites: tuple[Choice, ...]
    functions: tuple[Choice, ...]
    teams: tuple[Choice, ...]
    vorgaenge: tuple[Choice, ...]
    planned: tuple[MoveView, ...]
