"""What goes into the routing rule, what comes out of it, and what it tried on its way.

The rule itself stands in ``eakte/services/routing.py``; words for people are made from the codes
of the trace in ``eakte/services/explaining.py``.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from eakte.domain.rights import CLEARING


class TeamOf(Protocol):
    """A team, as a row or as a value."""

    @property
    def id(self) -> str: ...  # noqa: D102  the team's id


class RangeOf(Protocol):
    """Somebody's surname range, as a row or as a value."""

    @property
    def login(self) -> str: ...  # noqa: D102  whose it is
    @property
    def from_name(self) -> str: ...  # noqa: D102  as it is written
    @property
    def to_name(self) -> str: ...  # noqa: D102  as it is written


class Staff(Protocol):
    """What the rule asks about the authority: the database, or a picture of it in memory."""

    def teams_of(self, login: str) -> Sequence[TeamOf]:
        """The caseworker's teams, the first one first."""
        ...

    def teams_for(self, function: str, site: str | None) -> Sequence[TeamOf]:
        """Teams of the function at the site (None: central ones), in the register's order."""
        ...

    def ranges_in(self, team_id: str, function: str) -> Sequence[RangeOf]:
        """Surname ranges of the team's members, in the register's order."""
        ...

    def is_away(self, login: str, day: date) -> bool:
        """Whether ``login`` is absent on ``day``."""
        ...

    def deputies_of(self, login: str) -> Sequence[str]:
        """The deputies in the listed order."""
        ...

    def knows_team(self, team_id: str) -> bool:
        """Whether a team of that id exists."""
        ...

    def knows_login(self, login: str) -> bool:
        """Whether a caseworker of that login exists."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """A postbox (login, team id or ``clearing``) and why it is this one.

    ``rule`` is the number in the routing rule (``1`` responsible ... ``5`` clearing, ``schutz``);
    ``deputy_for`` the absent login in whose place it is delivered.
    """

    postbox: str
    rule: str
    login: str | None = None
    team: str | None = None
    deputy_for: str | None = None
    chosen_by_team: str | None = None


CLEARING_DESK = Receiver(postbox=CLEARING, rule="5")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What the rule needs to know of a case file; a probe may make one up.

    ``surname`` is the applicant's; ``responsible`` logins by (person or None, function).
    """

    site: str
    surname: str
    person_id: str | None = None
    protected: bool = False
    responsible: dict[tuple[str | None, str], str] = field(default_factory=dict)
    excluded: frozenset[str] = frozenset()


class Why(enum.StrEnum):
    """What one step of the rule found; those that take the document come first."""

    NAMED = "named"
    COVERED = "covered"
    TEAM = "team"
    DESK = "desk"
    PROTECTED_POSTBOX = "protected_postbox"
    DEPUTY = "deputy"
    TEAM_INSTEAD = "team_instead"

    NOBODY_NAMED = "nobody_named"
    OUT_OF_THE_QUESTION = "out_of_the_question"
    NO_TEAM = "no_team"
    NO_RANGE = "no_range"
    NOT_COVERED = "not_covered"
    ONLY_NAMED = "only_named"
    AWAY = "away"
    DEPUTY_AWAY = "deputy_away"
    DEPUTY_NOT_NAMED = "deputy_not_named"
    NOBODY_STANDS_IN = "nobody_stands_in"
    INSTEAD_LEISTUNG = "instead_leistung"
    NEVER_LEISTUNG = "never_leistung"

    @property
    def matches(self) -> bool:
        """Whether the document found a place by this."""
        return self in _MATCHES


_MATCHES = frozenset(
    {Why.NAMED, Why.COVERED, Why.TEAM, Why.DESK, Why.PROTECTED_POSTBOX, Why.DEPUTY}
    | {Why.TEAM_INSTEAD}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One thing that the rule looked at, in the order in which it looked.

    ``rule`` is the number of ``docs/routing.md`` (``1`` ... ``5``, ``4.1`` ..., ``schutz``);
    ``person`` whether it was about the person rather than the file; ``site`` None where it was
    about central teams; ``range`` as it is written (``L–Zz``); ``count`` how many ranges did not
    cover.  Nobody who may never see the file is named: ``login`` is None for them.
    """

    rule: str
    why: Why
    function: str
    login: str | None = None
    team: str | None = None
    site: str | None = None
    person: bool = False
    range: str = ""
    count: int = 0
