"""Who reads.  A :class:`Reader` goes into every repository method; there is no query without one.

Rights are expressed once as facts about the reader (here) and applied twice: as an SQL predicate
and as index terms (``eakte/repositories/rights.py``).
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

CLEARING = "clearing"
"""The id of the clearing desk's postbox."""


class Role(enum.StrEnum):
    """The shipped roles; what each may do stands in ``config/rechte.toml``."""

    SCAN = "scan"
    CASEWORKER = "caseworker"
    TEAM_LEAD = "team_lead"
    LEGAL = "legal"
    ADMINISTRATOR = "administrator"
    COUNTER = "counter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standpoint:
    """What one person sees by office: the reader, or somebody the reader stands in for today.

    ``scopes`` are pairs of site and function (site None: every site) whose SubFiles are open;
    ``teams`` the team postboxes; ``colleagues`` the members of a team lead's teams, whose
    responsibilities and postboxes count as well; ``open_subfiles`` the closed SubFiles that the
    settings open to this person.
    """

    login: str
    scopes: frozenset[tuple[str | None, str]] = frozenset()
    teams: frozenset[str] = frozenset()
    colleagues: frozenset[str] = frozenset()
    all_files: bool = False
    clearing: bool = False
    open_subfiles: frozenset[str] = frozenset()

    @property
    def logins(self) -> frozenset[str]:
        """Whose responsibilities and postboxes count from here."""
        return self.colleagues | {self.login}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A person (or a step of the system) that asks for something.

    ``standpoints`` holds the own one first, then those of the absent people stood in for.
    ``emergency_files`` are case files opened by Notzugriff that are still open today.
    ``closed_subfiles`` are the kinds of SubFile that no scope opens (medizin, hinweise, handakte).
    ``settings``: may change users, rules and settings; ``trials``: may see what a trial of rules
    would change; ``counter``: may look up where a letter is, for somebody on the telephone or at
    the counter; ``breaches``: may see the reports of misfiled documents. All come from the own
    roles alone: deputies get none.
    ``away``: entered as absent today, though signed in; the frame of every screen says so.
    """

    login: str
    name: str = ""
    roles: frozenset[str] = frozenset()
    standpoints: tuple[Standpoint, ...] = ()
    standing_in_for: tuple[tuple[str, str], ...] = ()
    emergency_files: frozenset[str] = frozenset()
    closed_subfiles: frozenset[str] = frozenset()
    settings: bool = False
    trials: bool = False
    counter: bool = False
    breaches: bool = False
    away: bool = False
    is_system: bool = field(default=False)

    @property
    def keeps_settings(self) -> bool:
        """Whether the reader changes settings and rules, and puts rules into force."""
        return self.is_system or self.settings

    @property
    def may_see_trials(self) -> bool:
        """Whether the reader sees rules, and what a trial of them would change."""
        return self.keeps_settings or self.trials

    def has_role(self, *roles: str) -> bool:
        """Whether the reader holds one of ``roles``; the system holds all."""
        return self.is_system or not self.roles.isdisjoint(roles)

    @property
    def at_clearing_desk(self) -> bool:
        """Whether the clearing desk is open to the reader."""
        return self.is_system or any(point.clearing for point in self.standpoints)


def system_reader(name: str) -> Reader:
    """The explicit reader of a step or a command; ``name`` stands in the audit log."""
    return Reader(login=f"system:{name}", name=name, is_system=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class RolePolicy:
    """What a role opens.

    ``team_scopes``: the SubFiles of the teams' functions at the teams' sites; ``team_members``:
    what the members of the teams are responsible for, protected files included; ``all_files``:
    every unprotected file; ``clearing``: the clearing desk and what is not yet delivered;
    ``closed_subfiles``: closed SubFiles open to the role; ``settings``: users, rules, settings;
    ``trials``: rules and their trials to look at, with the documents that are open anyway;
    ``counter``: the look-up for telephone and counter, and receipts; ``breaches``: the reports of
    misfiled documents.
    """

    title: str
    team_scopes: bool = False
    team_members: bool = False
    all_files: bool = False
    clearing: bool = False
    settings: bool = False
    trials: bool = False
    counter: bool = False
    breaches: bool = False
    closed_subfiles: frozenset[str] = frozenset()

    @property
    def opens_contents(self) -> bool:
        """Whether anything of a client's file can be read by it."""
        return self.team_scopes or self.team_members or self.all_files or self.clearing


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessPolicy:
    """``config/rechte.toml`` as a value.

    ``closed_subfiles`` open only to the roles, logins and teams named for them; a login or team
    opens a closed SubFile by standing in ``named_logins`` / ``named_teams`` under its kind.
    ``protected_postbox`` receives the post of a protected file that nobody named may take.
    """

    roles: dict[str, RolePolicy]
    closed_subfiles: frozenset[str]
    named_logins: dict[str, frozenset[str]] = field(default_factory=dict)
    named_teams: dict[str, frozenset[str]] = field(default_factory=dict)
    protected_postbox: str = CLEARING
